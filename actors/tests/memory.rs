//! What a plan predicts that a node holds is an upper bound of what it does hold, and not far above it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_actors::{ClusterHandle, DriverConfig, NodeConfig};
use nums_lshs::array_op::{ArraySpec, BlockArray, create, elementwise, matmul, reduce, transpose};
use nums_lshs::rewrite::Rules;
use nums_lshs::{
    ArrayId, BinaryOp, Constant, Creation, DType, Grid, Program, Reduction, Shape, TaskGraph,
    UnaryOp,
};

/// Blocks of 128 KiB: large enough to go to the workers one by one.
const SIDE: usize = 128;
const PLACES: u32 = 64;
const SOURCE: ArrayId = ArrayId(0);
const RESULT: ArrayId = ArrayId(1);

type Build = fn(&mut TaskGraph, &BlockArray) -> BlockArray;

/// exp(-x), not fused.
fn chain(graph: &mut TaskGraph, x: &BlockArray) -> BlockArray {
    let map = |op| Program::unary(op, DType::Float64);
    let array = graph.next_array();
    let negative = elementwise(graph, array, &map(UnaryOp::Negative), &[x], &x.spec).unwrap();
    elementwise(graph, RESULT, &map(UnaryOp::Exp), &[&negative], &x.spec).unwrap()
}

fn total(graph: &mut TaskGraph, x: &BlockArray) -> BlockArray {
    reduce(graph, RESULT, x, Reduction::Sum, &[0, 1]).unwrap()
}

fn columns(graph: &mut TaskGraph, x: &BlockArray) -> BlockArray {
    reduce(graph, RESULT, x, Reduction::Sum, &[0]).unwrap()
}

fn symmetric(graph: &mut TaskGraph, x: &BlockArray) -> BlockArray {
    let array = graph.next_array();
    let turned = transpose(graph, array, x, &[1, 0]).unwrap();
    let add = Program::binary(BinaryOp::Add, DType::Float64);
    elementwise(graph, RESULT, &add, &[x, &turned], &x.spec).unwrap()
}

fn transposed(graph: &mut TaskGraph, x: &BlockArray) -> BlockArray {
    transpose(graph, RESULT, x, &[1, 0]).unwrap()
}

fn product(graph: &mut TaskGraph, x: &BlockArray) -> BlockArray {
    matmul(graph, RESULT, x, x, &x.spec).unwrap()
}

/// Runs a workload on 64 blocks a node or more, and gives the share of the prediction that each node used.
fn shares(nodes: usize, workers: usize, build: Build) -> Vec<f64> {
    let driver =
        DriverConfig { places: PLACES, policy: "lshs".to_owned(), rewrites: Rules::none() };
    let cluster = ClusterHandle::embedded(nodes, NodeConfig::new(workers), driver).unwrap();
    let client = cluster.client();
    let blocks = if nodes == 1 { 8 } else { 16 };
    let shape = Shape::new([blocks * SIDE; 2]).unwrap();
    let grid = Grid::uniform(&shape, &[SIDE; 2]);
    let spec = ArraySpec::with_grid(DType::Float64, grid, PLACES);
    let mut graph = TaskGraph::new(ArrayId::TEMPORARIES);
    let ones = Creation::Full(Constant::float64(1.0));
    create(&mut graph, SOURCE, ones, &spec).unwrap().keep(&mut graph);
    client.submit(graph).unwrap();
    let mut graph = TaskGraph::new(ArrayId::TEMPORARIES);
    let source = BlockArray::source(&mut graph, SOURCE, &spec, |_| Vec::new());
    build(&mut graph, &source).keep(&mut graph);
    client.submit(graph).unwrap();
    cluster.runtime().block_on(client.wait(vec![RESULT])).unwrap();
    let plans = cluster.runtime().block_on(client.plans()).unwrap();
    assert_eq!((plans.len(), plans[1].nodes.len()), (2, nodes));
    let share = |(measured, predicted): (u64, u64)| measured as f64 / predicted as f64;
    plans[1]
        .nodes
        .iter()
        .map(|(node, predicted, measured)| {
            assert!(measured.is_as_predicted(predicted), "{node}: {measured:?}, {predicted:?}");
            share((measured.peak_bytes, predicted.peak_bytes))
        })
        .collect()
}

#[test]
fn the_peak_is_at_most_what_was_predicted_and_at_least_four_fifths() {
    let workloads: [(&str, Build); 6] = [
        ("chain", chain),
        ("sum", total),
        ("sum of columns", columns),
        ("transpose", transposed),
        ("x + x.T", symmetric),
        ("matmul", product),
    ];
    let mut low = Vec::new();
    for (name, build) in workloads {
        for nodes in [1, 2, 4] {
            for workers in [1, 2] {
                let shares = shares(nodes, workers, build);
                if shares.iter().any(|&share| share < 0.8) {
                    low.push(format!("{name}, {nodes} nodes, {workers} workers: {shares:.3?}"));
                }
            }
        }
    }
    assert!(low.is_empty(), "{low:#?}");
}
