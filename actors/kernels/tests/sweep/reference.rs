//! What the functions give exactly, to some hundred places, by dashu-float.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;

pub(crate) type Big = FBig<HalfEven, 2>;

/// Binary places of the references. Double as many where numbers cancel.
const PLACES: usize = 160;
/// Below it a function is its first terms, to more than [`PLACES`].
const TINY: f64 = 1e-60;

/// A value of a function at numbers that are finite.
#[derive(Clone, Debug)]
pub(crate) enum Exact {
    /// There is none.
    Undefined,
    Number(Big),
    /// A pole, or what is beyond all floats.
    Infinite {
        negative: bool,
    },
}

fn big(x: f64) -> Big {
    let exact = Big::try_from(x).expect("a finite number");
    exact.with_precision(PLACES).value()
}

/// A power of two.
fn two_to(exponent: isize) -> Big {
    Big::from_parts(1.into(), exponent).with_precision(PLACES).value()
}

fn pi() -> Big {
    Big::pi(PLACES)
}

/// exp(x) of any x; what is far beyond the floats is a power of two that is.
fn exp(x: &Big) -> Big {
    match x.to_f64().value() {
        far if far > 1000.0 => two_to(1400),
        far if far < -1000.0 => two_to(-1400),
        near if near.abs() < TINY => big(1.0),
        _ => x.exp(),
    }
}

fn number(value: Big) -> Exact {
    Exact::Number(value)
}

fn defined(holds: bool, value: impl FnOnce() -> Big) -> Exact {
    if holds { number(value()) } else { Exact::Undefined }
}

/// The value of a function of one finite number; `None` for a name that is not among those that round.
pub(crate) fn unary(name: &str, x: f64) -> Option<Exact> {
    let tiny = x.abs() < TINY;
    let of = || big(x);
    Some(match name {
        "sqrt" => defined(x >= 0.0, || of().sqrt()),
        "cbrt" if x == 0.0 => number(of()),
        "cbrt" => {
            let root = (big(x.abs()).ln() / big(3.0)).exp();
            number(root * big(1.0_f64.copysign(x)))
        }
        "square" => number(of() * of()),
        "reciprocal" if x == 0.0 => Exact::Infinite { negative: x.is_sign_negative() },
        "reciprocal" => number(big(1.0) / of()),
        "exp" => number(exp(&of())),
        "exp2" if x.abs() > 1400.0 => number(two_to(if x > 0.0 { 1400 } else { -1400 })),
        "exp2" if tiny => number(big(1.0)),
        "exp2" => number(big(2.0).powf(&of())),
        "expm1" if tiny => number(of()),
        "expm1" if x > 1000.0 => number(two_to(1400)),
        "expm1" if x < -200.0 => number(big(-1.0)),
        "expm1" => number(of().exp_m1()),
        "log" | "log2" | "log10" if x == 0.0 => Exact::Infinite { negative: true },
        "log" => defined(x > 0.0, || of().ln()),
        "log2" => defined(x > 0.0, || of().log2()),
        "log10" => defined(x > 0.0, || of().log10()),
        "log1p" if x == -1.0 => Exact::Infinite { negative: true },
        "log1p" if tiny => number(of()),
        "log1p" => defined(x > -1.0, || of().ln_1p()),
        "sin" | "tan" | "arcsin" | "arctan" | "sinh" | "tanh" | "arcsinh" | "arctanh" if tiny => {
            number(of())
        }
        "cos" | "cosh" if tiny => number(big(1.0)),
        "sin" => number(of().sin()),
        "cos" => number(of().cos()),
        "tan" => number(of().tan()),
        "arcsin" => defined(x.abs() <= 1.0, || of().asin()),
        "arccos" if tiny => number(pi() / big(2.0)),
        "arccos" => defined(x.abs() <= 1.0, || of().acos()),
        "arctan" if x.abs() > 1e60 => number(pi() / big(2.0_f64.copysign(x))),
        "arctan" => number(of().atan()),
        "sinh" if x.abs() > 1000.0 => number(two_to(1400) * big(1.0_f64.copysign(x))),
        "sinh" => number(of().sinh()),
        "cosh" if x.abs() > 1000.0 => number(two_to(1400)),
        "cosh" => number(of().cosh()),
        "tanh" if x.abs() > 200.0 => number(big(1.0_f64.copysign(x))),
        "tanh" => number(of().tanh()),
        "arcsinh" if x.abs() > 1e60 => {
            number((big(x.abs()).ln() + big(2.0).ln()) * big(1.0_f64.copysign(x)))
        }
        "arcsinh" => number(of().asinh()),
        "arccosh" if x > 1e60 => number(of().ln() + big(2.0).ln()),
        "arccosh" => defined(x >= 1.0, || of().acosh()),
        "arctanh" if x.abs() == 1.0 => Exact::Infinite { negative: x < 0.0 },
        "arctanh" => defined(x.abs() < 1.0, || of().atanh()),
        "sigmoid" if tiny => number(big(0.5)),
        "sigmoid" if x > 200.0 => number(big(1.0)),
        "sigmoid" => number(big(1.0) / (big(1.0) + exp(&-of()))),
        _ => return None,
    })
}

