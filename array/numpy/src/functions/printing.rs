//! How arrays are printed: `np.set_printoptions`.

use super::arguments::{array_of, int_or, text_or};
use crate::{
    context::Context,
    error::Error,
    format::{Options, array_repr, array_str, array_string},
    function::{Arguments, Function, Parameter},
    kind::Kind,
    numbers::to_float,
    show::corners,
    value::Value,
};

/// NumPy's other options, and the values of them that are followed here.
const FIXED: &[(&str, &str)] =
    &[("nanstr", "nan"), ("infstr", "inf"), ("sign", "-"), ("floatmode", "maxprec")];

const TEXT: &[Parameter] = &[
    Parameter::required("arr"),
    Parameter::optional("max_line_width"),
    Parameter::optional("precision"),
    Parameter::optional("suppress_small"),
];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "array2string",
        parameters: &[
            Parameter::required("a"),
            Parameter::optional("max_line_width"),
            Parameter::optional("precision"),
            Parameter::optional("suppress_small"),
            Parameter::defaulted("separator", "' '"),
            Parameter::defaulted("prefix", "''"),
            Parameter::keyword("threshold"),
            Parameter::keyword("edgeitems"),
        ],
        body: |context, arguments| {
            let array = array_of(context, arguments.get("a"))?;
            let separator = match text_or(&arguments, "separator", " ")?.as_str() {
                " " => " ",
                "," => ",",
                ", " => ", ",
                other => {
                    let message = format!("the separator '{other}' of array2string is");
                    return Err(Error::unsupported(message));
                }
            };
            let prefix = text_or(&arguments, "prefix", "")?.chars().count();
            let shown = corners(&array, own_options(context, &arguments)?)?;
            Ok(Value::str(&array_string(&shown, separator, prefix)))
        },
    },
    Function {
        name: "array_repr",
        parameters: TEXT,
        body: |context, arguments| {
            let array = array_of(context, arguments.get("arr"))?;
            Ok(Value::str(&array_repr(&corners(&array, own_options(context, &arguments)?)?)))
        },
    },
    Function {
        name: "array_str",
        parameters: &[
            Parameter::required("a"),
            Parameter::optional("max_line_width"),
            Parameter::optional("precision"),
            Parameter::optional("suppress_small"),
        ],
        body: |context, arguments| {
            let array = array_of(context, arguments.get("a"))?;
            Ok(Value::str(&array_str(&corners(&array, own_options(context, &arguments)?)?)))
        },
    },
    Function {
        name: "base_repr",
        parameters: &[
            Parameter::required("number"),
            Parameter::defaulted("base", "2"),
            Parameter::defaulted("padding", "0"),
        ],
        body: |_, arguments| {
            let number = arguments.get("number").as_int()?;
            let base = int_or(&arguments, "base", 2)?;
            if base > 36 {
                let message = "Bases greater than 36 not handled in base_repr.";
                return Err(Error::new(Kind::Value, message));
            }
            if base < 2 {
                let message = "Bases less than 2 not handled in base_repr.";
                return Err(Error::new(Kind::Value, message));
            }
            let mut rest = number.unsigned_abs();
            let mut digits = Vec::new();
            while rest > 0 {
                digits.extend(char::from_digit((rest % base as u64) as u32, base as u32));
                rest /= base as u64;
            }
            let padding = int_or(&arguments, "padding", 0)?.max(0) as usize;
            let zeros = if digits.is_empty() { padding.max(1) } else { padding };
            digits.extend(std::iter::repeat_n('0', zeros));
            if number < 0 {
                digits.push('-');
            }
            let text: String = digits.into_iter().rev().collect();
            Ok(Value::str(&text.to_uppercase()))
        },
    },
    Function {
        name: "binary_repr",
        parameters: &[Parameter::required("num"), Parameter::optional("width")],
        body: |_, arguments| {
            let number = arguments.get("num").as_int()?;
            let width = match arguments.get("width") {
                Value::None => None,
                width => Some(width.as_int()?.max(0) as usize),
            };
            let text = match (number, width) {
                (0.., _) => format!("{number:b}"),
                (_, None) => format!("-{:b}", number.unsigned_abs()),
                // Two's complement, of as many bits.
                (_, Some(width)) => {
                    let bits = format!("{number:b}");
                    let needed = 65 - (!number).leading_zeros() as usize;
                    bits[64 - width.max(needed).min(64)..].to_owned()
                }
            };
            let least = width.unwrap_or(0);
            if width.is_some_and(|width| width > 0 && text.len() > width) {
                let message =
                    format!("Insufficient bit width={least} provided for binwidth={}", text.len());
                return Err(Error::new(Kind::Value, message));
            }
            Ok(Value::str(&format!("{text:0>least$}")))
        },
    },
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

/// The options of the context, with what a call gives.
fn own_options(context: &Context, arguments: &Arguments) -> Result<Options, Error> {
    let mut options = context.options();
    for (name, own) in [
        ("max_line_width", &mut options.line_width),
        ("precision", &mut options.precision),
        ("threshold", &mut options.threshold),
        ("edgeitems", &mut options.edge_items),
    ] {
        match arguments.get(name) {
            Value::None => {}
            value => *own = whole(name, value)?,
        }
    }
    match arguments.get("suppress_small") {
        Value::None => {}
        value => options.suppress = value.truth()?,
    }
    Ok(options)
}

fn whole(name: &str, value: &Value) -> Result<usize, Error> {
    if let Value::Float(_) | Value::Str(_) = value {
        return Err(Error::new(Kind::Type, format!("{name} must be an integer")));
    }
    let count = value.as_int()?;
    usize::try_from(count).map_err(|_| Error::new(Kind::Value, format!("{name} must be >= 0")))
}
