//! Arrays of a formula: each node makes its blocks from the indices of their elements.

use crate::promotion::constant;
use crate::{DistArray, Error, IntoShape, Scalar, Session};
use nums_lshs::array_op::{ArraySpec, Create};
use nums_lshs::{Constant, Creation, DType, Shape};

impl Session {
    /// A one-dimensional array of `start`, `start + step`, ... up to but not including `stop`. The dtype is int64 if all
    /// three arguments are integers, and float64 otherwise.
    ///
    /// # Errors
    /// [`Error::Range`] when the length is not a finite number, a shape error when it is too large, and
    /// [`Error::UndefinedFor`] for complex numbers.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.arange(1.0, 2.0, 0.25)?;
    /// assert_eq!(x.fetch::<f64>().wait()?.as_slice(), Some(&[1.0, 1.25, 1.5, 1.75][..]));
    /// let x = session.arange(5, 0, -2)?;
    /// assert_eq!(x.fetch::<i64>().wait()?.as_slice(), Some(&[5, 3, 1][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arange(
        &self,
        start: impl Into<Scalar>,
        stop: impl Into<Scalar>,
        step: impl Into<Scalar>,
    ) -> Result<DistArray, Error> {
        let (start, stop, step) = (start.into(), stop.into(), step.into());
        if [start, stop, step].iter().any(|number| number.dtype().is_complex()) {
            return Err(Error::UndefinedFor { op: "arange", dtype: DType::Complex128 });
        }
        let endless = || {
            let [start, stop, step] = [start, stop, step].map(|number| number.to_string());
            Error::Range { start, stop, step }
        };
        if let (Scalar::Int(start), Scalar::Int(stop), Scalar::Int(step)) = (start, stop, step) {
            let held = |dtype: DType| {
                let first = Constant::from_integer(dtype, start)?;
                Constant::from_integer(dtype, stop).map(|_| (dtype, first))
            };
            let found = held(DType::Int64).or_else(|| held(DType::UInt64));
            let (dtype, first) = found.ok_or_else(endless)?;
            if step.unsigned_abs() > u64::MAX.into() {
                return Err(endless());
            }
            // Rounded up, for either sign of the step.
            let len = match step {
                0 => return Err(endless()),
                _ => (stop - start + step - step.signum()) / step,
            };
            let len = usize::try_from(len.max(0)).map_err(|_| endless())?;
            // A second number that the dtype does not hold is none of the array.
            let next = Constant::from_integer(dtype, start + step).unwrap_or(first);
            return self.create(&[len], dtype, Creation::Arange { start: first, next });
        }
        let [first, last, by] = [start, stop, step].map(Scalar::to_f64);
        let len = ((last - first) / by).ceil();
        if !len.is_finite() || len > isize::MAX as f64 {
            return Err(endless());
        }
        let [start, next] = [first, first + by].map(Constant::float64);
        self.create(&[len.max(0.0) as usize], DType::Float64, Creation::Arange { start, next })
    }

    /// `num` evenly spaced float64 numbers from `start` to `stop`. `stop` is included if `endpoint` is true.
    ///
    /// # Errors
    /// When the size overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.linspace(0.0, 1.0, 5, true)?;
    /// assert_eq!(x.fetch::<f64>().wait()?.as_slice(), Some(&[0.0, 0.25, 0.5, 0.75, 1.0][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn linspace(
        &self,
        start: f64,
        stop: f64,
        num: usize,
        endpoint: bool,
    ) -> Result<DistArray, Error> {
        let dtype = DType::Float64;
        let [start, stop] = [start, stop].map(Constant::float64);
        self.create(&[num], dtype, Creation::Linspace { dtype, start, stop, endpoint })
    }

    /// A matrix of zeros with ones on one diagonal: 0 is the main diagonal, 1 the one above it, and -1 the one below it.
    ///
    /// # Errors
    /// When the size overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.eye(2, 3, 1)?;
    /// assert_eq!(x.fetch::<f64>().wait()?, ndarray::arr2(&[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn eye(&self, rows: usize, columns: usize, diagonal: i64) -> Result<DistArray, Error> {
        let dtype = DType::Float64;
        self.create(&[rows, columns], dtype, Creation::Eye { dtype, diagonal })
    }

    /// The square matrix of float64 with ones on its diagonal and zeros elsewhere.
    ///
    /// # Errors
    /// Those of [`eye`](Self::eye).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.identity(3)?.fetch::<f64>().wait()?[[1, 1]], 1.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn identity(&self, len: usize) -> Result<DistArray, Error> {
        self.eye(len, len, 0)
    }

    /// An array filled with one value. The dtype is complex128, float64, int64 or bool, like the value.
    ///
    /// # Errors
    /// When the size of the shape overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.full(&[2, 3], true)?.dtype(), nums::DType::Bool);
    /// # Ok(())
    /// # }
    /// ```
    pub fn full(
        &self,
        shape: impl IntoShape,
        value: impl Into<Scalar>,
    ) -> Result<DistArray, Error> {
        let value = value.into();
        self.full_dtype(shape, value, value.dtype())
    }

    /// An array filled with one value, with the given dtype.
    ///
    /// # Errors
    /// Those of [`full`](Self::full), and [`Error::ScalarOutOfBounds`] for a value that the dtype cannot represent.
    ///
    /// ```
    /// use nums::DType;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.full_dtype(&[], 2, DType::Float32)?.fetch::<f32>().wait()?[[]], 2.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn full_dtype(
        &self,
        shape: impl IntoShape,
        value: impl Into<Scalar>,
        dtype: DType,
    ) -> Result<DistArray, Error> {
        self.create(&shape.into_shape(), dtype, Creation::Full(constant(value.into(), dtype)?))
    }

    /// An array of a formula, with the automatic grid and layout.
    pub(crate) fn create(
        &self,
        shape: &[usize],
        dtype: DType,
        creation: Creation,
    ) -> Result<DistArray, Error> {
        let spec = ArraySpec::automatic(&Shape::new(shape)?, dtype, &self.inner.rule);
        DistArray::new(&self.inner, Create { creation, spec }, &[])
    }
}

