//! The prompt as its users see it, on a pseudo-terminal: history, blocks of several lines, completion, Ctrl-C, the line
//! of a long wait, Ctrl-D.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod repl_binary;

use repl_binary::repl;
use rexpect::session::{PtySession, spawn_command};
use std::path::Path;
use std::time::Duration;

/// What any answer may take on a busy machine.
const PATIENCE_MS: u64 = 120_000;

const UP: &str = "\x1b[A";

fn prompt(history: &Path) -> PtySession {
    let mut command = repl();
    command.args(["--nodes", "2"]).env("NUMS_HISTORY", history).env("TERM", "xterm");
    let mut terminal = spawn_command(command, Some(PATIENCE_MS)).unwrap();
    terminal.exp_string(">>> ").unwrap();
    terminal
}

/// Types a line and waits for what it prints, then for the next prompt.
fn says(terminal: &mut PtySession, line: &str, answer: &str) {
    terminal.send_line(line).unwrap();
    terminal.exp_string(answer).unwrap();
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
    let mut terminal = prompt(&history);
    says(&mut terminal, "import numpy as np", "np");
    says(&mut terminal, "x = np.arange(6).reshape(2, 3)", "3)");
    says(&mut terminal, "x.sum()", "np.int64(15)");
    // A block goes on until an empty line.
    terminal.send_line("for i in range(2):").unwrap();
    terminal.exp_string("... ").unwrap();
    terminal.send_line("    print('row', i, x[i])").unwrap();
    terminal.exp_string("... ").unwrap();
    terminal.send_line("").unwrap();
    terminal.exp_string("row 0 [0 1 2]").unwrap();
    terminal.exp_string("row 1 [3 4 5]").unwrap();
    terminal.exp_string(">>> ").unwrap();
    // Completion: a name in a module, then a keyword argument.
    terminal.send("np.linsp\t").unwrap();
    terminal.exp_string("linspace").unwrap();
    terminal.send("(0, 1, endp\t").unwrap();
    terminal.exp_string("endpoint=").unwrap();
    says(&mut terminal, "False, num=4)", "array([0.  , 0.25, 0.5 , 0.75])");
    // An error leaves the session as it was.
    terminal.send_line("x.sun()").unwrap();
    terminal.exp_string("Did you mean: 'sum'?").unwrap();
    terminal.exp_string(">>> ").unwrap();
    says(&mut terminal, "%who", "int64 2 x 3");
    says(&mut terminal, "%policy round-robin", "round-robin");
    says(&mut terminal, "%layout x", "0");
    leave(terminal);

    // The history outlives the session.
    let mut terminal = prompt(&history);
    terminal.send(UP).unwrap();
    terminal.exp_string("%layout x").unwrap();
    terminal.send(UP).unwrap();
    terminal.exp_string("%policy round-robin").unwrap();
    terminal.send_line("").unwrap();
    terminal.exp_string(">>> ").unwrap();
    leave(terminal);
}

#[test]
fn ctrl_c_ends_what_runs_and_keeps_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = prompt(&folder.path().join("history"));
    says(&mut terminal, "import numpy as np; kept = 40 + 2", "2");
    // A loop that never waits for the cluster.
    terminal.send_line("while True: pass").unwrap();
    terminal.exp_string("... ").unwrap();
    terminal.send_line("").unwrap();
    // The loop has to be under way; there is nothing to see of it.
    std::thread::sleep(Duration::from_millis(500));
    terminal.send_control('c').unwrap();
    terminal.exp_string("KeyboardInterrupt").unwrap();
    terminal.exp_string(">>> ").unwrap();
    says(&mut terminal, "kept", "42");
    // A computation that takes longer than a second shows that it goes on.
    terminal.send_line("y = np.ones((6000, 6000)); print((y @ y @ y).sum())").unwrap();
    terminal.exp_string("tasks done").unwrap();
    terminal.send_control('c').unwrap();
    terminal.exp_string("KeyboardInterrupt").unwrap();
    terminal.exp_string(">>> ").unwrap();
    says(&mut terminal, "kept + 1", "43");
    // A line that is being typed is dropped.
    terminal.send("kept + ").unwrap();
    terminal.send_control('c').unwrap();
    terminal.exp_string("KeyboardInterrupt").unwrap();
    terminal.exp_string(">>> ").unwrap();
    leave(terminal);
}
