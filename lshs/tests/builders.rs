//! Builders at the edges of what an array can be: no axes, no elements, more nodes than blocks.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_lshs::array_op::{
    ArraySpec, BlockArray, NewtonModel, cholesky, contract, elementwise, matmul, newton_step,
    reduce, reshape, transpose, tsqr, tsqr_r,
};
use nums_lshs::{
    ArrayId, BinaryOp, Cluster, Constant, DType, Einsum, GlmFamily, GraphError, Grid, Layout,
    NodeId, Plan, Program, Reduction, Shape, TaskGraph, node_of_place, policy,
};

const NODES: usize = 5;

/// A source of some counts of blocks; blocks of no elements stay apart.
fn source(graph: &mut TaskGraph, counts: &[usize], block: &[usize]) -> BlockArray {
    let bounds = counts.iter().zip(block);
    let bounds = bounds.map(|(&count, &len)| (0..=count).map(|at| at * len).collect()).collect();
    let grid = Grid::from_bounds(bounds).unwrap();
    let spec = ArraySpec::with_grid(DType::Float64, grid, NODES as u32);
    let array = graph.next_array();
    BlockArray::source(graph, array, &spec, |index| {
        vec![node_of_place(spec.place(index), NODES as u32, NODES)]
    })
}

/// Plans the result with every policy, and gives the shape of each of its blocks.
fn check(mut graph: TaskGraph, result: &BlockArray) -> Vec<String> {
    result.keep(&mut graph);
    let cluster = Cluster::uniform(NODES, NODES as u32);
    for name in policy::NAMES {
        let policy = policy::by_name(name).unwrap();
        Plan::new(&graph, &cluster, policy.as_ref()).unwrap().check(&graph).unwrap();
    }
    result.blocks.iter().map(|&block| graph.spec(block).shape.to_string()).collect()
}

#[test]
fn scalars_are_arrays_of_one_block() {
    let mut graph = TaskGraph::new(ArrayId(0));
    let (a, b) = (source(&mut graph, &[], &[]), source(&mut graph, &[], &[]));
    let spec = ArraySpec::elementwise(&[&a.spec, &b.spec], DType::Float64).unwrap();
    let add = Program::binary(BinaryOp::Add, DType::Float64);
    let array = graph.next_array();
    let sum = elementwise(&mut graph, array, &add, &[&a, &b], &spec).unwrap();
    let array = graph.next_array();
    let transposed = transpose(&mut graph, array, &sum, &[]).unwrap();
    let array = graph.next_array();
    let reduced = reduce(&mut graph, array, &transposed, Reduction::Sum, &[]).unwrap();
    let einsum = Einsum::parse(",->").unwrap();
    let spec = ArraySpec::contracted(&einsum, &[&reduced.spec, &a.spec]).unwrap();
    let array = graph.next_array();
    let product = contract(&mut graph, array, &einsum, &[&reduced, &a], &spec).unwrap();
    let grid = Grid::single(&Shape::new([1, 1]).unwrap());
    let spec = ArraySpec::with_grid(DType::Float64, grid, NODES as u32);
    let array = graph.next_array();
    let matrix = reshape(&mut graph, array, &product, &spec).unwrap();
    assert_eq!(check(graph, &matrix), ["(1, 1)"]);
}

#[test]
fn arrays_without_elements_keep_their_blocks() {
    let mut graph = TaskGraph::new(ArrayId(0));
    let a = source(&mut graph, &[3, 2], &[2, 0]);
    let b = source(&mut graph, &[2, 4], &[0, 1]);
    let spec = a.spec.matmul(&b.spec).unwrap();
    let array = graph.next_array();
    let product = matmul(&mut graph, array, &a, &b, &spec).unwrap();
    let array = graph.next_array();
    let sum = reduce(&mut graph, array, &product, Reduction::Sum, &[0]).unwrap();
    assert_eq!(check(graph, &sum), ["(1,)"; 4]);
    let mut graph = TaskGraph::new(ArrayId(0));
    let a = source(&mut graph, &[3, 2], &[0, 2]);
    let array = graph.next_array();
    let sum = reduce(&mut graph, array, &a, Reduction::Sum, &[0]).unwrap();
    assert_eq!(check(graph, &sum), ["(2,)"; 2]);
}

