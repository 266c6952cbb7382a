//! How arrays are printed: `np.set_printoptions`.

use crate::{
    context::Context,
    error::Error,
    format::Options,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    numbers::to_float,
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

fn get(context: &Context, _: Arguments) -> Result<Value, Error> {
    let Options { precision, threshold, edge_items, line_width, suppress } = context.options();
    let own = [
        ("edgeitems", Value::length(edge_items)),
        ("threshold", Value::length(threshold)),
        ("precision", Value::length(precision)),
        ("suppress", Value::Bool(suppress)),
        ("linewidth", Value::length(line_width)),
    ];
    let fixed = FIXED.iter().map(|(name, value)| (*name, Value::str(value)));
    Ok(Value::Dict(own.into_iter().chain(fixed).collect()))
}

/// What is not given, or is `None`, stays as it is.
fn set(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let mut options = context.options();
    let count = |name: &str, own: &mut usize| -> Result<(), Error> {
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
                return Err(Error::new(Kind::Value, message));
            }
            Some(threshold) => options.threshold = threshold as usize,
            None => {
                return Err(Error::new(Kind::Type, "threshold must be numeric"));
            }
        },
    }
    match arguments.get("suppress") {
        Value::None => {}
        value => options.suppress = value.truth()?,
    }
    for (name, followed) in FIXED {
        match arguments.get(name) {
            Value::None => {}
            Value::Str(value) if value.as_ref() == *followed => {}
            _ => return Err(Error::unsupported(format!("`{name}` of set_printoptions is"))),
        }
    }
    if !matches!(arguments.get("formatter"), Value::None) {
        return Err(Error::unsupported("`formatter` of set_printoptions is"));
    }
    context.set_options(options);
    Ok(Value::None)
}

fn whole(name: &str, value: &Value) -> Result<usize, Error> {
    if let Value::Float(_) | Value::Str(_) = value {
        return Err(Error::new(Kind::Type, format!("{name} must be an integer")));
    }
    let count = value.as_int()?;
    usize::try_from(count).map_err(|_| Error::new(Kind::Value, format!("{name} must be >= 0")))
}
