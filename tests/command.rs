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
    assert!(complaint(&["up", "--data", &data]).contains("another node uses the data folder"));

    let once = ticket(&data, &["--once", "--expires", "10m"]);
    let _second = NodeProcess::join_with(&once, &["--memory", "1000000"]);
    assert!(complaint(&["join", &once]).contains("was used"));
    assert!(complaint(&["join", &ticket(&data, &["--expires", "0s"])]).contains("expired"));
    assert!(printed(&["ticket", "--data", &data, "--revoke"]).contains("withdrew 1 "));
    assert!(complaint(&["join", &standing]).contains("withdrawn"));
    assert!(complaint(&["status", "--cluster", &standing]).contains("withdrawn"));

    let rows = settled_status(&data, 2, 2);
    assert!(rows.iter().all(|row| row["node"]["tasks"] == 0 && row["role"] == "node"), "{rows:?}");
    assert_eq!(rows[1]["node"]["memory_bytes"], 1_000_000);
    let table = printed(&["status", "--cluster", &ticket(&data, &[])]);
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(
        complaint(&["status", "--data", &folder(root.path(), "none")]).contains("no node answers")
    );
    assert!(complaint(&["join"]).contains("ticket"));
    assert!(
        complaint(&["join", "nums1abc"])
            .contains("not a ticket: it has characters that a ticket cannot have, or was cut")
    );
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
    // Blocks enough for every node to get some.
    let builder = Session::builder().block_bytes_min(64 << 10);
    let session = builder.connect(&ticket(&third, &[])).unwrap();
    let sum = || session.arange(0.0, 1e8, 1.0).unwrap().sum().fetch::<f64>().wait().unwrap()[[]];
    assert_eq!((session.nodes(), sum()), (2, 4999999950000000.0));

    // The founder is one of many when it comes back, and works in the next plan.
    let (founder, _) = NodeProcess::up_in(&first);
    assert_eq!(founder.name, founder_name);
    let rows = settled_status(&first, 4, 3);
    assert_eq!(rows.iter().filter(|row| row["role"] == "session").count(), 1);
    assert_eq!(sum(), 4999999950000000.0);
    let started = Instant::now();
    while status(&first).iter().any(|row| row["role"] == "node" && row["node"]["tasks"] == 0) {
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", status(&first));
        sum();
    }
}

#[test]
fn a_node_lives_on_when_nobody_can_read_what_it_says() {
    let root = tempfile::tempdir().unwrap();
    let data = folder(root.path(), "node");
    // Every write to this device fails.
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut node = Command::new(env!("CARGO_BIN_EXE_nums"))
        .args(["up", "--listen", "127.0.0.1:0", "--workers", "1", "--data", &data])
        .stdout(full())
        .stderr(full())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let answers = || nums(&["status", "--data", &data]).status.success();
    while !answers() && node.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < Duration::from_secs(20), "the node does not answer");
        std::thread::sleep(Duration::from_millis(50));
    }
    let ended = node.try_wait().unwrap();
    node.kill().unwrap();
    node.wait().unwrap();
    assert_eq!(ended, None, "the node ended");
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

