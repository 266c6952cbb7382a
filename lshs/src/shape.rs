//! Shapes whose size is known to fit, and the rules of broadcasting.

use crate::{DType, ShapeError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;

/// The length of each axis of an array or block, first axis first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<usize>")]
pub struct Shape(Vec<usize>);

impl TryFrom<Vec<usize>> for Shape {
    type Error = ShapeError;

    /// Like [`Shape::new`]: a shape that a peer sends is checked like any other.
    fn try_from(lengths: Vec<usize>) -> Result<Shape, ShapeError> {
        Shape::new(lengths)
    }
}

impl Shape {
    /// A shape whose elements, and their bytes at the widest dtype, can be counted.
    ///
    /// # Errors
    /// [`ShapeError::Overflow`] when the product of the lengths, times 16 bytes, exceeds `isize::MAX`:
    /// nothing of that size could ever be addressed. An axis of length 0 does not hide an overflow of the others.
    pub fn new(lengths: impl Into<Vec<usize>>) -> Result<Shape, ShapeError> {
        let lengths = lengths.into();
        let widest = DType::Complex128.item_bytes() as usize;
        let nonzero = lengths.iter().filter(|&&len| len != 0);
        match nonzero.copied().try_fold(widest, usize::checked_mul) {
            Some(bytes) if bytes <= isize::MAX as usize => Ok(Shape(lengths)),
            _ => Err(ShapeError::Overflow { shape: lengths }),
        }
    }

    /// The shape of a scalar: no axes, one element.
    pub fn scalar() -> Shape {
        Shape(Vec::new())
    }

    /// The number of elements.
    pub fn elements(&self) -> usize {
        self.0.iter().product()
    }

    /// The number of bytes at a dtype.
    pub fn bytes(&self, dtype: DType) -> u64 {
        self.elements() as u64 * dtype.item_bytes()
    }

    /// The shape that arrays of both shapes are broadcast to, by NumPy's rule: axes are matched from the last,
    /// and an axis of length 1 stretches.
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`] with both shapes when an axis differs and neither length is 1.
    pub fn broadcast(&self, other: &Shape) -> Result<Shape, ShapeError> {
        let mismatch = || ShapeError::Broadcast { left: self.clone(), right: other.clone() };
        let rank = self.len().max(other.len());
        let lengths = (0..rank)
            .map(|axis| match (self.len_from_end(rank - axis), other.len_from_end(rank - axis)) {
                (left, right) if left == right => Ok(left),
                (1, right) => Ok(right),
                (left, 1) => Ok(left),
                _ => Err(mismatch()),
            })
            .collect::<Result<Vec<_>, _>>()?;
        Shape::new(lengths)
    }

    /// The shape with its axes in another order: axis `i` of the result is axis `order[i]` of this one.
    pub fn permute(&self, order: &[usize]) -> Shape {
        Shape(order.iter().map(|&axis| self.0[axis]).collect())
    }

    /// The shape without some axes.
    pub fn without(&self, axes: &[usize]) -> Shape {
        let kept = self.0.iter().enumerate().filter(|(axis, _)| !axes.contains(axis));
        Shape(kept.map(|(_, &len)| len).collect())
    }

    /// The coordinates of an element from its index in C order.
    pub fn unravel(&self, mut index: usize) -> Vec<usize> {
        let mut at = vec![0; self.len()];
        for (axis, &len) in self.0.iter().enumerate().rev() {
            at[axis] = index % len.max(1);
            index /= len.max(1);
        }
        at
    }

    /// The index in C order of the element at some coordinates.
    pub fn ravel(&self, at: &[usize]) -> usize {
        self.0.iter().zip(at).fold(0, |index, (&len, &at)| index * len + at)
    }

    /// The length of the `distance`-th axis from the end (1 is the last), or 1 where there is none.
    fn len_from_end(&self, distance: usize) -> usize {
        if distance > self.len() { 1 } else { self.0[self.len() - distance] }
    }
}

impl Deref for Shape {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl fmt::Display for Shape {
    /// As Python prints a tuple: `()`, `(3,)`, `(3, 4)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [only] => write!(f, "({only},)"),
            lengths => {
                f.write_str("(")?;
                for (axis, len) in lengths.iter().enumerate() {
                    write!(f, "{}{len}", if axis == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(lengths: &[usize]) -> Shape {
        Shape::new(lengths).unwrap()
    }

    #[test]
    fn broadcasting_follows_numpy() {
        assert_eq!(shape(&[3, 1]).broadcast(&shape(&[4])), Ok(shape(&[3, 4])));
        assert_eq!(shape(&[]).broadcast(&shape(&[2, 0])), Ok(shape(&[2, 0])));
        assert_eq!(
            shape(&[3]).broadcast(&shape(&[4])),
            Err(ShapeError::Broadcast { left: shape(&[3]), right: shape(&[4]) })
        );
    }

    #[test]
    fn sizes_that_overflow_are_refused_even_beside_a_zero() {
        for lengths in [vec![1 << 32, 1 << 32], vec![usize::MAX, 2], vec![0, usize::MAX]] {
            assert_eq!(Shape::new(lengths.clone()), Err(ShapeError::Overflow { shape: lengths }));
        }
    }

    #[test]
    fn shapes_print_as_tuples() {
        assert_eq!(shape(&[]).to_string(), "()");
        assert_eq!(shape(&[3]).to_string(), "(3,)");
        assert_eq!(shape(&[3, 4]).to_string(), "(3, 4)");
    }
}
