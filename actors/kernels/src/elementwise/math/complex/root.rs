//! The square root.

use num_complex::Complex;

/// The root with a real part that is not negative; that of a negative real number has the sign of its imaginary zero.
pub(crate) fn sqrt(z: Complex<f64>) -> Complex<f64> {
    // Powers of four, so that neither a sum of two parts overflows nor half of the least one vanishes.
    const LARGE: f64 = f64::MAX / 8.0;
    const SMALL: f64 = f64::MIN_POSITIVE * 4_503_599_627_370_496.0; // 2^-970
    const UP: f64 = 324_518_553_658_426_726_783_156_020_576_256.0; // 2^108
    const ROOT_UP: f64 = 18_014_398_509_481_984.0; // 2^54
    let (x, y) = (z.re, z.im);
    if y.is_infinite() {
        return Complex::new(f64::INFINITY, y);
    }
    if x.is_infinite() {
        let (infinite, other) = (f64::INFINITY, if y.is_nan() { y } else { 0.0 });
        return match x > 0.0 {
            true => Complex::new(infinite, other.copysign(y)),
            false => Complex::new(other, infinite.copysign(y)),
        };
    }
    if x.is_nan() || y.is_nan() {
        return Complex::new(f64::NAN, f64::NAN);
    }
    let greater = x.abs().max(y.abs());
    if greater == 0.0 {
        return Complex::new(0.0, y);
    }
    let (scale, root_of_scale) = match greater {
        large if large > LARGE => (0.0625, 0.25),
        small if small < SMALL => (UP, ROOT_UP),
        _ => (1.0, 1.0),
    };
    let [size, height] = [x.abs() * scale, y.abs() * scale];
    let first = (0.5 * (size + libm::hypot(size, height))).sqrt();
    let second = height / (2.0 * first);
    let [first, second] = [first / root_of_scale, second / root_of_scale];
    match x < 0.0 {
        true => Complex::new(second, first.copysign(y)),
        false => Complex::new(first, second.copysign(y)),
    }
}
