//! What follows from a formula: NumPy's bits, under every cut of the array, and the right distributions.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Block, Buffer, Element, execute};
use nums_lshs::{Constant, Creation, DType, Distribution, Grid, Op, Region, Shape};
use std::collections::BTreeMap;

fn shape(lengths: &[usize]) -> Shape {
    Shape::new(lengths).unwrap()
}

fn part(creation: Creation, shape: &Shape, region: Region) -> Block {
    let op = Op::Create { creation, shape: shape.clone(), region };
    let promised = op.outputs(&[]).unwrap().swap_remove(0);
    let block = execute(&op, Vec::new(), &mut Buffer::zeroed).unwrap();
    assert_eq!((block.spec(), block.bytes().len() as u64), (&promised, promised.bytes()), "{op}");
    block
}

/// A whole array, put together from the blocks of a grid.
fn array<T: Element>(creation: Creation, grid: &Grid) -> Vec<T> {
    let shape = grid.shape();
    let mut all = vec![T::default(); shape.elements()];
    for index in 0..grid.blocks() {
        let region = grid.region(index);
        let own = Shape::new(region.len.clone()).unwrap();
        let block = part(creation, &shape, region.clone());
        for (at, &element) in block.elements::<T>().iter().enumerate() {
            let offsets = region.start.iter().zip(own.unravel(at));
            let global: Vec<_> = offsets.map(|(start, offset)| start + offset).collect();
            all[shape.ravel(&global)] = element;
        }
    }
    all
}

fn whole<T: Element>(creation: Creation, lengths: &[usize]) -> Vec<T> {
    array(creation, &Grid::single(&shape(lengths)))
}

/// A stretch of a long line.
fn stretch<T: Element>(creation: Creation, first: usize, len: usize) -> Vec<T> {
    let region = Region { start: vec![first], len: vec![len] };
    part(creation, &shape(&[first + len]), region).elements().to_vec()
}

fn golden() -> BTreeMap<&'static str, Vec<u64>> {
    let lines = include_str!("golden/creation.txt").lines().filter(|line| !line.starts_with('#'));
    let parsed = lines.map(|line| {
        let (name, values) = line.split_once(' ').unwrap();
        let bits = values.split(' ').map(|bits| u64::from_str_radix(bits, 16).unwrap());
        (name, bits.collect())
    });
    parsed.collect()
}

fn random(distribution: Distribution, seed: u64, stream: u64) -> Creation {
    Creation::Random { distribution, seed, stream }
}

fn uniform(low: f64, high: f64) -> Distribution {
    Distribution::Uniform { low: Constant::float64(low), high: Constant::float64(high) }
}

fn single() -> Distribution {
    Distribution::Uniform { low: Constant::float32(0.0), high: Constant::float32(1.0) }
}

fn normal(mean: f64, deviation: f64) -> Distribution {
    let [mean, deviation] = [mean, deviation].map(Constant::float64);
    Distribution::Normal { mean, deviation }
}

fn integers(lowest: i64, highest: i64) -> Distribution {
    let [lowest, highest] = [lowest, highest].map(Constant::int64);
    Distribution::Integers { lowest, highest }
}

fn bits(elements: &[f64]) -> Vec<u64> {
    elements.iter().map(|element| element.to_bits()).collect()
}

fn single_bits(elements: &[f32]) -> Vec<u64> {
    elements.iter().map(|element| u64::from(element.to_bits())).collect()
}

#[test]
fn uniform_numbers_are_those_of_numpy() {
    let mut checked = 0;
    for (name, expected) in golden() {
        let parts: Vec<_> = name.split('-').collect();
        let [kind, seed, stream, first] = parts[..] else { continue };
        let (Ok(seed), Ok(stream)) = (seed.parse(), stream.parse()) else { continue };
        let (first, len) = (first.parse().unwrap(), expected.len());
        let found = match kind {
            "uniform" => bits(&stretch(random(uniform(0.0, 1.0), seed, stream), first, len)),
            _ => single_bits(&stretch(random(single(), seed, stream), first, len)),
        };
        assert_eq!(found, expected, "{name}");
        checked += 1;
    }
    assert_eq!(checked, 24);
    let range = stretch(random(uniform(-2.5, 7.0), 7, 0), 0, 8);
    assert_eq!(bits(&range), golden()["range"]);
}

