//! The inverse of the normal distribution function.
//!
//! Source: M. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", 1988 (PPND16): rational
//! approximations with a relative error of about 1e-16 that need only a square root and a logarithm.

const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
];

const TAIL: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR_TAIL: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

/// The number below which a normal variable falls with the probability (w + 1/2) / 2^64, where w is the word as a
/// signed integer plus 2^63.
///
/// Distances from the middle and from the ends are both formed from the integer, so neither loses digits: the tails
/// reach 9.1 standard deviations.
pub(crate) fn inverse_distribution(word: u64) -> f64 {
    const SCALE: f64 = 1.0 / (1_u128 << 64) as f64;
    let signed = word as i64;
    // How many integers lie between this one and the middle, on its side.
    let steps = (if signed < 0 { !signed } else { signed }) as u64;
    let middle = (steps as f64 + 0.5) * SCALE;
    let quantile = if middle <= 0.425 {
        middle * ratio(&CENTRE, 0.180_625 - middle * middle)
    } else {
        let end = ((i64::MAX as u64 - steps) as f64 + 0.5) * SCALE;
        let root = (-end.ln()).sqrt();
        if root <= 5.0 { ratio(&TAIL, root - 1.6) } else { ratio(&FAR_TAIL, root - 5.0) }
    };
    if signed < 0 { -quantile } else { quantile }
}

fn ratio([above, below]: &[[f64; 8]; 2], x: f64) -> f64 {
    let polynomial =
        |factors: &[f64; 8]| factors.iter().rev().fold(0.0, |sum, factor| sum * x + factor);
    polynomial(above) / polynomial(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUARTER: f64 = 0.674_489_750_196_081_7;
    const MILLIONTH: f64 = 4.763_001_034_267_808;
    const END: f64 = 9.155_293_772_686_073;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // 3/4 and 1 - 2^-20 are words, and their quantiles are computed with 40 digits.
        let word = |distance: i64| distance as u64;
        for (word, quantile) in [
            (word(1 << 62), QUARTER),
            (word(-(1 << 62)), -QUARTER),
            (word(i64::MAX - (1 << 44)), MILLIONTH),
            (word(i64::MIN + (1 << 44)), -MILLIONTH),
        ] {
            let found = inverse_distribution(word);
            assert!((found / quantile - 1.0).abs() < 4e-16, "{found} {quantile}");
        }
        // The ends lie at 2^-65 from 0 and 1.
        let end = inverse_distribution(i64::MAX as u64);
        assert!((end / END - 1.0).abs() < 4e-16, "{end}");
        assert_eq!(inverse_distribution(i64::MIN as u64), -end);
        assert_eq!(inverse_distribution(0), -inverse_distribution(u64::MAX));
    }
}
