//! Contractions of blocks: pairs of operands from the last to the first, each pair as products of matrices.

use crate::block::with_element;
use crate::matmul::{Matrix, Product};
use crate::{Alone, Block};
use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, Axis, IxDyn};
use nums_lshs::Einsum;

/// An operand with the labels of its axes.
struct Labelled<T> {
    labels: Vec<u8>,
    values: ArrayD<T>,
}

/// Elements whose products can be summed.
trait Number: Product {
    fn plus(self, other: Self) -> Self;
    /// The sums along an axis, which disappears.
    fn sums(values: &ArrayD<Self>, axis: Axis) -> ArrayD<Self>;
}

macro_rules! floats {
    ($($float:ty),*) => {$(
        impl Number for $float {
            fn plus(self, other: Self) -> Self {
                self + other
            }
            fn sums(values: &ArrayD<Self>, axis: Axis) -> ArrayD<Self> {
                values.sum_axis(axis)
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
            fn sums(values: &ArrayD<Self>, axis: Axis) -> ArrayD<Self> {
                values.fold_axis(axis, Self::default(), |sum, &value| sum.plus(value))
            }
        }
    )*};
}

floats!(f32, f64);
exact! {
    i32 => i32::wrapping_add,
    i64 => i64::wrapping_add,
    bool => |left, right| left | right,
}

/// Computes the contraction into `result`, or adds it to what `result` holds; `None` when the dtype has no kernel.
pub(crate) fn contract(
    einsum: &Einsum,
    operands: &[&Block],
    result: &mut Block,
    accumulate: bool,
) -> Option<()> {
    with_element!(result.spec().dtype, T => {
        contract_elements::<T>(einsum, operands, result, accumulate);
    })
}

/// The last two operands are contracted first, so an MTTKRP `ijk,jf,kf->if` builds the small product of its factors
/// and reads the tensor once.
fn contract_elements<T: Number>(
    einsum: &Einsum,
    operands: &[&Block],
    result: &mut Block,
    accumulate: bool,
) {
    let mut rest: Vec<Labelled<T>> = einsum
        .operands()
        .iter()
        .zip(operands)
        .map(|(labels, block)| Labelled { labels: labels.clone(), values: array(block) })
        .collect();
    while rest.len() > 1 {
        let (Some(right), Some(left)) = (rest.pop(), rest.pop()) else { break };
        let needed = |label: &u8| {
            einsum.output().contains(label) || rest.iter().any(|other| other.labels.contains(label))
        };
        let joined = pair(left.without(needed, &right), right, needed);
        rest.push(joined);
    }
    let Some(last) = rest.pop() else { return };
    let summed = last.summed(|label| einsum.output().contains(label));
    let order: Vec<usize> = einsum
        .output()
        .iter()
        .filter_map(|label| summed.labels.iter().position(|own| own == label))
        .collect();
    let value = summed.values.permuted_axes(IxDyn(&order));
    let shape = result.spec().shape.clone();
    let target = ArrayViewMutD::from_shape(IxDyn(&shape), result.elements_mut::<T>());
    match target {
        Ok(mut target) if accumulate => {
            target.zip_mut_with(&value, |sum, &value| *sum = sum.plus(value));
        }
        Ok(mut target) => target.assign(&value),
        Err(_) => unreachable!("a block has as many elements as its shape says"),
    }
}

impl<T: Number> Labelled<T> {
    /// Sums the axes that are neither needed later nor shared with the other operand.
    fn without(self, needed: impl Fn(&u8) -> bool, other: &Labelled<T>) -> Labelled<T> {
        self.summed(|label| needed(label) || other.labels.contains(label))
    }

    /// Sums all axes but some, the last one first.
    fn summed(mut self, kept: impl Fn(&u8) -> bool) -> Labelled<T> {
        for axis in (0..self.labels.len()).rev() {
            if !kept(&self.labels[axis]) {
                self.values = T::sums(&self.values, Axis(axis));
                self.labels.remove(axis);
            }
        }
        self
    }

    /// The labels that satisfy a condition, and the product of their lengths.
    fn group(&self, holds: impl Fn(&u8) -> bool) -> (Vec<u8>, usize) {
        let chosen = self.labels.iter().zip(self.values.shape()).filter(|(label, _)| holds(label));
        let (labels, lengths): (Vec<u8>, Vec<usize>) =
            chosen.map(|(&label, &len)| (label, len)).unzip();
        (labels, lengths.iter().product())
    }

    /// The elements in C order with the axes in the order of some labels.
    fn in_order(&self, labels: &[u8]) -> Vec<T> {
        let order: Vec<usize> = labels
            .iter()
            .filter_map(|label| self.labels.iter().position(|own| own == label))
            .collect();
        self.values.view().permuted_axes(IxDyn(&order)).iter().copied().collect()
    }

    fn len_of(&self, label: u8) -> Option<usize> {
        self.labels.iter().position(|&own| own == label).map(|axis| self.values.shape()[axis])
    }
}

/// One product of matrices for each value of the labels that both operands have and that stay.
fn pair<T: Number>(
    left: Labelled<T>,
    right: Labelled<T>,
    needed: impl Fn(&u8) -> bool,
) -> Labelled<T> {
    let right = right.without(&needed, &left);
    let shared = |label: &u8| left.labels.contains(label) && right.labels.contains(label);
    let (batch, batches) = left.group(|label| shared(label) && needed(label));
    let (inner, inners) = left.group(|label| shared(label) && !needed(label));
    let (row, rows) = left.group(|label| !shared(label));
    let (column, columns) = right.group(|label| !shared(label));
    let lefts = left.in_order(&[&batch[..], &row, &inner].concat());
    let rights = right.in_order(&[&batch[..], &inner, &column].concat());
    let mut product = vec![T::default(); batches * rows * columns];
    for at in 0..batches {
        let target = &mut product[at * rows * columns..][..rows * columns];
        // C(b) = A(b) B(b)
        let left = Matrix::new(&lefts[at * rows * inners..][..rows * inners], rows, inners);
        let right =
            Matrix::new(&rights[at * inners * columns..][..inners * columns], inners, columns);
        T::product(target, left, right, false, &Alone);
    }
    let labels = [batch, row, column].concat();
    let shape: Vec<usize> = labels
        .iter()
        .map(|&label| left.len_of(label).or(right.len_of(label)).unwrap_or(1))
        .collect();
    match ArrayD::from_shape_vec(IxDyn(&shape), product) {
        Ok(values) => Labelled { labels, values },
        Err(_) => unreachable!("the shape is that of the batches, rows and columns"),
    }
}

fn array<T: Number>(block: &Block) -> ArrayD<T> {
    match ArrayViewD::from_shape(IxDyn(&block.spec().shape), block.elements::<T>()) {
        Ok(view) => view.to_owned(),
        Err(_) => unreachable!("a block has as many elements as its shape says"),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Block, Buffer, KernelError, execute};
    use nums_lshs::{BlockSpec, DType, Einsum, Op, Program, Shape, UnaryOp};
    use std::sync::Arc;

    fn block(lengths: &[usize], seed: usize) -> Arc<Block> {
        let spec = BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap());
        let mut block = Block::new(spec, &mut Buffer::zeroed);
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
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let op = Op::Contract { einsum: Einsum::parse("ij,jk->ik").unwrap(), accumulate: false };
        let refused = execute(&op, vec![block(&[2, 3], 0), block(&[2, 3], 1)], &mut Buffer::zeroed);
        assert!(matches!(refused, Err(KernelError::Inputs { .. })));
    }
}
