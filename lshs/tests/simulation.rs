//! The simulator: cases worked out by hand, and what must hold for any plan.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_lshs::workload::{self, Setting};
use nums_lshs::{
    ArrayId, BlockName, BlockSpec, Cluster, DType, Event, Moment, NodeId, NodePlan, NodeSpec, Op,
    Place, Plan, Shape, Simulation, SimulationError, SimulationOptions, Step, TaskGraph, VertexId,
    policy,
};

/// Nodes of one worker that do 1 flop a second, and send and receive 1 byte a second: times are small whole numbers.
fn slow(nodes: usize) -> Cluster {
    let spec = |host| NodeSpec {
        flops_per_s: 1.0,
        bandwidth_in_bytes_per_s: 1.0,
        bandwidth_out_bytes_per_s: 1.0,
        ..NodeSpec::typical(host)
    };
    Cluster { nodes: (0..nodes as u32).map(spec).collect(), places: nodes as u32 }
}

/// No latency, no driver cost, no window: what is left is worked out by hand.
fn bare() -> SimulationOptions {
    SimulationOptions {
        latency_s: 0.0,
        driver_message_s: 0.0,
        receive_window: usize::MAX,
        record: true,
        ..SimulationOptions::default()
    }
}

fn name(index: usize) -> BlockName {
    BlockName { array: ArrayId(0), index: index as u32 }
}

fn source(graph: &mut TaskGraph, bytes: usize, node: u32) -> VertexId {
    let spec = BlockSpec::new(DType::UInt8, Shape::new([bytes]).unwrap());
    let own = name(graph.len());
    graph.source(spec, own, Place(node), vec![NodeId(node)])
}

/// A task that costs some flops and gives some bytes, on the node of its place.
fn task(
    graph: &mut TaskGraph,
    inputs: &[VertexId],
    flops: u64,
    output_bytes: u64,
    node: u32,
) -> VertexId {
    let op = Op::Opaque { kind: "work".into(), flops, output_bytes: vec![output_bytes] };
    let own = name(graph.len());
    let vertex = graph.task(op, inputs, Place(node), own).unwrap();
    graph.pin(vertex);
    vertex
}

/// Every task on the node of its place, which the plan for equal nodes guarantees.
fn simulate(graph: &TaskGraph, cluster: &Cluster, options: &SimulationOptions) -> Simulation {
    let policy = policy::by_name("owner-computes").unwrap();
    let plan = Plan::new(graph, &slow(cluster.len()), policy.as_ref()).unwrap();
    plan.check(graph).unwrap();
    plan.simulate(graph, cluster, options).unwrap()
}

#[test]
fn tasks_wait_for_workers_and_inputs() {
    let mut graph = TaskGraph::new(ArrayId(1));
    let first = task(&mut graph, &[], 3, 1, 0);
    let second = task(&mut graph, &[], 4, 1, 0);
    let last = task(&mut graph, &[first, second], 5, 1, 0);
    graph.keep(last);
    assert_eq!(simulate(&graph, &slow(1), &bare()).makespan_s, 12.0);
    let mut two_workers = slow(1);
    two_workers.nodes[0].workers = 2;
    let run = simulate(&graph, &two_workers, &bare());
    assert_eq!((run.makespan_s, run.nodes[0].busy_s), (9.0, 12.0));
}

#[test]
fn a_copy_takes_two_latencies_and_its_bytes() {
    let mut graph = TaskGraph::new(ArrayId(1));
    let block = source(&mut graph, 8, 0);
    let reader = task(&mut graph, &[block], 2, 1, 1);
    graph.keep(reader);
    let options = SimulationOptions { latency_s: 0.25, driver_message_s: 0.5, ..bare() };
    let run = simulate(&graph, &slow(2), &options);
    // The driver's message: 0.5 + 0.25; request 0.25; block 0.25 + 8; task 2.
    assert_eq!(run.makespan_s, 0.75 + 0.25 + 0.25 + 8.0 + 2.0);
    let moment = |time_s, event| Moment { time_s, node: NodeId(1), event };
    let from = NodeId(0);
    assert_eq!(
        run.timeline,
        [
            moment(1.0, Event::TransferStart { vertex: block, from }),
            moment(9.25, Event::TransferEnd { vertex: block, from }),
            moment(9.25, Event::TaskStart(reader)),
            moment(11.25, Event::TaskEnd(reader)),
        ]
    );
    assert_eq!((run.nodes[0].bytes_out, run.nodes[1].bytes_in), (8, 8));
    // The source stays on node 0; node 1 holds the copy and then the result beside it.
    assert_eq!((run.nodes[0].peak_bytes, run.nodes[1].peak_bytes), (8, 9));
}

