//! What a task makes on the way has the bits of the block that it would have read.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Block, Buffer, Crew, KernelError, execute, execute_with};
use nums_lshs::{
    BinaryOp, Constant, Created, Creation, DType, Distribution, Fold, Formula, FormulaInput, Op,
    Program, Region, Shape, UnaryOp,
};
use std::sync::Arc;

fn shape(lengths: &[usize]) -> Shape {
    Shape::new(lengths).unwrap()
}

fn run(op: &Op, inputs: &[&Arc<Block>]) -> Block {
    let inputs = inputs.iter().map(|&input| input.clone()).collect();
    execute(op, inputs, &mut Buffer::zeroed).unwrap_or_else(|error| panic!("{op}: {error}"))
}

/// Every kind of creation at every dtype that it has, of arrays with as many axes as it takes.
fn creations(axes: usize) -> Vec<Creation> {
    use DType::{Bool, Float32, Float64, Int32, Int64};
    let of = |dtype, number| Constant::from_integer(dtype, number).unwrap();
    let numbers = [Float64, Float32, Int64, Int32];
    let mut all = Vec::new();
    for dtype in [Float64, Float32, Int64, Int32, Bool] {
        all.push(Creation::Full(of(dtype, 1)));
        if axes == 2 {
            all.extend([-3, 0, 5].map(|diagonal| Creation::Eye { dtype, diagonal }));
        }
    }
    for dtype in numbers {
        all.push(Creation::Arange { start: of(dtype, 7), next: of(dtype, 4) });
        if axes == 1 {
            let [start, stop] = [-0.3, 17.7].map(Constant::float64);
            for endpoint in [false, true] {
                all.push(Creation::Linspace { dtype, start, stop, endpoint });
            }
        }
    }
    let mut draw = |distribution| {
        all.push(Creation::Random { distribution, seed: 11, stream: 3 });
    };
    for dtype in [Float64, Float32] {
        let (first, second) = (of(dtype, -2), of(dtype, 5));
        draw(Distribution::Uniform { low: first, high: second });
        draw(Distribution::Normal { mean: first, deviation: second });
    }
    for dtype in [Int64, Int32] {
        draw(Distribution::Integers { lowest: of(dtype, -2), highest: of(dtype, 1_000_003) });
    }
    if axes == 1 {
        draw(Distribution::Permutation);
    }
    all
}

/// Boxes of arrays: whole ones and parts that are cut on every axis, of less than a tile and of many, empty ones.
fn boxes() -> Vec<(Shape, Region)> {
    let cases: [(&[usize], &[usize], &[usize]); 10] = [
        (&[1], &[0], &[1]),
        (&[5001], &[0], &[5001]),
        (&[9001], &[1003], &[4099]),
        (&[10], &[10], &[0]),
        (&[61, 47], &[0, 0], &[61, 47]),
        (&[61, 47], &[7, 0], &[41, 47]),
        (&[61, 47], &[7, 3], &[50, 41]),
        (&[4000, 3], &[5, 1], &[3777, 1]),
        (&[7, 1, 13, 29], &[2, 0, 0, 1], &[4, 1, 13, 27]),
        (&[7, 5, 13, 29], &[2, 1, 3, 0], &[4, 1, 9, 29]),
    ];
    let region = |start: &[usize], len: &[usize]| Region { start: start.into(), len: len.into() };
    cases.map(|(whole, start, len)| (shape(whole), region(start, len))).into()
}

