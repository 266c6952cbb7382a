//! Contractions of blocks: pairs of operands from the last to the first, each pair as products of matrices.

use crate::block::with_element;
use crate::copy::{Axis, copy, strides};
use crate::crew::Crew;
use crate::matmul::{Matrix, Product};
use crate::memory::zeros;
use crate::{Block, OutOfMemory};
use ndarray::{ArrayViewD, ArrayViewMutD, IxDyn, Zip};
use num_complex::Complex;
use nums_lshs::Einsum;
use std::borrow::Cow;

/// An operand in C order, with the labels and lengths of its axes: the elements of a block until they have to be moved.
struct Labelled<'a, T: Clone> {
    labels: Vec<u8>,
    lengths: Vec<usize>,
    elements: Cow<'a, [T]>,
}

/// Elements whose products can be summed.
trait Number: Product {
    fn plus(self, other: Self) -> Self;
    /// Adds the sums along an axis, which disappears, to zeros.
    fn sums(values: ArrayViewD<Self>, axis: ndarray::Axis, sums: ArrayViewMutD<Self>);
}

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl Number for $float {
            fn plus(self, other: Self) -> Self {
                self + other
            }
            fn sums(values: ArrayViewD<Self>, axis: ndarray::Axis, sums: ArrayViewMutD<Self>) {
                if axis.index() + 1 == values.ndim() {
                    // Numbers in a row are summed in several chains.
                    let lanes = Zip::from(sums).and(values.lanes(axis));
                    return lanes.for_each(|sum, lane| *sum = lane.sum());
                }
                plane_by_plane(values, axis, sums);
            }
        }
    )*};
}

/// Integers wrap and bools are "any of both", as in products of matrices.
macro_rules! exact {
    ($($element:ty => $plus:expr),* $(,)?) => {$(
        impl Number for $element {
            fn plus(self, other: Self) -> Self {
                $plus(self, other)
            }
            fn sums(values: ArrayViewD<Self>, axis: ndarray::Axis, sums: ArrayViewMutD<Self>) {
                plane_by_plane(values, axis, sums);
            }
        }
    )*};
}

fn plane_by_plane<T: Number>(
    values: ArrayViewD<T>,
    axis: ndarray::Axis,
    mut sums: ArrayViewMutD<T>,
) {
    for plane in values.axis_iter(axis) {
        Zip::from(&mut sums).and(&plane).for_each(|sum, &value| *sum = sum.plus(value));
    }
}

floats!(f32, f64, Complex<f32>, Complex<f64>);
exact! {
    u8 => u8::wrapping_add,
    u16 => u16::wrapping_add,
    u32 => u32::wrapping_add,
    u64 => u64::wrapping_add,
    i8 => i8::wrapping_add,
    i16 => i16::wrapping_add,
    i32 => i32::wrapping_add,
    i64 => i64::wrapping_add,
    bool => |left, right| left | right,
}

/// Computes the contraction into `result`, or adds it to what `result` holds.
///
/// # Errors
/// [`OutOfMemory`].
pub(crate) fn contract(
    einsum: &Einsum,
    operands: &[&Block],
    result: &mut Block,
    accumulate: bool,
    crew: &dyn Crew,
) -> Result<(), OutOfMemory> {
    with_element!(result.spec().dtype, T => {
        contract_elements::<T>(einsum, operands, result, accumulate, crew)
    })
}

/// The last two operands are contracted first, so an MTTKRP `ijk,jf,kf->if` builds the small product of its factors
/// and reads the tensor once.
fn contract_elements<T: Number>(
    einsum: &Einsum,
    operands: &[&Block],
    result: &mut Block,
    accumulate: bool,
    crew: &dyn Crew,
) -> Result<(), OutOfMemory> {
    let labelled = einsum.operands().iter().zip(operands).map(|(labels, block)| Labelled {
        labels: labels.clone(),
        lengths: block.spec().shape.to_vec(),
        elements: Cow::Borrowed(block.elements::<T>()),
    });
    let mut rest: Vec<Labelled<T>> = labelled.collect();
    while rest.len() > 1 {
        let (Some(right), Some(left)) = (rest.pop(), rest.pop()) else { break };
        let needed = |label: &u8| {
            einsum.output().contains(label) || rest.iter().any(|other| other.labels.contains(label))
        };
        let pair = Pair::new(left, right, needed)?;
        if rest.is_empty() && pair.labels() == einsum.output() {
            return pair.multiply(result.elements_mut(), accumulate, crew);
        }
        rest.push(pair.product(crew)?);
    }
    let Some(last) = rest.pop() else { return Ok(()) };
    let summed = last.summed(|label| einsum.output().contains(label))?;
    let value = summed.in_order(einsum.output())?;
    let target = result.elements_mut::<T>();
    if accumulate {
        target.iter_mut().zip(&*value).for_each(|(sum, &value)| *sum = sum.plus(value));
    } else {
        target.copy_from_slice(&value);
    }
    Ok(())
}

