//! Blocks of a client go to the nodes, and graphs read them at once.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_actors::{Block, Buffer, ClusterError, ClusterHandle, DriverConfig, NodeConfig};
use nums_lshs::array_op::{ArraySpec, BlockArray, elementwise};
use nums_lshs::rewrite::Rules;
use nums_lshs::{ArrayId, BinaryOp, BlockSpec, DType, Grid, Program, Shape, TaskGraph};
use std::sync::Arc;

const PLACES: u32 = 8;
const BLOCKS: usize = 37;
const BLOCK_LEN: usize = 5;

fn cluster(nodes: usize) -> ClusterHandle {
    let driver = DriverConfig { places: PLACES, policy: "lshs".to_owned(), rewrites: Rules::all() };
    ClusterHandle::embedded(nodes, NodeConfig::new(1), driver).unwrap()
}

fn spec() -> ArraySpec {
    let shape = Shape::new([BLOCKS * BLOCK_LEN]).unwrap();
    ArraySpec::with_grid(DType::Float64, Grid::uniform(&shape, &[BLOCK_LEN]), PLACES)
}

/// 0, 1, 2, ...
fn blocks() -> Vec<Arc<Block>> {
    let block = |index: usize| {
        let spec = BlockSpec::new(DType::Float64, Shape::new([BLOCK_LEN]).unwrap());
        let mut block = Block::new(spec, &mut Buffer::zeroed).unwrap();
        let elements = block.elements_mut::<f64>().iter_mut().zip(index * BLOCK_LEN..);
        elements.for_each(|(element, value)| *element = value as f64);
        Arc::new(block)
    };
    (0..BLOCKS).map(block).collect()
}

#[test]
fn a_graph_reads_what_was_put_just_before() {
    for nodes in [1, 2, 4] {
        let (cluster, spec, blocks) = (cluster(nodes), spec(), blocks());
        let client = cluster.client();
        let (put, made) = (ArrayId(0), ArrayId(1));
        let placed = blocks.iter().cloned().enumerate();
        client.put(put, placed.map(|(index, block)| (spec.place(index), block)).collect()).unwrap();
        let mut graph = TaskGraph::new(ArrayId::TEMPORARIES);
        let source = BlockArray::source(&mut graph, put, &spec, |_| Vec::new());
        let square = Program::binary(BinaryOp::Multiply, DType::Float64);
        let squares = elementwise(&mut graph, made, &square, &[&source, &source], &spec).unwrap();
        squares.keep(&mut graph);
        client.submit(graph).unwrap();
        // The handle may go while the graph still reads the array.
        client.release(vec![put]).unwrap();
        let found = cluster.runtime().block_on(client.fetch(made)).unwrap();
        let found: Vec<f64> =
            found.iter().flat_map(|block| block.elements::<f64>().to_vec()).collect();
        let expected: Vec<f64> =
            (0..BLOCKS * BLOCK_LEN).map(|value| (value * value) as f64).collect();
        assert_eq!(found, expected);
        client.release(vec![made]).unwrap();
        let status = cluster.runtime().block_on(client.status()).unwrap();
        assert!(status.iter().all(|node| (node.blocks, node.stored_bytes) == (0, 0)), "{status:?}");
        // The bytes of the upload are predicted and counted like those of any plan.
        let plans = cluster.runtime().block_on(client.plans()).unwrap();
        assert_eq!(
            plans.iter().map(|plan| plan.policy.as_str()).collect::<Vec<_>>(),
            ["put", "lshs"]
        );
        for (node, predicted, measured) in plans.iter().flat_map(|plan| &plan.nodes) {
            assert!(
                measured.is_as_predicted(predicted),
                "{node}: {measured:?}, predicted {predicted:?}"
            );
        }
        let taken_in: u64 = status.iter().map(|node| node.bytes_in).sum();
        assert_eq!(taken_in, (BLOCKS * BLOCK_LEN * 8) as u64);
    }
}

#[test]
fn an_embedded_cluster_takes_blocks_over_and_copies_none() {
    let (cluster, spec, blocks) = (cluster(2), spec(), blocks());
    let client = cluster.client();
    let placed = blocks.iter().cloned().enumerate();
    let placed = placed.map(|(index, block)| (spec.place(index), block)).collect();
    client.put(ArrayId(0), placed).unwrap();
    let found = cluster.runtime().block_on(client.fetch(ArrayId(0))).unwrap();
    assert!(found.iter().zip(&blocks).all(|(found, put)| Arc::ptr_eq(found, put)));
    drop((found, client));
    // The client has let go of what the nodes hold: one reference there, one here.
    assert!(blocks.iter().all(|block| Arc::strong_count(block) == 2));
}

#[test]
fn without_nodes_there_is_an_error_and_not_a_hang() {
    let (cluster, spec) = (cluster(0), spec());
    let placed = blocks().into_iter().enumerate();
    let placed = placed.map(|(index, block)| (spec.place(index), block)).collect();
    cluster.client().put(ArrayId(0), placed).unwrap();
    let fetched = cluster.runtime().block_on(cluster.client().fetch(ArrayId(0)));
    assert!(matches!(fetched, Err(ClusterError::Plan(_))), "{:?}", fetched.map(|_| ()));
}
