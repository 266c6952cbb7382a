//! Operators on arrays: they build expressions, and nothing runs.

use super::{
    Binary, Comparison, listed,
    scalar::{self, as_number},
};
use crate::{
    array::Array,
    context::Context,
    element::{element, whole_float},
    error::Error,
    kind::Kind,
    number::Number,
    scalar::{Scalar, constant, weak},
    value::Value,
    wording::{core_mismatch, shape_text},
};
use num_bigint::BigInt;
use nums::{DType, DistArray, Operand, ShapeError};

/// A function of an array and what stands beside it.
type Function = fn(&DistArray, Operand) -> Result<DistArray, nums::Error>;

/// Arithmetic with an array or a scalar of NumPy on at least one side; nothing when the other is no
/// number.
pub(super) fn arithmetic(
    context: &Context,
    operation: Binary,
    left: &Value,
    right: &Value,
) -> Result<Option<Value>, Error> {
    if operation == Binary::MatMul {
        let (left, right) = (operand(context, left)?, operand(context, right)?);
        return match (left, right) {
            (Some(left), Some(right)) => Ok(Some(context.computed(matmul(&left, &right)?))),
            _ => Ok(None),
        };
    }
    if let Some(value) = scalar::arithmetic(operation, left, right)? {
        return Ok(Some(value));
    }
    if let (Binary::Pow, Value::Array(array), Value::Int(2)) = (operation, left, right) {
        // NumPy squares, which gives int8 for truth values.
        return Ok(Some(context.computed(array.read()?.square())));
    }
    if let (Binary::Pow, Value::Array(array), Value::Float(0.5)) = (operation, left, right)
        && array.dtype().is_complex()
    {
        // The operator takes the root, and the function `power` goes by a logarithm.
        return Ok(Some(context.computed(array.read()?.sqrt())));
    }
    let function: Function = match operation {
        Binary::Add => DistArray::try_add,
        Binary::Sub => DistArray::try_sub,
        Binary::Mul => DistArray::try_mul,
        Binary::Div => DistArray::try_div,
        Binary::FloorDiv => DistArray::try_floor_divide,
        Binary::Mod => DistArray::try_rem,
        Binary::Pow => DistArray::try_power,
        Binary::And => DistArray::try_bitand,
        Binary::Or => DistArray::try_bitor,
        Binary::Xor => DistArray::try_bitxor,
        Binary::LeftShift => DistArray::try_shl,
        Binary::RightShift | Binary::MatMul => DistArray::try_shr,
    };
    elementwise(context, left, right, function)
}

/// A function of two values element by element; nothing when one is no number and no array.
pub(crate) fn elementwise(
    context: &Context,
    left: &Value,
    right: &Value,
    function: Function,
) -> Result<Option<Value>, Error> {
    // A scalar at hand is an array where nothing else is.
    let scalar = |value: &Value| match value {
        Value::Scalar(scalar) => scalar.as_array(context).map(Some),
        _ => Ok(None),
    };
    let both = match (as_array(left)?, as_array(right)?) {
        (None, None) => match scalar(left)? {
            Some(left) => (Some(left), None),
            None => (None, scalar(right)?),
        },
        both => both,
    };
    let (left, right) = match both {
        (Some(left), Some(right)) => (left, Operand::Array(right)),
        (Some(left), None) => match beside(context, &left, right, function)? {
            Some(Beside::Weak(number)) => (left, weak(number).into()),
            Some(Beside::Strong(right)) => (left, Operand::Array(right)),
            None => return Ok(None),
        },
        // A number on the left is made an array of the type that it counts as there.
        (None, Some(right)) => match beside(context, &right, left, function)? {
            Some(Beside::Weak(number)) => (constant(context, number)?, Operand::Array(right)),
            Some(Beside::Strong(left)) => (left, Operand::Array(right)),
            None => return Ok(None),
        },
        (None, None) => match (operand(context, left)?, operand(context, right)?) {
            (Some(left), Some(right)) => (left, Operand::Array(right)),
            _ => return Ok(None),
        },
    };
    Ok(Some(context.computed(function(&left, right)?)))
}

/// An array, or a scalar that is still to come, as an array; nothing for anything else.
fn as_array(value: &Value) -> Result<Option<DistArray>, Error> {
    match value {
        Value::Array(array) => array.read().map(Some),
        Value::Scalar(scalar) => Ok(scalar.in_the_cluster().cloned()),
        _ => Ok(None),
    }
}

/// What stands beside an array.
enum Beside {
    /// A number of Python, as an element of the type that it counts as there.
    Weak(Number),
    /// A scalar of NumPy, whose own type counts.
    Strong(DistArray),
}

