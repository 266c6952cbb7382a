//! The location of the blocks of an array: a map from the block grid to logical places, and from places to nodes.
//!
//! Places are numbered along a curve that repeatedly halves the longest side of the place grid, so any contiguous range of
//! places is a compact box. Nodes hold contiguous ranges. So 4 nodes with an 8 x 8 place grid hold quadrants, and few
//! neighbouring places are on different nodes.

use crate::{Grid, NodeId, Place, Shape, factor_over};
use serde::{Deserialize, Serialize};

/// The map from block coordinates to place coordinates on one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PlaceMap {
    /// Neighbouring blocks share a place: block `i` of `g` is on place `i p / g` of `p`.
    Contiguous,
    /// Blocks are assigned in turn: block `i` is on place `i mod p`.
    Cyclic,
    /// Each half of the places, each half of a half, and so on, gets both early and late blocks. This suits work that grows
    /// along an axis. If the number of blocks is a power of two and at least eight, both halves have equal sums of block
    /// positions and of their squares.
    ///
    /// Source: E. Prouhet, "Mémoire sur quelques relations entre les puissances des nombres", 1851 (the Thue-Morse
    /// sequence).
    Balanced,
}

/// A map from the blocks of a grid to the V places of a session.
///
/// ```
/// use nums_lshs::{Grid, Layout, Shape};
/// let grid = Grid::uniform(&Shape::new([8, 8])?, &[1, 1]);
/// let layout = Layout::automatic(&grid, 4);
/// assert_eq!(layout.place_counts(), [2, 2]);
/// assert_eq!(layout.place(&grid, grid.index(&[0, 7])).0, 1);
/// # Ok::<(), nums_lshs::ShapeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Layout {
    places: u32,
    place_counts: Vec<usize>,
    map: PlaceMap,
}

impl Layout {
    /// The contiguous layout whose place grid suits the block grid: over as many places as have a factorization that
    /// fits it. So 7 places on 4 x 4 blocks use 3 x 2 of them, because 7 x 1 would leave most blocks on one place.
    pub fn automatic(grid: &Grid, places: u32) -> Layout {
        let counts = grid.counts();
        let most = grid.blocks().min(places.max(1) as usize);
        let place_counts = (1..=most)
            .rev()
            .map(|cells| (cells, factor_over(cells, &counts)))
            .find(|(cells, factors)| factors.iter().product::<usize>() == *cells)
            .map_or_else(|| vec![1; counts.len()], |(_, factors)| factors);
        Layout { places, place_counts, map: PlaceMap::Contiguous }
    }

    /// A layout over a given grid of places.
    ///
    /// # Panics
    /// When the product of the place grid exceeds `places`.
    pub fn new(places: u32, place_counts: &[usize], map: PlaceMap) -> Layout {
        assert!(
            place_counts.iter().product::<usize>() <= places as usize,
            "a place grid of {place_counts:?} does not fit {places} places"
        );
        Layout { places, place_counts: place_counts.to_vec(), map }
    }

    /// The number V of places of the session.
    pub fn places(&self) -> u32 {
        self.places
    }

    /// The number of places on each axis.
    pub fn place_counts(&self) -> &[usize] {
        &self.place_counts
    }

    /// The place of a block, from its linear index in the grid.
    pub fn place(&self, grid: &Grid, index: usize) -> Place {
        let counts = grid.counts();
        let coordinates: Vec<_> = (grid.coordinates(index).into_iter().enumerate())
            .map(|(axis, at)| self.along(axis, at, counts[axis]))
            .collect();
        self.of_cell(&coordinates)
    }

    /// The places of all blocks, in C order of the grid: O(blocks + places).
    pub fn of_blocks(&self, grid: &Grid) -> Vec<Place> {
        // There are no more cells than places, so their number does not overflow.
        let cells = Shape::new(&self.place_counts[..]).unwrap_or_default();
        let places: Vec<_> =
            (0..cells.elements()).map(|cell| self.of_cell(&cells.unravel(cell))).collect();
        // The cell of each block so far, seen along the axes so far.
        let mut of_blocks = vec![0];
        for (axis, count) in grid.counts().into_iter().enumerate() {
            let along: Vec<_> = (0..count).map(|at| self.along(axis, at, count)).collect();
            let further = |&cell: &usize| {
                let before = cell * self.place_counts[axis];
                along.iter().map(move |at| before + at)
            };
            of_blocks = of_blocks.iter().flat_map(further).collect();
        }
        of_blocks.into_iter().map(|cell| places[cell]).collect()
    }

    /// The place of a cell of the place grid.
    fn of_cell(&self, coordinates: &[usize]) -> Place {
        let cells: usize = self.place_counts.iter().product();
        let number = bisection_index(coordinates, &self.place_counts);
        // A place grid with fewer cells than places spreads over all of them.
        Place((number as u64 * u64::from(self.places) / cells as u64) as u32)
    }

    /// The place coordinate, on one axis, of a block coordinate on an axis of `count` blocks.
    pub fn along(&self, axis: usize, at: usize, count: usize) -> usize {
        let places = self.place_counts[axis];
        match self.map {
            PlaceMap::Contiguous => at * places / count,
            PlaceMap::Cyclic => at % places,
            PlaceMap::Balanced => {
                let own = balanced_key(at);
                let rank = (0..count).filter(|&other| balanced_key(other) < own).count();
                rank * places / count
            }
        }
    }

