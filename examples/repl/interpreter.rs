//! Statements: names get values.

use crate::{
    builtins,
    exception::{Exception, Kind},
    numpy,
    operators::{Binary, binary, in_place},
    show::{Style, request},
    source::Source,
    syntax,
    value::Value,
};
use nums::Session;
use ruff_python_ast::{Expr, Stmt, StmtAssign, StmtAugAssign, StmtImport};
use ruff_text_size::Ranged;
use std::{collections::BTreeMap, io::Write};

/// Runs Python statements on a session.
pub(crate) struct Interpreter {
    pub(crate) session: Session,
    names: BTreeMap<String, Value>,
    /// How many expressions enclose the one that is evaluated.
    pub(crate) depth: usize,
}

/// What becomes of the value of a statement that is only an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Echo {
    /// It is shown, as at the prompt.
    Show,
    /// Nothing, as in a script.
    Drop,
}

impl Interpreter {
    pub(crate) fn new(session: Session) -> Interpreter {
        Interpreter { session, names: BTreeMap::new(), depth: 0 }
    }

    /// Runs all statements of a source, or those before the first that raises.
    pub(crate) fn run(&mut self, source: &Source, echo: Echo) -> Result<(), Exception> {
        for statement in syntax::parse(&source.text)? {
            self.depth = 0;
            self.execute(&statement, echo).map_err(|error| error.at(statement.range()))?;
        }
        Ok(())
    }

    /// The value of a name.
    pub(crate) fn look_up(&self, name: &str) -> Result<Value, Exception> {
        self.names
            .get(name)
            .cloned()
            .or_else(|| builtins::find(name))
            .ok_or_else(|| Exception::new(Kind::Name, format!("name '{name}' is not defined")))
    }

    fn execute(&mut self, statement: &Stmt, echo: Echo) -> Result<(), Exception> {
        match statement {
            Stmt::Import(import) => self.import(import),
            Stmt::Assign(assign) => self.assign(assign),
            Stmt::AugAssign(assign) => self.assign_augmented(assign),
            Stmt::Expr(expression) => {
                let value = self.evaluate(&expression.value)?;
                if echo == Echo::Show && !matches!(value, Value::None) {
                    write_out(&(request(&value, Style::Repr)?.write()? + "\n"))?;
                }
                Ok(())
            }
            Stmt::Pass(_) => Ok(()),
            other => Err(Exception::unsupported(statement_name(other))),
        }
    }

    fn import(&mut self, import: &StmtImport) -> Result<(), Exception> {
        for alias in &import.names {
            let name = alias.name.as_str();
            let module = numpy::find_module(name).ok_or_else(|| {
                let message = format!(
                    "no module named '{name}' here: `import numpy as np` is the one that is supported"
                );
                Exception::new(Kind::Import, message).at(alias.range())
            })?;
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            self.names.insert(name.to_string(), Value::Module(module));
        }
        Ok(())
    }

    fn assign(&mut self, assign: &StmtAssign) -> Result<(), Exception> {
        let value = self.evaluate(&assign.value)?;
        for target in &assign.targets {
            self.bind(target, value.clone()).map_err(|error| error.at(target.range()))?;
        }
        Ok(())
    }

    /// Gives a target its value; a tuple or list of targets takes one item each.
    fn bind(&mut self, target: &Expr, value: Value) -> Result<(), Exception> {
        let targets = match target {
            Expr::Name(name) => {
                self.names.insert(name.id.to_string(), value);
                return Ok(());
            }
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::List(list) => &list.elts,
            Expr::Subscript(_) => {
                return Err(Exception::unsupported("assignment to an element or slice is"));
            }
            _ => return Err(Exception::unsupported("this target of an assignment is")),
        };
        let items = self.items(&value)?;
        let (expected, found) = (targets.len(), items.len());
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

    /// `name += value`: an array changes in place, anything else is replaced.
    fn assign_augmented(&mut self, assign: &StmtAugAssign) -> Result<(), Exception> {
        let Expr::Name(name) = assign.target.as_ref() else {
            return Err(Exception::unsupported("augmented assignment to anything but a name is")
                .at(assign.target.range()));
        };
        let left =
            self.look_up(name.id.as_str()).map_err(|error| error.at(assign.target.range()))?;
        let right = self.evaluate(&assign.value)?;
        let operator = Binary::new(assign.op, true)?;
        let result = match &left {
            Value::Array(array) => {
                in_place(&self.session, operator, array, &right)?;
                left
            }
            _ => binary(&self.session, operator, &left, &right)?,
        };
        self.names.insert(name.id.to_string(), result);
        Ok(())
    }
}

/// Writes to standard output; a reader that has gone is Python's `OSError`.
pub(crate) fn write_out(text: &str) -> Result<(), Exception> {
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .map_err(|error| Exception::new(Kind::Os, error.to_string()))
}

/// What a user would call a statement that is not supported.
fn statement_name(statement: &Stmt) -> &'static str {
    match statement {
        Stmt::FunctionDef(_) => "defining a function with `def` is",
        Stmt::ClassDef(_) => "defining a class is",
        Stmt::Return(_) => "`return` is",
        Stmt::Delete(_) => "`del` is",
        Stmt::TypeAlias(_) => "a type alias is",
        Stmt::AnnAssign(_) => "an assignment with an annotation is",
        Stmt::For(_) => "a `for` loop is",
        Stmt::While(_) => "a `while` loop is",
        Stmt::If(_) => "an `if` statement is",
        Stmt::With(_) => "a `with` statement is",
        Stmt::Match(_) => "a `match` statement is",
        Stmt::Raise(_) => "`raise` is",
        Stmt::Try(_) => "a `try` statement is",
        Stmt::Assert(_) => "`assert` is",
        Stmt::ImportFrom(_) => "`from ... import` (write `import numpy as np`) is",
        Stmt::Global(_) | Stmt::Nonlocal(_) => "a declaration of scope is",
        Stmt::Break(_) | Stmt::Continue(_) => "a loop is",
        Stmt::IpyEscapeCommand(_) => "a command is",
        Stmt::Import(_) | Stmt::Assign(_) | Stmt::AugAssign(_) | Stmt::Expr(_) | Stmt::Pass(_) => {
            "this form of the statement is"
        }
    }
}
