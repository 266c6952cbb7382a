//! Methods under the names of ndarray and of Rust's numbers, and rows.

use super::unary::expect;
use crate::{DistArray, Error, Index, Operand};
use nums_lshs::{DType, UnaryOp};

macro_rules! comparisons {
    ($($name:ident $long:ident $try_long:ident $operator:literal;)*) => {
        impl DistArray {
            $(
                #[doc = concat!("Whether each element is `", $operator, "` another, as a bool array: [`", stringify!($long), "`](Self::", stringify!($long), ") under the name of Rust's operator.")]
                ///
                /// # Panics
                #[doc = concat!("As [`", stringify!($long), "`](Self::", stringify!($long), "); [`", stringify!($try_long), "`](Self::", stringify!($try_long), ") returns the error.")]
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                /// let x = session.arange(0, 3, 1)?;
                #[doc = concat!("assert_eq!(x.", stringify!($name), "(1).to_vec::<bool>().wait()?, [0 ", $operator, " 1, 1 ", $operator, " 1, 2 ", $operator, " 1]);")]
                /// # Ok(())
                /// # }
                /// ```
                #[track_caller]
                pub fn $name(&self, right: impl Into<Operand>) -> DistArray {
                    self.$long(right)
                }
            )*
        }
    };
}

comparisons! {
    eq equal try_equal "==";
    ne not_equal try_not_equal "!=";
    lt less try_less "<";
    le less_equal try_less_equal "<=";
    gt greater try_greater ">";
    ge greater_equal try_greater_equal ">=";
}

impl DistArray {
    /// The natural logarithm of each element: [`log`](Self::log) under the name of Rust's numbers.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.array([1.0, 0.0])?.ln().to_vec::<f64>().wait()?, [0.0, f64::NEG_INFINITY]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn ln(&self) -> DistArray {
        self.log()
    }

    /// Each element to a power: [`power`](Self::power) under the name of Python's and the array API's function.
    ///
    /// # Panics
    /// As [`power`](Self::power); [`try_power`](Self::try_power) returns the error.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.array([2, 3])?.pow(2).to_vec::<i32>().wait()?, [4, 9]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn pow(&self, exponent: impl Into<Operand>) -> DistArray {
        self.power(exponent)
    }

    /// Each element to an integer power.
    ///
    /// # Panics
    /// As [`power`](Self::power); [`try_power`](Self::try_power) returns the error.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.array([2.0, 3.0])?.powi(2).to_vec::<f64>().wait()?, [4.0, 9.0]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn powi(&self, exponent: i32) -> DistArray {
        self.power(exponent)
    }

    /// Each element to a power of a float.
    ///
    /// # Panics
    /// As [`power`](Self::power); [`try_power`](Self::try_power) returns the error.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.array([4.0, 9.0])?.powf(0.5).to_vec::<f64>().wait()?, [2.0, 3.0]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn powf(&self, exponent: f64) -> DistArray {
        self.power(exponent)
    }

    /// Each element limited to `low..=high`: [`clip`](Self::clip), which returns its error, as an infallible name.
    ///
    /// # Panics
    /// As [`clip`](Self::clip).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.array([-2.0, 0.5, 3.0])?.clamp(0.0, 1.0).to_vec::<f64>().wait()?, [0.0, 0.5, 1.0]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn clamp(&self, low: impl Into<Operand>, high: impl Into<Operand>) -> DistArray {
        expect(self.clip(low, high))
    }

    /// The array with `nan` in place of NaN, and the largest finite numbers in place of infinities, as NumPy's
    /// `nan_to_num`. Bools and integers do not change.
    ///
    /// # Panics
    /// For complex numbers.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.array([f64::NAN, 1.0, f64::INFINITY])?;
    /// assert_eq!(x.nan_to_num(0.0).to_vec::<f64>().wait()?, [0.0, 1.0, f64::MAX]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn nan_to_num(&self, nan: f64) -> DistArray {
        expect(self.try_nan_to_num(nan))
    }

    /// Like [`nan_to_num`](Self::nan_to_num), but returns the error.
    ///
    /// # Errors
    /// [`Error::UndefinedFor`] for complex numbers.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert!(session.zeros_dtype(2, nums::DType::Complex128)?.try_nan_to_num(0.0).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_nan_to_num(&self, nan: f64) -> Result<DistArray, Error> {
        let dtype = self.dtype();
        let largest = match dtype {
            DType::Float64 => f64::MAX,
            DType::Float32 => f64::from(f32::MAX),
            _ if dtype.is_complex() => return Err(Error::UndefinedFor { op: "nan_to_num", dtype }),
            _ => return Ok(self.clone()),
        };
        self.total(UnaryOp::IsNan).where_(nan, &self.clip(-largest, largest)?)
    }

    /// The part of the array at an index of the first axis: a row of a matrix. Negative indices count from the end.
    ///
    /// # Panics
    /// If the array has no axes, or no such index.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?.reshape((2, 3))?;
    /// assert_eq!(x.row(1).to_vec::<i64>().wait()?, [3, 4, 5]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn row(&self, index: isize) -> DistArray {
        expect(self.index(&[Index::At(index)]))
    }

    /// The column of a matrix. Negative indices count from the end.
    ///
    /// # Panics
    /// If the array has fewer than two axes, or no such index.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?.reshape((2, 3))?;
    /// assert_eq!(x.column(-1).to_vec::<i64>().wait()?, [2, 5]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn column(&self, index: isize) -> DistArray {
        let whole = Index::Slice { start: None, stop: None, step: 1 };
        expect(self.index(&[whole, Index::At(index)]))
    }

    /// The parts of the array along its first axis, in order, each a lazy array: nothing is read.
    ///
    /// # Panics
    /// If the array has no axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 6, 1)?.reshape((2, 3))?;
    /// let sums: nums::DistArray = x.outer_iter().sum();
    /// assert_eq!(sums.to_vec::<i64>().wait()?, [3, 5, 7]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn outer_iter(&self) -> OuterIter {
        OuterIter { array: self.clone(), rows: 0..self.nrows() }
    }
}

/// The parts of an array along its first axis; see [`DistArray::outer_iter`].
#[derive(Clone, Debug)]
pub struct OuterIter {
    array: DistArray,
    rows: std::ops::Range<usize>,
}

impl Iterator for OuterIter {
    type Item = DistArray;

    fn next(&mut self) -> Option<DistArray> {
        self.rows.next().map(|row| self.array.row(row as isize))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

impl DoubleEndedIterator for OuterIter {
    fn next_back(&mut self) -> Option<DistArray> {
        self.rows.next_back().map(|row| self.array.row(row as isize))
    }
}

impl ExactSizeIterator for OuterIter {}

impl IntoIterator for &DistArray {
    type Item = DistArray;
    type IntoIter = OuterIter;

    #[track_caller]
    fn into_iter(self) -> OuterIter {
        self.outer_iter()
    }
}
