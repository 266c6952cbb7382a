//! QR factorisation of blocks and of stacked triangles by Householder reflections, by faer on one thread.
//!
//! Signs are chosen so that the diagonal of R is not negative: R, and Q where the block has full rank, are then
//! unique, whatever the order in which a tree combines them.
//!
//! From the first column on that holds what is not finite, both factors are NaN; those before it are as ever. Reflections
//! would take such a column for a short one, and the factors for numbers.

use crate::linalg::Real;
use crate::memory::{matrix, scratch};
use crate::{Block, OutOfMemory};
use faer::dyn_stack::MemStack;
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj,
};
use faer::linalg::qr::no_pivoting::factor::{
    qr_in_place, qr_in_place_scratch, recommended_block_size,
};
use faer::{Conj, Mat, MatMut, MatRef, Par};
use nums_lshs::{DType, QrStep, packed_order};

/// Computes a step of a TSQR into its outputs; `None` when the dtype has no kernel.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn step(
    step: QrStep,
    inputs: &[&Block],
    results: &mut [Block],
) -> Result<Option<()>, OutOfMemory> {
    match results[0].spec().dtype {
        DType::Float32 => compute::<f32>(step, inputs, results)?,
        DType::Float64 => compute::<f64>(step, inputs, results)?,
        _ => return Ok(None),
    }
    Ok(Some(()))
}

fn compute<T: Real>(
    step: QrStep,
    inputs: &[&Block],
    results: &mut [Block],
) -> Result<(), OutOfMemory> {
    let (r, q) = results.split_at_mut(1);
    let r = &mut r[0];
    let factors = match step {
        QrStep::Factor { .. } => Factors::<T>::of(filled_up(inputs[0])?)?,
        QrStep::Combine { .. } => Factors::<T>::of(stacked(inputs[0], inputs[1])?)?,
        QrStep::Unpack => return unpack::<T>(inputs[0], r),
    };
    factors.pack(r.elements_mut());
    if q.is_empty() {
        return Ok(());
    }
    // Without those of rows that only fill the block up, the rows of Q are those of its blocks, one after the other.
    let thin = factors.thin_q()?;
    let mut from = 0;
    for q in q {
        let [rows, columns] = [0, 1].map(|axis| q.spec().shape[axis]);
        let target = MatMut::from_row_major_slice_mut(q.elements_mut::<T>(), rows, columns);
        let (mut target, mut rest) = target.split_at_col_mut(factors.finite);
        target.copy_from(thin.as_ref().subrows(from, rows));
        rest.fill(T::NAN);
        from += rows;
    }
    Ok(())
}

fn unpack<T: Real>(packed: &Block, result: &mut Block) -> Result<(), OutOfMemory> {
    let order = result.spec().shape[0];
    let packed = triangle::<T>(packed)?;
    let target = result.elements_mut::<T>();
    for (row, values) in target.chunks_mut(order.max(1)).enumerate() {
        let cells = values.iter_mut().enumerate();
        cells.for_each(|(column, value)| *value = packed[(row, column)]);
    }
    Ok(())
}

/// The reflections and R of a matrix with at least as many rows as columns.
struct Factors<T> {
    /// R in the upper triangle, the reflections below it.
    basis: Mat<T>,
    coefficients: Mat<T>,
    /// The first columns, all of which are finite: these alone are factorised.
    finite: usize,
}

impl<T: Real> Factors<T> {
    fn of(mut basis: Mat<T>) -> Result<Factors<T>, OutOfMemory> {
        let (rows, finite) = (basis.nrows(), finite_columns(basis.as_ref()));
        let block = recommended_block_size::<T>(rows, finite).clamp(1, finite.max(1));
        let mut coefficients = matrix(block, finite, |_, _| T::default())?;
        if finite > 0 {
            let need = qr_in_place_scratch::<T>(rows, finite, block, Par::Seq, Default::default());
            let mut memory = scratch(need)?;
            let stack = MemStack::new(&mut memory);
            let columns = basis.as_mut().subcols_mut(0, finite);
            qr_in_place(columns, coefficients.as_mut(), Par::Seq, stack, Default::default());
        }
        Ok(Factors { basis, coefficients, finite })
    }

