//! `owner.name`.

use crate::{
    class::Class,
    containers,
    exception::{Exception, Kind, nearest},
    function::Function,
    library::Table,
    numpy, random, strings, substitutes,
    value::Value,
};

/// The value of an attribute.
pub(crate) fn attribute(owner: &Value, name: &str) -> Result<Value, Exception> {
    let found = match owner {
        Value::Module(module) => match (module.member)(name) {
            Some(member) => return Ok(member),
            None => {
                if let Some(missing) = substitutes::missing(module.name, name) {
                    return Err(missing);
                }
                let message = format!("module '{}' has no attribute '{name}'", module.name);
                let hint = nearest(name, (module.names)().into_iter());
                return Err(Exception::new(Kind::Attribute, message).hint(hint));
            }
        },
        Value::Array(_) | Value::Scalar(_) => numpy::array_attribute(owner, name)?,
        Value::DType(dtype) => match name {
            "name" => Some(Value::str(dtype.name())),
            "itemsize" => Some(Value::Int(dtype.item_bytes() as i64)),
            "kind" => Some(Value::str(numpy::dtype_kind(*dtype))),
            "type" => Some(Value::Class(Class::Scalar(*dtype))),
            _ => None,
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
        Value::Estimator(estimator) => estimator.attribute(name)?,
        Value::Table(table) => table.attribute(name),
        Value::Function(function) if name == "__name__" => Some(Value::str(function.name)),
        Value::Range(range) => match name {
            "start" => Some(Value::Int(range.start)),
            "stop" => Some(Value::Int(range.stop)),
            "step" => Some(Value::Int(range.step)),
            _ => None,
        },
        _ => None,
    };
    if let Some(value) = found {
        return Ok(value);
    }
    let methods = methods(owner);
    if let Some(method) = methods.iter().find(|method| method.name == name) {
        return Ok(Value::Method(owner.clone().into(), method));
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

pub(crate) fn methods(owner: &Value) -> Vec<&'static Function> {
    if let Value::Estimator(estimator) = owner {
        return estimator.methods();
    }
    let tables: Vec<&'static [Function]> = match owner {
        Value::Str(_) => vec![strings::METHODS],
        Value::List(_) => vec![containers::LIST],
        Value::Tuple(_) => vec![containers::TUPLE],
        Value::Dict(_) => vec![containers::DICT],
        Value::Set(_) => vec![containers::SET],
        Value::Array(_) | Value::Scalar(_) => numpy::method_tables(),
        Value::Random(generator) => vec![generator.methods()],
        _ => Vec::new(),
    };
    tables.into_iter().flatten().collect()
}

/// The names that the values of a class have; those of a class that needs no `help` of its own are not listed.
pub(crate) fn names_in(class: Class) -> Vec<&'static str> {
    let (own, tables): (&[&str], Vec<&'static [Function]>) = match class {
        Class::Array | Class::Scalar(_) => (numpy::ATTRIBUTES, numpy::method_tables()),
        Class::Generator => (&[], vec![random::METHODS]),
        _ => (&[], Vec::new()),
    };
    own.iter().copied().chain(tables.into_iter().flatten().map(|method| method.name)).collect()
}

/// The names that a value's attributes have, for completion and suggestions.
pub(crate) fn names(owner: &Value) -> Vec<&'static str> {
    let own: &[&str] = match owner {
        Value::Module(module) => return (module.names)(),
        Value::Array(_) | Value::Scalar(_) => numpy::ATTRIBUTES,
        Value::DType(_) => &["name", "itemsize", "kind", "type"],
        Value::Exception(_) => &["args"],
        Value::Range(_) => &["start", "stop", "step"],
        Value::Estimator(estimator) => estimator.attributes(),
        Value::Table(_) => Table::ATTRIBUTES,
        _ => &[],
    };
    own.iter().copied().chain(methods(owner).into_iter().map(|method| method.name)).collect()
}
