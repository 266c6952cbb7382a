//! A node in a separate process, as the command `nums` runs it.

use crate::budget::Budget;
use crate::cluster::{member_config, not_joined, parse_ticket};
use crate::message::NodeStatus;
use crate::node::{self, DrainAsked, DrainAwaited, NodeActor, NodeConfig, NodeInbox, StatusAsked};
use crate::pool::BufferPool;
use crate::transport::{Transport, remote};
use crate::{ClusterError, Role};
use kameo::actor::ActorRef;
use nums_net::{Config, Net, NetError};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How long the other nodes may take to answer a status request.
const STATUS_MAX: Duration = Duration::from_secs(3);

/// A node in a separate process, which is a member of a cluster over the network.
pub struct Node {
    transport: Arc<remote::RemoteTransport>,
    actor: ActorRef<NodeActor>,
    config: NodeConfig,
}

/// The options of a node process, each with a method that sets it. The default is a node on loopback with a worker for
/// each core.
///
/// ```
/// use nums_actors::NodeOptions;
/// let options = NodeOptions::default().workers(2);
/// assert_eq!((options.workers, options.listen.port()), (2, 0));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NodeOptions {
    /// The address for connections of members. Port 0 selects any free ports. The next port is for join requests, and the
    /// one after it for blocks.
    pub listen: SocketAddr,
    /// Worker threads.
    pub workers: usize,
    /// The memory for blocks.
    pub memory: Budget,
    /// The folder for keys, certificate and tickets. Without a folder, they are kept in memory.
    pub data: Option<PathBuf>,
    /// Whether the node announces its join address on the local link by multicast DNS, and searches there for remembered
    /// members that have moved.
    pub mdns: bool,
}

impl Default for NodeOptions {
    fn default() -> NodeOptions {
        NodeOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            workers: std::thread::available_parallelism().map_or(1, |cores| cores.get()),
            memory: Budget::default(),
            data: None,
            mdns: false,
        }
    }
}

impl NodeOptions {
    /// Sets the field `listen`.
    pub fn listen(self, listen: SocketAddr) -> NodeOptions {
        NodeOptions { listen, ..self }
    }

    /// Sets the field `workers`.
    pub fn workers(self, workers: usize) -> NodeOptions {
        NodeOptions { workers, ..self }
    }

    /// Sets the field `memory`.
    pub fn memory(self, memory: Budget) -> NodeOptions {
        NodeOptions { memory, ..self }
    }

    /// Sets the field `data`.
    pub fn data(self, data: Option<PathBuf>) -> NodeOptions {
        NodeOptions { data, ..self }
    }

    /// Sets the field `mdns`.
    pub fn mdns(self, mdns: bool) -> NodeOptions {
        NodeOptions { mdns, ..self }
    }
}

/// The status of a member, as another member sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberStatus {
    /// The name of the member.
    pub name: String,
    /// Whether the member is a node. The others are sessions and observers.
    pub is_node: bool,
    /// Whether the member admits others.
    pub admits: bool,
    /// The addresses for connections of members.
    pub addresses: Vec<SocketAddr>,
    /// The status, if the member is a node and has answered in time.
    pub status: Option<NodeStatus>,
}

impl Node {
    /// Starts a new cluster with this node as its first member.
    ///
    /// # Errors
    /// If the node cannot listen, or cannot read or write its data folder.
    pub async fn found(options: NodeOptions) -> Result<Node, ClusterError> {
        Node::start(options, async |config, handler| Net::found(config, handler).await, failed)
            .await
    }

    /// Joins a cluster with a ticket.
    ///
    /// # Errors
    /// Those of [`found`](Self::found), and if the text is not a ticket or the ticket is refused.
    pub async fn join(ticket: &str, options: NodeOptions) -> Result<Node, ClusterError> {
        let ticket = parse_ticket(ticket)?;
        let join =
            async |config, handler| Net::join(&ticket, nums_net::Role::Node, config, handler).await;
        Node::start(options, join, not_joined).await
    }

