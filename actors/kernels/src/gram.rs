//! Aᵀ D A for a tall A and a diagonal D: normal equations, the steps of Newton's method and symmetric products.
//!
//! Columns go in panels as wide as the widest vector, and the triangle is computed panel against panel, a chunk of rows
//! at a time. Short rows are used as they lie; long ones are packed. Each element is summed over a chunk alone, in the
//! order of the rows, whatever the shape of the piece that registers hold: so all processors give the same bits. The
//! method is that of K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", 2008.

mod vector;

use crate::elementwise::{Lane, Vectors, prefetch_line, vectorised, view_mut};
use crate::memory::zeros;
use crate::{Buffer, Element, OutOfMemory};
use faer::MatRef;
pub(crate) use vector::Vector;

/// Bytes of a row of a panel: the widest vector.
const ROW_BYTES: usize = 64;
/// Rows of a chunk: a panel then takes 4 KiB, and those of a piece lie in the first level of cache with what is asked for
/// ahead.
pub(crate) const CHUNK_ROWS: usize = 64;
/// Rows up to this size are used as they lie: a chunk of them stays in the second level of cache, and its columns are
/// not so far apart that they would fall onto each other in the first.
const ROW_BYTES_AS_THEY_LIE: usize = 512;

/// An element of a product, with the vectors that compute with it.
pub(crate) trait Real: Lane + Default + Element {
    type Bits512: Vector<Element = Self>;
    type Bits256: Vector<Element = Self>;
    type Any: Vector<Element = Self>;
}

/// The upper triangle of Aᵀ D A, summed chunk by chunk.
pub(crate) struct Gram<T> {
    columns: usize,
    /// The squares of pairs of panels, the first not behind the second, in the order of a packed triangle; row by row.
    sums: Vec<T>,
    /// The panels of a chunk one behind the other, where rows cannot be used as they lie; rows of panels are aligned.
    panels: Buffer,
    /// A panel times its weights, where it meets many others.
    weighted: Buffer,
}

/// A chunk of rows in panels: those of the rows themselves, or packed ones.
#[derive(Clone, Copy)]
struct Panels<'a, T> {
    elements: &'a [T],
    rows: usize,
    /// From a row to the next one.
    row_stride: usize,
    /// From a panel to the next one.
    panel_stride: usize,
}

impl<T> Panels<'_, T> {
    /// The first element of a row of a panel.
    #[inline(always)]
    fn at(&self, row: usize, panel: usize) -> usize {
        row * self.row_stride + panel * self.panel_stride
    }
}

