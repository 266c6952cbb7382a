//! What stands left of `=`: names, tuples of targets, elements and slices.

use super::Interpreter;
use crate::{
    exception::{Exception, Kind},
    operators::{Binary, binary},
    subscript::{delete_item, set_item, subscript},
    value::Value,
};
use nums_numpy::operators::{in_place, write_in_place};
use ruff_python_ast::{Expr, StmtAssign, StmtAugAssign};
use ruff_text_size::{Ranged, TextRange};

impl Interpreter {
    pub(super) fn assign(&mut self, assign: &StmtAssign) -> Result<(), Exception> {
        let value = self.evaluate(&assign.value)?;
        for target in &assign.targets {
            self.bind(target, value.clone()).map_err(|error| error.at(target.range()))?;
        }
        Ok(())
    }

    /// Gives a target its value; a tuple or list of targets takes one item each.
    pub(super) fn bind(&mut self, target: &Expr, value: Value) -> Result<(), Exception> {
        match target {
            Expr::Name(name) => {
                self.submission.note(&value);
                self.names.set(&name.id, value);
                Ok(())
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, &value),
            Expr::List(list) => self.unpack(&list.elts, &value),
            Expr::Subscript(element) => {
                let owner = self.evaluate(&element.value)?;
                let index = self.evaluate(&element.slice)?;
                set_item(self, &owner, &index, &value)?;
                match owner {
                    Value::Array(_) => self.submission.note(&owner),
                    _ => self.submission.note(&value),
                }
                Ok(())
            }
            Expr::Attribute(attribute) => {
                let owner = self.evaluate(&attribute.value)?;
                let what = format!(
                    "setting the attribute '{}' of a '{}' object is",
                    attribute.attr,
                    owner.type_name()
                );
                Err(Exception::unsupported(what))
            }
            _ => Err(Exception::unsupported("this target of an assignment is")),
        }
    }

    fn unpack(&mut self, targets: &[Expr], value: &Value) -> Result<(), Exception> {
        let items = self.items(value).map_err(|error| match (error.kind(), value) {
            (_, Value::Array(_)) => error,
            (Kind::Type, other) => {
                let message = format!("cannot unpack non-iterable {} object", other.type_name());
                Exception::new(Kind::Type, message)
            }
            _ => error,
        })?;
        let (expected, found) = (targets.len(), items.len());
        let starred = targets.iter().position(|target| matches!(target, Expr::Starred(_)));
        if let Some(position) = starred {
            if found + 1 < expected {
                let message = format!(
                    "not enough values to unpack (expected at least {}, got {found})",
                    expected - 1
                );
                return Err(Exception::new(Kind::Value, message));
            }
            let behind = expected - position - 1;
            let middle = items[position..found - behind].to_vec();
            for (target, item) in std::iter::zip(&targets[..position], &items) {
                self.bind(target, item.clone())?;
            }
            if let Expr::Starred(starred) = &targets[position] {
                self.bind(&starred.value, Value::list(middle))?;
            }
            let last = &items[found - behind..];
            for (target, item) in std::iter::zip(&targets[position + 1..], last) {
                self.bind(target, item.clone())?;
            }
            return Ok(());
        }
        if found < expected {
            let message = format!("not enough values to unpack (expected {expected}, got {found})");
            return Err(Exception::new(Kind::Value, message));
        }
        if found > expected {
            let message = format!("too many values to unpack (expected {expected})");
            return Err(Exception::new(Kind::Value, message));
        }
        for (target, item) in std::iter::zip(targets, items) {
            self.bind(target, item)?;
        }
        Ok(())
    }

    /// `target op= value`: an array or list changes in place, anything else is replaced.
    pub(super) fn assign_augmented(&mut self, assign: &StmtAugAssign) -> Result<(), Exception> {
        let operator = Binary::new(assign.op, true);
        match assign.target.as_ref() {
            Expr::Name(name) => {
                let left =
                    self.names.get(&name.id).map_err(|error| error.at(assign.target.range()))?;
                let right = self.evaluate(&assign.value)?;
                let value = self.augmented(operator, left, &right, assign.range())?;
                self.submission.note(&value);
                self.names.set(&name.id, value);
                Ok(())
            }
            Expr::Subscript(element) => {
                let owner = self.evaluate(&element.value)?;
                let index = self.evaluate(&element.slice)?;
                let left =
                    subscript(&owner, &index).map_err(|error| error.at(assign.target.range()))?;
                let right = self.evaluate(&assign.value)?;
                let value = self.augmented(operator, left, &right, assign.range())?;
                set_item(self, &owner, &index, &value)?;
                self.submission.note(&owner);
                Ok(())
            }
            _ => Err(Exception::unsupported("augmented assignment to this target is")
                .at(assign.target.range())),
        }
    }

    fn augmented(
        &mut self,
        operator: Binary,
        left: Value,
        right: &Value,
        at: TextRange,
    ) -> Result<Value, Exception> {
        match &left {
            Value::Array(array) => {
                let result = in_place(operator.operation, array, &right.to_numpy()?)?;
                let result = self.computed(result.into(), at)?;
                write_in_place(operator.operation, array, &result.to_numpy()?)?;
                Ok(left)
            }
            Value::List(items) if operator.is_add() => {
                let more = self.items(right)?;
                items.borrow_mut().extend(more);
                Ok(left)
            }
            _ => binary(&self.numpy, operator, &left, right),
        }
    }

    pub(super) fn delete_all(&mut self, targets: &[Expr]) -> Result<(), Exception> {
        for target in targets {
            match target {
                Expr::Name(name) => self.names.delete(&name.id),
                Expr::Tuple(tuple) => self.delete_all(&tuple.elts),
                Expr::Subscript(element) => {
                    let owner = self.evaluate(&element.value)?;
                    let index = self.evaluate(&element.slice)?;
                    delete_item(&owner, &index)
                }
                _ => Err(Exception::unsupported("deleting anything but a name or an item is")),
            }
            .map_err(|error| error.at(target.range()))?;
        }
        Ok(())
    }
}
