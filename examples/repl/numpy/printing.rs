//! How arrays are printed: `np.set_printoptions`.

use crate::{
    class::Class,
    dict::Dict,
    exception::{Exception, Kind},
    format::Options,
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    numbers::to_float,
    show::OPTIONS,
    value::Value,
};

/// NumPy's other options, and the values of them that are followed here.
const FIXED: &[(&str, &str)] =
    &[("nanstr", "nan"), ("infstr", "inf"), ("sign", "-"), ("floatmode", "maxprec")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function { name: "get_printoptions", parameters: &[], body: get },
    Function {
        name: "set_printoptions",
        parameters: &[
            Parameter::optional("precision"),
            Parameter::optional("threshold"),
            Parameter::optional("edgeitems"),
            Parameter::optional("linewidth"),
            Parameter::optional("suppress"),
            Parameter::optional("nanstr"),
            Parameter::optional("infstr"),
            Parameter::optional("formatter"),
            Parameter::optional("sign"),
            Parameter::optional("floatmode"),
        ],
        body: set,
    },
];

fn get(_: &mut Interpreter, _: Arguments) -> Result<Value, Exception> {
    let Options { precision, threshold, edge_items, line_width, suppress } = OPTIONS.get();
    let own = [
        ("edgeitems", Value::length(edge_items)),
        ("threshold", Value::length(threshold)),
        ("precision", Value::length(precision)),
        ("suppress", Value::Bool(suppress)),
        ("linewidth", Value::length(line_width)),
    ];
    let fixed = FIXED.iter().map(|(name, value)| (*name, Value::str(value)));
    let mut options = Dict::new();
    for (name, value) in own.into_iter().chain(fixed) {
        options.insert(Value::str(name), value)?;
    }
    Ok(Value::dict(options))
}

/// What is not given, or is `None`, stays as it is.
fn set(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let mut options = OPTIONS.get();
    let count = |name: &str, own: &mut usize| -> Result<(), Exception> {
        match arguments.get(name) {
            Value::None => {}
            value => *own = whole(name, value)?,
        }
        Ok(())
    };
    count("precision", &mut options.precision)?;
    count("edgeitems", &mut options.edge_items)?;
    count("linewidth", &mut options.line_width)?;
    match arguments.get("threshold") {
        Value::None => {}
        // `np.inf` shows all.
        value => match to_float(value)? {
            Some(threshold) if threshold.is_nan() => {
                let message =
                    "threshold must be non-NAN, try sys.maxsize for untruncated representation";
                return Err(Exception::new(Kind::Value, message));
            }
            Some(threshold) => options.threshold = threshold as usize,
            None => {
                return Err(Exception::new(Kind::Type, "threshold must be numeric"));
            }
        },
    }
    match arguments.get("suppress") {
        Value::None => {}
        value => options.suppress = interpreter.truth(value)?,
    }
    for (name, followed) in FIXED {
        match arguments.get(name) {
            Value::None => {}
            Value::Str(value) if value.as_ref() == *followed => {}
            _ => return Err(Exception::unsupported(format!("`{name}` of set_printoptions is"))),
        }
    }
    if !matches!(arguments.get("formatter"), Value::None) {
        return Err(Exception::unsupported("`formatter` of set_printoptions is"));
    }
    OPTIONS.set(options);
    Ok(Value::None)
}

fn whole(name: &str, value: &Value) -> Result<usize, Exception> {
    if let Class::Float | Class::Str = Class::of(value) {
        return Err(Exception::new(Kind::Type, format!("{name} must be an integer")));
    }
    let count = value.as_int()?;
    usize::try_from(count).map_err(|_| Exception::new(Kind::Value, format!("{name} must be >= 0")))
}