    /// -1 for a row of R whose diagonal element is negative.
    fn sign(&self, row: usize) -> T {
        if self.basis[(row, row)] < T::default() { -T::ONE } else { T::ONE }
    }

    /// The upper triangle of R, row by row.
    fn pack(&self, target: &mut [T]) {
        let columns = self.basis.ncols();
        let cells = (0..columns).flat_map(|row| (row..columns).map(move |column| (row, column)));
        for (value, (row, column)) in target.iter_mut().zip(cells) {
            *value = if column < self.finite {
                self.sign(row) * self.basis[(row, column)]
            } else {
                T::NAN
            };
        }
    }

    /// The first columns of Q, as many as R has that are finite.
    fn thin_q(&self) -> Result<Mat<T>, OutOfMemory> {
        let (rows, columns) = (self.basis.nrows(), self.finite);
        let mut q =
            matrix(
                rows,
                columns,
                |row, column| {
                    if row == column { self.sign(row) } else { T::default() }
                },
            )?;
        if columns > 0 {
            let need = apply_block_householder_sequence_on_the_left_in_place_scratch::<T>(
                rows,
                self.coefficients.nrows(),
                columns,
            );
            let mut memory = scratch(need)?;
            apply_block_householder_sequence_on_the_left_in_place_with_conj(
                self.basis.as_ref().subcols(0, columns),
                self.coefficients.as_ref(),
                Conj::No,
                q.as_mut(),
                Par::Seq,
                MemStack::new(&mut memory),
            );
        }
        Ok(q)
    }
}

/// How many columns come before the first that holds what is not finite.
fn finite_columns<T: Real>(matrix: MatRef<T>) -> usize {
    let finite = |column: usize| (0..matrix.nrows()).all(|row| matrix[(row, column)].finite());
    (0..matrix.ncols()).find(|&column| !finite(column)).unwrap_or(matrix.ncols())
}

/// A block, with rows of zeros below it when it has fewer rows than columns.
fn filled_up<T: Real>(block: &Block) -> Result<Mat<T>, OutOfMemory> {
    let (rows, columns) = (block.spec().shape[0], block.spec().shape[1]);
    let elements = block.elements::<T>();
    matrix(rows.max(columns), columns, |row, column| {
        if row < rows { elements[row * columns + column] } else { T::default() }
    })
}

/// Two packed triangles, one above the other.
fn stacked<T: Real>(upper: &Block, lower: &Block) -> Result<Mat<T>, OutOfMemory> {
    let [upper, lower] = [triangle::<T>(upper)?, triangle::<T>(lower)?];
    let order = upper.ncols();
    matrix(2 * order, order, |row, column| {
        if row < order { upper[(row, column)] } else { lower[(row - order, column)] }
    })
}

