//! The threads that share a large kernel change no bit of its result.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Alone, Block, Buffer, Crew, KernelError, execute, execute_with};
use nums_lshs::{
    BinaryOp, BlockSpec, Constant, Creation, DType, Distribution, Fold, GlmFamily, GlmStep,
    IndexStep, LinalgStep, Op, Pick, Piece, Program, Region, Shape, SortStep, SymmetricStep,
    UnaryOp,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many threads, each of which takes the next part until none is left.
struct Threads {
    count: usize,
    /// Parts that they have had, of all kernels.
    parts: AtomicUsize,
}

impl Crew for Threads {
    fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        self.parts.fetch_add(parts, Ordering::Relaxed);
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.count {
                scope.spawn(|| {
                    let parts = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
                        .take_while(|&part| part < parts);
                    parts.for_each(work);
                });
            }
        });
    }
}

/// A block of a dtype whose elements have no pattern.
fn block(dtype: DType, lengths: &[usize], seed: usize) -> Arc<Block> {
    let spec = BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
    let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
    for (index, element) in block.elements_mut::<f64>().iter_mut().enumerate() {
        let index = (index + 1000 * seed) as f64;
        let scattered = index * 0.618_033_988_749_895 + index * index * 0.414_213_562_373_095;
        *element = (scattered.fract() - 0.5) * 1000.0;
    }
    let cast = Op::Map(Program::cast(DType::Float64, dtype));
    Arc::new(execute(&cast, vec![Arc::new(block)], &mut Buffer::zeroed).unwrap())
}

/// Holds the result on several threads against that on one, which must have been cut into parts.
fn check(op: &Op, inputs: &[&Arc<Block>]) {
    let inputs: Vec<Arc<Block>> = inputs.iter().map(|&input| input.clone()).collect();
    let alone = execute_with(op, inputs.clone(), &Alone, &mut Buffer::zeroed).unwrap();
    for count in [1, 2, 3, 5] {
        let crew = Threads { count, parts: AtomicUsize::new(0) };
        let shared = execute_with(op, inputs.clone(), &crew, &mut Buffer::zeroed).unwrap();
        let parts = crew.parts.into_inner();
        assert!(parts > 1, "{op} was not cut into parts");
        let same = shared.iter().map(Block::bytes).eq(alone.iter().map(Block::bytes));
        assert!(same, "{op} on {count} threads, in {parts} parts");
    }
}

#[test]
fn programs() {
    let fused = Program::unary(UnaryOp::Exp, DType::Float64)
        .after(0, &Program::binary(BinaryOp::Multiply, DType::Float64));
    let rows = [block(DType::Float64, &[700, 1001], 1), block(DType::Float64, &[1001], 2)];
    check(&Op::Map(fused), &rows.each_ref());
    let less = Program::with_constant(BinaryOp::Less, Constant::int32(7));
    check(&Op::Map(less), &[&block(DType::Int32, &[600_001], 1)]);
}

#[test]
fn reductions_of_any_axes() {
    let kinds = |lengths: &[usize], axes: &[usize]| {
        let start = vec![0; axes.len()];
        let lengths = axes.iter().map(|&axis| lengths[axis]).collect();
        let extreme = Fold::Extreme { greatest: true, start, lengths };
        [Fold::Sum, Fold::Fmax, Fold::Moments { skip_nan: false, central: true }, extreme]
    };
    for lengths in [&[700_001][..], &[1500, 701], &[3, 300_007], &[300_007, 3], &[40, 50, 401]] {
        let x = block(DType::Float64, lengths, 1);
        let mut subsets: Vec<Vec<usize>> = (0..lengths.len()).map(|axis| vec![axis]).collect();
        subsets.push((0..lengths.len()).collect());
        for axes in subsets {
            for kind in kinds(lengths, &axes) {
                let program = Program::unary(UnaryOp::Square, DType::Float64);
                check(&Op::Reduce { program, kind, axes: axes.clone() }, &[&x]);
            }
        }
    }
}

#[test]
fn products() {
    for dtype in [DType::Float64, DType::Float32, DType::Int64] {
        let [a, b, c] =
            [[600, 90], [90, 1100], [600, 1100]].map(|lengths| block(dtype, &lengths, lengths[0]));
        let op =
            |accumulate| Op::MatMul { transpose_left: false, transpose_right: false, accumulate };
        check(&op(false), &[&a, &b]);
        check(&op(true), &[&c, &a, &b]);
    }
    let [a, b] = [[90, 600], [1100, 90]].map(|lengths| block(DType::Float64, &lengths, 1));
    check(
        &Op::MatMul { transpose_left: true, transpose_right: true, accumulate: false },
        &[&a, &b],
    );
}

