//! Work that is submitted: arrays are computed on the cluster, and read when they are wanted.

use crate::expression::Expression;
use crate::lower::lower;
use crate::session::SessionInner;
use crate::{DistArray, Error, Pending, Session};
use ndarray::{ArrayD, IxDyn, Slice};
use nums_actors::{Block, Element};
use nums_lshs::Grid;
use std::sync::Arc;

impl DistArray {
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
        let submitted = match self.dtype() {
            have if have == T::DTYPE => submit(self.session(), std::slice::from_ref(self)),
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
    let submitted = submit(session, arrays);
    let (session, own) = (session.clone(), arrays.to_vec());
    let runtime = session.runtime().clone();
    Pending::new(&runtime, async move {
        submitted?;
        session.client().wait(own.iter().map(|array| array.expression.id).collect()).await?;
        Ok(())
    })
}

/// Lowers and submits what is not on the cluster yet, as one graph.
fn submit(session: &Arc<SessionInner>, arrays: &[DistArray]) -> Result<(), Error> {
    if arrays.iter().any(|array| !Arc::ptr_eq(array.session(), session)) {
        return Err(Error::OtherSession { op: "eval" });
    }
    let mut temporary = session.submission();
    let lazy = |array: &&DistArray| array.expression.operation().is_some();
    let roots: Vec<Arc<Expression>> =
        arrays.iter().filter(lazy).map(|array| array.expression.clone()).collect();
    if roots.is_empty() {
        return Ok(());
    }
    let lowered = lower(&roots, &mut temporary)?;
    session.client().submit(lowered.graph)?;
    lowered.kept.iter().for_each(|expression| expression.submitted());
    Ok(())
}

/// Puts the blocks of a grid together.
fn assemble<T: Element>(grid: &Grid, blocks: &[Arc<Block>]) -> Result<ArrayD<T>, Error> {
    let misfit = |story: String| Error::Internal { story };
    if blocks.len() != grid.blocks() {
        return Err(misfit(format!("{} blocks came for {}", blocks.len(), grid.blocks())));
    }
    let shape = grid.shape();
    let mut whole = ArrayD::from_elem(IxDyn(&shape), T::default());
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
