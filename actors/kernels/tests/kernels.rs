//! Every kernel gives the shape and bytes that its operation promises, and the right numbers.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Block, Buffer, Element, KernelError, execute};
use nums_lshs::{
    BinaryOp, BlockSpec, Constant, Creation, DType, Fold, Op, Piece, Program, Region, Shape,
    UnaryOp,
};
use proptest::prelude::*;
use std::sync::Arc;

fn shape(lengths: &[usize]) -> Shape {
    Shape::new(lengths).unwrap()
}

fn block(lengths: &[usize], elements: &[f64]) -> Arc<Block> {
    let spec = BlockSpec::new(DType::Float64, shape(lengths));
    let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
    block.elements_mut().copy_from_slice(elements);
    Arc::new(block)
}

fn counted(lengths: &[usize]) -> Arc<Block> {
    let elements: Vec<_> = (0..shape(lengths).elements()).map(|index| index as f64).collect();
    block(lengths, &elements)
}

/// Runs an operation, holds the result against the promise, and gives its elements.
fn run(op: &Op, inputs: &[Arc<Block>]) -> Vec<f64> {
    let specs: Vec<_> = inputs.iter().map(|input| input.spec()).collect();
    let promised = op.outputs(&specs).unwrap().swap_remove(0);
    let result = execute(op, inputs.to_vec(), &mut Buffer::zeroed).unwrap();
    assert_eq!((result.spec(), result.bytes().len() as u64), (&promised, promised.bytes()), "{op}");
    result.elements().to_vec()
}

fn region(start: &[usize], len: &[usize]) -> Region {
    Region { start: start.to_vec(), len: len.to_vec() }
}

#[test]
fn creation() {
    let arange = Creation::Arange { start: Constant::float64(1.0), next: Constant::float64(1.5) };
    let op =
        |creation| Op::Create { creation, shape: shape(&[3, 4]), region: region(&[1, 1], &[2, 2]) };
    assert_eq!(run(&op(arange), &[]), [3.5, 4.0, 5.5, 6.0]);
    assert_eq!(run(&op(Creation::Full(Constant::float64(7.0))), &[]), [7.0; 4]);
}

#[test]
fn element_wise_programs_broadcast() {
    let add = Op::Map(Program::binary(BinaryOp::Add, DType::Float64));
    assert_eq!(run(&add, &[counted(&[2, 3]), counted(&[3])]), [0., 2., 4., 3., 5., 7.]);
    assert_eq!(run(&add, &[counted(&[2, 1]), counted(&[3])]), [0., 1., 2., 1., 2., 3.]);
    assert_eq!(run(&add, &[counted(&[0, 3]), counted(&[3])]), [] as [f64; 0]);
    let cases = [
        (UnaryOp::Negative, -2.25),
        (UnaryOp::Absolute, 2.25),
        (UnaryOp::Square, 5.0625),
        (UnaryOp::Sqrt, 1.5),
        (UnaryOp::Exp, 2.25_f64.exp()),
        (UnaryOp::Log, 2.25_f64.ln()),
    ];
    for (op, expected) in cases {
        assert_eq!(
            run(&Op::Map(Program::unary(op, DType::Float64)), &[block(&[], &[2.25])]),
            [expected],
            "{op:?}"
        );
    }
    for (op, expected) in [
        (BinaryOp::Add, 9.0),
        (BinaryOp::Subtract, 5.0),
        (BinaryOp::Multiply, 14.0),
        (BinaryOp::Divide, 3.5),
    ] {
        let inputs = [block(&[], &[7.0]), block(&[], &[2.0])];
        assert_eq!(
            run(&Op::Map(Program::binary(op, DType::Float64)), &inputs),
            [expected],
            "{op:?}"
        );
        assert_eq!(
            run(&Op::Map(Program::with_constant(op, Constant::float64(2.0))), &inputs[..1]),
            [expected]
        );
        assert_eq!(
            run(&Op::Map(Program::of_constant(Constant::float64(7.0), op)), &inputs[1..]),
            [expected]
        );
    }
}

#[test]
fn a_fused_program_gives_the_bits_of_its_parts_over_many_tiles() {
    let (x, y) = (counted(&[3, 1000]), counted(&[1000]));
    let exp = Program::unary(UnaryOp::Exp, DType::Float64)
        .after(0, &Program::with_constant(BinaryOp::Divide, Constant::float64(1e4)));
    let fused = Program::binary(BinaryOp::Multiply, DType::Float64).after(0, &exp);
    let first = execute(&Op::Map(exp), vec![x.clone()], &mut Buffer::zeroed).unwrap();
    let parts = run(
        &Op::Map(Program::binary(BinaryOp::Multiply, DType::Float64)),
        &[Arc::new(first), y.clone()],
    );
    assert_eq!(run(&Op::Map(fused.clone()), &[x.clone(), y.clone()]), parts);
    let sum = |program| Op::Reduce { program, kind: Fold::Sum, axes: vec![0] };
    let of_parts = run(&sum(Program::identity(DType::Float64)), &[block(&[3, 1000], &parts)]);
    assert_eq!(run(&sum(fused), &[x, y]), of_parts);
}