#[test]
fn symmetric_products() {
    for (lengths, transpose) in [([140_000, 9], true), ([700, 65], false), ([66, 1030], true)] {
        let x = block(DType::Float64, &lengths, 1);
        let rank_k = |accumulate| Op::Symmetric(SymmetricStep::RankK { transpose, accumulate });
        check(&rank_k(false), &[&x]);
        let packed = execute(&rank_k(false), vec![x.clone()], &mut Buffer::zeroed).unwrap();
        check(&rank_k(true), &[&Arc::new(packed), &x]);
    }
}

#[test]
fn sums_of_models() {
    for (rows, columns) in [(70_001, 28), (9_000, 256)] {
        let (x, y) =
            (block(DType::Float64, &[rows, columns], 1), block(DType::Float64, &[rows], 2));
        let beta = block(DType::Float64, &[columns + 1], 3);
        for curvature in [false, true] {
            let family = GlmFamily::Normal;
            let sums = GlmStep::Partial { family, intercept: true, curvature };
            check(&Op::Glm(sums), &[&x, &y, &beta]);
        }
    }
}

#[test]
fn axes_in_another_order() {
    let op = |order: &[usize]| Op::Transpose { order: order.to_vec() };
    for dtype in [DType::Float64, DType::Float32, DType::Bool] {
        check(&op(&[1, 0]), &[&block(dtype, &[700, 1001], 1)]);
    }
    let x = block(DType::Float64, &[65, 70, 129], 1);
    for order in [[0, 2, 1], [1, 0, 2], [2, 1, 0]] {
        check(&op(&order), &[&x]);
    }
}

#[test]
fn boxes_that_are_put_together() {
    let [left, right] = [1, 2].map(|seed| block(DType::Float64, &[900, 701], seed));
    let piece = |input, target_start: [usize; 2], step: isize, len: [usize; 2]| Piece {
        input,
        source_start: vec![0, if step < 0 { 700 } else { 0 }],
        source_step: vec![1, step],
        target_start: target_start.to_vec(),
        len: len.to_vec(),
    };
    let gather = |lengths: [usize; 2], pieces| {
        let shape = Shape::new(lengths).unwrap();
        Op::Gather { working: shape.clone(), shape, pieces }
    };
    let beside = vec![piece(0, [0, 0], 1, [900, 701]), piece(1, [0, 701], -1, [900, 701])];
    check(&gather([900, 1402], beside), &[&left, &right]);
    let below = vec![piece(0, [0, 0], 2, [900, 351]), piece(1, [900, 0], 0, [100, 351])];
    check(&gather([1000, 351], below), &[&left, &right]);
    // A few long rows, which are cut themselves.
    let long = block(DType::Int32, &[2, 300_001], 1);
    let doubled = [0, 2].map(|row| piece(0, [row, 0], 1, [2, 300_001]));
    check(&gather([4, 300_001], doubled.to_vec()), &[&long]);
    let pieces = vec![piece(0, [3, 1], 1, [448, 350]), piece(1, [4, 1], 1, [400, 350])];
    let assign = Op::Index(IndexStep::Assign { step: vec![2, 2], pieces });
    check(&assign, &[&left, &right, &left]);
}

#[test]
fn slices_and_shapes() {
    let x = block(DType::Float64, &[900, 701], 1);
    let pick = |index| Pick { input: (index % 2) as u32, index };
    for (axis, len) in [(0, 900), (1, 701)] {
        let picks = (0..len).rev().map(pick).collect();
        check(&Op::Index(IndexStep::Take { axis, picks }), &[&x, &x]);
    }
    let region =
        |start: [usize; 2], len: [usize; 2]| Region { start: start.into(), len: len.into() };
    let reshape = Op::Reshape {
        source_shape: Shape::new([900, 1402]).unwrap(),
        sources: [0, 701].map(|column| region([0, column], [900, 701])).to_vec(),
        target_shape: Shape::new([1402, 900]).unwrap(),
        target: region([5, 3], [1300, 890]),
    };
    check(&reshape, &[&x, &block(DType::Float64, &[900, 701], 2)]);
}

