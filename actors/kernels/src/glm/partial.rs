//! What the rows of a block add to the sums of Newton's method: X is read from memory once, tile by tile.

use super::link::{Bernoulli, Normal, Poisson, apply};
use crate::crew::{Crew, Shares, try_run};
use crate::elementwise::{Vectors, prefetch, vectorised};
use crate::gram::{CHUNK_ROWS, Gram, Real, Vector};
use crate::memory::zeros;
use crate::{Block, OutOfMemory};
use nums_lshs::GlmFamily;

/// Elements of a tile of rows: as they lie, packed, and packed times their weights they fill 768 KiB, which a
/// second-level cache holds.
const TILE_ELEMENTS: usize = 1 << 15;
/// Rows of a tile: enough that a product of tiles is worth its start, few enough that their numbers stay in the first
/// level.
const TILE_ROWS: std::ops::RangeInclusive<usize> = 128..=1024;
/// Tiles of a part of the work: 8 MiB of rows, which take far longer than to hand a part to a thread.
const PART_TILES: usize = 32;
/// Rows that are worked on together, so that a sum does not wait for the one before.
const ROWS: usize = 4;
/// Elements between those that are computed with and those that are asked for: 4 KiB.
const AHEAD: usize = 512;
/// Sums that run side by side in a row.
const LANES: usize = 4;

/// Writes the packed Hessian (on demand), gradient, negative log-likelihood and number of rows. Each tile is summed
/// alone before it is added, and so is each part, which keeps the rounding of long sums small.
///
/// # Errors
/// [`OutOfMemory`].
pub(super) fn partial(
    family: GlmFamily,
    curvature: bool,
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut [f64],
) -> Result<(), OutOfMemory> {
    let [x, y, beta] = [inputs[0], inputs[1], inputs[2]].map(Block::elements::<f64>);
    let (rows, columns) = (inputs[0].spec().shape[0], inputs[0].spec().shape[1]);
    let (slopes, intercept) = beta.split_at(columns);
    let tile_rows = (TILE_ELEMENTS / columns.max(1)).clamp(*TILE_ROWS.start(), *TILE_ROWS.end());
    let part_rows = PART_TILES * tile_rows;
    let apply = match family {
        GlmFamily::Normal => apply::<Normal>,
        GlmFamily::Bernoulli => apply::<Bernoulli>,
        GlmFamily::Poisson => apply::<Poisson>,
    };
    let new = || Sums::new(columns, !intercept.is_empty(), curvature);
    let parts = (0..rows.div_ceil(part_rows).max(1)).map(|_| new());
    let parts = parts.collect::<Result<Shares<Sums>, OutOfMemory>>()?;
    try_run(crew, parts.len(), |part| {
        let sums = &mut *parts.of(part);
        let end = rows.min((part + 1) * part_rows);
        let mut residuals = vec![0.0; tile_rows.min(rows)];
        let (mut weights, mut losses) = (residuals.clone(), residuals.clone());
        for start in (part * part_rows..end).step_by(tile_rows) {
            let count = tile_rows.min(end - start);
            let tile = &x[start * columns..][..count * columns];
            let [residuals, weights, losses] =
                [&mut residuals, &mut weights, &mut losses].map(|rows| &mut rows[..count]);
            residuals.fill(intercept.first().copied().unwrap_or(0.0));
            add_product(tile, slopes, residuals, !curvature);
            sums.loss += apply(residuals, &y[start..][..count], weights, losses);
            add_columns(tile, residuals, &mut sums.tile, &mut sums.gradient);
            sums.add_curvature(&x[start * columns..end * columns], weights)?;
        }
        Ok(())
    })?;
    let sums = parts.into_all().reduce(|mut sums, part| {
        sums.merge(&part);
        sums
    });
    match sums {
        Some(sums) => sums.pack(rows, result),
        None => new()?.pack(rows, result),
    }
    Ok(())
}

/// The sums over the tiles so far.
struct Sums {
    /// X' W X, where it is asked for.
    hessian: Option<Gram<f64>>,
    /// X' w and the sum of w: the column of the Hessian that belongs to an intercept, where there is one.
    border: Vec<f64>,
    /// X' r, and the sum of r for an intercept.
    gradient: Vec<f64>,
    loss: f64,
    /// Room for the sums of a tile by column: it is summed alone, which keeps the rounding of long sums small.
    tile: Vec<f64>,
    columns: usize,
}