#[test]
fn formulas_give_the_numbers_of_numpy() {
    let golden = golden();
    let len = |name: &str| golden[name].len();
    let arange = |start, next| Creation::Arange { start, next };
    let floats =
        |start: f64, step: f64| arange(Constant::float64(start), Constant::float64(start + step));
    for (name, start, step) in [("arange-float64", 0.1, 0.1), ("arange-large", 0.1, 1e17)] {
        assert_eq!(bits(&whole(floats(start, step), &[len(name)])), golden[name], "{name}");
    }
    let singles = arange(Constant::float32(0.1), Constant::float32((0.1 + 0.1) as f32));
    let name = "arange-float32";
    assert_eq!(single_bits(&whole(singles, &[len(name)])), golden[name]);
    let found: Vec<i64> = whole(arange(Constant::int64(-5), Constant::int64(2)), &[5]);
    assert_eq!(found.iter().map(|&x| x as u64).collect::<Vec<_>>(), golden["arange-int64"]);
    let found: Vec<i32> = whole(arange(Constant::int32(10), Constant::int32(7)), &[10]);
    let found: Vec<u64> = found.iter().map(|&x| u64::from(x as u32)).collect();
    assert_eq!(found, golden["arange-int32"]);
    let line = |dtype, start, stop, endpoint| {
        let [start, stop] = [start, stop].map(Constant::float64);
        Creation::Linspace { dtype, start, stop, endpoint }
    };
    for (name, start, stop, endpoint) in [
        ("linspace-7", 0.1, 0.9, true),
        ("linspace-open-7", 0.1, 0.9, false),
        ("linspace-1", 0.3, 0.9, true),
        ("linspace-tiny-5", 0.0, 5e-324, true),
    ] {
        let found = whole(line(DType::Float64, start, stop, endpoint), &[len(name)]);
        assert_eq!(bits(&found), golden[name], "{name}");
    }
    let found = whole(line(DType::Float32, -1.0, 2.0, true), &[9]);
    assert_eq!(single_bits(&found), golden["linspace-float32-9"]);
    let found: Vec<i64> = whole(line(DType::Int64, -3.0, 4.0, true), &[6]);
    let found: Vec<u64> = found.iter().map(|&x| x as u64).collect();
    assert_eq!(found, golden["linspace-int64-6"]);
    assert_eq!(whole::<f64>(line(DType::Float64, 0.0, 1.0, true), &[0]), [] as [f64; 0]);
}

#[test]
fn identities_of_every_dtype_and_diagonal() {
    fn check<T: Element + PartialEq + std::fmt::Debug>(one: T) {
        for diagonal in [-9, -2, 0, 1, 3, 4, i64::MIN, i64::MAX] {
            let eye = Creation::Eye { dtype: T::DTYPE, diagonal };
            let cuts = Grid::from_bounds(vec![vec![0, 1, 3], vec![0, 2, 2, 4]]).unwrap();
            let expected: Vec<T> = (0..12)
                .map(|at| (at / 4, at % 4))
                .map(|(row, column)| {
                    let on = i128::from(column) - i128::from(row) == i128::from(diagonal);
                    if on { one } else { T::default() }
                })
                .collect();
            assert_eq!(array::<T>(eye, &cuts), expected, "{diagonal}");
        }
    }
    check(1.0_f64);
    check(1.0_f32);
    check(1_i64);
    check(1_i32);
    check(true);
}

#[test]
fn an_element_does_not_depend_on_the_cuts() {
    let grids = |lengths: &[usize], cuts: &[&[&[usize]]]| -> Vec<Grid> {
        let listed = cuts.iter().map(|bounds| {
            Grid::from_bounds(bounds.iter().map(|cuts| cuts.to_vec()).collect()).unwrap()
        });
        listed.chain([Grid::single(&shape(lengths))]).collect()
    };
    let matrix = grids(&[13, 9], &[&[&[0, 5, 13], &[0, 1, 9]], &[&[0, 13], &[0, 3, 4, 9]]]);
    let three = Constant::float32(3.0);
    let singles = Distribution::Normal { mean: three, deviation: three };
    for distribution in [uniform(1.0, 2.0), normal(0.0, 1.0)] {
        let [first, rest @ ..] = &matrix
            .iter()
            .map(|grid| array::<f64>(random(distribution, 5, 9), grid))
            .collect::<Vec<_>>()[..]
        else {
            panic!("no grid");
        };
        assert!(rest.iter().all(|other| bits(other) == bits(first)), "{distribution:?}");
    }
    for distribution in [single(), singles] {
        let all: Vec<Vec<f32>> =
            matrix.iter().map(|grid| array(random(distribution, 5, 9), grid)).collect();
        assert!(all.iter().all(|other| single_bits(other) == single_bits(&all[0])));
    }
    let all: Vec<Vec<i64>> =
        matrix.iter().map(|grid| array(random(integers(-3, 1 << 62), 5, 9), grid)).collect();
    assert!(all.iter().all(|other| *other == all[0]));
    let lines = grids(&[101], &[&[&[0, 1, 50, 101]], &[&[0, 99, 101]]]);
    let all: Vec<Vec<i64>> =
        lines.iter().map(|grid| array(random(Distribution::Permutation, 5, 9), grid)).collect();
    assert!(all.iter().all(|other| *other == all[0]));
    let mut sorted = all[0].clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..101).collect::<Vec<_>>());
}

