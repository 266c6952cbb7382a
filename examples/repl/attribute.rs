//! `owner.name`.

use crate::{
    class::Class,
    containers,
    exception::{Exception, Kind, nearest},
    function::{Callable, Function, Parameter},
    strings,
    value::Value,
};

/// The value of an attribute.
pub(crate) fn attribute(owner: &Value, name: &str) -> Result<Value, Exception> {
    let found = match owner {
        Value::Module(module) => match module.member(name) {
            Some(member) => return Ok(member),
            None => {
                if let Some(missing) = nums_numpy::missing(module.name(), name) {
                    return Err(missing.into());
                }
                let message = format!("module '{}' has no attribute '{name}'", module.name());
                let hint = nearest(name, module.names().into_iter());
                return Err(Exception::new(Kind::Attribute, message).hint(hint));
            }
        },
        Value::Exception(raised) => match name {
            "args" => Some(Value::tuple(raised.args.clone())),
            _ => None,
        },
        Value::Class(class) => match name {
            "__name__" => Some(Value::str(class.short_name())),
            _ => None,
        },
        Value::Closure(closure) => match name {
            "__name__" => Some(Value::str(&closure.name)),
            "__doc__" => Some(closure.documentation.as_deref().map_or(Value::None, Value::str)),
            _ => None,
        },
        Value::Function(function) if name == "__name__" => Some(Value::str(function.name())),
        Value::Range(range) => match name {
            "start" => Some(Value::Int(range.start)),
            "stop" => Some(Value::Int(range.stop)),
            "step" => Some(Value::Int(range.step)),
            _ => None,
        },
        Value::Complex(value) => match name {
            "real" => Some(Value::Float(value.re)),
            "imag" => Some(Value::Float(value.im)),
            _ => None,
        },
        other if of_numpy(other) => {
            nums_numpy::attribute(&other.to_numpy()?, name)?.map(Value::from)
        }
        _ => None,
    };
    if let Some(value) = found {
        return Ok(value);
    }
    let methods = methods(owner);
    if let Some(method) = methods.iter().find(|method| method.name() == name) {
        return Ok(Value::Method(owner.clone().into(), *method));
    }
    if name == "__class__" {
        return Ok(Value::Class(Class::of(owner)));
    }
    let message = match owner {
        Value::Class(class) => format!("type object '{}' has no attribute '{name}'", class.name()),
        other => format!("'{}' object has no attribute '{name}'", other.type_name()),
    };
    let known = names(owner);
    Err(Exception::new(Kind::Attribute, message).hint(nearest(name, known.into_iter())))
}

/// The methods of complex numbers.
static COMPLEX: &[Function] = &[Function {
    name: "conjugate",
    parameters: &[Parameter::positional("self")],
    body: |_, arguments| match arguments.get("self") {
        Value::Complex(value) => Ok(Value::Complex(value.conj())),
        other => Ok(other.clone()),
    },
}];

/// Whether it is NumPy that knows what a value has.
fn of_numpy(value: &Value) -> bool {
    matches!(
        value,
        Value::Array(_)
            | Value::Scalar(_)
            | Value::DType(_)
            | Value::Random(_)
            | Value::Estimator(_)
            | Value::Table(_)
            | Value::Record(_)
    )
}

pub(crate) fn methods(owner: &Value) -> Vec<Callable> {
    let table: &'static [Function] = match owner {
        Value::Str(_) => strings::METHODS,
        Value::Complex(_) => COMPLEX,
        Value::List(_) => containers::LIST,
        Value::Tuple(_) => containers::TUPLE,
        Value::Dict(_) => containers::DICT,
        Value::Set(_) => containers::SET,
        other => {
            let owner = other.to_numpy().ok().filter(|_| of_numpy(other));
            let methods = owner.iter().flat_map(nums_numpy::methods);
            return methods.map(Callable::Numpy).collect();
        }
    };
    table.iter().map(Callable::Python).collect()
}

/// The names that a value's attributes have, for completion and suggestions.
pub(crate) fn names(owner: &Value) -> Vec<&'static str> {
    let own: &[&str] = match owner {
        Value::Module(module) => return module.names(),
        Value::Exception(_) => &["args"],
        Value::Complex(_) => &["real", "imag"],
        Value::Range(_) => &["start", "stop", "step"],
        other if of_numpy(other) => match other.to_numpy() {
            Ok(owner) => nums_numpy::attribute_names(&owner),
            Err(_) => &[],
        },
        _ => &[],
    };
    own.iter().copied().chain(methods(owner).into_iter().map(Callable::name)).collect()
}
