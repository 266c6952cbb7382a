//! Statements: what they do, and where control goes after them.

use super::{Interpreter, call::Closure};
use crate::{
    class::Class,
    exception::{Exception, Kind, Raised},
    modules,
    value::Value,
};
use ruff_python_ast::{
    ExceptHandler, Expr, Stmt, StmtAssert, StmtFor, StmtIf, StmtImport, StmtImportFrom, StmtRaise,
    StmtTry, StmtWhile,
};
use ruff_text_size::Ranged;

/// Where control goes after a statement.
pub(super) enum Flow {
    /// To the next statement.
    Next,
    Break,
    Continue,
    Return(Value),
}

impl Interpreter {
    /// Runs a statement; an exception is marked with the innermost part that raised it.
    pub(super) fn execute(&mut self, statement: &Stmt) -> Result<Flow, Exception> {
        let flow = self.nested(|this| this.execute_node(statement));
        let flow = flow.map_err(|error| error.at(statement.range()))?;
        self.submission.end_of_statement();
        Ok(flow)
    }

    /// Runs statements until one leaves their sequence.
    pub(super) fn execute_all(&mut self, statements: &[Stmt]) -> Result<Flow, Exception> {
        for statement in statements {
            match self.execute(statement)? {
                Flow::Next => {}
                leaving => return Ok(leaving),
            }
        }
        Ok(Flow::Next)
    }

    fn execute_node(&mut self, statement: &Stmt) -> Result<Flow, Exception> {
        match statement {
            Stmt::Expr(expression) => drop(self.evaluate(&expression.value)?),
            Stmt::Assign(assign) => self.assign(assign)?,
            Stmt::AugAssign(assign) => self.assign_augmented(assign)?,
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    let value = self.evaluate(value)?;
                    self.bind(&assign.target, value)?;
                }
            }
            Stmt::Delete(delete) => self.delete_all(&delete.targets)?,
            Stmt::If(branches) => return self.branch(branches),
            Stmt::For(body) => return self.for_loop(body),
            Stmt::While(body) => return self.while_loop(body),
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::Return(value) => {
                return Ok(Flow::Return(match &value.value {
                    Some(value) => self.evaluate(value)?,
                    None => Value::None,
                }));
            }
            Stmt::FunctionDef(definition) => {
                if let [decorator, ..] = definition.decorator_list.as_slice() {
                    return Err(Exception::unsupported(
                        "a decorator (call the function on the other one instead) is",
                    )
                    .at(decorator.range));
                }
                if definition.is_async {
                    return Err(Exception::unsupported("`async def` (write `def`) is"));
                }
                let closure = Closure::defined(self, definition)?;
                self.names.set(&definition.name.id, closure);
            }
            Stmt::Try(body) => return self.try_statement(body),
            Stmt::Raise(raise) => return Err(self.raise(raise)?),
            Stmt::Assert(assertion) => self.assert(assertion)?,
            Stmt::Import(names) => self.import(names)?,
            Stmt::ImportFrom(names) => self.import_from(names)?,
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => {}
            other => return Err(Exception::unsupported(statement_name(other))),
        }
        Ok(Flow::Next)
    }

    fn branch(&mut self, branches: &StmtIf) -> Result<Flow, Exception> {
        if self.condition(&branches.test)? {
            return self.execute_all(&branches.body);
        }
        for clause in &branches.elif_else_clauses {
            let taken = match &clause.test {
                Some(test) => self.condition(test)?,
                None => true,
            };
            if taken {
                return self.execute_all(&clause.body);
            }
        }
        Ok(Flow::Next)
    }

    /// Whether a condition holds: here a value of the cluster is waited for.
    pub(super) fn condition(&mut self, test: &Expr) -> Result<bool, Exception> {
        let value = self.evaluate(test)?;
        value.truth().map_err(|error| error.at(test.range()))
    }

    fn for_loop(&mut self, body: &StmtFor) -> Result<Flow, Exception> {
        if body.is_async {
            return Err(Exception::unsupported("`async for` (write `for`) is"));
        }
        let items = self.evaluate(&body.iter)?;
        let iterator = self.iterate(&items).map_err(|error| error.at(body.iter.range()))?;
        while let Some(item) = self.next(&iterator).map_err(|error| error.at(body.iter.range()))? {
            crate::waiting::check_interrupt()?;
            self.bind(&body.target, item).map_err(|error| error.at(body.target.range()))?;
            match self.execute_all(&body.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                returning => return Ok(returning),
            }
        }
        self.execute_all(&body.orelse)
    }

    fn while_loop(&mut self, body: &StmtWhile) -> Result<Flow, Exception> {
        while self.condition(&body.test)? {
            crate::waiting::check_interrupt()?;
            match self.execute_all(&body.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                returning => return Ok(returning),
            }
        }
        self.execute_all(&body.orelse)
    }

    fn try_statement(&mut self, body: &StmtTry) -> Result<Flow, Exception> {
        if body.is_star {
            return Err(Exception::unsupported("`except*` (write `except`) is"));
        }
        // Inside a `try` what fails is met where it is begun.
        self.tries += 1;
        self.numpy.set_waits(true);
        let outcome = self.execute_all(&body.body);
        self.tries -= 1;
        self.numpy.set_waits(self.tries > 0);
        let outcome = match outcome {
            Ok(Flow::Next) => self.execute_all(&body.orelse),
            Ok(leaving) => Ok(leaving),
            Err(error) => self.handle(error, body),
        };
        match self.execute_all(&body.finalbody)? {
            Flow::Next => outcome,
            leaving => Ok(leaving),
        }
    }

    fn handle(&mut self, error: Exception, body: &StmtTry) -> Result<Flow, Exception> {
        for ExceptHandler::ExceptHandler(handler) in &body.handlers {
            let matches = match &handler.type_ {
                Some(classes) => {
                    let classes = self.evaluate(classes)?;
                    catches(&classes, error.kind()).map_err(|error| error.at(handler.range()))?
                }
                None => true,
            };
            if !matches {
                continue;
            }
            if let Some(name) = &handler.name {
                self.names.set(&name.id, Value::Exception(error.raised.clone()));
            }
            self.handled.push(error);
            let outcome = self.execute_all(&handler.body);
            self.handled.pop();
            if let Some(name) = &handler.name {
                // Python forgets the name with the handler; the script may have done so before.
                drop(self.names.delete(&name.id));
            }
            return outcome;
        }
        Err(error)
    }

    /// The exception that a `raise` statement raises.
    fn raise(&mut self, raise: &StmtRaise) -> Result<Exception, Exception> {
        let Some(expression) = &raise.exc else {
            return match self.handled.last() {
                Some(error) => Ok(error.clone()),
                None => Err(Exception::new(Kind::Runtime, "No active exception to reraise")),
            };
        };
        let value = self.evaluate(expression)?;
        if let Some(cause) = &raise.cause {
            self.evaluate(cause)?;
        }
        match value {
            Value::Exception(raised) => Ok(Exception::of(raised.as_ref().clone())),
            Value::Class(Class::Exception(kind)) => {
                Ok(Exception::of(Raised { kind, args: Vec::new() }))
            }
            _ => Err(Exception::new(Kind::Type, "exceptions must derive from BaseException")),
        }
    }

    fn assert(&mut self, assertion: &StmtAssert) -> Result<(), Exception> {
        if self.condition(&assertion.test)? {
            return Ok(());
        }
        let args = match &assertion.msg {
            Some(message) => vec![self.evaluate(message)?],
            None => Vec::new(),
        };
        Err(Exception::of(Raised { kind: Kind::Assertion, args }))
    }

    fn import(&mut self, names: &StmtImport) -> Result<(), Exception> {
        for alias in &names.names {
            let module = import(&alias.name).map_err(|error| error.at(alias.range()))?;
            match &alias.asname {
                Some(name) => self.names.set(&name.id, module),
                None => {
                    let (first, dotted) = match alias.name.split_once('.') {
                        Some((first, _)) => (first, true),
                        None => (alias.name.as_str(), false),
                    };
                    let module = if dotted { import(first)? } else { module };
                    self.names.set(&first.into(), module);
                }
            }
        }
        Ok(())
    }

    fn import_from(&mut self, names: &StmtImportFrom) -> Result<(), Exception> {
        let module_name = names.module.as_ref().map_or("", |name| name.as_str());
        let module = import(module_name)?;
        for alias in &names.names {
            let member = match &module {
                Value::Module(module) => module.member(&alias.name),
                _ => None,
            };
            let member = member.ok_or_else(|| {
                let message = format!("cannot import name '{}' from '{module_name}'", alias.name);
                Exception::new(Kind::Import, message).at(alias.range())
            })?;
            self.names.set(&alias.asname.as_ref().unwrap_or(&alias.name).id, member);
        }
        Ok(())
    }
}

