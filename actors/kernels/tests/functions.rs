//! Element-wise functions against golden values: exact ones bit for bit as NumPy, the others in units of the last place.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Block, Buffer, KernelError, execute};
use nums_lshs::{
    BinaryOp, BlockSpec, Constant, DType, Instruction, Op, Program, Shape, UnaryOp, Value,
};
use std::sync::Arc;

/// Made by `golden/functions.py`.
const GOLDEN: &str = include_str!("golden/functions.txt");
const DTYPES: [DType; 5] =
    [DType::Float64, DType::Float32, DType::Int64, DType::Int32, DType::Bool];

fn dtype_of(name: &str) -> DType {
    DTYPES.into_iter().find(|dtype| dtype.name() == name).unwrap()
}

/// A block of one axis from the bits of its elements.
fn block(dtype: DType, lengths: &[usize], bits: &[u64]) -> Arc<Block> {
    let spec = BlockSpec::new(dtype, Shape::new(lengths).unwrap());
    let item = dtype.item_bytes() as usize;
    let mut buffer = Buffer::zeroed(spec.bytes()).unwrap();
    for (element, bits) in buffer.as_bytes_mut().chunks_exact_mut(item).zip(bits) {
        element.copy_from_slice(&bits.to_le_bytes()[..item]);
    }
    Arc::new(Block::from_buffer(spec, buffer).unwrap())
}

fn bits_of(block: &Block) -> Vec<u64> {
    let item = block.spec().dtype.item_bytes() as usize;
    let elements = block.bytes().chunks_exact(item);
    let bits = elements.map(|element| {
        let mut bits = [0; 8];
        bits[..item].copy_from_slice(element);
        u64::from_le_bytes(bits)
    });
    bits.collect()
}

fn parsed(field: &str, dtype: DType) -> Vec<u64> {
    let mask = u64::MAX >> (64 - 8 * dtype.item_bytes());
    let words = field.split_whitespace();
    let bits = words.map(|word| match dtype {
        DType::Float64 | DType::Float32 => u64::from_str_radix(word, 16).unwrap(),
        _ => word.parse::<i64>().unwrap() as u64 & mask,
    });
    bits.collect()
}

fn run(op: &Op, inputs: &[Arc<Block>]) -> Block {
    let specs: Vec<_> = inputs.iter().map(|input| input.spec()).collect();
    let promised =
        op.outputs(&specs).unwrap_or_else(|error| panic!("{op}: {error:?}")).swap_remove(0);
    let result = execute(op, inputs.to_vec(), &mut Buffer::zeroed).unwrap();
    assert_eq!((result.spec(), result.bytes().len() as u64), (&promised, promised.bytes()), "{op}");
    result
}

/// The program of a function under NumPy's name.
fn program(name: &str, dtype: DType, result: DType) -> Program {
    let unary = UnaryOp::ALL.iter().find(|op| op.name() == name);
    let binary = BinaryOp::ALL.iter().find(|op| op.name() == name);
    match (name, unary, binary) {
        ("cast", ..) => Program::cast(dtype, result),
        (_, Some(&op), _) => Program::unary(op, dtype),
        (_, _, Some(&op)) => Program::binary(op, dtype),
        _ => panic!("no function is called {name}"),
    }
}

/// Whether two elements are the same number; NaN is the same as NaN whatever its payload.
fn same(dtype: DType, left: u64, right: u64) -> bool {
    let is_nan = |bits: u64| match dtype {
        DType::Float64 => f64::from_bits(bits).is_nan(),
        DType::Float32 => f32::from_bits(bits as u32).is_nan(),
        _ => false,
    };
    left == right || (is_nan(left) && is_nan(right))
}

/// The distance of two float64 in units of the last place.
fn ulps(found: f64, exact: f64) -> u64 {
    let rank = |x: f64| {
        let bits = x.to_bits() as i64;
        if bits < 0 { i64::MIN - bits } else { bits }
    };
    if found.is_nan() && exact.is_nan() { 0 } else { rank(found).abs_diff(rank(exact)) }
}

