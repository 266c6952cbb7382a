//! Element-wise programs, reductions, movement and creation, on blocks that no cache holds, beside ndarray.

use super::memory::LEN;
use super::report::{Peer, Report, block, made, shape};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Zip};
use nums_kernels::Block;
use nums_lshs::{
    BinaryOp, Constant, Creation, DType, Distribution, Fold, Op, Piece, Program, Region, SortStep,
    UnaryOp,
};
use std::hint::black_box;
use std::sync::Arc;

const FLOAT: DType = DType::Float64;

fn line(block: &Block) -> ArrayView1<'_, f64> {
    ArrayView1::from(block.elements())
}

fn matrix(block: &Block) -> ArrayView2<'_, f64> {
    let shape = &block.spec().shape;
    match ArrayView2::from_shape((shape[0], shape[1]), block.elements()) {
        Ok(view) => view,
        Err(error) => panic!("{error}"),
    }
}

/// 2 x + 1.
fn affine() -> Program {
    let twice = Program::with_constant(BinaryOp::Multiply, Constant::float64(2.0));
    Program::with_constant(BinaryOp::Add, Constant::float64(1.0)).after(0, &twice)
}

/// (a b + c) / (1 + exp(-d)).
fn weighted() -> Program {
    let binary = |op| Program::binary(op, FLOAT);
    let exp =
        Program::unary(UnaryOp::Exp, FLOAT).after(0, &Program::unary(UnaryOp::Negative, FLOAT));
    let below = Program::with_constant(BinaryOp::Add, Constant::float64(1.0)).after(0, &exp);
    let above = binary(BinaryOp::Add).after(0, &binary(BinaryOp::Multiply));
    binary(BinaryOp::Divide).after(1, &below).after(0, &above)
}

pub(crate) fn elementwise(report: &mut Report) {
    let (x, y) = (block(&[LEN], 1), block(&[LEN], 2));
    let mask =
        made(&Op::Map(Program::with_constant(BinaryOp::Greater, Constant::float64(0.0))), &[&x]);
    let mut out = Array1::<f64>::ones(LEN);
    let add = Op::Map(Program::binary(BinaryOp::Add, FLOAT));
    let peer = || Zip::from(&mut out).and(line(&x)).and(line(&y)).for_each(|o, x, y| *o = x + y);
    report.case("x + y", &add, &[&x, &y], Peer::new("ndarray", peer));
    let peer = || Zip::from(&mut out).and(line(&x)).for_each(|o, x| *o = x * 2.0 + 1.0);
    report.case("x * 2 + 1", &Op::Map(affine()), &[&x], Peer::new("ndarray", peer));
    let mut unary = |name: &str, op, function: fn(f64) -> f64| {
        let peer = || Zip::from(&mut out).and(line(&x)).for_each(|o, &x| *o = function(x));
        report.case(name, &Op::Map(Program::unary(op, FLOAT)), &[&x], Peer::new("ndarray", peer));
    };
    unary("abs", UnaryOp::Absolute, f64::abs);
    unary("sqrt", UnaryOp::Sqrt, f64::sqrt);
    unary("floor", UnaryOp::Floor, f64::floor);
    unary("exp", UnaryOp::Exp, f64::exp);
    unary("log", UnaryOp::Log, f64::ln);
    unary("tanh", UnaryOp::Tanh, f64::tanh);
    unary("sigmoid", UnaryOp::Sigmoid, |x| 1.0 / (1.0 + (-x).exp()));
    unary("sin", UnaryOp::Sin, f64::sin);
    let less = Op::Map(Program::binary(BinaryOp::Less, FLOAT));
    let mut truths = Array1::from_elem(LEN, true);
    let peer = || Zip::from(&mut truths).and(line(&x)).and(line(&y)).for_each(|o, x, y| *o = x < y);
    report.case("x < y", &less, &[&x, &y], Peer::new("ndarray", peer));
    let maximum = Op::Map(Program::binary(BinaryOp::Maximum, FLOAT));
    report.case("maximum", &maximum, &[&x, &y], None);
    let where_ = Op::Map(Program::select(FLOAT));
    report.case("where", &where_, &[&mask, &x, &y], None);
    let mut singles = Array1::<f32>::ones(LEN);
    let peer = || Zip::from(&mut singles).and(line(&x)).for_each(|o, &x| *o = x as f32);
    let cast = |to| Op::Map(Program::cast(FLOAT, to));
    report.case("cast to float32", &cast(DType::Float32), &[&x], Peer::new("ndarray", peer));
    report.case("cast to int64", &cast(DType::Int64), &[&x], None);
    report.case("cast to bool", &cast(DType::Bool), &[&x], None);
    let (square, row) = (block(&[8192, 1024], 1), block(&[1024], 2));
    report.case("x + a row", &add, &[&square, &row], None);
    report.case("x + a column", &add, &[&square, &block(&[8192, 1], 2)], None);
}