/// The module of a name.
pub(crate) fn import(name: &str) -> Result<Value, Exception> {
    modules::find(name).map(Value::Module).ok_or_else(|| {
        let message = format!(
            "no module named '{name}' here: `import numpy as np` is supported, and `nums`, `math` and `time`"
        );
        Exception::new(Kind::Import, message)
    })
}

/// Whether an `except` clause of these classes catches an exception.
fn catches(classes: &Value, kind: Kind) -> Result<bool, Exception> {
    match classes {
        Value::Class(class @ Class::Exception(_)) => Ok(Class::Exception(kind).is_below(*class)),
        Value::Tuple(classes) => {
            for class in classes.iter() {
                if catches(class, kind)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => {
            let message = "catching classes that do not inherit from BaseException is not allowed";
            Err(Exception::new(Kind::Type, message))
        }
    }
}

/// What a user would call a statement that is not supported, and what to write instead.
fn statement_name(statement: &Stmt) -> &'static str {
    match statement {
        Stmt::ClassDef(_) => "defining a class (use a dict or a function) is",
        Stmt::TypeAlias(_) => "a type alias is",
        Stmt::With(_) => "a `with` statement (call and close by hand) is",
        Stmt::Match(_) => "a `match` statement (use `if` and `elif`) is",
        Stmt::IpyEscapeCommand(_) => "a command inside a statement is",
        _ => "this form of the statement is",
    }
}
