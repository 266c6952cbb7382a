//! The prompt on a terminal: lines are edited, completed and remembered, and go on while a bracket
//! or a block is open.

use crate::{
    commands,
    completion::complete,
    continuation::continues,
    exception::{Exception, Kind},
    interpreter::{Echo, Interpreter},
    source::Source,
    value::Value,
    waiting, watch,
};
use rustyline::{
    CompletionType, Config, Context, Editor, Helper,
    completion::{Completer, FilenameCompleter, Pair},
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::FileHistory,
    validate::Validator,
};
use std::{collections::BTreeMap, io::IsTerminal, path::PathBuf, process::ExitCode};

const PROMPT: &str = ">>> ";
const CONTINUED: &str = "... ";

/// How many inputs are remembered.
const HISTORY_MAX: usize = 10_000;

/// Reads, runs and shows until the input ends (Ctrl-D). Ctrl-C drops the line, or what is running.
pub(crate) fn run(interpreter: &mut Interpreter) -> ExitCode {
    match open(interpreter).and_then(|mut editor| converse(interpreter, &mut editor)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("repl: {error}");
            ExitCode::FAILURE
        }
    }
}

type Lines = Editor<Assistant, FileHistory>;

fn open(interpreter: &Interpreter) -> rustyline::Result<Lines> {
    let config = Config::builder()
        .auto_add_history(false)
        .max_history_size(HISTORY_MAX)?
        .completion_type(CompletionType::List)
        .build();
    let mut editor = Lines::with_config(config)?;
    let names = BTreeMap::new();
    editor.set_helper(Some(Assistant { names, paths: FilenameCompleter::new() }));
    if let Some(path) = history_path() {
        // There is none the first time.
        drop(editor.load_history(&path));
    }
    waiting::watch(interpreter.numpy.session())?;
    Ok(editor)
}

/// How the process ends.
fn converse(interpreter: &mut Interpreter, editor: &mut Lines) -> rustyline::Result<ExitCode> {
    loop {
        if let Some(assistant) = editor.helper_mut() {
            assistant.names = interpreter.defined().into_iter().collect();
        }
        let text = match read(editor) {
            Ok(text) => text,
            Err(ReadlineError::Interrupted) => {
                eprintln!("KeyboardInterrupt");
                continue;
            }
            Err(ReadlineError::Eof) => return Ok(ExitCode::SUCCESS),
            Err(error) => return Err(error),
        };
        if text.trim().is_empty() {
            continue;
        }
        editor.add_history_entry(text.trim_end())?;
        if let Some(path) = history_path() {
            // A history that cannot be written is not worth the session.
            drop(editor.save_history(&path));
        }
        waiting::forget_interrupt();
        let typed = text.trim();
        let outcome = if let Some(command) = typed.strip_prefix('%') {
            commands::run(interpreter, command)
        } else if let Some(asked) = commands::question(typed) {
            commands::help(interpreter, asked)
        } else if commands::leaves(interpreter, typed) {
            return Ok(ExitCode::SUCCESS);
        } else {
            interpreter.run(Source { name: "<stdin>".to_owned(), text }, Echo::Show)
        };
        if let Err(exception) = outcome {
            if let Some(code) = exception.exit_code() {
                return Ok(code);
            }
            show(&exception);
        }
        watch::failures().iter().for_each(show);
    }
}

/// One input: a line, and those that belong to it.
fn read(editor: &mut Lines) -> rustyline::Result<String> {
    let mut text = editor.readline(PROMPT)?;
    while !text.starts_with('%') && continues(&text) {
        text.push('\n');
        match editor.readline(CONTINUED) {
            Ok(line) => text += &line,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(text)
}

/// Writes an exception, in colour where a terminal shows it.
fn show(exception: &Exception) {
    if exception.kind() == Kind::KeyboardInterrupt {
        eprintln!("KeyboardInterrupt");
        return;
    }
    let report = exception.report();
    let coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    match report.trim_end().rsplit_once('\n') {
        Some((above, message)) if coloured => eprintln!("{above}\n\x1b[1;31m{message}\x1b[0m"),
        _ => eprint!("{report}"),
    }
}

/// Where inputs are remembered: `NUMS_HISTORY`, or a file in the home folder.
fn history_path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("NUMS_HISTORY") {
        return Some(path.into());
    }
    std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".nums_history"))
}

/// What the editor asks while a text is typed.
struct Assistant {
    names: BTreeMap<String, Value>,
    paths: FilenameCompleter,
}

impl Helper for Assistant {}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let line = &line[..position];
        // Inside quotes there are paths.
        let quotes = line.matches(['"', '\'']).count();
        if quotes % 2 == 1 {
            return self.paths.complete_path(line, position);
        }
        let (start, found) = complete(line, &self.names);
        let pair = |text: String| Pair { display: text.clone(), replacement: text };
        Ok((start, found.into_iter().map(pair).collect()))
    }
}

impl Highlighter for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Validator for Assistant {}
