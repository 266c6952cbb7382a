//! The prompt against NumPy on random statements, where there is a Python with NumPy 2; tests/differential/run.py says
//! how, and writes out what differs.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod repl_binary;

use repl_binary::repl;
use std::path::Path;
use std::process::Command;

/// Statements that are compared; `NUMS_STATEMENTS` says another number.
const STATEMENTS: &str = "5000";

/// A Python that has NumPy 2: `NUMS_PYTHON`, or `python3`.
fn python() -> Option<String> {
    let python = std::env::var("NUMS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let check = "import numpy, sys; sys.exit(not numpy.__version__.startswith('2.'))";
    let found = Command::new(&python).args(["-c", check]).output().ok()?;
    found.status.success().then_some(python)
}

#[test]
fn random_statements_print_what_numpy_prints() {
    let Some(python) = python() else {
        println!("SKIPPED: no python3 with NumPy 2; NUMS_PYTHON names one");
        eprintln!("SKIPPED: the comparison with NumPy needs a python3 with NumPy 2");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/run.py");
    let statements = std::env::var("NUMS_STATEMENTS").unwrap_or_else(|_| STATEMENTS.to_owned());
    let binary = repl();
    let output = Command::new(python)
        .arg(script)
        .arg(binary.get_program())
        .args(["--count", &statements, "--option=--nodes", "--option=2"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    println!("{told}");
    assert!(output.status.success(), "{told}\n{errors}");
}