impl<T: Number> Labelled<'_, T> {
    /// Sums the axes that are neither needed later nor shared with the other operand.
    fn without(
        self,
        needed: impl Fn(&u8) -> bool,
        other: &Labelled<T>,
    ) -> Result<Self, OutOfMemory> {
        self.summed(|label| needed(label) || other.labels.contains(label))
    }

    /// Sums all axes but some, the last one first.
    fn summed(mut self, kept: impl Fn(&u8) -> bool) -> Result<Self, OutOfMemory> {
        for axis in (0..self.labels.len()).rev() {
            if !kept(&self.labels[axis]) {
                let whole = self.lengths.clone();
                self.labels.remove(axis);
                self.lengths.remove(axis);
                let mut sums = zeros(self.lengths.iter().product())?;
                let views = (
                    ArrayViewD::from_shape(IxDyn(&whole), &self.elements),
                    ArrayViewMutD::from_shape(IxDyn(&self.lengths), &mut sums),
                );
                let (Ok(values), Ok(view)) = views else {
                    unreachable!("an operand has as many elements as its lengths say")
                };
                T::sums(values, ndarray::Axis(axis), view);
                self.elements = Cow::Owned(sums);
            }
        }
        Ok(self)
    }

    /// The labels that satisfy a condition.
    fn group(&self, holds: impl Fn(&u8) -> bool) -> Vec<u8> {
        self.labels.iter().copied().filter(holds).collect()
    }

    /// The elements in C order with the axes in the order of some labels: copied where they are not so already.
    fn in_order(&self, labels: &[u8]) -> Result<Cow<'_, [T]>, OutOfMemory> {
        if labels == self.labels {
            return Ok(Cow::Borrowed(&self.elements));
        }
        let lengths: Vec<usize> = labels.iter().filter_map(|&label| self.len_of(label)).collect();
        let (from, to) = (strides(&self.lengths), strides(&lengths));
        let axis = |((label, len), to): ((&u8, usize), usize)| {
            let own = self.labels.iter().position(|own| own == label);
            Axis { len, from: own.map_or(0, |axis| from[axis] as isize), to }
        };
        let axes: Vec<Axis> = labels.iter().zip(lengths).zip(to).map(axis).collect();
        let mut moved = zeros(self.elements.len())?;
        copy((&*self.elements, 0), (&mut moved, 0), &axes);
        Ok(Cow::Owned(moved))
    }

    /// The elements as matrices one behind the other, and whether those are read transposed: copied only where neither
    /// is how they lie.
    fn matrices(
        &self,
        batch: &[u8],
        rows: &[u8],
        columns: &[u8],
    ) -> Result<(Cow<'_, [T]>, bool), OutOfMemory> {
        let transposed = [batch, columns, rows].concat();
        Ok(match transposed == self.labels {
            true => (Cow::Borrowed(&self.elements), true),
            false => (self.in_order(&[batch, rows, columns].concat())?, false),
        })
    }

    /// The length of a label's axis.
    fn len_of(&self, label: u8) -> Option<usize> {
        let axis = self.labels.iter().position(|&own| own == label)?;
        Some(self.lengths[axis])
    }
}

/// Two operands as one product of matrices for each value of the labels that both have and that stay.
struct Pair<'a, T: Clone> {
    left: Labelled<'a, T>,
    right: Labelled<'a, T>,
    batch: Vec<u8>,
    row: Vec<u8>,
    inner: Vec<u8>,
    column: Vec<u8>,
}

