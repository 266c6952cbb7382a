//! One float as text: Python's `repr`, and the aligned columns of NumPy's arrays of floats.
//!
//! Rust's own formatting gives both things that are needed: the shortest decimal that reads back as
//! the same number, and the exact value rounded (ties to even) to so many digits.

use super::Options;
use nums::DType;

/// Below this an array is written with exponents.
const EXPONENT_BELOW: f64 = 1e-4;

/// An array whose largest number is this many times its smallest is written with exponents.
const EXPONENT_RATIO: f64 = 1000.0;

/// Python's `repr` of a float: the shortest decimal that reads back as the same number, with an
/// exponent when it is below -4 or at least 16.
pub fn float_repr(value: f64, width: Width) -> String {
    if !value.is_finite() {
        return non_finite(value);
    }
    let Scientific { whole, fraction, exponent } = Scientific::shortest(value, width);
    if width.is_plain(value, exponent) {
        let decimals = (fraction.len() as i32 - exponent).max(1) as usize;
        return closest(value, width, format!("{value:.decimals$}"), width.positional(value));
    }
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{whole}{point}{fraction}{}", exponent_text(exponent, 2))
}

/// Of two shortest decimals Rust takes the upper and Python the one that ends evenly, as exact
/// rounding does. Beside a power of two the exactly rounded one may be another number.
fn closest(value: f64, width: Width, rounded: String, shortest: String) -> String {
    let same = match width {
        Width::Double => rounded.parse() == Ok(value),
        Width::Single => rounded.parse() == Ok(value as f32),
    };
    if same { rounded } else { shortest }
}

/// How many bits a float was computed with: its shortest decimal tells it from its neighbours there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// float32.
    Single,
    /// float64.
    Double,
}

impl Width {
    /// That of the floats of a dtype, and of the parts of a complex one.
    pub(crate) fn of(dtype: DType) -> Width {
        match dtype {
            DType::Float32 | DType::Complex64 => Width::Single,
            _ => Width::Double,
        }
    }

    /// Whether a single number is written without an exponent.
    fn is_plain(self, value: f64, exponent: i32) -> bool {
        match self {
            Width::Double => (-4..16).contains(&exponent),
            Width::Single => value == 0.0 || (1e-4..1e6).contains(&value.abs()),
        }
    }

    /// From here on an array is written with exponents: what so many digits do not hold.
    fn exponent_from(self) -> f64 {
        match self {
            Width::Double => 1e8,
            Width::Single => 1e6,
        }
    }

    /// Rust's shortest decimal without an exponent, with a point.
    fn positional(self, value: f64) -> String {
        let text = match self {
            Width::Double => format!("{value}"),
            Width::Single => format!("{}", value as f32),
        };
        if text.contains('.') { text } else { text + ".0" }
    }

    /// Rust's shortest decimal with an exponent.
    fn scientific(self, value: f64) -> String {
        match self {
            Width::Double => format!("{value:e}"),
            Width::Single => format!("{:e}", value as f32),
        }
    }

    /// A number of float64 as this width holds it.
    fn round(self, value: f64) -> f64 {
        match self {
            Width::Double => value,
            Width::Single => f64::from(value as f32),
        }
    }
}

/// How the numbers of one array are written, so that their points stand below each other.
#[derive(Debug)]
pub(crate) struct Columns {
    width: Width,
    precision: usize,
    style: Style,
    signs: Signs,
    /// Characters before the point, sign included.
    left: usize,
    /// Characters after the point.
    right: usize,
}

/// Which numbers are written with a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signs {
    /// Those below 0.
    Negative,
    /// All, as the imaginary part of a complex number is.
    All,
}

impl Signs {
    /// A number's text with the sign that it is to have.
    fn before(self, text: String) -> String {
        if self == Signs::All && !text.starts_with('-') { format!("+{text}") } else { text }
    }
}

#[derive(Debug)]
enum Style {
    Positional,
    Scientific { fraction_digits: usize, exponent_digits: usize },
}

impl Columns {
    /// Measures the numbers that will be shown (for a summarised array its corners only).
    pub(crate) fn measure(
        values: impl Iterator<Item = f64> + Clone,
        width: Width,
        signs: Signs,
        options: Options,
    ) -> Columns {
        let Options { precision, suppress, .. } = options;
        let finite = values.clone().filter(|value| value.is_finite());
        let mut columns = if needs_exponents(finite.clone(), width, suppress) {
            Columns::scientific(finite, (width, signs), precision)
        } else {
            Columns::positional(finite, (width, signs), precision)
        };
        // `nan`, `inf` and `-inf` end where the numbers end, the point counted as one character.
        for other in values.filter(|value| !value.is_finite()) {
            // Where signs are written, NumPy leaves room for that of an infinity, also when NaN is all there is.
            let width = match signs {
                Signs::Negative => non_finite(other).len(),
                Signs::All => "+inf".len(),
            };
            columns.left = columns.left.max(width.saturating_sub(columns.right + 1));
        }
        columns
    }

    fn positional(
        finite: impl Iterator<Item = f64>,
        (width, signs): (Width, Signs),
        precision: usize,
    ) -> Columns {
        let style = Style::Positional;
        let mut columns = Columns { width, precision, style, signs, left: 0, right: 0 };
        for value in finite {
            let (whole, fraction) = positional(value, width, precision);
            columns.left = columns.left.max(signs.before(whole).len());
            columns.right = columns.right.max(fraction.len());
        }
        columns
    }

