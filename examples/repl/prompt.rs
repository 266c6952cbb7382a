//! The prompt on a terminal: lines are edited, remembered, and go on while a bracket is open.

use crate::{
    continuation::continues,
    interpreter::{Echo, Interpreter},
    source::Source,
};
use rustyline::{
    Config, Editor, Helper,
    completion::Completer,
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::MemHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};
use std::process::ExitCode;

const PROMPT: &str = ">>> ";

/// Reads, runs and shows until the input ends (Ctrl-D). Ctrl-C drops the line.
pub(crate) fn run(interpreter: &mut Interpreter) -> ExitCode {
    let config = Config::builder().auto_add_history(true).build();
    let editor = Editor::<Lines, MemHistory>::with_history(config, MemHistory::new());
    let mut editor = match editor {
        Ok(editor) => editor,
        Err(error) => {
            eprintln!("repl: no line editor on this terminal: {error}");
            return ExitCode::FAILURE;
        }
    };
    editor.set_helper(Some(Lines));
    loop {
        match editor.readline(PROMPT) {
            Ok(text) => {
                let source = Source { name: "<stdin>".to_owned(), text };
                if let Err(exception) = interpreter.run(source, Echo::Show) {
                    eprint!("{}", exception.report());
                }
            }
            Err(ReadlineError::Interrupted) => eprintln!("KeyboardInterrupt"),
            Err(ReadlineError::Eof) => return ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("repl: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
}

/// What the editor asks while a text is typed.
struct Lines;

impl Helper for Lines {}

impl Completer for Lines {
    type Candidate = String;
}

impl Highlighter for Lines {}

impl Hinter for Lines {
    type Hint = String;
}

impl Validator for Lines {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if continues(context.input()) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}
