//! Graphs of the builders, run block by block on one thread: the algorithms give the right numbers for any cut and
//! any number of places.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{Run, scattered};
use nums_lshs::build::{
    ArraySpec, NewtonModel, contract, linalg, matmul, newton_step, transpose, tsqr,
};
use nums_lshs::{Constant, Einsum, GlmFamily, LinalgStep, Op, SymmetricStep};
use std::collections::BTreeMap;

fn assert_near(found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
    }
}

#[test]
fn tsqr_gives_q_and_r_for_any_rows_and_places() {
    let rows: [&[usize]; 3] = [&[0, 23], &[0, 5, 7, 8, 20, 23], &[0, 0, 11, 23]];
    for places in [1, 2, 3, 8] {
        for cuts in rows {
            let mut run = Run::new(places);
            // The columns are cut too: the builder puts them together.
            let x = run.source(&[cuts, &[0, 1, 3]], scattered);
            let (q_array, r_array) = (run.graph.next_array(), run.graph.next_array());
            let (q, r) = tsqr(&mut run.graph, q_array, r_array, &x).unwrap();
            run.compute();
            let [q, r, x] = [&q, &r, &x].map(|array| run.elements(array));
            let product: Vec<f64> = (0..69)
                .map(|at| (0..3).map(|k| q[at / 3 * 3 + k] * r[k * 3 + at % 3]).sum())
                .collect();
            assert_near(&product, &x);
            let gram: Vec<f64> = (0..9)
                .map(|at| (0..23).map(|row| q[row * 3 + at / 3] * q[row * 3 + at % 3]).sum())
                .collect();
            assert_near(&gram, &[1., 0., 0., 0., 1., 0., 0., 0., 1.]);
        }
    }
}

#[test]
fn contractions_of_blocks_equal_those_of_whole_arrays() {
    for (subscripts, places) in [
        ("ijk,jf,kf->if", 1),
        ("ijk,jf,kf->if", 4),
        ("ijk,jkf->if", 3),
        ("ijk,kf->ijf", 8),
        ("ij,jk->ki", 2),
    ] {
        let einsum = Einsum::parse(subscripts).unwrap();
        let cuts: BTreeMap<u8, Vec<usize>> = [
            (b'i', vec![0, 2, 5]),
            (b'j', vec![0, 1, 3, 4]),
            (b'k', vec![0, 3, 6]),
            (b'f', vec![0, 2]),
        ]
        .into();
        let compute = |whole: bool| {
            let mut run = Run::new(places);
            let operands: Vec<_> = einsum
                .operands()
                .iter()
                .enumerate()
                .map(|(position, labels)| {
                    let bounds: Vec<Vec<usize>> = labels
                        .iter()
                        .map(|label| match (whole, &cuts[label]) {
                            (true, cuts) => vec![0, cuts[cuts.len() - 1]],
                            // The second operand is cut in another way, and is cut anew.
                            (false, cuts) if position == 1 => vec![0, 1, cuts[cuts.len() - 1]],
                            (false, cuts) => cuts.clone(),
                        })
                        .collect();
                    let bounds: Vec<&[usize]> = bounds.iter().map(Vec::as_slice).collect();
                    run.source(&bounds, |index| (scattered(index + 50 * position) * 64.0).round())
                })
                .collect();
            let operands: Vec<_> = operands.iter().collect();
            let specs: Vec<_> = operands.iter().map(|operand| &operand.spec).collect();
            let spec = ArraySpec::contracted(&einsum, &specs).unwrap();
            let array = run.graph.next_array();
            let result = contract(&mut run.graph, array, &einsum, &operands, &spec).unwrap();
            run.compute();
            run.elements::<f64>(&result)
        };
        // Whole numbers: every order of summation gives the same.
        assert_eq!(compute(false), compute(true), "{subscripts} over {places} places");
    }
}

#[test]
fn a_newton_step_is_the_same_for_any_rows_up_to_rounding() {
    let step = |cuts: &[usize], places| {
        let mut run = Run::new(places);
        let x = run.source(&[cuts, &[0, 3]], scattered);
        let y = run.source(&[cuts], |row| f64::from(u8::from(row % 3 == 0)));
        let beta = run.source(&[&[0, 4]], |_| 0.1);
        let model = NewtonModel {
            family: GlmFamily::Bernoulli,
            intercept: true,
            ridge: Constant::float64(0.01),
        };
        let mut next = beta;
        for _ in 0..3 {
            let array = run.graph.next_array();
            next = newton_step(&mut run.graph, array, model, &x, &y, &next).unwrap();
        }
        run.compute();
        run.elements(&next)
    };
    let whole = step(&[0, 40], 1);
    assert_near(&step(&[0, 9, 10, 33, 40], 2), &whole);
    assert_near(&step(&[0, 1, 2, 3, 4, 5, 20, 40], 3), &whole);
}

#[test]
fn products_with_the_own_transpose_are_halved_and_right() {
    let cuts: [[&[usize]; 2]; 3] =
        [[&[0, 23], &[0, 4]], [&[0, 5, 7, 8, 20, 23], &[0, 4]], [&[0, 9, 23], &[0, 1, 3, 4]]];
    for cuts in cuts {
        for places in [1, 3, 8] {
            for transpose_left in [true, false] {
                let mut run = Run::new(places);
                let x = run.source(&cuts, |at| (scattered(at) * 64.0).round());
                let array = run.graph.next_array();
                let turned = transpose(&mut run.graph, array, &x, &[1, 0]).unwrap();
                let [left, right] = if transpose_left { [&turned, &x] } else { [&x, &turned] };
                let spec = left.spec.matmul(&right.spec).unwrap();
                let array = run.graph.next_array();
                let product = matmul(&mut run.graph, array, left, right, &spec).unwrap();
                let ops = run.graph.tasks().map(|task| run.graph.op(task));
                let halves = ops.filter(|op| matches!(op, Op::Symmetric(SymmetricStep::Mirror)));
                assert_eq!(halves.count(), spec.grid.counts()[0]);
                run.compute();
                let found: Vec<f64> = run.elements(&product);
                let all: Vec<f64> = run.elements(&x);
                let (outer, inner) = if transpose_left { (4, 23) } else { (23, 4) };
                let at = |outer: usize, inner: usize| match transpose_left {
                    true => all[inner * 4 + outer],
                    false => all[outer * 4 + inner],
                };
                // Whole numbers: every order of summation gives the same.
                let expected: Vec<f64> = (0..outer * outer)
                    .map(|cell| (0..inner).map(|k| at(cell / outer, k) * at(cell % outer, k)).sum())
                    .collect();
                assert_eq!(found, expected, "{cuts:?} over {places} places");
            }
        }
    }
}

#[test]
fn small_systems_are_gathered_and_solved() {
    let mut run = Run::new(4);
    let element = |at: usize| scattered(at) + if at.is_multiple_of(8) { 7.0 } else { 0.0 };
    let a = run.source(&[&[0, 3, 7], &[0, 5, 7]], element);
    let b = run.source(&[&[0, 2, 7], &[0, 1, 3]], scattered);
    let array = run.graph.next_array();
    let x = linalg(&mut run.graph, array, LinalgStep::Solve, &[&a, &b]).unwrap();
    assert_eq!(x.blocks.len(), 2, "each block of columns is solved for itself");
    run.compute();
    let x: Vec<f64> = run.elements(&x);
    let product: Vec<f64> = (0..21)
        .map(|at| (0..7).map(|k| element(at / 3 * 7 + k) * x[k * 3 + at % 3]).sum())
        .collect();
    assert_near(&product, &run.elements::<f64>(&b));
}
