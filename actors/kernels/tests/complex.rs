//! Transcendental functions of complex numbers: against exact values in units of the last place, and on NumPy's zeros,
//! infinities, NaN and branch cuts.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Block, Buffer, Complex, execute};
use nums_lshs::{BinaryOp, BlockSpec, DType, Op, Program, Shape, UnaryOp};
use std::sync::Arc;

/// Made by `golden/complex.py`.
const GOLDEN: &str = include_str!("golden/complex.txt");
/// The distance from the exact value, as of points in a plane, in units of the last place of its greater part.
const GATE: f64 = 4.0;

type Number = Complex<f64>;

/// Reads floats of a dtype's parts.
fn parts(dtype: DType, field: &str) -> Vec<f64> {
    let words = field.split(' ').map(|word| u64::from_str_radix(word, 16).unwrap());
    let part = |bits| match dtype {
        DType::Complex64 => f64::from(f32::from_bits(bits as u32)),
        _ => f64::from_bits(bits),
    };
    words.map(part).collect()
}

fn paired(parts: &[f64]) -> Vec<Number> {
    parts.chunks_exact(2).map(|pair| Complex::new(pair[0], pair[1])).collect()
}

/// What a function gives for numbers, computed in a dtype.
fn computed(name: &str, dtype: DType, points: &[Number]) -> Vec<Number> {
    let op = UnaryOp::ALL.iter().find(|op| op.name() == name).unwrap();
    let op = Op::Map(Program::unary(*op, dtype));
    let spec = BlockSpec::new(dtype, Shape::new([points.len()]).unwrap());
    let mut block = Block::new(spec.clone(), &mut Buffer::zeroed).unwrap();
    let single = |z: &Number| Complex::new(z.re as f32, z.im as f32);
    let double = |z: &Complex<f32>| Complex::new(f64::from(z.re), f64::from(z.im));
    if dtype == DType::Complex64 {
        let elements = block.elements_mut::<Complex<f32>>();
        elements.iter_mut().zip(points).for_each(|(element, point)| *element = single(point));
    } else {
        block.elements_mut().copy_from_slice(points);
    }
    let promised = op.outputs(&[&spec]).unwrap().swap_remove(0);
    let found = execute(&op, vec![Arc::new(block)], &mut Buffer::zeroed).unwrap();
    assert_eq!((found.spec(), promised.dtype), (&promised, dtype), "{name}");
    match dtype {
        DType::Complex64 => found.elements::<Complex<f32>>().iter().map(double).collect(),
        _ => found.elements::<Number>().to_vec(),
    }
}

/// The unit of the last place of the greater part, for as many binary places as a float has.
fn unit(number: Number, places: i32) -> f64 {
    let size = number.re.abs().max(number.im.abs()).min(f64::MAX);
    let (least, exponent) = match places {
        53 => (-1074, exponent_of(size) - 52),
        _ => (-149, exponent_of(size) - 23),
    };
    match exponent.max(least) {
        subnormal if subnormal < -1022 => f64::from_bits(1 << (subnormal + 1074)),
        normal => f64::from_bits(((normal + 1023) as u64) << 52),
    }
}

/// The exponent of the power of two that is not above a number.
fn exponent_of(size: f64) -> i32 {
    match (size.to_bits() >> 52) as i32 {
        0 => -1074,
        biased => biased - 1023,
    }
}

/// The distance in units; infinite parts must be the same.
fn distance(found: Number, expected: Number, places: i32) -> f64 {
    let part = |found: f64, expected: f64| match expected.is_infinite() || found.is_infinite() {
        true if found == expected => 0.0,
        true => f64::INFINITY,
        false => found - expected,
    };
    let unit = unit(expected, places);
    // Quotients do not underflow as squares of subnormal differences would.
    (part(found.re, expected.re) / unit).hypot(part(found.im, expected.im) / unit)
}