/// Long results are written past the caches, in vectors and what is left at the end.
#[test]
fn a_long_result_has_the_bits_of_short_ones() {
    const LEN: usize = 4_500_007;
    const SHORT: usize = 1_001;
    let elements: Vec<f64> = (0..LEN).map(|index| (index * 7919 % 1000) as f64 / 64.0).collect();
    let exp = Program::unary(UnaryOp::Exp, DType::Float64)
        .after(0, &Program::with_constant(BinaryOp::Subtract, Constant::float64(8.0)));
    let above = Program::with_constant(BinaryOp::Greater, Constant::float64(8.0));
    // One step and several, results of eight bytes and of one, all of which are a million bytes too many for a cache.
    for (program, dtype) in [
        (Program::unary(UnaryOp::Negative, DType::Float64), DType::Float64),
        (exp, DType::Float64),
        (above, DType::Bool),
    ] {
        let op = Op::Map(program);
        let of = |elements: &[f64]| {
            let input = block(&[elements.len()], elements);
            execute(&op, vec![input], &mut Buffer::zeroed).unwrap()
        };
        let long = of(&elements);
        assert!(long.spec().dtype == dtype && long.bytes().len() > 4 << 20, "{op}");
        let item = dtype.item_bytes() as usize;
        for (bytes, elements) in long.bytes().chunks(SHORT * item).zip(elements.chunks(SHORT)) {
            assert_eq!(bytes, of(elements).bytes(), "{op}");
        }
    }
}

#[test]
fn matmul_with_flags_vectors_and_accumulation() {
    let matmul = |transpose_left, transpose_right, accumulate| Op::MatMul {
        transpose_left,
        transpose_right,
        accumulate,
    };
    let (a, b) = (counted(&[2, 3]), counted(&[3, 2]));
    let product = [10.0, 13.0, 28.0, 40.0];
    assert_eq!(run(&matmul(false, false, false), &[a.clone(), b.clone()]), product);
    assert_eq!(run(&matmul(true, false, false), &[b.clone(), b.clone()]), [20., 26., 26., 35.]);
    assert_eq!(run(&matmul(false, true, false), &[a.clone(), a.clone()]), [5., 14., 14., 50.]);
    let vector = counted(&[3]);
    assert_eq!(run(&matmul(false, false, false), &[a.clone(), vector.clone()]), [5.0, 14.0]);
    assert_eq!(run(&matmul(false, false, false), &[vector.clone(), b.clone()]), [10.0, 13.0]);
    assert_eq!(run(&matmul(false, false, false), &[vector.clone(), vector]), [5.0]);
    let empty = [block(&[2, 0], &[]), block(&[0, 2], &[])];
    assert_eq!(run(&matmul(false, false, false), &empty), [0.0; 4]);
    // Shared, the accumulated input is copied; alone, it is overwritten. The bits are the same.
    let sum = block(&[2, 2], &[1.0; 4]);
    let added: Vec<_> = product.iter().map(|x| x + 1.0).collect();
    assert_eq!(run(&matmul(false, false, true), &[sum.clone(), a.clone(), b.clone()]), added);
    assert_eq!(sum.elements::<f64>(), [1.0; 4]);
    let address = sum.bytes().as_ptr();
    let alone = execute(&matmul(false, false, true), vec![sum, a, b], &mut |_| panic!("no memory"));
    let alone = alone.unwrap();
    assert_eq!((alone.elements::<f64>(), alone.bytes().as_ptr()), (&added[..], address));
}

