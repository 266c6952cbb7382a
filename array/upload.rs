//! Uploading local arrays.

use crate::expression::Expression;
use crate::session::SessionInner;
use crate::{DistArray, Error, Session, ToArray};
use ndarray::{ArrayBase, ArrayViewMutD, Data, IxDyn, Slice};
use nums_actors::{Block, Buffer, Element};
use nums_lshs::array_op::ArraySpec;
use nums_lshs::{Place, Shape};
use std::sync::Arc;

impl Session {
    /// An array of local elements: of a `Vec`, a slice, nested arrays of numbers, an array of ndarray, or, with feature
    /// `faer`, a matrix of faer. The elements are copied to the nodes once.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] if this process has no memory for the copy, and [`ClusterError::SessionEnded`].
    ///
    /// [`ClusterError::SessionEnded`]: crate::ClusterError::SessionEnded
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.array(vec![1.0, 2.0])?.shape(), [2]);
    /// assert_eq!(session.array([[1, 2, 3], [4, 5, 6]])?.shape(), [2, 3]);
    /// assert_eq!(session.array(nums::ndarray::Array3::<f32>::zeros((2, 3, 4)))?.shape(), [2, 3, 4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn array<A: ToArray>(&self, elements: A) -> Result<DistArray, Error> {
        self.upload(&elements.to_array())
    }

    /// An array of the elements of a slice.
    ///
    /// # Errors
    /// Those of [`array`](Self::array).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.from_slice(&[1.0, 2.0])?.to_vec::<f64>().wait()?, [1.0, 2.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_slice<T: Element>(&self, elements: &[T]) -> Result<DistArray, Error> {
        self.upload(&ndarray::ArrayView1::from(elements).into_dyn())
    }

    /// An array of the elements that an iterator gives.
    ///
    /// # Errors
    /// Those of [`array`](Self::array).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let squares = session.from_iter((0..4).map(|i| i * i))?;
    /// assert_eq!(squares.to_vec::<i32>().wait()?, [0, 1, 4, 9]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_iter<T: Element>(
        &self,
        elements: impl IntoIterator<Item = T>,
    ) -> Result<DistArray, Error> {
        self.from_slice(&elements.into_iter().collect::<Vec<T>>())
    }

    /// Like [`array`](Self::array), under the name that users of ndarray look for.
    ///
    /// # Errors
    /// Those of [`array`](Self::array).
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let local = nums::ndarray::arr2(&[[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(session.from_ndarray(&local)?.fetch::<f64>().wait()?, local.into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_ndarray<A: ToArray>(&self, array: A) -> Result<DistArray, Error> {
        self.array(array)
    }

    fn upload<T: Element, S: Data<Elem = T>>(
        &self,
        array: &ArrayBase<S, IxDyn>,
    ) -> Result<DistArray, Error> {
        let shape = Shape::new(array.shape())?;
        let spec = ArraySpec::automatic(&shape, T::DTYPE, &self.inner.rule);
        let view = array.view();
        let blocks = (0..spec.grid.blocks()).map(|index| {
            let region = spec.grid.region(index);
            let part = view.slice_each_axis(|axis| {
                let axis = axis.axis.index();
                Slice::from(region.start[axis]..region.start[axis] + region.len[axis])
            });
            let mut block = Block::new(spec.block(index), &mut Buffer::zeroed)?;
            let elements = block.elements_mut::<T>();
            let target = ArrayViewMutD::from_shape(IxDyn(&region.len), elements);
            target.map_err(|error| Error::Internal { reason: error.to_string() })?.assign(&part);
            Ok((spec.place(index), Arc::new(block)))
        });
        let blocks = blocks.collect::<Result<Vec<_>, Error>>()?;
        DistArray::from_blocks(&self.inner, spec, blocks)
    }
}

impl DistArray {
    /// Gives blocks to the nodes of their places, in C order of the grid; they are the array from now on.
    pub(crate) fn from_blocks(
        session: &Arc<SessionInner>,
        spec: ArraySpec,
        blocks: Vec<(Place, Arc<Block>)>,
    ) -> Result<DistArray, Error> {
        let expression = Expression::on_cluster(session, spec);
        session.client().put(expression.id, blocks)?;
        Ok(DistArray::of(expression))
    }
}
