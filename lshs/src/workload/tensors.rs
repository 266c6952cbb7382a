//! Contractions of tensors. The blocks of a tensor of three axes are boxes of N elements, as near to cubes as the
//! factors of N allow; the axis of length F is not cut.

use super::{Bounds, Site, WorkloadError};
use crate::array_op::{ArraySpec, contract};
use crate::{ArrayId, Einsum, NodeId, TaskGraph, VertexId, factor_over};
use std::collections::BTreeSet;

/// The outer product of two vectors; each node receives the blocks of both that its part of the result needs.
pub(super) fn outer(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(2, 1)?;
    let (count, len) = (site.blocks, site.block_elements);
    let mut graph = TaskGraph::new(ArrayId(0));
    let spec = site.spec(&[count], &[len])?;
    let result = site.spec_on_node_grid(&[count; 2], &[len; 2])?;
    let (a, b) = (site.source(&mut graph, &spec), site.source(&mut graph, &spec));
    let array = graph.next_array();
    let einsum = Einsum::tensordot(1, 1, 0)?;
    let kept = contract(&mut graph, array, &einsum, &[&a, &b], &result)?;
    site.keep(&mut graph, &kept);
    let reads: BTreeSet<(NodeId, VertexId)> = (0..result.grid.blocks())
        .flat_map(|index| {
            let node = site.home(&result, index);
            [(node, a.blocks[index / count]), (node, b.blocks[index % count])]
        })
        .collect();
    let bounds = Bounds::missing_blocks(&graph, reads);
    Ok((graph, bounds))
}

/// A product over the last axis of a tensor.
pub(super) fn tensordot(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    tensor(site, "ijk,kf->ijf", &[&[2]])
}

/// A contraction of two axes at once.
pub(super) fn double_contraction(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    tensor(site, "ijk,jkf->if", &[&[1, 2]])
}

/// The matricized tensor times Khatri-Rao product of the CP decomposition.
pub(super) fn mttkrp(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    tensor(site, "ijk,jf,kf->if", &[&[1], &[2]])
}

/// A contraction of a tensor on the node grid with factors, which have some axes of the tensor and then F.
fn tensor(
    site: &Site<'_>,
    subscripts: &str,
    factors: &[&[usize]],
) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(3, 1)?;
    let count = site.blocks;
    let side = [site.block_elements; 3];
    let block =
        if site.block_elements == 0 { vec![0; 3] } else { factor_over(site.block_elements, &side) };
    let mut graph = TaskGraph::new(ArrayId(0));
    let tensor = site.source(&mut graph, &site.spec_on_node_grid(&[count; 3], &block)?);
    let mut operands = vec![tensor];
    for axes in factors {
        let counts: Vec<_> = axes.iter().map(|_| count).chain([1]).collect();
        let lengths: Vec<_> = axes.iter().map(|&axis| block[axis]).chain([site.rank]).collect();
        let spec = site.spec(&counts, &lengths)?;
        operands.push(site.source(&mut graph, &spec));
    }
    let einsum = Einsum::parse(subscripts)?;
    let operands: Vec<_> = operands.iter().collect();
    let specs: Vec<_> = operands.iter().map(|operand| &operand.spec).collect();
    let Some(spec) = ArraySpec::contracted(&einsum, &specs) else {
        unreachable!("the factors are cut from the tensor's own lengths")
    };
    let array = graph.next_array();
    let kept = contract(&mut graph, array, &einsum, &operands, &spec)?;
    site.keep(&mut graph, &kept);
    Ok((graph, Bounds::UNKNOWN))
}
