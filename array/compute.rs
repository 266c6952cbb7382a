//! Computing arrays on the cluster, and reading their elements.

use crate::local::of_dtype;
use crate::request::Request;
use crate::session::SessionInner;
use crate::{AnyArray, DistArray, Error, Pending, Session};
use ndarray::{Array, ArrayD, Dimension, IxDyn, Slice};
use nums_actors::{Block, ClusterError, Element, zeros};
use nums_lshs::Grid;
use std::sync::Arc;

impl DistArray {
    /// Submits the array and returns at once. Its blocks stay on the cluster. For a view (a transpose, a slice, a
    /// broadcast array), which has no blocks, this computes its base array.
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
        eval(self.session_inner(), std::slice::from_ref(self))
    }

    /// Submits the array and reads its elements into a local array. The client receives only the bytes of the result.
    ///
    /// The `Pending` gives [`Error::DType`] if `T` is not the element type, and errors of the computation.
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
        let session = self.session_inner().clone();
        let mut request = match self.dtype() {
            have if have == T::DTYPE => Request::new(&session, vec![own.expression.clone()]),
            have => Request::refused(&session, Error::DType { have, want: T::DTYPE }),
        };
        Pending::begin(&session.clone(), async move {
            request.submitted().await?;
            let blocks = session.client().fetch(own.expression.id).await;
            request.finish();
            let blocks = blocks.map_err(|error| own.failed(error))?;
            assemble(own.grid(), &blocks)
        })
    }

    /// Like [`fetch`](Self::fetch), as an array of ndarray with a fixed number of axes.
    ///
    /// The `Pending` also gives [`Error::Dimensions`] for an array with another number of axes.
    ///
    /// ```
    /// use nums::ndarray::{Array2, Ix2, arr2};
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x: Array2<i64> = session.arange(0, 4, 1)?.reshape((2, 2))?.fetch_as::<i64, Ix2>().wait()?;
    /// assert_eq!(x, arr2(&[[0, 1], [2, 3]]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch_as<T: Element, D: Dimension + 'static>(&self) -> Pending<Array<T, D>> {
        let (ndim, fetched) = (self.ndim(), self.fetch::<T>().cancel_on_drop());
        Pending::begin(self.session_inner(), async move {
            let array = fetched.await?;
            array
                .into_dimensionality()
                .map_err(|_| Error::Dimensions { have: ndim, want: D::NDIM.unwrap_or_default() })
        })
    }

    /// Like [`fetch`](Self::fetch), for an array of any dtype.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.arange(0, 4, 1)?.fetch_any().wait()?.to_string(), "[0, 1, 2, 3]");
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch_any(&self) -> Pending<AnyArray> {
        of_dtype!(self.dtype(), T => {
            let fetched = self.fetch::<T>().cancel_on_drop();
            Pending::begin(self.session_inner(), async move { Ok(AnyArray::from(fetched.await?)) })
        })
    }

    /// Submits the array and reads its elements in C order into a `Vec`.
    ///
    /// The `Pending` gives [`Error::DType`] if `T` is not the element type, and errors of the computation.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.ones((2, 2))?.to_vec::<f64>().wait()?, [1.0; 4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_vec<T: Element>(&self) -> Pending<Vec<T>> {
        let fetched = self.fetch::<T>().cancel_on_drop();
        // The elements of a new array are in C order.
        Pending::begin(self.session_inner(), async move {
            Ok(fetched.await?.into_raw_vec_and_offset().0)
        })
    }

    /// Submits the array and reads its only element.
    ///
    /// The `Pending` gives [`Error::Item`] if the array does not have one element, [`Error::DType`] if `T` is not the
    /// element type, and errors of the computation.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let total: f64 = session.ones((2, 2))?.sum().item().wait()?;
    /// assert_eq!(total, 4.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn item<T: Element>(&self) -> Pending<T> {
        let shape = self.spec().shape();
        let fetched = (self.size() == 1).then(|| self.fetch::<T>().cancel_on_drop());
        Pending::begin(self.session_inner(), async move {
            let misfit = Error::Item { shape };
            let Some(fetched) = fetched else { return Err(misfit) };
            fetched.await?.first().copied().ok_or(misfit)
        })
    }
}

impl DistArray {
    /// Marks the array as kept: the first plan that computes it leaves its blocks on the cluster. This runs nothing. The
    /// result of a view is an array with its own blocks.
    ///
    /// Expensive results are kept anyway, and so are results that a second plan needs. Use `persist` to avoid computing an
    /// element-wise result a second time, or to keep an array of a formula.
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

    /// The error of this array for an error of the cluster.
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

    /// The array, or a copy with its own blocks if the array is a view.
    pub(crate) fn stored(&self) -> DistArray {
        DistArray::of(self.expression.stored())
    }
}

impl Session {
    /// Submits several arrays as one graph and returns at once. Shared subexpressions are computed once.
    ///
    /// The `Pending` gives [`Error::OtherSession`] for an array of another session, and errors of the computation.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 1e5, 1.0)?.sqrt();
    /// let (total, squares) = (x.sum(), (&x * &x).sum());
    /// drop(x);
    /// session.eval([&total, &squares]).wait()?;
    /// assert_eq!(session.plans().wait()?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn eval(&self, arrays: impl IntoIterator<Item: AsRef<DistArray>>) -> Pending<()> {
        let arrays: Vec<_> = arrays.into_iter().map(|array| array.as_ref().clone()).collect();
        eval(&self.inner, &arrays)
    }
}

fn eval(session: &Arc<SessionInner>, arrays: &[DistArray]) -> Pending<()> {
    let own_session = arrays.iter().all(|array| Arc::ptr_eq(array.session_inner(), session));
    arrays.iter().for_each(|array| array.expression.asked());
    let bases: Vec<_> = arrays.iter().map(|array| array.expression.base()).collect();
    let mut request = match own_session {
        true => Request::new(session, bases.clone()),
        false => Request::refused(session, Error::OtherSession { op: "eval" }),
    };
    // The handle marks the result as wanted.
    let own: Vec<_> = bases.into_iter().map(DistArray::of).collect();
    let session = session.clone();
    Pending::begin(&session.clone(), async move {
        request.submitted().await?;
        let client = session.client();
        let done = client.wait(own.iter().map(|array| array.expression.id).collect()).await;
        request.finish();
        let Err(error) = done else { return Ok(()) };
        // The error names the array whose computation failed.
        for array in &own {
            client.wait(vec![array.expression.id]).await.map_err(|error| array.failed(error))?;
        }
        Err(error.into())
    })
}

/// Assembles the blocks of a grid.
fn assemble<T: Element>(grid: &Grid, blocks: &[Arc<Block>]) -> Result<ArrayD<T>, Error> {
    let misfit = |reason: String| Error::Internal { reason };
    if blocks.len() != grid.blocks() {
        return Err(misfit(format!("expected {} blocks, got {}", grid.blocks(), blocks.len())));
    }
    let shape = grid.shape();
    let whole = ArrayD::from_shape_vec(IxDyn(&shape), zeros(shape.elements())?);
    let mut whole = whole.map_err(|error| misfit(error.to_string()))?;
    for (index, block) in blocks.iter().enumerate() {
        let region = grid.region(index);
        if block.spec().dtype != T::DTYPE {
            let found = block.spec().dtype;
            return Err(misfit(format!("expected a block of {}, got {found}", T::DTYPE)));
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