impl Sums {
    fn new(columns: usize, intercept: bool, curvature: bool) -> Result<Sums, OutOfMemory> {
        let features = columns + usize::from(intercept);
        let border = if curvature && intercept { features } else { 0 };
        Ok(Sums {
            hessian: curvature.then(|| Gram::new(columns)).transpose()?,
            border: zeros(border)?,
            gradient: zeros(features)?,
            loss: 0.0,
            tile: zeros(columns)?,
            columns,
        })
    }

    /// H += X' (W X) where it is asked for, for the rows that have weights; meanwhile those behind them come to the caches.
    fn add_curvature(&mut self, rows: &[f64], weights: &[f64]) -> Result<(), OutOfMemory> {
        let Some(hessian) = &mut self.hessian else { return Ok(()) };
        let (own, behind) = rows.split_at(weights.len() * self.columns);
        add_columns(own, weights, &mut self.tile, &mut self.border);
        let mut shares = behind.chunks((CHUNK_ROWS * self.columns).max(1));
        for (chunk, weights) in weights.chunks(CHUNK_ROWS).enumerate() {
            let rows = &rows[chunk * CHUNK_ROWS * self.columns..];
            let ahead = shares.next().unwrap_or_default();
            hessian.add_rows(rows, weights.len(), Some(weights), ahead)?;
        }
        Ok(())
    }

    /// Adds the sums over other rows.
    fn merge(&mut self, other: &Sums) {
        if let (Some(sum), Some(other)) = (&mut self.hessian, &other.hessian) {
            sum.merge(other);
        }
        let pairs = self.border.iter_mut().zip(&other.border);
        let pairs = pairs.chain(self.gradient.iter_mut().zip(&other.gradient));
        pairs.for_each(|(sum, other)| *sum += other);
        self.loss += other.loss;
    }

    /// Packed Hessian, gradient, loss and number of rows, one behind the other.
    fn pack(&self, rows: usize, result: &mut [f64]) {
        let columns = self.columns;
        let (border, corner) = self.border.split_at(columns.min(self.border.len()));
        let packed = self.hessian.iter().flat_map(|hessian| {
            (0..columns).flat_map(move |row| {
                let own = (row..columns).map(move |column| hessian.at(row, column));
                own.chain(border.get(row).copied())
            })
        });
        let scalars = [self.loss, rows as f64];
        let dense = corner.iter().chain(&self.gradient).chain(&scalars).copied();
        let all = packed.chain(dense);
        result.iter_mut().zip(all).for_each(|(target, value)| *target = value);
    }
}

/// Adds X b to `sums`; `first` says that nobody has read the rows or asked for them, so that memory would be waited for.
fn add_product(rows: &[f64], factors: &[f64], sums: &mut [f64], first: bool) {
    let vectors = Vectors::of_processor();
    vectorised(
        #[inline(always)]
        || match vectors {
            Vectors::Any => add_product_by::<f64>(rows, factors, sums, first),
            Vectors::Bits256 | Vectors::Bits512 => {
                add_product_by::<<f64 as Real>::Bits256>(rows, factors, sums, first);
            }
        },
    );
}

/// Adds X b to `sums`: rows side by side, so that a sum does not wait for the one before.
#[inline(always)]
fn add_product_by<V: Vector<Element = f64>>(
    rows: &[f64],
    factors: &[f64],
    sums: &mut [f64],
    first: bool,
) {
    let columns = factors.len();
    if columns == 0 {
        return;
    }
    let four_len = ROWS * columns;
    let fours = rows.chunks_exact(four_len);
    let rest = fours.remainder().chunks_exact(columns);
    let ahead = rows.get(four_len.max(AHEAD)..).filter(|_| first);
    let ahead = ahead.unwrap_or_default().chunks(four_len);
    let ahead = ahead.chain(std::iter::repeat(&[][..]));
    let (sum_fours, sum_rest) = sums.as_chunks_mut::<ROWS>();
    for ((rows, sums), ahead) in fours.zip(sum_fours).zip(ahead) {
        prefetch(ahead);
        let products = dots::<V, ROWS>(four(rows, columns), factors);
        sums.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
    }
    for (row, sum) in rest.zip(sum_rest) {
        *sum += dots::<V, 1>([row], factors)[0];
    }
}

