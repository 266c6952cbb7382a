//! Operators on arrays: they build expressions, and nothing runs.

use super::{Operation, as_number, listed, scalar};
use crate::{
    array::Array,
    element::{element, whole_float},
    errors::{core_mismatch, shape_text},
    exception::{Exception, Kind},
    interpreter::Interpreter,
    scalar::{Number, Scalar, constant, weak},
    value::Value,
};
use num_bigint::BigInt;
use nums::{DType, DistArray, Operand, Session, ShapeError};
use ruff_python_ast::CmpOp;

/// A function of an array and what stands beside it.
type Function = fn(&DistArray, Operand) -> Result<DistArray, nums::Error>;

/// Arithmetic with an array or a scalar of NumPy on at least one side; nothing when the other is no
/// number.
pub(super) fn arithmetic(
    session: &Session,
    operation: Operation,
    left: &Value,
    right: &Value,
) -> Result<Option<Value>, Exception> {
    if operation == Operation::MatMul {
        let (left, right) = (operand(session, left)?, operand(session, right)?);
        return match (left, right) {
            (Some(left), Some(right)) => Ok(Some(Value::computed(matmul(&left, &right)?))),
            _ => Ok(None),
        };
    }
    if let Some(value) = scalar::arithmetic(operation, left, right)? {
        return Ok(Some(value));
    }
    let function: Function = match operation {
        Operation::Add => DistArray::try_add,
        Operation::Sub => DistArray::try_sub,
        Operation::Mul => DistArray::try_mul,
        Operation::Div => DistArray::try_div,
        Operation::FloorDiv => DistArray::try_floor_divide,
        Operation::Mod => DistArray::try_rem,
        Operation::Pow => DistArray::try_power,
        Operation::And => DistArray::try_bitand,
        Operation::Or => DistArray::try_bitor,
        Operation::Xor => DistArray::try_bitxor,
        Operation::LeftShift => DistArray::try_shl,
        Operation::RightShift | Operation::MatMul => DistArray::try_shr,
    };
    elementwise(session, left, right, function)
}

/// A function of two values element by element; nothing when one is no number and no array.
pub(crate) fn elementwise(
    session: &Session,
    left: &Value,
    right: &Value,
    function: Function,
) -> Result<Option<Value>, Exception> {
    // A scalar at hand is an array where nothing else is.
    let scalar = |value: &Value| match value {
        Value::Scalar(scalar) => scalar.as_array(session).map(Some),
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
        (Some(left), None) => match beside(session, &left, right, function)? {
            Some(Beside::Weak(number)) => (left, weak(number).into()),
            Some(Beside::Strong(right)) => (left, Operand::Array(right)),
            None => return Ok(None),
        },
        // A number on the left is made an array of the type that it counts as there.
        (None, Some(right)) => match beside(session, &right, left, function)? {
            Some(Beside::Weak(number)) => (constant(session, number)?, Operand::Array(right)),
            Some(Beside::Strong(left)) => (left, Operand::Array(right)),
            None => return Ok(None),
        },
        (None, None) => match (operand(session, left)?, operand(session, right)?) {
            (Some(left), Some(right)) => (left, Operand::Array(right)),
            _ => return Ok(None),
        },
    };
    Ok(Some(Value::computed(function(&left, right)?)))
}

/// An array, or a scalar that is still to come, as an array; nothing for anything else.
fn as_array(value: &Value) -> Result<Option<DistArray>, Exception> {
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
    session: &Session,
    array: &DistArray,
    value: &Value,
    function: Function,
) -> Result<Option<Beside>, Exception> {
    let number = as_number(value);
    if let (Value::Scalar(_), Some(number)) = (value, number) {
        return Ok(Some(Beside::Strong(constant(session, number)?)));
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
        DType::Float64 => Ok(Some(Beside::Weak(Number::Float64(whole_float(&whole)?)))),
        _ => Err(misfit),
    }
}

/// What compares with every element of an integer type as a whole number beyond it does.
fn beyond(whole: &BigInt) -> Number {
    match i64::try_from(whole) {
        Ok(long) => Number::Int64(long),
        Err(_) if num_traits::Signed::is_negative(whole) => Number::Float64(f64::NEG_INFINITY),
        Err(_) => Number::Float64(f64::INFINITY),
    }
}

/// What `array op= right` is to write.
pub(crate) fn in_place(
    session: &Session,
    operator: super::Binary,
    array: &Array,
    right: &Value,
) -> Result<Value, Exception> {
    let result = super::binary(session, operator, &Value::Array(array.clone()), right);
    result.map_err(|error| with_output(error, array.shape()))
}

/// Writes the result of `array op right` for `array op= right`: every name and view of the cell sees it.
pub(crate) fn write_in_place(
    session: &Session,
    operator: super::Binary,
    array: &Array,
    result: &Value,
) -> Result<(), Exception> {
    let result = operand(session, result)?
        .ok_or_else(|| Exception::new(Kind::Type, "an array cannot become anything else"))?;
    put(array, &result, operator.ufunc_name())
}

/// Shapes that do not broadcast together are told with that of the output, as NumPy does.
fn with_output(error: Exception, shape: &[usize]) -> Exception {
    match error.cause() {
        Some(nums::Error::Shape(ShapeError::Broadcast { .. })) => {
            let message = format!("{}{} ", error.raised.message(), shape_text(shape));
            Exception::new(Kind::Value, message)
        }
        _ => error,
    }
}

