//! What one block operation computes: blocks in, blocks out. No async, no actors, no I/O.
//!
//! What an operation *means* is in the array layer and what it *costs* in `nums-lshs`; here is one file for each
//! family of operations. Every kernel is deterministic: the order of summation is fixed by shape, tile sizes are
//! constants, and the threads that share a large kernel ([`Crew`]) change no bit.

mod block;
mod buffer;
mod cholesky;
mod contract;
mod copy;
mod create;
mod crew;
mod dot;
mod elementwise;
mod error;
mod gather;
mod glm;
mod gram;
mod index;
mod least_squares;
mod linalg;
mod matmul;
mod memory;
mod normal;
mod philox;
mod qr;
mod random;
mod reduce;
mod reshape;
mod sort;
mod spread;
mod symmetric;
mod transpose;

pub use block::{Block, BlockError, Element};
pub use buffer::{Buffer, Reclaim};
pub use crew::{Alone, Crew};
pub use error::KernelError;
pub use least_squares::{LeastSquares, least_squares};
pub use memory::{OutOfMemory, zeros};
pub use num_complex::Complex;

use elementwise::Input;
use nums_lshs::{DType, Formula, FormulaInput, IndexStep, Op, SymmetricStep};
use std::sync::Arc;

/// Where kernels get the memory of their results: bytes in, a buffer of exactly that length out, where there is one.
pub type Allocate<'a> = dyn FnMut(u64) -> Result<Buffer, OutOfMemory> + 'a;

/// The version of faer in Cargo.lock, which a test compares.
const FAER_VERSION: &str = "0.24.4";
/// The version of libm in Cargo.lock, which a test compares.
const LIBM_VERSION: &str = "0.2.16";

/// The name of everything that decides the bits of a result: a cluster admits only nodes that agree on it.
///
/// It holds the version of this crate, of the dense linear algebra and the functions under it, the instruction set that
/// is picked at run time, and a sum of the bits that the platform's mathematical functions give at some points.
pub fn kernel_id() -> String {
    let instructions =
        if cfg!(target_arch = "x86_64") { x86_instructions() } else { std::env::consts::ARCH };
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "nums-{version} faer-{FAER_VERSION} libm-{LIBM_VERSION} {instructions} math-{:016x}",
        elementwise::functions_probe()
    )
}

/// Runs an operation on its inputs, on the calling thread, and gives its first output, which most operations have alone.
///
/// # Errors
/// As [`execute_with`].
pub fn execute(
    op: &Op,
    inputs: Vec<Arc<Block>>,
    allocate: &mut Allocate,
) -> Result<Block, KernelError> {
    Ok(execute_with(op, inputs, &Alone, allocate)?.swap_remove(0))
}

