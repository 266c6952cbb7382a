//! What the sessions of a run compute, and what must come out.

use super::faults::Random;
use crate::request::Put;
use nums_kernels::{Alone, Block, Buffer, execute_with};
use nums_lshs::array_op::{self, ArraySpec, BlockArray};
use nums_lshs::{
    ArrayId, BinaryOp, BlockName, Constant, Creation, DType, Grid, Program, Reduction, Shape,
    TaskGraph,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Logical places of the sessions.
pub(super) const PLACES: u32 = 8;

/// Blocks by name.
pub(super) type Results = BTreeMap<BlockName, Arc<Block>>;

/// A graph that makes array `makes` of earlier ones, or has its blocks put by the client.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) makes: ArrayId,
    pub(super) graph: TaskGraph,
    pub(super) put: bool,
}

impl Step {
    /// What the client puts.
    pub(super) fn put(&self, results: &Results) -> (Put, Vec<Arc<Block>>) {
        let (spec, array) = (spec(), self.makes);
        let name = |index| BlockName { array, index };
        let blocks = (0..spec.grid.blocks() as u32).map(|index| results[&name(index)].clone());
        let blocks: Vec<_> = blocks.collect();
        let sizes = blocks.iter().enumerate();
        let sizes = sizes.map(|(index, block)| (spec.place(index), block.bytes().len() as u64));
        (Put { array, blocks: sizes.collect(), within: None }, blocks)
    }
}

/// Random graphs, and the blocks that they make when they are computed one task after the other.
pub(super) fn steps(random: &mut Random, count: u64) -> (Vec<Step>, Results) {
    let mut steps: Vec<Step> = Vec::new();
    let mut results = Results::new();
    for number in 0..count {
        let makes = ArrayId(number);
        let reads: Vec<_> = (0..2.min(number)).map(|_| ArrayId(random.below(number))).collect();
        let mut graph = TaskGraph::new(ArrayId(ArrayId::TEMPORARIES.0 + number * 1000));
        // An array that is read twice is one source.
        let mut sources: Vec<BlockArray> = Vec::new();
        for (index, &array) in reads.iter().enumerate() {
            let again = reads[..index].iter().position(|&other| other == array);
            let source = again.map(|other| sources[other].clone());
            sources.push(source.unwrap_or_else(|| source_of(&mut graph, array)));
        }
        let made = match (sources.as_slice(), random.below(5)) {
            ([left, right], 0..2) => {
                let add = Program::binary(BinaryOp::Add, DType::Float64);
                array_op::elementwise(&mut graph, makes, &add, &[left, right], &spec())
            }
            ([left, _], 2) => plus_sums(&mut graph, makes, left),
            ([left, _], 3) => times_matrix(&mut graph, makes, left),
            ([.., last], _) => {
                let half = Program::with_constant(BinaryOp::Multiply, Constant::float64(0.5));
                array_op::elementwise(&mut graph, makes, &half, &[last], &spec())
            }
            ([], _) => array_op::create(&mut graph, makes, arange(), &spec()),
        };
        made.unwrap().keep(&mut graph);
        compute(&graph, &mut results);
        let put = number == 0 && random.below(2) == 0;
        steps.push(Step { makes, graph, put });
    }
    (steps, results)
}

/// 8 x 6 elements in 8 ragged blocks of at most 3 x 4.
fn spec() -> ArraySpec {
    let shape = Shape::new([8, 6]).unwrap();
    ArraySpec::with_grid(DType::Float64, Grid::uniform(&shape, &[2, 4]), PLACES)
}

fn arange() -> Creation {
    Creation::Arange { start: Constant::float64(0.25), next: Constant::float64(0.375) }
}

fn source_of(graph: &mut TaskGraph, array: ArrayId) -> BlockArray {
    BlockArray::source(graph, array, &spec(), |_| Vec::new())
}

/// Adds to each column its sum.
fn plus_sums(
    graph: &mut TaskGraph,
    makes: ArrayId,
    array: &BlockArray,
) -> Result<BlockArray, nums_lshs::GraphError> {
    let sums = graph.next_array();
    let sums = array_op::reduce(graph, sums, array, Reduction::Sum, &[0])?;
    let add = Program::binary(BinaryOp::Add, DType::Float64);
    array_op::elementwise(graph, makes, &add, &[array, &sums], &spec())
}

/// The product with a matrix of 6 x 6.
fn times_matrix(
    graph: &mut TaskGraph,
    makes: ArrayId,
    array: &BlockArray,
) -> Result<BlockArray, nums_lshs::GraphError> {
    let shape = Shape::new([6, 6]).unwrap();
    let square = ArraySpec::with_grid(DType::Float64, Grid::uniform(&shape, &[4, 4]), PLACES);
    let matrix = graph.next_array();
    let matrix = array_op::create(graph, matrix, arange(), &square)?;
    array_op::matmul(graph, makes, array, &matrix, &spec())
}

/// Computes a graph in order, on one thread and without a plan.
fn compute(graph: &TaskGraph, results: &mut Results) {
    let mut blocks: Vec<Option<Arc<Block>>> = vec![None; graph.len()];
    for vertex in graph.vertices() {
        if graph.is_source(vertex) {
            blocks[vertex.index()] = Some(results[&graph.name(vertex)].clone());
        } else if graph.is_task(vertex) {
            let inputs = graph.inputs(vertex).iter();
            let inputs = inputs.map(|input| blocks[input.index()].clone().unwrap()).collect();
            let given = execute_with(graph.op(vertex), inputs, &Alone, &mut Buffer::zeroed);
            for (output, block) in graph.outputs(vertex).zip(given.unwrap()) {
                blocks[output.index()] = Some(Arc::new(block));
            }
        }
        if graph.is_kept(vertex) {
            let block = blocks[vertex.index()].clone().unwrap();
            results.insert(graph.name(vertex), block);
        }
    }
}
