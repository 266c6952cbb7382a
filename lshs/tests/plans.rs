//! Plans of the workloads: what they move, and that they pass their proof.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_lshs::array_op::{ArraySpec, BlockArray, elementwise, matmul, reduce, transpose, tsqr};
use nums_lshs::{
    ArrayId, BinaryOp, BlockName, CheckError, Cluster, Constant, Creation, DType, Grid, GridRule,
    Layout, NodeId, Op, Place, PlaceMap, Plan, Program, Reduction, Region, Shape,
    SimulationOptions, SortStep, Step, TaskGraph, VertexId, node_of_place, policy,
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

/// Both factors of a tall matrix: a packed R goes up from each node but one, and a square comes down.
#[test]
fn a_tsqr_moves_a_triangle_up_and_a_square_down() {
    for (blocks, nodes) in [(2, 2), (16, 4), (24, 8), (5, 5)] {
        let mut graph = TaskGraph::new(ArrayId(0));
        let x = source(&mut graph, &[blocks, 1], 6, &[nodes, 1]);
        let [q, r] = [graph.next_array(), graph.next_array()];
        let (q, r) = tsqr(&mut graph, q, r, &x).unwrap();
        q.keep(&mut graph);
        r.keep(&mut graph);
        let moved = plan(&graph, nodes, "lshs").total_bytes();
        assert_eq!(moved, (nodes as u64 - 1) * (21 + 36) * 8, "{blocks} blocks on {nodes} nodes");
        // A factorisation a block and a join, a product a block and two a join but the last, and R as a square.
        let joins = blocks - 1;
        assert_eq!(graph.tasks().count(), blocks + joins + blocks + 2 * (joins - 1) + 1);
        let flops: u64 = graph.tasks().map(|task| graph.flops(task)).sum();
        let (blocks, joins, cube) = (blocks as u64, joins as u64, 6 * 6 * 6);
        assert_eq!(flops, (blocks * 6 + joins * 8 + (joins - 1) * 4) * cube);
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

/// A task gives two blocks of 8 and 800 bytes, whichever of them is read by a task that gives 80 bytes.
fn one_of_two_is_read(read: usize) -> TaskGraph {
    let mut graph = TaskGraph::new(ArrayId(1));
    let name = |index| (Place(0), BlockName { array: ArrayId(0), index });
    let opaque =
        |bytes: &[u64]| Op::Opaque { kind: "work".into(), flops: 1, output_bytes: bytes.to_vec() };
    let two = graph.task_giving(opaque(&[8, 800]), &[], &[name(0), name(1)]).unwrap();
    let reader = graph.output(two, read);
    let result = graph.task_giving(opaque(&[80]), &[reader], &[name(2)]).unwrap();
    graph.keep(result);
    graph
}

#[test]
fn what_a_task_gives_and_nobody_reads_goes_when_it_has_run() {
    let steps = |read: usize| {
        let graph = one_of_two_is_read(read);
        let plan = plan(&graph, 1, "lshs");
        let part = plan.parts.into_iter().next().unwrap();
        (part.steps, part.loads.peak_bytes)
    };
    // Both exist while the task runs.
    let (two, dead, result) = (VertexId(0), [VertexId(1), VertexId(0)], VertexId(2));
    let expected = |read: usize| {
        [Step::Run(two), Step::Free(dead[read]), Step::Run(result), Step::Free(dead[1 - read])]
    };
    assert_eq!(steps(0), (expected(0).to_vec(), 808));
    assert_eq!(steps(1), (expected(1).to_vec(), 880));
}

#[test]
fn a_plan_that_runs_an_output_by_itself_or_elsewhere_is_refused() {
    let graph = one_of_two_is_read(1);
    let good = plan(&graph, 2, "lshs");
    let ran = good.parts.iter().position(|part| !part.steps.is_empty()).unwrap();
    let mut alone = good.clone();
    alone.parts[ran].steps.insert(1, Step::Run(VertexId(1)));
    let error = alone.check(&graph).unwrap_err();
    assert!(matches!(error, CheckError::Unbalanced { vertex: VertexId(1), .. }), "{error}");
    let mut elsewhere = good;
    elsewhere.nodes[1] = NodeId(1 - ran as u32);
    let error = elsewhere.check(&graph).unwrap_err();
    assert!(matches!(error, CheckError::Unbalanced { vertex: VertexId(1), .. }), "{error}");
}

/// A merge of two lines that nobody else reads needs no memory but theirs; whoever reads one of them keeps it.
#[test]
fn a_comparator_takes_over_the_buffers_of_both_lines() {
    let peaks = |also_read: bool| {
        let mut graph = TaskGraph::new(ArrayId(0));
        let line = Shape::new([100]).unwrap();
        let region = |start: usize| Region { start: vec![start], len: vec![100] };
        let whole = Shape::new([200]).unwrap();
        let creation = Creation::Full(Constant::float64(1.0));
        let name = |index| (Place(0), BlockName { array: ArrayId(9), index });
        let lines = [0, 1].map(|at| {
            let (shape, region) = (whole.clone(), region(100 * at as usize));
            let create = Op::Create { creation, shape, region };
            graph.task_giving(create, &[], &[name(at)]).unwrap()
        });
        let merge = Op::Sort(SortStep::Merge);
        let lower = graph.task_giving(merge, &lines, &[name(2), name(3)]).unwrap();
        graph.keep(lower);
        graph.keep(graph.output(lower, 1));
        if also_read {
            let (kind, output_bytes) = ("look".to_owned(), vec![8]);
            let look = Op::Opaque { kind, flops: 1, output_bytes };
            let seen = graph.task_giving(look, &[lines[0]], &[name(4)]).unwrap();
            graph.keep(seen);
        }
        let (cluster, options) = (Cluster::uniform(1, 1), SimulationOptions::default());
        let plan = plan(&graph, 1, "owner-computes");
        let run = plan.simulate(&graph, &cluster, &options).unwrap();
        assert_eq!(run.nodes[0].peak_bytes, plan.parts[0].loads.peak_bytes);
        assert_eq!(graph.spec(lower).shape, line);
        plan.parts[0].loads.peak_bytes
    };
    assert_eq!((peaks(false), peaks(true)), (1600, 2408));
}
