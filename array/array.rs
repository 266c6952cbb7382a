//! The distributed array: a counted reference to an expression.

use crate::expression::{Expression, Lazy};
use crate::session::SessionInner;
use crate::{Axes, Error, Session};
use ndarray::IxDyn;
use nums_lshs::array_op::{ArrayOp, ArraySpec};
use nums_lshs::{DType, Grid};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// A lazy, immutable array whose blocks are stored on the nodes of a cluster. Clones are cheap.
///
/// An operation checks shapes and dtypes when it is called and returns an expression. The
/// [crate documentation](crate#when-things-run) says when expressions run. `Debug` shows shape and dtype, never elements.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let x = session.arange(0.0, 6.0, 1.0)?.reshape(&[2, 3])?;
/// let y = (&x - 1.0).sum_axis(0)?;
/// assert_eq!((y.shape(), y.dtype()), (vec![3], nums::DType::Float64));
/// assert_eq!(y.fetch::<f64>().wait()?, ndarray::arr1(&[1.0, 3.0, 5.0]).into_dyn());
/// # Ok(())
/// # }
/// ```
#[must_use = "an array is immutable: what an operation makes is its result"]
pub struct DistArray {
    pub(crate) expression: Arc<Expression>,
}

impl DistArray {
    /// The result of an operation. An expensive operation is submitted at once.
    ///
    /// # Errors
    /// When the operands do not match the operation.
    pub(crate) fn new(
        session: &Arc<SessionInner>,
        op: impl Into<ArrayOp>,
        operands: &[&DistArray],
    ) -> Result<DistArray, Error> {
        let op = op.into();
        let specs: Vec<_> = operands.iter().map(|operand| operand.spec()).collect();
        let spec = op.spec(&specs)?;
        let operands = operands.iter().map(|operand| operand.expression.clone()).collect();
        let expression = Expression::new(session, spec, Lazy { op: Arc::new(op), operands });
        let array = DistArray::of(expression);
        session.made(&array.expression);
        Ok(array)
    }

    /// Like [`new`](Self::new), for operands that are known to match.
    pub(crate) fn fitting(op: impl Into<ArrayOp>, operands: &[&DistArray]) -> DistArray {
        match DistArray::new(operands[0].session_inner(), op, operands) {
            Ok(array) => array,
            Err(error) => unreachable!("{error}"),
        }
    }

    pub(crate) fn of(expression: Arc<Expression>) -> DistArray {
        expression.handles.fetch_add(1, Relaxed);
        DistArray { expression }
    }

    pub(crate) fn spec(&self) -> &ArraySpec {
        &self.expression.spec
    }

    pub(crate) fn session_inner(&self) -> &Arc<SessionInner> {
        &self.expression.session
    }

    /// An error if another array belongs to another session.
    pub(crate) fn check_session(&self, op: &'static str, other: &DistArray) -> Result<(), Error> {
        let same = Arc::ptr_eq(self.session_inner(), other.session_inner());
        if same { Ok(()) } else { Err(Error::OtherSession { op }) }
    }