/// Puts the result of a function of NumPy into an array, which its name and type must allow.
pub(crate) fn put(array: &Array, result: &DistArray, function: &str) -> Result<(), Exception> {
    if !keeps_kind(result.dtype(), array.dtype()) {
        let message = format!(
            "Cannot cast ufunc '{function}' output from dtype('{}') to dtype('{}') with casting \
             rule 'same_kind'",
            result.dtype(),
            array.dtype()
        );
        return Err(Exception::new(Kind::UfuncOutput, message));
    }
    let Ok(stretched) = result.broadcast_to(array.shape()) else {
        let message = format!(
            "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
            shape_text(array.shape()),
            shape_text(&result.shape())
        );
        return Err(Exception::new(Kind::Value, message));
    };
    array.write(stretched.astype(array.dtype())?)
}

/// Whether NumPy casts from one type to another in place: never to a lesser kind.
pub(crate) fn keeps_kind(from: DType, to: DType) -> bool {
    let kind = |dtype: DType| match dtype {
        DType::Bool => 0,
        DType::Float32 | DType::Float64 => 2,
        DType::Complex64 | DType::Complex128 => 3,
        _ => 1,
    };
    kind(from) <= kind(to)
}

/// A number or array as an array; nothing for anything else.
pub(crate) fn operand(session: &Session, value: &Value) -> Result<Option<DistArray>, Exception> {
    match value {
        Value::Array(array) => array.read().map(Some),
        Value::Scalar(scalar) => scalar.as_array(session).map(Some),
        other => match as_number(other) {
            Some(number) => constant(session, number).map(Some),
            None => Ok(None),
        },
    }
}

/// `left @ right`, where NumPy has no product of anything without axes.
pub(crate) fn matmul(left: &DistArray, right: &DistArray) -> Result<DistArray, Exception> {
    for (position, operand) in [left, right].into_iter().enumerate() {
        if operand.ndim() == 0 {
            let message = format!(
                "matmul: Input operand {position} does not have enough dimensions (has 0, gufunc \
                 core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
            );
            return Err(Exception::new(Kind::Value, message));
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
fn stacked_misfit(left: &[usize], right: &[usize]) -> Exception {
    let inner = left.last().copied().unwrap_or(0);
    let outer = right.get(right.len().saturating_sub(2)).copied().unwrap_or(0);
    if inner != outer {
        return Exception::new(Kind::Value, format!("matmul: {}", core_mismatch(left, right)));
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
    Exception::new(
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

/// `-operand` of NumPy.
pub(super) fn negate(operand: &Value) -> Result<Value, Exception> {
    of_one(operand, DistArray::try_neg)
}

/// `~operand` of NumPy.
pub(super) fn invert(operand: &Value) -> Result<Value, Exception> {
    of_one(operand, DistArray::try_not)
}

fn of_one(
    operand: &Value,
    function: fn(&DistArray) -> Result<DistArray, nums::Error>,
) -> Result<Value, Exception> {
    match operand {
        Value::Scalar(Scalar::Lazy(lazy)) => Ok(Value::computed(function(lazy.array())?)),
        Value::Array(array) => Ok(Value::computed(function(&array.read()?)?)),
        other => Ok(other.clone()),
    }
}

/// `left op right`, element by element.
pub(super) fn compare(
    interpreter: &Interpreter,
    operator: CmpOp,
    left: &Value,
    right: &Value,
) -> Result<Value, Exception> {
    if let Some(value) = scalar::compare(operator, left, right)? {
        return Ok(value);
    }
    let function: Function = match operator {
        CmpOp::Eq => DistArray::try_equal,
        CmpOp::NotEq => DistArray::try_not_equal,
        CmpOp::Lt => DistArray::try_less,
        CmpOp::LtE => DistArray::try_less_equal,
        CmpOp::Gt => DistArray::try_greater,
        _ => DistArray::try_greater_equal,
    };
    let session = &interpreter.session;
    let (left_array, right_array) = (listed(session, left)?, listed(session, right)?);
    if let Some(value) = elementwise(session, &left_array, &right_array, function)? {
        return Ok(value);
    }
    // What is no number equals no element.
    let shape = match (left, right) {
        (Value::Array(array), _) | (_, Value::Array(array)) => array.shape(),
        _ => &[],
    };
    match operator {
        CmpOp::Eq | CmpOp::NotEq => {
            let differs = operator == CmpOp::NotEq;
            Ok(Value::computed(session.full(shape, differs)?))
        }
        _ => {
            let message = format!(
                "'{}' not supported between instances of '{}' and '{}'",
                operator.as_str(),
                left.type_name(),
                right.type_name()
            );
            Err(Exception::new(Kind::Type, message))
        }
    }
}

/// `item in array`: whether any element equals it. Waits.
pub(super) fn contains(
    interpreter: &Interpreter,
    container: &Value,
    item: &Value,
) -> Result<bool, Exception> {
    let equal = compare(interpreter, CmpOp::Eq, container, item)?;
    let found = crate::numpy::any(interpreter, &equal)?;
    interpreter.truth(&found)
}
