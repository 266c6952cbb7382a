//! Splitting rows into a training set and a test set.

use crate::{DistArray, Error};
use nums_lshs::Permutation;

/// X and y, split into a training set and a test set.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let (x, y) = (session.ones(&[8, 2])?, session.arange(0.0, 8.0, 1.0)?);
/// let split = nums::preprocessing::train_test_split(&x, &y, 0.5, 7)?;
/// assert_eq!((split.x_train.shape(), split.y_train.shape()), (vec![4, 2], vec![4]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Split {
    /// The rows of X in the training set.
    pub x_train: DistArray,
    /// The rows of X in the test set.
    pub x_test: DistArray,
    /// The labels of `x_train`.
    pub y_train: DistArray,
    /// The labels of `x_test`.
    pub y_test: DistArray,
}

/// Shuffles the rows of X (*n* × *c*) and y (*n*) in the same order and splits them. The test set has *n* · `test_share`
/// rows, rounded up as in scikit-learn. The order is a permutation determined by the seed, the same on any number of nodes.
/// Each row moves at most once.
///
/// # Errors
/// [`Error::ShapeMismatch`] if X and y have different numbers of rows, and [`Error::Parameter`] if a set would have no
/// rows.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(0.0, 20.0, 1.0)?.reshape(&[10, 2])?;
/// let y = session.arange(0.0, 10.0, 1.0)?;
/// let split = nums::preprocessing::train_test_split(&x, &y, 0.25, 7)?;
/// assert_eq!((split.x_train.shape(), split.y_test.shape()), (vec![7, 2], vec![3]));
/// let first = split.x_test.sum_axis(1)?.fetch::<f64>().wait()?;
/// let again = (split.y_test * 4.0 + 1.0).fetch::<f64>().wait()?;
/// assert_eq!(first, again);
/// # Ok(())
/// # }
/// ```
pub fn train_test_split(
    x: &DistArray,
    y: &DistArray,
    test_share: f64,
    seed: u64,
) -> Result<Split, Error> {
    x.check_session("train_test_split", y)?;
    let (left, right) = (x.spec().shape(), y.spec().shape());
    if left.is_empty() || right.first() != left.first() {
        return Err(Error::ShapeMismatch { op: "train_test_split", left, right });
    }
    let rows = left[0];
    let test_rows = (rows as f64 * test_share).ceil();
    if !(test_rows >= 1.0 && test_rows < rows as f64) {
        let (name, value) = ("test_share", test_share.to_string());
        let want = "a share that leaves rows in both parts";
        return Err(Error::Parameter { name, value, want });
    }
    let order = Permutation::new(rows, seed, 0);
    let test: Vec<usize> = (0..test_rows as usize).map(|index| order.at(index)).collect();
    let train: Vec<usize> = (test_rows as usize..rows).map(|index| order.at(index)).collect();
    Ok(Split {
        x_train: x.take_resolved(train.clone(), 0)?,
        x_test: x.take_resolved(test.clone(), 0)?,
        y_train: y.take_resolved(train, 0)?,
        y_test: y.take_resolved(test, 0)?,
    })
}
