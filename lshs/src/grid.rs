//! The division of an array into blocks: boundaries for each axis, with uniform boundaries compressed.

use crate::{DType, Shape, ShapeError};
use serde::{Deserialize, Serialize};

/// The boundaries of one axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum Cuts {
    /// Blocks of one length; the last block can be shorter.
    Uniform { len: usize, block: usize },
    /// Arbitrary boundaries from 0 to the axis length.
    Bounds(Vec<usize>),
}

/// A half-open box of an array's index space.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Region {
    /// The first index on each axis.
    pub start: Vec<usize>,
    /// The length on each axis.
    pub len: Vec<usize>,
}

/// The block grid of an array.
///
/// ```
/// use nums_lshs::{Grid, Shape};
/// let grid = Grid::uniform(&Shape::new([10, 4])?, &[4, 4]);
/// assert_eq!(grid.counts(), [3, 1]);
/// assert_eq!(grid.block_shape(2).to_string(), "(2, 4)");
/// # Ok::<(), nums_lshs::ShapeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grid {
    axes: Vec<Cuts>,
}

/// The session constants that determine automatic grids. They never depend on the machine, because the grid determines the
/// order of summation and thus the bits of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRule {
    /// The number V of logical places of the session.
    pub places: u32,
    /// How many blocks each place should hold.
    pub blocks_per_place: u32,
    /// The smallest block in bytes: smaller arrays get fewer blocks, so that the overhead of a task is small.
    pub block_bytes_min: u64,
    /// The largest block in bytes: larger arrays get more blocks.
    pub block_bytes_max: u64,
}

impl GridRule {
    /// The defaults for a number of places: one block for each place, between 1 MiB and 64 MiB.
    pub fn with_places(places: u32) -> GridRule {
        GridRule {
            places,
            blocks_per_place: 1,
            block_bytes_min: 1 << 20,
            block_bytes_max: 64 << 20,
        }
    }

    /// The default number of places for `nodes` nodes: 64, or the next power of two from four times the number of nodes.
    pub fn default_places(nodes: usize) -> u32 {
        (nodes as u32 * 4).next_power_of_two().max(64)
    }
}

impl Grid {
    /// A grid of equal blocks, ragged at the far edge. A block length of 0 counts as 1.
    ///
    /// # Panics
    /// If there is not one block length for each axis.
    pub fn uniform(shape: &Shape, block: &[usize]) -> Grid {
        assert_eq!(shape.len(), block.len(), "a block length for each axis");
        let axes = shape.iter().zip(block);
        Grid {
            axes: axes.map(|(&len, &block)| Cuts::Uniform { len, block: block.max(1) }).collect(),
        }
    }

    /// A grid with a given number of near-equal blocks on each axis.
    pub fn with_counts(shape: &Shape, counts: &[usize]) -> Grid {
        let block: Vec<_> =
            shape.iter().zip(counts).map(|(&len, &count)| len.div_ceil(count.max(1))).collect();
        Grid::uniform(shape, &block)
    }

    /// One block that holds the whole array.
    pub fn single(shape: &Shape) -> Grid {
        Grid::uniform(shape, shape)
    }

    /// A grid from boundaries: for each axis, an increasing list from 0 to the axis length.
    ///
    /// # Errors
    /// [`ShapeError::Boundaries`] if a list does not start at 0 or decreases.
    pub fn from_bounds(bounds: Vec<Vec<usize>>) -> Result<Grid, ShapeError> {
        let axes = bounds.into_iter().enumerate().map(|(axis, bounds)| {
            let rises = bounds.windows(2).all(|pair| pair[0] <= pair[1]);
            if bounds.first() != Some(&0) || bounds.len() < 2 || !rises {
                return Err(ShapeError::Boundaries { axis, bounds });
            }
            Ok(Cuts::from_bounds(bounds))
        });
        Ok(Grid { axes: axes.collect::<Result<_, _>>()? })
    }

    /// The automatic grid: the number of blocks of the rule, distributed over the axes so that blocks are as close to cubes
    /// as the shape allows. It depends only on shape, dtype and session constants.
    pub fn automatic(shape: &Shape, dtype: DType, rule: &GridRule) -> Grid {
        let bytes = shape.bytes(dtype);
        let most = (bytes / rule.block_bytes_min.max(1)).max(1);
        let least = bytes.div_ceil(rule.block_bytes_max.max(1)).max(1);
        let wanted = u64::from(rule.places) * u64::from(rule.blocks_per_place);
        let target = if most < wanted {
            // A power of two divides the places evenly.
            1 << most.ilog2()
        } else {
            wanted * least.div_ceil(wanted)
        };
        Grid::with_counts(shape, &factor_over(target as usize, shape))
    }

