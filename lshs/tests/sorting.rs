//! Lines are sorted by columns: the network sorts everything, and its plans hold few columns.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{plan_on, source};
use nums_lshs::array_op::{ArraySpec, BlockArray, sort};
use nums_lshs::{
    ArrayId, Cluster, DType, Grid, Op, Plan, Shape, SortStep, TaskGraph, VertexId, rewrite,
};
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
        let merged = || {
            assert!(inputs.iter().all(|input| input.is_sorted()));
            let mut both = [&inputs[0][..], &inputs[1][..]].concat();
            both.sort_unstable();
            let upper = both.split_off(inputs[0].len());
            [both, upper]
        };
        let made = match graph.op(vertex) {
            Op::Sort(SortStep::Merge) => {
                let made = graph.outputs(vertex).zip(merged());
                blocks.extend(made.collect::<Vec<_>>());
                continue;
            }
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
            Op::Sort(SortStep::MergeHalf { upper }) => {
                let [lower, upper_half] = merged();
                if *upper { upper_half } else { lower }
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

/// Whichever comparators are one task, the line is sorted.
#[test]
fn halves_on_one_node_become_one_task() {
    for (nodes, tasks, joined) in [(1, 63, 63), (2, 78, 48), (4, 98, 28), (16, 126, 0)] {
        let (mut graph, input, sorted) = sorting(640, 10);
        sorted.keep(&mut graph);
        let kept = |graph: &TaskGraph| -> BTreeMap<_, _> {
            let kept = graph.made().filter(|&made| graph.is_kept(made));
            kept.map(|made| (graph.name(made), made)).collect()
        };
        let cluster = Cluster::uniform(nodes, 64);
        let rewritten = rewrite::apply(graph.clone(), &rewrite::Rules::all(), &cluster);
        let merges = |graph: &TaskGraph, wanted: fn(&SortStep) -> bool| {
            let steps = graph.tasks().filter(|&task| match graph.op(task) {
                Op::Sort(step) => wanted(step),
                _ => false,
            });
            steps.count()
        };
        let all = |step: &SortStep| !matches!(step, SortStep::Sort { .. });
        assert_eq!((merges(&graph, all), merges(&rewritten, all)), (126, tasks));
        assert_eq!(merges(&rewritten, |step| *step == SortStep::Merge), joined);
        let kept = [kept(&graph), kept(&rewritten)];
        assert!(kept[0].keys().eq(kept[1].keys()));
        // Sources come first, under the same numbers.
        let blocks = kept[1].values().copied().collect();
        let sorted = BlockArray { spec: sorted.spec.clone(), blocks };
        let line: Vec<u8> = (0..640).map(|at| (at * 151 % 251) as u8).collect();
        let mut expected = line.clone();
        expected.sort_unstable();
        assert_eq!(run(&rewritten, &input, &sorted, &line), expected);
    }
}

/// The plan for a kept line of 64 blocks, on nodes that own as many places each, the bytes of the line, and of a column.
fn planned(nodes: usize) -> (Plan, u64, u64) {
    let mut graph = TaskGraph::new(ArrayId(0));
    let input = source(&mut graph, &[64], &[1 << 16], &[nodes], nodes);
    let array = graph.next_array();
    let sorted = sort(&mut graph, array, &input, 0, false).unwrap();
    sorted.keep(&mut graph);
    let cluster = Cluster::uniform(nodes, nodes as u32);
    let graph = rewrite::apply(graph, &rewrite::Rules::all(), &cluster);
    let plan = plan_on(&graph, &cluster, "lshs");
    let line_bytes = input.spec.bytes();
    (plan, line_bytes, line_bytes / 16)
}

#[test]
fn no_node_holds_much_more_than_its_share() {
    // On one node both columns of a comparator stay in their memory.
    for (nodes, columns_moved, columns_held) in [(1, 0, 1), (2, 30, 2), (4, 70, 2)] {
        let (plan, line_bytes, column_bytes) = planned(nodes);
        assert_eq!(plan.total_bytes(), columns_moved * column_bytes);
        let share_bytes = 2 * line_bytes / nodes as u64;
        for part in &plan.parts {
            // The input and the result, a column that arrives, and half of a comparator that is not written in place.
            let most_bytes = share_bytes + columns_held * column_bytes;
            assert!(part.loads.peak_bytes <= most_bytes, "{:?}", part.loads);
        }
    }
}
