//! Products of matrices and vectors.

use super::unary::expect;
use crate::promotion::result_type;
use crate::{DistArray, Error, einsum};
use nums_lshs::array_op::MatMul;

impl DistArray {
    /// The matrix product, as NumPy's operator `@`: of matrices, of a matrix and a vector, and of stacks of matrices, whose
    /// leading axes broadcast.
    ///
    /// # Panics
    /// If the shapes do not match, or the arrays belong to different sessions.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let (x, y) = (session.ones((2, 3))?, session.ones((3, 4))?);
    /// assert_eq!(x.matmul(&y).shape(), [2, 4]);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn matmul(&self, right: &DistArray) -> DistArray {
        expect(self.try_matmul(right))
    }

    /// The matrix product of *m* × *k* and *k* × *n*. A vector counts as a row on the left and as a column on the right. An
    /// array of more than two axes is a stack of matrices on its last two axes; the other axes are broadcast, as in NumPy.
    ///
    /// A product of square matrices on r × c nodes moves the same blocks as SUMMA: each node receives the rows of A and the
    /// columns of B that its blocks of C need and that it does not have.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] with both shapes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let a = session.arange(0.0, 4.0, 1.0)?.reshape(&[2, 2])?;
    /// let ones = session.ones(&[2])?;
    /// assert_eq!(a.try_matmul(&ones)?.fetch::<f64>().wait()?, ndarray::arr1(&[1.0, 5.0]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_matmul(&self, right: &DistArray) -> Result<DistArray, Error> {
        self.check_session("matmul", right)?;
        let stacked = self.ndim() > 2 || right.ndim() > 2;
        if !stacked && self.spec().matmul(right.spec()).is_none() {
            return Err(self.matmul_misfit(right));
        }
        let dtype = result_type(self.dtype(), right.dtype());
        let (left, right) = (self.astype(dtype)?, right.astype(dtype)?);
        if stacked {
            return left.matmul_stacked(&right);
        }
        DistArray::new(self.session_inner(), MatMul, &[&left, &right])
    }

    /// The product of stacks of matrices of one dtype.
    fn matmul_stacked(&self, right: &DistArray) -> Result<DistArray, Error> {
        let (shapes, misfit) = ([self.shape(), right.shape()], || self.matmul_misfit(right));
        let stacks = shapes.each_ref().map(|shape| shape.len().saturating_sub(2));
        let rank = stacks[0].max(stacks[1]);
        let mut letters = 'a'..'x';
        let stack: Vec<char> = letters.by_ref().take(rank).collect();
        let inner = shapes[1].len().saturating_sub(2);
        let fit = shapes[0].last().is_some_and(|len| shapes[1].get(inner) == Some(len));
        if !fit || stack.len() < rank {
            return Err(misfit());
        }
        // An axis of length 1 beside a longer one is left out: the contraction broadcasts what has no such label.
        let mut operands = Vec::with_capacity(2);
        for (side, array) in [self, right].into_iter().enumerate() {
            let (own, other) = (&shapes[side], &shapes[1 - side]);
            let (mut labels, mut dropped) = (String::new(), Vec::new());
            for (axis, &len) in own[..stacks[side]].iter().enumerate() {
                let from_right = stacks[side] - axis;
                let beside = stacks[1 - side].checked_sub(from_right).map_or(1, |axis| other[axis]);
                match (len, beside) {
                    (1, beside) if beside != 1 => dropped.push(axis),
                    _ if len == beside || beside == 1 => {
                        labels.push(stack[rank - from_right]);
                    }
                    _ => return Err(misfit()),
                }
            }
            let array = array.squeeze_axis(dropped)?;
            labels.push_str(match (side, own.len()) {
                (_, 1) => "y",
                (0, _) => "xy",
                _ => "yz",
            });
            operands.push((labels, array));
        }
        let [(left, a), (right_labels, b)] = &operands[..] else { return Err(misfit()) };
        let rows = if shapes[0].len() > 1 { "x" } else { "" };
        let columns = if shapes[1].len() > 1 { "z" } else { "" };
        let stack: String = stack.into_iter().collect();
        let subscripts = format!("{left},{right_labels}->{stack}{rows}{columns}");
        einsum(&subscripts, [a, b]).map_err(|_| misfit())
    }

    fn matmul_misfit(&self, right: &DistArray) -> Error {
        let (left, right) = (self.spec().shape(), right.spec().shape());
        Error::ShapeMismatch { op: "matmul", left, right }
    }

    /// NumPy's `dot`: the matrix product, or the product with a scalar if an array is 0-dimensional. For arrays of more than
    /// two axes, it sums over the last axis of the left array and the second-to-last axis of the right array.
    ///
    /// # Panics
    /// At the caller's line if the shapes do not match; [`try_dot`](Self::try_dot) returns the error.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 3.0, 1.0)?;
    /// assert_eq!(x.dot(&x).fetch::<f64>().wait()?[[]], 5.0);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn dot(&self, right: &DistArray) -> DistArray {
        expect(self.try_dot(right))
    }

    /// Like [`dot`](Self::dot), but returns the error.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] with both shapes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.ones(&[2, 3])?;
    /// let refused = x.try_dot(&x).unwrap_err();
    /// assert_eq!(refused.to_string(), "matmul: shapes (2, 3) and (2, 3) do not match");
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_dot(&self, right: &DistArray) -> Result<DistArray, Error> {
        match (self.ndim(), right.ndim()) {
            (0, _) | (_, 0) => self.try_mul(right),
            (1 | 2, 1 | 2) => self.try_matmul(right),
            (own, other) => {
                let mut letters = 'a'..='y';
                let mut labels: String = letters.by_ref().take(own - 1).collect();
                let mut second: String = letters.take(other - 1).collect();
                let output = format!("{labels}{second}");
                labels.push('z');
                second.insert(other.saturating_sub(2), 'z');
                let dtype = result_type(self.dtype(), right.dtype());
                let (left, right) = (self.astype(dtype)?, right.astype(dtype)?);
                einsum(&format!("{labels},{second}->{output}"), [&left, &right])
                    .map_err(|_| left.matmul_misfit(&right))
            }
        }
    }
}