    /// The shape of the array.
    pub fn shape(&self) -> Shape {
        let lengths: Vec<_> = self.axes.iter().map(Cuts::len).collect();
        Shape::new(lengths).unwrap_or_default()
    }

    /// The number of blocks on each axis; at least 1, also where the axis is empty.
    pub fn counts(&self) -> Vec<usize> {
        self.axes.iter().map(Cuts::count).collect()
    }

    /// The number of blocks.
    pub fn blocks(&self) -> usize {
        self.axes.iter().map(Cuts::count).product()
    }

    /// The boundaries of an axis, from 0 to its length.
    pub fn bounds(&self, axis: usize) -> Vec<usize> {
        let cuts = &self.axes[axis];
        (0..=cuts.count()).map(|index| cuts.bound(index)).collect()
    }

    /// The coordinates of a block from its linear index (last axis fastest).
    pub fn coordinates(&self, mut index: usize) -> Vec<usize> {
        let mut coordinates = vec![0; self.axes.len()];
        for (axis, cuts) in self.axes.iter().enumerate().rev() {
            coordinates[axis] = index % cuts.count();
            index /= cuts.count();
        }
        coordinates
    }

    /// The linear index of a block from its coordinates.
    pub fn index(&self, coordinates: &[usize]) -> usize {
        self.axes.iter().zip(coordinates).fold(0, |index, (cuts, &at)| index * cuts.count() + at)
    }

    /// The part of the array that a block holds.
    pub fn region(&self, index: usize) -> Region {
        let coordinates = self.coordinates(index);
        let at = |axis: usize, step: usize| self.axes[axis].bound(coordinates[axis] + step);
        let start: Vec<_> = (0..self.axes.len()).map(|axis| at(axis, 0)).collect();
        let len = (0..self.axes.len()).map(|axis| at(axis, 1) - start[axis]).collect();
        Region { start, len }
    }

    /// The shape of a block.
    pub fn block_shape(&self, index: usize) -> Shape {
        Shape::new(self.region(index).len).unwrap_or_default()
    }

    /// The grid of the array with its axes in another order.
    pub fn permute(&self, order: &[usize]) -> Grid {
        Grid { axes: order.iter().map(|&axis| self.axes[axis].clone()).collect() }
    }

    /// The grid of the array without some axes.
    pub fn without(&self, axes: &[usize]) -> Grid {
        let kept = self.axes.iter().enumerate().filter(|(axis, _)| !axes.contains(axis));
        Grid { axes: kept.map(|(_, cuts)| cuts.clone()).collect() }
    }

    /// The grid of the array with axes of length 1 in front, as broadcasting thinks them, up to a rank.
    pub fn with_rank(&self, rank: usize) -> Grid {
        let missing = rank.saturating_sub(self.axes.len());
        let ones = std::iter::repeat_n(Cuts::Uniform { len: 1, block: 1 }, missing);
        Grid { axes: ones.chain(self.axes.iter().cloned()).collect() }
    }

    /// A grid with one axis cut by lengths of blocks.
    ///
    /// # Errors
    /// [`ShapeError::Overflow`] when the lengths have no sum.
    pub fn with_block_lengths(&self, axis: usize, lengths: &[usize]) -> Result<Grid, ShapeError> {
        let mut bounds = vec![0];
        for &len in lengths {
            let end = bounds[bounds.len() - 1];
            let sum = usize::checked_add(end, len);
            bounds.push(sum.ok_or_else(|| ShapeError::Overflow { shape: lengths.to_vec() })?);
        }
        if lengths.is_empty() {
            bounds.push(0);
        }
        let mut axes = self.axes.clone();
        axes[axis] = Cuts::from_bounds(bounds);
        let grid = Grid { axes };
        Shape::new(grid.axes.iter().map(Cuts::len).collect::<Vec<_>>())?;
        Ok(grid)
    }

    /// A grid whose axes are taken from several grids: the pairs name a grid and an axis of it.
    pub fn from_axes(axes: &[(&Grid, usize)]) -> Grid {
        Grid { axes: axes.iter().map(|(grid, axis)| grid.axes[*axis].clone()).collect() }
    }

    /// Whether an axis is cut at the same places as an axis of another grid.
    pub fn axis_equal(&self, axis: usize, other: &Grid, other_axis: usize) -> bool {
        self.axes[axis].same(&other.axes[other_axis])
    }

    /// The blocks that overlap a region, in C order of the grid.
    pub fn overlapping(&self, region: &Region) -> Vec<usize> {
        let ranges: Vec<_> = (self.axes.iter().enumerate())
            .map(|(axis, cuts)| cuts.overlapping(region.start[axis], region.len[axis]))
            .collect();
        let mut found = vec![0];
        for (cuts, range) in self.axes.iter().zip(ranges) {
            let extend = |&index: &usize| range.clone().map(move |at| index * cuts.count() + at);
            found = found.iter().flat_map(extend).collect();
        }
        found
    }
}

