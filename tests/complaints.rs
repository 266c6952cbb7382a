//! The errors of the command `nums`: each says what is wrong and what to do.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::NodeProcess;
use nums::Session;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

fn nums(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nums")).args(arguments).output().unwrap()
}

fn complaint(arguments: &[&str]) -> String {
    let output = nums(arguments);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    String::from_utf8(output.stderr).unwrap()
}

/// A node whose standard error is a pipe, and the lines that it prints until it is ready.
fn up(options: &[&str]) -> (Child, Vec<String>) {
    let mut node = Command::new(env!("CARGO_BIN_EXE_nums"))
        .args(["up", "--workers", "1"])
        .args(options)
        .env("RUST_LOG", "info")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(node.stdout.take().unwrap()).lines() {
        lines.push(line.unwrap());
        if lines.last().unwrap().starts_with("Press Ctrl-C") {
            break;
        }
    }
    (node, lines)
}

/// Asks a node to stop; what it has written to standard error, and its exit code.
fn terminated(mut node: Child) -> (String, Option<i32>) {
    let told = Command::new("kill").args(["-TERM", &node.id().to_string()]).status().unwrap();
    assert!(told.success());
    let mut errors = String::new();
    node.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    (errors, node.wait().unwrap().code())
}

#[test]
fn a_ticket_of_a_node_that_is_gone_says_so() {
    let (founder, ticket) = NodeProcess::up();
    drop(founder);
    let why = complaint(&["join", &ticket]);
    assert!(why.contains("nothing listens at 127.0.0.1:"), "{why}");
    assert!(why.contains("get a new ticket from another node that admits"), "{why}");
    let why = Session::connect(&ticket).unwrap_err().to_string();
    assert!(why.contains("nothing listens at 127.0.0.1:"), "{why}");
}

#[test]
fn a_ticket_is_taken_as_it_was_printed() {
    let root = tempfile::tempdir().unwrap();
    let (_founder, ticket) = NodeProcess::up_in(root.path().join("first").to_str().unwrap());
    let _second = NodeProcess::join(&format!("nums join {ticket}"));
    let third = NodeProcess::join_with("nums", &["join", &ticket]);
    assert!(!third.name.is_empty());
    let session = Session::connect(&format!(" nums join {ticket}\n")).unwrap();
    assert_eq!(session.nodes(), 3);
}

#[test]
fn an_address_to_listen_on_is_localhost_or_a_number() {
    let (node, lines) = up(&["--listen", "localhost:0"]);
    assert!(lines[0].contains(" listens on 127.0.0.1:"), "{lines:?}");
    terminated(node);
    for (address, why) in [
        ("localhost", "host names are not resolved"),
        ("127.0.0.1", "the port is missing"),
        ("example.org:7000", "host names are not resolved"),
    ] {
        let said = complaint(&["up", "--listen", address]);
        assert!(said.contains("expected ADDRESS:PORT such as 10.0.0.2:7000"), "{said}");
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_folder_whose_socket_has_too_long_a_path_is_told_with_both_lengths() {
    let root = tempfile::tempdir().unwrap();
    let long = root.path().join("a".repeat(120));
    let long = long.to_str().unwrap();
    for command in ["up", "status"] {
        let why = complaint(&[command, "--data", long]);
        let len = long.len() + "/nums.sock".len();
        assert!(why.contains(&format!("has {len} bytes, and the system allows")), "{why}");
        assert!(why.contains("shorter --data"), "{why}");
    }
}

#[test]
fn multicast_on_loopback_is_refused_and_says_what_to_do() {
    let why = complaint(&["up", "--mdns"]);
    assert!(why.contains("multicast DNS does not work on loopback: listen on an address"), "{why}");
}

#[test]
fn budgets_are_read_as_people_write_them_and_told_as_they_were_understood() {
    for (text, told) in [
        ("256M", "256.0 MiB (268435456 bytes)"),
        ("1.5GiB", "1.5 GiB (1610612736 bytes)"),
        ("300000", "293.0 KiB (300000 bytes)"),
    ] {
        let (node, lines) = up(&["--memory", text]);
        let line = lines.iter().find(|line| line.contains("memory for blocks: ")).unwrap();
        assert!(line.contains(told), "{text}: {line}");
        terminated(node);
    }
    let parts = ["40%", "80%"].map(|text| {
        let (node, lines) = up(&["--memory", text]);
        terminated(node);
        let line = lines.into_iter().find(|line| line.contains("memory for blocks: ")).unwrap();
        let (_, bytes) = line.split_once('(').unwrap();
        bytes.split(' ').next().unwrap().parse::<u64>().unwrap()
    });
    assert!(parts[1].abs_diff(2 * parts[0]) <= 2, "{parts:?}");
    for wrong in ["much", "0", "120%", "-5"] {
        let why = complaint(&["up", &format!("--memory={wrong}")]);
        assert!(why.contains("expected") && why.contains(wrong), "{why}");
    }
}

#[test]
fn logs_that_go_to_a_file_carry_no_colour() {
    let root = tempfile::tempdir().unwrap();
    let (node, lines) = up(&[]);
    let ticket = lines[2].strip_prefix("nums join ").unwrap();
    drop(NodeProcess::join_in(&[ticket], root.path().join("second").to_str().unwrap()));
    let (errors, code) = terminated(node);
    assert!(errors.contains("INFO") && !errors.contains('\u{1b}'), "{errors:?}");
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn a_node_that_leaves_with_blocks_that_only_it_has_fails() {
    let (node, lines) = up(&[]);
    let session = Session::connect(lines[2].strip_prefix("nums join ").unwrap()).unwrap();
    let x = session.ones(&[1000]).unwrap();
    x.eval().wait().unwrap();
    let (errors, code) = terminated(node);
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("exits without draining; its blocks may be lost: "), "{errors}");
    drop(x);
}

#[test]
fn a_node_that_comes_back_to_nobody_says_that_it_is_alone() {
    let root = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| root.path().join(name));
    let first = first.to_str().unwrap();
    let (founder, ticket) = NodeProcess::up_in(first);
    let member = NodeProcess::join_in(&[&ticket], second.to_str().unwrap());
    // It has yet to hear that the other admits too, and to write that down.
    std::thread::sleep(std::time::Duration::from_secs(1));
    drop((founder, member));
    let (node, _) = up(&["--data", first]);
    let (errors, code) = terminated(node);
    assert!(errors.contains("this node is alone: none of the 1 admitting members"), "{errors}");
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn members_that_leave_and_come_back_cause_no_warning() {
    let root = tempfile::tempdir().unwrap();
    let second = root.path().join("second");
    let second = second.to_str().unwrap();
    let (node, lines) = up(&[]);
    let ticket = lines[2].strip_prefix("nums join ").unwrap();
    let mut member = NodeProcess::join_in(&[ticket], second);
    for _ in 0..3 {
        let session = Session::connect(ticket).unwrap();
        let sum = session.ones(&[1000]).unwrap().sum().fetch::<f64>().wait().unwrap();
        assert_eq!(sum[[]], 1000.0);
        drop(session);
        let told = Command::new("kill").args(["-TERM", &member.id().to_string()]).status();
        assert!(told.unwrap().success());
        assert!(member.wait().success());
        member = NodeProcess::join_in(&[], second);
    }
    drop(member);
    let (errors, _) = terminated(node);
    // The last one was killed, which is worth a line.
    let warnings = errors.lines().filter(|line| line.contains("WARN") || line.contains("ERROR"));
    let unasked: Vec<_> = warnings.filter(|line| !line.contains("a member was lost")).collect();
    assert!(unasked.is_empty(), "{unasked:#?}");
}
