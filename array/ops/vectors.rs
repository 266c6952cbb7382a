//! Products of vectors along an axis, and of matrices element by element.

use crate::{DistArray, Error};

impl DistArray {
    /// The sum of `conj(x) * y` along the last axis of both arrays, which are broadcast together otherwise, as NumPy's
    /// `vecdot`.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if the last axes differ, or the others cannot be broadcast together.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 4, 1)?.reshape((2, 2))?;
    /// assert_eq!(x.vecdot(&x)?.to_vec::<i64>().wait()?, [1, 13]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vecdot(&self, right: &DistArray) -> Result<DistArray, Error> {
        if self.ndim() == 0 || right.ndim() == 0 || self.shape().last() != right.shape().last() {
            let (left, right) = (self.spec().shape(), right.spec().shape());
            return Err(Error::ShapeMismatch { op: "vecdot", left, right });
        }
        let dtype = crate::result_type(self.dtype(), right.dtype());
        if self.ndim() == 1 && right.ndim() == 1 {
            return self.conj().astype(dtype)?.try_dot(&right.astype(dtype)?);
        }
        let products = self.conj().try_mul(right)?;
        let sums = products.sum_axis(-1)?;
        sums.astype(dtype)
    }

    /// The sum of `conj(x) * y` over all elements, both read in C order.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if the sizes differ.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 4, 1)?.reshape((2, 2))?;
    /// assert_eq!(x.vdot(&x)?.item::<i64>().wait()?, 14);
    /// # Ok(())
    /// # }
    /// ```
    pub fn vdot(&self, right: &DistArray) -> Result<DistArray, Error> {
        if self.size() != right.size() {
            let (left, right) = (self.spec().shape(), right.spec().shape());
            return Err(Error::ShapeMismatch { op: "vdot", left, right });
        }
        self.ravel().vecdot(&right.ravel())
    }

    /// The Kronecker product: each element of this array times the whole other array, as NumPy's `kron`.
    ///
    /// # Errors
    /// When the size of the shape overflows, or the arrays belong to different sessions.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.array([1, 10])?.kron(&session.array([5, 6, 7])?)?;
    /// assert_eq!(x.to_vec::<i32>().wait()?, [5, 6, 7, 50, 60, 70]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn kron(&self, right: &DistArray) -> Result<DistArray, Error> {
        let ndim = self.ndim().max(right.ndim());
        let lengths = |array: &DistArray| {
            let own = array.shape();
            [vec![1; ndim - own.len()], own].concat()
        };
        let (left_len, right_len) = (lengths(self), lengths(right));
        let pairs = |first: &[usize], second: &[usize]| -> Vec<isize> {
            let both = first.iter().zip(second).flat_map(|(a, b)| [*a as isize, *b as isize]);
            both.collect()
        };
        let ones = vec![1; ndim];
        let left = self.reshape(&pairs(&left_len, &ones))?;
        let right = right.reshape(&pairs(&ones, &right_len))?;
        let shape: Vec<isize> =
            left_len.iter().zip(&right_len).map(|(a, b)| (a * b) as isize).collect();
        left.try_mul(&right)?.reshape(&shape)
    }

    /// The cross product of vectors of 3 elements along the last axis of both arrays, which are broadcast together
    /// otherwise.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if the vectors do not have 3 elements, or the arrays cannot be broadcast together.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let (x, y) = (session.array([1, 0, 0])?, session.array([0, 1, 0])?);
    /// assert_eq!(x.cross(&y)?.to_vec::<i32>().wait()?, [0, 0, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cross(&self, right: &DistArray) -> Result<DistArray, Error> {
        if self.shape().last() != Some(&3) || right.shape().last() != Some(&3) {
            let (left, right) = (self.spec().shape(), right.spec().shape());
            return Err(Error::ShapeMismatch { op: "cross", left, right });
        }
        let part = |array: &DistArray, index| array.slab(array.ndim() - 1, index);
        let component = |one: isize, two: isize| {
            let positive = part(self, one)?.try_mul(part(right, two)?)?;
            positive.try_sub(part(self, two)?.try_mul(part(right, one)?)?)
        };
        crate::concatenate([component(1, 2)?, component(2, 0)?, component(0, 1)?], -1)
    }
}