#[test]
fn a_node_that_is_drained_hands_on_what_it_holds_and_nothing_is_computed_again() {
    let root = tempfile::tempdir().unwrap();
    let [first, second, third] = ["first", "second", "third"].map(|name| folder(root.path(), name));
    let (founder, invitation) = NodeProcess::up_in(&first);
    let mut leaving = NodeProcess::join_in(&[&invitation], &second);
    let mut last = NodeProcess::join_in(&[&invitation], &third);
    settled_status(&first, 3, 3);
    // Blocks enough for every node to get some.
    let session = Session::builder().block_bytes_min(64 << 10).connect(&invitation).unwrap();
    let x = session.arange(0.0, 1e6, 1.0).unwrap();
    let y = &x * 2.0;
    y.eval().wait().unwrap();
    x.eval().wait().unwrap();
    let dropped = session.ones(&[1000]).unwrap();
    dropped.eval().wait().unwrap();
    let other = Session::connect(&invitation).unwrap();
    let kept = other.full(&[100_000], 1.5).unwrap();
    kept.eval().wait().unwrap();
    let stored = |name: &str| {
        let nodes = session.status().wait().unwrap();
        let node = nodes.into_iter().find(|node| node.name == name);
        node.map(|node| (node.tasks, node.stored_bytes))
    };
    let all_bytes = |session: &Session| -> u64 {
        session.status().wait().unwrap().iter().map(|node| node.stored_bytes).sum()
    };
    drop(dropped);
    let started = Instant::now();
    while all_bytes(&session) != 16_800_000 {
        assert!(started.elapsed() < Duration::from_secs(10), "{}", all_bytes(&session));
    }
    let names = [&founder.name, &leaving.name, &last.name].map(String::clone);
    let tasks = [&names[0], &names[2]].map(|name| stored(name).unwrap().0);
    assert!(stored(&names[1]).unwrap().1 > 4_000_000);

    assert!(complaint(&["drain", "nobody", "--data", &first]).contains("no node has this name"));
    assert!(complaint(&["drain", "12D3", "--data", &first]).contains("ambiguous"));
    let said = printed(&["drain", &names[1], "--data", &first]);
    assert!(said.contains(&names[1]), "{said}");
    assert!(leaving.wait().success());
    settled_status(&first, 4, 2);

    assert_eq!(stored(&names[1]), None);
    assert_eq!(all_bytes(&session), 16_800_000);
    assert_eq!([&names[0], &names[2]].map(|name| stored(name).unwrap().0), tasks, "tasks run");
    let found = y.fetch::<f64>().wait().unwrap();
    assert!(found.iter().zip(0..).all(|(&element, index)| element == 2.0 * f64::from(index)));
    assert_eq!(x.sum().fetch::<f64>().wait().unwrap()[[]], 499_999_500_000.0);
    assert_eq!(kept.sum().fetch::<f64>().wait().unwrap()[[]], 150_000.0);

    // Told to stop, a node hands on by itself; it is asked for nothing when it comes back.
    let killed = Command::new("kill").args(["-TERM", &last.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert!(last.wait().success());
    assert_eq!(x.fetch::<f64>().wait().unwrap()[[999_999]], 999_999.0);
    assert_eq!(kept.fetch::<f64>().wait().unwrap()[[99_999]], 1.5);
    // Nobody is left to take what the last one holds.
    let why = complaint(&["drain", &names[0], "--data", &first]);
    assert!(why.contains("no other node can take its blocks"), "{why}");
    let _back = NodeProcess::join_in(&[], &second);
    settled_status(&first, 4, 2);
    assert!(printed(&["drain", &names[0], "--data", &second]).contains(&names[0]));
    assert_eq!(y.fetch::<f64>().wait().unwrap()[[1]], 2.0);
}

#[test]
fn a_drain_of_a_node_that_hangs_and_dies_is_an_error_and_the_others_go_on() {
    let root = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder(root.path(), name));
    let (_founder, invitation) = NodeProcess::up_in(&first);
    let member = NodeProcess::join_in(&[&invitation], &second);
    settled_status(&first, 2, 2);
    let session = Session::connect(&invitation).unwrap();
    let x = session.arange(0.0, 1e6, 1.0).unwrap();
    x.eval().wait().unwrap();
    let signal = |name: &str| {
        let status = Command::new("kill").args([name, &member.id().to_string()]).status();
        assert!(status.unwrap().success());
    };
    signal("-STOP");
    let why = std::thread::scope(|scope| {
        let drain = scope.spawn(|| complaint(&["drain", &member.name, "--data", &first]));
        std::thread::sleep(Duration::from_millis(500));
        signal("-KILL");
        drain.join().unwrap()
    });
    assert!(why.contains("the node was lost before it was drained"), "{why}");
    let error = x.sum().fetch::<f64>().wait().unwrap_err();
    assert!(error.to_string().contains(&member.name), "{error}");
    let small = session.arange(0.0, 10.0, 1.0).unwrap().sum().fetch::<f64>().wait();
    assert_eq!(small.unwrap()[[]], 45.0);
}