/// The value of a function of two finite numbers; `None` for a name that is not among those that round.
pub(crate) fn binary(name: &str, x: f64, y: f64) -> Option<Exact> {
    let (left, right) = (|| big(x), || big(y));
    Some(match name {
        "add" => number(exact_sum(x, y)),
        "subtract" => number(exact_sum(x, -y)),
        "multiply" => number(left() * right()),
        "divide" | "floor_divide" | "remainder" if y == 0.0 => return None,
        "divide" => number(left() / right()),
        "power" => return power(x, y),
        "arctan2" if x == 0.0 || y == 0.0 => return None,
        "arctan2" => number(arctan2(x, y)),
        "hypot" if x == 0.0 || y == 0.0 => number(big(x.abs().max(y.abs()))),
        "hypot" => number(hypot(x, y)),
        "logaddexp" => number(log_add_exp(x, y)),
        _ => return None,
    })
}

/// x + y to all places.
fn exact_sum(x: f64, y: f64) -> Big {
    let [x, y] = [x, y].map(|x| Big::try_from(x).expect("a finite number"));
    let sum = x.with_precision(2300).value() + y.with_precision(2300).value();
    sum.with_precision(PLACES).value()
}

fn power(x: f64, y: f64) -> Option<Exact> {
    if x == 0.0 || y == 0.0 {
        return None;
    }
    if x < 0.0 && y.fract() != 0.0 {
        return Some(Exact::Undefined);
    }
    let sign = big(if x < 0.0 && y % 2.0 != 0.0 { -1.0 } else { 1.0 });
    if x.abs() == 1.0 {
        return Some(number(sign));
    }
    // An estimate that says where the result is no float at all.
    let less_one = x.abs() - 1.0;
    let log2 = if less_one.abs() < 1e-3 {
        less_one.ln_1p() / std::f64::consts::LN_2
    } else {
        x.abs().log2()
    };
    let size = match y * log2 {
        far if far > 1300.0 => two_to(1400),
        far if far < -1300.0 => two_to(-1400),
        near if near.abs() < TINY => big(1.0),
        // Enough places for the product to have those of the result.
        _ => {
            let log = big(x.abs()).with_precision(PLACES + 40).value().ln();
            let product = log * big(y).with_precision(PLACES + 40).value();
            product.exp().with_precision(PLACES).value()
        }
    };
    Some(number(size * sign))
}

fn arctan2(y: f64, x: f64) -> Big {
    let ratio = big(y.abs()) / big(x.abs());
    let small = two_to(-180);
    let angle = if ratio < small {
        ratio
    } else if ratio > two_to(180) {
        pi() / big(2.0)
    } else {
        ratio.atan()
    };
    let angle = if x < 0.0 { pi() - angle } else { angle };
    angle * big(1.0_f64.copysign(y))
}

fn hypot(x: f64, y: f64) -> Big {
    let (greater, lesser) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
    let ratio = big(lesser) / big(greater);
    if ratio < two_to(-100) {
        return big(greater);
    }
    (big(x) * big(x) + big(y) * big(y)).sqrt()
}

fn log_add_exp(x: f64, y: f64) -> Big {
    let more = |value: f64| big(value).with_precision(2 * PLACES).value();
    let (greater, lesser) = (x.max(y), x.min(y));
    let difference = more(lesser) - more(greater);
    let greater = more(greater);
    if difference.to_f64().value() < -1400.0 {
        return greater.with_precision(PLACES).value();
    }
    let exp = if difference.to_f64().value().abs() < TINY { more(1.0) } else { difference.exp() };
    let sum = greater + exp.ln_1p();
    sum.with_precision(PLACES).value()
}
