//! Complex numbers: their parts, and reductions computed from the parts.

use crate::{Complex, DistArray, Error};
use nums_lshs::{Reduction, Shape, UnaryOp};

impl DistArray {
    /// The real part of each element. For a real dtype, this is the array itself.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.full(&[], nums::Complex::new(3.0, -4.0))?;
    /// assert_eq!(x.real().fetch::<f64>().wait()?[[]], 3.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn real(&self) -> DistArray {
        if self.dtype().is_complex() { self.total(UnaryOp::Real) } else { self.clone() }
    }

    /// The imaginary part of each element. For a real dtype, this is an array of zeros.
    ///
    /// # Errors
    /// Those of [`zeros_like`](Self::zeros_like).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.full(&[], nums::Complex::new(3.0, -4.0))?;
    /// assert_eq!(x.imag()?.fetch::<f64>().wait()?[[]], -4.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn imag(&self) -> Result<DistArray, Error> {
        if self.dtype().is_complex() { Ok(self.total(UnaryOp::Imag)) } else { self.zeros_like() }
    }

    /// The complex conjugate of each element. For a real dtype, this is the array itself.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.full(&[], nums::Complex::new(3.0, -4.0))?;
    /// assert_eq!(x.conj().fetch::<nums::Complex<f64>>().wait()?[[]].im, 4.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn conj(&self) -> DistArray {
        if self.dtype().is_complex() { self.total(UnaryOp::Conjugate) } else { self.clone() }
    }

    /// A reduction of complex numbers that has no fold of its own; `None` for the others.
    pub(super) fn reduced_by_parts(
        &self,
        kind: Reduction,
        axes: &[usize],
    ) -> Option<Result<DistArray, Error>> {
        Some(match kind {
            // The squares of a distance are those of its parts.
            Reduction::Var { ddof } => self.variance(Reduction::Var { ddof }, axes),
            Reduction::Std { ddof } => self.deviation(Reduction::Var { ddof }, axes),
            Reduction::NanVar { ddof } => self.variance(Reduction::NanVar { ddof }, axes),
            Reduction::NanStd { ddof } => self.deviation(Reduction::NanVar { ddof }, axes),
            Reduction::Norm => Ok(self.abs().reduced(kind, axes.to_vec())),
            Reduction::ArgMin => self.first_of(Reduction::Min, axes, true),
            Reduction::ArgMax => self.first_of(Reduction::Max, axes, true),
            Reduction::NanArgMin => self.first_of(Reduction::NanMin, axes, false),
            Reduction::NanArgMax => self.first_of(Reduction::NanMax, axes, false),
            _ => return None,
        })
    }

    fn variance(&self, kind: Reduction, axes: &[usize]) -> Result<DistArray, Error> {
        let nan = Complex::new(f64::NAN, f64::NAN);
        // A number of which one part is NaN counts as missing as a whole.
        let skips = matches!(kind, Reduction::NanVar { .. });
        let whole = if skips { self.isnan().where_(nan, self)? } else { self.clone() };
        let parts = [whole.real(), whole.imag()?];
        let count: usize = axes.iter().map(|&axis| self.spec().shape()[axis]).product();
        let summed = |kind| {
            let [real, imaginary] = parts.map(|part| part.reduced(kind, axes.to_vec()));
            real.try_add(imaginary)
        };
        match kind {
            // Without a degree of freedom the sum of all squares is divided by 0, and not that of each part.
            Reduction::Var { ddof } if ddof > 0 && count <= ddof as usize => {
                summed(Reduction::Var { ddof: 0 })?.try_div(0.0)
            }
            kind => summed(kind),
        }
    }

    fn deviation(&self, variance: Reduction, axes: &[usize]) -> Result<DistArray, Error> {
        Ok(self.variance(variance, axes)?.sqrt())
    }

    /// The position of the first extreme, or of the first NaN where these count.
    fn first_of(
        &self,
        extreme: Reduction,
        axes: &[usize],
        with_nan: bool,
    ) -> Result<DistArray, Error> {
        let mut lengths = self.shape();
        axes.iter().for_each(|&axis| lengths[axis] = 1);
        let extreme = self.reduced(extreme, axes.to_vec()).reshape_to(Shape::new(lengths)?)?;
        let mut found = self.try_equal(&extreme)?;
        if with_nan {
            found = found.try_logical_or(self.isnan())?;
        }
        Ok(found.reduced(Reduction::ArgMax, axes.to_vec()))
    }
}