pub(crate) fn reductions(report: &mut Report) {
    let x = block(&[8192, 1024], 1);
    let reduce = |kind: Fold, axes: &[usize]| Op::Reduce {
        program: Program::identity(FLOAT),
        kind,
        axes: axes.to_vec(),
    };
    for (place, axes) in [("axis 0", &[0][..]), ("axis 1", &[1]), ("all", &[0, 1])] {
        let peer = || match axes {
            [axis] => drop(black_box(matrix(&x).sum_axis(Axis(*axis)))),
            _ => drop(black_box(matrix(&x).sum())),
        };
        let sum = reduce(Fold::Sum, axes);
        report.case(&format!("sum, {place}"), &sum, &[&x], Peer::new("ndarray", peer));
        let peer = || match axes {
            [axis] => drop(black_box(matrix(&x).var_axis(Axis(*axis), 0.0))),
            _ => drop(black_box(matrix(&x).var(0.0))),
        };
        let moments = reduce(Fold::Moments { skip_nan: false, central: true }, axes);
        report.case(&format!("var, {place}"), &moments, &[&x], Peer::new("ndarray", peer));
        report.case(&format!("max, {place}"), &reduce(Fold::Maximum, axes), &[&x], None);
        let lengths = axes.iter().map(|&axis| x.spec().shape[axis]).collect();
        let argmax = Fold::Extreme { greatest: true, start: vec![0; axes.len()], lengths };
        report.case(&format!("argmax, {place}"), &reduce(argmax, axes), &[&x], None);
    }
    let operands: Vec<Arc<Block>> = (1..5).map(|seed| block(&[LEN], seed)).collect();
    let read: Vec<&Arc<Block>> = operands.iter().collect();
    let fused = Op::Reduce { program: weighted(), kind: Fold::Sum, axes: vec![0] };
    let peer = || {
        let [a, b, c, d] = [0, 1, 2, 3].map(|operand: usize| operands[operand].elements::<f64>());
        let terms = (0..LEN).map(|at| (a[at] * b[at] + c[at]) / (1.0 + (-d[at]).exp()));
        black_box(terms.sum::<f64>());
    };
    report.case("sum((a*b+c)/(1+exp(-d)))", &fused, &read, Peer::new("a plain loop", peer));
}

pub(crate) fn movement(report: &mut Report) {
    let x = block(&[2048, 4096], 1);
    let mut out = Array2::<f64>::ones((4096, 2048));
    let transpose = Op::Transpose { order: vec![1, 0] };
    let peer = || out.assign(&matrix(&x).reversed_axes());
    report.case("transpose", &transpose, &[&x], Peer::new("ndarray", peer));
    let cube = block(&[128, 256, 256], 1);
    let swap = |order: [usize; 3]| Op::Transpose { order: order.to_vec() };
    report.case("transpose of axes 0, 2, 1", &swap([0, 2, 1]), &[&cube], None);
    report.case("transpose of axes 2, 1, 0", &swap([2, 1, 0]), &[&cube], None);
    let piece = |input, target_start: [usize; 2], step: isize, len: [usize; 2]| Piece {
        input,
        source_start: vec![0, 0],
        source_step: vec![1, step],
        target_start: target_start.to_vec(),
        len: len.to_vec(),
    };
    let gather = |lengths: [usize; 2], pieces| {
        let shape = shape(&lengths);
        Op::Gather { working: shape.clone(), shape, pieces }
    };
    let slice = gather([2048, 2048], vec![piece(0, [0, 0], 2, [2048, 2048])]);
    report.case("every other column", &slice, &[&x], None);
    let pieces = vec![piece(0, [0, 0], 1, [2048, 4096]), piece(1, [2048, 0], 1, [2048, 4096])];
    let joined = gather([4096, 4096], pieces);
    report.case("concatenate", &joined, &[&x, &block(&[2048, 4096], 2)], None);
    let lines = block(&[1024, 1024], 1);
    let mut sorted = lines.elements::<f64>().to_vec();
    let peer = || {
        sorted.copy_from_slice(lines.elements());
        sorted.chunks_mut(1024).for_each(|line| line.sort_by(f64::total_cmp));
    };
    let sort = Op::Sort(SortStep::Sort { axis: 1 });
    report.case("sort of rows", &sort, &[&lines], Peer::new("sort_by", peer));
    report.case("sort of columns", &Op::Sort(SortStep::Sort { axis: 0 }), &[&lines], None);
}

pub(crate) fn creation(report: &mut Report) {
    let mut create = |name: &str, creation| {
        let region = Region { start: vec![0], len: vec![LEN] };
        report.case(name, &Op::Create { creation, shape: shape(&[LEN]), region }, &[], None);
    };
    let [zero, one, ten] = [0.0, 1.0, 10.0].map(Constant::float64);
    create("full", Creation::Full(one));
    create("arange", Creation::Arange { start: zero, next: one });
    let endpoint = true;
    create("linspace", Creation::Linspace { dtype: FLOAT, start: zero, stop: ten, endpoint });
    let random = |distribution| Creation::Random { distribution, seed: 1, stream: 0 };
    create("uniform", random(Distribution::Uniform { low: zero, high: one }));
    create("normal", random(Distribution::Normal { mean: zero, deviation: one }));
    let [lowest, highest] = [1, 6].map(Constant::int64);
    create("integers", random(Distribution::Integers { lowest, highest }));
    create("permutation", random(Distribution::Permutation));
}
