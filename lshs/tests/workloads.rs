//! Workloads: their graphs, bounds and bad input, and that every policy's plan of each passes its proof.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_lshs::workload::{self, Setting, Skew, Workload, WorkloadError};
use nums_lshs::{Plan, ShapeError, SimulationOptions, Step, policy};
use std::collections::BTreeSet;

fn build(name: &str, setting: &Setting) -> Workload {
    workload::build(name, setting).unwrap()
}

fn plan(built: &Workload, policy_name: &str) -> Plan {
    let policy = policy::by_name(policy_name).unwrap();
    let plan = Plan::new(&built.graph, &built.cluster, policy.as_ref()).unwrap();
    plan.check(&built.graph).unwrap();
    plan
}

fn max_bytes_in(plan: &Plan) -> u64 {
    plan.parts.iter().map(|part| part.loads.bytes_in).max().unwrap()
}

/// Small settings with a value of every parameter that can go wrong.
fn edges() -> Vec<Setting> {
    let small = Setting { blocks: 3, nodes: 2, block_elements: 16, rank: 2, ..Setting::default() };
    vec![
        small.clone(),
        Setting { blocks: 1, ..small.clone() },
        Setting { nodes: 1, ..small.clone() },
        Setting { blocks: 2, nodes: 7, ..small.clone() },
        Setting { block_elements: 0, ..small.clone() },
        Setting { block_elements: 1, ..small.clone() },
        Setting { rank: 0, ..small.clone() },
        Setting { places: Some(64), ..small.clone() },
        Setting { places: Some(1), nodes: 3, ..small },
    ]
}

#[test]
fn every_policy_plans_every_workload_at_the_edges() {
    for setting in edges() {
        for name in workload::names() {
            let built = build(name, &setting);
            for policy_name in policy::NAMES {
                let plan = plan(&built, policy_name);
                let options = SimulationOptions::default();
                let run = plan.simulate(&built.graph, &built.cluster, &options).unwrap();
                let received: u64 = run.nodes.iter().map(|node| node.bytes_in).sum();
                assert_eq!(received, plan.total_bytes(), "{name} {policy_name} {setting:?}");
                if setting.nodes == 1 {
                    assert_eq!(received, 0, "{name} {policy_name}");
                }
            }
        }
    }
}

#[test]
fn plans_of_lshs_meet_the_bounds_that_are_known() {
    for (blocks, nodes) in [(16, 4), (48, 4), (40, 10), (100, 10), (7, 7), (5, 16)] {
        let setting = Setting { blocks, nodes, block_elements: 64, ..Setting::default() };
        for name in ["elementwise", "sum", "xtx", "matvec", "tsqr", "newton", "transpose"] {
            let built = build(name, &setting);
            let plan = plan(&built, "lshs");
            let bound = built.bounds.total_bytes.unwrap();
            assert!(plan.total_bytes() <= bound, "{name}, {blocks} on {nodes} nodes");
        }
    }
}

#[test]
fn the_bound_of_a_product_is_the_2d_volume() {
    for (node_grid, blocks) in [([2, 2], 4), ([2, 3], 7), ([5, 7], 4), ([8, 8], 4), ([3, 3], 9)] {
        let nodes = node_grid[0] * node_grid[1];
        let setting = Setting {
            blocks,
            nodes,
            node_grid: node_grid.to_vec(),
            block_elements: 16,
            ..Setting::default()
        };
        let built = build("matmul", &setting);
        let held = |count: usize| -> Vec<usize> {
            (0..count)
                .map(|at| (0..blocks).filter(|row| row * count / blocks == at).count())
                .collect()
        };
        let [rows, columns] = node_grid.map(held);
        // Nodes without blocks of C do nothing and need nothing.
        let busy =
            |r: usize, c: usize| if r * c == 0 { 0 } else { r * (blocks - c) + c * (blocks - r) };
        let volume = rows.iter().flat_map(|&r| columns.iter().map(move |&c| busy(r, c))).max();
        let bound = built.bounds.max_bytes_in.unwrap();
        assert_eq!(bound, volume.unwrap() as u64 * 16 * 8, "{node_grid:?} {blocks}");
        assert!(max_bytes_in(&plan(&built, "lshs")) <= bound, "{node_grid:?} {blocks}");
    }
}