/// Rows that are added together.
enum Chunk<'a, T> {
    AsTheyLie(Panels<'a, T>),
    /// Rows that have to be packed first.
    Any(MatRef<'a, T>),
}

impl<T: Real> Gram<T> {
    /// Columns of a panel.
    const LANES: usize = ROW_BYTES / size_of::<T>();
    const SQUARE: usize = Gram::<T>::LANES * Gram::<T>::LANES;

    /// No rows yet.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub(crate) fn new(columns: usize) -> Result<Gram<T>, OutOfMemory> {
        let panels = columns.div_ceil(Gram::<T>::LANES);
        Ok(Gram {
            columns,
            sums: zeros(panels * (panels + 1) / 2 * Gram::<T>::SQUARE)?,
            panels: Buffer::zeroed(0)?,
            weighted: Buffer::zeroed(0)?,
        })
    }

    /// Adds a chunk of rows that lie in any order.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub(crate) fn add(&mut self, rows: MatRef<T>) -> Result<(), OutOfMemory> {
        self.add_chunk(Chunk::Any(rows), None, &[])
    }

    /// Adds the first `rows` of the rows that lie one behind the other, each with its weight where weights are given.
    /// Meanwhile the elements `ahead` come to the caches.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub(crate) fn add_rows(
        &mut self,
        elements: &[T],
        rows: usize,
        weights: Option<&[T]>,
        ahead: &[T],
    ) -> Result<(), OutOfMemory> {
        self.add_chunk(self.chunk(elements, rows), weights, ahead)
    }

    /// The first of the rows that lie one behind the other: as they lie, where that is possible and pays.
    fn chunk<'a>(&self, elements: &'a [T], rows: usize) -> Chunk<'a, T> {
        let lanes = Gram::<T>::LANES;
        // The last vector of a row reads into the next one. What it multiplies there belongs to no column.
        let read = rows.saturating_sub(1) * self.columns + self.columns.next_multiple_of(lanes);
        match elements.get(..read) {
            Some(elements) if self.columns * size_of::<T>() <= ROW_BYTES_AS_THEY_LIE => {
                let row_stride = self.columns;
                Chunk::AsTheyLie(Panels { elements, rows, row_stride, panel_stride: lanes })
            }
            _ => {
                let own = &elements[..rows * self.columns];
                Chunk::Any(MatRef::from_row_major_slice(own, rows, self.columns))
            }
        }
    }

    fn add_chunk(
        &mut self,
        chunk: Chunk<T>,
        weights: Option<&[T]>,
        ahead: &[T],
    ) -> Result<(), OutOfMemory> {
        self.make_room(&chunk, weights)?;
        let vectors = Vectors::of_processor();
        vectorised(
            #[inline(always)]
            || match vectors {
                // 24 of 32 registers hold sums.
                Vectors::Bits512 => self.add_by::<T::Bits512, 8, 3>(chunk, weights, ahead),
                // 8 of 16 registers hold sums.
                Vectors::Bits256 => self.add_by::<T::Bits256, 4, 2>(chunk, weights, ahead),
                Vectors::Any => self.add_by::<T::Any, 4, 2>(chunk, weights, ahead),
            },
        );
        Ok(())
    }

    /// Room for the panels of a chunk that has to be packed, and for a panel times its weights.
    fn make_room(&mut self, chunk: &Chunk<T>, weights: Option<&[T]>) -> Result<(), OutOfMemory> {
        if let Chunk::Any(rows) = chunk {
            let padded = rows.ncols().next_multiple_of(Gram::<T>::LANES);
            reserve::<T>(&mut self.panels, padded * rows.nrows())?;
        }
        let weighted = weights.map_or(0, |weights| weights.len() * Gram::<T>::LANES);
        reserve::<T>(&mut self.weighted, weighted)
    }

    /// Adds a chunk by one kind of vectors, in code that is compiled for them.
    #[inline(always)]
    fn add_by<V: Vector<Element = T>, const COLUMNS: usize, const VECTORS: usize>(
        &mut self,
        chunk: Chunk<T>,
        weights: Option<&[T]>,
        ahead: &[T],
    ) {
        let panels = match chunk {
            Chunk::AsTheyLie(panels) => panels,
            Chunk::Any(rows) => pack::<V>(rows, &mut self.panels),
        };
        let sums = (&mut self.sums[..], &mut self.weighted);
        multiply::<V, COLUMNS, VECTORS>(panels, weights, self.columns, sums, ahead);
    }

    /// Adds the sums over other rows.
    pub(crate) fn merge(&mut self, other: &Gram<T>)
    where
        T: std::ops::AddAssign,
    {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, &other)| *sum += other);
    }

    /// The sum at a row and a column that is not before it.
    pub(crate) fn at(&self, row: usize, column: usize) -> T {
        let lanes = Gram::<T>::LANES;
        let (first, second) = (row / lanes, column / lanes);
        let panels = self.columns.div_ceil(lanes);
        let pair = first * (2 * panels + 1 - first) / 2 + second - first;
        self.sums[pair * Gram::<T>::SQUARE + row % lanes * lanes + column % lanes]
    }
}

/// Makes room for some elements. What it held stays where the room is large enough.
fn reserve<T>(buffer: &mut Buffer, len: usize) -> Result<(), OutOfMemory> {
    let bytes = len * size_of::<T>();
    if buffer.as_bytes().len() < bytes {
        *buffer = Buffer::zeroed(bytes as u64)?;
    }
    Ok(())
}

/// Room that was made before.
fn reserved<T: Real>(buffer: &mut Buffer, len: usize) -> &mut [T] {
    &mut view_mut(buffer.as_bytes_mut())[..len]
}

