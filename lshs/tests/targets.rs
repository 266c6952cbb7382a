//! What plans of `lshs` must not exceed, exactly: the communication bounds, the peak of memory, the depth.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{max_bytes_in, max_bytes_out, plan, plan_on, square_product, volume_2d};
use nums_lshs::workload::{self, Setting, Skew, Workload};
use nums_lshs::{Loads, Plan, SimulationOptions, policy, rewrite};

const GRIDS: [[usize; 2]; 8] = [[2, 2], [3, 3], [4, 4], [6, 6], [8, 8], [2, 3], [3, 4], [5, 7]];

fn built(name: &str, setting: &Setting) -> Workload {
    workload::build(name, setting).unwrap()
}

fn planned(workload: &Workload, policy: &str) -> Plan {
    plan_on(&workload.graph, &workload.cluster, policy)
}

fn most(plan: &Plan, load: fn(&Loads) -> u64) -> u64 {
    plan.parts.iter().map(|part| load(&part.loads)).max().unwrap()
}

fn ceil_log2(count: usize) -> u64 {
    u64::from(count.next_power_of_two().ilog2())
}

#[test]
fn a_square_product_moves_at_most_the_2d_volume_on_every_grid() {
    for node_grid in GRIDS {
        // Whether transfers dominate (16 elements a block) or flops (a million) must not matter.
        for (q, side) in (4..=17).flat_map(|q| [(q, 4), (q, 1000)]).chain([(31, 64), (48, 64)]) {
            let graph = square_product(q, side, node_grid);
            let plan = plan(&graph, node_grid[0] * node_grid[1], "lshs");
            let bound = volume_2d(q, node_grid) * (side * side * 8) as u64;
            let moved = max_bytes_in(&plan);
            assert!(moved <= bound, "{q} x {q} of {side} on {node_grid:?}: {moved} > {bound}");
        }
    }
}

#[test]
fn the_workload_of_products_meets_its_bound_up_to_64_blocks() {
    for (node_grid, blocks) in [([4, 4], 64), ([5, 7], 64), ([2, 3], 33), ([8, 8], 20)] {
        let nodes = node_grid[0] * node_grid[1];
        let node_grid = node_grid.to_vec();
        let product = built("matmul", &Setting { blocks, nodes, node_grid, ..Setting::default() });
        let plan = planned(&product, "lshs");
        assert!(max_bytes_in(&plan) <= product.bounds.max_bytes_in.unwrap(), "{blocks}");
    }
}

#[test]
fn a_product_holds_little_more_than_its_inputs_and_outputs() {
    for blocks in [16, 32] {
        let (nodes, node_grid) = (16, vec![4, 4]);
        let product = built("matmul", &Setting { blocks, nodes, node_grid, ..Setting::default() });
        let held = (3 * blocks * blocks / nodes * 4096 * 8) as u64;
        let peak = most(&planned(&product, "lshs"), |loads| loads.peak_bytes);
        assert!(peak * 4 <= held * 5, "{blocks}: {peak} > 1.25 x {held}");
    }
}

#[test]
fn a_cholesky_factor_keeps_all_nodes_at_work_and_holds_little_more_than_input_and_output() {
    let blocks = 8;
    let block_bytes = 8 << 20;
    // The seconds that tasks which wait for each other take, over those of their flops alone.
    for (nodes, waiting) in [(1, 1.001), (2, 1.05), (4, 1.35)] {
        let (places, block_elements) = (Some(64), block_bytes / 8);
        let setting = Setting { blocks, nodes, places, block_elements, ..Setting::default() };
        let factor = built("cholesky", &setting);
        let plan = planned(&factor, "lshs");
        let total: u64 = plan.parts.iter().map(|part| part.loads.flops).sum();
        let order = 1024 * blocks as u64;
        assert!(total.abs_diff(order.pow(3) / 3) * 1000 < total, "{total} flops");
        let share = most(&plan, |loads| loads.flops) as f64 * nodes as f64 / total as f64;
        assert!(share <= 1.02, "{nodes} nodes: {share} of the mean");
        let options = SimulationOptions::default();
        let run = plan.simulate(&factor.graph, &factor.cluster, &options).unwrap();
        let rate = factor.cluster.nodes[0].rate_flops_per_s();
        let shared_s = total as f64 / nodes as f64 / rate;
        assert!(run.makespan_s <= shared_s * waiting, "{nodes} nodes: {} s", run.makespan_s);
        // To gather the matrix, a node would receive all that others hold of it.
        let gathered = (blocks * blocks * (nodes - 1) / nodes * block_bytes) as u64;
        assert!(max_bytes_in(&plan) <= gathered, "{nodes} nodes: {}", max_bytes_in(&plan));
        let peaks: u64 = plan.parts.iter().map(|part| part.loads.peak_bytes).sum();
        let held = (2 * blocks * blocks * block_bytes) as u64;
        assert!(peaks * 4 <= held * 5, "{nodes} nodes: {peaks} bytes, 1.25 x {held}");
    }
}