#[test]
fn integers_wrap_and_bools_are_any_of_both_in_products() {
    fn of<T: Element>(lengths: &[usize], elements: &[T]) -> Arc<Block> {
        let mut block =
            Block::new(BlockSpec::new(T::DTYPE, shape(lengths)), &mut Buffer::zeroed).unwrap();
        block.elements_mut().copy_from_slice(elements);
        Arc::new(block)
    }
    fn product<T: Element>(flags: [bool; 2], inputs: &[Arc<Block>]) -> Vec<T> {
        let [transpose_left, transpose_right] = flags;
        let accumulate = inputs.len() == 3;
        let op = Op::MatMul { transpose_left, transpose_right, accumulate };
        execute(&op, inputs.to_vec(), &mut Buffer::zeroed).unwrap().elements().to_vec()
    }
    let (a, b) = (of(&[2, 3], &[1, 2, 3, 4, 5, i32::MAX]), of(&[3, 2], &[1, 0, 0, 1, 2, i32::MIN]));
    let (a_t, b_t) =
        (of(&[3, 2], &[1, 4, 2, 5, 3, i32::MAX]), of(&[2, 3], &[1, 0, 2, 0, 1, i32::MIN]));
    let expected = [7, 2_i32.wrapping_add(i32::MIN), 2, 5_i32.wrapping_add(i32::MIN)];
    for (flags, left, right) in [
        ([false, false], &a, &b),
        ([true, false], &a_t, &b),
        ([false, true], &a, &b_t),
        ([true, true], &a_t, &b_t),
    ] {
        assert_eq!(product::<i32>(flags, &[left.clone(), right.clone()]), expected, "{flags:?}");
        let twice = [of(&[2, 2], &expected), left.clone(), right.clone()];
        let doubled = expected.map(|value| value.wrapping_mul(2));
        assert_eq!(product::<i32>(flags, &twice), doubled, "{flags:?}");
    }
    let ones = of(&[1, 200], &[1_i64; 200]);
    assert_eq!(product::<i64>([false, true], &[ones.clone(), ones]), [200]);
    let (yes, no) = (of(&[2, 2], &[true, true, false, false]), of(&[2], &[false, true]));
    assert_eq!(product::<bool>([false, false], &[yes, no]), [true, false]);
}

#[test]
fn transposes() {
    let op = |order: &[usize]| Op::Transpose { order: order.to_vec() };
    assert_eq!(run(&op(&[1, 0]), &[counted(&[2, 3])]), [0., 3., 1., 4., 2., 5.]);
    assert_eq!(run(&op(&[2, 0, 1]), &[counted(&[1, 2, 2])]), [0., 2., 1., 3.]);
    assert_eq!(run(&op(&[]), &[counted(&[])]), [0.0]);
}

#[test]
fn gathers_copy_strided_boxes() {
    let piece = |input, start: usize, step, target: usize, len: usize| Piece {
        input,
        source_start: vec![0, start],
        source_step: vec![1, step],
        target_start: vec![0, target],
        len: vec![2, len],
    };
    let op = Op::Gather {
        working: shape(&[2, 4]),
        shape: shape(&[2, 4]),
        pieces: vec![piece(0, 4, -2, 0, 3), piece(1, 1, 1, 3, 1)],
    };
    let inputs = [counted(&[2, 5]), counted(&[2, 2])];
    assert_eq!(run(&op, &inputs), [4., 2., 0., 1., 9., 7., 5., 3.]);
}

#[test]
fn bad_inputs_are_refused_with_their_shapes() {
    let inputs = vec![counted(&[2, 3]), counted(&[2, 3])];
    let op = Op::MatMul { transpose_left: false, transpose_right: false, accumulate: false };
    let Err(KernelError::Inputs { reason, .. }) = execute(&op, inputs, &mut Buffer::zeroed) else {
        panic!("shapes that do not fit were multiplied");
    };
    assert!(reason.contains("(2, 3) @ (2, 3)"), "{reason}");
}

#[test]
fn the_kernel_id_names_the_libraries_that_are_built() {
    let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock");
    let lock = std::fs::read_to_string(lock).unwrap();
    let id = nums_kernels::kernel_id();
    for library in ["faer", "libm"] {
        let name = format!("name = \"{library}\"");
        let package = lock.split("[[package]]").find(|package| package.contains(&name)).unwrap();
        let version = package.split('"').nth(3).unwrap();
        let wanted = format!("{library}-{version} ");
        assert!(id.contains(&wanted), "{id} does not name {library} {version}");
    }
    assert_eq!(id, nums_kernels::kernel_id());
}

proptest! {
    /// Cutting, reshaping block by block, and reading in C order gives the elements back.
    #[test]
    fn reshapes_keep_c_order(rows in 1_usize..7, columns in 1_usize..7, cut in 1_usize..7, wide in 1_usize..9) {
        let source_shape = shape(&[rows, columns]);
        let elements = rows * columns;
        let target_shape = shape(&[elements]);
        let cut = cut.min(columns);
        let sources = vec![region(&[0, 0], &[rows, cut]), region(&[0, cut], &[rows, columns - cut])];
        let whole: Vec<f64> = (0..elements).map(|index| index as f64).collect();
        let inputs: Vec<_> = sources.iter().map(|part| {
            let part_elements: Vec<_> = part.runs(&source_shape).into_iter()
                .flat_map(|(first, len)| whole[first..first + len].to_vec()).collect();
            block(&part.len, &part_elements)
        }).collect();
        let wide = wide.min(elements);
        let mut found = Vec::new();
        for start in (0..elements).step_by(wide) {
            let op = Op::Reshape {
                source_shape: source_shape.clone(),
                sources: sources.clone(),
                target_shape: target_shape.clone(),
                target: region(&[start], &[wide.min(elements - start)]),
            };
            found.extend(run(&op, &inputs));
        }
        prop_assert_eq!(found, whole);
    }
}