/// A packed triangle with zeros below the diagonal.
fn triangle<T: Real>(packed: &Block) -> Result<Mat<T>, OutOfMemory> {
    let elements = packed.elements::<T>();
    let order = packed_order(elements.len()).unwrap_or(0);
    matrix(order, order, |row, column| {
        // Row r starts behind rows of lengths n, n - 1, ..., n - r + 1.
        if row <= column {
            elements[row * (2 * order + 1 - row) / 2 + column - row]
        } else {
            T::default()
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::{Alone, Block, Buffer, execute_with};
    use nums_lshs::{BlockSpec, DType, Op, QrStep, Shape};
    use std::sync::Arc;

    fn block(lengths: &[usize], elements: impl Fn(usize) -> f64) -> Arc<Block> {
        let spec = BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
        let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
        let all = block.elements_mut::<f64>().iter_mut().enumerate();
        all.for_each(|(index, element)| *element = elements(index));
        Arc::new(block)
    }

    fn outputs(step: QrStep, inputs: &[&Arc<Block>]) -> Vec<Arc<Block>> {
        let inputs = inputs.iter().map(|input| Arc::clone(input)).collect();
        let given = execute_with(&Op::Qr(step), inputs, &Alone, &mut Buffer::zeroed).unwrap();
        given.into_iter().map(Arc::new).collect()
    }

    /// The first output, which is the same whether Q is given too or not.
    fn run(step: QrStep, inputs: &[&Arc<Block>]) -> Arc<Block> {
        outputs(step, inputs).swap_remove(0)
    }

    const FACTOR: QrStep = QrStep::Factor { q: true };
    const COMBINE: QrStep = QrStep::Combine { q: true };

    fn product(left: &Block, right: &Block) -> Vec<f64> {
        let ([rows, inner], columns) =
            ([left.spec().shape[0], left.spec().shape[1]], right.spec().shape[1]);
        let (a, b) = (left.elements::<f64>(), right.elements::<f64>());
        let cell = |at: usize| {
            (0..inner).map(|k| a[at / columns * inner + k] * b[k * columns + at % columns]).sum()
        };
        (0..rows * columns).map(cell).collect()
    }

    fn assert_near(left: &[f64], right: &[f64]) {
        assert_eq!(left.len(), right.len());
        for (left, right) in left.iter().zip(right) {
            assert!((left - right).abs() < 1e-12, "{left} {right}");
        }
    }

    /// Elements without a pattern: a Weyl sequence.
    fn scattered(seed: usize) -> impl Fn(usize) -> f64 {
        move |index| ((index + 100 * seed) as f64 * 0.618_033_988_749_895).fract() - 0.5
    }

    #[test]
    fn a_tree_of_two_blocks_gives_back_the_matrix() {
        for rows in [[7, 5], [3, 2], [1, 9], [0, 4]] {
            let [upper, lower] = [0, 1].map(|at| block(&[rows[at], 3], scattered(at)));
            let factors = [&upper, &lower].map(|leaf| outputs(FACTOR, &[leaf]));
            let [[r0, q0], [r1, q1]] = factors.each_ref().map(|given| [&given[0], &given[1]]);
            let combined = outputs(COMBINE, &[r0, r1]);
            let r = run(QrStep::Unpack, &[&combined[0]]);
            assert!((0..3).all(|row| r.elements::<f64>()[row * 4] >= 0.0));
            for (leaf, q, half) in [(&upper, q0, &combined[1]), (&lower, q1, &combined[2])] {
                let q = block(&[leaf.spec().shape[0], 3], |at| product(q, half)[at]);
                assert_near(&product(&q, &r), leaf.elements::<f64>());
            }
        }
    }

    #[test]
    fn r_has_the_same_bits_with_q_and_without() {
        let x = block(&[7, 3], scattered(1));
        let with_q = outputs(FACTOR, &[&x]);
        let alone = outputs(QrStep::Factor { q: false }, &[&x]);
        assert_eq!((with_q.len(), alone.len()), (2, 1));
        assert_eq!(with_q[0].bytes(), alone[0].bytes());
        let combined = outputs(COMBINE, &[&alone[0], &alone[0]]);
        let alone = outputs(QrStep::Combine { q: false }, &[&alone[0], &alone[0]]);
        assert_eq!((combined.len(), alone.len()), (3, 1));
        assert_eq!(combined[0].bytes(), alone[0].bytes());
    }

    #[test]
    fn q_is_orthonormal_and_r_is_that_of_the_whole_matrix() {
        let whole = block(&[40, 6], scattered(3));
        let q = outputs(FACTOR, &[&whole]).swap_remove(1);
        let transposed = block(&[6, 40], |at| q.elements::<f64>()[at % 40 * 6 + at / 40]);
        let identity: Vec<f64> = (0..36).map(|at| f64::from(u8::from(at % 7 == 0))).collect();
        assert_near(&product(&transposed, &q), &identity);
        let [upper, lower] =
            [0, 1].map(|half| block(&[20, 6], |at| whole.elements::<f64>()[half * 120 + at]));
        let (r0, r1) = (run(FACTOR, &[&upper]), run(FACTOR, &[&lower]));
        let tree = run(COMBINE, &[&r0, &r1]);
        assert_near(tree.elements::<f64>(), run(FACTOR, &[&whole]).elements::<f64>());
    }

    #[test]
    fn empty_blocks_have_empty_factors() {
        let empty = block(&[5, 0], |_| 0.0);
        let r = run(FACTOR, &[&empty]);
        assert_eq!(r.spec().shape[..], [0]);
        assert_eq!(run(QrStep::Unpack, &[&r]).spec().shape[..], [0, 0]);
        assert_eq!(outputs(FACTOR, &[&empty])[1].spec().shape[..], [5, 0]);
    }
}
