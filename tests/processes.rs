//! The same expression on real node processes over the network: the bits of the embedded cluster, and the bytes that
//! the plans predicted.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;
mod repl_binary;

use common::{NodeProcess, check_column};
use nums::{Error, Session};

/// A signal to a process that a test has started.
#[cfg(unix)]
fn signal(name: &str, process: &NodeProcess) {
    let status =
        std::process::Command::new("kill").args([name, &process.id().to_string()]).status();
    assert!(status.unwrap().success());
}

#[test]
fn two_three_and_four_processes_give_the_bits_of_the_embedded_cluster() {
    let embedded = check_column(&Session::builder().nodes(2).places(64).embedded().unwrap(), 2);
    let (_founder, ticket) = NodeProcess::up();
    let _second = NodeProcess::join(&ticket);
    let session = Session::builder().places(64).connect(&ticket).unwrap();
    assert_eq!(session.nodes(), 2);
    assert_eq!(check_column(&session, 2), embedded);
    drop(session);
    let mut joined = Vec::new();
    for nodes in [3, 4] {
        joined.push(NodeProcess::join(&ticket));
        let session = Session::builder().places(64).connect(&ticket).unwrap();
        let tasks_before: Vec<_> =
            session.status().wait().unwrap().iter().map(|node| node.tasks).collect();
        assert_eq!(common::column(&session).unwrap().map(f64::to_bits), embedded);
        let status = session.status().wait().unwrap();
        assert_eq!(status.len(), nodes);
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
}

#[test]
fn sessions_work_at_once_and_do_not_see_each_other() {
    let (_founder, ticket) = NodeProcess::up();
    let _second = NodeProcess::join(&ticket);
    std::thread::scope(|scope| {
        let work = |seed: u32| {
            let session = Session::connect(&ticket).unwrap();
            // Arrays of both sessions have the same names in their jobs, and other elements.
            for round in 0..5 {
                let x = session.full(&[1000, 100], f64::from(seed)).unwrap();
                let sum = (&x.t().dot(&x) + f64::from(round)).sum().fetch::<f64>().wait().unwrap();
                let expected = f64::from(seed * seed) * 1e7 + f64::from(round) * 1e4;
                assert_eq!(sum[[]], expected);
            }
        };
        let both = [2, 3].map(|seed| scope.spawn(move || work(seed)));
        both.into_iter().for_each(|session| session.join().unwrap());
    });
}

#[cfg(unix)]
#[test]
fn a_node_that_hangs_is_an_error_with_its_name_and_comes_back() {
    let (_founder, ticket) = NodeProcess::up();
    let second = NodeProcess::join(&ticket);
    let session = Session::connect(&ticket).unwrap();
    let x = session.arange(0.0, 1e6, 1.0).unwrap();
    x.eval().wait().unwrap();
    signal("-STOP", &second);
    let stopped = std::time::Instant::now();
    let error = (&x + 1.0).sum().fetch::<f64>().wait().unwrap_err();
    let noticed = stopped.elapsed();
    println!("a node that hangs: {error}, after {noticed:?}");
    assert!(error.to_string().contains(&second.name), "{error}");
    // Five seconds of silence, and what a loaded machine adds.
    assert!(noticed.as_secs() < 12, "{noticed:?}");
    let small = || session.arange(0.0, 10.0, 1.0).unwrap().sum().fetch::<f64>().wait();
    assert_eq!(small().unwrap()[[]], 45.0);
    signal("-CONT", &second);
    while session.status().wait().unwrap().len() < 2 {
        assert!(stopped.elapsed().as_secs() < 60, "it has not come back");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(small().unwrap()[[]], 45.0);
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
    let killed = std::time::Instant::now();
    drop(second);
    let error = loop {
        // Until the session sees it, a plan may still be sent.
        if let Err(error) = (&x + 1.0).sum().fetch::<f64>().wait() {
            break error;
        }
    };
    println!("a node that was killed: {error}, after {:?}", killed.elapsed());
    assert!(error.to_string().contains(&lost), "{error}");
    assert!(killed.elapsed().as_secs() < 5, "{:?}", killed.elapsed());
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