    /// The length of each axis.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros(&[3, 2])?.shape(), [3, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn shape(&self) -> Vec<usize> {
        self.spec().shape().to_vec()
    }

    /// The number of axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros(&[3, 2])?.ndim(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ndim(&self) -> usize {
        self.spec().shape().len()
    }

    /// The number of elements.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros(&[3, 2])?.size(), 6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn size(&self) -> usize {
        self.spec().shape().elements()
    }

    /// The number of elements, like [`size`](Self::size), under ndarray's name.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros((3, 2))?.len(), 6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn len(&self) -> usize {
        self.size()
    }

    /// Whether the array has no elements.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert!(session.zeros((3, 0))?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_empty(&self) -> bool {
        self.size() == 0
    }

    /// The shape as a dimension of ndarray.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros((3, 2))?.dim(), nums::ndarray::IxDyn(&[3, 2]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn dim(&self) -> IxDyn {
        IxDyn(&self.shape())
    }

    /// The length of the first axis.
    ///
    /// # Panics
    /// If the array has no axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros((3, 2))?.nrows(), 3);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn nrows(&self) -> usize {
        self.len_of(0)
    }

    /// The length of the second axis.
    ///
    /// # Panics
    /// If the array has fewer than two axes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros((3, 2))?.ncols(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn ncols(&self) -> usize {
        self.len_of(1)
    }

    /// The length of an axis; negative axes count from the end.
    ///
    /// # Panics
    /// If the array has no such axis.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros((3, 2))?.len_of(-1), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn len_of(&self, axis: impl Into<Axes>) -> usize {
        match axis.into().resolve_one(self.ndim()) {
            Ok(axis) => self.spec().shape()[axis],
            Err(error) => panic!("{error}"),
        }
    }

    /// The session of the array.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.zeros(3)?.session().nodes(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn session(&self) -> Session {
        Session { inner: self.session_inner().clone() }
    }

    /// The type of the elements.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.arange(0, 3, 1)?.dtype(), nums::DType::Int64);
    /// # Ok(())
    /// # }
    /// ```
    pub fn dtype(&self) -> DType {
        self.spec().dtype
    }

    /// The bytes of all elements.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// assert_eq!(session.zeros(&[3, 2])?.nbytes(), 48);
    /// # Ok(())
    /// # }
    /// ```
    pub fn nbytes(&self) -> u64 {
        self.spec().bytes()
    }

    /// Whether the computation can fail because of the values of its inputs and its outcome is not known yet. This holds
    /// for factorizations, solutions of linear systems, powers of integers whose exponent is an array, and results
    /// computed from them that are not submitted. To get the error at this line, wait for [`eval`](DistArray::eval).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.ones(&[3, 3])?;
    /// assert!(!x.exp().may_fail());
    /// let inverse = nums::linalg::inv(&x)?;
    /// assert!(inverse.may_fail());
    /// assert!(inverse.eval().wait().is_err());
    /// // The outcome is now known.
    /// assert!(!inverse.may_fail() && !(&inverse + 1.0).may_fail());
    /// # Ok(())
    /// # }
    /// ```
    pub fn may_fail(&self) -> bool {
        self.expression.may_fail()
    }

    /// The grid, which divides the array into blocks.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.zeros(&[10, 4])?.rechunk(&[3, 4])?;
    /// assert_eq!(x.grid().counts(), [4, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn grid(&self) -> &Grid {
        &self.spec().grid
    }
}

impl AsRef<DistArray> for DistArray {
    fn as_ref(&self) -> &DistArray {
        self
    }
}

impl Clone for DistArray {
    fn clone(&self) -> DistArray {
        DistArray::of(self.expression.clone())
    }
}

impl Drop for DistArray {
    fn drop(&mut self) {
        self.expression.handles.fetch_sub(1, Relaxed);
    }
}

/// The largest array that `Display` reads.
const PRINTED_MAX: usize = 1000;

/// The elements of an array of at most 1000, as ndarray prints them. To print computes and reads the array. A larger
/// array, an array that cannot be computed, and an array in async code, where nothing may block, is printed as `Debug`
/// prints it: `fetch` it and print the result.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// assert_eq!(session.arange(0, 3, 1)?.to_string(), "[0, 1, 2]");
/// assert!(session.zeros(2000)?.to_string().starts_with("DistArray { shape: [2000]"));
/// # Ok(())
/// # }
/// ```
impl fmt::Display for DistArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = (self.size() <= PRINTED_MAX).then(|| self.fetch_any().wait());
        match read {
            Some(Ok(elements)) => elements.fmt(f),
            Some(Err(_)) | None => fmt::Debug::fmt(self, f),
        }
    }
}

impl fmt::Debug for DistArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DistArray")
            .field("shape", &self.shape())
            .field("dtype", &self.dtype())
            .field("blocks", &self.grid().counts())
            .finish()
    }
}
