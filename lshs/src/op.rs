//! Block operations and their cost: the shape, bytes and flops that follow from their inputs.
//!
//! The enum is closed: only these operations can travel over the wire, and no code. The kernels crate computes them; a test
//! there compares the shapes and bytes of kernels with those declared here.

mod create;
mod einsum;
mod fold;
mod formula;
mod gather;
mod glm;
mod index;
mod linalg;
mod qr;
mod sort;
mod symmetric;

pub use create::{Creation, Distribution};
pub use einsum::Einsum;
pub use fold::{Fold, PartialStep};
pub use formula::{Created, Formula, FormulaInput};
pub use gather::Piece;
pub use glm::{GlmFamily, GlmStep, glm_partial_len};
pub use index::{IndexStep, Pick};
pub use linalg::LinalgStep;
pub use qr::{QrStep, packed_len, packed_order};
pub use sort::SortStep;
pub use symmetric::SymmetricStep;

use crate::{BinaryOp, DType, Program, Region, Shape};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The shape and element type of a block.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockSpec {
    /// The type of the elements.
    pub dtype: DType,
    /// The length of each axis.
    pub shape: Shape,
}

/// One operation on whole blocks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Op {
    /// No operation: the block exists when the plan starts.
    Source,
    /// A block that is computed only from its position.
    Create {
        /// The formula.
        creation: Creation,
        /// The shape of the whole array.
        shape: Shape,
        /// The part of it that this block holds.
        region: Region,
    },
    /// An element-wise program over blocks whose shapes are broadcast together.
    Map(Program),
    /// An element-wise program whose result is reduced along some axes, which the output does not have.
    Reduce {
        /// The program for each element before the reduction; the identity if nothing is fused.
        program: Program,
        /// How elements are combined.
        kind: Fold,
        /// The reduced axes, in increasing order.
        axes: Vec<usize>,
    },
    /// A map or a reduction that makes some of its inputs instead of reading them.
    Formula(Formula),
    /// C = op(A) op(B), or C += op(A) op(B) with C as the first of three inputs.
    ///
    /// A left operand of one axis counts as a row and a right one as a column; the axis is dropped from C.
    MatMul {
        /// Take the first operand transposed.
        transpose_left: bool,
        /// Take the second operand transposed.
        transpose_right: bool,
        /// The first input is C, and the product is added to it.
        accumulate: bool,
    },
    /// A copy with the axes in another order: axis `i` of the result is axis `order[i]` of the input.
    Transpose {
        /// The order of the axes.
        order: Vec<usize>,
    },
    /// A block assembled from boxes of other blocks, which can be strided.
    Gather {
        /// The shape of the result while it is filled; it has the axes of the inputs.
        working: Shape,
        /// The shape of the result: axes of length 1 of `working` may be left out or put in.
        shape: Shape,
        /// What is copied from where to where.
        pieces: Vec<Piece>,
    },
    /// A block of an array that is another array read in C order.
    Reshape {
        /// The shape of the array that is read.
        source_shape: Shape,
        /// The parts of it that the inputs hold.
        sources: Vec<Region>,
        /// The shape of the array that is made.
        target_shape: Shape,
        /// The part of it that this block holds.
        target: Region,
    },
    /// A product of blocks summed over shared axes, or the same added to the first input.
    Contract {
        /// Which axes are the same, and which stay.
        einsum: Einsum,
        /// The first input is the result so far, and the product is added to it.
        accumulate: bool,
    },
    /// A choice of elements: assignment, lists of indices, masks.
    Index(IndexStep),
    /// A step that depends on the order of elements.
    Sort(SortStep),
    /// A step with the partial results of a reduction.
    Partial(PartialStep),
    /// A step of a product of a matrix and its own transpose.
    Symmetric(SymmetricStep),
    /// Dense linear algebra of one block.
    Linalg(LinalgStep),
    /// A step of a tall and skinny QR factorization.
    Qr(QrStep),
    /// A step of Newton's method for a generalized linear model.
    Glm(GlmStep),
    /// A task with a known cost but without a kernel: it can be planned and simulated, but not run.
    Opaque {
        /// What the graph's author calls it.
        kind: String,
        /// The floating-point operations, at most [`Op::FLOPS_MAX`].
        flops: u64,
        /// The bytes of each block that it gives, at least one.
        output_bytes: Vec<u64>,
    },
}

/// Why an operation refuses its inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpError {
    /// The number of inputs is wrong.
    Arity {
        /// How many it takes.
        expected: usize,
    },
    /// The shapes or dtypes of the inputs do not match.
    Inputs(String),
}