#[test]
fn a_slow_receiver_and_a_slow_sender_cost_the_same() {
    let mut graph = TaskGraph::new(ArrayId(1));
    let block = source(&mut graph, 8, 0);
    let reader = task(&mut graph, &[block], 1, 1, 1);
    graph.keep(reader);
    for (out, into) in [(0.5, 4.0), (4.0, 0.5)] {
        let mut cluster = slow(2);
        cluster.nodes[0].bandwidth_out_bytes_per_s = out;
        cluster.nodes[1].bandwidth_in_bytes_per_s = into;
        assert_eq!(simulate(&graph, &cluster, &bare()).makespan_s, 16.0 + 1.0);
    }
}

#[test]
fn a_port_carries_one_block_at_a_time() {
    // Node 0 sends one block to each of two nodes: the second one waits for the first.
    let mut graph = TaskGraph::new(ArrayId(1));
    let block = source(&mut graph, 4, 0);
    let other = source(&mut graph, 4, 0);
    for (input, node) in [(block, 1), (other, 2)] {
        let reader = task(&mut graph, &[input], 1, 1, node);
        graph.keep(reader);
    }
    assert_eq!(simulate(&graph, &slow(3), &bare()).makespan_s, 4.0 + 4.0 + 1.0);
    // Two nodes send to one: its incoming port takes them one after the other.
    let mut graph = TaskGraph::new(ArrayId(1));
    let [left, right] = [1, 2].map(|node| source(&mut graph, 4, node));
    let reader = task(&mut graph, &[left, right], 1, 1, 0);
    graph.keep(reader);
    assert_eq!(simulate(&graph, &slow(3), &bare()).makespan_s, 4.0 + 4.0 + 1.0);
}

#[test]
fn transfers_hide_behind_work_as_far_as_the_window_admits() {
    // Three tasks of 4 flops, each with a block of 4 bytes from node 0.
    let mut graph = TaskGraph::new(ArrayId(1));
    let blocks: Vec<_> = (0..3).map(|_| source(&mut graph, 4, 0)).collect();
    for block in blocks {
        let reader = task(&mut graph, &[block], 4, 1, 1);
        graph.keep(reader);
    }
    let run = |receive_window| {
        simulate(&graph, &slow(2), &SimulationOptions { receive_window, ..bare() })
    };
    // One after the other, since the next block is asked for when the last one was used.
    assert_eq!(run(1).makespan_s, 3.0 * (4.0 + 4.0));
    // The head of the plan is always admitted, so a window of nothing still ends.
    assert_eq!(run(0).makespan_s, 3.0 * (4.0 + 4.0));
    // Behind each other: only the first transfer is not hidden.
    assert_eq!(run(2).makespan_s, 4.0 + 3.0 * 4.0);
    assert!(run(1).nodes[1].peak_bytes < run(3).nodes[1].peak_bytes);
}

#[test]
fn nodes_of_one_host_copy_in_a_tenth_of_the_time() {
    let mut graph = TaskGraph::new(ArrayId(1));
    let block = source(&mut graph, 40, 0);
    let reader = task(&mut graph, &[block], 1, 1, 1);
    graph.keep(reader);
    let mut cluster = slow(2);
    cluster.nodes[1].host = 0;
    assert_eq!(simulate(&graph, &cluster, &bare()).makespan_s, 4.0 + 1.0);
}

#[test]
fn the_driver_sends_messages_one_after_the_other() {
    let mut graph = TaskGraph::new(ArrayId(1));
    for node in [0, 1, 1] {
        let alone = task(&mut graph, &[], 1, 1, node);
        graph.keep(alone);
    }
    let options = |steps_per_message| SimulationOptions {
        driver_message_s: 10.0,
        steps_per_message,
        ..bare()
    };
    // One message a node: node 1 knows of its tasks after 20 seconds; one a task: the last one after 30.
    assert_eq!(simulate(&graph, &slow(2), &options(8)).makespan_s, 22.0);
    assert_eq!(simulate(&graph, &slow(2), &options(1)).makespan_s, 31.0);
}

#[test]
fn plans_move_what_they_say_and_the_same_input_gives_the_same_timeline() {
    let setting = Setting { blocks: 6, nodes: 4, block_elements: 16, ..Setting::default() };
    for workload_name in workload::names() {
        let built = workload::build(workload_name, &setting).unwrap();
        for policy_name in policy::NAMES {
            let policy = policy::by_name(policy_name).unwrap();
            let plan = Plan::new(&built.graph, &built.cluster, policy.as_ref()).unwrap();
            let options = SimulationOptions { record: true, ..SimulationOptions::default() };
            let run = plan.simulate(&built.graph, &built.cluster, &options).unwrap();
            for (usage, part) in run.nodes.iter().zip(&plan.parts) {
                assert_eq!(usage.bytes_in, part.loads.bytes_in, "{workload_name} {policy_name}");
                assert_eq!(usage.bytes_out, part.loads.bytes_out, "{workload_name} {policy_name}");
            }
            assert!(run.timeline.windows(2).all(|pair| pair[0].time_s <= pair[1].time_s));
            let tasks = built.graph.tasks().count();
            assert_eq!(run.timeline.len(), 2 * (tasks + plan.transfers()));
            assert!(run.makespan_s >= plan.objective_s);
            let again = plan.simulate(&built.graph, &built.cluster, &options).unwrap();
            assert_eq!(run, again, "{workload_name} {policy_name}");
        }
    }
}

