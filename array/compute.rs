//! Work that is submitted: arrays are computed on the cluster, and read when they are wanted.

use crate::session::SessionInner;
use crate::{DistArray, Error, Pending, Session};
use ndarray::{ArrayD, IxDyn, Slice};
use nums_actors::{Block, ClusterError, Element, zeros};
use nums_lshs::Grid;
use std::sync::Arc;

impl DistArray {
    /// Submits the array for computation and returns at once; its blocks stay on the cluster. A view (a transpose, a
    /// slice, a stretched array) has no blocks of its own: what it shows is computed.
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
        eval(self.session(), std::slice::from_ref(self))
    }

    /// Submits the array for computation and reads it: the result is a local array of its shape. The client receives
    /// the bytes of the result and no more.
    ///
    /// The `Pending` gives [`Error::DType`] when `T` is not the element type, and what went wrong on the cluster.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0, 3, 1)?.fetch::<i64>().wait()?;
    /// assert_eq!(x, ndarray::arr1(&[0, 1, 2]).into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch<T: Element>(&self) -> Pending<ArrayD<T>> {
        let own = self.stored();
        self.expression.asked();
        let submitted = match self.dtype() {
            have if have == T::DTYPE => own.session().submit(std::slice::from_ref(&own.expression)),
            have => Err(Error::DType { have, want: T::DTYPE }),
        };
        let session = self.session().clone();
        let runtime = session.runtime().clone();
        Pending::new(&runtime, async move {
            submitted?;
            let blocks = session.client().fetch(own.expression.id).await;
            let blocks = blocks.map_err(|error| own.failed(error))?;
            assemble(own.grid(), &blocks)
        })
    }
}

impl DistArray {
    /// The array as one that is kept: the first plan that computes it on the way to another one leaves its blocks on the
    /// cluster. Nothing runs. A view becomes an array with blocks of its own.
    ///
    /// What is dear is kept without that, and so is what a second plan needs; this spares the second computation of an
    /// element-wise result, and keeps a formula.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.random(7).normal(0.0, 1.0, &[1 << 20])?.persist();
    /// x.sum().eval().wait()?;
    /// let stored = session.status().wait()?.iter().map(|node| node.stored_bytes).sum::<u64>();
    /// assert_eq!(stored, x.nbytes());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "the array that is kept is the result"]
    pub fn persist(&self) -> DistArray {
        let kept = self.stored();
        kept.expression.persist();
        kept
    }

    /// What who waits for this array is told of an error of the cluster.
    fn failed(&self, error: ClusterError) -> Error {
        self.expression.failed();
        match error {
            ClusterError::Task { node, failure } => Error::Task {
                shape: self.spec().shape(),
                dtype: self.dtype(),
                node,
                failure: Box::new(failure),
            },
            other => Error::Cluster(other),
        }
    }

    /// The array, or the elements of a view as an array with blocks of its own.
    pub(crate) fn stored(&self) -> DistArray {
        DistArray::of(self.expression.stored())
    }
}

impl Session {
    /// Submits several arrays as one graph and returns at once: what they share is computed once, also where no array
    /// holds it.
    ///
    /// The `Pending` gives [`Error::OtherSession`] for an array of another session, and what went wrong on the cluster.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 1e5, 1.0)?.sqrt();
    /// let (total, squares) = (x.sum(), (&x * &x).sum());
    /// drop(x);
    /// session.eval(&[&total, &squares]).wait()?;
    /// assert_eq!(session.plans().wait()?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn eval(&self, arrays: &[&DistArray]) -> Pending<()> {
        let arrays: Vec<_> = arrays.iter().copied().cloned().collect();
        eval(&self.inner, &arrays)
    }
}

fn eval(session: &Arc<SessionInner>, arrays: &[DistArray]) -> Pending<()> {
    let own_session = arrays.iter().all(|array| Arc::ptr_eq(array.session(), session));
    arrays.iter().for_each(|array| array.expression.asked());
    let bases: Vec<_> = arrays.iter().map(|array| array.expression.base()).collect();
    let submitted = match own_session {
        true => session.submit(&bases),
        false => Err(Error::OtherSession { op: "eval" }),
    };
    // Held by a handle, so that nobody takes them for what nobody wants.
    let own: Vec<_> = bases.into_iter().map(DistArray::of).collect();
    let session = session.clone();
    let runtime = session.runtime().clone();
    Pending::new(&runtime, async move {
        submitted?;
        let client = session.client();
        let Err(error) = client.wait(own.iter().map(|array| array.expression.id).collect()).await
        else {
            return Ok(());
        };
        // What went wrong is told with the array that it went wrong with.
        for array in &own {
            client.wait(vec![array.expression.id]).await.map_err(|error| array.failed(error))?;
        }
        Err(error.into())
    })
}

/// Puts the blocks of a grid together.
fn assemble<T: Element>(grid: &Grid, blocks: &[Arc<Block>]) -> Result<ArrayD<T>, Error> {
    let misfit = |story: String| Error::Internal { story };
    if blocks.len() != grid.blocks() {
        return Err(misfit(format!("{} blocks came for {}", blocks.len(), grid.blocks())));
    }
    let shape = grid.shape();
    let whole = ArrayD::from_shape_vec(IxDyn(&shape), zeros(shape.elements())?);
    let mut whole = whole.map_err(|error| misfit(error.to_string()))?;
    for (index, block) in blocks.iter().enumerate() {
        let region = grid.region(index);
        if block.spec().dtype != T::DTYPE {
            return Err(misfit(format!("a block of {} came for {}", block.spec().dtype, T::DTYPE)));
        }
        let elements = block.elements::<T>();
        // Blocks of whole rows, the most common ones, are one copy each.
        if region.len[..] == block.spec().shape[..]
            && let Some(start) = region.contiguous_in(&shape)
            && let Some(whole) = whole.as_slice_mut()
        {
            whole[start..start + elements.len()].copy_from_slice(elements);
            continue;
        }
        let part = ndarray::ArrayViewD::from_shape(IxDyn(&region.len), elements);
        let part = part.map_err(|error| misfit(error.to_string()))?;
        let mut target = whole.slice_each_axis_mut(|axis| {
            let start = region.start[axis.axis.index()];
            Slice::from(start..start + region.len[axis.axis.index()])
        });
        target.assign(&part);
    }
    Ok(whole)
}
