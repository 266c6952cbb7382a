//! Choosing between elements: `where`.

use super::arguments::array_argument;
use crate::{
    exception::Exception,
    function::{Function, Parameter},
    operators::as_number,
    scalar::Number,
    value::Value,
};
use nums::Operand;

pub(super) static FUNCTIONS: &[Function] = &[Function {
    name: "where",
    parameters: &[
        Parameter::positional("condition"),
        Parameter::optional_positional("x"),
        Parameter::optional_positional("y"),
    ],
    body: |interpreter, arguments| {
        if arguments.given("x").is_none() || arguments.given("y").is_none() {
            return Err(Exception::unsupported("`np.where` without x and y is"));
        }
        let condition = array_argument(interpreter, &arguments, "condition")?;
        let condition = condition.astype(nums::DType::Bool)?;
        let operand = |name: &str| -> Result<Operand, Exception> {
            let value = arguments.get(name);
            // Numbers of Python count as their kind only, those of NumPy as what they are.
            Ok(match (value, as_number(value)) {
                (Value::Scalar(_), _) | (_, None) => {
                    Operand::Array(array_argument(interpreter, &arguments, name)?)
                }
                (_, Some(Number::Bool(value))) => value.into(),
                (_, Some(Number::Float64(value))) => value.into(),
                (_, Some(number)) => number.as_i64().unwrap_or(0).into(),
            })
        };
        Ok(Value::computed(condition.where_(operand("x")?, operand("y")?)?))
    },
}];