#[test]
fn functions_are_a_few_units_from_exact_values() {
    let mut functions = 0;
    for line in GOLDEN.lines().filter(|line| line.starts_with("exact ")) {
        let fields: Vec<&str> = line.split("; ").collect();
        let name = fields[0].split(' ').nth(1).unwrap();
        let [points, exact] = [1, 2].map(|field| paired(&parts(DType::Complex128, fields[field])));
        assert!(points.len() > 80, "{name}: {} points", points.len());
        let found = computed(name, DType::Complex128, &points);
        for ((point, found), exact) in points.iter().zip(found).zip(&exact) {
            let off = distance(found, *exact, 53);
            assert!(off <= GATE, "{name}({point:e}) is {found:e} for {exact:e}: {off} units");
        }
        // Complex64 is computed in float64 and rounded once, if the point is one of its own.
        let near: Vec<Number> = (points.iter())
            .map(|z| Complex::new(f64::from(z.re as f32), f64::from(z.im as f32)))
            .collect();
        let doubles = computed(name, DType::Complex128, &near);
        for (single, double) in computed(name, DType::Complex64, &near).iter().zip(doubles) {
            let rounded = [double.re as f32, double.im as f32].map(f32::to_bits);
            assert_eq!([single.re as f32, single.im as f32].map(f32::to_bits), rounded, "{name}");
        }
        functions += 1;
    }
    assert_eq!(functions, 20);
}

#[test]
fn zeros_infinities_nan_and_cuts_are_those_of_numpy() {
    let mut functions = 0;
    for line in GOLDEN.lines().filter(|line| line.starts_with("numpy ")) {
        let fields: Vec<&str> = line.split("; ").collect();
        let [_, name, dtype] = fields[0].split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let (dtype, places) = match dtype {
            "complex64" => (DType::Complex64, 24),
            _ => (DType::Complex128, 53),
        };
        // NumPy's own error counts too; its `exp2` rounds the angle.
        let gate = if name == "exp2" { 64.0 } else { 2.0 * GATE };
        let own = parts(dtype, fields[1]);
        let points: Vec<Number> =
            own.iter().flat_map(|&re| own.iter().map(move |&im| Complex::new(re, im))).collect();
        let expected = paired(&parts(dtype, fields[2]));
        assert_eq!(points.len(), expected.len());
        for ((point, found), expected) in
            points.iter().zip(computed(name, dtype, &points)).zip(expected)
        {
            let story = format!("{name}({point:e}) of {dtype}: {found:e} for {expected:e}");
            let mut near = [found, expected];
            for (found, expected) in [(found.re, expected.re), (found.im, expected.im)] {
                let special = expected == 0.0 || !expected.is_finite();
                match expected.is_nan() {
                    true => assert!(found.is_nan(), "{story}"),
                    false if special => assert_eq!(found.to_bits(), expected.to_bits(), "{story}"),
                    false => assert!(found.is_finite() && found != 0.0, "{story}"),
                }
            }
            for z in &mut near {
                let finite = |part: f64| if part.is_finite() { part } else { 0.0 };
                *z = Complex::new(finite(z.re), finite(z.im));
            }
            assert!(distance(near[0], near[1], places) <= gate, "{story}");
        }
        functions += 1;
    }
    assert_eq!(functions, 2 * 21);
}

#[test]
fn complex_numbers_are_made_of_their_parts() {
    let program = Program::binary(BinaryOp::Complex, DType::Float64);
    let spec = BlockSpec::new(DType::Float64, Shape::new([3]).unwrap());
    let block = |elements: [f64; 3]| {
        let mut block = Block::new(spec.clone(), &mut Buffer::zeroed).unwrap();
        block.elements_mut().copy_from_slice(&elements);
        Arc::new(block)
    };
    let inputs = vec![block([1.0, f64::INFINITY, -0.0]), block([2.0, 3.0, -0.0])];
    let found = execute(&Op::Map(program), inputs, &mut Buffer::zeroed).unwrap();
    let bits = |z: &Number| [z.re.to_bits(), z.im.to_bits()];
    let expected =
        [(1.0, 2.0), (f64::INFINITY, 3.0), (-0.0, -0.0)].map(|(x, y)| Complex::new(x, y));
    let found: Vec<_> = found.elements::<Number>().iter().map(bits).collect();
    assert_eq!(found, expected.iter().map(bits).collect::<Vec<_>>());
}
