//! The distributed array: a counted reference to an expression.

use crate::Error;
use crate::expression::{Expression, Operation};
use crate::session::SessionInner;
use nums_lshs::build::ArraySpec;
use nums_lshs::{DType, Grid};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// A lazy, immutable array whose blocks live on the nodes of a cluster; cheap to clone.
///
/// Operations build an expression and check shapes at once; nothing runs until [`eval`](DistArray::eval) or
/// [`fetch`](DistArray::fetch). `Debug` shows what the array is, never its elements.
pub struct DistArray {
    pub(crate) expression: Arc<Expression>,
}

impl DistArray {
    pub(crate) fn new(
        session: &Arc<SessionInner>,
        spec: ArraySpec,
        operation: Operation,
    ) -> DistArray {
        DistArray::of(Expression::new(session, spec, operation))
    }

    pub(crate) fn of(expression: Arc<Expression>) -> DistArray {
        expression.handles.fetch_add(1, Relaxed);
        DistArray { expression }
    }

    pub(crate) fn spec(&self) -> &ArraySpec {
        &self.expression.spec
    }

    pub(crate) fn session(&self) -> &Arc<SessionInner> {
        &self.expression.session
    }

    /// Whether another array can meet this one in an operation.
    pub(crate) fn check_session(&self, op: &'static str, other: &DistArray) -> Result<(), Error> {
        let same = Arc::ptr_eq(self.session(), other.session());
        if same { Ok(()) } else { Err(Error::OtherSession { op }) }
    }

    /// The length of each axis.
    pub fn shape(&self) -> Vec<usize> {
        self.spec().shape().to_vec()
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.spec().shape().len()
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.spec().shape().elements()
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        self.spec().dtype
    }

    /// The bytes of all elements.
    pub fn nbytes(&self) -> u64 {
        self.spec().bytes()
    }

    /// How the array is cut into blocks.
    pub fn grid(&self) -> &Grid {
        &self.spec().grid
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

impl fmt::Debug for DistArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DistArray")
            .field("shape", &self.shape())
            .field("dtype", &self.dtype())
            .field("blocks", &self.grid().counts())
            .finish()
    }
}
