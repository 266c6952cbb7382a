//! A node that has a process of its own, as the command `nums` runs it.

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

/// How long the other nodes may take to say how they are.
const STATUS_MAX: Duration = Duration::from_secs(3);

/// A node of its own process, member of a cluster over the network.
pub struct Node {
    transport: Arc<remote::RemoteTransport>,
    actor: ActorRef<NodeActor>,
    config: NodeConfig,
}

/// How a node process is started.
#[derive(Clone, Debug)]
pub struct NodeOptions {
    /// Where it listens for members; port 0 takes any. Strangers with a ticket are listened for on the port after it, and
    /// members connect for blocks to the one after that.
    pub listen: SocketAddr,
    /// Worker threads.
    pub workers: usize,
    /// How much memory its blocks may take up.
    pub memory: Budget,
    /// The folder of its keys, its certificate and its tickets; none keeps them in memory.
    pub data: Option<PathBuf>,
    /// Whether it says on the local link, by multicast DNS, where it can be asked to admit, and, when it comes back and
    /// finds no member of its cluster where it was, looks for them there.
    pub mdns: bool,
}

/// A member as another one sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberStatus {
    /// Its name.
    pub name: String,
    /// Whether it holds blocks and computes; the others are sessions and observers.
    pub is_node: bool,
    /// Whether it admits others.
    pub admits: bool,
    /// Where it listens for members.
    pub addresses: Vec<SocketAddr>,
    /// How it is, if it is a node and has answered in time.
    pub status: Option<NodeStatus>,
}

impl Node {
    /// Founds a cluster with this node as its first member.
    ///
    /// # Errors
    /// When it cannot listen or its data folder cannot be read or written.
    pub async fn found(options: NodeOptions) -> Result<Node, ClusterError> {
        Node::start(options, async |config, handler| Net::found(config, handler).await, failed)
            .await
    }

    /// Joins the cluster of a ticket.
    ///
    /// # Errors
    /// Those of [`found`](Self::found), and when the ticket is none or is refused.
    pub async fn join(ticket: &str, options: NodeOptions) -> Result<Node, ClusterError> {
        let ticket = parse_ticket(ticket)?;
        let join =
            async |config, handler| Net::join(&ticket, nums_net::Role::Node, config, handler).await;
        Node::start(options, join, not_joined).await
    }

    /// Comes back, without a ticket, to the cluster that the data folder remembers.
    ///
    /// # Errors
    /// Those of [`found`](Self::found), when the folder remembers no cluster, and when no member takes the node back.
    pub async fn rejoin(options: NodeOptions) -> Result<Node, ClusterError> {
        Node::start(options, async |config, handler| Net::rejoin(config, handler).await, failed)
            .await
    }

    /// Goes on with the cluster that the data folder remembers: comes back to the members that run or, where none
    /// answers and this node can admit, is the first one again. Founds a cluster when the folder remembers none.
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

    /// The bytes that its blocks may take up.
    pub fn memory_bytes(&self) -> u64 {
        self.config.memory_bytes
    }

    /// Worker threads.
    pub fn workers(&self) -> usize {
        self.config.workers
    }

    /// Where it listens for members.
    pub fn listen_addr(&self) -> SocketAddr {
        self.transport.net().listen_addr()
    }

    /// The number of nodes of the cluster that can be reached, this one among them.
    pub fn nodes(&self) -> usize {
        let peers = self.transport.net().peers();
        let others = peers.iter().map(remote::member).filter(|member| member.role == Role::Node);
        1 + others.count()
    }

    /// The number of members that the data folder remembers and of which none answered, when this node began the cluster
    /// anew without them.
    pub fn absent(&self) -> usize {
        self.transport.net().absent().len()
    }

    /// A ticket that admits any number of nodes and sessions, if this member can admit others.
    pub fn ticket(&self) -> Option<String> {
        self.transport.net().ticket().map(|ticket| ticket.to_string())
    }

    /// A new ticket that admits for some time, any number or only one.
    ///
    /// # Errors
    /// When this member does not admit others.
    pub fn new_ticket(&self, expires: Duration, once: bool) -> Result<String, ClusterError> {
        let ticket = self.transport.net().new_ticket(expires.as_secs(), once).map_err(failed)?;
        Ok(ticket.to_string())
    }

    /// Withdraws all tickets that this member has given out; says how many still admitted.
    ///
    /// # Errors
    /// When this member does not admit others.
    pub fn revoke_tickets(&self) -> Result<usize, ClusterError> {
        self.transport.net().revoke_tickets().map_err(failed)
    }

    /// How the members of the cluster are, in the order of their admission. A node that does not answer within three
    /// seconds is shown without its numbers.
    ///
    /// # Errors
    /// When this node has stopped.
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

    /// Waits until this node is drained, whoever asks for it.
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

    /// Leaves the cluster: the others see it go at once.
    pub async fn leave(&self) {
        self.transport.leave().await;
    }

    /// Waits until the membership ends by itself.
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