impl<'a, T: Number> Pair<'a, T> {
    fn new(
        left: Labelled<'a, T>,
        right: Labelled<'a, T>,
        needed: impl Fn(&u8) -> bool,
    ) -> Result<Pair<'a, T>, OutOfMemory> {
        let left = left.without(&needed, &right)?;
        let right = right.without(&needed, &left)?;
        let shared = |label: &u8| left.labels.contains(label) && right.labels.contains(label);
        // The labels that are summed go in the order of the larger operand, which then need not be moved.
        let larger = if left.elements.len() < right.elements.len() { &right } else { &left };
        let batch = left.group(|label| shared(label) && needed(label));
        let inner = larger.group(|label| shared(label) && !needed(label));
        let row = left.group(|label| !shared(label));
        let column = right.group(|label| !shared(label));
        Ok(Pair { left, right, batch, row, inner, column })
    }

    /// The labels of the product's axes.
    fn labels(&self) -> Vec<u8> {
        [&self.batch[..], &self.row, &self.column].concat()
    }

    fn len_of(&self, label: u8) -> usize {
        self.left.len_of(label).or(self.right.len_of(label)).unwrap_or(1)
    }

    fn product(&self, crew: &dyn Crew) -> Result<Labelled<'static, T>, OutOfMemory> {
        let labels = self.labels();
        let lengths: Vec<usize> = labels.iter().map(|&label| self.len_of(label)).collect();
        let mut elements = zeros(lengths.iter().product())?;
        self.multiply(&mut elements, false, crew)?;
        Ok(Labelled { labels, lengths, elements: Cow::Owned(elements) })
    }

    /// Writes the product to `target`, or adds it.
    fn multiply(
        &self,
        target: &mut [T],
        accumulate: bool,
        crew: &dyn Crew,
    ) -> Result<(), OutOfMemory> {
        let Pair { left, right, batch, row, inner, column } = self;
        let count = |labels: &[u8]| labels.iter().map(|&label| self.len_of(label)).product();
        let [batches, rows, inners, columns]: [usize; 4] =
            [batch, row, inner, column].map(|labels| count(labels));
        let lefts = left.matrices(batch, row, inner)?;
        let rights = right.matrices(batch, inner, column)?;
        for at in 0..batches {
            let target = &mut target[at * rows * columns..][..rows * columns];
            // C(b) = A(b) B(b)
            let left = matrix(&lefts, at, rows, inners);
            let right = matrix(&rights, at, inners, columns);
            T::product(target, left, right, accumulate, crew)?;
        }
        Ok(())
    }
}

