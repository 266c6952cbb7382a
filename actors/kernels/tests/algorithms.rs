//! Graphs of the builders, run block by block on one thread: the algorithms give the right numbers for any cut and
//! any number of places.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{Run, scattered};
use nums_kernels::Element;
use nums_lshs::array_op::{
    ArraySpec, NewtonModel, cholesky, contract, linalg, matmul, newton_step, transpose, tsqr,
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

/// |A - L Lᵀ| in units of n |A| u, by the norms of the largest sum of a row.
fn factor_ratio(a: &[f64], l: &[f64], order: usize, rounding: f64) -> f64 {
    let norm = |element: &dyn Fn(usize, usize) -> f64| {
        let row = |row| (0..order).map(|column| element(row, column).abs()).sum::<f64>();
        (0..order).map(row).fold(0.0, f64::max)
    };
    let symmetric = |row: usize, column: usize| a[row.max(column) * order + row.min(column)];
    let product = |row: usize, column: usize| -> f64 {
        (0..=row.min(column)).map(|k| l[row * order + k] * l[column * order + k]).sum()
    };
    let residual = norm(&|row, column| symmetric(row, column) - product(row, column));
    residual / (order as f64 * norm(&symmetric) * rounding)
}

fn factors_of_any_cuts<T: Element + Into<f64>>(from: fn(f64) -> T, rounding: f64) {
    const ORDER: usize = 40;
    // What is above the diagonal must not be read.
    let element = |at: usize| match (at / ORDER, at % ORDER) {
        (row, column) if row < column => f64::NAN,
        (row, column) if row == column => 6.0 + scattered(at),
        _ => scattered(at),
    };
    let cuts: [[&[usize]; 2]; 5] = [
        [&[0, 40], &[0, 40]],
        [&[0, 10, 20, 30, 40], &[0, 10, 20, 30, 40]],
        [&[0, 1, 3, 16, 17, 40], &[0, 1, 3, 16, 17, 40]],
        [&[0, 0, 7, 7, 40], &[0, 0, 7, 7, 40]],
        [&[0, 9, 31, 40], &[0, 5, 40]],
    ];
    for cuts in cuts {
        let mut first: Option<Vec<u64>> = None;
        for places in [1, 3, 16] {
            let mut run = Run::new(places);
            let a = run.source(&cuts, |at| from(element(at)));
            let spec = a.spec.cholesky().unwrap();
            if cuts[0] == cuts[1] {
                assert_eq!(spec.grid, a.spec.grid);
            }
            let array = run.graph.next_array();
            let l = cholesky(&mut run.graph, array, &a, &spec).unwrap();
            run.compute();
            let [a, l] = [&a, &l].map(|array| -> Vec<f64> {
                run.elements::<T>(array).into_iter().map(Into::into).collect()
            });
            assert!((0..ORDER * ORDER).all(|at| at / ORDER >= at % ORDER || l[at] == 0.0));
            let ratio = factor_ratio(&a, &l, ORDER, rounding);
            assert!(ratio <= 3.0, "{cuts:?} over {places} places: {ratio}");
            let bits: Vec<u64> = l.iter().map(|element| element.to_bits()).collect();
            assert_eq!(*first.get_or_insert(bits.clone()), bits, "{cuts:?} over {places} places");
        }
    }
}

#[test]
fn cholesky_factors_of_any_cuts_and_places() {
    factors_of_any_cuts::<f64>(|element| element, f64::EPSILON / 2.0);
    factors_of_any_cuts::<f32>(|element| element as f32, f64::from(f32::EPSILON) / 2.0);
}