#[test]
fn reductions_move_one_partial_for_each_node_but_one() {
    for (blocks, nodes) in [(48, 4), (40, 10), (100, 10), (7, 16), (33, 16), (64, 16), (5, 5)] {
        for name in ["sum", "xtx"] {
            let reduction = built(name, &Setting { blocks, nodes, ..Setting::default() });
            let plan = planned(&reduction, "lshs");
            let block = 4096 * 8;
            let used = nodes.min(blocks) as u64;
            assert!(plan.total_bytes() <= used * block, "{name} of {blocks} on {nodes}");
            let depth = plan.depth(&reduction.graph).unwrap() as u64;
            assert!(depth <= ceil_log2(nodes), "{name} of {blocks} on {nodes}: depth {depth}");
        }
    }
}

#[test]
fn a_broadcast_is_a_tree() {
    for (blocks, nodes) in [(64, 16), (33, 13), (64, 32), (5, 5)] {
        let product = built("matvec", &Setting { blocks, nodes, ..Setting::default() });
        let plan = planned(&product, "lshs");
        let block = 4096 * 8;
        assert_eq!(plan.total_bytes(), (nodes as u64 - 1) * block);
        assert!(max_bytes_out(&plan) <= ceil_log2(nodes) * block, "{blocks} on {nodes}");
        assert!(plan.depth(&product.graph).unwrap() as u64 <= ceil_log2(nodes));
    }
}

#[test]
fn a_transpose_moves_each_missing_block_once_and_elementwise_nothing() {
    let grid = vec![4, 4];
    for (name, node_grid) in [("transpose", grid), ("elementwise", Vec::new())] {
        let setting = Setting { blocks: 8, nodes: 16, node_grid, ..Setting::default() };
        let moved = built(name, &setting);
        let plan = planned(&moved, "lshs");
        assert_eq!(Some(plan.total_bytes()), moved.bounds.total_bytes, "{name}");
    }
}

#[test]
fn tensor_products_bring_no_more_into_a_node_than_owner_computes_or_the_published_form() {
    let names = ["outer", "tensordot", "double-contraction", "mttkrp"];
    let grids = [vec![16, 1, 1], vec![1, 4, 4], vec![4, 2, 2]];
    let sizes = [(4, 64), (8, 64), (4, 4096)];
    for name in names {
        for grid in &grids {
            for (blocks, block_elements) in sizes {
                let node_grid = if name == "outer" { vec![4, 4] } else { grid.clone() };
                let nodes = 16;
                let setting =
                    Setting { blocks, nodes, node_grid, block_elements, ..Setting::default() };
                let product = built(name, &setting);
                let ours = max_bytes_in(&planned(&product, "lshs"));
                for rival in ["owner-computes", "lshs-paper"] {
                    let theirs = max_bytes_in(&planned(&product, rival));
                    assert!(ours <= theirs, "{name} {setting:?}: {ours}, {rival} {theirs}");
                }
            }
        }
    }
}

#[test]
fn tensor_products_beat_the_figures_of_nums() {
    let figures = [
        ("mttkrp", vec![16, 1, 1], 416),
        ("mttkrp", vec![1, 4, 4], 320),
        ("mttkrp", vec![4, 2, 2], 480),
        ("double-contraction", vec![16, 1, 1], 1280),
        ("double-contraction", vec![1, 4, 4], 704),
    ];
    for (name, node_grid, elements_in) in figures {
        let (blocks, nodes, block_elements) = (4, 16, 64);
        let setting = Setting { blocks, nodes, node_grid, block_elements, ..Setting::default() };
        let plan = planned(&built(name, &setting), "lshs");
        assert!(max_bytes_in(&plan) < elements_in * 8, "{setting:?}: {}", max_bytes_in(&plan));
    }
}

