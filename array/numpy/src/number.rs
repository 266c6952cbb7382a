//! One element of an array, at hand.

use nums::DType;

/// One element of an array, at hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// bool.
    Bool(bool),
    /// int32.
    Int32(i32),
    /// int64.
    Int64(i64),
    /// float32.
    Float32(f32),
    /// float64.
    Float64(f64),
}

impl Number {
    /// The type of the element.
    pub fn dtype(self) -> DType {
        match self {
            Number::Bool(_) => DType::Bool,
            Number::Int32(_) => DType::Int32,
            Number::Int64(_) => DType::Int64,
            Number::Float32(_) => DType::Float32,
            Number::Float64(_) => DType::Float64,
        }
    }

    /// The whole number that it is; nothing for a float.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Number::Bool(value) => Some(i64::from(value)),
            Number::Int32(value) => Some(i64::from(value)),
            Number::Int64(value) => Some(value),
            Number::Float32(_) | Number::Float64(_) => None,
        }
    }

    /// The nearest float64.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Bool(value) => f64::from(u8::from(value)),
            Number::Int32(value) => f64::from(value),
            Number::Int64(value) => value as f64,
            Number::Float32(value) => f64::from(value),
            Number::Float64(value) => value,
        }
    }

    /// Whether it counts as true.
    pub fn truth(self) -> bool {
        self.as_f64() != 0.0
    }

    /// The number as another type: whole numbers wrap, floats are cut, as NumPy casts.
    pub fn cast(self, dtype: DType) -> Option<Number> {
        let whole = self.as_i64();
        Some(match dtype {
            DType::Bool => Number::Bool(self.truth()),
            DType::Int64 => Number::Int64(whole.unwrap_or_else(|| truncated(self.as_f64()))),
            DType::Int32 => Number::Int32(whole.unwrap_or_else(|| truncated(self.as_f64())) as i32),
            DType::Float64 => Number::Float64(self.as_f64()),
            DType::Float32 => Number::Float32(match whole {
                Some(value) => value as f32,
                None => self.as_f64() as f32,
            }),
            _ => return None,
        })
    }
}

/// A float without its fraction; what 64 bits do not hold becomes the smallest integer, as the
/// processor that NumPy runs on gives it.
fn truncated(value: f64) -> i64 {
    if value >= -(2f64.powi(63)) && value < 2f64.powi(63) { value as i64 } else { i64::MIN }
}
