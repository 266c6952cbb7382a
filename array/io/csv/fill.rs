//! Rows of numbers into the blocks of an array.

use nums_actors::{Block, Buffer, OutOfMemory};
use nums_lshs::Place;
use nums_lshs::array_op::ArraySpec;
use std::sync::{Arc, Mutex, PoisonError};

/// The blocks of a float64 matrix while threads fill them with rows.
pub(super) struct Blocks<'a> {
    spec: &'a ArraySpec,
    row_bounds: Vec<usize>,
    column_bounds: Vec<usize>,
    /// A band of blocks for each block of rows; a thread holds one while it copies.
    bands: Vec<Mutex<Vec<Block>>>,
}

impl<'a> Blocks<'a> {
    /// Blocks of zeros.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub(super) fn new(spec: &'a ArraySpec) -> Result<Blocks<'a>, OutOfMemory> {
        let (row_bounds, column_bounds) = (spec.grid.bounds(0), spec.grid.bounds(1));
        let across = column_bounds.len() - 1;
        let block = |index| Block::new(spec.block(index), &mut Buffer::zeroed);
        let band = |band: usize| {
            let blocks = (band * across..(band + 1) * across).map(block);
            Ok(Mutex::new(blocks.collect::<Result<_, OutOfMemory>>()?))
        };
        let bands = (0..row_bounds.len() - 1).map(band).collect::<Result<_, OutOfMemory>>()?;
        Ok(Blocks { spec, row_bounds, column_bounds, bands })
    }

    /// Copies whole rows in C order to where they belong, from row `first` on.
    pub(super) fn fill(&self, first: usize, values: &[f64]) {
        let width = self.column_bounds[self.column_bounds.len() - 1];
        if width == 0 {
            return;
        }
        let end = first + values.len() / width;
        let mut row = first;
        let mut band = self.row_bounds.partition_point(|&bound| bound <= first) - 1;
        while row < end {
            let (start, stop) = (self.row_bounds[band], self.row_bounds[band + 1].min(end));
            let rows = &values[(row - first) * width..(stop - first) * width];
            let mut blocks = self.bands[band].lock().unwrap_or_else(PoisonError::into_inner);
            for (block, cut) in blocks.iter_mut().zip(self.column_bounds.windows(2)) {
                let own = cut[1] - cut[0];
                let target =
                    &mut block.elements_mut::<f64>()[(row - start) * own..][..(stop - row) * own];
                if own == width {
                    target.copy_from_slice(rows);
                } else {
                    let pairs = target.chunks_exact_mut(own).zip(rows.chunks_exact(width));
                    pairs.for_each(|(target, row)| target.copy_from_slice(&row[cut[0]..cut[1]]));
                }
            }
            (row, band) = (stop, band + 1);
        }
    }

    /// The blocks with their places, in C order of the grid.
    pub(super) fn finish(self) -> Vec<(Place, Arc<Block>)> {
        let bands = self.bands.into_iter();
        let blocks =
            bands.flat_map(|band| band.into_inner().unwrap_or_else(PoisonError::into_inner));
        let placed = blocks.enumerate();
        placed.map(|(index, block)| (self.spec.place(index), Arc::new(block))).collect()
    }
}
