//! The same expression on real node processes over the network: the bits of the embedded cluster, and the bytes that
//! the plans predicted.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;
mod repl_binary;

use common::{NodeProcess, check_column};
use nums::{Error, Session};

#[test]
fn two_and_three_processes_give_the_bits_of_the_embedded_cluster() {
    let embedded = check_column(&Session::builder().nodes(2).places(64).embedded().unwrap(), 2);
    let (_founder, ticket) = NodeProcess::up();
    let _second = NodeProcess::join(&ticket);
    let session = Session::builder().places(64).connect(&ticket).unwrap();
    assert_eq!(session.nodes(), 2);
    assert_eq!(check_column(&session, 2), embedded);
    drop(session);
    let _third = NodeProcess::join(&ticket);
    let session = Session::builder().places(64).connect(&ticket).unwrap();
    let tasks_before: Vec<_> =
        session.status().wait().unwrap().iter().map(|node| node.tasks).collect();
    assert_eq!(common::column(&session).unwrap().map(f64::to_bits), embedded);
    let status = session.status().wait().unwrap();
    assert_eq!(status.len(), 3);
    for (node, before) in status.iter().zip(tasks_before.iter().chain([&0])) {
        assert!(node.tasks > *before, "{} ran nothing", node.name);
        assert!(node.bytes_in > 0 && node.bytes_out > 0, "{} moved nothing", node.name);
    }
    for plan in session.plans().wait().unwrap() {
        for (node, predicted, measured) in plan.nodes {
            assert!(
                measured.is_as_predicted(&predicted),
                "{node}: {measured:?}, predicted {predicted:?}"
            );
        }
    }
}

#[test]
fn the_repl_prints_the_same_bytes_on_processes_and_embedded() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scripts/close/column.py");
    let printed = |options: &[&str]| {
        let output =
            repl_binary::repl().args(["--places", "64"]).args(options).arg(script).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let embedded = printed(&["--nodes", "4"]);
    let (_founder, ticket) = NodeProcess::up();
    let _second = NodeProcess::join(&ticket);
    assert_eq!(printed(&["--cluster", &ticket]), embedded);
    let _third = NodeProcess::join(&ticket);
    assert_eq!(printed(&["--cluster", &ticket]), embedded);
}

#[test]
fn the_blocks_of_a_session_that_ends_are_freed() {
    let (_founder, ticket) = NodeProcess::up();
    let _second = NodeProcess::join(&ticket);
    let first = Session::connect(&ticket).unwrap();
    let x = first.arange(0.0, 1e6, 1.0).unwrap();
    x.eval().wait().unwrap();
    let second = Session::connect(&ticket).unwrap();
    let stored =
        || -> u64 { second.status().wait().unwrap().iter().map(|node| node.stored_bytes).sum() };
    assert_eq!(stored(), 8_000_000);
    drop((x, first));
    let started = std::time::Instant::now();
    while stored() > 0 {
        assert!(started.elapsed().as_secs() < 10, "{} bytes were left behind", stored());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_lost_node_is_an_error_with_its_name_and_not_a_hang() {
    let (_founder, ticket) = NodeProcess::up();
    let second = NodeProcess::join(&ticket);
    let session = Session::connect(&ticket).unwrap();
    let x = session.arange(0.0, 1e6, 1.0).unwrap();
    x.eval().wait().unwrap();
    let lost = session.status().wait().unwrap()[1].name.clone();
    drop(second);
    let error = loop {
        // Until the session sees it, a plan may still be sent.
        if let Err(error) = (&x + 1.0).sum().fetch::<f64>().wait() {
            break error;
        }
    };
    assert!(error.to_string().contains(&lost), "{error}");
    // What needs nothing of the lost node goes on.
    assert_eq!(
        session.arange(0.0, 10.0, 1.0).unwrap().sum().fetch::<f64>().wait().unwrap()[[]],
        45.0
    );
}

#[test]
fn strangers_and_forged_tickets_are_refused() {
    let (_founder, ticket) = NodeProcess::up();
    let (_other, other_ticket) = NodeProcess::up();
    // The token of one cluster at the door of another: exchange the ends of the tickets.
    let half = ticket.len() / 2;
    let forged = format!("{}{}", &ticket[..half], &other_ticket[half..]);
    for bad in ["", "nonsense", &ticket[..ticket.len() - 3], &forged] {
        match Session::connect(bad).err() {
            Some(Error::Cluster(_)) => {}
            other => panic!("{bad:?} gave {other:?}"),
        }
    }
    assert_eq!(Session::connect(&ticket).unwrap().nodes(), 1);
}
