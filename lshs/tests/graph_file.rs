//! Graphs as JSON: the documented example, what is refused, and that workloads survive being written down.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_lshs::graph_file::{GraphFile, GraphFileError};
use nums_lshs::workload::{self, Setting};
use nums_lshs::{NodeId, NodeSpec, Plan, PlanError, TaskGraph, policy};

/// The file that `docs/schedule-graph.md` explains.
const EXAMPLE: &str = include_str!("../../examples/data/graph.json");

fn plan(file: &GraphFile, policy_name: &str) -> Result<Plan, PlanError> {
    let (graph, cluster) = file.build().unwrap();
    let plan = Plan::new(&graph, &cluster, policy::by_name(policy_name).unwrap().as_ref())?;
    plan.check(&graph).unwrap();
    Ok(plan)
}

fn file(tasks: &str) -> Result<GraphFile, GraphFileError> {
    let blocks = r#"[{"name": "x", "bytes": 8, "node": 0}]"#;
    GraphFile::parse(&format!(
        r#"{{"nodes": [{{}}, {{}}], "blocks": {blocks}, "tasks": [{tasks}]}}"#
    ))
}

fn refused(tasks: &str) -> GraphFileError {
    file(tasks).unwrap().build().unwrap_err()
}

#[test]
fn the_documented_example_is_read_and_planned() {
    let file = GraphFile::parse(EXAMPLE).unwrap();
    let (graph, cluster) = file.build().unwrap();
    assert_eq!((graph.len(), graph.tasks().count(), cluster.len()), (9, 5, 3));
    assert_eq!(cluster.nodes[0].workers, 4);
    // What is left out is that of a typical node.
    assert_eq!(cluster.nodes[2], NodeSpec::typical(2));
    let kept: Vec<_> = graph.tasks().filter(|&task| graph.is_kept(task)).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(graph.op(kept[0]).kind(), "add");
    for name in policy::NAMES {
        assert_eq!(plan(&file, name).unwrap().parts.len(), 3);
    }
    let owners = plan(&file, "owner-computes").unwrap();
    assert_eq!(owners.nodes[kept[0].index()], NodeId(0));
    assert_eq!(GraphFile::parse(&file.to_json()), Ok(file));
}

/// Tasks that give several blocks, of which some stay and some are dead.
const OUTPUTS: &str = r#"
    {"name": "factor", "kind": "qr", "inputs": ["x"], "output_bytes": 80, "flops": 100,
     "outputs": [{"name": "q", "bytes": 800}, {"name": "signs", "bytes": 4, "owner": 1, "keep": true}]},
    {"name": "use", "kind": "product", "inputs": ["q", "x"], "output_bytes": 8, "owner": 1}"#;

#[test]
fn a_task_may_give_several_blocks() {
    let file = file(OUTPUTS).unwrap();
    assert_eq!(GraphFile::parse(&file.to_json()), Ok(file.clone()));
    let (graph, cluster) = file.build().unwrap();
    let tasks: Vec<_> = graph.tasks().collect();
    let [r, q, signs] = [0, 1, 2].map(|slot| graph.output(tasks[0], slot));
    assert_eq!([r, q, signs].map(|output| graph.bytes(output)), [80, 800, 4]);
    // R is dead: another output stays.
    assert_eq!([r, q, signs].map(|output| graph.is_kept(output)), [false, false, true]);
    assert_eq!(graph.inputs(tasks[1])[0], q);
    assert_eq!((graph.place(r), graph.place(signs)), (graph.place(q), graph.place(tasks[1])));
    for name in policy::NAMES {
        plan(&file, name).unwrap();
    }
    let again = GraphFile::of(&graph, &cluster);
    let (same, _) = again.build().unwrap();
    assert_eq!(GraphFile::of(&same, &cluster).tasks.len(), 2);
    for vertex in graph.vertices() {
        assert_eq!(graph.bytes(vertex), same.bytes(vertex));
        assert_eq!(graph.inputs(vertex), same.inputs(vertex));
        assert_eq!(
            (graph.slot(vertex), graph.is_kept(vertex)),
            (same.slot(vertex), same.is_kept(vertex))
        );
    }
    let twice = OUTPUTS.replace("\"signs\"", "\"use\"");
    assert_eq!(refused(&twice), GraphFileError::Duplicate { name: "use".to_owned() });
    let nowhere = OUTPUTS.replace("\"owner\": 1, \"keep\"", "\"owner\": 7, \"keep\"");
    let unknown = GraphFileError::UnknownNode { name: "signs".to_owned(), node: 7, nodes: 2 };
    assert_eq!(refused(&nowhere), unknown);
}

#[test]
fn workloads_cost_the_same_after_they_were_written_down() {
    let setting = Setting { blocks: 4, nodes: 4, block_elements: 16, ..Setting::default() };
    for name in ["sum", "transpose", "tsqr", "newton"] {
        let built = workload::build(name, &setting).unwrap();
        let text = GraphFile::of(&built.graph, &built.cluster).to_json();
        let (graph, cluster) = GraphFile::parse(&text).unwrap().build().unwrap();
        let count = |graph: &TaskGraph| (graph.len(), graph.tasks().count());
        assert_eq!(count(&built.graph), count(&graph), "{name}");
        for policy_name in ["owner-computes", "round-robin", "data-local"] {
            let policy = policy::by_name(policy_name).unwrap();
            let before = Plan::new(&built.graph, &built.cluster, policy.as_ref()).unwrap();
            let after = Plan::new(&graph, &cluster, policy.as_ref()).unwrap();
            assert_eq!(before.total_bytes(), after.total_bytes(), "{name} {policy_name}");
            assert_eq!(before.objective_s, after.objective_s, "{name} {policy_name}");
        }
    }
}