    /// Rejoins the cluster of the membership in the data folder, without a ticket.
    ///
    /// # Errors
    /// Those of [`found`](Self::found), if the folder holds no membership, and if no member readmits the node.
    pub async fn rejoin(options: NodeOptions) -> Result<Node, ClusterError> {
        Node::start(options, async |config, handler| Net::rejoin(config, handler).await, failed)
            .await
    }

    /// Restarts with the membership in the data folder: rejoins the running members or, if none answers and this node can
    /// admit, starts the cluster again as its first member. If the folder holds no membership, starts a new cluster.
    ///
    /// # Errors
    /// Those of [`rejoin`](Self::rejoin).
    pub async fn resume(options: NodeOptions) -> Result<Node, ClusterError> {
        Node::start(options, async |config, handler| Net::resume(config, handler).await, failed)
            .await
    }

    async fn start(
        options: NodeOptions,
        form: impl AsyncFnOnce(Config, Arc<remote::RemoteHandler>) -> Result<Net, NetError>,
        failed: fn(NetError) -> ClusterError,
    ) -> Result<Node, ClusterError> {
        let mut config = NodeConfig::new(options.workers);
        config.memory_bytes = options.memory.bytes(1);
        let pool = BufferPool::new(config.memory_bytes);
        let (handler, deliveries) = remote::handler(pool.clone());
        let net = form(net_config(&options), handler).await.map_err(failed)?;
        let mut actor = None;
        let transport = deliveries.connect(net, |transport| {
            Arc::new(NodeInbox(actor.insert(node::start(config, pool, transport)).clone()))
        });
        let actor = actor.ok_or_else(|| ClusterError::Join("the node did not start".to_owned()))?;
        node::started(&actor).await?;
        Ok(Node { transport, actor, config })
    }

    /// The name of this member.
    pub fn name(&self) -> String {
        self.transport.local().to_string()
    }

    /// The memory for blocks, in bytes.
    pub fn memory_bytes(&self) -> u64 {
        self.config.memory_bytes
    }

    /// The number of worker threads.
    pub fn workers(&self) -> usize {
        self.config.workers
    }

    /// The address for connections of members.
    pub fn listen_addr(&self) -> SocketAddr {
        self.transport.net().listen_addr()
    }

    /// The number of reachable nodes of the cluster, including this node.
    pub fn nodes(&self) -> usize {
        let peers = self.transport.net().peers();
        let others = peers.iter().map(remote::member).filter(|member| member.role == Role::Node);
        1 + others.count()
    }

    /// The number of remembered members that did not answer, if this node started the cluster again without them.
    pub fn absent(&self) -> usize {
        self.transport.net().absent().len()
    }

    /// A ticket that admits any number of nodes and sessions, or `None` if this member cannot admit others.
    pub fn ticket(&self) -> Option<String> {
        self.transport.net().ticket().map(|ticket| ticket.to_string())
    }

    /// A new ticket with the given lifetime. If `once` is true, it admits only one node or session.
    ///
    /// # Errors
    /// If this member cannot admit others.
    pub fn new_ticket(&self, expires: Duration, once: bool) -> Result<String, ClusterError> {
        let ticket = self.transport.net().new_ticket(expires.as_secs(), once).map_err(failed)?;
        Ok(ticket.to_string())
    }

    /// Withdraws all tickets that this member has issued, and returns the number of tickets that were still valid.
    ///
    /// # Errors
    /// If this member cannot admit others.
    pub fn revoke_tickets(&self) -> Result<usize, ClusterError> {
        self.transport.net().revoke_tickets().map_err(failed)
    }

