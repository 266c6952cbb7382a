//! Many seeds: every run ends with the right bits or a typed error, and leaves nothing behind.

use super::faults::{Bug, Counters, Faults};
use super::run::run;
use std::time::Duration;

/// Seeds in one test; the threads of the test runner share them.
const SEEDS: u64 = 50;

/// Each kind of fault happens at least so often in the seeds of one test: a hundred times in all.
const HAPPENED_MIN: u64 = 100;

fn run_seeds(first: u64) {
    let mut counters = Counters::default();
    let (mut results, mut errors, mut measured, mut left) = (0, 0, 0, 0);
    let (mut drained, mut not_drained) = (0, 0);
    for seed in first..first + SEEDS {
        let shown = run(seed, None).unwrap_or_else(|reason| panic!("SEED={seed}: {reason}"));
        counters.add(shown.counters);
        results += shown.results;
        errors += shown.errors;
        measured += shown.measured;
        left += shown.left;
        drained += shown.drained;
        not_drained += shown.not_drained;
    }
    let Counters { lost, delayed, duplicated, reordered, corrupted, cut, restarted, crashed } =
        counters;
    for (what, count) in [
        ("lost", lost),
        ("delayed", delayed),
        ("duplicated", duplicated),
        ("reordered", reordered),
        ("corrupted", corrupted),
        ("cut", cut),
    ] {
        assert!(count >= HAPPENED_MIN, "{count} times something was {what}");
    }
    assert!(results > 0 && errors > 0, "{results} results, {errors} errors");
    assert!(restarted > 0, "no node was started again");
    assert!(crashed > 0, "no process of a node ended");
    assert!(drained > 0 && not_drained > 0, "{drained} nodes left, {not_drained} did not");
    assert!(measured > SEEDS, "{measured} plans were done and measured");
    assert!(left > 0, "no session went before its work was done");
}

#[test]
fn every_run_ends_well_0() {
    run_seeds(0);
}

#[test]
fn every_run_ends_well_1() {
    run_seeds(SEEDS);
}

#[test]
fn every_run_ends_well_2() {
    run_seeds(2 * SEEDS);
}

#[test]
fn every_run_ends_well_3() {
    run_seeds(3 * SEEDS);
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in [1, 7, 23] {
        assert_eq!(run(seed, None), run(seed, None), "SEED={seed}");
    }
    assert_ne!(run(1, None).map(|shown| shown.trace), run(2, None).map(|shown| shown.trace));
}

#[test]
fn defects_that_are_planted_are_found() {
    let faults = Faults { duplicate: 300, delay_max: Duration::from_millis(50), ..Faults::none() };
    let drains = Faults { drains: 1, ..faults };
    for (bug, faults) in [(Bug::Deduplication, faults), (Bug::Free, faults), (Bug::Leave, drains)] {
        for seed in 0..3 {
            let sound = run(seed, Some(faults));
            assert!(sound.is_ok(), "SEED={seed}: {sound:?}");
            let defective = run(seed, Some(Faults { bug: Some(bug), ..faults }));
            assert!(defective.is_err(), "SEED={seed}: {bug:?} was not found");
        }
    }
}