/// A number beside an array: one of Python counts as its kind only, one of NumPy as what it is; nothing for anything
/// else.
///
/// # Errors
/// When a whole number of Python does not fit the type in which the function computes. Comparisons have an answer all
/// the same.
fn beside(
    context: &Context,
    array: &DistArray,
    value: &Value,
    function: Function,
) -> Result<Option<Beside>, Error> {
    let number = as_number(value);
    if let (Value::Scalar(_), Some(number)) = (value, number) {
        return Ok(Some(Beside::Strong(constant(context, number)?)));
    }
    let kind = match (value, number) {
        (Value::BigInt(_), _) => DType::Int64,
        (_, Some(number)) => number.dtype(),
        (_, None) => return Ok(None),
    };
    let dtype = scalar::with_weak(array.dtype(), kind);
    let misfit = match element(value, dtype) {
        Ok(number) => return Ok(number.map(Beside::Weak)),
        Err(misfit) => misfit,
    };
    let is_bool = array.dtype() == DType::Bool;
    let is_whole = is_bool || array.dtype().is_integer();
    let Some(whole) = value.as_big_int().filter(|_| is_whole) else {
        return Err(misfit);
    };
    match function(array, Operand::Scalar(nums::Scalar::Int(1)))?.dtype() {
        DType::Bool if !is_bool => Ok(Some(Beside::Weak(beyond(&whole)))),
        DType::Float32 => {
            let number = Number::float(whole_float(&whole)?, DType::Float32);
            Ok(Some(Beside::Strong(constant(context, number)?)))
        }
        DType::Float64 => Ok(Some(Beside::Weak(Number::float64(whole_float(&whole)?)))),
        _ => Err(misfit),
    }
}

/// What compares with every element of an integer type as a whole number beyond it does.
fn beyond(whole: &BigInt) -> Number {
    match i64::try_from(whole) {
        Ok(long) => Number::Int(long.into(), DType::Int64),
        Err(_) if num_traits::Signed::is_negative(whole) => Number::float64(f64::NEG_INFINITY),
        Err(_) => Number::float64(f64::INFINITY),
    }
}

/// What `array op= right` is to write.
///
/// # Errors
/// [`Kind::Type`] for what is no number, and what NumPy raises of shapes and types.
pub fn in_place(operator: Binary, array: &Array, right: &Value) -> Result<Value, Error> {
    let context = array.context();
    if operator == Binary::MatMul
        && let Some(other) = operand(context, &listed(context, right)?)?
        && (array.ndim() == 0 || other.ndim() < 2)
    {
        let message = "inplace matrix multiplication requires the first operand to have at least \
                       one and the second at least two dimensions.";
        return Err(Error::new(Kind::Value, message));
    }
    let own = Value::Array(array.clone());
    let result = super::binary(context, operator, &own, right);
    result.map_err(|error| with_output(error, array.shape()))?.ok_or_else(|| {
        let message = format!(
            "unsupported operand type(s) for {}: '{}' and '{}'",
            operator.assigning(),
            own.type_name(),
            right.type_name()
        );
        Error::new(Kind::Type, message)
    })
}

/// Writes the result of `array op right` for `array op= right`: every name and view of the cell sees it.
///
/// # Errors
/// [`Kind::UfuncOutput`] for a result of a kind that the array does not hold, [`Kind::Value`] for another shape.
pub fn write_in_place(operator: Binary, array: &Array, result: &Value) -> Result<(), Error> {
    let result = operand(array.context(), result)?
        .ok_or_else(|| Error::new(Kind::Type, "an array cannot become anything else"))?;
    put(array, &result, operator.ufunc_name())
}

/// Shapes that do not broadcast together are told with that of the output, as NumPy does.
fn with_output(error: Error, shape: &[usize]) -> Error {
    match error.cause.as_deref() {
        Some(nums::Error::Shape(ShapeError::Broadcast { .. })) => {
            let message = format!("{}{} ", error.message, shape_text(shape));
            Error::new(Kind::Value, message)
        }
        _ => error,
    }
}

/// Puts the result of a function of NumPy into an array, which its name and type must allow.
pub(crate) fn put(array: &Array, result: &DistArray, function: &str) -> Result<(), Error> {
    if !keeps_kind(result.dtype(), array.dtype()) {
        let message = format!(
            "Cannot cast ufunc '{function}' output from dtype('{}') to dtype('{}') with casting \
             rule 'same_kind'",
            result.dtype(),
            array.dtype()
        );
        return Err(Error::new(Kind::UfuncOutput, message));
    }
    let Ok(stretched) = result.broadcast_to(array.shape()) else {
        let message = format!(
            "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
            shape_text(array.shape()),
            shape_text(&result.shape())
        );
        return Err(Error::new(Kind::Value, message));
    };
    array.write(stretched.astype(array.dtype())?)
}

/// Whether NumPy casts from one type to another in place: never to a lesser kind.
pub(crate) fn keeps_kind(from: DType, to: DType) -> bool {
    let kind = |dtype: DType| match dtype {
        DType::Bool => 0,
        DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 => 1,
        DType::Float32 | DType::Float64 => 3,
        DType::Complex64 | DType::Complex128 => 4,
        _ => 2,
    };
    kind(from) <= kind(to)
}

