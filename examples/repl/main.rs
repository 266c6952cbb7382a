//! NumPy at the prompt, a cluster behind it.
//!
//! ```text
//! cargo run --release --example repl                      # a prompt, on nodes inside this process
//! cargo run --release --example repl -- script.py         # a script; so does a pipe
//! cargo run --release --example repl -- --cluster TICKET  # on a cluster that `nums up` started
//! ```
//!
//! The language is Python's, read by ruff's parser; the evaluator is here, and what NumPy means is in `nums_numpy`.
//! `syntax` reads, then `interpreter` evaluates to `value`s; `builtins` are Python's functions, `numpy` stands between
//! both worlds, and `show` writes values. Nothing is computed until a value is needed.

mod attribute;
mod builtins;
mod class;
mod commands;
mod completion;
mod containers;
mod continuation;
mod dict;
mod exception;
mod function;
mod help;
mod interpreter;
mod iterate;
mod modules;
mod numbers;
mod numpy;
mod operators;
mod prompt;
mod show;
mod source;
mod specification;
mod strings;
mod submission;
mod subscript;
mod substitutes;
mod syntax;
mod value;
mod waiting;
mod warnings;
mod watch;

use clap::Parser;
use interpreter::{Echo, Interpreter};
use nums::{Budget, Session};
use source::Source;
use std::{
    io::{IsTerminal, Read},
    path::PathBuf,
    process::ExitCode,
};

/// The interpreter calls itself for each nested expression, and is given memory for as deep a
/// nesting as it admits; what is not used costs nothing.
const STACK_BYTES: usize = 256 << 20;

/// NumPy at the prompt, a cluster behind it.
#[derive(Parser)]
#[command(name = "repl")]
struct Options {
    /// A Python script; without one there is a prompt, or what a pipe brings is run.
    script: Option<PathBuf>,
    /// Nodes inside this process.
    #[arg(long, default_value_t = 1, conflicts_with = "cluster")]
    nodes: usize,
    /// Worker threads of each node [default: the cores, shared among the nodes].
    #[arg(long, conflicts_with = "cluster")]
    workers: Option<usize>,
    /// Logical places that arrays are laid out on: the same number gives the same bits on any
    /// number of nodes [default: 64, more with more than 16 nodes].
    #[arg(long)]
    places: Option<u32>,
    /// Memory that blocks may take up: bytes of each node such as 256M or 4GiB, in units of 1024, or a
    /// part of the machine's such as 50%, which the nodes share. More is refused before it runs
    /// [default: 80%].
    #[arg(long, value_name = "SIZE", conflicts_with = "cluster")]
    memory: Option<Budget>,
    /// The size of a block, such as 4096 or 16M.
    #[arg(long, value_name = "SIZE", value_parser = nums::parse_bytes)]
    block_bytes: Option<u64>,
    /// How work is given to nodes, for example `lshs` or `round-robin`.
    #[arg(long)]
    policy: Option<nums::Policy>,
    /// The seed of generators that are made without one.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The ticket of a running cluster, instead of nodes inside this process.
    #[arg(long, value_name = "TICKET")]
    cluster: Option<String>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let interpreter = std::thread::Builder::new()
        .name("interpreter".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || run(&options));
    match interpreter.map(|thread| thread.join()) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("repl: no thread for the interpreter: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> ExitCode {
    let source = match script(options) {
        Ok(source) => source,
        Err(message) => {
            eprintln!("repl: {message}");
            return ExitCode::FAILURE;
        }
    };
    let session = match open(options) {
        Ok(session) => session,
        Err(error) => {
            eprintln!("repl: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut interpreter = Interpreter::new(session, options.seed);
    let code = match source {
        Some(source) => run_script(&mut interpreter, source),
        None => {
            if let Some(budget) = options.memory {
                let bytes = budget.bytes(options.nodes);
                let understood = nums::readable_bytes(bytes);
                println!("blocks may take up {understood} ({bytes} bytes) on each node");
            }
            prompt::run(&mut interpreter)
        }
    };
    watch::forget();
    code
}

/// Runs a script to its end, and tells what has failed that it did not wait for.
fn run_script(interpreter: &mut Interpreter, source: Source) -> ExitCode {
    let code = match interpreter.run(source, Echo::Drop) {
        Ok(()) => ExitCode::SUCCESS,
        Err(exception) => match exception.exit_code() {
            Some(code) => code,
            None => {
                eprint!("{}", exception.report());
                return ExitCode::FAILURE;
            }
        },
    };
    let failures = watch::finish().unwrap_or_else(|exception| vec![exception]);
    failures.iter().for_each(|exception| eprint!("{}", exception.report()));
    if failures.is_empty() || code != ExitCode::SUCCESS { code } else { ExitCode::FAILURE }
}

/// What is to be run: a file, or what a pipe brings; nothing at a terminal.
fn script(options: &Options) -> Result<Option<Source>, String> {
    if let Some(path) = &options.script {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("can't open file '{name}': {error}"))?;
        return Ok(Some(Source { name, text }));
    }
    if std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| format!("can't read standard input: {error}"))?;
    Ok(Some(Source { name: "<stdin>".to_owned(), text }))
}

fn open(options: &Options) -> Result<Session, nums::Error> {
    let mut builder = Session::builder();
    if let Some(places) = options.places {
        builder = builder.places(places);
    }
    if let Some(bytes) = options.block_bytes {
        builder = builder.block_bytes_min(bytes).block_bytes_max(bytes);
    }
    if let Some(budget) = options.memory {
        builder = builder.memory(budget);
    }
    if let Some(workers) = options.workers {
        builder = builder.workers(workers);
    }
    if let Some(policy) = &options.policy {
        builder = builder.policy(*policy);
    }
    if let Some(ticket) = &options.cluster {
        return builder.connect(ticket);
    }
    builder.nodes(options.nodes).embedded()
}
