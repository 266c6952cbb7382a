//! Devices, of which there is one: the memory of the nodes, under the name that NumPy has for memory.

use crate::{
    error::Error,
    function::{Function, Parameter},
    kind::Kind,
    value::Value,
};

/// The name of the device.
pub(crate) const DEVICE: &str = "cpu";

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
        match arguments.get("device") {
            Value::Str(name) if &**name == DEVICE => Ok(arguments.get("a").clone()),
            other => {
                let device = crate::show::text(other, crate::show::Style::Str)?;
                let message = format!("Unsupported device: {device}. Only 'cpu' is accepted.");
                Err(Error::new(Kind::Value, message))
            }
        }
    },
}];
