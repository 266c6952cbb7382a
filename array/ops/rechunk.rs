//! Changing the grid or the layout of an array.

use crate::{DistArray, Error, IntoShape};
use nums_lshs::array_op::{ArraySpec, Rechunk};
use nums_lshs::{Grid, Layout};

impl DistArray {
    /// The array with blocks of the given length on each axis; the last block of an axis can be shorter. Only parts of
    /// blocks that a node does not have move.
    ///
    /// # Errors
    /// [`Error::BlockShape`] if there is not one positive length for each axis.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.zeros(&[10, 4])?.rechunk(&[3, 4])?;
    /// assert_eq!(x.grid().counts(), [4, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rechunk(&self, block_shape: impl IntoShape) -> Result<DistArray, Error> {
        let block_shape = block_shape.into_shape();
        let shape = self.spec().shape();
        if block_shape.len() != shape.len() || block_shape.contains(&0) {
            return Err(Error::BlockShape { block: block_shape, shape });
        }
        Ok(self.with_grid(Grid::uniform(&shape, &block_shape)))
    }

    /// The array with another grid and another layout. A node sends only the intersections of blocks that another node
    /// needs and does not have.
    ///
    /// # Errors
    /// [`Error::Layout`] if the grid or the layout does not match the array's shape and the session's places.
    ///
    /// ```
    /// use nums::{Grid, Layout, PlaceMap};
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.zeros(&[8, 8])?;
    /// let grid = Grid::uniform(&nums::Shape::new([8, 8])?, &[2, 8]);
    /// let y = x.redistribute(&grid, &Layout::new(session.places(), &[2, 1], PlaceMap::Cyclic))?;
    /// y.eval().wait()?;
    /// assert_eq!(y.layout().wait()?.lines().nth(1), Some("│ 0 │"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn redistribute(&self, grid: &Grid, layout: &Layout) -> Result<DistArray, Error> {
        let (shape, places) = (self.spec().shape(), self.session_inner().rule.places);
        let axes = layout.place_counts().len();
        if grid.shape() != shape || axes != shape.len() || layout.places() != places {
            let (grid_shape, layout_places) = (grid.shape(), layout.places());
            return Err(Error::Layout { shape, grid_shape, axes, layout_places, places });
        }
        let spec = ArraySpec { dtype: self.dtype(), grid: grid.clone(), layout: layout.clone() };
        DistArray::new(self.session_inner(), Rechunk { spec, pinned: true }, &[self])
    }

    /// The array with a grid of its shape, and the automatic layout for it.
    pub(crate) fn with_grid(&self, grid: Grid) -> DistArray {
        let spec = self.spec().recut(&grid);
        if spec == *self.spec() {
            return self.clone();
        }
        DistArray::fitting(Rechunk { spec, pinned: false }, &[self])
    }
}
