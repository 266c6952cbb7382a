//! The order of tasks: one sequence that all nodes share, chosen so that few blocks live at a time.
//!
//! A task belongs to the first result that needs it, and results are computed one after the other: a pipeline over
//! many blocks keeps the temporaries of one. Within a result a task runs as late as its height above the result
//! allows: the leaves of a long sum arise when they are added. Chains of accumulations that start together run in
//! step, whatever their results, because each needs its accumulator for long but every operand once: a product of
//! matrices then goes through the inner axis once, and holds one block column and one block of remote operands
//! instead of panels. Since nodes share the order, they need the same block at about the same time, and a copy that
//! is passed on is not held for long. Both halves of a comparator run together, so that neither of the lines that they
//! read waits for the other half.

use crate::{Op, TaskGraph, VertexId};
use std::collections::BTreeMap;

/// The tasks of a graph in the order that nodes work on them; `units` gives the end of each vertex's chain.
///
/// The order is topological: a result number never falls from a task to its reader, and heights do.
pub(super) fn order(graph: &TaskGraph, units: &[VertexId]) -> Vec<VertexId> {
    let mut heights = heights(graph);
    let alone = first_results(graph, |_| NO_RESULT);
    let bundles = bundles(graph, units, &alone);
    let mut results = first_results(graph, |vertex| bundles[units[vertex.index()].index()]);
    for pair in pairs(graph) {
        // What both read is needed by the earlier result already, and lies above the higher one.
        let [left, right] = pair.map(VertexId::index);
        let (height, result) =
            (heights[left].max(heights[right]), results[left].min(results[right]));
        [left, right].iter().for_each(|&half| (heights[half], results[half]) = (height, result));
    }
    let tallest = heights.iter().copied().max().unwrap_or(0);
    let tasks: Vec<VertexId> = graph.tasks().collect();
    // Two stable passes, the less important key first; equal keys stay in the order of the graph.
    let by_height = counting_sort(&tasks, tallest as usize + 1, |vertex| {
        (tallest - heights[vertex.index()]) as usize
    });
    counting_sort(&by_height, graph.len(), |vertex| results[vertex.index()] as usize)
}

/// Larger than the index of any vertex.
const NO_RESULT: u32 = u32::MAX;

/// The number of tasks on the longest way from each vertex to a result.
fn heights(graph: &TaskGraph) -> Vec<u32> {
    let mut heights = vec![0; graph.len()];
    for vertex in graph.vertices().rev() {
        // A task stands as high as the highest of its outputs.
        let (own, task) = (heights[vertex.index()], graph.task_of(vertex));
        heights[task.index()] = own.max(heights[task.index()]);
        let above = own + 1;
        for input in graph.inputs(vertex) {
            let height: &mut u32 = &mut heights[input.index()];
            *height = above.max(*height);
        }
    }
    heights
}

/// The first vertex without readers that needs each vertex, or an earlier one that the bundle asks for.
fn first_results(graph: &TaskGraph, bundle: impl Fn(VertexId) -> u32) -> Vec<u32> {
    let mut results = vec![NO_RESULT; graph.len()];
    for vertex in graph.vertices().rev() {
        let needed_by = results[vertex.index()];
        let task = graph.task_of(vertex);
        if task != vertex {
            // What is dead has no say in when its task runs.
            let kept = if graph.is_kept(vertex) { vertex.0 } else { NO_RESULT };
            let earliest = &mut results[task.index()];
            *earliest = needed_by.min(kept).min(*earliest);
            continue;
        }
        let own = if needed_by == NO_RESULT { vertex.0 } else { needed_by };
        let result = own.min(bundle(vertex));
        results[vertex.index()] = result;
        for input in graph.inputs(vertex) {
            let earliest: &mut u32 = &mut results[input.index()];
            *earliest = result.min(*earliest);
        }
    }
    results
}

/// For the end of each chain of two or more the first result of all chains that start at the same depth and are as
/// long.
fn bundles(graph: &TaskGraph, units: &[VertexId], results: &[u32]) -> Vec<u32> {
    let mut depths = vec![0_u32; graph.len()];
    let mut lengths = vec![0_u32; graph.len()];
    let mut starts = vec![0_u32; graph.len()];
    for vertex in graph.tasks() {
        let inputs = graph.inputs(vertex).iter();
        let depth = |input: &VertexId| depths[graph.task_of(*input).index()] + 1;
        let depth = inputs.map(depth).max().unwrap_or(0);
        depths[vertex.index()] = depth;
        let unit = units[vertex.index()].index();
        if lengths[unit] == 0 {
            starts[unit] = depth;
        }
        lengths[unit] += 1;
    }
    let chains = || graph.tasks().map(VertexId::index).filter(|&unit| lengths[unit] > 1);
    let mut firsts: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for unit in chains() {
        let first = firsts.entry((starts[unit], lengths[unit])).or_insert(NO_RESULT);
        *first = results[unit].min(*first);
    }
    let mut bundles = vec![NO_RESULT; graph.len()];
    for unit in chains() {
        bundles[unit] = firsts[&(starts[unit], lengths[unit])];
    }
    bundles
}

/// The two halves of each comparator.
fn pairs(graph: &TaskGraph) -> Vec<[VertexId; 2]> {
    if !graph.ops().iter().any(Op::is_half_of_a_pair) {
        return Vec::new();
    }
    let mut first_halves = BTreeMap::new();
    let halves = graph.tasks().filter(|&vertex| graph.op(vertex).is_half_of_a_pair());
    halves
        .filter_map(|vertex| {
            let other = first_halves.insert(graph.inputs(vertex), vertex)?;
            Some([other, vertex])
        })
        .collect()
}

/// Sorts by a key below `keys`, keeping the order of equal ones; linear.
fn counting_sort(
    vertices: &[VertexId],
    keys: usize,
    key: impl Fn(VertexId) -> usize,
) -> Vec<VertexId> {
    let mut next = vec![0_u32; keys + 1];
    for &vertex in vertices {
        next[key(vertex) + 1] += 1;
    }
    for index in 1..next.len() {
        next[index] += next[index - 1];
    }
    let mut sorted = vec![VertexId(0); vertices.len()];
    for &vertex in vertices {
        let at = &mut next[key(vertex)];
        sorted[*at as usize] = vertex;
        *at += 1;
    }
    sorted
}
