//! The command `nums` as its user meets it: tickets, the status of a cluster, restarts, and the death of the founder.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::NodeProcess;
use nums::Session;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn nums(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nums")).args(arguments).output().unwrap()
}

/// What a command prints that is expected to succeed.
fn printed(arguments: &[&str]) -> String {
    let output = nums(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command says that is expected to fail.
fn complaint(arguments: &[&str]) -> String {
    let output = nums(arguments);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    String::from_utf8(output.stderr).unwrap()
}

fn status(data: &str) -> Vec<serde_json::Value> {
    serde_json::from_str(&printed(&["status", "--data", data, "--json"])).unwrap()
}

/// The status, once it shows so many members, of which so many admit others.
fn settled_status(data: &str, members: usize, admitting: usize) -> Vec<serde_json::Value> {
    let started = Instant::now();
    loop {
        let rows = status(data);
        let admits = rows.iter().filter(|row| row["admits"] == true).count();
        if (rows.len(), admits) == (members, admitting) {
            return rows;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{rows:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn ticket(data: &str, options: &[&str]) -> String {
    let line = printed(&[&["ticket", "--data", data], options].concat());
    line.strip_prefix("nums join ").unwrap().trim().to_owned()
}

fn folder(root: &Path, name: &str) -> String {
    root.join(name).to_str().unwrap().to_owned()
}

#[test]
fn tickets_are_given_out_used_up_and_withdrawn() {
    let root = tempfile::tempdir().unwrap();
    let data = folder(root.path(), "founder");
    let (_founder, standing) = NodeProcess::up_in(&data);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(root.path().join("founder/nums.sock")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    assert!(complaint(&["up", "--data", &data]).contains("another node runs"));

    let once = ticket(&data, &["--once", "--expires", "10m"]);
    let _second = NodeProcess::join(&once);
    assert!(complaint(&["join", &once]).contains("was used"));
    assert!(complaint(&["join", &ticket(&data, &["--expires", "0s"])]).contains("expired"));
    assert!(printed(&["ticket", "--data", &data, "--revoke"]).contains("withdrew 1 "));
    assert!(complaint(&["join", &standing]).contains("withdrawn"));
    assert!(complaint(&["status", "--cluster", &standing]).contains("withdrawn"));

    let rows = settled_status(&data, 2, 2);
    assert!(rows.iter().all(|row| row["node"]["tasks"] == 0 && row["role"] == "node"), "{rows:?}");
    let table = printed(&["status", "--cluster", &ticket(&data, &[])]);
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(
        complaint(&["status", "--data", &folder(root.path(), "none")]).contains("no node answers")
    );
    assert!(complaint(&["join"]).contains("ticket"));
}

#[test]
fn the_founder_dies_a_node_joins_through_another_and_the_dead_come_back_without_tickets() {
    let root = tempfile::tempdir().unwrap();
    let [first, second, third] = ["first", "second", "third"].map(|name| folder(root.path(), name));
    let (founder, invitation) = NodeProcess::up_in(&first);
    let _second = NodeProcess::join_in(&[&invitation], &second);
    settled_status(&first, 2, 2);
    // It has yet to write down whom it may come back through.
    std::thread::sleep(Duration::from_millis(500));
    let founder_name = founder.name.clone();
    // Killed, not asked to leave.
    drop(founder);
    let _third = NodeProcess::join_in(&[&ticket(&second, &[])], &third);
    let rows = settled_status(&third, 2, 2);
    assert!(rows.iter().all(|row| row["name"] != founder_name.as_str()), "{rows:?}");
    let session = Session::connect(&ticket(&third, &[])).unwrap();
    let sum = || session.arange(0.0, 1e6, 1.0).unwrap().sum().fetch::<f64>().wait().unwrap()[[]];
    assert_eq!((session.nodes(), sum()), (2, 499999500000.0));

    // The founder is one of many when it comes back, and works in the next plan.
    let (founder, _) = NodeProcess::up_in(&first);
    assert_eq!(founder.name, founder_name);
    let rows = settled_status(&first, 4, 3);
    assert_eq!(rows.iter().filter(|row| row["role"] == "session").count(), 1);
    assert_eq!(sum(), 499999500000.0);
    let started = Instant::now();
    while status(&first).iter().any(|row| row["role"] == "node" && row["node"]["tasks"] == 0) {
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", status(&first));
        sum();
    }
}

#[test]
fn a_node_that_is_asked_to_stop_says_goodbye() {
    let root = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder(root.path(), name));
    let (_founder, invitation) = NodeProcess::up_in(&first);
    let mut member = NodeProcess::join_in(&[&invitation], &second);
    settled_status(&first, 2, 2);
    let killed = Command::new("kill").args(["-TERM", &member.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert!(member.wait().success());
    assert!(!root.path().join("second/nums.sock").exists());
    assert_eq!(status(&first).len(), 1);
    // What it was is remembered.
    let _member = NodeProcess::join_in(&[], &second);
    settled_status(&first, 2, 2);
}