#[test]
fn tasks_may_stand_in_any_order() {
    let later = r#"{"name": "b", "kind": "k", "inputs": ["a", "x"], "output_bytes": 1},
                   {"name": "a", "kind": "k", "inputs": ["x"], "output_bytes": 1, "keep": true}"#;
    let (graph, _) = file(later).unwrap().build().unwrap();
    let kept = graph.tasks().filter(|&task| graph.is_kept(task)).count();
    assert_eq!(kept, 2);
}

#[test]
fn a_cycle_names_its_tasks() {
    let circle = r#"{"name": "a", "kind": "k", "inputs": ["x"], "output_bytes": 1},
                    {"name": "b", "kind": "k", "inputs": ["a", "d"], "output_bytes": 1},
                    {"name": "c", "kind": "k", "inputs": ["b"], "output_bytes": 1},
                    {"name": "d", "kind": "k", "inputs": ["c"], "output_bytes": 1},
                    {"name": "e", "kind": "k", "inputs": ["d"], "output_bytes": 1}"#;
    let error = refused(circle);
    assert_eq!(error.to_string(), "the tasks form a cycle: b reads d reads c reads b");
    let own = r#"{"name": "a", "kind": "k", "inputs": ["a"], "output_bytes": 1}"#;
    assert_eq!(refused(own), GraphFileError::Cycle { cycle: vec!["a".into(), "a".into()] });
}

#[test]
fn what_does_not_exist_is_named() {
    let dangling = r#"{"name": "a", "kind": "k", "inputs": ["y"], "output_bytes": 1}"#;
    assert_eq!(
        refused(dangling).to_string(),
        "\"a\" reads \"y\", which is not the name of a block or task"
    );
    let owner = r#"{"name": "a", "kind": "k", "output_bytes": 1, "owner": 2}"#;
    assert_eq!(refused(owner).to_string(), "\"a\" names node 2, but there are 2 nodes");
    let twice = r#"{"name": "x", "kind": "k", "output_bytes": 1}"#;
    assert_eq!(refused(twice), GraphFileError::Duplicate { name: "x".into() });
    let misspelt = file(r#"{"name": "a", "kind": "k", "output_byte": 1}"#).unwrap_err();
    assert!(misspelt.to_string().contains("unknown field `output_byte`"), "{misspelt}");
}

#[test]
fn sizes_that_cannot_be_counted_are_refused() {
    let task = |bytes: u64, flops: u64| {
        refused(&format!(
            r#"{{"name": "a", "kind": "k", "output_bytes": {bytes}, "flops": {flops}}}"#
        ))
    };
    let large = GraphFileError::TooLarge { name: "a".into() };
    assert_eq!(task(u64::MAX, 0), large);
    assert_eq!(task(1, u64::MAX), large);
    let many: Vec<_> = (0..100)
        .map(|index| {
            format!(r#"{{"name": "a{index}", "kind": "k", "output_bytes": {}}}"#, 1_u64 << 58)
        })
        .collect();
    assert_eq!(refused(&many.join(",")), GraphFileError::TooLarge { name: "a99".into() });
}

#[test]
fn capacities_must_be_positive_and_somebody_must_be_there() {
    let nodes = |nodes: &str| {
        let text = format!(r#"{{"nodes": [{nodes}], "blocks": [], "tasks": []}}"#);
        GraphFile::parse(&text).unwrap().build().map(|(graph, _)| graph.len())
    };
    assert_eq!(nodes(""), Err(GraphFileError::NoNodes));
    assert_eq!(nodes("{}"), Ok(0));
    let zero = nodes(r#"{}, {"flops_per_s": 0.0}"#).unwrap_err();
    assert_eq!(zero.to_string(), "node 1: flops_per_s must be positive");
    assert!(nodes(r#"{"memory_bytes": 0}"#).is_err());
    assert!(nodes(r#"{"bandwidth_in_bytes_per_s": -1.0}"#).is_err());
}

#[test]
fn a_cluster_without_room_says_how_much_is_missing_and_where() {
    let text = r#"{
        "nodes": [{"memory_bytes": 100}],
        "blocks": [{"name": "x", "bytes": 60, "node": 0}],
        "tasks": [{"name": "a", "kind": "k", "inputs": ["x"], "output_bytes": 70}]
    }"#;
    let file = GraphFile::parse(text).unwrap();
    for name in policy::NAMES {
        let error = plan(&file, name).unwrap_err();
        let expected = "node 0 needs 130 bytes for its part of the plan but has 100 (30 too few)";
        assert_eq!(error.to_string(), expected, "{name}");
    }
}

#[test]
fn an_owner_far_weaker_than_the_others_still_owns_a_place() {
    let text = r#"{
        "nodes": [{"flops_per_s": 1e7}, {}],
        "blocks": [],
        "tasks": [{"name": "a", "kind": "k", "output_bytes": 1, "owner": 0, "pinned": true},
                  {"name": "b", "kind": "k", "output_bytes": 1, "owner": 1, "pinned": true}]
    }"#;
    let plan = plan(&GraphFile::parse(text).unwrap(), "lshs").unwrap();
    assert_eq!(plan.nodes, [NodeId(0), NodeId(1)]);
}
