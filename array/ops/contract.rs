//! Contractions of arrays of any rank: `einsum`, `tensordot`, `outer`.

use super::elementwise_dtype;
use crate::{DistArray, Error};
use nums_lshs::Einsum;
use nums_lshs::array_op::{ArraySpec, Contract};

/// The sum of products in Einstein notation, as NumPy's `einsum`. The subscripts include the output: `"ij,jk->ik"` is a
/// matrix product. More than two operands are contracted pairwise from the left, so the product of all operands is never
/// stored.
///
/// # Errors
/// [`Error::Shape`] for invalid subscripts, [`Error::Contraction`] with the shapes if they do not match the subscripts, and
/// [`Error::OtherSession`].
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(0.0, 6.0, 1.0)?.reshape(&[2, 3])?;
/// let squares = nums::einsum("ij,ij->i", &[&x, &x])?;
/// assert_eq!(squares.fetch::<f64>().wait()?.as_slice(), Some(&[5.0, 50.0][..]));
/// # Ok(())
/// # }
/// ```
pub fn einsum(
    subscripts: &str,
    arrays: impl IntoIterator<Item: AsRef<DistArray>>,
) -> Result<DistArray, Error> {
    let arrays: Vec<DistArray> = arrays.into_iter().map(|array| array.as_ref().clone()).collect();
    let arrays = &arrays.iter().collect::<Vec<_>>()[..];
    let subscripts: String = subscripts.chars().filter(|letter| *letter != ' ').collect();
    let whole = Einsum::parse(&subscripts)?;
    let misfit = || Error::Contraction {
        subscripts: subscripts.clone(),
        shapes: arrays.iter().map(|array| array.spec().shape()).collect(),
    };
    if arrays.is_empty() || arrays.len() != whole.operands().len() {
        return Err(misfit());
    }
    let labels: Vec<String> = whole.operands().iter().map(|own| text(own)).collect();
    let mut left = (labels[0].clone(), arrays[0].clone());
    for next in 1..arrays.len().saturating_sub(1) {
        let later = |label: &char| {
            text(whole.output()).contains(*label)
                || labels[next + 1..].iter().any(|own| own.contains(*label))
        };
        let mut kept = String::new();
        for label in left.0.chars().chain(labels[next].chars()).filter(later) {
            if !kept.contains(label) {
                kept.push(label);
            }
        }
        let step = Einsum::parse(&format!("{},{}->{kept}", left.0, labels[next]))?;
        left = (kept, contract(&step, &[&left.1, arrays[next]]).ok_or_else(misfit)??);
    }
    let output = text(whole.output());
    let last = match arrays {
        [_] => (format!("{}->{output}", left.0), vec![&left.1]),
        [.., last] => {
            (format!("{},{}->{output}", left.0, labels[labels.len() - 1]), vec![&left.1, *last])
        }
        [] => return Err(misfit()),
    };
    contract(&Einsum::parse(&last.0)?, &last.1).ok_or_else(misfit)?
}

fn text(labels: &[u8]) -> String {
    labels.iter().copied().map(char::from).collect()
}

/// One contraction, or `None` when the shapes do not fit it.
fn contract(einsum: &Einsum, arrays: &[&DistArray]) -> Option<Result<DistArray, Error>> {
    let specs: Vec<_> = arrays.iter().map(|array| array.spec()).collect();
    ArraySpec::contracted(einsum, &specs)?;
    Some(contracted(einsum, arrays))
}

fn contracted(einsum: &Einsum, arrays: &[&DistArray]) -> Result<DistArray, Error> {
    arrays[1..].iter().try_for_each(|array| arrays[0].check_session("einsum", array))?;
    let dtype = elementwise_dtype(arrays);
    let operands = arrays.iter().map(|array| array.astype(dtype)).collect::<Result<Vec<_>, _>>()?;
    let contract = Contract { einsum: einsum.clone() };
    DistArray::new(arrays[0].session_inner(), contract, &operands.iter().collect::<Vec<_>>())
}

impl DistArray {
    /// The sum over the last `axes` axes of this array and the first `axes` of the other, as NumPy's `tensordot`.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] with both shapes, and [`Error::Shape`] if an array has too few axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let (x, y) = (session.ones(&[2, 3, 4])?, session.ones(&[3, 4, 5])?);
    /// let z = x.tensordot(&y, 2)?;
    /// assert_eq!((z.shape(), z.sum().fetch::<f64>().wait()?[[]]), (vec![2, 5], 120.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn tensordot(&self, right: &DistArray, axes: usize) -> Result<DistArray, Error> {
        let einsum = Einsum::tensordot(self.ndim(), right.ndim(), axes)?;
        let misfit = || Error::ShapeMismatch {
            op: "tensordot",
            left: self.spec().shape(),
            right: right.spec().shape(),
        };
        contract(&einsum, &[self, right]).ok_or_else(misfit)?
    }

    /// The products of every element of this array with every element of the other, both read in C order.
    ///
    /// # Errors
    /// When the size of the shape overflows, or the arrays belong to different sessions.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 3.0, 1.0)?;
    /// assert_eq!(x.outer(&x)?.fetch::<f64>().wait()?[[2, 1]], 2.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn outer(&self, right: &DistArray) -> Result<DistArray, Error> {
        // A product of one row and one column has no sum, so an element-wise product is the same.
        self.ravel().expand_dims(1)?.try_mul(right.ravel().expand_dims(0)?)
    }
}