impl BlockSpec {
    /// A block of a shape and dtype.
    pub fn new(dtype: DType, shape: Shape) -> BlockSpec {
        BlockSpec { dtype, shape }
    }

    /// The bytes of the elements.
    pub fn bytes(&self) -> u64 {
        self.shape.bytes(self.dtype)
    }
}

impl Op {
    /// The largest number of flops of one operation: the largest that float64 represents exactly.
    pub const FLOPS_MAX: u64 = 1 << 53;

    /// The blocks that the operation gives for inputs of these shapes and dtypes, at least one.
    ///
    /// # Errors
    /// If the number, shapes or dtypes of the inputs do not match. Every index is checked before use, because operations
    /// also come from peers.
    pub fn outputs(&self, inputs: &[&BlockSpec]) -> Result<Vec<BlockSpec>, OpError> {
        let arity = |expected: usize| {
            if inputs.len() == expected { Ok(()) } else { Err(OpError::Arity { expected }) }
        };
        let sole = match self {
            Op::Source => Err(OpError::Inputs("a source is not computed".into())),
            Op::Create { creation, shape, region } => {
                arity(0)?;
                create::block(creation, shape, region)
            }
            Op::Map(program) => {
                arity(program.inputs())?;
                let dtype = result_dtype(program, inputs)?;
                Ok(BlockSpec::new(dtype, broadcast(inputs)?))
            }
            Op::Reduce { program, kind, axes } => {
                arity(program.inputs())?;
                let dtype = result_dtype(program, inputs)?;
                kind.output_block(dtype, &broadcast(inputs)?, axes)
            }
            Op::Formula(formula) => formula.output(inputs),
            Op::MatMul { transpose_left, transpose_right, accumulate } => {
                arity(if *accumulate { 3 } else { 2 })?;
                let [left, right] = [inputs[inputs.len() - 2], inputs[inputs.len() - 1]];
                let [m, k] = matrix(left, *transpose_left, Vector::Row)?;
                let [k_right, n] = matrix(right, *transpose_right, Vector::Column)?;
                let fit = k == k_right && left.dtype == right.dtype;
                require(fit, || format!("{} @ {}", left.shape, right.shape))?;
                let mut lengths = Vec::with_capacity(2);
                lengths.extend((left.shape.len() == 2).then_some(m));
                lengths.extend((right.shape.len() == 2).then_some(n));
                let output = BlockSpec::new(left.dtype, checked(&lengths)?);
                let same = !accumulate || *inputs[0] == output;
                require(same, || format!("{} += a block of {}", inputs[0].shape, output.shape))?;
                Ok(output)
            }
            Op::Transpose { order } => {
                arity(1)?;
                let BlockSpec { dtype, shape } = inputs[0];
                let mut sorted = order.clone();
                sorted.sort_unstable();
                let permutes = sorted.into_iter().eq(0..shape.len());
                require(permutes, || format!("axes {order:?} of {shape}"))?;
                Ok(BlockSpec::new(*dtype, shape.permute(order)))
            }
            Op::Gather { working, shape, pieces } => gather::output(working, shape, pieces, inputs),
            Op::Reshape { source_shape, sources, target_shape, target } => {
                arity(sources.len())?;
                let equal = source_shape.elements() == target_shape.elements();
                require(equal, || format!("{source_shape} as {target_shape}"))?;
                for (region, input) in sources.iter().zip(inputs) {
                    let fits = within(region, source_shape) && region.len[..] == input.shape[..];
                    require(fits, || format!("{region:?} of {source_shape}"))?;
                }
                require(within(target, target_shape), || format!("{target:?} of {target_shape}"))?;
                Ok(BlockSpec::new(common_dtype(inputs)?, checked(&target.len)?))
            }
            Op::Contract { einsum, accumulate } => {
                let expected = einsum.operands().len() + usize::from(*accumulate);
                arity(expected)?;
                let output = einsum.block(&inputs[usize::from(*accumulate)..])?;
                let same = !accumulate || *inputs[0] == output;
                require(same, || format!("{} += a block of {}", inputs[0].shape, output.shape))?;
                Ok(output)
            }
            Op::Index(step) => step.output(inputs),
            Op::Partial(step) => step.output(inputs),
            Op::Symmetric(step) => step.output(inputs),
            Op::Linalg(step) => step.output(inputs),
            Op::Glm(step) => step.output(inputs),
            Op::Sort(step) => return step.outputs(inputs),
            Op::Qr(step) => return step.outputs(inputs),
            Op::Opaque { flops, output_bytes, .. } => {
                require(*flops <= Op::FLOPS_MAX, || format!("{flops} flops"))?;
                require(!output_bytes.is_empty(), || "expected at least one output".into())?;
                let lengths = output_bytes.iter().map(|&bytes| usize::try_from(bytes));
                let shapes = lengths.map(|len| checked(&[len.unwrap_or(usize::MAX)]));
                return shapes.map(|shape| Ok(BlockSpec::new(DType::UInt8, shape?))).collect();
            }
        };
        sole.map(|output| vec![output])
    }

