//! `array[index] = value`.

use super::arguments::to_array;
use crate::{
    array::Array, exception::Exception, interpreter::Interpreter, operators::operand,
    subscript::basic_index, value::Value,
};

/// Puts a value into the elements that an index names; it is broadcast and cast.
pub(crate) fn assign(
    interpreter: &Interpreter,
    array: &Array,
    index: &Value,
    value: &Value,
) -> Result<(), Exception> {
    let value = match operand(&interpreter.session, value)? {
        Some(value) => value,
        None => to_array(interpreter, value)?,
    };
    if let Value::Ellipsis = index {
        let present = array.read()?;
        // A condition that never holds: the value, broadcast to the shape of the array.
        let never = present.signbit().try_logical_and(false)?;
        return array.write(never.where_(&present, &value.astype(array.dtype())?)?);
    }
    basic_index(index)?;
    Err(Exception::unsupported("assignment to an element or slice is"))
}
