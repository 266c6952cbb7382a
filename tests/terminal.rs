//! The prompt as its users see it, on a pseudo-terminal: history, blocks of several lines, completion, Ctrl-C, the line
//! of a long wait, commands, Ctrl-D.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod repl_binary;

use repl_binary::repl;
use rexpect::session::{PtySession, spawn_command};
use std::path::Path;

/// What any answer may take on a busy machine.
const PATIENCE_MS: u64 = 300_000;

const UP: &str = "\x1b[A";

fn prompt(history: &Path, options: &[&str]) -> PtySession {
    let mut command = repl();
    command.args(options).env("NUMS_HISTORY", history).env("TERM", "xterm");
    let mut terminal = spawn_command(command, Some(PATIENCE_MS)).unwrap();
    terminal.exp_string(">>> ").unwrap();
    terminal
}

/// Types without ending the line.
fn types(terminal: &mut PtySession, text: &str) {
    terminal.send(text).unwrap();
    terminal.flush().unwrap();
}

/// Types a line and waits for what it prints, then for the next prompt.
fn says(terminal: &mut PtySession, line: &str, answer: &str) {
    terminal.send_line(line).unwrap();
    terminal.exp_string(answer).unwrap();
    terminal.exp_string(">>> ").unwrap();
}

/// Types the first line of a block and those that follow, and runs it by an empty one.
fn block(terminal: &mut PtySession, lines: &[&str]) {
    for line in lines {
        terminal.send_line(line).unwrap();
        terminal.exp_string("... ").unwrap();
    }
    terminal.send_line("").unwrap();
}

fn interrupt(terminal: &mut PtySession) {
    terminal.send_control('c').unwrap();
    terminal.exp_string("KeyboardInterrupt").unwrap();
    terminal.exp_string(">>> ").unwrap();
}

fn leave(mut terminal: PtySession) {
    terminal.send_control('d').unwrap();
    terminal.exp_eof().unwrap();
}

#[test]
fn lines_are_run_remembered_and_completed() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history");
    let mut terminal = prompt(&history, &["--nodes", "2"]);
    says(&mut terminal, "import numpy as np", "np");
    says(&mut terminal, "x = np.arange(6).reshape(2, 3)", "3)");
    says(&mut terminal, "x.sum()", "np.int64(15)");
    // A block goes on until an empty line.
    block(&mut terminal, &["for i in range(2):", "    print('row', i, x[i])"]);
    terminal.exp_string("row 0 [0 1 2]").unwrap();
    terminal.exp_string("row 1 [3 4 5]").unwrap();
    terminal.exp_string(">>> ").unwrap();
    // Completion: a name in a module, then a keyword argument, then a path.
    types(&mut terminal, "np.linsp\t");
    terminal.exp_string("linspace").unwrap();
    types(&mut terminal, "(0, 1, endp\t");
    terminal.exp_string("endpoint=").unwrap();
    says(&mut terminal, "False, num=4)", "array([0.  , 0.25, 0.5 , 0.75])");
    types(&mut terminal, "path = 'Cargo.t\t");
    terminal.exp_string("Cargo.toml").unwrap();
    says(&mut terminal, "'; path", "'Cargo.toml'\r\n");
    // An error leaves the session as it was, and is red on a terminal.
    terminal.send_line("x.sun()").unwrap();
    terminal.exp_string("    ^^^^^").unwrap();
    terminal.exp_string("\x1b[1;31mAttributeError").unwrap();
    terminal.exp_string("Did you mean: 'sum'?").unwrap();
    terminal.exp_string(">>> ").unwrap();
    says(&mut terminal, "help(np.arange)", ">>> np.arange(2, 9, 3)\r\n    array([2, 5, 8])");
    says(&mut terminal, "%who", "int64 2 x 3");
    says(&mut terminal, "%explain x + 1", "plan policy=lshs");
    says(&mut terminal, "%policy round-robin", "round-robin");
    says(&mut terminal, "%explain x + 1", "plan policy=round-robin");
    says(&mut terminal, "%analyze x.sum()", "predicted / measured");
    says(&mut terminal, "%time y = x @ x.T", " s\r\n");
    says(&mut terminal, "%nodes", "node-1");
    says(&mut terminal, "%layot x", "Did you mean: 'layout'?");
    says(&mut terminal, "%layout x", "0");
    leave(terminal);

    // The history outlives the session.
    let mut terminal = prompt(&history, &[]);
    types(&mut terminal, UP);
    terminal.exp_string("%layout x").unwrap();
    types(&mut terminal, UP);
    terminal.exp_string("%layot x").unwrap();
    terminal.send_line("").unwrap();
    terminal.exp_string("Did you mean").unwrap();
    terminal.exp_string(">>> ").unwrap();
    leave(terminal);
}

#[test]
fn ctrl_c_ends_what_runs_and_keeps_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = prompt(&folder.path().join("history"), &["--nodes", "2"]);
    says(&mut terminal, "import numpy as np; kept = 40 + 2", "2");
    // A loop that never waits for the cluster. It says that it is under way in words that were not typed.
    says(&mut terminal, "first = True", "True");
    block(
        &mut terminal,
        &["while True:", "    if first: print('under' + ' way')", "    first = False"],
    );
    terminal.exp_string("under way").unwrap();
    interrupt(&mut terminal);
    says(&mut terminal, "kept", "42\r\n");
    // A computation that takes longer than a second shows that it goes on.
    terminal
        .send_line("y = np.ones((6000, 6000)) @ np.ones((6000, 6000)); print((y @ y).sum())")
        .unwrap();
    terminal.exp_string("tasks done").unwrap();
    interrupt(&mut terminal);
    // What was to be made is gone, and what was there is not.
    says(&mut terminal, "y.sum()", "Ctrl-C has ended");
    says(&mut terminal, "kept + np.arange(2).sum()", "np.int64(43)");
    // A line that is being typed is dropped.
    types(&mut terminal, "kept + ");
    interrupt(&mut terminal);
    leave(terminal);
}

