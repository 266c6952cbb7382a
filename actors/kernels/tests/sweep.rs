//! How far the element-wise functions are from exact values, over all exponents and where they are hard.
//!
//! A part of the sweep is a test. `cargo test --release -p nums-kernels --test sweep -- --ignored` runs all of it and holds
//! docs/accuracy.md against what it finds; with `UPDATE_EXPECT=1` it writes the page.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap is a failed test")]

#[path = "sweep/error.rs"]
mod error;
#[path = "sweep/points.rs"]
mod points;
#[path = "sweep/reference.rs"]
mod reference;

use error::ulps;
use nums_kernels::{Block, Buffer, execute};
use nums_lshs::{BinaryOp, BlockSpec, DType, Op, Program, Shape, UnaryOp};
use points::Float;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What no function may exceed, in units of the last place.
const GATE: f64 = 2.0;
const SEED: u64 = 7;
/// Points of the whole sweep for each exponent and sign.
const DENSITY: usize = 4;
/// Made by `golden/specials.py`.
const SPECIALS: &str = include_str!("golden/specials.txt");

/// A function of one or two elements.
#[derive(Clone, Copy)]
enum Function {
    Unary(UnaryOp),
    Binary(BinaryOp),
}

impl Function {
    fn name(self) -> &'static str {
        match self {
            Function::Unary(op) => op.name(),
            Function::Binary(op) => op.name(),
        }
    }

    fn all() -> Vec<Function> {
        let unary = UnaryOp::ALL.iter().map(|&op| Function::Unary(op));
        unary.chain(BinaryOp::ALL.iter().map(|&op| Function::Binary(op))).collect()
    }

    /// Whether its results are rounded, and have a reference.
    fn rounds(self) -> bool {
        match self {
            Function::Unary(op) => reference::unary(op.name(), 1.5).is_some(),
            Function::Binary(op) => reference::binary(op.name(), 1.5, 2.5).is_some(),
        }
    }

    fn compute(self, float: Float, operands: &[Vec<f64>]) -> Vec<f64> {
        let dtype = dtype(float);
        let program = match self {
            Function::Unary(op) => Program::unary(op, dtype),
            Function::Binary(op) => Program::binary(op, dtype),
        };
        let inputs = operands.iter().map(|operand| block(float, operand)).collect();
        let found = execute(&Op::Map(program), inputs, &mut Buffer::zeroed).unwrap();
        match float {
            Float::Single => found.elements::<f32>().iter().map(|&x| f64::from(x)).collect(),
            Float::Double => found.elements::<f64>().to_vec(),
        }
    }
}

fn dtype(float: Float) -> DType {
    match float {
        Float::Single => DType::Float32,
        Float::Double => DType::Float64,
    }
}

fn block(float: Float, elements: &[f64]) -> Arc<Block> {
    let spec = BlockSpec::new(dtype(float), Shape::new([elements.len()]).unwrap());
    let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
    match float {
        Float::Single => {
            let targets = block.elements_mut::<f32>().iter_mut();
            targets.zip(elements).for_each(|(target, &x)| *target = x as f32);
        }
        Float::Double => block.elements_mut().copy_from_slice(elements),
    }
    Arc::new(block)
}

/// What a sweep of a function finds.
struct Found {
    points: usize,
    worst: f64,
    at: Vec<f64>,
    value: f64,
}

/// Sweeps a function over one point in `stride`.
fn sweep(function: Function, float: Float, density: usize, stride: usize) -> Found {
    let name = function.name();
    let operands: Vec<Vec<f64>> = match function {
        Function::Unary(_) => {
            let points = points::unary(name, float, density, SEED);
            vec![points.into_iter().step_by(stride).collect()]
        }
        Function::Binary(_) => {
            let pairs = points::binary(name, float, density, SEED).into_iter().step_by(stride);
            let (left, right) = pairs.unzip();
            vec![left, right]
        }
    };
    let values = function.compute(float, &operands);
    let mut found = Found { points: 0, worst: 0.0, at: Vec::new(), value: 0.0 };
    for (at, &value) in values.iter().enumerate() {
        let point: Vec<f64> = operands.iter().map(|operand| operand[at]).collect();
        let exact = match point[..] {
            [x] => reference::unary(name, x),
            [x, y] => reference::binary(name, x, y),
            _ => None,
        };
        let Some(exact) = exact else { continue };
        found.points += 1;
        let distance = ulps(float, value, &exact);
        if distance > found.worst || found.at.is_empty() {
            (found.worst, found.at, found.value) = (distance, point, value);
        }
    }
    found
}

/// Runs jobs on all processors.
fn in_parallel<T: Send>(jobs: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, |count| count.get());
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= jobs {
                return done;
            }
            done.push((at, job(at)));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, value)| value).collect()
}

fn rounding() -> Vec<Function> {
    Function::all().into_iter().filter(|function| function.rounds()).collect()
}

