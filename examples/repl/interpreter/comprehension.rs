//! Comprehensions and generator expressions.

use super::{Interpreter, Names, scope::Scope};
use crate::{dict::Dict, exception::Exception, iterate::Iter, source::Source, value::Value};
use ruff_python_ast::{Comprehension, Expr, ExprDictComp};
use ruff_text_size::Ranged;
use std::{rc::Rc, sync::Arc};

/// A generator expression that is under way.
pub(crate) struct Generation {
    element: Expr,
    clauses: Vec<Comprehension>,
    /// The iterators of the clauses that are under way, from the outermost.
    iterators: Vec<Value>,
    names: Names,
    source: Arc<Source>,
}

impl Interpreter {
    /// The items of a list comprehension.
    pub(super) fn comprehend(
        &mut self,
        element: &Expr,
        clauses: &[Comprehension],
    ) -> Result<Vec<Value>, Exception> {
        let mut items = Vec::new();
        self.each(clauses, &mut |this| {
            items.push(this.evaluate(element)?);
            Ok(())
        })?;
        Ok(items)
    }

    pub(super) fn comprehend_dict(
        &mut self,
        comprehension: &ExprDictComp,
    ) -> Result<Value, Exception> {
        let mut dict = Dict::new();
        self.each(&comprehension.generators, &mut |this| {
            let key = match &comprehension.key {
                Some(key) => this.evaluate(key)?,
                None => return Err(Exception::unsupported("`**` in a comprehension is")),
            };
            let value = this.evaluate(&comprehension.value)?;
            dict.insert(key, value)
        })?;
        Ok(Value::dict(dict))
    }

    /// Runs `body` for each combination of the clauses, in a scope of its own.
    fn each(
        &mut self,
        clauses: &[Comprehension],
        body: &mut dyn FnMut(&mut Interpreter) -> Result<(), Exception>,
    ) -> Result<(), Exception> {
        // The first source is evaluated outside, as in Python.
        let first = match clauses.first() {
            Some(clause) => self.source_of(clause)?,
            None => return Ok(()),
        };
        let around = self.names.local.clone();
        self.names.local = Some(Rc::new(Scope::of_comprehension(around.clone())));
        let outcome = self.each_of(first, clauses, body);
        self.names.local = around;
        outcome
    }

    fn each_of(
        &mut self,
        iterator: Value,
        clauses: &[Comprehension],
        body: &mut dyn FnMut(&mut Interpreter) -> Result<(), Exception>,
    ) -> Result<(), Exception> {
        let Some((clause, inner)) = clauses.split_first() else { return Ok(()) };
        while let Some(item) = self.next(&iterator)? {
            crate::waiting::check_interrupt()?;
            if !self.admits(clause, item)? {
                continue;
            }
            match inner.first() {
                None => body(self)?,
                Some(next) => {
                    let iterator = self.source_of(next)?;
                    self.each_of(iterator, inner, body)?;
                }
            }
        }
        Ok(())
    }

    fn source_of(&mut self, clause: &Comprehension) -> Result<Value, Exception> {
        if clause.is_async {
            return Err(Exception::unsupported("`async for` (write `for`) is"));
        }
        let items = self.evaluate(&clause.iter)?;
        self.iterate(&items).map_err(|error| error.at(clause.iter.range()))
    }

    /// Binds an item and asks the conditions.
    fn admits(&mut self, clause: &Comprehension, item: Value) -> Result<bool, Exception> {
        self.bind(&clause.target, item).map_err(|error| error.at(clause.target.range()))?;
        for condition in &clause.ifs {
            if !self.condition(condition)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A generator expression; nothing but its first source is evaluated now.
    pub(super) fn generator(
        &mut self,
        element: &Expr,
        clauses: &[Comprehension],
    ) -> Result<Value, Exception> {
        let iterators = match clauses.first() {
            Some(clause) => vec![self.source_of(clause)?],
            None => Vec::new(),
        };
        let local = Some(Rc::new(Scope::of_comprehension(self.names.local.clone())));
        let names = Names { module: self.names.module.clone(), local };
        let (element, clauses) = (element.clone(), clauses.to_vec());
        let source = self.source.clone();
        let generation = Generation { element, clauses, iterators, names, source };
        Ok(Iter::Generation(Box::new(generation)).value())
    }

    /// The next item of a generator expression.
    pub(crate) fn generate(
        &mut self,
        generation: &mut Generation,
    ) -> Result<Option<Value>, Exception> {
        let around = std::mem::replace(&mut self.names, generation.names.clone());
        let source = std::mem::replace(&mut self.source, generation.source.clone());
        let outcome = self.nested(|this| this.generate_here(generation));
        self.names = around;
        self.source = source;
        outcome
    }

    fn generate_here(&mut self, generation: &mut Generation) -> Result<Option<Value>, Exception> {
        while let Some(iterator) = generation.iterators.last().cloned() {
            crate::waiting::check_interrupt()?;
            let clause = &generation.clauses[generation.iterators.len() - 1];
            let Some(item) = self.next(&iterator)? else {
                generation.iterators.pop();
                continue;
            };
            if !self.admits(clause, item)? {
                continue;
            }
            match generation.clauses.get(generation.iterators.len()) {
                None => return self.evaluate(&generation.element).map(Some),
                Some(next) => {
                    let iterator = self.source_of(next)?;
                    generation.iterators.push(iterator);
                }
            }
        }
        Ok(None)
    }
}