#[test]
fn a_newton_step_moves_its_bound_at_logarithmic_depth() {
    for (blocks, nodes) in [(32, 16), (33, 10), (64, 64)] {
        let step = built("newton", &Setting { blocks, nodes, ..Setting::default() });
        let plan = planned(&step, "lshs");
        let d = 64;
        assert!(plan.total_bytes() <= (nodes as u64 - 1) * (d * d + 2 * d + 4) * 8);
        // The model goes out, the partials come together, and each may take all levels of a tree.
        assert!(plan.depth(&step.graph).unwrap() as u64 <= 2 * ceil_log2(nodes));
    }
}

#[test]
fn the_published_form_moves_what_nums_moved() {
    for (blocks, max_in, total) in [(4, 144, 1776), (8, 752, 10608), (16, 4208, 56448)] {
        let (nodes, node_grid, block_elements) = (16, vec![4, 4], 16);
        let setting = Setting { blocks, nodes, node_grid, block_elements, ..Setting::default() };
        let Workload { graph, cluster, .. } = built("matmul", &setting);
        let policy = policy::by_name("lshs-paper").unwrap();
        let (graph, plan) = Plan::study(graph, &cluster, policy.as_ref()).unwrap();
        plan.check(&graph).unwrap();
        for (what, ours, theirs) in
            [("in", max_bytes_in(&plan) / 8, max_in), ("total", plan.total_bytes() / 8, total)]
        {
            let within = ours * 10 <= theirs * 11 && ours * 10 >= theirs * 9;
            assert!(within, "{blocks}: {what} {ours}, NumS {theirs}");
        }
    }
}

#[test]
fn a_weak_node_gets_its_share() {
    // Flops dominate: a node with half the rate gets about half the work of the others, 4/7 of the mean.
    for (name, places) in [("matmul", None), ("matmul", Some(64)), ("xtx", None)] {
        let (blocks, nodes, block_elements) = (if name == "xtx" { 64 } else { 16 }, 4, 250_000);
        let setting = Setting { blocks, nodes, places, block_elements, ..Setting::default() };
        let skewed = built(name, &Setting { skew: Some(Skew::Cpu), ..setting.clone() });
        let plan = planned(&skewed, "lshs");
        let total: u64 = plan.parts.iter().map(|part| part.loads.flops).sum();
        let share = plan.parts[0].loads.flops as f64 * 4.0 / total as f64;
        assert!((0.45..0.65).contains(&share), "{name} {places:?}: {share} of the mean");
    }
    // Transfers dominate: a node with half the bandwidth receives fewer bytes than any other product plan gives it.
    let setting = Setting { blocks: 16, nodes: 4, block_elements: 16, ..Setting::default() };
    let skew = Some(Skew::Bandwidth);
    let slow = built("matmul", &Setting { skew, places: Some(64), ..setting.clone() });
    let plan = planned(&slow, "lshs");
    let others = plan.parts[1..].iter().map(|part| part.loads.bytes_in).max().unwrap();
    assert!(plan.parts[0].loads.bytes_in * 4 <= others * 3);
    // Memory: the plan fits, and what it needs on the small node is at most what that node has.
    let small = built("matmul", &Setting { skew: Some(Skew::Memory), ..setting });
    let plan = planned(&small, "lshs");
    assert!(plan.parts[0].loads.peak_bytes <= small.cluster.nodes[0].memory_bytes);
}

#[test]
fn chains_of_products_are_placed_by_load_too() {
    for name in ["chain-left", "chain-right"] {
        let (blocks, nodes, node_grid) = (8, 16, vec![4, 4]);
        let chain = built(name, &Setting { blocks, nodes, node_grid, ..Setting::default() });
        let ours = planned(&chain, "lshs");
        for rival in &policy::NAMES[1..] {
            assert!(ours.objective_s <= planned(&chain, rival).objective_s * (1.0 + 1e-9));
        }
    }
}

#[test]
fn rewritten_workloads_move_no_more() {
    for name in ["newton", "logistic-regression", "chain-left", "sum"] {
        let workload = built(name, &Setting { blocks: 16, nodes: 8, ..Setting::default() });
        let before = planned(&workload, "lshs");
        let graph = {
            let rules = rewrite::Rules::all();
            rewrite::apply(workload.graph.clone(), &rules, &workload.cluster)
        };
        let after = plan_on(&graph, &workload.cluster, "lshs");
        assert!(graph.tasks().count() <= workload.graph.tasks().count());
        assert!(after.total_bytes() <= before.total_bytes(), "{name}");
    }
}
