//! f-strings: texts with values in them.

use super::Interpreter;
use crate::{exception::Exception, show, value::Value};
use nums_numpy::Style;
use ruff_python_ast::{
    ConversionFlag, ExprFString, FStringPart, InterpolatedElement, InterpolatedStringElement,
    InterpolatedStringElements,
};
use ruff_text_size::Ranged;

impl Interpreter {
    pub(super) fn formatted_string(&mut self, text: &ExprFString) -> Result<Value, Exception> {
        let mut result = String::new();
        for part in &text.value {
            match part {
                FStringPart::Literal(literal) => result += &literal.value,
                FStringPart::FString(inner) => result += &self.elements(&inner.elements)?,
            }
        }
        Ok(Value::str(&result))
    }

    fn elements(&mut self, elements: &InterpolatedStringElements) -> Result<String, Exception> {
        let mut result = String::new();
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => result += &literal.value,
                InterpolatedStringElement::Interpolation(inner) => {
                    result += &self.interpolation(inner)?;
                }
            }
        }
        Ok(result)
    }

    fn interpolation(&mut self, element: &InterpolatedElement) -> Result<String, Exception> {
        let value = self.evaluate(&element.expression)?;
        let specification = match &element.format_spec {
            Some(specification) => self.elements(&specification.elements)?,
            None => String::new(),
        };
        // `{x=}` shows the expression as it is written, and the value as the prompt would.
        let (before, debug) = match &element.debug_text {
            Some(debug) => {
                let written = &self.source.text[element.expression.range()];
                (format!("{}{written}{}", debug.leading(), debug.trailing()), true)
            }
            None => (String::new(), false),
        };
        let converted = match element.conversion {
            ConversionFlag::Str => Some(Style::Str),
            ConversionFlag::Repr | ConversionFlag::Ascii => Some(Style::Repr),
            ConversionFlag::None if debug && specification.is_empty() => Some(Style::Repr),
            ConversionFlag::None => None,
        };
        let value = match converted {
            Some(style) => Value::str(&show::text(&value, style)?),
            None => value,
        };
        let text = show::formatted(&value, &specification)
            .map_err(|error| error.at(element.expression.range()))?;
        Ok(before + &text)
    }
}
