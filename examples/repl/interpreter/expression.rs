//! Expressions: from syntax to values.

use super::{Interpreter, call::Closure};
use crate::{
    attribute::attribute,
    dict::Dict,
    exception::{Exception, Kind},
    operators::{self, Binary, binary, compare},
    subscript::subscript,
    value::Value,
};
use nums::Complex;
use ruff_python_ast::{
    BoolOp, Expr, ExprBoolOp, ExprCompare, ExprDict, ExprSlice, Number, UnaryOp,
};
use ruff_text_size::Ranged;
use std::rc::Rc;

impl Interpreter {
    /// The value of an expression; an exception is marked with the innermost part that raised it.
    pub(crate) fn evaluate(&mut self, expression: &Expr) -> Result<Value, Exception> {
        self.nested(|this| this.evaluate_node(expression))
            .map_err(|error| error.at(expression.range()))
    }

    fn evaluate_node(&mut self, expression: &Expr) -> Result<Value, Exception> {
        match expression {
            Expr::NumberLiteral(literal) => number(&literal.value),
            Expr::StringLiteral(literal) => Ok(Value::str(literal.value.to_str())),
            Expr::BooleanLiteral(literal) => Ok(Value::Bool(literal.value)),
            Expr::NoneLiteral(_) => Ok(Value::None),
            Expr::EllipsisLiteral(_) => Ok(Value::Ellipsis),
            Expr::FString(text) => self.formatted_string(text),
            Expr::Name(name) => self.names.get(&name.id).or_else(|error| match &self.shown {
                Some(shown) if name.id == "_" => Ok(shown.clone()),
                _ => Err(error),
            }),
            Expr::Named(named) => {
                let value = self.evaluate(&named.value)?;
                if let Expr::Name(name) = named.target.as_ref() {
                    self.names.set_outside(&name.id, value.clone());
                }
                Ok(value)
            }
            Expr::Tuple(tuple) => Ok(Value::tuple(self.evaluate_all(&tuple.elts)?)),
            Expr::List(list) => Ok(Value::list(self.evaluate_all(&list.elts)?)),
            Expr::Set(set) => {
                let mut members = Dict::new();
                for member in self.evaluate_all(&set.elts)? {
                    members.insert(member, Value::None)?;
                }
                Ok(Value::Set(Rc::new(members.into())))
            }
            Expr::Dict(dict) => self.dict(dict),
            Expr::UnaryOp(unary) => {
                let operand = self.evaluate(&unary.operand)?;
                match unary.op {
                    UnaryOp::USub => operators::negate(&operand),
                    UnaryOp::UAdd => operators::plus(&operand),
                    UnaryOp::Not => Ok(Value::Bool(!operand.truth()?)),
                    UnaryOp::Invert => operators::invert(&operand),
                }
            }
            Expr::BinOp(operation) => {
                let left = self.evaluate(&operation.left)?;
                let right = self.evaluate(&operation.right)?;
                let operator = Binary::new(operation.op, false);
                let value = binary(&self.numpy, operator, &left, &right)?;
                self.computed(value, operation.range())
            }
            Expr::BoolOp(operation) => self.bool_operation(operation),
            Expr::If(branches) => {
                let taken = self.condition(&branches.test)?;
                self.evaluate(if taken { &branches.body } else { &branches.orelse })
            }
            Expr::Compare(comparison) => self.comparison(comparison),
            Expr::Attribute(operation) => {
                let owner = self.evaluate(&operation.value)?;
                attribute(&owner, operation.attr.as_str())
            }
            Expr::Subscript(operation) => {
                let owner = self.evaluate(&operation.value)?;
                let index = self.evaluate(&operation.slice)?;
                match owner {
                    Value::Indexer(indexer) => {
                        Ok(indexer.get(&self.numpy, &index.to_numpy()?)?.into())
                    }
                    owner => subscript(&owner, &index),
                }
            }
            Expr::Slice(slice) => self.slice(slice),
            Expr::Call(call) => self.call(call),
            Expr::Lambda(lambda) => Closure::lambda(self, lambda),
            Expr::ListComp(comprehension) => {
                let items = self.comprehend(&comprehension.elt, &comprehension.generators)?;
                Ok(Value::list(items))
            }
            Expr::SetComp(comprehension) => {
                let items = self.comprehend(&comprehension.elt, &comprehension.generators)?;
                let mut members = Dict::new();
                for member in items {
                    members.insert(member, Value::None)?;
                }
                Ok(Value::Set(Rc::new(members.into())))
            }
            Expr::DictComp(comprehension) => self.comprehend_dict(comprehension),
            Expr::Generator(generator) => self.generator(&generator.elt, &generator.generators),
            other => Err(Exception::unsupported(expression_name(other))),
        }
    }

