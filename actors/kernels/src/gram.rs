//! Aᵀ D A for a tall A and a diagonal D: normal equations, the steps of Newton's method and symmetric products.
//!
//! Rows are packed into panels as wide as the widest vector, a chunk at a time, and the triangle is computed panel
//! against panel. Each element is summed over a chunk alone, in the order of the rows, whatever the shape of the piece
//! that registers hold: so all processors give the same bits. The method is that of K. Goto and R. van de Geijn,
//! "Anatomy of high-performance matrix multiplication", 2008.

mod vector;

use crate::Buffer;
use crate::elementwise::{Lane, Vectors, prefetch, vectorised, view, view_mut};
use faer::MatRef;
pub(crate) use vector::Vector;

/// Bytes of a row of a panel: the widest vector.
const ROW_BYTES: usize = 64;
/// Rows of a chunk: a panel then takes 16 KiB, and three and a weighted one lie in the first two levels of cache.
pub(crate) const CHUNK_ROWS: usize = 256;

/// An element of a product, with the vectors that compute with it.
pub(crate) trait Real: Lane + Default {
    type Bits512: Vector<Element = Self>;
    type Bits256: Vector<Element = Self>;
    type Any: Vector<Element = Self>;
}

/// The upper triangle of Aᵀ D A, summed chunk by chunk.
pub(crate) struct Gram<T> {
    columns: usize,
    /// The squares of pairs of panels, the first not behind the second, in the order of a packed triangle; row by row.
    sums: Vec<T>,
    /// The panels of a chunk one behind the other, and the same times their weights; rows of panels are aligned.
    panels: Buffer,
    weighted: Buffer,
}

impl<T: Real> Gram<T> {
    /// Columns of a panel.
    const LANES: usize = ROW_BYTES / size_of::<T>();
    const SQUARE: usize = Gram::<T>::LANES * Gram::<T>::LANES;

    pub(crate) fn new(columns: usize) -> Gram<T> {
        let panels = columns.div_ceil(Gram::<T>::LANES);
        Gram {
            columns,
            sums: vec![T::default(); panels * (panels + 1) / 2 * Gram::<T>::SQUARE],
            panels: Buffer::zeroed(0),
            weighted: Buffer::zeroed(0),
        }
    }

    /// Adds a chunk of rows, at most [`CHUNK_ROWS`], each with its weight where weights are given. Meanwhile the elements
    /// `ahead` come to the caches.
    pub(crate) fn add(&mut self, rows: MatRef<T>, weights: Option<&[T]>, ahead: &[T]) {
        self.reserve(rows.nrows(), weights.is_some());
        let vectors = Vectors::of_processor();
        vectorised(
            #[inline(always)]
            || match vectors {
                // 24 of 32 registers hold sums.
                Vectors::Bits512 => self.add_by::<T::Bits512, 8, 3>(rows, weights, ahead),
                // 8 of 16 registers hold sums.
                Vectors::Bits256 => self.add_by::<T::Bits256, 4, 2>(rows, weights, ahead),
                Vectors::Any => self.add_by::<T::Any, 4, 2>(rows, weights, ahead),
            },
        );
    }

    /// Adds a chunk by one kind of vectors, in code that is compiled for them.
    #[inline(always)]
    fn add_by<V: Vector<Element = T>, const COLUMNS: usize, const VECTORS: usize>(
        &mut self,
        rows: MatRef<T>,
        weights: Option<&[T]>,
        ahead: &[T],
    ) {
        pack::<V>(rows, view_mut(self.panels.as_bytes_mut()));
        let panels = view(self.panels.as_bytes());
        let left = match weights {
            None => panels,
            Some(weights) => {
                let weighted = self.weighted.as_bytes_mut();
                weigh::<V>(panels, weights, view_mut(weighted));
                view(weighted)
            }
        };
        multiply::<V, COLUMNS, VECTORS>(left, panels, rows.nrows(), &mut self.sums, ahead);
    }