/// Copies columns into panels. Those that are missing in the last panel are never written.
#[inline(always)]
fn pack<'a, V: Vector>(rows: MatRef<V::Element>, room: &'a mut Buffer) -> Panels<'a, V::Element>
where
    V::Element: Real,
{
    let lanes = Gram::<V::Element>::LANES;
    let panel_stride = rows.nrows() * lanes;
    let panels: &mut [V::Element] = reserved(room, rows.ncols().div_ceil(lanes) * panel_stride);
    for (panel, start) in panels.chunks_exact_mut(panel_stride.max(1)).zip((0..).step_by(lanes)) {
        let len = lanes.min(rows.ncols() - start);
        // Whole vectors where a row lies in a row.
        let whole = if rows.col_stride() == 1 { len - len % V::LEN } else { 0 };
        let columns = rows.subcols(start, len);
        for at in (0..whole).step_by(V::LEN) {
            let (first, stride) = (columns.as_ptr().wrapping_add(at), columns.row_stride());
            for (row, packed) in panel.chunks_exact_mut(lanes).enumerate() {
                // SAFETY: a panel has as many rows as the matrix, of which each has `whole` elements, as each of the
                // panel does; and the caller runs the code only where the vectors exist.
                unsafe {
                    let from = first.offset(row as isize * stride);
                    V::load(from).store(packed.as_mut_ptr().add(at));
                }
            }
        }
        for at in whole..len {
            let column = columns.col(at).iter();
            let packed = panel.chunks_exact_mut(lanes).zip(column);
            packed.for_each(|(packed, &element)| packed[at] = element);
        }
    }
    Panels { elements: panels, rows: rows.nrows(), row_stride: lanes, panel_stride }
}

/// All pairs of panels, in pieces of some columns of the first one and some vectors of the second ones.
#[inline(always)]
fn multiply<V: Vector, const COLUMNS: usize, const VECTORS: usize>(
    chunk: Panels<V::Element>,
    weights: Option<&[V::Element]>,
    columns: usize,
    (sums, room): (&mut [V::Element], &mut Buffer),
    ahead: &[V::Element],
) where
    V::Element: Real,
{
    let lanes = Gram::<V::Element>::LANES;
    let panels = columns.div_ceil(lanes);
    // What is ahead comes in shares, a little with every row of every piece: the processor waits for few lines at a time.
    let share = ahead.len() / (sums.len() / (COLUMNS * V::LEN)).max(1);
    let mut ahead = ahead.as_ptr();
    let mut rest = sums;
    for first in 0..panels {
        let (own, others) = rest.split_at_mut((panels - first) * Gram::<V::Element>::SQUARE);
        rest = others;
        // The weight of a row meets the few vectors of a piece, which costs less than a weighted copy; but not where a
        // panel meets many others.
        let (factors, weights) = match weights {
            Some(weights) if columns * size_of::<V::Element>() > ROW_BYTES_AS_THEY_LIE => {
                (weigh::<V>(chunk, first, weights, room), None)
            }
            _ => (
                Factors {
                    elements: &chunk.elements[chunk.at(0, first)..],
                    row_stride: chunk.row_stride,
                },
                weights,
            ),
        };
        let vectors = (panels - first) * lanes / V::LEN;
        for column in (0..lanes).step_by(COLUMNS) {
            let mut vector = 0;
            while vector < vectors {
                let place = Place { first, column, vector };
                // Two pieces of two are faster than one of three and one of one.
                let count = match vectors - vector {
                    1 => 1,
                    2 | 4 => 2,
                    _ => VECTORS,
                };
                match count {
                    1 => {
                        piece::<V, COLUMNS, 1>(factors, chunk, weights, place, own, (ahead, share))
                    }
                    2 => piece::<V, COLUMNS, 2>(
                        factors,
                        chunk,
                        weights,
                        place,
                        own,
                        (ahead, 2 * share),
                    ),
                    _ => piece::<V, COLUMNS, VECTORS>(
                        factors,
                        chunk,
                        weights,
                        place,
                        own,
                        (ahead, VECTORS * share),
                    ),
                }
                vector += count;
                ahead = ahead.wrapping_add(count * share);
            }
        }
    }
}