    /// Floating-point operations for these inputs and outputs, at most [`Op::FLOPS_MAX`]; copies count none.
    pub fn flops(&self, inputs: &[&BlockSpec], outputs: &[BlockSpec]) -> u64 {
        let elements = outputs.iter().map(|output| output.shape.elements() as u64);
        let elements = elements.fold(0, u64::saturating_add);
        let flops = match self {
            Op::Source | Op::Transpose { .. } | Op::Gather { .. } | Op::Reshape { .. } => 0,
            Op::Index(_) => 0,
            Op::Create { creation, .. } => creation.flops_per_element().saturating_mul(elements),
            Op::Map(program) => program.flops_per_element().saturating_mul(elements),
            Op::Reduce { program, kind, .. } => {
                let elements = inputs.iter().map(|input| input.shape.elements()).max().unwrap_or(0);
                (program.flops_per_element() + kind.flops()).saturating_mul(elements as u64)
            }
            Op::Formula(formula) => formula.flops(inputs),
            Op::MatMul { transpose_left, .. } => {
                let left = inputs[inputs.len() - 2];
                let inner = match (&left.shape[..], transpose_left) {
                    ([k], _) | ([_, k], false) | ([k, _], true) => *k,
                    _ => 0,
                };
                (2 * inner as u64).saturating_mul(elements)
            }
            Op::Contract { einsum, accumulate } => {
                einsum.flops(&inputs[usize::from(*accumulate)..])
            }
            Op::Sort(step) => step.flops(inputs, elements),
            Op::Partial(step) => step.flops().saturating_mul(elements),
            Op::Symmetric(step) => step.flops(inputs, &outputs[0]),
            Op::Linalg(step) => step.flops(inputs),
            Op::Qr(step) => step.flops(inputs),
            Op::Glm(step) => step.flops(inputs),
            Op::Opaque { flops, .. } => *flops,
        };
        flops.min(Op::FLOPS_MAX)
    }

    /// The inputs whose buffers the results may take over when nothing else reads them: the first that of the first
    /// output, and so on.
    pub fn in_place_inputs(&self) -> &'static [usize] {
        match self {
            Op::MatMul { accumulate: true, .. } | Op::Contract { accumulate: true, .. } => &[0],
            Op::Index(IndexStep::Assign { .. }) => &[0],
            Op::Symmetric(SymmetricStep::RankK { accumulate: true, .. }) => &[0],
            Op::Sort(step) => step.in_place_inputs(),
            Op::Linalg(step) => step.in_place_inputs(),
            _ => &[],
        }
    }

    /// The operation that gives only the wanted outputs of this one, where there is one that does less for it.
    pub(crate) fn giving(&self, wanted: &[bool]) -> Option<Op> {
        match self {
            Op::Qr(step) => step.giving(wanted).map(Op::Qr),
            _ => None,
        }
    }

    /// Whether the operation is half of a comparator, whose other half reads the same blocks and gives the rest of them.
    pub(crate) fn is_half_of_a_pair(&self) -> bool {
        matches!(self, Op::Sort(SortStep::MergeHalf { .. }))
    }

    /// Whether the operation combines two partial results of a sum or another reduction into one, as far as the
    /// operation alone tells.
    pub(crate) fn is_join(&self) -> bool {
        use BinaryOp::{Add, Fmax, Fmin, Maximum, Minimum};
        match self {
            Op::Map(program) => {
                matches!(program.sole_binary(), Some(Add | Fmax | Fmin | Maximum | Minimum))
            }
            Op::Partial(step) => {
                matches!(step, PartialStep::JoinMoments | PartialStep::JoinExtremes)
            }
            Op::Qr(step) => matches!(step, QrStep::Combine { .. }),
            _ => false,
        }
    }

    /// A short name for plans and error messages.
    pub fn kind(&self) -> &str {
        match self {
            Op::Source => "source",
            Op::Create { creation, .. } => creation.kind(),
            Op::Map(_) => "map",
            Op::Reduce { .. } => "reduce",
            Op::Formula(formula) => formula.kind(),
            Op::MatMul { accumulate: false, .. } => "matmul",
            Op::MatMul { accumulate: true, .. } => "matmul+=",
            Op::Transpose { .. } => "transpose",
            Op::Gather { .. } => "gather",
            Op::Reshape { .. } => "reshape",
            Op::Contract { accumulate: false, .. } => "contract",
            Op::Contract { accumulate: true, .. } => "contract+=",
            Op::Index(step) => step.kind(),
            Op::Sort(step) => step.kind(),
            Op::Partial(step) => step.kind(),
            Op::Symmetric(step) => step.kind(),
            Op::Linalg(step) => step.kind(),
            Op::Qr(step) => step.kind(),
            Op::Glm(step) => step.kind(),
            Op::Opaque { kind, .. } => kind,
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Map(program) => write!(f, "{program}"),
            Op::Reduce { program, kind, axes } => {
                write_reduction(f, kind, axes)?;
                write!(f, "{program}")
            }
            Op::Formula(formula) => write!(f, "{formula}"),
            Op::MatMul { transpose_left, transpose_right, .. } => {
                let flag = |transposed: &bool| if *transposed { ".T" } else { "" };
                write!(f, "{} x0{} x1{}", self.kind(), flag(transpose_left), flag(transpose_right))
            }
            Op::Transpose { order } => write!(f, "transpose{order:?}"),
            Op::Contract { einsum, .. } => write!(f, "{} {einsum}", self.kind()),
            _ => f.write_str(self.kind()),
        }
    }
}