impl DistArray {
    /// An array filled with one value, with the shape, dtype, grid and layout of this array.
    ///
    /// # Errors
    /// [`Error::ScalarOutOfBounds`] for a value that the dtype cannot represent.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.arange(0, 4, 1)?;
    /// assert_eq!(x.full_like(7)?.sum().fetch::<i64>().wait()?[[]], 28);
    /// # Ok(())
    /// # }
    /// ```
    pub fn full_like(&self, value: impl Into<Scalar>) -> Result<DistArray, Error> {
        let creation = Creation::Full(constant(value.into(), self.dtype())?);
        DistArray::new(self.session_inner(), Create { creation, spec: self.spec().clone() }, &[])
    }

    /// Like [`full_like`](Self::full_like), with the given dtype.
    ///
    /// # Errors
    /// Those of [`Session::full_dtype`].
    ///
    /// ```
    /// use nums::DType;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.arange(0, 4, 1)?.full_like_dtype(0.5, DType::Float32)?;
    /// assert_eq!((x.shape(), x.dtype()), (vec![4], DType::Float32));
    /// # Ok(())
    /// # }
    /// ```
    pub fn full_like_dtype(
        &self,
        value: impl Into<Scalar>,
        dtype: DType,
    ) -> Result<DistArray, Error> {
        let creation = Creation::Full(constant(value.into(), dtype)?);
        let spec = ArraySpec { dtype, ..self.spec().clone() };
        DistArray::new(self.session_inner(), Create { creation, spec }, &[])
    }
}

/// Functions such as `zeros` and `ones`, in four forms.
macro_rules! constants {
    ($($name:ident $dtype:ident $like:ident $like_dtype:ident $value:literal $what:literal;)*) => {
        impl Session {
            $(
                #[doc = concat!("An array of float64 ", $what, ".")]
                ///
                /// # Errors
                /// Those of [`full`](Self::full).
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.", stringify!($name), "(&[2])?.fetch::<f64>().wait()?;")]
                #[doc = concat!("assert_eq!(x.as_slice(), Some(&[", stringify!($value), ".0; 2][..]));")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $name(&self, shape: impl IntoShape) -> Result<DistArray, Error> {
                    self.$dtype(shape, DType::Float64)
                }

                #[doc = concat!("An array of ", $what, ", with the given dtype.")]
                ///
                /// # Errors
                /// Those of [`full_dtype`](Self::full_dtype).
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.", stringify!($dtype), "(&[2], nums::DType::Bool)?;")]
                #[doc = concat!("assert_eq!(x.fetch::<bool>().wait()?[[1]], ", stringify!($value), " == 1);")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $dtype(
                    &self,
                    shape: impl IntoShape,
                    dtype: DType,
                ) -> Result<DistArray, Error> {
                    self.full_dtype(shape, $value, dtype)
                }
            )*
        }

        impl DistArray {
            $(
                #[doc = concat!("An array of ", $what, " with the shape, dtype, grid and layout of this array.")]
                ///
                /// # Errors
                /// None: every dtype can represent the value.
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.arange(0, 2, 1)?.", stringify!($like), "()?.fetch::<i64>().wait()?;")]
                #[doc = concat!("assert_eq!(x.as_slice(), Some(&[", stringify!($value), "; 2][..]));")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $like(&self) -> Result<DistArray, Error> {
                    self.full_like($value)
                }

                #[doc = concat!("Like [`", stringify!($like), "`](Self::", stringify!($like), "), with the given dtype.")]
                ///
                /// # Errors
                /// Those of [`full_like_dtype`](Self::full_like_dtype).
                ///
                /// ```
                /// # fn main() -> Result<(), nums::Error> {
                /// let session = nums::Session::embedded(1)?;
                #[doc = concat!("let x = session.arange(0, 2, 1)?.", stringify!($like_dtype), "(nums::DType::Bool)?;")]
                #[doc = concat!("assert_eq!(x.fetch::<bool>().wait()?[[1]], ", stringify!($value), " == 1);")]
                /// # Ok(())
                /// # }
                /// ```
                pub fn $like_dtype(&self, dtype: DType) -> Result<DistArray, Error> {
                    self.full_like_dtype($value, dtype)
                }
            )*
        }
    };
}

constants! {
    zeros zeros_dtype zeros_like zeros_like_dtype 0 "zeros";
    ones ones_dtype ones_like ones_like_dtype 1 "ones";
    empty empty_dtype empty_like empty_like_dtype 0
        "elements that are to be replaced; they are zeros, so that no run differs from another";
}
