//! The distributed array: a counted reference to an expression.

use crate::expression::{Expression, Operation};
use crate::lower::lower;
use crate::session::SessionInner;
use crate::{Error, Pending};
use ndarray::{ArrayD, IxDyn, Slice};
use nums_actors::{Block, Element};
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

    /// How the array is cut into blocks.
    pub fn grid(&self) -> &Grid {
        &self.spec().grid
    }

    /// Submits the array for computation and returns at once; its blocks stay on the cluster.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 1e6, 1.0)?.exp();
    /// x.eval().wait()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn eval(&self) -> Pending<()> {
        let submitted = self.submit();
        let (session, id) = (self.session().clone(), self.expression.id);
        let runtime = session.runtime().clone();
        let own = self.clone();
        Pending::new(&runtime, async move {
            submitted?;
            session.client().wait(vec![id]).await?;
            drop(own);
            Ok(())
        })
    }

    /// Submits the array for computation and reads it: the result is a local array of its shape. The client receives
    /// the bytes of the result and no more.
    ///
    /// The `Pending` gives [`Error::DType`] when `T` is not the element type, and what went wrong on the cluster.
    pub fn fetch<T: Element + Default>(&self) -> Pending<ArrayD<T>> {
        let submitted = match self.dtype() {
            have if have == T::DTYPE => self.submit(),
            have => Err(Error::DType { have, want: T::DTYPE }),
        };
        let session = self.session().clone();
        let runtime = session.runtime().clone();
        let own = self.clone();
        Pending::new(&runtime, async move {
            submitted?;
            let blocks = session.client().fetch(own.expression.id).await?;
            assemble(own.grid(), &blocks)
        })
    }

    /// The plan that [`eval`](Self::eval) would run, as text: for each task its node, its inputs and what they move,
    /// then the loads of each node.
    ///
    /// # Errors
    /// When no plan can be made, and [`Error::WaitInRuntime`] on a thread of an async runtime.
    pub fn explain(&self) -> Result<String, Error> {
        let session = self.session().clone();
        let graph = {
            let temporary = *session.submission();
            lower(std::slice::from_ref(&self.expression), &mut temporary.clone())?.graph
        };
        let runtime = session.runtime().clone();
        Pending::new(&runtime, async move { Ok(session.client().explain(graph).await?) }).wait()
    }

    /// Lowers and submits what is not on the cluster yet.
    fn submit(&self) -> Result<(), Error> {
        let session = self.session();
        let mut temporary = session.submission();
        if self.expression.operation().is_none() {
            return Ok(());
        }
        let lowered = lower(std::slice::from_ref(&self.expression), &mut temporary)?;
        session.client().submit(lowered.graph)?;
        lowered.kept.iter().for_each(|expression| expression.submitted());
        Ok(())
    }
}

/// Puts the blocks of a grid together.
fn assemble<T: Element + Default>(grid: &Grid, blocks: &[Arc<Block>]) -> Result<ArrayD<T>, Error> {
    let misfit = |story: String| Error::Internal { story };
    if blocks.len() != grid.blocks() {
        return Err(misfit(format!("{} blocks came for {}", blocks.len(), grid.blocks())));
    }
    let mut whole = ArrayD::from_elem(IxDyn(&grid.shape()), T::default());
    for (index, block) in blocks.iter().enumerate() {
        let region = grid.region(index);
        let part = ndarray::ArrayViewD::from_shape(IxDyn(&region.len), block.elements::<T>());
        let part = part.map_err(|error| misfit(error.to_string()))?;
        let mut target = whole.slice_each_axis_mut(|axis| {
            let start = region.start[axis.axis.index()];
            Slice::from(start..start + region.len[axis.axis.index()])
        });
        target.assign(&part);
    }
    Ok(whole)
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