#[test]
fn a_part_of_the_sweep_is_within_the_gate() {
    let functions = rounding();
    assert!(functions.len() > 30, "{} functions have a reference", functions.len());
    in_parallel(2 * functions.len(), |job| {
        let (function, float) = (functions[job / 2], [Float::Double, Float::Single][job % 2]);
        let found = sweep(function, float, 1, 16);
        let name = function.name();
        assert!(found.points > 50, "{name}: {} points", found.points);
        assert!(
            found.worst <= GATE,
            "{name}{:?} of {float:?} is {}, off by {} units of the last place (seed {SEED})",
            found.at,
            found.value,
            found.worst
        );
    });
}

#[test]
#[ignore = "it takes minutes; it writes docs/accuracy.md where UPDATE_EXPECT is set"]
fn the_whole_sweep_is_what_the_page_says() {
    let functions = rounding();
    let found = in_parallel(2 * functions.len(), |job| {
        sweep(functions[job / 2], [Float::Double, Float::Single][job % 2], DENSITY, 1)
    });
    let mut page = INTRODUCTION.to_string();
    for (function, found) in functions.iter().zip(found.chunks(2)) {
        let cells = found.iter().map(|found| {
            let at: Vec<String> = found.at.iter().map(|x| format!("{x:e}")).collect();
            format!("{:.3} | {} | {}", found.worst, at.join(", "), found.points)
        });
        let cells: Vec<String> = cells.collect();
        writeln!(page, "| `{}` | {} |", function.name(), cells.join(" | ")).unwrap();
    }
    let exact: Vec<String> = Function::all()
        .into_iter()
        .filter(|function| !function.rounds())
        .map(|function| format!("`{}`", function.name()))
        .collect();
    write!(page, "\n{EXACT}\n{}.\n", exact.join(", ")).unwrap();
    expect_test::expect_file!["../../../docs/accuracy.md"].assert_eq(&page);
    assert!(found.iter().all(|found| found.worst <= GATE), "one of them is above {GATE}");
}

const INTRODUCTION: &str = "\
# Accuracy of the element-wise functions

This page lists the largest error of each function, in units in the last place (ulp) of the exact value. Correct rounding
gives 0.5, the goal is 1, and a test keeps every function below 2. dashu-float computes the exact values with at least 160
binary digits.

- Points of one argument: 4 numbers of each exponent and sign, including subnormal numbers; powers of two and their
  neighbours; ranges where a function is difficult; and the neighbours of integer multiples of π/4, ln 2 / 2 and 1/2.
- Pairs: numbers of all magnitudes, of similar magnitudes, and such that the result has all magnitudes.
- Zeros, infinities, NaN and the ends of domains are compared with NumPy.

float32 is computed in float64 and rounded once.

The functions of complex numbers are computed in float64 from these, and complex64 is rounded once. The test `complex` keeps
them within 4 units in the last place of the greater part, measured as the distance in the plane from values of mpmath.

`UPDATE_EXPECT=1 cargo test --release -p nums-kernels --test sweep -- --ignored` writes this page.

`arctan2` is libm's; it rounds the quotient of its arguments first. The other errors above 0.6 come from the last step of
a polynomial.

| function | float64 | at | points | float32 | at | points |
|---|---|---|---|---|---|---|
";

const EXACT: &str = "\
These functions do not round, or follow NumPy's sequence of exact operations. Tests compare them with NumPy bit for bit:";

#[test]
fn special_values_are_numpys() {
    for line in SPECIALS.lines() {
        let fields: Vec<&str> = line.split("; ").collect();
        let [name, dtype] = fields[0].split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let float = if dtype == "float32" { Float::Single } else { Float::Double };
        let parsed = |field: &str| -> Vec<f64> {
            let words = field.split(' ').map(|word| u64::from_str_radix(word, 16).unwrap());
            words
                .map(|bits| match float {
                    Float::Single => f64::from(f32::from_bits(bits as u32)),
                    Float::Double => f64::from_bits(bits),
                })
                .collect()
        };
        let (points, expected) = (parsed(fields[1]), parsed(fields[2]));
        let function =
            Function::all().into_iter().find(|function| function.name() == name).unwrap();
        let operands = match function {
            Function::Unary(_) => vec![points],
            Function::Binary(_) => {
                let pairs = points.iter().flat_map(|&x| points.iter().map(move |&y| (x, y)));
                let (left, right) = pairs.unzip();
                vec![left, right]
            }
        };
        let found = function.compute(float, &operands);
        assert_eq!(found.len(), expected.len(), "{line}");
        for (at, (&found, &expected)) in found.iter().zip(&expected).enumerate() {
            let point: Vec<f64> = operands.iter().map(|operand| operand[at]).collect();
            let story = format!("{name}{point:?} of {dtype}: {found:e} for {expected:e}");
            if expected.is_nan() {
                assert!(found.is_nan(), "{story}");
            } else if expected == 0.0 || expected.is_infinite() {
                assert_eq!(found.to_bits(), expected.to_bits(), "{story}");
            } else {
                // NumPy's own error counts too.
                let exact = reference::Exact::Number(
                    reference::Big::try_from(expected).unwrap().with_precision(160).value(),
                );
                assert!(ulps(float, found, &exact) <= 4.0, "{story}");
            }
        }
    }
}
