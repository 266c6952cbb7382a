//! Policies against each other on random graphs, and against the best of all placements where that can be found.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::plan_on;
use common::random_dag::{self, Numbers};
use nums_lshs::{Cluster, NodeId, Plan, Policy, Problem, SimulationOptions, TaskGraph, policy};

/// A random graph and cluster of a seed.
fn case(seed: u64) -> (TaskGraph, Cluster) {
    let numbers = &mut Numbers::new(seed);
    let nodes = 2 + numbers.below(7) as usize;
    let places = numbers.choose(&[nodes as u32, 64]);
    let tasks = 3 + numbers.below(60) as usize;
    let graph = random_dag::graph(numbers, tasks, nodes, places);
    (graph, random_dag::cluster(numbers, nodes, places))
}

fn makespan_s(plan: &Plan, graph: &TaskGraph, cluster: &Cluster) -> f64 {
    plan.simulate(graph, cluster, &SimulationOptions::default()).unwrap().makespan_s
}

#[test]
fn no_rival_is_done_notably_earlier_on_random_graphs() {
    const GRAPHS: u64 = 1000;
    let mut beaten = 0;
    for seed in 0..GRAPHS {
        let (graph, cluster) = case(seed);
        let seconds = |name| makespan_s(&plan_on(&graph, &cluster, name), &graph, &cluster);
        let ours = seconds("lshs");
        let best =
            policy::NAMES[1..].iter().map(|name| seconds(name)).fold(f64::INFINITY, f64::min);
        assert!(ours <= best * 1.25, "seed {seed}: {ours} s, the best rival {best} s");
        beaten += u64::from(ours > best * 1.01);
    }
    assert!(beaten * 20 <= GRAPHS, "beaten in {beaten} of {GRAPHS}");
}

/// A placement that is given, by vertex.
struct Given(Vec<NodeId>);

impl Policy for Given {
    fn name(&self) -> &'static str {
        "given"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        problem.ranks().map(|rank| self.0[problem.vertex(rank).index()]).collect()
    }
}

/// The least makespan of all placements.
fn least_makespan_s(graph: &TaskGraph, cluster: &Cluster) -> f64 {
    let tasks: Vec<_> = graph.tasks().collect();
    let placements = (cluster.len() as u64).pow(tasks.len() as u32);
    let mut least = f64::INFINITY;
    for mut code in 0..placements {
        let mut nodes: Vec<NodeId> = graph
            .vertices()
            .map(|vertex| graph.holders(vertex).first().copied().unwrap_or(NodeId(0)))
            .collect();
        for task in &tasks {
            nodes[task.index()] = NodeId((code % cluster.len() as u64) as u32);
            code /= cluster.len() as u64;
        }
        let plan = Plan::new(graph, cluster, &Given(nodes)).unwrap();
        least = least.min(makespan_s(&plan, graph, cluster));
    }
    least
}

#[test]
fn lshs_is_near_the_best_of_all_placements_of_small_graphs() {
    for seed in 0..120 {
        let numbers = &mut Numbers::new(7000 + seed);
        let graph = random_dag::graph(numbers, 8, 3, 3);
        let cluster = random_dag::cluster(numbers, 3, 3);
        let ours = makespan_s(&plan_on(&graph, &cluster, "lshs"), &graph, &cluster);
        let least = least_makespan_s(&graph, &cluster);
        let ratio = if least > 0.0 { ours / least } else { 1.0 + ours };
        // Less than half a millisecond is not worth the search that would find it.
        let near = ratio <= 1.25 || (ratio <= 1.4 && ours - least <= 5e-4);
        assert!(near, "seed {seed}: {ours} s, the best is {least} s");
    }
}