#[test]
fn cholesky_factors_of_one_block_of_no_elements_and_of_what_is_not_square() {
    for (count, side, tasks) in [(1, 3, 1), (1, 0, 1), (3, 0, 13), (3, 2, 13)] {
        let mut graph = TaskGraph::new(ArrayId(0));
        let a = source(&mut graph, &[count; 2], &[side; 2]);
        let spec = a.spec.cholesky().unwrap();
        assert_eq!(spec.grid, a.spec.grid);
        let array = graph.next_array();
        let l = cholesky(&mut graph, array, &a, &spec).unwrap();
        // Of 3 x 3 blocks: 3 factors, 3 panels, 4 downdates and 3 blocks of zeros.
        assert_eq!(graph.tasks().count(), tasks);
        assert_eq!(check(graph, &l), vec![format!("({side}, {side})"); count * count]);
    }
    // As many blocks as before.
    let mut graph = TaskGraph::new(ArrayId(0));
    let a = source(&mut graph, &[8, 2], &[1, 4]);
    let spec = a.spec.cholesky().unwrap();
    assert_eq!(spec.grid.counts(), [4, 4]);
    let array = graph.next_array();
    let l = cholesky(&mut graph, array, &a, &spec).unwrap();
    assert_eq!(check(graph, &l), ["(2, 2)"; 16]);
    let mut graph = TaskGraph::new(ArrayId(0));
    let (a, b) = (source(&mut graph, &[2, 3], &[1, 1]), source(&mut graph, &[2, 2], &[1, 1]));
    assert_eq!(a.spec.cholesky(), None);
    assert_eq!(source(&mut graph, &[4], &[1]).spec.cholesky(), None);
    let refused = cholesky(&mut graph, ArrayId(9), &a, &b.spec.cholesky().unwrap()).unwrap_err();
    assert!(matches!(refused, GraphError::Inputs { .. }), "{refused}");
}

#[test]
fn factorisations_of_one_block_and_of_no_columns() {
    let shapes = |counts: &[usize], block: &[usize]| {
        let mut graph = TaskGraph::new(ArrayId(0));
        let x = source(&mut graph, counts, block);
        let (q_array, r_array) = (graph.next_array(), graph.next_array());
        let (q, r) = tsqr(&mut graph, q_array, r_array, &x).unwrap();
        q.keep(&mut graph);
        check(graph, &r)
    };
    assert_eq!(shapes(&[1, 1], &[3, 2]), ["(2, 2)"]);
    assert_eq!(shapes(&[7, 1], &[1, 3]), ["(3, 3)"]);
    assert_eq!(shapes(&[2, 1], &[3, 0]), ["(0, 0)"]);
    assert_eq!(shapes(&[2, 2], &[0, 1]), ["(2, 2)"]);
}

#[test]
fn shapes_that_do_not_fit_are_errors_of_the_builder() {
    let mut graph = TaskGraph::new(ArrayId(0));
    let vector = source(&mut graph, &[2], &[3]);
    let matrix = source(&mut graph, &[2, 1], &[3, 2]);
    let array = graph.next_array();
    assert!(matches!(tsqr_r(&mut graph, array, &vector), Err(GraphError::Inputs { .. })));
    let einsum = Einsum::parse("ij,j->i").unwrap();
    assert_eq!(ArraySpec::contracted(&einsum, &[&matrix.spec, &vector.spec]), None);
    let refused = contract(&mut graph, array, &einsum, &[&matrix, &vector], &vector.spec);
    assert!(matches!(refused, Err(GraphError::Inputs { .. })));
    let model = NewtonModel {
        family: GlmFamily::Bernoulli,
        intercept: false,
        ridge: Constant::float64(0.0),
    };
    for (x, y, beta) in [
        (&vector, &vector, &vector),
        (&matrix, &matrix, &vector),
        (&matrix, &vector, &vector),
        (&matrix, &vector, &matrix),
    ] {
        assert!(newton_step(&mut graph, array, model, x, y, beta).is_err());
    }
}

#[test]
fn the_order_of_a_tree_depends_on_places_and_not_on_what_joins_where() {
    // Seven blocks on three places: who is added to whom follows from the layout alone.
    let mut graph = TaskGraph::new(ArrayId(0));
    let shape = Shape::new([7, 2]).unwrap();
    let grid = Grid::uniform(&shape, &[1, 2]);
    let layout = Layout::automatic(&grid, 3);
    let spec = ArraySpec { dtype: DType::Float64, grid, layout };
    let x = BlockArray::source(&mut graph, ArrayId(9), &spec, |_| vec![NodeId(0)]);
    let array = graph.next_array();
    reduce(&mut graph, array, &x, Reduction::Sum, &[0]).unwrap();
    let joins: Vec<_> = graph
        .tasks()
        .filter(|&task| graph.inputs(task).len() == 2)
        .map(|task| format!("{task}={}", graph.inputs(task).iter().map(|i| i.0).sum::<u32>()))
        .collect();
    // Partials are t7 to t13; places hold 3, 2 and 2 of them.
    assert_eq!(joins, ["t14=15", "t15=23", "t16=21", "t17=25", "t18=31", "t19=35"]);
}
