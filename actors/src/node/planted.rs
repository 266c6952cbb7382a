//! What workers of tests run: the kernels, and two that production has not. An operation of which only the cost is known
//! is refused by the kernels; here one called [`PANIC`] panics, and one called [`SLEEP`] takes as many milliseconds as it
//! has flops.

use nums_kernels::{Allocate, Block, Crew, KernelError};
use nums_lshs::{BlockSpec, DType, Op, Shape};
use std::sync::Arc;
use std::time::Duration;

pub(crate) const PANIC: &str = "panic";
pub(crate) const SLEEP: &str = "sleep";

pub(super) fn execute_with(
    op: &Op,
    inputs: Vec<Arc<Block>>,
    crew: &dyn Crew,
    allocate: &mut Allocate,
) -> Result<Vec<Block>, KernelError> {
    match op {
        Op::Opaque { kind, flops, .. } if kind == PANIC => panic!("after {flops} flops"),
        Op::Opaque { kind, flops, output_bytes } if kind == SLEEP => {
            std::thread::sleep(Duration::from_millis(*flops));
            let shapes = output_bytes.iter().map(|&bytes| Shape::new([bytes as usize]).unwrap());
            let specs = shapes.map(|shape| BlockSpec::new(DType::UInt8, shape));
            Ok(specs.map(|spec| Block::new(spec, allocate)).collect::<Result<_, _>>()?)
        }
        _ => nums_kernels::execute_with(op, inputs, crew, allocate),
    }
}
