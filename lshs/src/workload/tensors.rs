//! Contractions of tensors. The blocks of a tensor of three axes are boxes of N elements, as near to cubes as the
//! factors of N allow; the axis of length F is not cut.

use super::{Bounds, Setting, WorkloadError};
use crate::build::{ArraySpec, contract};
use crate::{ArrayId, Einsum, NodeId, TaskGraph, VertexId, factor_over};
use std::collections::BTreeSet;

/// The outer product of two vectors; each node receives the blocks of both that its part of the result needs.
pub(super) fn outer(setting: &Setting) -> Result<(TaskGraph, Bounds), WorkloadError> {
    setting.bound_tasks(2, 1)?;
    let (count, len) = (setting.blocks, setting.block_elements);
    let mut graph = TaskGraph::new(ArrayId(0));
    let spec = setting.spec(&[count], &[len])?;
    let result = setting.spec_on_node_grid(&[count; 2], &[len; 2])?;
    let (a, b) = (setting.source(&mut graph, &spec), setting.source(&mut graph, &spec));
    let array = graph.next_array();
    let einsum = Einsum::tensordot(1, 1, 0)?;
    contract(&mut graph, array, &einsum, &[&a, &b], &result)?.keep(&mut graph);
    let reads: BTreeSet<(NodeId, VertexId)> = (0..result.grid.blocks())
        .flat_map(|index| {
            let node = setting.home(&result, index);
            [(node, a.blocks[index / count]), (node, b.blocks[index % count])]
        })
        .collect();
    let bounds = Bounds::missing_blocks(&graph, reads);
    Ok((graph, bounds))
}

/// A product over the last axis of a tensor.
pub(super) fn tensordot(setting: &Setting) -> Result<(TaskGraph, Bounds), WorkloadError> {
    tensor(setting, "ijk,kf->ijf", &[&[2]])
}

/// A contraction of two axes at once.
pub(super) fn double_contraction(setting: &Setting) -> Result<(TaskGraph, Bounds), WorkloadError> {
    tensor(setting, "ijk,jkf->if", &[&[1, 2]])
}

/// The matricized tensor times Khatri-Rao product of the CP decomposition.
pub(super) fn mttkrp(setting: &Setting) -> Result<(TaskGraph, Bounds), WorkloadError> {
    tensor(setting, "ijk,jf,kf->if", &[&[1], &[2]])
}

/// A contraction of a tensor on the node grid with factors, which have some axes of the tensor and then F.
fn tensor(
    setting: &Setting,
    subscripts: &str,
    factors: &[&[usize]],
) -> Result<(TaskGraph, Bounds), WorkloadError> {
    setting.bound_tasks(3, 1)?;
    let count = setting.blocks;
    let side = [setting.block_elements; 3];
    let block = if setting.block_elements == 0 {
        vec![0; 3]
    } else {
        factor_over(setting.block_elements, &side)
    };
    let mut graph = TaskGraph::new(ArrayId(0));
    let tensor = setting.source(&mut graph, &setting.spec_on_node_grid(&[count; 3], &block)?);
    let mut operands = vec![tensor];
    for axes in factors {
        let counts: Vec<_> = axes.iter().map(|_| count).chain([1]).collect();
        let lengths: Vec<_> = axes.iter().map(|&axis| block[axis]).chain([setting.rank]).collect();
        let spec = setting.spec(&counts, &lengths)?;
        operands.push(setting.source(&mut graph, &spec));
    }
    let einsum = Einsum::parse(subscripts)?;
    let operands: Vec<_> = operands.iter().collect();
    let specs: Vec<_> = operands.iter().map(|operand| &operand.spec).collect();
    let Some(spec) = ArraySpec::contracted(&einsum, &specs) else {
        unreachable!("the factors are cut from the tensor's own lengths")
    };
    let array = graph.next_array();
    contract(&mut graph, array, &einsum, &operands, &spec)?.keep(&mut graph);
    Ok((graph, Bounds::UNKNOWN))
}