#[test]
fn reductions_have_logarithmic_depth() {
    for nodes in [1, 2, 3, 4, 7, 8, 16] {
        let setting = Setting { blocks: 48, nodes, block_elements: 16, ..Setting::default() };
        let depth = |name| {
            let built = build(name, &setting);
            plan(&built, "lshs").depth(&built.graph).unwrap()
        };
        let levels = (nodes as u32).next_power_of_two().ilog2() as usize;
        assert!(depth("sum") <= levels, "sum on {nodes}");
        assert!(depth("tsqr") <= levels, "tsqr on {nodes}");
        assert!(depth("matvec") <= levels, "matvec on {nodes}");
        assert!(depth("newton") <= 2 * levels, "newton on {nodes}");
    }
}

#[test]
fn no_node_sends_a_broadcast_block_more_often_than_a_tree_does() {
    for (blocks, nodes) in [(16, 16), (64, 16), (100, 10), (37, 37), (64, 64)] {
        let setting = Setting { blocks, nodes, block_elements: 1024, ..Setting::default() };
        let built = build("matvec", &setting);
        let levels = u64::from((nodes as u32).next_power_of_two().ilog2());
        for part in plan(&built, "lshs").parts {
            assert!(part.loads.bytes_out <= levels * 1024 * 8, "{blocks} on {nodes}");
        }
    }
}

#[test]
fn no_node_holds_more_than_two_triangles_of_others() {
    for (blocks, nodes) in [(2, 2), (16, 4), (64, 16), (33, 12)] {
        let setting = Setting { blocks, nodes, block_elements: 64, ..Setting::default() };
        let built = build("tsqr", &setting);
        for part in plan(&built, "lshs").parts {
            let mut foreign = BTreeSet::new();
            for step in part.steps {
                match step {
                    Step::Receive { vertex, .. } => foreign.insert(vertex),
                    Step::Free(vertex) => foreign.remove(&vertex),
                    Step::Run(_) | Step::Send { .. } => continue,
                };
                assert!(foreign.len() <= 2, "{blocks} on {nodes}");
            }
        }
    }
}

#[test]
fn a_transpose_ends_in_the_layout_that_was_asked_for() {
    let setting = Setting { blocks: 4, nodes: 4, block_elements: 4, ..Setting::default() };
    let built = build("transpose", &setting);
    for policy_name in policy::NAMES {
        let plan = plan(&built, policy_name);
        for (name, node) in plan.kept(&built.graph) {
            let (row, column) = (name.index / 4, name.index % 4);
            assert_eq!(node.0, row / 2 * 2 + column / 2, "{policy_name}");
        }
    }
    // Eight blocks lie off the diagonal quadrants.
    assert_eq!(plan(&built, "lshs").total_bytes(), 8 * 4 * 8);
    assert_eq!(built.bounds.total_bytes, Some(8 * 4 * 8));
}

#[test]
fn tensor_workloads_beat_the_original_into_the_busiest_node() {
    // Most elements into a node, from the original on the same blocks and node grids.
    for (name, node_grid, original) in [
        ("mttkrp", [16, 1, 1], 416),
        ("mttkrp", [1, 4, 4], 320),
        ("mttkrp", [4, 2, 2], 480),
        ("double-contraction", [16, 1, 1], 1280),
        ("double-contraction", [1, 4, 4], 704),
    ] {
        let setting = Setting {
            blocks: 4,
            nodes: 16,
            node_grid: node_grid.to_vec(),
            block_elements: 64,
            ..Setting::default()
        };
        let most = max_bytes_in(&plan(&build(name, &setting), "lshs")) / 8;
        assert!(most < original, "{name} on {node_grid:?}: {most}");
    }
}