impl Region {
    /// The stretches of C order that the region covers in an array of a shape: first index and length of each.
    /// Trailing axes that the region covers whole are merged into one stretch.
    pub fn runs(&self, shape: &Shape) -> Vec<(usize, usize)> {
        if self.len.contains(&0) {
            return Vec::new();
        }
        let whole = |axis: &usize| self.len[*axis] == shape[*axis];
        let merged = (0..shape.len()).rev().take_while(whole).count();
        let run_axis = shape.len().saturating_sub(merged + 1);
        let inner: usize = shape.iter().skip(run_axis + 1).product();
        let run = self.len.get(run_axis).map_or(1, |len| len * inner);
        let outer = Shape::new(&self.len[..run_axis]).unwrap_or_default();
        let start = |row: usize| {
            let mut at = self.start.clone();
            outer.unravel(row).iter().zip(&mut at).for_each(|(own, at)| *at += own);
            shape.ravel(&at)
        };
        (0..outer.elements()).map(|row| (start(row), run)).collect()
    }

    /// Where the region begins in the C order of an array of a shape, if it is one stretch of it.
    pub fn contiguous_in(&self, shape: &Shape) -> Option<usize> {
        let axes = 0..shape.len();
        let mut behind_the_first = axes.skip_while(|&axis| self.len[axis] == 1).skip(1);
        let is_whole = behind_the_first.all(|axis| self.len[axis] == shape[axis]);
        is_whole.then(|| shape.ravel(&self.start))
    }

    /// The common part of two regions, or `None` where they do not meet.
    pub fn intersect(&self, other: &Region) -> Option<Region> {
        let mut start = Vec::with_capacity(self.start.len());
        let mut len = Vec::with_capacity(self.start.len());
        for axis in 0..self.start.len() {
            let from = self.start[axis].max(other.start[axis]);
            let to = (self.start[axis] + self.len[axis]).min(other.start[axis] + other.len[axis]);
            if from >= to {
                return None;
            }
            start.push(from);
            len.push(to - from);
        }
        Some(Region { start, len })
    }
}

impl Cuts {
    /// Bounds that are uniform are stored as such, so that equal grids are equal values.
    fn from_bounds(bounds: Vec<usize>) -> Cuts {
        let (len, count) = (bounds[bounds.len() - 1], bounds.len() - 1);
        let uniform = Cuts::Uniform { len, block: (bounds[1]).max(1) };
        let same = uniform.count() == count
            && bounds.iter().enumerate().all(|(index, &bound)| uniform.bound(index) == bound);
        if same { uniform } else { Cuts::Bounds(bounds) }
    }

    fn len(&self) -> usize {
        match self {
            Cuts::Uniform { len, .. } => *len,
            Cuts::Bounds(bounds) => bounds[bounds.len() - 1],
        }
    }

    fn count(&self) -> usize {
        match self {
            Cuts::Uniform { len, block } => len.div_ceil(*block).max(1),
            Cuts::Bounds(bounds) => bounds.len() - 1,
        }
    }

    fn bound(&self, index: usize) -> usize {
        match self {
            Cuts::Uniform { len, block } => (index * block).min(*len),
            Cuts::Bounds(bounds) => bounds[index],
        }
    }

    fn same(&self, other: &Cuts) -> bool {
        self.count() == other.count()
            && (0..=self.count()).all(|index| self.bound(index) == other.bound(index))
    }

    fn overlapping(&self, start: usize, len: usize) -> std::ops::Range<usize> {
        if len == 0 {
            return 0..0;
        }
        match self {
            Cuts::Uniform { block, .. } => start / block..(start + len).div_ceil(*block),
            Cuts::Bounds(bounds) => {
                let first = bounds.partition_point(|&bound| bound <= start) - 1;
                first..bounds.partition_point(|&bound| bound < start + len)
            }
        }
    }
}

/// Shares out a number of parts over the axes of a shape: prime factors, largest first, each to the axis whose
/// parts are longest at that moment; ties go to the first axis. No axis gets more parts than it is long.
pub fn factor_over(parts: usize, shape: &[usize]) -> Vec<usize> {
    let mut counts = vec![1; shape.len()];
    for prime in prime_factors(parts) {
        let longest = |axis: &usize| shape[*axis] as f64 / counts[*axis] as f64;
        let fits = |axis: &usize| counts[*axis] * prime <= shape[*axis];
        let best = (0..shape.len())
            .filter(fits)
            .reduce(|best, axis| if longest(&axis) > longest(&best) { axis } else { best });
        if let Some(axis) = best {
            counts[axis] *= prime;
        }
    }
    counts
}