    /// Makes room for a chunk. The columns that are missing in the last panel are never written and stay zero.
    fn reserve(&mut self, rows: usize, weighted: bool) {
        let bytes = self.columns.div_ceil(Gram::<T>::LANES) * rows * ROW_BYTES;
        if self.panels.as_bytes().len() != bytes {
            self.panels = Buffer::zeroed(bytes as u64);
        }
        if weighted && self.weighted.as_bytes().len() != bytes {
            self.weighted = Buffer::zeroed(bytes as u64);
        }
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

/// Copies columns into panels.
#[inline(always)]
fn pack<V: Vector>(rows: MatRef<V::Element>, panels: &mut [V::Element])
where
    V::Element: Real,
{
    let lanes = Gram::<V::Element>::LANES;
    for (panel, start) in
        panels.chunks_exact_mut((rows.nrows() * lanes).max(1)).zip((0..).step_by(lanes))
    {
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
}

/// Writes panels times the weights of their rows.
#[inline(always)]
fn weigh<V: Vector>(panels: &[V::Element], weights: &[V::Element], weighted: &mut [V::Element])
where
    V::Element: Real,
{
    let lanes = Gram::<V::Element>::LANES;
    let rows = panels.chunks_exact(lanes).zip(weighted.chunks_exact_mut(lanes));
    for ((row, weighted), &weight) in rows.zip(weights.iter().cycle()) {
        for at in (0..lanes).step_by(V::LEN) {
            // SAFETY: a row is whole vectors, and the caller runs the code only where they exist.
            unsafe {
                let elements = V::load(row.as_ptr().add(at));
                elements.mul(V::splat(weight)).store(weighted.as_mut_ptr().add(at));
            }
        }
    }
}

/// All pairs of panels, in pieces of some columns of the first one and some vectors of the second ones.
#[inline(always)]
fn multiply<V: Vector, const COLUMNS: usize, const VECTORS: usize>(
    left: &[V::Element],
    right: &[V::Element],
    rows: usize,
    sums: &mut [V::Element],
    ahead: &[V::Element],
) where
    V::Element: Real,
{
    let lanes = Gram::<V::Element>::LANES;
    // What is ahead comes in shares, a little with every piece: the processor waits for few lines at a time.
    let pieces = sums.len() / (COLUMNS * VECTORS * V::LEN);
    let mut shares = ahead.chunks((ahead.len() / pieces.max(1)).max(1));
    let mut rest = sums;
    for (index, first) in left.chunks_exact((rows * lanes).max(1)).enumerate() {
        let seconds = &right[index * rows * lanes..];
        let panels = seconds.len() / (rows * lanes);
        let (own, others) = rest.split_at_mut(panels * Gram::<V::Element>::SQUARE);
        rest = others;
        let vectors = panels * lanes / V::LEN;
        let whole = vectors - vectors % VECTORS;
        for column in (0..lanes).step_by(COLUMNS) {
            for vector in (0..whole).step_by(VECTORS) {
                prefetch(shares.next().unwrap_or_default());
                piece::<V, COLUMNS, VECTORS>(first, column, seconds, vector, rows, own);
            }
            for vector in whole..vectors {
                piece::<V, COLUMNS, 1>(first, column, seconds, vector, rows, own);
            }
        }
    }
}

/// Some columns of a panel times some vectors of columns of others, with the sums in registers.
#[inline(always)]
fn piece<V: Vector, const COLUMNS: usize, const VECTORS: usize>(
    first: &[V::Element],
    column: usize,
    seconds: &[V::Element],
    vector: usize,
    rows: usize,
    sums: &mut [V::Element],
) where
    V::Element: Real,
{
    let lanes = Gram::<V::Element>::LANES;
    // Where a vector of columns begins in its panel, and which panel that is.
    let places: [(usize, usize); VECTORS] = std::array::from_fn(|at| {
        let column = (vector + at) * V::LEN;
        (column / lanes, column % lanes)
    });
    assert!(first.len() >= rows * lanes && column + COLUMNS <= lanes);
    for (panel, _) in places {
        assert!(seconds.len() >= (panel + 1) * rows * lanes);
        assert!(sums.len() >= (panel + 1) * lanes * lanes);
    }
    // SAFETY: a place in a panel leaves room for a vector, because their lengths divide that of a row; panels and
    // squares are whole, as asserted above; and the caller runs the code only where the vectors exist.
    unsafe {
        let mut held = [[V::zero(); VECTORS]; COLUMNS];
        let factors = first.as_ptr().add(column);
        let terms = places.map(|(panel, at)| seconds.as_ptr().add(panel * rows * lanes + at));
        for row in 0..rows {
            let terms = terms.map(|terms| V::load(terms.add(row * lanes)));
            for (at, held) in held.iter_mut().enumerate() {
                let factor = V::splat(*factors.add(row * lanes + at));
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

    /// A sum, by one kind of vectors.
    fn sum<V: Vector<Element: Real>, const COLUMNS: usize, const VECTORS: usize>(
        rows: MatRef<V::Element>,
        weights: Option<&[V::Element]>,
    ) -> Vec<V::Element> {
        let mut gram = Gram::new(rows.ncols());
        for start in (0..rows.nrows()).step_by(CHUNK_ROWS) {
            let len = CHUNK_ROWS.min(rows.nrows() - start);
            gram.reserve(len, weights.is_some());
            let weights = weights.map(|weights| &weights[start..start + len]);
            let rows = rows.subrows(start, len);
            vectorised(
                #[inline(always)]
                || gram.add_by::<V, COLUMNS, VECTORS>(rows, weights, &[]),
            );
        }
        let order = rows.ncols();
        let triangle = (0..order).flat_map(|row| (row..order).map(move |column| (row, column)));
        triangle.map(|(row, column)| gram.at(row, column)).collect()
    }

    fn element(seed: usize) -> f64 {
        (seed as f64 * 0.618_033_988_749_895).fract() - 0.5
    }

    #[test]
    fn all_vectors_give_the_same_bits_and_the_sums() {
        for (rows, columns) in
            [(0, 3), (1, 1), (5, 7), (64, 8), (255, 9), (257, 28), (600, 33), (31, 65)]
        {
            let elements: Vec<f64> = (0..rows * columns).map(element).collect();
            let weights: Vec<f64> = (0..rows).map(|row| element(7 * row + 3)).collect();
            let straight = MatRef::from_row_major_slice(&elements, rows, columns);
            let turned = MatRef::from_column_major_slice(&elements, rows, columns);
            for (matrix, weights) in
                [(straight, None), (straight, Some(&weights[..])), (turned, None)]
            {
                let story = format!("{rows} x {columns}, weighted: {}", weights.is_some());
                let any = sum::<f64, 4, 2>(matrix, weights);
                #[cfg(target_arch = "x86_64")]
                {
                    let vectors = Vectors::of_processor();
                    if vectors != Vectors::Any {
                        let wide = sum::<<f64 as Real>::Bits256, 4, 2>(matrix, weights);
                        assert_eq!(wide, any, "{story}");
                    }
                    if vectors == Vectors::Bits512 {
                        let widest = sum::<<f64 as Real>::Bits512, 8, 3>(matrix, weights);
                        assert_eq!(widest, any, "{story}");
                    }
                }
                let triangle = (0..columns).flat_map(|at| (at..columns).map(move |to| (at, to)));
                for ((at, to), found) in triangle.zip(any) {
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
        let matrix = MatRef::from_row_major_slice(&elements, 300, 19);
        let any = sum::<f32, 4, 2>(matrix, None);
        #[cfg(target_arch = "x86_64")]
        if Vectors::of_processor() == Vectors::Bits512 {
            assert_eq!(sum::<<f32 as Real>::Bits512, 8, 3>(matrix, None), any);
            assert_eq!(sum::<<f32 as Real>::Bits256, 4, 2>(matrix, None), any);
        }
        let wanted: f32 = (0..300).map(|row| matrix[(row, 0)] * matrix[(row, 0)]).sum();
        assert!((any[0] - wanted).abs() < 1e-3, "{} {wanted}", any[0]);
    }
}