#[test]
fn a_weak_node_gets_less_to_do() {
    let setting = Setting { blocks: 16, nodes: 4, places: Some(64), ..Setting::default() };
    let loads = |skew| {
        let built = build("matmul", &Setting { skew, ..setting.clone() });
        plan(&built, "lshs").parts.into_iter().map(|part| part.loads).collect::<Vec<_>>()
    };
    let (even, cpu) = (loads(None), loads(Some(Skew::Cpu)));
    assert!(cpu[0].flops < even[0].flops);
    let bandwidth = loads(Some(Skew::Bandwidth));
    assert!(bandwidth[0].flops < even[0].flops);
    let memory = build("matmul", &Setting { skew: Some(Skew::Memory), ..setting });
    let [weak, other] = [&memory.cluster.nodes[0], &memory.cluster.nodes[1]];
    assert_eq!(weak.memory_bytes, other.memory_bytes / 2);
    assert!(plan(&memory, "lshs").parts[0].loads.peak_bytes <= weak.memory_bytes);
}

#[test]
fn settings_that_describe_nothing_are_refused_with_their_values() {
    let refused = |name: &str, setting: Setting| workload::build(name, &setting).unwrap_err();
    let small = || Setting { block_elements: 16, ..Setting::default() };
    let unknown = refused("matmull", small());
    assert!(
        unknown.to_string().contains("\"matmull\"; expected one of elementwise, transpose, sum")
    );
    let none = refused("sum", Setting { nodes: 0, ..small() });
    assert_eq!(none.to_string(), "nodes must be between 1 and 65536, got 0");
    assert!(matches!(
        refused("sum", Setting { blocks: 0, ..small() }),
        WorkloadError::Count { what: "blocks", found: 0, .. }
    ));
    let grid = refused("matmul", Setting { node_grid: vec![2, 3], ..small() });
    assert_eq!(grid.to_string(), "expected a node grid of 4 nodes, got [2, 3] with 6 nodes");
    let endless = refused("matmul", Setting { node_grid: vec![usize::MAX, 3], ..small() });
    assert!(endless.to_string().contains("with too many nodes"), "{endless}");
    let axes = refused("sum", Setting { node_grid: vec![1, 2, 2], ..small() });
    assert_eq!(axes, WorkloadError::NodeGridAxes { grid: vec![1, 2, 2], axes: 2 });
    let places = Setting { node_grid: vec![2, 2], places: Some(8), ..small() };
    assert_eq!(refused("matmul", places), WorkloadError::NodeGridPlaces { places: 8, nodes: 4 });
    let square = refused("tsqr", Setting { block_elements: 1000, ..small() });
    assert_eq!(
        square.to_string(),
        "expected a square number of elements for square blocks, got 1000; the nearest is 961"
    );
}

#[test]
fn sizes_that_overflow_are_refused_before_anything_is_allocated() {
    let refused = |name: &str, blocks, block_elements| {
        let setting = Setting { blocks, block_elements, ..Setting::default() };
        workload::build(name, &setting).unwrap_err()
    };
    for name in workload::names() {
        let error = refused(name, 1 << 24, usize::MAX);
        let told = matches!(
            error,
            WorkloadError::Shape(ShapeError::Overflow { .. })
                | WorkloadError::TooManyTasks { .. }
                | WorkloadError::NotSquare { .. }
        );
        assert!(told, "{name}: {error}");
    }
    assert!(matches!(refused("matmul", 1 << 20, 16), WorkloadError::TooManyTasks { .. }));
    let huge = refused("sum", 16, usize::MAX / 64);
    assert!(matches!(huge, WorkloadError::Shape(ShapeError::Overflow { .. })), "{huge}");
    // Each array can be addressed, but what all nodes together could receive cannot be counted.
    assert!(matches!(refused("matvec", 16, 1 << 50), WorkloadError::TooLarge { .. }));
}
