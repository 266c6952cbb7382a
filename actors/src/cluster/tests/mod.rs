//! Sessions on real actors that meet faults, each other, and the ends of things. After each, a hundred ordinary tasks
//! pass, and nothing is left on the nodes and in the sessions.

mod ends;
mod sessions;
mod ways;

use super::{ClusterHandle, session};
use crate::client::Client;
use crate::driver::DriverConfig;
use crate::link::{Links, SESSION_SILENCE_MAX};
use crate::node::NodeConfig;
use crate::node::inventory::{Count, Inventory};
use crate::node::state::Held;
use crate::transport::local::LocalTransport;
use crate::transport::{Inbound, Inbox, Transport};
use crate::{ClusterError, MemberId, Message, Role};
use nums_lshs::array_op::{self, ArraySpec, BlockArray};
use nums_lshs::rewrite::Rules;
use nums_lshs::{
    ArrayId, BinaryOp, BlockName, Constant, Creation, DType, Grid, Op, Place, Program, Reduction,
    Shape, TaskGraph,
};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

const PLACES: u32 = 8;
/// Elements of a block, and blocks of an array.
const LEN: usize = 128;
const BLOCKS: usize = 16;
const BLOCK_BYTES: u64 = LEN as u64 * 8;
const ARRAY_BYTES: u64 = BLOCKS as u64 * BLOCK_BYTES;
/// How long something may take to come about.
const WAIT_MAX: Duration = Duration::from_secs(60);

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

/// A graph whose temporaries no other graph names.
fn graph(array: u64) -> TaskGraph {
    TaskGraph::new(ArrayId(ArrayId::TEMPORARIES.0 + array * 100_000))
}

/// Array `array`: twos.
fn twos(array: u64) -> TaskGraph {
    chain(array, 0)
}

/// Array `array`: twos to which ones are added so many times, block by block.
fn chain(array: u64, times: u64) -> TaskGraph {
    let mut graph = graph(array);
    let twos = Creation::Full(Constant::float64(2.0));
    let add = Program::with_constant(BinaryOp::Add, Constant::float64(1.0));
    let name = |graph: &mut TaskGraph, at| match at == times {
        true => ArrayId(array),
        false => graph.next_array(),
    };
    let first = name(&mut graph, 0);
    let mut made = array_op::create(&mut graph, first, twos, &spec()).unwrap();
    for at in 1..=times {
        let next = name(&mut graph, at);
        made = array_op::elementwise(&mut graph, next, &add, &[&made], &spec()).unwrap();
    }
    made.keep(&mut graph);
    graph
}

/// The sum of an array, which crosses all nodes.
fn sum(from: u64, array: u64) -> TaskGraph {
    let mut graph = graph(array);
    let source = BlockArray::source(&mut graph, ArrayId(from), &spec(), |_| Vec::new());
    let sum = array_op::reduce(&mut graph, ArrayId(array), &source, Reduction::Sum, &[0]).unwrap();
    sum.keep(&mut graph);
    graph
}

/// Array `array`: a byte that is made of a temporary of some bytes, by kernels that only tests have.
fn planted(array: u64, kind: &str, flops: u64, bytes: u64) -> TaskGraph {
    let mut graph = graph(array);
    let op = |flops, bytes| {
        let (kind, output_bytes) = (kind.to_owned(), vec![bytes]);
        Op::Opaque { kind, flops, output_bytes }
    };
    let name = |array| BlockName { array, index: 0 };
    let temporary = name(graph.next_array());
    let made = graph.task(op(flops, bytes), &[], Place(0), temporary).unwrap();
    let kept = graph.task(op(0, 1), &[made], Place(0), name(ArrayId(array))).unwrap();
    graph.keep(kept);
    graph
}

fn wait(cluster: &ClusterHandle, client: &Client, array: u64) -> Result<(), ClusterError> {
    cluster.runtime().block_on(client.wait(vec![ArrayId(array)])).map(|_| ())
}

fn release(client: &Client, arrays: impl IntoIterator<Item = u64>) {
    client.release(arrays.into_iter().map(ArrayId).collect()).unwrap();
}

/// A hundred ordinary tasks and their sum; then all is released.
fn goes_on(cluster: &ClusterHandle, client: &Client, first: u64) {
    let times = 99 / BLOCKS as u64 + 1;
    client.submit(chain(first, times)).unwrap();
    client.submit(sum(first, first + 1)).unwrap();
    let found = cluster.runtime().block_on(client.fetch(ArrayId(first + 1))).unwrap();
    assert_eq!(found[0].elements::<f64>(), [(2 + times) as f64 * (LEN * BLOCKS) as f64]);
    release(client, [first, first + 1]);
}

