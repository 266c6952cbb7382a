//! The same work over other ways between the members: one that loses, repeats, delays and damages, in a process and over
//! real connections, and one that shares no memory.

use super::*;
use crate::cluster::{BufferPool, NodeInbox, block_on, member_config, runtime};
use crate::simulator::Faults;
use crate::transport::apart::Apart;
use crate::transport::faulty::Faulty;
use crate::transport::remote;
use crate::{Block, Buffer, Failure};
use nums_net::{Config, Net};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A cluster over a way that does wrong.
fn faulty(nodes: usize, faults: Faults, seed: u64) -> ClusterHandle {
    let seeds = AtomicU64::new(seed * 1000);
    let over = |inner: Arc<dyn Transport>| -> Arc<dyn Transport> {
        Faulty::new(inner, faults, seeds.fetch_add(1, Relaxed))
    };
    ClusterHandle::embedded_over(nodes, node(1 << 30), config(), over).unwrap()
}

/// A cluster whose members have connections on loopback: through unix sockets for blocks or through sealed ones of TCP.
fn networked(
    nodes: usize,
    same_host: bool,
    over: impl Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync,
) -> ClusterHandle {
    let own = || Config { same_host, ..member_config() };
    let runtime = runtime().unwrap();
    let (client, transport, actors) = block_on(&runtime, async {
        let (mut ticket, mut actors) = (None, Vec::new());
        for _ in 0..nodes {
            let pool = BufferPool::new(1 << 30);
            let (handler, deliveries) = remote::handler(pool.clone());
            let net = match &ticket {
                None => Net::found(own(), handler).await.unwrap(),
                Some(ticket) => {
                    Net::join(ticket, nums_net::Role::Node, own(), handler).await.unwrap()
                }
            };
            ticket = ticket.or_else(|| net.ticket());
            let mut actor = None;
            deliveries.connect(net, |transport| {
                let started = crate::node::start(node(1 << 30), pool, over(transport));
                Arc::new(NodeInbox(actor.insert(started).clone()))
            });
            crate::node::started(actor.as_ref().unwrap()).await.unwrap();
            actors.extend(actor);
        }
        let (handler, deliveries) = remote::handler(BufferPool::new(1 << 20));
        let net = Net::join(&ticket.unwrap(), nums_net::Role::Session, own(), handler).await;
        let net = net.unwrap();
        let members = net.peers().iter().map(remote::member).collect();
        let mut client = None;
        let transport: Arc<dyn Transport> = deliveries.connect(net, |transport| {
            let (inbox, own) = session(config(), over(transport), members);
            client = Some(own);
            inbox
        });
        (client.unwrap(), transport, actors)
    });
    ClusterHandle { client, transport, runtime: Some(runtime), _hub: None, nodes, actors }
}

/// Like [`faulty`], over real connections.
fn faulty_network(nodes: usize, same_host: bool, faults: Faults, seed: u64) -> ClusterHandle {
    let seeds = AtomicU64::new(seed * 1000);
    networked(nodes, same_host, |inner| -> Arc<dyn Transport> {
        Faulty::new(inner, faults, seeds.fetch_add(1, Relaxed))
    })
}

#[test]
fn real_connections_that_lose_repeat_delay_and_damage_give_the_same_bits() {
    let delay_max = Duration::from_millis(30);
    // A block that is lost is asked for again after two seconds.
    let faults =
        Faults { loss: 5, duplicate: 100, corrupt: 100, delay: 200, delay_max, ..Faults::none() };
    let (expected, moved, _) =
        bytes_of(&ClusterHandle::embedded(3, node(1 << 30), config()).unwrap());
    for (seed, same_host) in [(0, true), (1, false)] {
        println!("SEED={seed}");
        let cluster = faulty_network(3, same_host, faults, seed);
        let (bytes, moved_here, sent) = bytes_of(&cluster);
        assert_eq!((&bytes, moved_here), (&expected, moved), "SEED={seed}");
        // What is sent again for what was lost or came damaged is not of the plan.
        assert!(sent >= moved, "SEED={seed}: {sent} bytes sent of {moved}");
        goes_on(&cluster, cluster.client(), 10);
        holds_nothing(&cluster, &[cluster.client()]);
    }
}

#[test]
fn a_block_that_always_comes_damaged_over_a_real_connection_is_a_typed_error() {
    let faults = Faults { corrupt: 1000, ..Faults::none() };
    for same_host in [true, false] {
        let cluster = faulty_network(2, same_host, faults, 1);
        let client = cluster.client();
        client.submit(twos(1)).unwrap();
        client.submit(sum(1, 2)).unwrap();
        let error = wait(&cluster, client, 2).unwrap_err();
        let ClusterError::Task { failure: Failure::Transfer { reason, .. }, .. } = &error else {
            panic!("{error:?}")
        };
        assert!(reason.starts_with("checksum mismatch"), "{reason}");
        release(client, [1, 2]);
        holds_nothing(&cluster, &[client]);
    }
}

#[test]
fn real_actors_survive_a_way_that_loses_repeats_delays_and_damages() {
    let delay_max = Duration::from_millis(30);
    let faults =
        Faults { loss: 30, duplicate: 100, corrupt: 100, delay: 200, delay_max, ..Faults::none() };
    for seed in 0..3 {
        println!("SEED={seed}");
        let cluster = faulty(3, faults, seed);
        for round in 0..3 {
            goes_on(&cluster, cluster.client(), 10 * round);
        }
        holds_nothing(&cluster, &[cluster.client()]);
    }
}