/// The largest distance of an empirical distribution from the true one, times the root of the sample's size. It
/// exceeds 2.23 once in ten thousand samples.
fn kolmogorov_smirnov(mut sample: Vec<f64>, distribution: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let len = sample.len() as f64;
    let distance = |(index, &value): (usize, &f64)| {
        let wanted = distribution(value);
        (wanted - index as f64 / len).abs().max(((index + 1) as f64 / len - wanted).abs())
    };
    sample.iter().enumerate().map(distance).fold(0.0, f64::max) * len.sqrt()
}

/// The normal distribution function by Simpson's rule from the middle: good to nine digits.
fn normal_distribution(x: f64) -> f64 {
    const PARTS: usize = 64;
    let width = x / PARTS as f64;
    let density = |at: usize| (-(at as f64 * width).powi(2) / 2.0).exp();
    let weight = |at: usize| if at == 0 || at == PARTS { 1.0 } else { 2.0 + 2.0 * (at % 2) as f64 };
    let sum: f64 = (0..=PARTS).map(|at| weight(at) * density(at)).sum();
    0.5 + sum * width / 3.0 / std::f64::consts::TAU.sqrt()
}

#[test]
fn distributions_are_what_they_are_called() {
    const LEN: usize = 1_000_000;
    for (seed, stream) in [(1, 0), (1, 1), (99, 7)] {
        let sample = stretch(random(uniform(-1.0, 3.0), seed, stream), 0, LEN);
        let distance = kolmogorov_smirnov(sample, |x| (x + 1.0) / 4.0);
        assert!(distance < 2.23, "uniform, seed {seed}, stream {stream}: {distance}");
        let sample = stretch(random(normal(2.0, 3.0), seed, stream), 0, LEN);
        let distance = kolmogorov_smirnov(sample, |x| normal_distribution((x - 2.0) / 3.0));
        assert!(distance < 2.23, "normal, seed {seed}, stream {stream}: {distance}");
        let dice: Vec<i64> = stretch(random(integers(1, 6), seed, stream), 0, LEN);
        let mut counts = [0.0; 6];
        dice.iter().for_each(|&side| counts[side as usize - 1] += 1.0);
        let wanted = LEN as f64 / 6.0;
        let chi_squared: f64 = counts.iter().map(|count| (count - wanted).powi(2) / wanted).sum();
        // Five degrees of freedom: passed once in ten thousand.
        assert!(chi_squared < 25.8, "integers, seed {seed}, stream {stream}: {chi_squared}");
    }
}

#[test]
fn integers_use_their_whole_range_without_bias() {
    // Three quarters of all words are wanted: a biased sampler would give the lowest third twice as often.
    let highest = (3_u64 << 62).wrapping_sub(1) as i64;
    let sample: Vec<i64> =
        stretch(random(integers(i64::MIN, i64::MIN.wrapping_add(highest)), 3, 0), 0, 30_000);
    assert!(sample.len() == 30_000);
    let third = |value: i64| (value.wrapping_sub(i64::MIN) as u64 >> 62) as usize;
    let mut counts = [0; 4];
    sample.iter().for_each(|&value| counts[third(value)] += 1);
    assert!(counts[..3].iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
    assert_eq!(counts[3], 0);
    let all: Vec<i64> = stretch(random(integers(i64::MIN, i64::MAX), 3, 0), 0, 1000);
    assert!(all.iter().any(|&value| value < 0) && all.iter().any(|&value| value > 1 << 61));
    assert_eq!(stretch::<i64>(random(integers(4, 4), 3, 0), 0, 5), [4; 5]);
    let [lowest, highest] = [-2, 2].map(Constant::int32);
    let small: Vec<i32> = stretch(random(Distribution::Integers { lowest, highest }, 3, 0), 0, 500);
    assert!((-2..=2).all(|value| small.contains(&value)));
    assert!(small.iter().all(|value| (-2..=2).contains(value)));
}