/// A number or array as an array; nothing for anything else.
pub(crate) fn operand(context: &Context, value: &Value) -> Result<Option<DistArray>, Error> {
    match value {
        Value::Array(array) => array.read().map(Some),
        Value::Scalar(scalar) => scalar.as_array(context).map(Some),
        other => match as_number(other) {
            Some(number) => constant(context, number).map(Some),
            None => Ok(None),
        },
    }
}

/// `left @ right`, where NumPy has no product of anything without axes.
pub(crate) fn matmul(left: &DistArray, right: &DistArray) -> Result<DistArray, Error> {
    for (position, operand) in [left, right].into_iter().enumerate() {
        if operand.ndim() == 0 {
            let message = format!(
                "matmul: Input operand {position} does not have enough dimensions (has 0, gufunc \
                 core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
            );
            return Err(Error::new(Kind::Value, message));
        }
    }
    if left.ndim() > 2 || right.ndim() > 2 {
        return left.try_matmul(right).map_err(|error| match error {
            nums::Error::ShapeMismatch { .. } => stacked_misfit(&left.shape(), &right.shape()),
            other => other.into(),
        });
    }
    Ok(left.try_matmul(right)?)
}

/// What NumPy says of a product of stacks of matrices that do not fit.
fn stacked_misfit(left: &[usize], right: &[usize]) -> Error {
    let inner = left.last().copied().unwrap_or(0);
    let outer = right.get(right.len().saturating_sub(2)).copied().unwrap_or(0);
    if inner != outer {
        return Error::new(Kind::Value, format!("matmul: {}", core_mismatch(left, right)));
    }
    // Vectors count as one matrix; the axes before the last two are broadcast.
    let stack = |shape: &[usize]| shape[..shape.len().saturating_sub(2)].to_vec();
    let (own, other) = (stack(left), stack(right));
    // Only stacks can fail to be broadcast, so that both operands have the two axes of a matrix.
    let remapped = |shape: &[usize], stack: &[usize]| {
        let lengths: String = stack.iter().map(|len| format!("{len},")).collect();
        format!("{}->({lengths}newaxis,newaxis)", shape_text(shape))
    };
    let result: Vec<usize> =
        left.iter().rev().nth(1).into_iter().chain(right.last()).copied().collect();
    Error::new(
        Kind::Value,
        format!(
            "operands could not be broadcast together with remapped shapes [original->remapped]: {} {}  and \
             requested shape {}",
            remapped(left, &own),
            remapped(right, &other),
            shape_text(&result)
        ),
    )
}

/// A function of an array or scalar.
pub(super) fn of_one(
    operand: &Value,
    function: fn(&DistArray) -> Result<DistArray, nums::Error>,
) -> Result<Value, Error> {
    match operand {
        Value::Scalar(Scalar::Lazy(lazy)) => Ok(lazy.context().computed(function(lazy.array())?)),
        Value::Array(array) => Ok(array.context().computed(function(&array.read()?)?)),
        other => Ok(other.clone()),
    }
}

/// `left op right`, element by element.
pub(super) fn compare(
    context: &Context,
    operator: Comparison,
    left: &Value,
    right: &Value,
) -> Result<Value, Error> {
    if let Some(value) = scalar::compare(operator, left, right)? {
        return Ok(value);
    }
    let function: Function = match operator {
        Comparison::Equal => DistArray::try_equal,
        Comparison::NotEqual => DistArray::try_not_equal,
        Comparison::Less => DistArray::try_less,
        Comparison::LessEqual => DistArray::try_less_equal,
        Comparison::Greater => DistArray::try_greater,
        _ => DistArray::try_greater_equal,
    };
    let (left_array, right_array) = (listed(context, left)?, listed(context, right)?);
    if let Some(value) = elementwise(context, &left_array, &right_array, function)? {
        return Ok(value);
    }
    // What is no number equals no element.
    let shape = match (left, right) {
        (Value::Array(array), _) | (_, Value::Array(array)) => array.shape(),
        _ => &[],
    };
    match operator {
        Comparison::Equal | Comparison::NotEqual => {
            let differs = operator == Comparison::NotEqual;
            Ok(context.computed(context.session().full(shape, differs)?))
        }
        _ => {
            let message = format!(
                "'{}' not supported between instances of '{}' and '{}'",
                operator.symbol(),
                left.type_name(),
                right.type_name()
            );
            Err(Error::new(Kind::Type, message))
        }
    }
}

/// `item in array`: whether any element equals it. Waits.
///
/// # Errors
/// What a comparison raises, and what goes wrong while waiting.
pub fn contains(array: &Array, item: &Value) -> Result<bool, Error> {
    let context = array.context();
    let equal = compare(context, Comparison::Equal, &Value::Array(array.clone()), item)?;
    match operand(context, &equal)? {
        Some(equal) => context.computed(equal.any()).truth(),
        None => Ok(false),
    }
}
