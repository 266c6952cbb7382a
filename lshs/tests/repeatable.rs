//! The same input gives the same plan, byte for byte, in another process.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::plan_on;
use common::random_dag::{self, Numbers};
use nums_lshs::policy;
use nums_lshs::workload::{self, Setting};
use std::fmt::Write;
use std::process::Command;

/// Set in the process that only prints.
const CHILD: &str = "NUMS_LSHS_PRINT_PLANS";

/// Plans of all policies on products, reductions and a random graph, in full.
fn plans() -> String {
    let mut text = String::new();
    let mut write = |graph: &nums_lshs::TaskGraph, cluster: &nums_lshs::Cluster| {
        for name in policy::NAMES {
            let plan = plan_on(graph, cluster, name);
            writeln!(text, "plan {name}: {plan:?}").unwrap();
        }
    };
    for name in ["matmul", "mttkrp", "newton"] {
        let setting = Setting { blocks: 6, nodes: 5, ..Setting::default() };
        let workload = workload::build(name, &setting).unwrap();
        write(&workload.graph, &workload.cluster);
    }
    let numbers = &mut Numbers::new(3);
    let graph = random_dag::graph(numbers, 80, 7, 64);
    write(&graph, &random_dag::cluster(numbers, 7, 64));
    text
}

#[test]
fn another_process_makes_the_same_plans() {
    if std::env::var_os(CHILD).is_some() {
        println!("{}", plans());
        return;
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["another_process_makes_the_same_plans", "--exact", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let printed = String::from_utf8(child.stdout).unwrap();
    let ours = plans();
    assert!(ours.lines().count() > 20);
    // The harness of the other process may print its own words before the first line.
    let theirs: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.find("plan ").map(|start| &line[start..]))
        .filter(|line| line.contains(": Plan {"))
        .collect();
    assert_eq!(theirs, ours.lines().collect::<Vec<_>>());
}
