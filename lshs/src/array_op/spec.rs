//! What an array is, and what the result of an operation will be, before anything is built.

use crate::{BlockSpec, DType, Einsum, Grid, GridRule, Layout, Place, PlaceMap, Shape, ShapeError};
use serde::{Deserialize, Serialize};

/// Columns in which a line is sorted that has as many blocks. Each doubling adds merges; with fewer, the columns that are
/// merged at a time are too large a part of the line.
const COLUMNS_MIN: usize = 16;
/// Columns of the longest lines.
const COLUMNS_MAX: usize = 64;
/// From this size on columns are not made longer but more.
const COLUMN_BYTES: u64 = 128 << 20;

/// The dtype, grid (and with it the shape) and layout of an array.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArraySpec {
    /// The type of the elements.
    pub dtype: DType,
    /// The cuts into blocks.
    pub grid: Grid,
    /// The place of each block.
    pub layout: Layout,
}

impl ArraySpec {
    /// An array with the automatic grid and layout of a session.
    pub fn automatic(shape: &Shape, dtype: DType, rule: &GridRule) -> ArraySpec {
        ArraySpec::with_grid(dtype, Grid::automatic(shape, dtype, rule), rule.places)
    }

    /// An array with a given grid and the automatic layout for it.
    pub fn with_grid(dtype: DType, grid: Grid, places: u32) -> ArraySpec {
        let layout = Layout::automatic(&grid, places);
        ArraySpec { dtype, grid, layout }
    }

    /// The shape of the array.
    pub fn shape(&self) -> Shape {
        self.grid.shape()
    }

    /// The bytes of all elements.
    pub fn bytes(&self) -> u64 {
        self.shape().bytes(self.dtype)
    }

    /// The shape and dtype of a block.
    pub fn block(&self, index: usize) -> BlockSpec {
        BlockSpec::new(self.dtype, self.grid.block_shape(index))
    }

    /// The place of a block.
    pub fn place(&self, index: usize) -> Place {
        self.layout.place(&self.grid, index)
    }

    /// The places of all blocks, in C order of the grid.
    pub(super) fn places(&self) -> Vec<Place> {
        self.layout.of_blocks(&self.grid)
    }

    /// The result of an element-wise operation: its shape is broadcast; each axis is cut as the largest operand cuts
    /// it, the first one where several are equally large, so that most bytes meet block by block. The dtype is that of
    /// the program.
    ///
    /// # Errors
    /// [`ShapeError::Broadcast`] with both shapes.
    pub fn elementwise(inputs: &[&ArraySpec], dtype: DType) -> Result<ArraySpec, ShapeError> {
        let shape = inputs
            .iter()
            .try_fold(Shape::scalar(), |shape, input| shape.broadcast(&input.shape()))?;
        let mut largest_first: Vec<_> = inputs.to_vec();
        largest_first.sort_by_key(|input| std::cmp::Reverse(input.shape().elements()));
        if let Some(same) = largest_first.iter().find(|input| input.shape() == shape) {
            return Ok(ArraySpec { dtype, ..(*same).clone() });
        }
        let axes: Vec<_> = (0..shape.len())
            .filter_map(|axis| {
                largest_first.iter().find_map(|input| {
                    let own = (axis + input.grid.shape().len()).checked_sub(shape.len())?;
                    (input.grid.shape()[own] == shape[axis]).then_some((&input.grid, own))
                })
            })
            .collect();
        let places = largest_first[0].layout.places();
        Ok(ArraySpec::with_grid(dtype, Grid::from_axes(&axes), places))
    }

    /// The product of matrices or vectors: rows cut as the left operand, columns as the right one; `None` when the
    /// shapes do not fit.
    pub fn matmul(&self, right: &ArraySpec) -> Option<ArraySpec> {
        let (left_shape, right_shape) = (self.shape(), right.shape());
        let ranks = (1..=2).contains(&left_shape.len()) && (1..=2).contains(&right_shape.len());
        if !ranks || left_shape[left_shape.len() - 1] != right_shape[0] {
            return None;
        }
        let mut axes = Vec::with_capacity(2);
        axes.extend((left_shape.len() == 2).then_some((&self.grid, 0)));
        axes.extend((right_shape.len() == 2).then_some((&right.grid, 1)));
        let grid = Grid::from_axes(&axes);
        Some(ArraySpec::with_grid(self.dtype, grid, self.layout.places()))
    }

    /// The contraction of some arrays: each axis is cut as the largest operand that has it cuts it, the first one
    /// where several are equally large; `None` when the ranks or lengths do not fit the subscripts.
    pub fn contracted(einsum: &Einsum, operands: &[&ArraySpec]) -> Option<ArraySpec> {
        let shapes: Vec<_> =
            operands.iter().map(|operand| BlockSpec::new(operand.dtype, operand.shape())).collect();
        einsum.extents(&shapes.iter().collect::<Vec<_>>()).ok()?;
        let axes: Vec<_> = einsum
            .output()
            .iter()
            .filter_map(|&label| ArraySpec::cut_of(einsum, operands, label))
            .collect();
        let (dtype, places) = (operands[0].dtype, operands[0].layout.places());
        Some(ArraySpec::with_grid(dtype, Grid::from_axes(&axes), places))
    }