    /// The status of all members of the cluster, in the order of their admission. A node that does not answer within three
    /// seconds has no status.
    ///
    /// # Errors
    /// If this node has stopped.
    pub async fn status(&self) -> Result<Vec<MemberStatus>, ClusterError> {
        let net = self.transport.net();
        let members = net.members();
        let is_node = |member: &nums_net::PeerInfo| remote::member(member).role == Role::Node;
        let ids = |member: &nums_net::PeerInfo| remote::member(member).id;
        let nodes: Vec<_> = members.iter().filter(|member| is_node(member)).map(ids).collect();
        let (answers, mut arriving) = mpsc::channel(nodes.len().max(1));
        let asked = self.actor.tell(StatusAsked { nodes: nodes.clone(), answers }).await;
        asked.map_err(|_| ClusterError::SessionEnded)?;
        let mut found = BTreeMap::new();
        let all = async {
            while found.len() < nodes.len()
                && let Some((from, status)) = arriving.recv().await
            {
                found.insert(from, status);
            }
        };
        // Without an answer the row stays empty.
        let _ = tokio::time::timeout(STATUS_MAX, all).await;
        let admitting = net.admitting();
        let row = |member: &nums_net::PeerInfo| {
            let id = remote::member(member).id;
            MemberStatus {
                name: id.to_string(),
                is_node: is_node(member),
                admits: admitting.contains(&member.id),
                addresses: member.addresses.clone(),
                status: found.get(&id).cloned(),
            }
        };
        Ok(members.iter().map(row).collect())
    }

    /// Drains a node, this one or another: moves the blocks that only it has to other nodes, and stops it. Nothing is
    /// computed again. Running work of the sessions finishes first, so this can take long. `name` is the full name of
    /// the node, or a part that no other node's name contains.
    ///
    /// Moves each block of the node at most once.
    ///
    /// # Errors
    /// When no node or several nodes match, when the other nodes have no room for its blocks (the node then keeps
    /// running), and when the node is lost meanwhile.
    pub async fn drain(&self, name: &str) -> Result<String, ClusterError> {
        let members = self.transport.net().members();
        let nodes = members.iter().map(remote::member).filter(|member| member.role == Role::Node);
        let mut meant = nodes.map(|node| node.id).filter(|id| id.as_str().contains(name));
        let not_drained =
            |reason: String| ClusterError::NotDrained { node: name.to_owned(), reason };
        let node = match (meant.next(), meant.next()) {
            (Some(node), None) => node,
            (None, _) => return Err(not_drained("no node has this name".to_owned())),
            (Some(first), Some(second)) => {
                let reason = format!("the name is ambiguous: it matches {first} and {second}");
                return Err(not_drained(reason));
            }
        };
        let (answer, answered) = oneshot::channel();
        let asked = self.actor.tell(DrainAsked { node: node.clone(), answer }).await;
        asked.map_err(|_| ClusterError::SessionEnded)?;
        let outcome = answered.await.map_err(|_| ClusterError::SessionEnded)?;
        outcome.map_err(not_drained)?;
        Ok(node.as_str().to_owned())
    }

    /// Waits until this node is drained by any member.
    pub async fn drained(&self) {
        loop {
            let (answer, answered) = oneshot::channel();
            if self.actor.tell(DrainAwaited(answer)).await.is_err() {
                // A node that has stopped is not drained: its membership ends.
                return std::future::pending().await;
            }
            if let Ok(Ok(())) = answered.await {
                return;
            }
        }
    }

    /// Leaves the cluster. The other members notice at once.
    pub async fn leave(&self) {
        self.transport.leave().await;
    }

    /// Waits until the membership ends unexpectedly.
    pub async fn ended(&self) {
        self.transport.net().ended().await;
    }
}

fn failed(error: NetError) -> ClusterError {
    ClusterError::Join(error.to_string())
}

fn net_config(options: &NodeOptions) -> Config {
    let mut config = member_config();
    config.listen = options.listen;
    config.data = options.data.clone();
    config.mdns = options.mdns;
    let after = |count: u16| match options.listen.port() {
        0 => SocketAddr::new(options.listen.ip(), 0),
        port => SocketAddr::new(options.listen.ip(), port.checked_add(count).unwrap_or(0)),
    };
    config.join_listen = Some(after(1));
    config.block_listen = after(2);
    config
}