#[test]
fn a_block_that_always_comes_damaged_is_a_typed_error() {
    let cluster = faulty(2, Faults { corrupt: 1000, ..Faults::none() }, 1);
    let client = cluster.client();
    client.submit(twos(1)).unwrap();
    client.submit(sum(1, 2)).unwrap();
    let error = wait(&cluster, client, 2).unwrap_err();
    let ClusterError::Task { failure: Failure::Transfer { reason, .. }, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(reason, "checksum mismatch");
    // The session's own reads end as well.
    let error = cluster.runtime().block_on(client.fetch(ArrayId(1))).unwrap_err();
    let ClusterError::Unreachable { reason, .. } = &error else { panic!("{error:?}") };
    assert_eq!(reason, "a block was requested 5 times and never arrived intact");
    release(client, [1, 2]);
    holds_nothing(&cluster, &[client]);
}

/// A matrix of 49 ragged blocks, its product with its own transpose, and the sums of its rows.
fn matrix_graph() -> TaskGraph {
    let grid = |shape: [usize; 2], block: [usize; 2]| {
        let shape = Shape::new(shape).unwrap();
        ArraySpec::with_grid(DType::Float64, Grid::uniform(&shape, &block), PLACES)
    };
    let (spec, square) = (grid([50, 67], [8, 10]), grid([50, 50], [8, 8]));
    let mut graph = graph(1);
    let start = Constant::float64(0.25);
    let arange = Creation::Arange { start, next: Constant::float64(0.3125) };
    let x = array_op::create(&mut graph, ArrayId(1), arange, &spec).unwrap();
    let name = graph.next_array();
    let turned = array_op::transpose(&mut graph, name, &x, &[1, 0]).unwrap();
    let product = array_op::matmul(&mut graph, ArrayId(2), &x, &turned, &square).unwrap();
    let sums = array_op::reduce(&mut graph, ArrayId(3), &x, Reduction::Sum, &[1]).unwrap();
    [x, product, sums].iter().for_each(|array| array.keep(&mut graph));
    graph
}

/// The bytes of the three arrays of the graph, with those that plans and transports have counted.
fn bytes_of(cluster: &ClusterHandle) -> (Vec<Vec<u8>>, u64, u64) {
    let client = cluster.client();
    client.submit(matrix_graph()).unwrap();
    let fetch = |array| cluster.runtime().block_on(client.fetch(ArrayId(array))).unwrap();
    let blocks = [1, 2, 3].map(fetch).concat();
    let plans = cluster.runtime().block_on(client.plans()).unwrap();
    for (node, predicted, measured) in plans.iter().flat_map(|plan| &plan.nodes) {
        assert!(measured.is_as_predicted(predicted), "{node}: {measured:?}, {predicted:?}");
    }
    let moved = plans.iter().flat_map(|plan| &plan.nodes).map(|(_, _, own)| own.bytes_out).sum();
    let status = cluster.runtime().block_on(client.status()).unwrap();
    let sent = status.iter().map(|node| node.bytes_out).sum();
    let bytes = blocks.iter().map(|block| block.bytes().to_vec()).collect();
    drop(blocks);
    release(client, [1, 2, 3]);
    holds_nothing(cluster, &[client]);
    (bytes, moved, sent)
}

#[test]
fn stores_that_share_no_memory_give_the_same_bits_and_move_what_is_counted() {
    for nodes in [1, 2, 3, 4] {
        let copied = Arc::new(AtomicU64::new(0));
        let over = |inner| -> Arc<dyn Transport> { Apart::new(inner, copied.clone()) };
        let node = node(1 << 30);
        let apart = ClusterHandle::embedded_over(nodes, node, config(), over).unwrap();
        let (bytes, moved, sent) = bytes_of(&apart);
        let shared = ClusterHandle::embedded(nodes, node, config()).unwrap();
        assert_eq!(bytes_of(&shared), (bytes.clone(), moved, sent), "{nodes} nodes");
        let read: u64 = bytes.iter().map(|block| block.len() as u64).sum();
        assert_eq!((copied.load(Relaxed), sent), (sent, moved + read), "{nodes} nodes");
        assert_eq!(moved == 0, nodes == 1);
        survives(&apart, |_| {});
    }
}

#[test]
fn stores_that_share_no_memory_have_their_own_copies_of_what_is_put() {
    let copied = Arc::new(AtomicU64::new(0));
    let over = |inner| -> Arc<dyn Transport> { Apart::new(inner, copied.clone()) };
    let cluster = ClusterHandle::embedded_over(2, node(1 << 30), config(), over).unwrap();
    survives(&cluster, |client| {
        let block = spec().grid.block_shape(0);
        let spec = nums_lshs::BlockSpec::new(DType::Float64, block);
        let mut put = Block::new(spec, &mut Buffer::zeroed).unwrap();
        put.elements_mut::<f64>().fill(3.0);
        let put = Arc::new(put);
        client.put(ArrayId(1), vec![(Place(0), put.clone())]).unwrap();
        let found = cluster.runtime().block_on(client.fetch(ArrayId(1))).unwrap();
        assert!(!Arc::ptr_eq(&found[0], &put));
        assert_eq!(found[0].bytes(), put.bytes());
        release(client, [1]);
    });
}