#[test]
fn elements_that_follow_from_their_position() {
    let [low, high] = [-3, 11].map(Constant::int64);
    let [zero, one] = [0.0, 1.0].map(Constant::float64);
    let singles = [0.0, 1.0].map(Constant::float32);
    let random = |distribution| Creation::Random { distribution, seed: 7, stream: 1 };
    let lines = [
        Creation::Arange { start: low, next: high },
        Creation::Linspace { dtype: DType::Float32, start: zero, stop: one, endpoint: true },
        random(Distribution::Permutation),
    ];
    let matrices = [
        Creation::Full(one),
        Creation::Eye { dtype: DType::Float64, diagonal: 2 },
        random(Distribution::Uniform { low: zero, high: one }),
        random(Distribution::Uniform { low: singles[0], high: singles[1] }),
        random(Distribution::Normal { mean: zero, deviation: one }),
        random(Distribution::Integers { lowest: low, highest: high }),
    ];
    let create = |creation, shape: &[usize], start: &[usize], len: &[usize]| {
        let region = Region { start: start.into(), len: len.into() };
        check(&Op::Create { creation, shape: Shape::new(shape).unwrap(), region }, &[]);
    };
    lines.into_iter().for_each(|line| create(line, &[600_000], &[3], &[599_990]));
    for matrix in matrices {
        create(matrix, &[700, 2000], &[1, 3], &[601, 1997]);
        create(matrix, &[700, 2000], &[1, 3], &[601, 701]);
    }
}

#[test]
fn order() {
    let x = block(DType::Float64, &[900, 701], 1);
    check(&Op::Sort(SortStep::Sort { axis: 1 }), &[&x]);
    let sorted = Op::Sort(SortStep::Sort { axis: 0 });
    let line = block(DType::Float64, &[1000], 2);
    let line = Arc::new(execute(&sorted, vec![line], &mut Buffer::zeroed).unwrap());
    check(&Op::Sort(SortStep::SearchSorted { right: true }), &[&line, &x]);
    for dtype in [DType::Float64, DType::Int32] {
        let [left, right] = [(700_001, 1), (300_000, 2)].map(|(len, seed)| {
            let line = block(dtype, &[len], seed);
            Arc::new(execute(&sorted, vec![line], &mut Buffer::zeroed).unwrap())
        });
        check(&Op::Sort(SortStep::MergeHalf { upper: false }), &[&left, &right]);
        check(&Op::Sort(SortStep::MergeHalf { upper: true }), &[&right, &left]);
        check(&Op::Sort(SortStep::Merge), &[&left, &right]);
    }
}

/// A square block whose diagonal dominates.
fn dominant(dtype: DType, order: usize) -> Arc<Block> {
    let eye = Creation::Eye { dtype, diagonal: 0 };
    let shape = Shape::new([order, order]).unwrap();
    let region = Region { start: vec![0, 0], len: vec![order, order] };
    let eye = execute(&Op::Create { creation: eye, shape, region }, vec![], &mut Buffer::zeroed);
    let weight =
        if dtype == DType::Float32 { Constant::float32(1e6) } else { Constant::float64(1e6) };
    let sum = Program::binary(BinaryOp::Add, dtype)
        .after(0, &Program::with_constant(BinaryOp::Multiply, weight));
    let inputs = vec![Arc::new(eye.unwrap()), block(dtype, &[order, order], 3)];
    Arc::new(execute(&Op::Map(sum), inputs, &mut Buffer::zeroed).unwrap())
}

#[test]
fn right_sides() {
    for dtype in [DType::Float64, DType::Float32] {
        let (a, b) = (dominant(dtype, 150), block(dtype, &[150, 601], 1));
        for (lower, transpose) in [(true, false), (true, true), (false, false)] {
            check(&Op::Linalg(LinalgStep::SolveTriangular { lower, transpose }), &[&a, &b]);
        }
        check(&Op::Linalg(LinalgStep::CholeskySolve), &[&a, &b]);
        check(&Op::Linalg(LinalgStep::Solve), &[&a, &b]);
        check(&Op::Linalg(LinalgStep::Inverse), &[&dominant(dtype, 300)]);
    }
}

#[test]
fn factors_of_positive_matrices() {
    for dtype in [DType::Float64, DType::Float32] {
        check(&Op::Linalg(LinalgStep::Cholesky { pivots_before: 0 }), &[&dominant(dtype, 1100)]);
        let (l, b) = (dominant(dtype, 150), block(dtype, &[601, 150], 1));
        check(&Op::Linalg(LinalgStep::CholeskyPanel), &[&l, &b]);
        let (a, c) = (block(dtype, &[530, 150], 2), block(dtype, &[601, 530], 3));
        check(&Op::Linalg(LinalgStep::Downdate { symmetric: false }), &[&c, &b, &a]);
        let c = dominant(dtype, 601);
        check(&Op::Linalg(LinalgStep::Downdate { symmetric: true }), &[&c, &b]);
    }
}

#[test]
fn an_error_in_a_part_is_that_of_the_kernel() {
    let power = Op::Map(Program::binary(BinaryOp::Power, DType::Int64));
    let inputs = [1, 2].map(|seed| block(DType::Int64, &[600_000], seed));
    let crew = Threads { count: 2, parts: AtomicUsize::new(0) };
    let refused = execute_with(&power, inputs.to_vec(), &crew, &mut Buffer::zeroed);
    assert_eq!(refused.unwrap_err(), KernelError::NegativePower);
}