/// Lets something happen on a cluster, of which nothing may be left, and after which all goes on.
fn survives(cluster: &ClusterHandle, happens: impl FnOnce(&Client)) {
    let client = cluster.client();
    goes_on(cluster, client, 1000);
    holds_nothing(cluster, &[client]);
    happens(client);
    goes_on(cluster, client, 2000);
    holds_nothing(cluster, &[client]);
}

/// All that the nodes hold.
fn inventories(cluster: &ClusterHandle) -> Vec<Inventory> {
    let count = |node| async move {
        let (reply, counted) = oneshot::channel();
        kameo::actor::ActorRef::tell(node, Count(reply)).await.unwrap();
        counted.await.unwrap()
    };
    cluster.runtime().block_on(futures::future::join_all(cluster.actors.iter().map(count)))
}

/// Waits until the nodes hold nothing but the leases of some sessions, and these hold nothing either.
fn holds_nothing(cluster: &ClusterHandle, clients: &[&Client]) {
    let held = Held { jobs: clients.len(), ..Held::default() };
    let empty =
        Inventory { held, stored: (0, 0), in_store: 0, alive: 0, in_links: 0, pool_is_sound: true };
    comes_about(|| {
        let nodes = inventories(cluster);
        let counts = clients.iter().map(|client| client.count());
        let sessions = cluster.runtime().block_on(futures::future::join_all(counts));
        let nothing = crate::driver::inventory::Inventory {
            open: 0,
            arrays: 0,
            replies: 0,
            uploads: 0,
            in_links: 0,
            replays: true,
        };
        let all = nodes.iter().all(|node| *node == empty)
            && sessions.iter().all(|session| *session == (nothing.clone(), 0));
        if all { Ok(()) } else { Err(format!("{nodes:#?}, {sessions:#?}")) }
    });
}

/// Waits until something holds; says what does instead if it never comes about.
fn comes_about(mut holds: impl FnMut() -> Result<(), String>) {
    let started = Instant::now();
    while let Err(instead) = holds() {
        assert!(started.elapsed() < WAIT_MAX, "{instead}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until a node holds what is looked for.
fn comes_to_hold(cluster: &ClusterHandle, looked_for: impl Fn(&Held) -> bool) {
    comes_about(|| {
        let nodes = inventories(cluster);
        let found = nodes.iter().any(|node| looked_for(&node.held));
        if found { Ok(()) } else { Err(format!("{nodes:#?}")) }
    });
}

/// Another session on an embedded cluster.
fn another_session(cluster: &ClusterHandle) -> (Client, Arc<LocalTransport>) {
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

/// A member that says what it likes.
struct Stranger {
    transport: Arc<LocalTransport>,
    links: Links,
    heard: mpsc::Receiver<Inbound>,
}

struct Ear(mpsc::Sender<Inbound>);

impl Inbox for Ear {
    fn deliver(&self, inbound: Inbound) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            let _ = self.0.send(inbound).await;
        })
    }
}

impl Stranger {
    fn new(cluster: &ClusterHandle) -> Stranger {
        let _runtime = cluster.runtime().enter();
        let (ear, heard) = mpsc::channel(64);
        let hub = cluster._hub.as_ref().unwrap();
        let id = MemberId::new("stranger");
        let transport = hub.join(id, Role::Session, |_| Arc::new(Ear(ear)));
        Stranger { transport, links: Links::new(0, SESSION_SILENCE_MAX), heard }
    }

    fn say(&mut self, to: &MemberId, message: Message) {
        let packet = self.links.post(Duration::ZERO, to, message);
        self.transport.send(to, packet).unwrap();
    }

    /// The next message that is looked for.
    fn hear(&mut self, looked_for: impl Fn(&Message) -> bool) -> Message {
        loop {
            let inbound = self.heard.blocking_recv().unwrap();
            let Inbound::Packets { from, packets } = inbound else { continue };
            for packet in packets {
                let accepted = self.links.accept(Duration::ZERO, &from, packet);
                if let Some(message) = accepted.messages.into_iter().find(&looked_for) {
                    return message;
                }
            }
        }
    }

    fn leave(self, cluster: &ClusterHandle) {
        cluster.runtime().block_on(self.transport.leave());
    }
}