#[test]
fn functions_are_as_exact_as_they_can_be() {
    let mut functions = 0;
    for line in GOLDEN.lines() {
        let fields: Vec<_> = line.split("; ").collect();
        let [kind, name, dtype, result] = fields[0].split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let (dtype, result) = (dtype_of(dtype), dtype_of(result));
        let (operands, expected) = fields[1..].split_at(fields.len() - 2);
        let expected = parsed(expected[0], result);
        let operands: Vec<_> = operands.iter().map(|field| parsed(field, dtype)).collect();
        let inputs: Vec<_> = match (kind, &operands[..]) {
            ("outer", [left, right]) => {
                vec![block(dtype, &[left.len(), 1], left), block(dtype, &[right.len()], right)]
            }
            _ => operands.iter().map(|own| block(dtype, &[own.len()], own)).collect(),
        };
        let found = run(&Op::Map(program(name, dtype, result)), &inputs);
        assert_eq!(found.spec().dtype, result, "{name} of {dtype}");
        let found = bits_of(&found);
        assert_eq!(found.len(), expected.len());
        for (at, (&found, &expected)) in found.iter().zip(&expected).enumerate() {
            if kind == "real" {
                let [found, exact] = [found, expected].map(f64::from_bits);
                let points: Vec<_> = operands.iter().map(|own| f64::from_bits(own[at])).collect();
                let distance = ulps(found, exact);
                assert!(distance <= 4, "{name}{points:?} is {found} for {exact}: {distance} ulp");
            } else {
                let context = || format!("{name} of {dtype} at {at}: {found:x} for {expected:x}");
                // Which of two zeros is greater is not said, and NumPy's own loops differ.
                let extreme = ["maximum", "minimum", "fmax", "fmin"].contains(&name);
                let sign = 1 << (8 * dtype.item_bytes() - 1);
                let zeros = dtype.is_real_floating() && (found | expected) & !sign == 0;
                assert!(same(result, found, expected) || (extreme && zeros), "{}", context());
            }
        }
        functions += 1;
    }
    assert!(functions > 150, "only {functions} functions are held against golden values");
}

#[test]
fn the_vector_functions_are_accurate_to_a_few_units() {
    let worst = |name: &str| {
        let line = GOLDEN.lines().find(|line| line.starts_with(&format!("real {name} "))).unwrap();
        let fields: Vec<_> = line.split("; ").collect();
        let points = parsed(fields[1], DType::Float64);
        let op = Op::Map(program(name, DType::Float64, DType::Float64));
        let found = run(&op, &[block(DType::Float64, &[points.len()], &points)]);
        let exact = parsed(fields[2], DType::Float64).into_iter().map(f64::from_bits);
        found.elements::<f64>().iter().zip(exact).map(|(&x, y)| ulps(x, y)).max().unwrap()
    };
    for (name, bound) in [("exp", 1), ("log", 1), ("tanh", 1), ("sigmoid", 1)] {
        assert!(worst(name) <= bound, "{name} is off by {} ulp", worst(name));
    }
}

#[test]
fn special_values_go_through_the_vector_functions() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let at = |op, x: f64| {
        let program = Program::unary(op, DType::Float64);
        run(&Op::Map(program), &[block(DType::Float64, &[1], &[x.to_bits()])]).elements::<f64>()[0]
    };
    for (op, x, expected) in [
        (UnaryOp::Exp, inf, inf),
        (UnaryOp::Exp, -inf, 0.0),
        (UnaryOp::Exp, 709.79, inf),
        (UnaryOp::Exp, -746.0, 0.0),
        (UnaryOp::Exp, 0.0, 1.0),
        (UnaryOp::Log, inf, inf),
        (UnaryOp::Log, 0.0, -inf),
        (UnaryOp::Log, -0.0, -inf),
        (UnaryOp::Log, 1.0, 0.0),
        (UnaryOp::Tanh, inf, 1.0),
        (UnaryOp::Tanh, -inf, -1.0),
        (UnaryOp::Sigmoid, inf, 1.0),
        (UnaryOp::Sigmoid, -inf, 0.0),
        (UnaryOp::Sigmoid, 0.0, 0.5),
    ] {
        assert_eq!(at(op, x), expected, "{}({x})", op.name());
    }
    assert!(at(UnaryOp::Tanh, -0.0).is_sign_negative());
    for (op, x) in [
        (UnaryOp::Exp, nan),
        (UnaryOp::Log, nan),
        (UnaryOp::Log, -1.0),
        (UnaryOp::Tanh, nan),
        (UnaryOp::Sigmoid, nan),
    ] {
        assert!(at(op, x).is_nan(), "{}({x})", op.name());
    }
}

