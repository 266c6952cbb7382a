//! What holds for every plan, whatever the graph, the cluster and the policy.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::random_dag::{self, Numbers};
use nums_lshs::{Cluster, Plan, TaskGraph, policy, rewrite};
use proptest::prelude::*;

/// In half of the cases tasks give up to three blocks.
fn case(seed: u64, tasks: usize, nodes: usize, places: u32) -> (TaskGraph, Cluster) {
    let numbers = &mut Numbers::new(seed);
    let outputs_max = 1 + 2 * (seed % 2);
    let graph = random_dag::graph_of_outputs(numbers, tasks, nodes, places, outputs_max);
    (graph, random_dag::cluster(numbers, nodes, places))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn plans_of_all_policies_are_proved_and_balance(
        seed in any::<u64>(),
        tasks in 1_usize..120,
        nodes in 1_usize..80,
        places in prop_oneof![Just(1_u32), Just(64), 1_u32..100],
    ) {
        let (graph, cluster) = case(seed, tasks, nodes, places);
        for name in policy::NAMES {
            let policy = policy::by_name(name).unwrap();
            let plan = Plan::new(&graph, &cluster, policy.as_ref()).unwrap();
            plan.check(&graph).unwrap();
            let sum = |load: fn(&nums_lshs::Loads) -> u64| -> u64 {
                plan.parts.iter().map(|part| load(&part.loads)).sum()
            };
            prop_assert_eq!(sum(|loads| loads.bytes_in), sum(|loads| loads.bytes_out));
            prop_assert_eq!(sum(|loads| loads.host_bytes_in), sum(|loads| loads.host_bytes_out));
            prop_assert_eq!(sum(|loads| loads.tasks), graph.tasks().count() as u64);
            let flops: u64 = graph.tasks().map(|task| graph.flops(task)).sum();
            prop_assert_eq!(sum(|loads| loads.flops), flops);
            let again = Plan::new(&graph, &cluster, policy.as_ref()).unwrap();
            prop_assert_eq!(&plan, &again);
            let (own, plan) = Plan::study(graph.clone(), &cluster, policy.as_ref()).unwrap();
            plan.check(&own).unwrap();
        }
    }

    #[test]
    fn the_objective_is_the_busiest_resource(seed in any::<u64>(), tasks in 1_usize..60) {
        let (graph, mut cluster) = case(seed, tasks, 5, 5);
        // Without hosts in common nothing is discounted.
        cluster.nodes.iter_mut().enumerate().for_each(|(node, spec)| spec.host = node as u32);
        let policy = policy::by_name("lshs").unwrap();
        let plan = Plan::new(&graph, &cluster, policy.as_ref()).unwrap();
        let busiest = plan.parts.iter().zip(&cluster.nodes).map(|(part, spec)| {
            let compute_s = part.loads.flops as f64 / spec.rate_flops_per_s();
            let in_s = part.loads.bytes_in as f64 / spec.bandwidth_in_bytes_per_s;
            let out_s = part.loads.bytes_out as f64 / spec.bandwidth_out_bytes_per_s;
            compute_s.max(in_s).max(out_s)
        });
        prop_assert_eq!(plan.objective_s, busiest.fold(0.0, f64::max));
    }

    #[test]
    fn rewrites_keep_graphs_valid_and_results_in_place(seed in any::<u64>(), tasks in 1_usize..60) {
        let (graph, cluster) = case(seed, tasks, 4, 4);
        let rewritten = rewrite::apply(graph.clone(), &rewrite::Rules::all(), &cluster);
        rewritten.validate().unwrap();
        let live = rewritten.clone().without_dead().unwrap();
        live.validate().unwrap();
        let kept = |graph: &TaskGraph| -> Vec<_> {
            let mut names: Vec<_> = (graph.vertices().filter(|&vertex| graph.is_kept(vertex)))
                .map(|vertex| graph.name(vertex))
                .collect();
            names.sort_unstable();
            names
        };
        prop_assert_eq!(kept(&graph), kept(&rewritten));
        let made = |graph: &TaskGraph| -> Vec<_> {
            let kept = graph.made().filter(|&vertex| graph.is_kept(vertex));
            kept.map(|vertex| (graph.name(vertex), graph.bytes(vertex))).collect()
        };
        prop_assert_eq!(made(&rewritten), made(&live));
    }
}