/// The prime factors of a number, largest first.
fn prime_factors(mut number: usize) -> Vec<usize> {
    let mut factors = Vec::new();
    let mut divisor = 2;
    while divisor * divisor <= number {
        while number.is_multiple_of(divisor) {
            factors.push(divisor);
            number /= divisor;
        }
        divisor += 1;
    }
    if number > 1 {
        factors.push(number);
    }
    factors.reverse();
    factors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn automatic(lengths: &[usize], places: u32) -> Vec<usize> {
        let shape = Shape::new(lengths).unwrap();
        let rule = GridRule { block_bytes_max: u64::MAX, ..GridRule::with_places(places) };
        Grid::automatic(&shape, DType::Float64, &rule).counts()
    }

    #[test]
    fn automatic_grids_of_the_oracle() {
        assert_eq!(automatic(&[100_000, 100_000], 512), [32, 16]);
        assert_eq!(automatic(&[2000, 2000, 2000], 512), [8, 8, 8]);
        assert_eq!(automatic(&[1_000_000_000, 250], 64), [64, 1]);
        assert_eq!(automatic(&[10_000, 10_000], 64), [8, 8]);
        assert_eq!(automatic(&[3], 64), [1]);
        assert_eq!(automatic(&[], 64), [] as [usize; 0]);
        assert_eq!(automatic(&[0, 5], 64), [1, 1]);
    }

    #[test]
    fn nodes_are_factored_over_a_grid() {
        assert_eq!(factor_over(4, &[8, 2]), [4, 1]);
        assert_eq!(factor_over(2, &[2, 2]), [2, 1]);
        assert_eq!(factor_over(6, &[9, 9]), [3, 2]);
    }

    #[test]
    fn a_region_is_contiguous_where_it_is_one_run() {
        let shape = Shape::new([3, 4, 5]).unwrap();
        let lengths =
            |len: usize| (0..=len).flat_map(move |from| (0..=len - from).map(move |n| (from, n)));
        for (x, x_len) in lengths(3) {
            for (y, y_len) in lengths(4) {
                for (z, z_len) in lengths(5) {
                    let region = Region { start: vec![x, y, z], len: vec![x_len, y_len, z_len] };
                    let runs = region.runs(&shape);
                    let [(start, len), ..] = runs[..] else { continue };
                    let one = (len == x_len * y_len * z_len).then_some(start);
                    assert_eq!(region.contiguous_in(&shape), one, "{region:?}");
                }
            }
        }
        let scalar = Region { start: vec![], len: vec![] };
        assert_eq!(scalar.contiguous_in(&Shape::scalar()), Some(0));
    }

    #[test]
    fn runs_cover_a_region_in_order() {
        let shape = Shape::new([3, 4, 5]).unwrap();
        let runs = |start: [usize; 3], len: [usize; 3]| {
            Region { start: start.into(), len: len.into() }.runs(&shape)
        };
        assert_eq!(runs([0, 0, 0], [3, 4, 5]), [(0, 60)]);
        assert_eq!(runs([1, 0, 0], [2, 4, 5]), [(20, 40)]);
        assert_eq!(runs([1, 1, 0], [2, 2, 5]), [(25, 10), (45, 10)]);
        assert_eq!(runs([0, 2, 3], [1, 2, 2]), [(13, 2), (18, 2)]);
        assert_eq!(runs([0, 2, 3], [1, 0, 2]), []);
        assert_eq!(Region { start: vec![], len: vec![] }.runs(&Shape::scalar()), [(0, 1)]);
    }

    #[test]
    fn uniform_bounds_are_compressed() {
        let listed = Grid::from_bounds(vec![vec![0, 4, 8, 10]]).unwrap();
        assert_eq!(listed, Grid::uniform(&Shape::new([10]).unwrap(), &[4]));
        assert!(Grid::from_bounds(vec![vec![0, 5, 3]]).is_err());
    }

    #[test]
    fn overlapping_blocks_of_ragged_and_listed_cuts() {
        for grid in [
            Grid::from_bounds(vec![vec![0, 1, 1, 7, 9]]).unwrap(),
            Grid::uniform(&Shape::new([9]).unwrap(), &[4]),
        ] {
            for start in 0..9 {
                for len in 0..=9 - start {
                    let region = Region { start: vec![start], len: vec![len] };
                    let met: Vec<_> = (0..grid.blocks())
                        .filter(|&index| grid.region(index).intersect(&region).is_some())
                        .collect();
                    let found: Vec<_> = (grid.overlapping(&region).into_iter())
                        .filter(|&index| !grid.block_shape(index).contains(&0))
                        .collect();
                    assert_eq!(found, met, "{grid:?} {start} {len}");
                }
            }
        }
    }
}