#[test]
fn every_function_that_is_promised_has_a_kernel() {
    for dtype in DType::ALL {
        let ones = |dtype: DType| {
            let one = Constant::from_integer(dtype, 1).unwrap().bits().to_le_bytes();
            let spec = BlockSpec::new(dtype, Shape::new([3]).unwrap());
            let mut buffer = Buffer::zeroed(spec.bytes()).unwrap();
            let item = dtype.item_bytes() as usize;
            for element in buffer.as_bytes_mut().chunks_exact_mut(item) {
                element.copy_from_slice(&one[..item]);
            }
            Arc::new(Block::from_buffer(spec, buffer).unwrap())
        };
        for &op in UnaryOp::ALL {
            let program = Program::unary(op, dtype);
            assert_eq!(program.dtype(), op.output(dtype));
            if program.is_well_formed() {
                run(&Op::Map(program), &[ones(dtype)]);
            }
        }
        for &op in BinaryOp::ALL {
            let program = Program::binary(op, dtype);
            assert_eq!(program.dtype(), op.output(dtype));
            if program.is_well_formed() {
                run(&Op::Map(program), &[ones(dtype), ones(dtype)]);
            }
        }
        run(&Op::Map(Program::select(dtype)), &[ones(DType::Bool), ones(dtype), ones(dtype)]);
        for other in DType::ALL {
            run(&Op::Map(Program::cast(dtype, other)), &[ones(dtype)]);
        }
    }
}

#[test]
fn inputs_are_broadcast_at_all_lengths() {
    let numbers = |count: usize| -> Vec<u64> {
        (0..count).map(|index| ((index * 31 + 7) as f64).to_bits()).collect()
    };
    let add = Op::Map(Program::binary(BinaryOp::Add, DType::Float64));
    for lengths in [
        &[0][..],
        &[1],
        &[2],
        &[1023],
        &[1024],
        &[1025],
        &[3077],
        &[3, 700],
        &[5, 1023],
        &[4, 2500],
        &[1100, 3],
        &[7, 5, 60],
        &[2, 1, 2000],
    ] {
        let whole = Shape::new(lengths).unwrap();
        let full = numbers(whole.elements());
        for stretched in 0..1_usize << lengths.len() {
            let own: Vec<usize> = (0..lengths.len())
                .map(|axis| if stretched >> axis & 1 == 1 { 1 } else { lengths[axis] })
                .collect();
            let own = Shape::new(own).unwrap();
            let part = numbers(own.elements());
            let inputs =
                [block(DType::Float64, lengths, &full), block(DType::Float64, &own, &part)];
            let found = run(&add, &inputs);
            for (index, &sum) in found.elements::<f64>().iter().enumerate() {
                let at = whole.unravel(index);
                let at: Vec<_> =
                    (0..at.len()).map(|axis| if own[axis] == 1 { 0 } else { at[axis] }).collect();
                let expected = f64::from_bits(full[index]) + f64::from_bits(part[own.ravel(&at)]);
                assert_eq!(sum, expected, "{own} stretched to {whole} at {index}");
            }
        }
    }
}

#[test]
fn a_long_program_uses_its_registers_again() {
    // Four values a step: a constant, a sum of it and the last step, a value that nothing reads, and the lesser of sum
    // and input, which is the next step.
    let mut instructions = Vec::new();
    let mut last = Value(0);
    for step in 0..60_u16 {
        let [constant, sum, _, lesser] = [0, 1, 2, 3].map(|offset| Value(1 + 4 * step + offset));
        instructions.extend([
            Instruction::Constant(Constant::float64(f64::from(step % 3) - 1.0)),
            Instruction::Binary(BinaryOp::Add, last, constant),
            Instruction::Unary(UnaryOp::Exp, last),
            Instruction::Binary(BinaryOp::Minimum, sum, Value(0)),
        ]);
        last = lesser;
    }
    let program = Program::new(vec![DType::Float64], instructions).unwrap();
    let points: Vec<f64> = (0..2100).map(|index| f64::from(index) / 100.0).collect();
    let bits: Vec<_> = points.iter().map(|x| x.to_bits()).collect();
    let found = run(&Op::Map(program), &[block(DType::Float64, &[2100], &bits)]);
    for (&x, &found) in points.iter().zip(found.elements::<f64>()) {
        let step = |last: f64, step: u16| (last + (f64::from(step % 3) - 1.0)).min(x);
        assert_eq!(found, (0..60).fold(x, step));
    }
}

#[test]
fn integers_are_not_raised_to_negative_powers() {
    let power = Op::Map(Program::binary(BinaryOp::Power, DType::Int64));
    let inputs =
        vec![block(DType::Int64, &[2], &[2, 2]), block(DType::Int64, &[2], &[3, -1_i64 as u64])];
    let refused = execute(&power, inputs, &mut Buffer::zeroed);
    assert_eq!(refused.unwrap_err(), KernelError::NegativePower);
}
