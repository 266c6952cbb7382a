//! Where the functions are swept: all exponents and both signs, the neighbours of powers of two, and ranges and pairs where
//! a function is known to be hard.

/// Numbers in 0..1 without a pattern, from a seed: SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn sign(&mut self) -> f64 {
        if self.bits() & 1 == 1 { -1.0 } else { 1.0 }
    }
}

/// The two floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Float {
    Single,
    Double,
}

impl Float {
    /// The number nearest to x.
    pub(crate) fn rounded(self, x: f64) -> f64 {
        match self {
            Float::Single => f64::from(x as f32),
            Float::Double => x,
        }
    }

    /// Exponents of the least and of the greatest number.
    pub(crate) fn exponents(self) -> std::ops::RangeInclusive<i32> {
        match self {
            Float::Single => -149..=127,
            Float::Double => -1074..=1023,
        }
    }

    /// Binary places of a number, with the first.
    pub(crate) fn places(self) -> i32 {
        match self {
            Float::Single => 24,
            Float::Double => 53,
        }
    }

    /// The neighbour of a positive number, some steps away.
    fn neighbour(self, x: f64, steps: i64) -> f64 {
        match self {
            Float::Single => {
                f64::from(f32::from_bits((x as f32).to_bits().wrapping_add(steps as u32)))
            }
            Float::Double => f64::from_bits(x.to_bits().wrapping_add(steps as u64)),
        }
    }
}

/// A power of two, subnormal ones too.
fn two_to(exponent: i32) -> f64 {
    let half = 2.0_f64.powi(exponent / 2);
    half * 2.0_f64.powi(exponent - exponent / 2)
}

/// Points for a function of one number, `density` for each exponent and sign, and as many hundred in each range.
pub(crate) fn unary(name: &str, float: Float, density: usize, seed: u64) -> Vec<f64> {
    let mut random = Random(seed);
    let mut points = Vec::new();
    for exponent in float.exponents() {
        let power = two_to(exponent);
        points.extend([0, 1, -1].map(|steps| float.neighbour(power, steps)));
        points.extend((0..density).map(|_| power * random.within(1.0, 2.0)));
    }
    let ranges: &[(f64, f64)] = match name {
        "exp" | "exp2" | "expm1" | "sinh" | "cosh" | "sigmoid" => &[
            (0.0, 1.0),
            (0.0, 24.0),
            (0.0, 750.0),
            (0.0, 1080.0),
            (17.0, 23.0),
            (86.0, 105.0),
            (700.0, 712.0),
        ],
        "log" | "log2" | "log10" | "arccosh" => {
            &[(0.5, 2.0), (0.9, 1.1), (1.0, 1.001), (1.0, 10.0)]
        }
        "log1p" | "arctanh" | "arcsin" | "arccos" => {
            &[(0.0, 1.0), (0.0, 0.1), (0.4, 0.6), (0.99, 1.0), (0.0, 10.0)]
        }
        "sin" | "cos" | "tan" => &[(0.0, 1.0), (0.0, 7.0), (0.0, 1e3), (0.0, 1e6)],
        _ => &[(0.0, 1.0), (0.0, 3.0), (0.0, 24.0)],
    };
    for &(low, high) in ranges {
        points.extend((0..100 * density).map(|_| random.within(low, high)));
    }
    // Whole multiples of what arguments are reduced by, and halfway between them.
    for unit in [std::f64::consts::FRAC_PI_4, std::f64::consts::LN_2 / 2.0, 0.5] {
        for step in 1..50 * density {
            let near = float.rounded(unit * step as f64);
            points.extend([0, 1, -1].map(|steps| float.neighbour(near, steps)));
        }
    }
    points
        .into_iter()
        .flat_map(|x| [x, -x])
        .map(|x| float.rounded(x))
        .filter(|x| x.is_finite())
        .collect()
}

/// Pairs for a function of two numbers, `density` thousand of each kind.
pub(crate) fn binary(name: &str, float: Float, density: usize, seed: u64) -> Vec<(f64, f64)> {
    let mut random = Random(seed);
    let (least, greatest) = (*float.exponents().start(), *float.exponents().end());
    let any = |random: &mut Random| {
        let exponent = least + (random.unit() * f64::from(greatest - least + 1)) as i32;
        random.sign() * two_to(exponent) * random.within(1.0, 2.0)
    };
    let mut pairs = Vec::new();
    for _ in 0..1000 * density {
        // Unrelated ones, and of like size.
        let (x, y) = (any(&mut random), any(&mut random));
        pairs.push((x, y));
        pairs.push((x, x * random.within(0.01, 100.0) * random.sign()));
        pairs.push((random.within(-10.0, 10.0), random.within(-10.0, 10.0)));
        match name {
            "power" => {
                let edge = f64::from(greatest + 60);
                // Bases of all sizes, and those as near to 1 as there are, with results of all sizes.
                let base = any(&mut random).abs();
                pairs.push((base, random.within(-edge, edge) / base.log2()));
                let near =
                    random.sign() * two_to(-1 - (random.unit() * f64::from(float.places())) as i32);
                let base = float.rounded(1.0 + near * random.within(1.0, 2.0));
                let log2 = (base - 1.0).ln_1p() / std::f64::consts::LN_2;
                let exponent = float.rounded(random.within(-edge, edge) / log2);
                pairs.push((base, exponent));
                pairs.push((-base, exponent.trunc()));
                pairs.push((random.within(-100.0, 100.0), random.within(-40.0, 40.0).trunc()));
            }
            "logaddexp" => {
                // Sums of powers near 1, whose logarithm is near 0.
                let x = -random.within(0.0, 1.0) * two_to(-(random.unit() * 40.0) as i32);
                let y = (-x.exp_m1()).ln();
                pairs.push((x, y));
                pairs.push((float.rounded(x), y * (1.0 + 1e-12 * random.within(-1.0, 1.0))));
                pairs.push((x, y * (1.0 + 1e-3 * random.within(-1.0, 1.0))));
                pairs.push((random.within(-800.0, 800.0), random.within(-800.0, 800.0)));
                let x = random.within(-800.0, 800.0);
                pairs.push((x, x + random.within(-40.0, 40.0)));
                pairs.push((any(&mut random), random.within(-60.0, 60.0)));
            }
            _ => {}
        }
    }
    let rounded = pairs.into_iter().map(|(x, y)| (float.rounded(x), float.rounded(y)));
    rounded.filter(|(x, y)| x.is_finite() && y.is_finite()).collect()
}