/// Runs an operation on its inputs and gives all its outputs, at least one; a large one shares its work with a crew.
///
/// Inputs that the operation may overwrite ([`Op::in_place_inputs`]) are overwritten when the caller passes the only
/// reference to them, and copied otherwise; the bits are the same.
///
/// # Errors
/// When the inputs do not fit the operation, the operation has no kernel for their dtype, the numbers have no answer, or
/// there is no memory for the result or for what is needed to compute it.
pub fn execute_with(
    op: &Op,
    mut inputs: Vec<Arc<Block>>,
    crew: &dyn Crew,
    allocate: &mut Allocate,
) -> Result<Vec<Block>, KernelError> {
    let specs: Vec<_> = inputs.iter().map(|input| input.spec()).collect();
    let mut outputs = op.outputs(&specs).map_err(|error| KernelError::Inputs {
        op: op.to_string(),
        reason: format!("{error:?}"),
    })?;
    if let Op::Opaque { .. } = op {
        return Err(KernelError::CostOnly { op: op.to_string() });
    }
    let dtype = outputs[0].dtype;
    if dtype != DType::Float64 && computes_in_float64(op) {
        return Err(KernelError::Unsupported { op: op.to_string(), dtype });
    }
    let unsupported = || KernelError::Unsupported { op: op.to_string(), dtype };
    if let Some(&position) = op.in_place_inputs().first() {
        if let Op::Sort(step) = op {
            return Ok(sort::in_place(*step, inputs, crew, allocate)?);
        }
        let mut sum = Block::unwrap_or_copy(inputs.remove(position), allocate)?;
        let inputs: Vec<&Block> = inputs.iter().map(Arc::as_ref).collect();
        match op {
            Op::MatMul { transpose_left, transpose_right, .. } => {
                let transpose = [*transpose_left, *transpose_right];
                matmul::matmul(&mut sum, inputs[0], inputs[1], transpose, true, crew)?;
            }
            Op::Contract { einsum, .. } => {
                contract::contract(einsum, &inputs, &mut sum, true, crew)?;
            }
            Op::Symmetric(SymmetricStep::RankK { transpose, .. }) => {
                symmetric::rank_k(inputs[0], *transpose, true, crew, &mut sum)?
                    .ok_or_else(unsupported)?;
            }
            Op::Index(IndexStep::Assign { step, pieces }) => {
                index::assign(step, pieces, &inputs, crew, &mut sum);
            }
            Op::Linalg(step) => cholesky::step(*step, &inputs, crew, &mut sum)?,
            _ => unreachable!("only products, assignments and Cholesky factors work in place"),
        }
        return Ok(vec![sum]);
    }
    let inputs: Vec<&Block> = inputs.iter().map(Arc::as_ref).collect();
    if let Op::Qr(step) = op {
        let results = outputs.into_iter().map(|output| Block::new(output, allocate));
        let mut results = results.collect::<Result<Vec<_>, _>>()?;
        qr::step(*step, &inputs, &mut results)?.ok_or_else(unsupported)?;
        return Ok(results);
    }
    let mut result = Block::new(outputs.swap_remove(0), allocate)?;
    match op {
        Op::Source | Op::Opaque { .. } => unreachable!("both are refused above"),
        Op::Qr(_) => unreachable!("it may give several blocks"),
        Op::Create { creation, shape, region } => {
            create::create(*creation, shape, region, crew, &mut result)?;
        }
        Op::Map(program) => elementwise::map(program, &read(&inputs), crew, &mut result)?,
        Op::Reduce { program, kind, axes } => {
            reduce::reduce(program, kind, axes, &read(&inputs), crew, &mut result)?;
        }
        Op::Formula(formula) => {
            let (program, inputs) = (&formula.program, made(formula, &inputs));
            match &formula.reduction {
                None => elementwise::map(program, &inputs, crew, &mut result)?,
                Some((kind, axes)) => {
                    reduce::reduce(program, kind, axes, &inputs, crew, &mut result)?;
                }
            }
        }
        Op::MatMul { transpose_left, transpose_right, .. } => {
            let transpose = [*transpose_left, *transpose_right];
            matmul::matmul(&mut result, inputs[0], inputs[1], transpose, false, crew)?;
        }
        Op::Transpose { order } => transpose::transpose(order, inputs[0], crew, &mut result),
        Op::Gather { working, pieces, .. } => {
            gather::gather(working, pieces, &inputs, crew, &mut result)
        }
        Op::Reshape { source_shape, sources, target_shape, target } => {
            reshape::reshape(
                (source_shape, sources),
                (target_shape, target),
                &inputs,
                crew,
                &mut result,
            );
        }
        Op::Contract { einsum, .. } => {
            contract::contract(einsum, &inputs, &mut result, false, crew)?;
        }
        Op::Index(step) => match step {
            IndexStep::Assign { .. } => unreachable!("assignments work in place"),
            IndexStep::Take { axis, picks } => {
                index::take(*axis, picks, &inputs, crew, &mut result)
            }
            IndexStep::TakeAlong { axis, start, len } => {
                index::take_along(*axis, (*start, *len), &inputs, &mut result)?
            }
            IndexStep::CountTrue => {
                result.elements_mut()[0] = index::count_true(inputs[0]) as i64;
            }
            IndexStep::Compress { .. } => index::compress(inputs[0], inputs[1], &mut result)?,
        },
        Op::Sort(step) => sort::step(*step, &inputs, crew, &mut result)?,
        Op::Symmetric(SymmetricStep::RankK { transpose, .. }) => {
            symmetric::rank_k(inputs[0], *transpose, false, crew, &mut result)?
                .ok_or_else(unsupported)?;
        }
        Op::Partial(step) => reduce::step(*step, &inputs, &mut result),
        Op::Symmetric(SymmetricStep::Mirror) => {
            symmetric::mirror(inputs[0], &mut result).ok_or_else(unsupported)?;
        }
        Op::Linalg(step) => linalg::step(*step, &inputs, crew, &mut result)?,
        Op::Glm(step) => glm::step(*step, &inputs, crew, &mut result)?,
    }
    Ok(vec![result])
}

/// The inputs of a program that reads them all.
fn read<'a>(blocks: &[&'a Block]) -> Vec<Input<'a>> {
    blocks.iter().map(|&block| Input::Block(block)).collect()
}

/// The inputs of a formula, which was checked.
fn made<'a>(formula: &'a Formula, blocks: &[&'a Block]) -> Vec<Input<'a>> {
    let mut blocks = blocks.iter();
    let input = |input: &'a FormulaInput| match input {
        FormulaInput::Block => blocks.next().map(|&block| Input::Block(block)),
        FormulaInput::Created(created) => {
            created.block().ok().map(|spec| Input::Created(created, spec))
        }
    };
    formula.inputs.iter().filter_map(input).collect()
}

/// Whether there is a kernel for float64 alone; the others tell themselves which dtypes they know.
fn computes_in_float64(op: &Op) -> bool {
    matches!(op, Op::Glm(_))
}

#[cfg(target_arch = "x86_64")]
fn x86_instructions() -> &'static str {
    let avx512 = is_x86_feature_detected!("avx512f");
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    match (avx512, avx2) {
        (true, _) => "x86-64 avx512f",
        (false, true) => "x86-64 avx2 fma",
        _ => "x86-64",
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn x86_instructions() -> &'static str {
    "not x86-64"
}