/// Products of vectors, in a fixed order whatever the number of rows: in [`LANES`] sums side by side.
#[inline(always)]
fn dots<V: Vector<Element = f64>, const COUNT: usize>(
    rows: [&[f64]; COUNT],
    factors: &[f64],
) -> [f64; COUNT] {
    let whole = factors.len() - factors.len() % LANES;
    assert!(rows.iter().all(|row| row.len() >= whole));
    let mut lanes = [[0.0; LANES]; COUNT];
    for part in (0..LANES).step_by(V::LEN) {
        // SAFETY: rows and factors have `whole` elements, of which a vector takes some of each group of lanes; and the
        // caller runs the code only where the vectors exist.
        unsafe {
            let mut sums = [V::zero(); COUNT];
            for at in (part..whole).step_by(LANES) {
                let factor = V::load(factors.as_ptr().add(at));
                for (sum, row) in sums.iter_mut().zip(rows) {
                    *sum = V::load(row.as_ptr().add(at)).mul_add(factor, *sum);
                }
            }
            for (lanes, sum) in lanes.iter_mut().zip(sums) {
                sum.store(lanes.as_mut_ptr().add(part));
            }
        }
    }
    let mut products = [0.0; COUNT];
    for ((product, [a, b, c, d]), row) in products.iter_mut().zip(lanes).zip(rows) {
        let rest = row[whole..].iter().zip(&factors[whole..]);
        *product = rest.fold((a + b) + (c + d), |sum, (x, y)| x.mul_add(*y, sum));
    }
    products
}

/// Adds X' f to the first of `sums`, and the sum of f to the one behind them where there is one.
fn add_columns(rows: &[f64], factors: &[f64], tile: &mut [f64], sums: &mut [f64]) {
    if sums.is_empty() {
        return;
    }
    tile.fill(0.0);
    let vectors = Vectors::of_processor();
    vectorised(
        #[inline(always)]
        || match vectors {
            Vectors::Any => add_columns_by::<f64>(rows, factors, tile),
            Vectors::Bits256 | Vectors::Bits512 => {
                add_columns_by::<<f64 as Real>::Bits256>(rows, factors, tile);
            }
        },
    );
    sums.iter_mut().zip(&*tile).for_each(|(sum, tile)| *sum += tile);
    if let Some(last) = sums.get_mut(tile.len()) {
        *last += factors.iter().sum::<f64>();
    }
}

/// Adds X' f: four rows at once, so that sums are read and written a quarter as often.
#[inline(always)]
fn add_columns_by<V: Vector<Element = f64>>(rows: &[f64], factors: &[f64], sums: &mut [f64]) {
    let columns = sums.len();
    let fours = rows.chunks_exact((ROWS * columns).max(1));
    let rest = fours.remainder().chunks_exact(columns.max(1));
    let (factor_fours, factor_rest) = factors.as_chunks::<ROWS>();
    for (rows, factors) in fours.zip(factor_fours) {
        let rows = four(rows, columns);
        let whole = columns - columns % V::LEN;
        // SAFETY: rows and sums have `columns` elements; and the caller runs the code only where the vectors exist.
        unsafe {
            let [f, g, h, i] = factors.map(|factor| V::splat(factor));
            for at in (0..whole).step_by(V::LEN) {
                let [a, b, c, d] = rows.map(|row| V::load(row.as_ptr().add(at)));
                let pair = a.mul_add(f, b.mul(g)).add(c.mul_add(h, d.mul(i)));
                let sum = sums.as_mut_ptr().add(at);
                V::load(sum).add(pair).store(sum);
            }
        }
        let ([a, b, c, d], [f, g, h, i]) = (rows, *factors);
        for at in whole..columns {
            sums[at] += a[at].mul_add(f, b[at] * g) + c[at].mul_add(h, d[at] * i);
        }
    }
    for (row, &factor) in rest.zip(factor_rest) {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum = x.mul_add(factor, *sum));
    }
}

/// Rows that lie one behind the other.
#[inline(always)]
fn four(rows: &[f64], columns: usize) -> [&[f64]; ROWS] {
    let (first, rest) = rows.split_at(columns);
    let (second, rest) = rest.split_at(columns);
    let (third, rest) = rest.split_at(columns);
    [first, second, third, &rest[..columns]]
}