    /// The grid and axis that decide how the axis of a label is cut.
    pub(super) fn cut_of<'a>(
        einsum: &Einsum,
        operands: &[&'a ArraySpec],
        label: u8,
    ) -> Option<(&'a Grid, usize)> {
        let mut found: Option<(u64, &Grid, usize)> = None;
        for (labels, operand) in einsum.operands().iter().zip(operands) {
            let Some(axis) = labels.iter().position(|&own| own == label) else { continue };
            if found.is_none_or(|(bytes, ..)| operand.bytes() > bytes) {
                found = Some((operand.bytes(), &operand.grid, axis));
            }
        }
        found.map(|(_, grid, axis)| (grid, axis))
    }

    /// The array with `len` slices along an axis, in blocks as long as its longest; `None` when there is no such axis
    /// or no such shape.
    pub fn taken(&self, axis: usize, len: usize) -> Option<ArraySpec> {
        if axis >= self.shape().len() {
            return None;
        }
        let bounds = self.grid.bounds(axis);
        let longest = bounds.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(1).max(1);
        let mut lengths = vec![longest; len / longest];
        lengths.extend((!len.is_multiple_of(longest)).then_some(len % longest));
        let grid = self.grid.with_block_lengths(axis, &lengths).ok()?;
        Some(ArraySpec::with_grid(self.dtype, grid, self.layout.places()))
    }

    /// The array with the first axis cut into blocks of these lengths, as a mask leaves them; `None` for a scalar.
    pub fn compressed(&self, counts: &[usize]) -> Option<ArraySpec> {
        if self.shape().is_empty() {
            return None;
        }
        let grid = self.grid.with_block_lengths(0, counts).ok()?;
        Some(ArraySpec::with_grid(self.dtype, grid, self.layout.places()))
    }

    /// The array cut as a grid says: as it is where that changes no cut, and otherwise with the automatic layout.
    pub fn recut(&self, grid: &Grid) -> ArraySpec {
        let mut axes = 0..grid.counts().len();
        if axes.all(|axis| grid.axis_equal(axis, &self.grid, axis)) {
            return self.clone();
        }
        ArraySpec::with_grid(self.dtype, grid.clone(), self.layout.places())
    }

    /// The array with some axes in one piece; the others keep their cuts.
    pub fn with_whole_axes(&self, axes: &[usize]) -> ArraySpec {
        let whole = Grid::single(&self.shape());
        let cuts = (0..self.shape().len())
            .map(|axis| (if axes.contains(&axis) { &whole } else { &self.grid }, axis));
        self.recut(&Grid::from_axes(&cuts.collect::<Vec<_>>()))
    }

    /// The array sorted along an axis. One axis in several blocks is cut into columns, equal but for a shorter last one, by
    /// joining neighbouring blocks: 16 of them, and for a long line as many as keep them at 128 MiB, up to 64. Otherwise
    /// the axis becomes one block.
    pub fn sorted(&self, axis: usize) -> ArraySpec {
        if self.shape().len() != 1 {
            return self.with_whole_axes(&[axis]);
        }
        let (len, bounds) = (self.shape()[0], self.grid.bounds(0));
        let longest = bounds.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(1).max(1);
        let blocks = len.div_ceil(longest).max(1);
        let columns = usize::try_from(self.bytes() / COLUMN_BYTES).unwrap_or(usize::MAX);
        let joined = blocks.div_ceil(columns.clamp(COLUMNS_MIN, COLUMNS_MAX));
        self.recut(&Grid::uniform(&self.shape(), &[joined * longest]))
    }

    /// The Cholesky factor of a square matrix: rows are cut as columns, into about as many blocks as before where they are
    /// not already; `None` when the array is no square matrix. The work grows to the right and to the bottom, so the
    /// layout is a balanced one.
    pub fn cholesky(&self) -> Option<ArraySpec> {
        if !matches!(self.shape()[..], [rows, columns] if rows == columns) {
            return None;
        }
        let grid = if self.grid.axis_equal(0, &self.grid, 1) {
            self.grid.clone()
        } else {
            let blocks = self.grid.blocks();
            let root = blocks.isqrt();
            let count = root + usize::from(root * root < blocks);
            Grid::with_counts(&self.shape(), &[count, count])
        };
        let automatic = Layout::automatic(&grid, self.layout.places());
        let layout = Layout::new(automatic.places(), automatic.place_counts(), PlaceMap::Balanced);
        Some(ArraySpec { dtype: self.dtype, grid, layout })
    }

    /// The array without some axes, of the dtype that a reduction gives.
    pub fn reduced(&self, axes: &[usize], dtype: DType) -> ArraySpec {
        ArraySpec::with_grid(dtype, self.grid.without(axes), self.layout.places())
    }

    /// The array with its axes in another order; places go along.
    pub fn transposed(&self, order: &[usize]) -> ArraySpec {
        ArraySpec {
            dtype: self.dtype,
            grid: self.grid.permute(order),
            layout: self.layout.permute(order),
        }
    }
}