#[test]
fn more_bandwidth_is_never_slower_where_tasks_take_no_time() {
    // Without flops the transfers alone decide, and each port serves in the order of requests.
    for workload_name in ["transpose", "matvec", "sum", "matmul"] {
        let setting = Setting { blocks: 8, nodes: 4, block_elements: 64, ..Setting::default() };
        let built = workload::build(workload_name, &setting).unwrap();
        let policy = policy::by_name("lshs").unwrap();
        let mut cluster = built.cluster.clone();
        let plan = Plan::new(&built.graph, &cluster, policy.as_ref()).unwrap();
        cluster.nodes.iter_mut().for_each(|spec| spec.flops_per_s = 1e300);
        let options = SimulationOptions { latency_s: 0.0, ..bare() };
        let mut last_s = f64::INFINITY;
        for doubling in 0..6 {
            let bandwidth = 1e6 * f64::from(1 << doubling);
            for spec in &mut cluster.nodes {
                spec.bandwidth_in_bytes_per_s = bandwidth;
                spec.bandwidth_out_bytes_per_s = bandwidth;
            }
            let run = plan.simulate(&built.graph, &cluster, &options).unwrap();
            assert!(run.makespan_s <= last_s, "{workload_name} at {bandwidth}");
            last_s = run.makespan_s;
        }
    }
}

#[test]
fn plans_that_cannot_run_are_refused() {
    let mut graph = TaskGraph::new(ArrayId(1));
    let block = source(&mut graph, 4, 0);
    let reader = task(&mut graph, &[block], 1, 1, 1);
    graph.keep(reader);
    let policy = policy::by_name("owner-computes").unwrap();
    let plan = Plan::new(&graph, &slow(2), policy.as_ref()).unwrap();
    let refused =
        |plan: &Plan, cluster: &Cluster| plan.simulate(&graph, cluster, &bare()).unwrap_err();
    assert_eq!(refused(&plan, &slow(3)), SimulationError::Nodes { plan: 2, cluster: 3 });
    let mut broken = slow(2);
    broken.nodes[1].bandwidth_in_bytes_per_s = 0.0;
    let error = refused(&plan, &broken);
    assert_eq!(error.to_string(), "a bandwidth in on node 1 cannot be 0 in a simulation");
    let with_steps = |steps: [Vec<Step>; 2]| Plan {
        parts: steps.map(|steps| NodePlan { steps, ..NodePlan::default() }).to_vec(),
        ..plan.clone()
    };
    let receive = Step::Receive { vertex: block, from: NodeId(0) };
    let lonely = with_steps([vec![], vec![receive, Step::Run(reader)]]);
    let (from, to) = (NodeId(0), NodeId(1));
    assert_eq!(refused(&lonely, &slow(2)), SimulationError::Unmatched { vertex: block, from, to });
    let unread = with_steps([vec![], vec![Step::Run(reader)]]);
    assert_eq!(refused(&unread, &slow(2)), SimulationError::Absent { node: to, vertex: block });
    // Each node would receive from the other what the other has not.
    let send = |to| Step::Send { vertex: block, to };
    let circle = with_steps([
        vec![Step::Free(block), Step::Receive { vertex: block, from: to }, send(to)],
        vec![receive, send(from)],
    ]);
    assert_eq!(refused(&circle, &slow(2)), SimulationError::Stuck { node: from, vertex: block });
}

#[test]
fn a_quarter_of_a_million_tasks_are_simulated() {
    let setting = Setting { blocks: 64, nodes: 16, block_elements: 64, ..Setting::default() };
    let built = workload::build("matmul", &setting).unwrap();
    let policy = policy::by_name("owner-computes").unwrap();
    let plan = Plan::new(&built.graph, &built.cluster, policy.as_ref()).unwrap();
    let run = plan.simulate(&built.graph, &built.cluster, &SimulationOptions::default()).unwrap();
    let flops: f64 = run.nodes.iter().map(|node| node.busy_s * 50e9).sum();
    let expected = 2.0 * f64::powi(64.0 * 8.0, 3);
    assert!((flops / expected - 1.0).abs() < 1e-9);
}
