//! Graphs of the builders, run block by block on one thread.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_kernels::{Alone, Block, Buffer, Element, execute_with};
use nums_lshs::array_op::{ArraySpec, BlockArray};
use nums_lshs::{ArrayId, Grid, NodeId, Shape, TaskGraph, VertexId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A graph, and the elements of its sources.
pub struct Run {
    pub graph: TaskGraph,
    blocks: BTreeMap<VertexId, Arc<Block>>,
    places: u32,
}

/// Elements without a pattern: a Weyl sequence.
pub fn scattered(index: usize) -> f64 {
    (index as f64 * 0.618_033_988_749_895).fract() - 0.5
}

impl Run {
    pub fn new(places: u32) -> Run {
        Run { graph: TaskGraph::new(ArrayId(0)), blocks: BTreeMap::new(), places }
    }

    /// A source array with some cuts; `elements` gives each element from its index in C order.
    pub fn source<T: Element>(
        &mut self,
        bounds: &[&[usize]],
        elements: impl Fn(usize) -> T,
    ) -> BlockArray {
        let grid = Grid::from_bounds(bounds.iter().map(|cuts| cuts.to_vec()).collect()).unwrap();
        let spec = ArraySpec::with_grid(T::DTYPE, grid, self.places);
        let array = self.graph.next_array();
        let source = BlockArray::source(&mut self.graph, array, &spec, |_| vec![NodeId(0)]);
        let shape = spec.shape();
        for (index, &vertex) in source.blocks.iter().enumerate() {
            let region = spec.grid.region(index);
            let own = Shape::new(region.len.clone()).unwrap();
            let mut block = Block::new(spec.block(index), &mut Buffer::zeroed).unwrap();
            for (at, element) in block.elements_mut::<T>().iter_mut().enumerate() {
                let start = region.start.iter().zip(own.unravel(at));
                let global: Vec<_> = start.map(|(start, offset)| start + offset).collect();
                *element = elements(shape.ravel(&global));
            }
            self.blocks.insert(vertex, Arc::new(block));
        }
        source
    }

    /// Runs every task, in the order of the graph.
    pub fn compute(&mut self) {
        self.graph.validate().unwrap();
        for vertex in self.graph.tasks() {
            let inputs = self.graph.inputs(vertex).iter();
            let inputs = inputs.map(|input| Arc::clone(&self.blocks[input])).collect();
            let op = self.graph.op(vertex);
            let given = execute_with(op, inputs, &Alone, &mut Buffer::zeroed).unwrap();
            let outputs = self.graph.outputs(vertex);
            assert_eq!(given.len(), outputs.len());
            for (output, block) in outputs.zip(given) {
                assert_eq!(block.spec(), self.graph.spec(output));
                assert_eq!(block.bytes().len() as u64, self.graph.bytes(output));
                self.blocks.insert(output, Arc::new(block));
            }
        }
    }

    /// All elements of an array in C order.
    pub fn elements<T: Element>(&self, array: &BlockArray) -> Vec<T> {
        let shape = array.spec.shape();
        let mut all = vec![T::default(); shape.elements()];
        for (index, vertex) in array.blocks.iter().enumerate() {
            let region = array.spec.grid.region(index);
            let own = Shape::new(region.len.clone()).unwrap();
            for (at, &element) in self.blocks[vertex].elements::<T>().iter().enumerate() {
                let start = region.start.iter().zip(own.unravel(at));
                let global: Vec<_> = start.map(|(start, offset)| start + offset).collect();
                all[shape.ravel(&global)] = element;
            }
        }
        all
    }
}
