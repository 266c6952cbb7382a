//! A system that has no memory left: the task that asks for it fails, and the session goes on.
//!
//! The limit is one of the address space of a process, so the test runs itself in a process of its own, which lowers its
//! limit when all threads are there. That takes the command `prlimit`; without it the test says so and passes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums::{DistArray, Error, Session, linalg};
use std::process::Command;

/// Tells a process that it is the one with the limit.
const LIMITED: &str = "NUMS_TEST_LIMITED";
/// What is left when the limit holds: room for one large array, and not for two.
const LEFT_BYTES: u64 = 300 << 20;
const ORDER: usize = 5000;

fn prlimit(arguments: &[String]) -> bool {
    Command::new("prlimit").args(arguments).output().is_ok_and(|output| output.status.success())
}

/// The address space that this process has taken.
fn taken_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmSize:")).unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes << 10
}

fn fails(what: &str, outcome: Result<(), Error>) {
    let story = match outcome {
        Ok(()) => panic!("{what} found memory that is not there"),
        Err(error) => error.to_string(),
    };
    assert!(story.contains("out of memory: the system cannot allocate"), "{what}: {story}");
}

fn eval(array: &DistArray) -> Result<(), Error> {
    array.eval().wait()
}

fn works(session: &Session) {
    let sum = session.arange(0.0, 1000.0, 1.0).unwrap().sum();
    assert_eq!(sum.fetch::<f64>().wait().unwrap()[[]], 499_500.0);
}

#[test]
fn an_allocation_that_fails_costs_its_task_and_nothing_else() {
    if std::env::var_os(LIMITED).is_none() {
        if !prlimit(&["--version".to_owned()]) {
            eprintln!("SKIPPED: this test needs the command `prlimit`");
            return;
        }
        let name = "an_allocation_that_fails_costs_its_task_and_nothing_else";
        let limited = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(LIMITED, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&limited.stdout);
        let errors = String::from_utf8_lossy(&limited.stderr);
        assert!(limited.status.success(), "{}: {said}{errors}", limited.status);
        assert!(said.contains("1 passed"), "{said}");
        return;
    }
    // One block for each array, so that one allocation is large; and a budget that allows everything.
    let session = Session::builder().memory("1T").workers(2).places(1).block_bytes_max(1 << 40);
    let session = session.embedded().unwrap();
    // What threads keep for themselves they take now.
    let small = session.ones(&[600, 600]).unwrap() + session.eye(600, 600, 0).unwrap();
    eval(&small.dot(&small)).unwrap();
    eval(&linalg::inv(&small).unwrap()).unwrap();
    eval(&linalg::cholesky(&small).unwrap()).unwrap();

    let limit = format!("--as={}", taken_bytes() + LEFT_BYTES);
    assert!(prlimit(&["--pid".to_owned(), std::process::id().to_string(), limit]));
    fails("a block", eval(&session.ones(&[1 << 27]).unwrap()));
    works(&session);

    let x = session.ones(&[ORDER, ORDER]).unwrap();
    eval(&x).unwrap();
    fails("an inverse", linalg::inv(&x).and_then(|inverse| eval(&inverse)));
    works(&session);
    fails("a factor", linalg::cholesky(&x).and_then(|factor| eval(&factor)));
    works(&session);
    fails("an orthogonal factor", linalg::qr(&x).and_then(|(q, _)| eval(&q)));
    works(&session);
    fails("a product", eval(&x.dot(&x)));
    works(&session);
    fails("a copy for the caller", x.fetch::<f64>().wait().map(drop));
    works(&session);
    // Small results, for which as much as the operands is needed to work in.
    fails("a contraction", nums::einsum("ij,ji->i", &[&x, &x]).and_then(|traces| eval(&traces)));
    works(&session);
    // What is there can still be computed with.
    assert_eq!(x.sum().fetch::<f64>().wait().unwrap()[[]], (ORDER * ORDER) as f64);
    drop(x);
    let tall = session.ones(&[ORDER * ORDER / 10, 10]).unwrap();
    eval(&tall).unwrap();
    fails("a triangle", linalg::qr(&tall).and_then(|(_, triangle)| eval(&triangle)));
    works(&session);
}