    fn scientific(
        finite: impl Iterator<Item = f64>,
        (width, signs): (Width, Signs),
        precision: usize,
    ) -> Columns {
        let (mut left, mut fraction_digits, mut exponent_digits) = (0, 0, 0);
        for value in finite {
            let mut number = Scientific::shortest(value, width);
            if number.fraction.len() > precision {
                number = Scientific::rounded(value, precision).trimmed();
            }
            left = left.max(signs.before(number.whole).len());
            fraction_digits = fraction_digits.max(number.fraction.len());
            exponent_digits = exponent_digits.max(exponent_text(number.exponent, 2).len() - 2);
        }
        let style = Style::Scientific { fraction_digits, exponent_digits };
        let right = fraction_digits + exponent_digits + 2;
        Columns { width, precision, style, signs, left, right }
    }

    /// The number, padded to the width of its column.
    pub(crate) fn write(&self, value: f64) -> String {
        if !value.is_finite() {
            let text = self.signs.before(non_finite(value));
            return format!("{text:>width$}", width = self.left + 1 + self.right);
        }
        match self.style {
            Style::Positional => {
                let (whole, fraction) = positional(value, self.width, self.precision);
                let whole = self.signs.before(whole);
                format!("{whole:>left$}.{fraction:<right$}", left = self.left, right = self.right)
            }
            Style::Scientific { fraction_digits, exponent_digits } => {
                let Scientific { whole, fraction, exponent } =
                    Scientific::rounded(value, fraction_digits);
                let exponent = exponent_text(exponent, exponent_digits);
                let whole = self.signs.before(whole);
                format!("{whole:>left$}.{fraction}{exponent}", left = self.left)
            }
        }
    }
}

/// NumPy's rule for a whole array: some number is large, small, or far from another.
fn needs_exponents(finite: impl Iterator<Item = f64>, width: Width, suppress: bool) -> bool {
    let (mut smallest, mut largest) = (f64::INFINITY, 0.0_f64);
    for magnitude in finite.map(f64::abs).filter(|magnitude| *magnitude != 0.0) {
        smallest = smallest.min(magnitude);
        largest = largest.max(magnitude);
    }
    largest != 0.0
        && (largest >= width.exponent_from()
            || !suppress
                && (smallest < width.round(EXPONENT_BELOW)
                    || width.round(largest / smallest) > EXPONENT_RATIO))
}

/// What stands before and after the point: the shortest digits, or the exact value rounded to
/// so many digits when those are more.
fn positional(value: f64, width: Width, precision: usize) -> (String, String) {
    let shortest = width.positional(value);
    let digits = shortest.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let text = if digits > precision {
        format!("{value:.precision$}")
    } else {
        closest(value, width, format!("{value:.digits$}"), shortest)
    };
    match text.split_once('.') {
        Some((whole, fraction)) => (whole.to_owned(), fraction.trim_end_matches('0').to_owned()),
        None => (text, String::new()),
    }
}

/// A decimal with one digit before the point.
struct Scientific {
    /// The sign and that digit.
    whole: String,
    fraction: String,
    exponent: i32,
}

impl Scientific {
    fn shortest(value: f64, width: Width) -> Scientific {
        let shortest = width.scientific(value);
        let digits = Scientific::split(&shortest).fraction.len();
        Scientific::split(&closest(value, width, format!("{value:.digits$e}"), shortest))
    }

    fn rounded(value: f64, fraction_digits: usize) -> Scientific {
        Scientific::split(&format!("{value:.fraction_digits$e}"))
    }

    fn trimmed(mut self) -> Scientific {
        self.fraction.truncate(self.fraction.trim_end_matches('0').len());
        self
    }

    /// Reads what Rust wrote: `-1.25e-7`, or `3e0` without a point.
    fn split(text: &str) -> Scientific {
        let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        Scientific {
            whole: whole.to_owned(),
            fraction: fraction.to_owned(),
            exponent: exponent.parse().unwrap_or(0),
        }
    }
}

/// `e+16`, `e-07`: the sign always, and at least so many digits.
fn exponent_text(exponent: i32, digits: usize) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:0digits$}", exponent.unsigned_abs())
}

fn non_finite(value: f64) -> String {
    match value {
        value if value.is_nan() => "nan".to_owned(),
        value if value < 0.0 => "-inf".to_owned(),
        _ => "inf".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Width, float_repr};

    #[test]
    fn repr_is_that_of_python() {
        // Strings written by CPython 3.11.
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (9999999999999998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-0.0000123, "-1.23e-05"),
            (5e-324, "5e-324"),
            (125955000889754.0 + 0.625, "125955000889754.62"),
            (9.0 + 1.0 / 65536.0, "9.000015258789062"),
            (9.0 + 3.0 / 65536.0, "9.000045776367188"),
            (2f64.powi(-44), "5.684341886080802e-14"),
            (9007199254740992.0, "9007199254740992.0"),
            (2f64.powi(-1074 + 52), "2.2250738585072014e-308"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "nan"),
            (-f64::NAN, "nan"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(float_repr(value, Width::Double), text);
        }
    }
    #[test]
    fn repr_of_single_precision_is_that_of_numpy() {
        // Strings written by NumPy 2 for `str(np.float32(...))`.
        for (value, text) in [
            (0.1f32, "0.1"),
            (1.0 / 3.0, "0.33333334"),
            (16777216.0, "1.6777216e+07"),
            (999999.0, "999999.0"),
            (1e-4, "1e-04"),
            (1e10, "1e+10"),
            (1e-5, "1e-05"),
            (3.4028235e38, "3.4028235e+38"),
            (123456.79, "123456.79"),
        ] {
            assert_eq!(float_repr(f64::from(value), Width::Single), text);
        }
    }
}