    /// The layout of the array with its axes in another order: every block stays where it is only when the place
    /// grid is symmetric, so this is a new layout of the same kind.
    pub fn permute(&self, order: &[usize]) -> Layout {
        let place_counts = order.iter().map(|&axis| self.place_counts[axis]).collect();
        Layout { places: self.places, place_counts, map: self.map }
    }
}

/// The node that holds a place when `places` are dealt to `nodes` in contiguous ranges.
pub fn node_of_place(place: Place, places: u32, nodes: usize) -> NodeId {
    NodeId((u64::from(place.0) * nodes as u64 / u64::from(places.max(1))) as u32)
}

/// The number of a cell along the curve that halves the longest side of its box (the first one on ties).
fn bisection_index(coordinates: &[usize], counts: &[usize]) -> usize {
    let mut low = vec![0; counts.len()];
    let mut size = counts.to_vec();
    let mut index = 0;
    while let Some(axis) = longest_axis(&size) {
        let cells: usize = size.iter().product();
        let half = size[axis].div_ceil(2);
        if coordinates[axis] - low[axis] < half {
            size[axis] = half;
        } else {
            index += cells / size[axis] * half;
            low[axis] += half;
            size[axis] -= half;
        }
    }
    index
}

/// The order of a balanced map: the most significant bit is the parity of a position's bits, the next one that of all of
/// them but the last, and so on.
fn balanced_key(at: usize) -> u64 {
    let from_each_bit_up =
        [1, 2, 4, 8, 16, 32].iter().fold(at as u64, |bits, shift| bits ^ (bits >> shift));
    from_each_bit_up.reverse_bits()
}

/// The first of the longest axes, or `None` when the box is a single cell.
fn longest_axis(size: &[usize]) -> Option<usize> {
    let longest = *size.iter().max()?;
    if longest <= 1 { None } else { size.iter().position(|&len| len == longest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(counts: &[usize]) -> Grid {
        Grid::uniform(&Shape::new(counts).unwrap(), &vec![1; counts.len()])
    }

    #[test]
    fn four_nodes_hold_quadrants_of_64_places() {
        let grid = grid(&[8, 8]);
        let layout = Layout::automatic(&grid, 64);
        for index in 0..64 {
            let at = grid.coordinates(index);
            let node = node_of_place(layout.place(&grid, index), 64, 4);
            assert_eq!(node, NodeId((at[0] / 4 * 2 + at[1] / 4) as u32), "{at:?}");
        }
    }

    #[test]
    fn the_curve_visits_every_cell_once() {
        for counts in [vec![5, 7], vec![3, 4, 2], vec![1, 9], vec![8, 8]] {
            let grid = grid(&counts);
            let mut seen: Vec<_> = (0..grid.blocks())
                .map(|index| bisection_index(&grid.coordinates(index), &counts))
                .collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..grid.blocks()).collect::<Vec<_>>(), "{counts:?}");
        }
    }

    #[test]
    fn few_blocks_spread_over_all_nodes() {
        let grid = grid(&[4]);
        let layout = Layout::automatic(&grid, 64);
        let nodes: Vec<_> =
            (0..4).map(|index| node_of_place(layout.place(&grid, index), 64, 4).0).collect();
        assert_eq!(nodes, [0, 1, 2, 3]);
    }

    #[test]
    fn halves_of_a_balanced_map_have_equal_sums_and_sums_of_squares() {
        for count in [8, 16, 64] {
            let grid = grid(&[count]);
            let layout = Layout::new(64, &[count.min(64)], PlaceMap::Balanced);
            let mut sums = [[0; 3]; 2];
            for at in 0..count {
                let half = &mut sums[node_of_place(layout.place(&grid, at), 64, 2).index()];
                half.iter_mut().zip([1, at, at * at]).for_each(|(sum, power)| *sum += power);
            }
            assert_eq!(sums[0], sums[1], "{count}");
        }
        // Every place gets a block, whatever the number.
        let grid = grid(&[6]);
        let layout = Layout::new(6, &[6], PlaceMap::Balanced);
        let places: Vec<_> = (0..6).map(|at| layout.place(&grid, at).0).collect();
        assert_eq!(places, [0, 3, 4, 1, 5, 2]);
    }

    #[test]
    fn places_without_a_fitting_factorisation_are_left_out() {
        let counts = |blocks: &[usize], places| {
            Layout::automatic(&grid(blocks), places).place_counts().to_vec()
        };
        assert_eq!(counts(&[4, 4], 7), [3, 2]);
        assert_eq!(counts(&[4, 1], 7), [4, 1]);
        assert_eq!(counts(&[3], 64), [3]);
        assert_eq!(counts(&[8, 8], 64), [8, 8]);
        assert_eq!(counts(&[100, 1], 10), [10, 1]);
    }

    #[test]
    fn the_places_of_all_blocks_are_those_of_each() {
        let layouts = [PlaceMap::Contiguous, PlaceMap::Cyclic, PlaceMap::Balanced];
        for counts in [vec![], vec![5], vec![100, 1], vec![3, 7, 2], vec![9, 10]] {
            let grid = grid(&counts);
            let automatic = Layout::automatic(&grid, 12);
            for map in layouts {
                let layout = Layout::new(12, automatic.place_counts(), map);
                let each: Vec<_> = (0..grid.blocks()).map(|at| layout.place(&grid, at)).collect();
                assert_eq!(layout.of_blocks(&grid), each, "{counts:?} {map:?}");
            }
        }
    }

    #[test]
    fn a_scalar_has_one_place() {
        let grid = grid(&[]);
        assert_eq!(Layout::automatic(&grid, 64).place(&grid, 0), Place(0));
    }
}
