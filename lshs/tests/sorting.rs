//! Lines are sorted by columns: the network sorts everything, and its plans hold few columns.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{plan_on, source};
use nums_lshs::array_op::{ArraySpec, BlockArray, sort};
use nums_lshs::{ArrayId, Cluster, DType, Grid, Op, Plan, Shape, SortStep, TaskGraph, VertexId};
use std::collections::BTreeMap;

/// The line that a plan-free run of the tasks gives: what each operation means, on small integers.
fn run(graph: &TaskGraph, input: &BlockArray, sorted: &BlockArray, line: &[u8]) -> Vec<u8> {
    let mut blocks: BTreeMap<VertexId, Vec<u8>> = BTreeMap::new();
    for (index, &block) in input.blocks.iter().enumerate() {
        let region = input.spec.grid.region(index);
        blocks.insert(block, line[region.start[0]..region.start[0] + region.len[0]].to_vec());
    }
    for vertex in graph.tasks() {
        let inputs: Vec<_> = graph.inputs(vertex).iter().map(|input| &blocks[input]).collect();
        let made = match graph.op(vertex) {
            Op::Gather { pieces, .. } => pieces
                .iter()
                .flat_map(|piece| {
                    let (start, len) = (piece.source_start[0], piece.len[0]);
                    inputs[piece.input as usize][start..start + len].iter().copied()
                })
                .collect(),
            Op::Sort(SortStep::Sort { axis: 0 }) => {
                let mut line = inputs[0].clone();
                line.sort_unstable();
                line
            }
            Op::Sort(SortStep::Merge { upper }) => {
                assert!(inputs.iter().all(|input| input.is_sorted()));
                let mut both = [&inputs[0][..], &inputs[1][..]].concat();
                both.sort_unstable();
                let upper_half = both.split_off(inputs[0].len());
                if *upper { upper_half } else { both }
            }
            op => unreachable!("{op}"),
        };
        blocks.insert(vertex, made);
    }
    sorted.blocks.iter().flat_map(|block| blocks[block].clone()).collect()
}

/// The graph that sorts a line in blocks of some length.
fn sorting(len: usize, block: usize) -> (TaskGraph, BlockArray, BlockArray) {
    let mut graph = TaskGraph::new(ArrayId(0));
    let grid = Grid::uniform(&Shape::new([len]).unwrap(), &[block]);
    let spec = ArraySpec::with_grid(DType::Int32, grid, 64);
    let array = graph.next_array();
    let input = BlockArray::source(&mut graph, array, &spec, |_| Vec::new());
    let array = graph.next_array();
    let sorted = sort(&mut graph, array, &input, 0, false).unwrap();
    assert_eq!(sorted.spec, spec.sorted(0));
    (graph, input, sorted)
}

/// A network that never looks at what it moves sorts everything when it sorts all lines of zeros and ones; since columns
/// are sorted first, only how many ones each has makes a difference.
#[test]
fn every_line_of_zeros_and_ones_is_sorted() {
    for (columns, len) in [(1, 5), (2, 4), (3, 3), (4, 3), (5, 3), (6, 2), (7, 2), (8, 2)] {
        for shorter in 0..len {
            let total = columns * len - shorter;
            let (graph, input, sorted) = sorting(total, len);
            assert_eq!(sorted.blocks.len(), columns);
            let mut ones = vec![0; columns];
            loop {
                let column = |at: usize| (0..len).map(move |row| (at, row));
                let line = (0..columns).flat_map(column).take(total);
                let line: Vec<u8> = line.map(|(at, row)| u8::from(row < ones[at])).collect();
                let mut expected = line.clone();
                expected.sort_unstable();
                let found = run(&graph, &input, &sorted, &line);
                assert_eq!(found, expected, "{line:?} in columns of {len}");
                let Some(next) = ones.iter().position(|&count| count < len) else { break };
                ones[next] += 1;
                ones[..next].fill(0);
            }
        }
    }
}

#[test]
fn many_blocks_are_joined_to_columns() {
    for (len, block, columns) in
        [(640, 10, 16), (641, 10, 13), (170, 10, 9), (70, 10, 7), (10, 10, 1)]
    {
        let (graph, input, sorted) = sorting(len, block);
        assert_eq!(sorted.blocks.len(), columns, "{len} elements in blocks of {block}");
        let line: Vec<u8> = (0..len).map(|at| (at * 151 % 251) as u8).collect();
        let mut expected = line.clone();
        expected.sort_unstable();
        assert_eq!(run(&graph, &input, &sorted, &line), expected);
    }
    let long = |gib: usize, blocks: usize| {
        let shape = Shape::new([gib << 27]).unwrap();
        let grid = Grid::with_counts(&shape, &[blocks]);
        ArraySpec::with_grid(DType::Float64, grid, 64).sorted(0).grid.blocks()
    };
    assert_eq!([long(1, 64), long(4, 64), long(16, 64), long(16, 9)], [16, 32, 64, 9]);
}

/// The plan for a kept line of 64 blocks on as many nodes as places, the bytes of the line, and of a column.
fn planned(nodes: usize) -> (Plan, u64, u64) {
    let mut graph = TaskGraph::new(ArrayId(0));
    let input = source(&mut graph, &[64], &[1 << 16], &[nodes], nodes);
    let array = graph.next_array();
    let sorted = sort(&mut graph, array, &input, 0, false).unwrap();
    sorted.keep(&mut graph);
    let plan = plan_on(&graph, &Cluster::uniform(nodes, nodes as u32), "lshs");
    let line_bytes = input.spec.bytes();
    (plan, line_bytes, line_bytes / 16)
}

#[test]
fn no_node_holds_much_more_than_its_share() {
    for (nodes, columns_moved) in [(1, 0), (2, 30), (4, 70)] {
        let (plan, line_bytes, column_bytes) = planned(nodes);
        assert_eq!(plan.total_bytes(), columns_moved * column_bytes);
        let share_bytes = 2 * line_bytes / nodes as u64;
        for part in &plan.parts {
            // The input and the result, a column that arrives, and half of a comparator that is not written in place.
            assert!(part.loads.peak_bytes <= share_bytes + 2 * column_bytes, "{:?}", part.loads);
        }
    }
}
