//! What several tests need: arrays laid out over nodes, and plans that are proved.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

pub mod random_dag;

use nums_lshs::array_op::{ArraySpec, BlockArray, matmul};
use nums_lshs::{
    ArrayId, Cluster, DType, Grid, Layout, NodeId, PlaceMap, Plan, Shape, TaskGraph, node_of_place,
    policy,
};

/// An array of blocks laid out contiguously over a grid of places, on `nodes` nodes.
pub fn source(
    graph: &mut TaskGraph,
    counts: &[usize],
    block: &[usize],
    place_counts: &[usize],
    nodes: usize,
) -> BlockArray {
    let lengths: Vec<_> = counts.iter().zip(block).map(|(count, len)| count * len).collect();
    let shape = Shape::new(lengths).unwrap();
    let places: usize = place_counts.iter().product();
    let grid = Grid::with_counts(&shape, counts);
    let layout = Layout::new(places as u32, place_counts, PlaceMap::Contiguous);
    let spec = ArraySpec { dtype: DType::Float64, grid, layout };
    let array = graph.next_array();
    BlockArray::source(graph, array, &spec, |index| {
        vec![node_of_place(spec.place(index), places as u32, nodes)]
    })
}

/// The product of two matrices of `q` x `q` blocks of `side` x `side` elements on a grid of nodes, as many places.
pub fn square_product(q: usize, side: usize, node_grid: [usize; 2]) -> TaskGraph {
    let mut graph = TaskGraph::new(ArrayId(0));
    let nodes = node_grid[0] * node_grid[1];
    let a = source(&mut graph, &[q, q], &[side, side], &node_grid, nodes);
    let b = source(&mut graph, &[q, q], &[side, side], &node_grid, nodes);
    let mut spec = a.spec.matmul(&b.spec).unwrap();
    spec.layout = a.spec.layout.clone();
    let array = graph.next_array();
    matmul(&mut graph, array, &a, &b, &spec).unwrap().keep(&mut graph);
    graph
}

/// The 2-D volume of a square product: the most blocks that any node lacks of its rows of A and columns of B.
pub fn volume_2d(q: usize, node_grid: [usize; 2]) -> u64 {
    let held = |nodes: usize| -> Vec<usize> {
        (0..nodes).map(|node| (0..q).filter(|at| at * nodes / q == node).count()).collect()
    };
    let [rows, columns] = node_grid.map(held);
    let lacks = rows.iter().flat_map(|&r| columns.iter().map(move |&c| r * (q - c) + c * (q - r)));
    lacks.max().unwrap_or(0) as u64
}

/// The plan of a policy on equal nodes with as many places, proved.
pub fn plan(graph: &TaskGraph, nodes: usize, name: &str) -> Plan {
    plan_on(graph, &Cluster::uniform(nodes, nodes as u32), name)
}

/// The plan of a policy on a cluster, proved.
pub fn plan_on(graph: &TaskGraph, cluster: &Cluster, name: &str) -> Plan {
    let policy = policy::by_name(name).unwrap();
    let plan = Plan::new(graph, cluster, policy.as_ref()).unwrap();
    plan.check(graph).unwrap();
    plan
}

/// The most bytes that any node receives.
pub fn max_bytes_in(plan: &Plan) -> u64 {
    plan.parts.iter().map(|part| part.loads.bytes_in).max().unwrap_or(0)
}

/// The most bytes that any node sends.
pub fn max_bytes_out(plan: &Plan) -> u64 {
    plan.parts.iter().map(|part| part.loads.bytes_out).max().unwrap_or(0)
}

/// The nodes of a cluster.
pub fn node(index: usize) -> NodeId {
    NodeId(index as u32)
}