/// One of some matrices that lie one behind the other, all of them read transposed or not.
fn matrix<'a, T: Clone>(
    (elements, transposed): &'a (Cow<'_, [T]>, bool),
    index: usize,
    rows: usize,
    columns: usize,
) -> Matrix<'a, T> {
    let elements = &elements[index * rows * columns..][..rows * columns];
    match transposed {
        true => Matrix::new(elements, columns, rows).turned(),
        false => Matrix::new(elements, rows, columns),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Block, Buffer, KernelError, execute};
    use nums_lshs::{BlockSpec, DType, Einsum, Op, Program, Shape, UnaryOp};
    use std::sync::Arc;

    fn block(lengths: &[usize], seed: usize) -> Arc<Block> {
        let spec = BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
        let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
        for (index, element) in block.elements_mut::<f64>().iter_mut().enumerate() {
            *element = ((index * 7 + seed * 13) % 11) as f64 - 5.0;
        }
        Arc::new(block)
    }

    /// The plain loop over all labels.
    fn loops(einsum: &Einsum, operands: &[Arc<Block>], result: &[usize]) -> Vec<f64> {
        let specs: Vec<_> = operands.iter().map(|block| block.spec()).collect();
        let extents = einsum.extents(&specs).unwrap();
        let labels: Vec<u8> = extents.keys().copied().collect();
        let all = Shape::new(extents.values().copied().collect::<Vec<_>>()).unwrap();
        let result = Shape::new(result).unwrap();
        let mut sum = vec![0.0; result.elements()];
        for index in 0..all.elements() {
            let at = all.unravel(index);
            let pick = |wanted: &[u8]| -> Vec<usize> {
                let axis = |label: &u8| labels.iter().position(|own| own == label).unwrap();
                wanted.iter().map(|label| at[axis(label)]).collect()
            };
            let factors = einsum.operands().iter().zip(operands).map(|(labels, block)| {
                block.elements::<f64>()[block.spec().shape.ravel(&pick(labels))]
            });
            sum[result.ravel(&pick(einsum.output()))] += factors.product::<f64>();
        }
        sum
    }

    fn cast(block: &Arc<Block>, to: DType) -> Arc<Block> {
        let cast = Op::Map(Program::cast(block.spec().dtype, to));
        Arc::new(execute(&cast, vec![block.clone()], &mut Buffer::zeroed).unwrap())
    }

    fn check(subscripts: &str, shapes: &[&[usize]]) {
        let einsum = Einsum::parse(subscripts).unwrap();
        let operands: Vec<_> =
            shapes.iter().enumerate().map(|(seed, shape)| block(shape, seed)).collect();
        let op = Op::Contract { einsum: einsum.clone(), accumulate: false };
        let once = execute(&op, operands.clone(), &mut Buffer::zeroed).unwrap();
        // Small whole numbers: every order of summation gives the same.
        let expected = loops(&einsum, &operands, &once.spec().shape);
        assert_eq!(once.elements::<f64>(), expected, "{subscripts}");
        for dtype in [DType::Float32, DType::Int64, DType::Int32] {
            let narrow = operands.iter().map(|operand| cast(operand, dtype)).collect();
            let found = execute(&op, narrow, &mut Buffer::zeroed).unwrap();
            let found = cast(&Arc::new(found), DType::Float64);
            assert_eq!(found.elements::<f64>(), expected, "{subscripts} of {dtype}");
        }
        // Of bools: whether there is a product of numbers that are not 0, which squares cannot cancel.
        let squares: Vec<_> = operands
            .iter()
            .map(|operand| {
                let square = Op::Map(Program::unary(UnaryOp::Square, DType::Float64));
                Arc::new(execute(&square, vec![operand.clone()], &mut Buffer::zeroed).unwrap())
            })
            .collect();
        let any: Vec<bool> =
            loops(&einsum, &squares, &once.spec().shape).iter().map(|&sum| sum != 0.0).collect();
        let truths = operands.iter().map(|operand| cast(operand, DType::Bool)).collect();
        let found = execute(&op, truths, &mut Buffer::zeroed).unwrap();
        assert_eq!(found.elements::<bool>(), any, "{subscripts} of bools");
        let op = Op::Contract { einsum, accumulate: true };
        let with_sum: Vec<_> = [Arc::new(once)].into_iter().chain(operands).collect();
        let twice = execute(&op, with_sum, &mut Buffer::zeroed).unwrap();
        let doubled: Vec<_> = expected.iter().map(|value| value * 2.0).collect();
        assert_eq!(twice.elements::<f64>(), doubled, "{subscripts}");
    }

    #[test]
    fn contractions_equal_the_plain_loop() {
        check("i,j->ij", &[&[3], &[4]]);
        check("ijk,kf->ijf", &[&[2, 3, 4], &[4, 5]]);
        check("ijk,jkf->if", &[&[2, 3, 4], &[3, 4, 5]]);
        check("ijk,jf,kf->if", &[&[2, 3, 4], &[3, 5], &[4, 5]]);
        check("bij,bjk->bki", &[&[2, 3, 4], &[2, 4, 3]]);
        check("ij->", &[&[3, 4]]);
        check("ij->ji", &[&[3, 4]]);
        check("ij,k->j", &[&[3, 4], &[2]]);
        check(",i->i", &[&[], &[3]]);
        check("ij,jk->ik", &[&[2, 0], &[0, 3]]);
        check("ji,kj->ik", &[&[3, 2], &[4, 3]]);
        check("bji,bkj->bik", &[&[2, 3, 4], &[2, 5, 3]]);
        check("kj,ijk->i", &[&[4, 3], &[2, 3, 4]]);
        check("ijk,kr,jr->ir", &[&[2, 3, 4], &[4, 5], &[3, 5]]);
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let op = Op::Contract { einsum: Einsum::parse("ij,jk->ik").unwrap(), accumulate: false };
        let refused = execute(&op, vec![block(&[2, 3], 0), block(&[2, 3], 1)], &mut Buffer::zeroed);
        assert!(matches!(refused, Err(KernelError::Inputs { .. })));
    }
}
