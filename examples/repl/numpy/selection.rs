//! Choosing and ordering elements: `where`, `sort`, `take`.

use super::{
    arguments::{array_argument, axis_of},
    indexing::positions as positions_given,
};
use crate::{
    array::Array,
    exception::{Exception, Kind},
    function::{Arguments, Function, Parameter},
    interpreter::Interpreter,
    operators::as_number,
    scalar::{Elements, weak},
    value::Value,
};
use nums::{DType, Operand};

const SORT: &[Parameter] =
    &[Parameter::required("a"), Parameter::optional("axis"), Parameter::optional("kind")];
const TAKE: &[Parameter] =
    &[Parameter::required("a"), Parameter::required("indices"), Parameter::optional("axis")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "argsort",
        parameters: SORT,
        body: |interpreter, arguments| sorted(interpreter, &arguments, true),
    },
    Function {
        name: "flatnonzero",
        parameters: &[Parameter::required("a")],
        body: |interpreter, arguments| {
            let array = array_argument(interpreter, &arguments, "a")?.ravel();
            Ok(positions(interpreter, &array)?.remove(0))
        },
    },
    Function {
        name: "nonzero",
        parameters: &[Parameter::required("a")],
        body: |interpreter, arguments| {
            let array = array_argument(interpreter, &arguments, "a")?;
            Ok(Value::tuple(positions(interpreter, &array)?))
        },
    },
    Function {
        name: "searchsorted",
        parameters: &[
            Parameter::required("a"),
            Parameter::required("v"),
            Parameter::optional("side"),
        ],
        body: |interpreter, arguments| {
            let right =
                matches!(arguments.get("side"), Value::Str(side) if side.as_ref() == "right");
            let array = array_argument(interpreter, &arguments, "a")?;
            let values = array_argument(interpreter, &arguments, "v")?;
            let dtype = nums::result_type(array.dtype(), values.dtype());
            let (array, values) = (array.astype(dtype)?, values.astype(dtype)?);
            Ok(Value::computed(array.searchsorted(&values, right)?))
        },
    },
    Function {
        name: "sort",
        parameters: SORT,
        body: |interpreter, arguments| sorted(interpreter, &arguments, false),
    },
    Function { name: "take", parameters: TAKE, body: take },
    Function {
        name: "where",
        parameters: &[
            Parameter::positional("condition"),
            Parameter::optional_positional("x"),
            Parameter::optional_positional("y"),
        ],
        body: |interpreter, arguments| {
            let condition = array_argument(interpreter, &arguments, "condition")?;
            if arguments.given("x").is_none() && arguments.given("y").is_none() {
                return Ok(Value::tuple(positions(interpreter, &condition)?));
            }
            let condition = condition.astype(DType::Bool)?;
            let operand = |name: &str| -> Result<Operand, Exception> {
                let value = arguments.get(name);
                // Numbers of Python count as their kind only, those of NumPy as what they are.
                match (value, as_number(value)) {
                    (Value::Scalar(_), _) | (_, None) => {
                        Ok(Operand::Array(array_argument(interpreter, &arguments, name)?))
                    }
                    (_, Some(number)) => Ok(weak(number).into()),
                }
            };
            Ok(Value::computed(condition.where_(operand("x")?, operand("y")?)?))
        },
    },
];

pub(super) static METHODS: &[Function] = &[
    Function {
        name: "argsort",
        parameters: SORT,
        body: |interpreter, arguments| sorted(interpreter, &arguments, true),
    },
    Function {
        name: "nonzero",
        parameters: &[Parameter::positional("a")],
        body: |interpreter, arguments| {
            let array = array_argument(interpreter, &arguments, "a")?;
            Ok(Value::tuple(positions(interpreter, &array)?))
        },
    },
    Function {
        name: "sort",
        parameters: SORT,
        body: |interpreter, arguments| {
            let sorted = sorted(interpreter, &arguments, false)?;
            if let (Value::Array(array), Value::Array(sorted)) = (arguments.get("a"), sorted) {
                array.write(sorted.read()?)?;
            }
            Ok(Value::None)
        },
    },
    Function { name: "take", parameters: TAKE, body: take },
];

fn sorted(
    interpreter: &Interpreter,
    arguments: &Arguments,
    indices: bool,
) -> Result<Value, Exception> {
    let mut array = array_argument(interpreter, arguments, "a")?;
    let axis = match arguments.given("axis") {
        Some(Value::None) => {
            array = array.ravel();
            0
        }
        Some(axis) => axis.as_int()? as isize,
        None => -1,
    };
    let sorted = if indices { array.argsort(axis)? } else { array.sort(axis)? };
    Ok(Value::Array(Array::new(sorted)))
}

fn take(interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value, Exception> {
    let mut array = array_argument(interpreter, &arguments, "a")?;
    let axis = match arguments.get("axis") {
        Value::None => {
            array = array.ravel();
            0
        }
        axis => axis.as_int()? as isize,
    };
    let axis = axis_of(axis, array.ndim())?;
    let indices = arguments.get("indices");
    let indices = match indices {
        Value::Tuple(items) => Value::list(items.to_vec()),
        other => other.clone(),
    };
    let (positions, shape) = match positions_given(&indices)? {
        Some(given) => given,
        None => (vec![indices.as_int()? as isize], Vec::new()),
    };
    let taken = array.take(&positions, axis as isize)?;
    let mut lengths = taken.shape();
    lengths.splice(axis..=axis, shape);
    let lengths: Vec<isize> = lengths.into_iter().map(|len| len as isize).collect();
    Ok(Value::computed(taken.reshape(&lengths)?))
}

/// Where an array is not zero, an array of positions for each axis. Waits for it.
fn positions(interpreter: &Interpreter, array: &nums::DistArray) -> Result<Vec<Value>, Exception> {
    if array.ndim() == 0 {
        let message = "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead. If the context of this error is of the form `arr[nonzero(cond)]`, just use `arr[cond]`.";
        return Err(Exception::new(Kind::Value, message));
    }
    let elements = Elements::request(&array.astype(DType::Bool)?)?.wait()?;
    let mut found: Vec<Vec<i64>> = vec![Vec::new(); array.ndim()];
    for (index, held) in elements.indexed_iter() {
        if held.truth() {
            for (axis, positions) in found.iter_mut().enumerate() {
                positions.push(index[axis] as i64);
            }
        }
    }
    let arrays = found.into_iter().map(|positions| {
        let local = ndarray::Array1::from_vec(positions);
        Ok(Value::Array(Array::made(interpreter.session.from_ndarray(&local)?)))
    });
    arrays.collect()
}
