//! Plans of the workloads: what they move, and that they pass their proof.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_lshs::array_op::{ArraySpec, BlockArray, elementwise, matmul, reduce, transpose};
use nums_lshs::{
    ArrayId, BinaryOp, Cluster, DType, Grid, GridRule, Layout, NodeId, PlaceMap, Plan, Program,
    Reduction, Shape, TaskGraph, node_of_place, policy,
};

/// An array of unit blocks laid out over a grid of as many places as nodes.
fn source(
    graph: &mut TaskGraph,
    counts: &[usize],
    block: usize,
    place_counts: &[usize],
) -> BlockArray {
    let shape = Shape::new(counts.iter().map(|count| count * block).collect::<Vec<_>>()).unwrap();
    let nodes: usize = place_counts.iter().product();
    let grid = Grid::with_counts(&shape, counts);
    let layout = Layout::new(nodes as u32, place_counts, PlaceMap::Contiguous);
    let spec = ArraySpec { dtype: DType::Float64, grid, layout };
    let array = graph.next_array();
    BlockArray::source(graph, array, &spec, |index| {
        vec![node_of_place(spec.place(index), nodes as u32, nodes)]
    })
}

fn plan(graph: &TaskGraph, nodes: usize, name: &str) -> Plan {
    let cluster = Cluster::uniform(nodes, nodes as u32);
    let policy = policy::by_name(name).unwrap();
    let plan = Plan::new(graph, &cluster, policy.as_ref()).unwrap();
    plan.check(graph).unwrap();
    plan
}

#[test]
fn elementwise_on_equal_layouts_moves_nothing() {
    let mut graph = TaskGraph::new(ArrayId(0));
    let a = source(&mut graph, &[12], 3, &[4]);
    let b = source(&mut graph, &[12], 3, &[4]);
    let spec = ArraySpec::elementwise(&[&a.spec, &b.spec], DType::Float64).unwrap();
    let array = graph.next_array();
    let add = Program::binary(BinaryOp::Add, DType::Float64);
    elementwise(&mut graph, array, &add, &[&a, &b], &spec).unwrap().keep(&mut graph);
    assert_eq!(plan(&graph, 4, "lshs").total_bytes(), 0);
    assert!(plan(&graph, 4, "round-robin").total_bytes() > 0);
}

#[test]
fn a_sum_moves_one_partial_for_each_node_but_one() {
    for (blocks, nodes) in [(16, 4), (48, 4), (40, 10), (100, 10), (7, 7)] {
        let mut graph = TaskGraph::new(ArrayId(0));
        let x = source(&mut graph, &[blocks, 1], 5, &[nodes, 1]);
        let array = graph.next_array();
        reduce(&mut graph, array, &x, Reduction::Sum, &[0]).unwrap().keep(&mut graph);
        let moved = plan(&graph, nodes, "lshs").total_bytes();
        assert_eq!(moved, (nodes as u64 - 1) * 5 * 8, "{blocks} blocks on {nodes} nodes");
    }
}

#[test]
fn one_node_runs_everything_and_moves_nothing() {
    let mut graph = TaskGraph::new(ArrayId(0));
    let a = source(&mut graph, &[3, 2], 2, &[1, 1]);
    let array = graph.next_array();
    let t = transpose(&mut graph, array, &a, &[1, 0]).unwrap();
    let spec = a.spec.matmul(&t.spec).unwrap();
    let array = graph.next_array();
    matmul(&mut graph, array, &a, &t, &spec).unwrap().keep(&mut graph);
    for name in policy::NAMES {
        let plan = plan(&graph, 1, name);
        assert_eq!((plan.total_bytes(), plan.nodes[0]), (0, NodeId(0)));
    }
}

#[test]
fn the_same_input_gives_the_same_plan_and_text() {
    let build = || {
        let mut graph = TaskGraph::new(ArrayId(0));
        let rule = GridRule::with_places(4);
        let a = source(&mut graph, &[4, 4], 2, &[2, 2]);
        let b = source(&mut graph, &[4, 4], 2, &[2, 2]);
        let spec = ArraySpec::with_grid(DType::Float64, a.spec.grid.clone(), rule.places);
        let array = graph.next_array();
        matmul(&mut graph, array, &a, &b, &spec).unwrap().keep(&mut graph);
        plan(&graph, 4, "lshs").explain(&graph)
    };
    assert_eq!(build(), build());
}