    fn dict(&mut self, dict: &ExprDict) -> Result<Value, Exception> {
        let mut entries = Dict::new();
        for item in &dict.items {
            match &item.key {
                Some(key) => {
                    let key = self.evaluate(key)?;
                    entries.insert(key, self.evaluate(&item.value)?)?;
                }
                None => match self.evaluate(&item.value)? {
                    Value::Dict(other) => {
                        for (key, value) in other.borrow().entries() {
                            entries.insert(key.clone(), value.clone())?;
                        }
                    }
                    other => {
                        let message = format!("'{}' object is not a mapping", other.type_name());
                        return Err(Exception::new(Kind::Type, message));
                    }
                },
            }
        }
        Ok(Value::dict(entries))
    }

    /// `and` and `or` give the operand that decided.
    fn bool_operation(&mut self, operation: &ExprBoolOp) -> Result<Value, Exception> {
        let decides = operation.op == BoolOp::Or;
        let mut value = Value::None;
        for (position, operand) in operation.values.iter().enumerate() {
            value = self.evaluate(operand)?;
            let last = position + 1 == operation.values.len();
            if last || value.truth().map_err(|error| error.at(operand.range()))? == decides {
                break;
            }
        }
        Ok(value)
    }

    /// `a < b <= c`: from left to right, until one is false.
    fn comparison(&mut self, comparison: &ExprCompare) -> Result<Value, Exception> {
        let mut left = self.evaluate(&comparison.left)?;
        let last = comparison.ops.len() - 1;
        let pairs = std::iter::zip(&comparison.ops, &comparison.comparators);
        for (position, (operator, right)) in pairs.enumerate() {
            let right = self.evaluate(right)?;
            let result = compare(self, *operator, &left, &right)?;
            if position == last || !result.truth()? {
                return Ok(result);
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    fn slice(&mut self, slice: &ExprSlice) -> Result<Value, Exception> {
        let mut part = |part: &Option<Box<Expr>>| match part {
            Some(expression) => self.evaluate(expression),
            None => Ok(Value::None),
        };
        Ok(Value::Slice(Rc::new([part(&slice.lower)?, part(&slice.upper)?, part(&slice.step)?])))
    }
}

fn number(number: &Number) -> Result<Value, Exception> {
    match number {
        Number::Int(value) => Ok(match value.as_i64() {
            Some(value) => Value::Int(value),
            None => {
                let text = value.to_string();
                let (digits, radix) = match text.get(..2) {
                    Some("0x" | "0X") => (&text[2..], 16),
                    Some("0o" | "0O") => (&text[2..], 8),
                    Some("0b" | "0B") => (&text[2..], 2),
                    _ => (text.as_str(), 10),
                };
                let parsed = num_bigint::BigInt::parse_bytes(digits.as_bytes(), radix);
                Value::int(parsed.ok_or_else(|| {
                    Exception::new(Kind::Overflow, format!("{text} is no whole number"))
                })?)
            }
        }),
        Number::Float(value) => Ok(Value::Float(*value)),
        Number::Complex { real, imag } => Ok(Value::Complex(Complex::new(*real, *imag))),
    }
}

/// What a user would call an expression that is not supported, and what to write instead.
fn expression_name(expression: &Expr) -> &'static str {
    match expression {
        Expr::Yield(_) | Expr::YieldFrom(_) => "`yield` (return a list instead) is",
        Expr::Await(_) => "`await` (values are waited for by themselves) is",
        Expr::TString(_) => "a t-string (write an f-string) is",
        Expr::BytesLiteral(_) => "a bytes literal (write a string) is",
        Expr::Starred(_) => "`*` before this expression is",
        _ => "this expression is",
    }
}
