//! Expressions: from syntax to values. Nothing here waits for the cluster but a comparison.

use crate::{
    exception::{Exception, Kind},
    interpreter::Interpreter,
    numpy,
    operators::{Binary, binary, compare, negate, plus},
    subscript::subscript,
    value::Value,
};
use ruff_python_ast::{
    Expr, ExprCall, ExprCompare, ExprSlice, ExprSubscript, ExprUnaryOp, Number, UnaryOp,
};
use ruff_text_size::Ranged;
use std::rc::Rc;

/// How deep expressions may be nested; CPython's compiler stops at about the same depth.
const DEPTH_MAX: usize = 3000;

impl Interpreter {
    /// The value of an expression; an exception is marked with the innermost part that raised it.
    pub(crate) fn evaluate(&mut self, expression: &Expr) -> Result<Value, Exception> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Exception::new(Kind::Recursion, "maximum recursion depth exceeded")
                .at(expression.range()));
        }
        let value = self.evaluate_node(expression).map_err(|error| error.at(expression.range()));
        self.depth -= 1;
        value
    }

    fn evaluate_node(&mut self, expression: &Expr) -> Result<Value, Exception> {
        match expression {
            Expr::NumberLiteral(literal) => number(&literal.value),
            Expr::StringLiteral(literal) => Ok(Value::str(literal.value.to_str())),
            Expr::BooleanLiteral(literal) => Ok(Value::Bool(literal.value)),
            Expr::NoneLiteral(_) => Ok(Value::None),
            Expr::EllipsisLiteral(_) => Ok(Value::Ellipsis),
            Expr::Name(name) => self.look_up(name.id.as_str()),
            Expr::Tuple(tuple) => Ok(Value::Tuple(self.evaluate_all(&tuple.elts)?.into())),
            Expr::List(list) => Ok(Value::List(self.evaluate_all(&list.elts)?.into())),
            Expr::UnaryOp(unary) => self.unary(unary),
            Expr::BinOp(operation) => {
                let left = self.evaluate(&operation.left)?;
                let right = self.evaluate(&operation.right)?;
                binary(&self.session, Binary::new(operation.op, false)?, &left, &right)
            }
            Expr::Compare(comparison) => self.comparison(comparison),
            Expr::Attribute(attribute) => {
                let owner = self.evaluate(&attribute.value)?;
                numpy::attribute(&owner, attribute.attr.as_str())
            }
            Expr::Subscript(operation) => self.subscript(operation),
            Expr::Slice(slice) => self.slice(slice),
            Expr::Call(call) => self.call(call),
            other => Err(Exception::unsupported(expression_name(other))),
        }
    }

    fn evaluate_all(&mut self, expressions: &[Expr]) -> Result<Vec<Value>, Exception> {
        expressions.iter().map(|expression| self.evaluate(expression)).collect()
    }

    fn unary(&mut self, unary: &ExprUnaryOp) -> Result<Value, Exception> {
        let operand = self.evaluate(&unary.operand)?;
        match unary.op {
            UnaryOp::USub => negate(&operand),
            UnaryOp::UAdd => plus(&operand),
            UnaryOp::Not => Err(Exception::unsupported("`not` is")),
            UnaryOp::Invert => Err(Exception::unsupported("`~` is")),
        }
    }

    /// `a < b <= c`: from left to right, until one is false.
    fn comparison(&mut self, comparison: &ExprCompare) -> Result<Value, Exception> {
        let mut left = self.evaluate(&comparison.left)?;
        let mut result = Value::Bool(true);
        for (operator, right) in std::iter::zip(&comparison.ops, &comparison.comparators) {
            let right = self.evaluate(right)?;
            result = compare(*operator, &left, &right)?;
            if let Value::Bool(false) | Value::NumpyBool(false) = result {
                break;
            }
            left = right;
        }
        Ok(result)
    }

    fn subscript(&mut self, operation: &ExprSubscript) -> Result<Value, Exception> {
        let owner = self.evaluate(&operation.value)?;
        let index = self.evaluate(&operation.slice)?;
        subscript(&owner, &index)
    }

    fn slice(&mut self, slice: &ExprSlice) -> Result<Value, Exception> {
        let mut part = |part: &Option<Box<Expr>>| match part {
            Some(expression) => self.evaluate(expression),
            None => Ok(Value::None),
        };
        Ok(Value::Slice(Rc::new([part(&slice.lower)?, part(&slice.upper)?, part(&slice.step)?])))
    }

    fn call(&mut self, call: &ExprCall) -> Result<Value, Exception> {
        let callee = self.evaluate(&call.func)?;
        let mut positional = Vec::new();
        let function = match &callee {
            Value::Function(function) => function,
            Value::Method(receiver, function) => {
                positional.push(receiver.as_ref().clone());
                function
            }
            other => {
                let message = format!("'{}' object is not callable", other.type_name());
                return Err(Exception::new(Kind::Type, message));
            }
        };
        positional.extend(self.evaluate_all(&call.arguments.args)?);
        let mut keywords = Vec::new();
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else {
                return Err(Exception::unsupported("`**` in a call is").at(keyword.range()));
            };
            keywords.push((name.to_string(), self.evaluate(&keyword.value)?));
        }
        let arguments = function.bind(positional, keywords)?;
        (function.body)(self, arguments)
    }

    /// The items of a value that can be gone through.
    pub(crate) fn items(&self, value: &Value) -> Result<Vec<Value>, Exception> {
        match value {
            Value::Tuple(items) | Value::List(items) => Ok(items.to_vec()),
            Value::Str(text) => Ok(text
                .chars()
                .map(|character| Value::str(character.encode_utf8(&mut [0; 4])))
                .collect()),
            Value::Array(array) if array.ndim() == 0 => {
                Err(Exception::new(Kind::Type, "iteration over a 0-d array"))
            }
            Value::Array(array) => {
                (0..array.shape()[0]).map(|row| subscript(value, &Value::length(row))).collect()
            }
            other => {
                let message = format!("cannot unpack non-iterable {} object", other.type_name());
                Err(Exception::new(Kind::Type, message))
            }
        }
    }
}

fn number(number: &Number) -> Result<Value, Exception> {
    match number {
        Number::Int(value) => value.as_i64().map(Value::Int).ok_or_else(|| {
            Exception::new(Kind::Overflow, "integers of more than 64 bits are not supported")
        }),
        Number::Float(value) => Ok(Value::Float(*value)),
        Number::Complex { .. } => Err(Exception::unsupported("complex numbers are")),
    }
}

/// What a user would call an expression that is not supported.
fn expression_name(expression: &Expr) -> &'static str {
    match expression {
        Expr::BoolOp(_) => "`and` and `or` are",
        Expr::Named(_) => "`:=` is",
        Expr::Lambda(_) => "`lambda` is",
        Expr::If(_) => "a conditional expression is",
        Expr::Dict(_) => "a dict is",
        Expr::Set(_) => "a set is",
        Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => "a comprehension is",
        Expr::Generator(_) => "a generator is",
        Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_) => "a coroutine is",
        Expr::FString(_) | Expr::TString(_) => "an f-string is",
        Expr::BytesLiteral(_) => "a bytes literal is",
        Expr::Starred(_) => "`*` before an expression is",
        _ => "this expression is",
    }
}
