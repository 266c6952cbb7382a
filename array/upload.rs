//! Uploading local arrays.

use crate::expression::Expression;
use crate::session::SessionInner;
use crate::{DistArray, Error, Session};
use ndarray::{ArrayRef, ArrayViewMutD, Dimension, IxDyn, Slice};
use nums_actors::{Block, Buffer, Element};
use nums_lshs::array_op::ArraySpec;
use nums_lshs::{Place, Shape};
use std::sync::Arc;

impl Session {
    /// A distributed copy of a local array. Its blocks go to the nodes of their places. In an embedded cluster, the elements
    /// are copied once; over the network, each block is also sent once. The function does not wait for the transfer.
    ///
    /// # Errors
    /// When the size of the shape overflows, when there is no memory for the copy, or when the session has ended.
    ///
    /// ```
    /// use ndarray::array;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let local = array![[1, 2, 3], [4, 5, 6]];
    /// let x = session.from_ndarray(&local.t())?;
    /// assert_eq!((x.shape(), x.dtype()), (vec![3, 2], nums::DType::Int32));
    /// assert_eq!(x.fetch::<i32>().wait()?, local.t().into_dyn());
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_ndarray<T: Element, D: Dimension>(
        &self,
        array: &ArrayRef<T, D>,
    ) -> Result<DistArray, Error> {
        let shape = Shape::new(array.shape())?;
        let spec = ArraySpec::automatic(&shape, T::DTYPE, &self.inner.rule);
        let view = array.view().into_dyn();
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
