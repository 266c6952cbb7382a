//! The threads that share a large kernel change no bit of its result.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Block, Buffer, Crew, KernelError, execute, execute_with};
use nums_lshs::{
    BinaryOp, BlockSpec, Constant, DType, Fold, GlmFamily, GlmStep, Op, Program, Shape,
    SymmetricStep, UnaryOp,
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
    let mut block = Block::new(spec, &mut Buffer::zeroed);
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
    let alone = execute(op, inputs.clone(), &mut Buffer::zeroed).unwrap();
    for count in [1, 2, 3, 5] {
        let crew = Threads { count, parts: AtomicUsize::new(0) };
        let shared = execute_with(op, inputs.clone(), &crew, &mut Buffer::zeroed).unwrap();
        let parts = crew.parts.into_inner();
        assert!(parts > 1, "{op} was not cut into parts");
        assert!(shared.bytes() == alone.bytes(), "{op} on {count} threads, in {parts} parts");
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
        [Fold::Sum, Fold::Fmax, Fold::Moments { skip_nan: false }, extreme]
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
fn an_error_in_a_part_is_that_of_the_kernel() {
    let power = Op::Map(Program::binary(BinaryOp::Power, DType::Int64));
    let inputs = [1, 2].map(|seed| block(DType::Int64, &[600_000], seed));
    let crew = Threads { count: 2, parts: AtomicUsize::new(0) };
    let refused = execute_with(&power, inputs.to_vec(), &crew, &mut Buffer::zeroed);
    assert_eq!(refused.unwrap_err(), KernelError::NegativePower);
}
