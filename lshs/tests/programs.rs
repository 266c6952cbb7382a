//! What `lshs` makes of programs of the array API: time beside that of all other policies, bytes beside those of the
//! layout.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::plan_on;
use nums_lshs::array_op::{self, ArraySpec, BlockArray};
use nums_lshs::workload::{self, RandomProgram, Setting};
use nums_lshs::{
    ArrayId, Cluster, Constant, Creation, DType, Distribution, GridRule, Plan, Program, Reduction,
    Shape, SimulationOptions, TaskGraph, UnaryOp, policy, rewrite,
};

fn makespan_s(plan: &Plan, graph: &TaskGraph, cluster: &Cluster) -> f64 {
    plan.simulate(graph, cluster, &SimulationOptions::default()).unwrap().makespan_s
}

/// The least simulated makespan of all policies.
fn fewest_s(graph: &TaskGraph, cluster: &Cluster) -> f64 {
    let makespans =
        policy::NAMES.iter().map(|name| makespan_s(&plan_on(graph, cluster, name), graph, cluster));
    makespans.fold(f64::INFINITY, f64::min)
}

/// `docs/scheduling.md` has the figures of 200 programs on 1 to 8 nodes.
#[test]
fn lshs_is_as_fast_as_the_best_policy_and_frugal_on_random_programs() {
    let (mut count, mut slow) = (0, 0);
    for seed in 0..40 {
        for nodes in [1, 2, 3, 5, 8] {
            let RandomProgram { graph, cluster, .. } = RandomProgram::new(seed, nodes).unwrap();
            let what = format!("the program of seed {seed} on {nodes} nodes");
            let ours = plan_on(&graph, &cluster, "lshs");
            let ours_s = makespan_s(&ours, &graph, &cluster);
            let best_s = fewest_s(&graph, &cluster);
            assert!(ours_s <= best_s * 1.25, "{what}: {ours_s} s, the best {best_s} s");
            (count, slow) = (count + 1, slow + u32::from(ours_s > best_s * 1.05));
            let owner = plan_on(&graph, &cluster, "owner-computes");
            let (bytes, owner_bytes) = (ours.total_bytes(), owner.total_bytes());
            let pays = ours_s <= makespan_s(&owner, &graph, &cluster) * 0.95;
            assert!(
                bytes <= 2 * owner_bytes || pays,
                "{what}: {bytes} bytes move, {owner_bytes} by owner-computes"
            );
        }
    }
    assert!(slow * 20 <= count, "slower than 1.05 x the best in {slow} of {count}");
}

fn normal(graph: &mut TaskGraph, shape: &[usize], places: u32) -> BlockArray {
    let rule = GridRule::with_places(places);
    let spec = ArraySpec::automatic(&Shape::new(shape).unwrap(), DType::Float64, &rule);
    let [mean, deviation] = [0.0, 1.0].map(Constant::float64);
    let distribution = Distribution::Normal { mean, deviation };
    let normal = Creation::Random { distribution, seed: 1, stream: 0 };
    let array = graph.next_array();
    array_op::create(graph, array, normal, &spec).unwrap()
}

fn sum(mut graph: TaskGraph, of: &BlockArray, nodes: usize) -> TaskGraph {
    let array = graph.next_array();
    let axes: Vec<usize> = (0..of.spec.shape().len()).collect();
    array_op::reduce(&mut graph, array, of, Reduction::Sum, &axes).unwrap().keep(&mut graph);
    rewrite::apply(graph, &rewrite::Rules::all(), &Cluster::uniform(nodes, 64))
}

/// All nodes have about the same share of the flops, and no policy is done earlier.
fn assert_shared_out(graph: &TaskGraph, nodes: usize, what: &str) {
    let cluster = Cluster::uniform(nodes, 64);
    let plan = plan_on(graph, &cluster, "lshs");
    let flops: Vec<u64> = plan.parts.iter().map(|part| part.loads.flops).collect();
    let (most, total) = (flops.iter().max().unwrap(), flops.iter().sum::<u64>());
    let share = *most as f64 * nodes as f64 / total as f64;
    assert!(share <= 1.15, "{what} on {nodes} nodes: {flops:?} flops");
    let (ours_s, best_s) = (makespan_s(&plan, graph, &cluster), fewest_s(graph, &cluster));
    assert!(ours_s <= best_s * 1.05, "{what} on {nodes} nodes: {ours_s} s, the best {best_s} s");
}

#[test]
fn what_is_created_in_the_plan_is_shared_out() {
    for nodes in [2, 3, 4, 8] {
        let mut graph = TaskGraph::new(ArrayId(0));
        let x = normal(&mut graph, &[40_000_000], 64);
        assert_shared_out(&sum(graph, &x, nodes), nodes, "normal(4e7).sum()");

        let mut graph = TaskGraph::new(ArrayId(0));
        let x = normal(&mut graph, &[4_000, 4_000], 64);
        let array = graph.next_array();
        let transposed = array_op::transpose(&mut graph, array, &x, &[1, 0]).unwrap();
        let spec = x.spec.matmul(&transposed.spec).unwrap();
        let array = graph.next_array();
        let product = array_op::matmul(&mut graph, array, &x, &transposed, &spec).unwrap();
        let array = graph.next_array();
        let exp = Program::unary(UnaryOp::Exp, DType::Float64);
        let exp =
            array_op::elementwise(&mut graph, array, &exp, &[&product], &product.spec).unwrap();
        assert_shared_out(&sum(graph, &exp, nodes), nodes, "exp(x @ x.T).sum()");
    }
}

#[test]
fn a_sliver_of_balance_buys_no_bytes() {
    // X is 262,144 x 256; to move one of its 64 blocks costs more bytes than all three steps.
    let (blocks, nodes, block_elements) = (64, 4, 65_536);
    let setting = Setting { blocks, nodes, block_elements, ..Setting::default() };
    let fit = workload::build("logistic-regression", &setting).unwrap();
    let graph = rewrite::apply(fit.graph, &rewrite::Rules::all(), &fit.cluster);
    let plan = plan_on(&graph, &fit.cluster, "lshs");
    assert!(plan.total_bytes() <= 3_000_000, "{} bytes move", plan.total_bytes());
    let (ours_s, best_s) =
        (makespan_s(&plan, &graph, &fit.cluster), fewest_s(&graph, &fit.cluster));
    assert!(ours_s <= best_s * 1.05, "{ours_s} s, the best {best_s} s");
}