/// Without the marks of a paste that terminals send when they are asked to, and while a computation goes on.
#[test]
fn lines_that_are_typed_ahead_are_run_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = prompt(&folder.path().join("history"), &[]);
    types(&mut terminal, "import numpy as np\na = 40\nb = 2\nprint(a + b, 'at' + ' once')\n");
    terminal.exp_string("42 at once").unwrap();
    let long = "print((np.ones((2500, 2500)) @ np.ones((2500, 2500))).sum())\n";
    types(&mut terminal, long);
    types(
        &mut terminal,
        "a = a + 1\nfor i in range(3):\n    b = b + i\n\nprint(a, b, 'typed' + ' ahead')\n",
    );
    terminal.exp_string("15625000000.0").unwrap();
    terminal.exp_string("41 5 typed ahead").unwrap();
    says(&mut terminal, "a - b", "36");
    leave(terminal);
}

#[test]
fn what_python_and_ipython_users_type_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal =
        prompt(&folder.path().join("history"), &["--nodes", "4", "--block-bytes", "64"]);
    says(&mut terminal, "import numpy as np", "np");
    says(&mut terminal, "_", "name '_' is not defined");
    says(&mut terminal, "6 * 7", "42\r\n");
    says(&mut terminal, "_ + 1", "43\r\n");
    says(&mut terminal, "x = _ + np.arange(100.0)", "0)");
    says(&mut terminal, "print(_, x.sum())", "43 9250.0");
    says(&mut terminal, "np.linalg.inv?", "inverse");
    says(&mut terminal, "x.sum?", "sum(");
    says(&mut terminal, "help(np.random.Generator)", "standard_normal");
    says(&mut terminal, "%timeit x @ x", " loop");
    says(&mut terminal, "%timeit y = x + 1", "std. dev. of 7 runs");
    // Tables fit a terminal of 120 columns.
    for command in ["%layout x", "%analyze (x + 1).sum()"] {
        terminal.send_line(command).unwrap();
        let shown = terminal.exp_string(">>> ").unwrap();
        // The terminal's bytes come as Latin-1: of a character of UTF-8 the first one counts.
        let first = |byte: &char| !('\u{80}'..'\u{c0}').contains(byte);
        assert!(shown.lines().all(|line| line.chars().filter(first).count() <= 120), "{shown}");
        assert!(shown.lines().count() > 3, "{shown}");
    }
    // What fails and is not waited for is told before a later input, and to who reads it.
    says(&mut terminal, "z = np.linalg.inv(np.zeros((2, 2)))", ")");
    says(&mut terminal, "z", "LinAlgError: Singular matrix");
    terminal.send_line("quit").unwrap();
    terminal.exp_eof().unwrap();
}

#[test]
fn what_is_only_made_or_drawn_outlives_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = prompt(&folder.path().join("history"), &[]);
    says(&mut terminal, "import numpy as np", "np");
    says(&mut terminal, "rng = np.random.Generator(np.random.Philox(key=5))", "5))");
    says(&mut terminal, "x = rng.uniform(-1, 1, (6000, 6000)); o = np.ones((6000, 6000))", "))");
    terminal.send_line("y = x @ o; print((y @ y).sum())").unwrap();
    terminal.exp_string("tasks done").unwrap();
    interrupt(&mut terminal);
    says(&mut terminal, "y.sum()", "Ctrl-C has ended");
    says(
        &mut terminal,
        "print(x.shape, o[0, :2], (x * x).max() <= 1)",
        "(6000, 6000) [1. 1.] True",
    );
    leave(terminal);
}

/// Each fit is a chain of plans of one block, so that one worker is enough for one fit: what two workers do at the same
/// time belongs to two fits.
#[test]
fn independent_fits_overlap_on_two_workers() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--workers", "2", "--places", "1"];
    let mut terminal = prompt(&folder.path().join("history"), &options);
    for line in [
        "import numpy as np, nums",
        "rng = np.random.Generator(np.random.Philox(key=1))",
        "X = rng.standard_normal((120000, 40))",
        "y = (X.sum(axis=1) > rng.standard_normal(120000)).astype(float)",
        "fit = lambda c: nums.LogisticRegression(C=c, tol=1e-9).fit(X, y)",
    ] {
        says(&mut terminal, line, "\r\n");
    }
    says(&mut terminal, "print(X.sum() != y.sum())", "True\r\n");
    terminal.send_line("%analyze a, b = fit(1.0), fit(0.01)").unwrap();
    let told = r"timeline of [0-9.]+ s, several plans at work at once for [0-9.]+ s";
    let (_, told) = terminal.exp_regex(told).unwrap();
    let seconds = |word: usize| told.split_whitespace().nth(word).unwrap().parse::<f64>().unwrap();
    let (whole, shared) = (seconds(2), seconds(11));
    assert!(shared > 0.25 * whole, "{told}");
    terminal.exp_string(">>> ").unwrap();
    // Sequential results all the same.
    says(
        &mut terminal,
        "print((a.coef_ == fit(1.0).coef_).all(), a.score(X, y) > 0.9)",
        "True True",
    );
    leave(terminal);
}