#[test]
fn every_creation_has_the_bits_of_its_block_in_maps_and_reductions() {
    for (whole, region) in boxes() {
        for creation in creations(whole.len()) {
            let own = Created { creation, shape: whole.clone(), region: region.clone() };
            let dtype = own.block().unwrap().dtype;
            let create = Op::Create { creation, shape: whole.clone(), region: region.clone() };
            let block = Arc::new(run(&create, &[]));
            let made = |program: Program, reduction| {
                let inputs = vec![FormulaInput::Created(own.clone())];
                Op::Formula(Formula { inputs, program, reduction })
            };
            for program in [
                Program::identity(dtype),
                Program::cast(dtype, DType::Float64),
                Program::unary(UnaryOp::Sin, DType::Float64)
                    .after(0, &Program::cast(dtype, DType::Float64)),
            ] {
                let stored = run(&Op::Map(program.clone()), &[&block]);
                let found = run(&made(program.clone(), None), &[]);
                assert!(found.bytes() == stored.bytes(), "{creation:?} of {whole} {region:?}");
                for axis in 0..whole.len() {
                    let (axes, lengths) = (vec![axis], vec![whole[axis]]);
                    let start = vec![region.start[axis]];
                    let mut folds =
                        vec![Fold::Sum, Fold::Extreme { greatest: true, start, lengths }];
                    if program.dtype() == Some(DType::Float64) {
                        for central in [false, true] {
                            let moments = |skip_nan| Fold::Moments { skip_nan, central };
                            folds.extend([false, true].map(moments));
                        }
                    }
                    for kind in folds {
                        let reduction = Some((kind.clone(), axes.clone()));
                        let found = run(&made(program.clone(), reduction), &[]);
                        let (program, axes) = (program.clone(), axes.clone());
                        let stored = run(&Op::Reduce { program, kind, axes }, &[&block]);
                        assert!(
                            found.bytes() == stored.bytes(),
                            "{creation:?} of {whole} {region:?} along {axis}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_made_meets_blocks_that_are_read_and_stretched() {
    let draw = |stream| {
        let [mean, deviation] = [0.0, 1.0].map(Constant::float64);
        let distribution = Distribution::Normal { mean, deviation };
        Creation::Random { distribution, seed: 5, stream }
    };
    let created = |stream, lengths: &[usize]| {
        let region = Region { start: vec![0; lengths.len()], len: lengths.into() };
        Created { creation: draw(stream), shape: shape(lengths), region }
    };
    let block = |Created { creation, shape, region }: Created| {
        Arc::new(run(&Op::Create { creation, shape, region }, &[]))
    };
    let lengths = [123, 97];
    let (row, first, second) =
        (block(created(1, &lengths[1..])), created(2, &lengths), created(3, &lengths));
    let read = block(created(4, &lengths));
    // row * first - second * read
    let multiply = Program::binary(BinaryOp::Multiply, DType::Float64);
    let subtract = Program::binary(BinaryOp::Subtract, DType::Float64);
    let program = subtract.after(1, &multiply).after(0, &multiply);
    let [a, b] = [&first, &second].map(|own| FormulaInput::Created(own.clone()));
    let inputs = vec![FormulaInput::Block, a, b, FormulaInput::Block];
    let stored = [&row, &block(first.clone()), &block(second.clone()), &read];
    for reduction in [None, Some((Fold::Sum, vec![0])), Some((Fold::Sum, vec![0, 1]))] {
        let whole = match reduction.clone() {
            None => Op::Map(program.clone()),
            Some((kind, axes)) => Op::Reduce { program: program.clone(), kind, axes },
        };
        let (inputs, program) = (inputs.clone(), program.clone());
        let made = Op::Formula(Formula { inputs, program, reduction });
        assert!(run(&made, &[&row, &read]).bytes() == run(&whole, &stored).bytes(), "{made}");
    }
}

/// Calls parts from the last to the first.
struct Backwards;

impl Crew for Backwards {
    fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..parts).rev().for_each(work);
    }
}

#[test]
fn who_makes_which_part_changes_no_bit() {
    let [mean, deviation] = [0.0, 1.0].map(Constant::float64);
    let distribution = Distribution::Normal { mean, deviation };
    let creation = Creation::Random { distribution, seed: 5, stream: 1 };
    let region = Region { start: vec![17], len: vec![700_001] };
    let own = Created { creation, shape: shape(&[1_000_000]), region };
    for reduction in [None, Some((Fold::Moments { skip_nan: false, central: true }, vec![0]))] {
        let inputs = vec![FormulaInput::Created(own.clone())];
        let program = Program::unary(UnaryOp::Exp, DType::Float64);
        let op = Op::Formula(Formula { inputs, program, reduction });
        let shared = execute_with(&op, Vec::new(), &Backwards, &mut Buffer::zeroed).unwrap();
        assert!(shared[0].bytes() == run(&op, &[]).bytes(), "{op}");
    }
}

#[test]
fn what_has_no_kernel_is_refused() {
    let line = Creation::Arange {
        start: Constant::from_integer(DType::Int8, 0).unwrap(),
        next: Constant::from_integer(DType::Int8, 1).unwrap(),
    };
    let region = Region { start: vec![0], len: vec![4] };
    let own = Created { creation: line, shape: shape(&[4]), region };
    let inputs = vec![FormulaInput::Created(own)];
    let program = Program::identity(DType::Int8);
    let op = Op::Formula(Formula { inputs, program, reduction: None });
    let refused = execute(&op, Vec::new(), &mut Buffer::zeroed).unwrap_err();
    let found = matches!(refused, KernelError::Unsupported { dtype: DType::Int8, .. });
    assert!(found, "{refused}");
}
