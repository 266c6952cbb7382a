//! Runs Python statements on a session: the tree of the syntax is walked.
//!
//! `statement` and `expression` follow the syntax; `target` binds, `call` calls, `comprehension`
//! and `text` have a kind of expression each, and `scope` knows whose a name is.

mod call;
mod comprehension;
mod expression;
mod fallible;
mod scope;
mod statement;
mod target;
mod text;

pub(crate) use call::Closure;
pub(crate) use comprehension::Generation;
use scope::Names;

use crate::{
    exception::{Exception, Frame, Kind},
    numpy::AtPrompt,
    show,
    source::Source,
    submission::Submission,
    syntax,
    value::Value,
};
use nums::Session;
use nums_numpy::{Context, Style};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use scope::Scope;
use std::{io::Write, rc::Rc, sync::Arc};

/// How deep expressions and calls may be nested together: what the thread's stack has room for.
const DEPTH_MAX: usize = 12_000;

/// What a traceback calls the text outside of functions.
const MODULE: &str = "<module>";

/// How many calls may be under way: Python's own limit.
const CALLS_MAX: usize = 1000;

/// Runs Python statements on a session.
pub(crate) struct Interpreter {
    /// What NumPy works in.
    pub(crate) numpy: Context,
    pub(crate) host: Arc<AtPrompt>,
    names: Names,
    /// The text that is being run.
    source: Arc<Source>,
    /// The function that is being run.
    function: Arc<str>,
    /// The innermost call that is being evaluated there.
    pub(crate) call: TextRange,
    /// The calls that led there, the outermost first.
    callers: Vec<Frame>,
    /// How many bodies of `try` are being run, those of callers included.
    tries: usize,
    /// What the prompt has shown last: `_`.
    shown: Option<Value>,
    /// Whether a plan is asked for: what is evaluated stays undone.
    pub(crate) plans_only: bool,
    /// How many expressions and statements enclose the one that is run.
    depth: usize,
    /// How many calls of Python functions are under way.
    calls: usize,
    /// The exceptions whose handlers are being run, for a bare `raise`.
    handled: Vec<Exception>,
    /// What the running statements have handed to the cluster.
    pub(crate) submission: Submission,
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
    pub(crate) fn new(session: Session, seed: u64) -> Interpreter {
        let names = Names { module: Rc::new(Scope::default()), local: None };
        let source = Arc::new(Source { name: "<stdin>".to_owned(), text: String::new() });
        let host = Arc::new(AtPrompt::default());
        Interpreter {
            numpy: Context::with_host(session, seed, host.clone()),
            host,
            names,
            source,
            function: MODULE.into(),
            call: TextRange::default(),
            callers: Vec::new(),
            tries: 0,
            shown: None,
            plans_only: false,
            depth: 0,
            calls: 0,
            handled: Vec::new(),
            submission: Submission::default(),
        }
    }

    /// Runs all statements of a source, or those before the first that raises.
    pub(crate) fn run(&mut self, source: Source, echo: Echo) -> Result<(), Exception> {
        let source = self.enter(source);
        let outcome = syntax::parse(&source.text).and_then(|statements| {
            for statement in &statements {
                self.enter_module();
                self.run_statement(statement, echo)?;
            }
            Ok(())
        });
        outcome.map_err(|error| error.leave(&source, MODULE))
    }

    fn enter(&mut self, source: Source) -> Arc<Source> {
        self.source = Arc::new(source);
        self.source.clone()
    }

    /// Forgets what a statement left behind that raised.
    fn enter_module(&mut self) {
        (self.depth, self.calls, self.tries, self.names.local) = (0, 0, 0, None);
        self.numpy.set_waits(false);
        self.function = MODULE.into();
        self.handled.clear();
        self.callers.clear();
    }

    /// The file and line of the call that is being evaluated.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.source.name, self.source.place(self.call).line)
    }

    /// Whether a text is one expression.
    pub(crate) fn is_expression(&self, text: &str) -> bool {
        matches!(syntax::parse(text).as_deref(), Ok([Stmt::Expr(_)]))
    }

    /// The value of a text that is one expression.
    pub(crate) fn value_of(&mut self, text: &str) -> Result<Value, Exception> {
        let source = self.enter(Source { name: "<stdin>".to_owned(), text: text.to_owned() });
        self.enter_module();
        let outcome = syntax::parse(text).and_then(|statements| match statements.as_slice() {
            [Stmt::Expr(expression)] => self.evaluate(&expression.value),
            _ => Err(Exception::new(Kind::Syntax, "an expression is needed here")),
        });
        outcome.map_err(|error| error.leave(&source, MODULE))
    }

    fn run_statement(&mut self, statement: &Stmt, echo: Echo) -> Result<(), Exception> {
        if let (Echo::Show, Stmt::Expr(expression)) = (echo, statement) {
            let value = self.evaluate(&expression.value)?;
            if !matches!(value, Value::None) {
                let shown = show::text(&value, Style::Repr);
                shown
                    .and_then(|text| write_out(&(text + "\n")))
                    .map_err(|error| error.at(statement.range()))?;
                self.shown = Some(value);
            }
            return Ok(());
        }
        self.execute(statement).map(drop)
    }

    /// Counts one more level of nesting while `body` runs.
    fn nested<T>(
        &mut self,
        body: impl FnOnce(&mut Interpreter) -> Result<T, Exception>,
    ) -> Result<T, Exception> {
        if self.depth >= DEPTH_MAX {
            return Err(Exception::new(Kind::Recursion, "maximum recursion depth exceeded"));
        }
        self.depth += 1;
        let outcome = body(self);
        self.depth -= 1;
        outcome
    }

    /// The names of the module with their values, in alphabetical order.
    pub(crate) fn defined(&self) -> Vec<(String, Value)> {
        self.names.module.entries()
    }

    fn evaluate_all(&mut self, expressions: &[Expr]) -> Result<Vec<Value>, Exception> {
        let mut values = Vec::with_capacity(expressions.len());
        for expression in expressions {
            match expression {
                Expr::Starred(starred) => {
                    let items = self.evaluate(&starred.value)?;
                    let items = self.items(&items).map_err(|error| match error.kind() {
                        Kind::Type => {
                            let message = format!(
                                "Value after * must be an iterable, not {}",
                                items.type_name()
                            );
                            Exception::new(Kind::Type, message).at(starred.range())
                        }
                        _ => error.at(starred.range()),
                    })?;
                    values.extend(items);
                }
                other => values.push(self.evaluate(other)?),
            }
        }
        Ok(values)
    }
}

/// Writes to standard output; a reader that has gone is Python's `OSError`.
pub(crate) fn write_out(text: &str) -> Result<(), Exception> {
    let mut output = std::io::stdout().lock();
    let written = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    written.map_err(|error| Exception::new(Kind::Os, error.to_string()))
}
