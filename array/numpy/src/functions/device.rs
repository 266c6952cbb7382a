//! Devices, of which there is one: the memory of the nodes, under the name that NumPy has for memory.

use crate::{
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};

/// The name of the device.
pub(crate) const DEVICE: &str = "cpu";

/// Refuses a `device` that there is not.
pub(crate) fn check_device(arguments: &Arguments) -> Result<(), Error> {
    match arguments.get("device") {
        Value::None => Ok(()),
        Value::Str(name) if &**name == DEVICE => Ok(()),
        other => {
            let device = crate::show::text(other, crate::show::Style::Str)?;
            let message =
                format!("Device not understood. Only \"cpu\" is allowed, but received: {device}");
            Err(Error::new(Kind::Value, message))
        }
    }
}

pub(super) static METHODS: &[Function] = &[Function {
    name: "to_device",
    parameters: &[
        Parameter::positional("a"),
        Parameter::positional("device"),
        Parameter::keyword("stream"),
    ],
    body: |_, arguments| {
        if !matches!(arguments.get("stream"), Value::None) {
            let message = "The stream argument in to_device() is not supported";
            return Err(Error::new(Kind::Value, message));
        }
        Ok(arguments.get("a").clone())
    },
}];