/// Where a piece begins.
#[derive(Clone, Copy)]
struct Place {
    /// A panel, and a column in it.
    first: usize,
    column: usize,
    /// The first of its vectors, counted from those of the panel.
    vector: usize,
}

/// The rows of a panel that the others are multiplied by.
#[derive(Clone, Copy)]
struct Factors<'a, T> {
    elements: &'a [T],
    row_stride: usize,
}

/// A panel times the weights of its rows.
#[inline(always)]
fn weigh<'a, V: Vector>(
    chunk: Panels<V::Element>,
    panel: usize,
    weights: &[V::Element],
    room: &'a mut Buffer,
) -> Factors<'a, V::Element>
where
    V::Element: Real,
{
    let lanes = Gram::<V::Element>::LANES;
    let weighted: &mut [V::Element] = reserved(room, chunk.rows * lanes);
    for ((row, &weight), to) in weights.iter().enumerate().zip(weighted.chunks_exact_mut(lanes)) {
        let from = &chunk.elements[chunk.at(row, panel)..][..lanes];
        for at in (0..lanes).step_by(V::LEN) {
            // SAFETY: a row of a panel is whole vectors, and the caller runs the code only where they exist.
            unsafe {
                V::load(from.as_ptr().add(at)).mul(V::splat(weight)).store(to.as_mut_ptr().add(at));
            }
        }
    }
    Factors { elements: weighted, row_stride: lanes }
}

