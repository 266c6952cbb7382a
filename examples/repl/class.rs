//! Classes: what `type(x)` gives and `isinstance` asks for.

use crate::{exception::Kind, iterate::Iter, value::Value};

/// A class, builtin or of NumPy. Scripts cannot define their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Object,
    NoneType,
    Ellipsis,
    Bool,
    Int,
    Float,
    Complex,
    Str,
    Tuple,
    List,
    Dict,
    Set,
    Range,
    Slice,
    Type,
    Module,
    Function,
    Builtin,
    /// `zip`, `enumerate`, `map`, `dict_items`, ...: the name of the kind of iterator or view.
    Iterator(&'static str),
    /// `zip`, `enumerate`, ... have names that can be called.
    Exception(Kind),
    /// A class of NumPy.
    Numpy(nums_numpy::Class),
}

impl Class {
    /// The class of a value.
    pub(crate) fn of(value: &Value) -> Class {
        match value {
            Value::None => Class::NoneType,
            Value::Ellipsis => Class::Ellipsis,
            Value::Bool(_) => Class::Bool,
            Value::Int(_) | Value::BigInt(_) => Class::Int,
            Value::Float(_) => Class::Float,
            Value::Complex(_) => Class::Complex,
            Value::Str(_) => Class::Str,
            Value::Tuple(_) => Class::Tuple,
            Value::List(_) => Class::List,
            Value::Dict(_) => Class::Dict,
            Value::Set(_) => Class::Set,
            Value::View(view) => Class::Iterator(view.name()),
            Value::Range(_) => Class::Range,
            Value::Slice(_) => Class::Slice,
            Value::Module(_) => Class::Module,
            Value::Class(_) => Class::Type,
            Value::Function(_) | Value::Method(..) => Class::Builtin,
            Value::Closure(_) => Class::Function,
            Value::Iterator(iter) => {
                Class::Iterator(iter.try_borrow().map_or("generator", |iter| Iter::name(&iter)))
            }
            Value::Exception(raised) => Class::Exception(raised.kind),
            numpy => {
                let class = numpy.to_numpy().ok().and_then(|value| value.class());
                class.map_or(Class::Object, Class::from)
            }
        }
    }

    /// The name with its module, as messages and `repr` write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Class::Object => "object",
            Class::NoneType => "NoneType",
            Class::Ellipsis => "ellipsis",
            Class::Bool => "bool",
            Class::Int => "int",
            Class::Float => "float",
            Class::Complex => "complex",
            Class::Str => "str",
            Class::Tuple => "tuple",
            Class::List => "list",
            Class::Dict => "dict",
            Class::Set => "set",
            Class::Range => "range",
            Class::Slice => "slice",
            Class::Type => "type",
            Class::Module => "module",
            Class::Function => "function",
            Class::Builtin => "builtin_function_or_method",
            Class::Iterator(name) => name,
            Class::Exception(kind) => kind.name(),
            Class::Numpy(class) => class.name(),
        }
    }

    /// The name without its module: `__name__`.
    pub(crate) fn short_name(self) -> &'static str {
        let name = self.name();
        name.rsplit_once('.').map_or(name, |(_, last)| last)
    }

    /// The classes directly above, but for `object`, which is above all.
    fn bases(self) -> Vec<Class> {
        match self {
            Class::Bool => vec![Class::Int],
            Class::Exception(kind) => kind.bases().iter().copied().map(Class::Exception).collect(),
            Class::Numpy(class) => class.bases().iter().copied().map(Class::from).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether this class is `other` or below it.
    pub(crate) fn is_below(self, other: Class) -> bool {
        self == other
            || other == Class::Object
            || self.bases().iter().any(|base| base.is_below(other))
    }
}

impl From<nums_numpy::Class> for Class {
    fn from(class: nums_numpy::Class) -> Class {
        match class {
            nums_numpy::Class::Bool => Class::Bool,
            nums_numpy::Class::Int => Class::Int,
            nums_numpy::Class::Float => Class::Float,
            nums_numpy::Class::Complex => Class::Complex,
            other => Class::Numpy(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Class;
    use crate::exception::Kind;
    use nums::DType;
    use nums_numpy::Class as Numpy;

    #[test]
    fn classes_are_below_those_that_python_says() {
        for (class, above, is_below) in [
            (Class::Bool, Class::Int, true),
            (Class::Int, Class::Bool, false),
            (Class::Numpy(Numpy::Scalar(DType::Float64)), Class::Float, true),
            (Class::Numpy(Numpy::Scalar(DType::Float32)), Class::Float, false),
            (Class::Numpy(Numpy::Scalar(DType::Int64)), Class::Numpy(Numpy::Integer), true),
            (Class::Numpy(Numpy::Scalar(DType::Int64)), Class::Int, false),
            (Class::Exception(Kind::Axis), Class::Exception(Kind::Value), true),
            (Class::Exception(Kind::Axis), Class::Exception(Kind::Index), true),
            (Class::Exception(Kind::Key), Class::Exception(Kind::Lookup), true),
            (Class::Exception(Kind::KeyboardInterrupt), Class::Exception(Kind::Exception), false),
        ] {
            assert_eq!(class.is_below(above), is_below, "{} {}", class.name(), above.name());
        }
    }
}
