//! Sessions on real actors that meet faults, each other, and the ends of things. After each, a hundred ordinary tasks
//! pass and nothing is left on the nodes.

use super::{ClusterHandle, session};
use crate::client::Client;
use crate::driver::DriverConfig;
use crate::link::Packet;
use crate::node::NodeConfig;
use crate::simulator::Faults;
use crate::transport::Transport;
use crate::transport::faulty::Faulty;
use crate::{ClusterError, JobId, MemberId, Message, NodeStatus, Phase, PlanId, Role};
use nums_lshs::build::{self, ArraySpec, BlockArray};
use nums_lshs::rewrite::Rules;
use nums_lshs::{
    ArrayId, BinaryOp, Constant, Creation, DType, Grid, PlanError, Program, Reduction, Shape,
    TaskGraph,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

const PLACES: u32 = 8;
/// Elements of a block, and blocks of an array.
const LEN: usize = 128;
const BLOCKS: usize = 16;
const ARRAY_BYTES: u64 = (LEN * BLOCKS * 8) as u64;
/// How long the nodes may take to come to rest.
const REST_MAX: Duration = Duration::from_secs(30);

fn config() -> DriverConfig {
    DriverConfig { places: PLACES, policy: "lshs".to_owned(), rewrites: Rules::none() }
}

fn node(memory_bytes: u64) -> NodeConfig {
    NodeConfig { memory_bytes, ..NodeConfig::new(1) }
}

fn spec() -> ArraySpec {
    let shape = Shape::new([LEN * BLOCKS]).unwrap();
    ArraySpec::with_grid(DType::Float64, Grid::uniform(&shape, &[LEN]), PLACES)
}

/// Array `array`: twos.
fn twos(array: u64) -> TaskGraph {
    chain(array, 0)
}

/// Array `array`: twos to which ones are added so many times, block by block.
fn chain(array: u64, times: u64) -> TaskGraph {
    let mut graph = TaskGraph::new(ArrayId(ArrayId::TEMPORARIES.0 + array * 100_000));
    let twos = Creation::Full(Constant::float64(2.0));
    let add = Program::with_constant(BinaryOp::Add, Constant::float64(1.0));
    let name = |graph: &mut TaskGraph, at| match at == times {
        true => ArrayId(array),
        false => graph.next_array(),
    };
    let first = name(&mut graph, 0);
    let mut made = build::create(&mut graph, first, twos, &spec()).unwrap();
    for at in 1..=times {
        let next = name(&mut graph, at);
        made = build::elementwise(&mut graph, next, &add, &[&made], &spec()).unwrap();
    }
    made.keep(&mut graph);
    graph
}

/// The sum of an array, which crosses all nodes.
fn sum(from: u64, array: u64) -> TaskGraph {
    let mut graph = TaskGraph::new(ArrayId(ArrayId::TEMPORARIES.0 + array * 100_000));
    let source = BlockArray::source(&mut graph, ArrayId(from), &spec(), |_| Vec::new());
    let sum = build::reduce(&mut graph, ArrayId(array), &source, Reduction::Sum, &[0]).unwrap();
    sum.keep(&mut graph);
    graph
}

fn wait(cluster: &ClusterHandle, client: &Client, array: u64) -> Result<(), ClusterError> {
    cluster.runtime().block_on(client.wait(vec![ArrayId(array)])).map(|_| ())
}

/// A hundred ordinary tasks and their sum; then all is released, and the nodes hold nothing.
fn goes_on(cluster: &ClusterHandle, client: &Client, first: u64) {
    client.submit(chain(first, 99 / BLOCKS as u64 + 1)).unwrap();
    client.submit(sum(first, first + 1)).unwrap();
    let found = cluster.runtime().block_on(client.fetch(ArrayId(first + 1))).unwrap();
    assert_eq!(found[0].elements::<f64>(), [(2 + 7) as f64 * (LEN * BLOCKS) as f64]);
    client.release(vec![ArrayId(first), ArrayId(first + 1)]).unwrap();
    rests(cluster, client, |node| node.blocks == 0 && node.stored_bytes == 0);
}

/// Waits until something holds of all nodes.
fn rests(cluster: &ClusterHandle, client: &Client, holds: impl Fn(&NodeStatus) -> bool) {
    let started = Instant::now();
    loop {
        let status = cluster.runtime().block_on(client.status()).unwrap();
        if status.iter().all(&holds) {
            return;
        }
        assert!(started.elapsed() < REST_MAX, "{status:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Another session on an embedded cluster.
fn second_session(cluster: &ClusterHandle) -> (Client, Arc<dyn Transport>) {
    let hub = cluster._hub.as_ref().unwrap();
    let mut client = None;
    let _runtime = cluster.runtime().enter();
    let transport = hub.join(MemberId::new("session-1"), Role::Session, |transport| {
        let (inbox, own) = session(config(), transport, hub.members());
        client = Some(own);
        inbox
    });
    (client.unwrap(), transport)
}

#[test]
fn real_actors_survive_a_transport_that_loses_repeats_and_delays() {
    let faults = Faults {
        loss: 30,
        duplicate: 100,
        delay: 200,
        delay_max: Duration::from_millis(30),
        ..Faults::none()
    };
    for seed in 0..3 {
        let seeds = AtomicU64::new(seed * 1000);
        let over = |inner: Arc<dyn Transport>| -> Arc<dyn Transport> {
            Faulty::new(inner, faults, seeds.fetch_add(1, Relaxed))
        };
        let cluster = ClusterHandle::embedded_over(3, node(1 << 30), config(), over).unwrap();
        println!("SEED={seed}");
        for round in 0..3 {
            goes_on(&cluster, cluster.client(), 10 * round);
        }
    }
}

#[test]
fn two_sessions_that_together_exceed_the_memory_get_an_error_or_their_turn() {
    // Each array is most of what the nodes may hold.
    let cluster = ClusterHandle::embedded(2, node(ARRAY_BYTES * 3 / 4), config()).unwrap();
    let (first, (second, _transport)) = (cluster.client(), second_session(&cluster));
    first.submit(twos(1)).unwrap();
    wait(&cluster, first, 1).unwrap();
    second.submit(twos(1)).unwrap();
    let refused = wait(&cluster, &second, 1).unwrap_err();
    let ClusterError::OutOfMemory { array, need_bytes, free_bytes, budget_bytes, .. } = refused
    else {
        panic!("{refused:?}")
    };
    assert_eq!((array, budget_bytes), (1, ARRAY_BYTES * 3 / 4));
    assert!(need_bytes > free_bytes, "{need_bytes} of {free_bytes}");
    first.release(vec![ArrayId(1)]).unwrap();
    second.release(vec![ArrayId(1)]).unwrap();
    second.submit(twos(2)).unwrap();
    wait(&cluster, &second, 2).unwrap();
    second.release(vec![ArrayId(2)]).unwrap();
    rests(&cluster, first, |node| node.blocks == 0);
}

#[test]
fn a_plan_that_exceeds_every_node_is_refused_before_it_runs() {
    let cluster = ClusterHandle::embedded(2, node(ARRAY_BYTES / 4), config()).unwrap();
    let client = cluster.client();
    client.submit(twos(1)).unwrap();
    let refused = wait(&cluster, client, 1).unwrap_err();
    let planned = matches!(refused, ClusterError::Plan(PlanError::OutOfMemory { .. }));
    assert!(planned, "{refused:?}");
    let tasks = cluster.runtime().block_on(client.status()).unwrap();
    assert!(tasks.iter().all(|node| node.tasks == 0), "{tasks:?}");
}

#[test]
fn work_that_is_cancelled_or_late_leaves_nothing() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    let client = cluster.client();
    client.submit(chain(1, 500)).unwrap();
    client.submit(sum(1, 2)).unwrap();
    client.cancel(vec![ArrayId(1)]).unwrap();
    assert_eq!(wait(&cluster, client, 1), Err(ClusterError::Cancelled));
    assert_eq!(
        wait(&cluster, client, 2),
        Err(ClusterError::Cancelled),
        "it reads what is not made"
    );
    let after = Duration::from_millis(1);
    client.with_deadline(after).submit(chain(3, 2000)).unwrap();
    let late = wait(&cluster, client, 3).unwrap_err();
    let phases = [Phase::Queued, Phase::Reserving, Phase::Running];
    let expected = phases.map(|phase| ClusterError::Timeout { phase, after });
    assert!(expected.contains(&late), "{late:?}");
    client.release([1, 2, 3].map(ArrayId).to_vec()).unwrap();
    goes_on(&cluster, client, 10);
}

#[test]
fn a_session_that_goes_leaves_nothing_and_disturbs_nobody() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    let client = cluster.client();
    client.submit(twos(1)).unwrap();
    wait(&cluster, client, 1).unwrap();
    let (second, transport) = second_session(&cluster);
    second.submit(twos(1)).unwrap();
    wait(&cluster, &second, 1).unwrap();
    second.submit(chain(2, 500)).unwrap();
    cluster.runtime().block_on(transport.leave());
    rests(&cluster, client, |node| node.blocks == BLOCKS as u64 / 2);
    client.release(vec![ArrayId(1)]).unwrap();
    goes_on(&cluster, client, 10);
}

#[test]
fn what_makes_no_sense_or_may_not_be_said_is_dropped_and_counted() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    let client = cluster.client();
    client.submit(twos(1)).unwrap();
    wait(&cluster, client, 1).unwrap();
    let (_second, transport) = second_session(&cluster);
    let job = JobId::of(&MemberId::new("session-0"));
    let blocks = vec![nums_lshs::BlockName { array: ArrayId(1), index: 0 }];
    let read = Message::Pull { job, plan: None, blocks, received: Vec::new() };
    let to = MemberId::new("node-0");
    transport.send(&to, Packet::Loose(read)).unwrap();
    // A message that belongs into a stream is not taken outside of one.
    transport.send(&to, Packet::Loose(Message::Cancel { job, plan: PlanId(1) })).unwrap();
    rests(&cluster, client, |node| node.name != "node-0" || node.refused == 1);
    client.release(vec![ArrayId(1)]).unwrap();
    goes_on(&cluster, client, 10);
}