/// Some columns of a panel times some vectors of columns of others, with the sums in registers; where there are weights,
/// the vectors are multiplied by that of their row.
#[inline(always)]
fn piece<V: Vector, const COLUMNS: usize, const VECTORS: usize>(
    factors: Factors<V::Element>,
    chunk: Panels<V::Element>,
    weights: Option<&[V::Element]>,
    Place { first, column, vector }: Place,
    sums: &mut [V::Element],
    (ahead, ahead_len): (*const V::Element, usize),
) where
    V::Element: Real,
{
    let lanes = Gram::<V::Element>::LANES;
    // Which panel a vector of columns begins in, counted from the first one, and where.
    let places: [(usize, usize); VECTORS] = std::array::from_fn(|at| {
        let column = (vector + at) * V::LEN;
        (column / lanes, column % lanes)
    });
    let rows = chunk.rows;
    if rows == 0 {
        return;
    }
    assert!(weights.is_none_or(|weights| weights.len() >= rows) && column + COLUMNS <= lanes);
    assert!((rows - 1) * factors.row_stride + lanes <= factors.elements.len());
    for (panel, _) in places {
        assert!(chunk.at(rows - 1, first + panel) + lanes <= chunk.elements.len());
        assert!((panel + 1) * lanes * lanes <= sums.len());
    }
    let ahead_step = ahead_len / rows;
    // SAFETY: a place in a panel leaves room for a vector, because their lengths divide that of a row; panels and
    // squares are whole and rows have weights, as asserted above; and the caller runs the code only where the vectors exist.
    unsafe {
        let mut held = [[V::zero(); VECTORS]; COLUMNS];
        let elements = chunk.elements.as_ptr();
        let own = factors.elements.as_ptr().add(column);
        let terms = places.map(|(panel, at)| elements.add(chunk.at(0, first + panel) + at));
        for row in 0..rows {
            prefetch_line(ahead.wrapping_add(row * ahead_step));
            let mut terms = terms.map(|terms| V::load(terms.add(row * chunk.row_stride)));
            if let Some(weights) = weights {
                let weight = V::splat(*weights.get_unchecked(row));
                terms = terms.map(|term| term.mul(weight));
            }
            for (at, held) in held.iter_mut().enumerate() {
                let factor = V::splat(*own.add(row * factors.row_stride + at));
                for (held, term) in held.iter_mut().zip(terms) {
                    *held = term.mul_add(factor, *held);
                }
            }
        }
        for (at, held) in held.iter().enumerate() {
            for (held, (panel, start)) in held.iter().zip(places) {
                let sum = sums.as_mut_ptr().add((panel * lanes + column + at) * lanes + start);
                V::load(sum).add(*held).store(sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a matrix in memory.
    #[derive(Clone, Copy)]
    enum Rows<'a, T> {
        Any(MatRef<'a, T>),
        /// One behind the other, of some length.
        InOrder(&'a [T], usize),
    }

    /// The sum by one kind of vectors.
    fn sum_by<V: Vector<Element: Real>, const COLUMNS: usize, const VECTORS: usize>(
        rows: Rows<V::Element>,
        weights: Option<&[V::Element]>,
    ) -> Vec<V::Element> {
        let (count, columns) = match rows {
            Rows::Any(matrix) => matrix.shape(),
            Rows::InOrder(elements, columns) => (elements.len() / columns, columns),
        };
        let mut gram = Gram::new(columns).unwrap();
        for start in (0..count).step_by(CHUNK_ROWS) {
            let len = CHUNK_ROWS.min(count - start);
            let weights = weights.map(|weights| &weights[start..start + len]);
            let chunk = match rows {
                Rows::Any(matrix) => Chunk::Any(matrix.subrows(start, len)),
                Rows::InOrder(elements, _) => gram.chunk(&elements[start * columns..], len),
            };
            gram.make_room(&chunk, weights).unwrap();
            vectorised(
                #[inline(always)]
                || gram.add_by::<V, COLUMNS, VECTORS>(chunk, weights, &[]),
            );
        }
        let triangle = (0..columns).flat_map(|row| (row..columns).map(move |column| (row, column)));
        triangle.map(|(row, column)| gram.at(row, column)).collect()
    }

    /// The sum, which all kinds of vectors of this processor compute alike.
    fn sum<T: Real + PartialEq + std::fmt::Debug>(rows: Rows<T>, weights: Option<&[T]>) -> Vec<T> {
        let any = sum_by::<T::Any, 4, 2>(rows, weights);
        let vectors = Vectors::of_processor();
        if vectors != Vectors::Any {
            assert_eq!(sum_by::<T::Bits256, 4, 2>(rows, weights), any);
        }
        if vectors == Vectors::Bits512 {
            assert_eq!(sum_by::<T::Bits512, 8, 3>(rows, weights), any);
        }
        any
    }

    fn element(seed: usize) -> f64 {
        (seed as f64 * 0.618_033_988_749_895).fract() - 0.5
    }

    #[test]
    fn all_vectors_and_orders_give_the_same_bits_and_the_sums() {
        for (rows, columns) in
            [(0, 3), (1, 1), (5, 7), (64, 8), (255, 9), (257, 28), (400, 33), (300, 64), (31, 65)]
        {
            let elements: Vec<f64> = (0..rows * columns).map(element).collect();
            let weights: Vec<f64> = (0..rows).map(|row| element(7 * row + 3)).collect();
            let matrix = MatRef::from_row_major_slice(&elements, rows, columns);
            let turned: Vec<f64> =
                matrix.col_iter().flat_map(|column| column.iter().copied()).collect();
            let turned = MatRef::from_column_major_slice(&turned, rows, columns);
            for weights in [None, Some(&weights[..])] {
                let found = sum(Rows::InOrder(&elements, columns), weights);
                let story = format!("{rows} x {columns}, weighted: {}", weights.is_some());
                assert_eq!(sum(Rows::Any(matrix), weights), found, "packed, {story}");
                assert_eq!(sum(Rows::Any(turned), weights), found, "by columns, {story}");
                let triangle = (0..columns).flat_map(|at| (at..columns).map(move |to| (at, to)));
                for ((at, to), found) in triangle.zip(found) {
                    let term = |row: usize| matrix[(row, at)] * matrix[(row, to)];
                    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
                    let wanted: f64 = (0..rows).map(|row| weight(row) * term(row)).sum();
                    assert!(
                        (found - wanted).abs() < 1e-12,
                        "{story} at {at}, {to}: {found} {wanted}"
                    );
                }
            }
        }
    }

    #[test]
    fn single_precision_has_vectors_too() {
        let elements: Vec<f32> = (0..300 * 19).map(|seed| element(seed) as f32).collect();
        let found = sum(Rows::InOrder(&elements, 19), None);
        let wanted: f32 = (0..300).map(|row| elements[row * 19] * elements[row * 19]).sum();
        assert!((found[0] - wanted).abs() < 1e-3, "{} {wanted}", found[0]);
    }
}
