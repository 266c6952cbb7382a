//! Clusters and graphs at the edge: no room, no nodes, nothing to do, more nodes than blocks.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{plan_on, square_product};
use nums_lshs::workload::{self, Setting};
use nums_lshs::{
    ArrayId, BlockName, BlockSpec, Cluster, DType, NodeId, Op, Place, Plan, PlanError, Program,
    Shape, TaskGraph, UnaryOp, policy,
};

fn name(index: u32) -> BlockName {
    BlockName { array: ArrayId(0), index }
}

fn spec(elements: usize) -> BlockSpec {
    BlockSpec::new(DType::Float64, Shape::new([elements]).unwrap())
}

fn plan(graph: &TaskGraph, cluster: &Cluster) -> Result<Plan, PlanError> {
    Plan::new(graph, cluster, policy::by_name("lshs").unwrap().as_ref())
}

/// Independent blocks of 800 bytes, all computed from one on node 0.
fn fan(results: usize) -> TaskGraph {
    let mut graph = TaskGraph::new(ArrayId(1));
    let source = graph.source(spec(100), name(0), Place(0), vec![NodeId(0)]);
    for index in 0..results {
        let op = Op::Map(Program::unary(UnaryOp::Exp, DType::Float64));
        let task = graph.task(op, &[source], Place(0), name(1 + index as u32)).unwrap();
        graph.keep(task);
    }
    graph
}

#[test]
fn a_plan_avoids_a_node_that_is_full() {
    let graph = fan(8);
    let mut cluster = Cluster::uniform(2, 2);
    cluster.nodes[0].memory_bytes = 4 * 800;
    let plan = plan(&graph, &cluster).unwrap();
    plan.check(&graph).unwrap();
    assert!(plan.parts[0].loads.peak_bytes <= 4 * 800);
}

#[test]
fn a_cluster_without_room_says_how_much_is_missing_and_where() {
    let graph = fan(8);
    let mut cluster = Cluster::uniform(2, 2);
    cluster.nodes.iter_mut().for_each(|spec| spec.memory_bytes = 2 * 800);
    let error = plan(&graph, &cluster).unwrap_err();
    let PlanError::OutOfMemory { node, need_bytes, budget_bytes } = error else {
        panic!("{error}");
    };
    assert!(need_bytes > budget_bytes && budget_bytes == 2 * 800 && node.index() < 2);
    let missing = need_bytes - budget_bytes;
    let error = PlanError::OutOfMemory { node, need_bytes, budget_bytes };
    assert!(error.to_string().ends_with(&format!("({missing} too few)")), "{error}");
}

#[test]
fn a_cluster_without_nodes_and_a_source_elsewhere_are_refused() {
    let graph = fan(1);
    let none = Cluster { nodes: Vec::new(), places: 1 };
    assert_eq!(plan(&graph, &none), Err(PlanError::NoNodes));
    let mut graph = TaskGraph::new(ArrayId(1));
    let vertex = graph.source(spec(1), name(0), Place(0), vec![NodeId(3)]);
    let unknown = PlanError::UnknownNode { vertex, node: NodeId(3), nodes: 2 };
    assert_eq!(plan(&graph, &Cluster::uniform(2, 2)), Err(unknown));
}

#[test]
fn an_empty_graph_and_blocks_without_elements_have_plans() {
    let cluster = Cluster::uniform(3, 3);
    assert_eq!(plan(&TaskGraph::default(), &cluster).unwrap().total_bytes(), 0);
    let mut graph = TaskGraph::new(ArrayId(1));
    let empty = graph.source(spec(0), name(0), Place(0), vec![NodeId(2)]);
    let op = Op::Map(Program::unary(UnaryOp::Exp, DType::Float64));
    let task = graph.task(op, &[empty], Place(1), name(1)).unwrap();
    graph.keep(task);
    for policy in policy::NAMES {
        let plan = plan_on(&graph, &cluster, policy);
        assert_eq!((plan.total_bytes(), plan.objective_s), (0, 0.0), "{policy}");
    }
}

#[test]
fn one_block_on_many_nodes_and_many_blocks_on_one() {
    let product = square_product(1, 8, [1, 1]);
    for (nodes, graph) in [(9, &product), (1, &square_product(5, 2, [1, 1]))] {
        for policy in policy::NAMES {
            let plan = plan_on(graph, &Cluster::uniform(nodes, nodes as u32), policy);
            let used = plan.parts.iter().filter(|part| part.loads.tasks > 0).count();
            assert!(used <= nodes, "{policy}");
        }
    }
    let setting = Setting { blocks: 2, nodes: 50, ..Setting::default() };
    let few = workload::build("matmul", &setting).unwrap();
    for policy in policy::NAMES {
        plan_on(&few.graph, &few.cluster, policy);
    }
}

#[test]
fn copies_inside_a_host_come_first() {
    // Nodes 1 and 2 share a host with the source's node 0 and node 3: each host fetches the block once.
    let mut graph = TaskGraph::new(ArrayId(1));
    let source = graph.source(spec(100_000), name(0), Place(0), vec![NodeId(0)]);
    for node in 1..4 {
        let op = Op::Map(Program::unary(UnaryOp::Exp, DType::Float64));
        let task = graph.task(op, &[source], Place(node), name(node)).unwrap();
        graph.keep(task);
        graph.pin(task);
    }
    let mut cluster = Cluster::uniform(4, 4);
    cluster.nodes.iter_mut().zip([0, 0, 1, 1]).for_each(|(spec, host)| spec.host = host);
    let plan = plan_on(&graph, &cluster, "lshs");
    let between: u64 =
        plan.parts.iter().map(|part| part.loads.bytes_in - part.loads.host_bytes_in).sum();
    assert_eq!((plan.total_bytes(), between), (3 * 800_000, 800_000));
}