/// What stands before the program of a reduction.
fn write_reduction(f: &mut fmt::Formatter<'_>, kind: &Fold, axes: &[usize]) -> fmt::Result {
    write!(f, "{}[axes {axes:?}] ", kind.name())
}

fn require(holds: bool, reason: impl FnOnce() -> String) -> Result<(), OpError> {
    if holds { Ok(()) } else { Err(OpError::Inputs(reason())) }
}

fn checked(lengths: &[usize]) -> Result<Shape, OpError> {
    Shape::new(lengths).map_err(|error| OpError::Inputs(error.to_string()))
}

fn within(region: &Region, shape: &Shape) -> bool {
    let inside = |axis: usize| {
        region.start[axis].checked_add(region.len[axis]).is_some_and(|end| end <= shape[axis])
    };
    region.start.len() == shape.len()
        && region.len.len() == shape.len()
        && (0..shape.len()).all(inside)
}

fn common_dtype(inputs: &[&BlockSpec]) -> Result<DType, OpError> {
    let first = inputs.first().map_or(DType::Float64, |input| input.dtype);
    let same = inputs.iter().all(|input| input.dtype == first);
    require(same, || "expected inputs of one dtype".into())?;
    Ok(first)
}

fn broadcast(inputs: &[&BlockSpec]) -> Result<Shape, OpError> {
    inputs
        .iter()
        .try_fold(Shape::scalar(), |shape, input| shape.broadcast(&input.shape))
        .map_err(|error| OpError::Inputs(error.to_string()))
}

/// The dtype that a program gives for inputs, as many as it reads.
fn result_dtype(program: &Program, inputs: &[&BlockSpec]) -> Result<DType, OpError> {
    let dtype = program.dtype().ok_or_else(|| OpError::Inputs("a malformed program".to_owned()))?;
    let wanted = program.input_dtypes();
    let fit = inputs.iter().map(|input| input.dtype).eq(wanted.iter().copied());
    require(fit, || {
        let found: Vec<_> = inputs.iter().map(|input| input.dtype.name()).collect();
        let wanted: Vec<_> = wanted.iter().map(|dtype| dtype.name()).collect();
        format!("expected blocks of {}, got {}", wanted.join(", "), found.join(", "))
    })?;
    Ok(dtype)
}

/// What an operand of one axis counts as.
enum Vector {
    Row,
    Column,
}

/// Rows and columns of an operand.
fn matrix(spec: &BlockSpec, transpose: bool, vector: Vector) -> Result<[usize; 2], OpError> {
    match (&spec.shape[..], vector) {
        ([rows, columns], _) if transpose => Ok([*columns, *rows]),
        ([rows, columns], _) => Ok([*rows, *columns]),
        ([len], Vector::Row) => Ok([1, *len]),
        ([len], Vector::Column) => Ok([*len, 1]),
        _ => Err(OpError::Inputs(format!("expected a matrix, got shape {}", spec.shape))),
    }
}
