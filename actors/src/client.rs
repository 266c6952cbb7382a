//! The client's side of a session: it posts requests to its driver, and reads blocks from the nodes that hold them.

mod backlog;
mod reads;

use self::backlog::Backlog;
use crate::block_key::BlockKey;
use crate::driver::{DriverActor, ask, unexpected};
use crate::link::Packet;
use crate::progress::{Listener, Progress};
use crate::request::{Placed, PlanReport, Put, Reply, Request, Submission};
use crate::transport::{Inbound, Inbox, Transport};
use crate::uploads::Uploads;
use crate::{ClusterError, JobId, MemberId, Message, NodeStatus, Phase};
use kameo::actor::ActorRef;
use kameo::error::SendError;
use nums_kernels::Block;
use nums_lshs::{ArrayId, Place, TaskGraph};
pub(crate) use reads::Fetches;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
#[cfg(test)]
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// The client of a session. Clones are cheap.
#[derive(Clone)]
pub struct Client {
    driver: ActorRef<DriverActor>,
    transport: Arc<dyn Transport>,
    fetches: Arc<Fetches>,
    uploads: Arc<Uploads>,
    listener: Arc<Listener>,
    job: JobId,
    deadline: Option<Duration>,
    backlog: Arc<Backlog>,
    /// The session's own runtime: who awaits a request may have none, or one without timers.
    runtime: Handle,
}

impl Client {
    /// A client whose timers run on the runtime at hand.
    pub(crate) fn new(
        driver: ActorRef<DriverActor>,
        transport: Arc<dyn Transport>,
        fetches: Arc<Fetches>,
        uploads: Arc<Uploads>,
        listener: Arc<Listener>,
        job: JobId,
    ) -> Client {
        let runtime = Handle::current();
        let backlog = Arc::default();
        Client {
            driver,
            transport,
            fetches,
            uploads,
            listener,
            job,
            deadline: None,
            backlog,
            runtime,
        }
    }

    /// A client of the same session with a time limit for each request. A request that takes longer ends with
    /// [`ClusterError::Timeout`]; a submitted graph or a put is then cancelled on all nodes.
    pub fn with_deadline(&self, within: Duration) -> Client {
        Client { deadline: Some(within), ..self.clone() }
    }

    /// Submits a graph and returns at once; its kept blocks become arrays.
    ///
    /// # Errors
    /// [`ClusterError::SessionEnded`]. Errors of the graph go to the callers that wait for its arrays.
    pub fn submit(&self, graph: TaskGraph) -> Result<(), ClusterError> {
        self.post(Request::Submit(Submission { graph, within: self.deadline }))
            .map_err(|(error, _)| error)
    }

    /// Puts local blocks, in C order of the grid of their array, on the nodes that own their places, and returns at once.
    /// Graphs that are submitted later can read the array. In an embedded cluster, the nodes take the blocks without a copy;
    /// over the network, each block is sent once.
    ///
    /// ```
    /// use nums_actors::{Block, Buffer, ClusterHandle, DriverConfig, NodeConfig};
    /// use nums_lshs::{ArrayId, BlockSpec, DType, Place, Shape, rewrite::Rules};
    /// use std::sync::Arc;
    ///
    /// let driver = DriverConfig { places: 4, policy: "lshs".to_owned(), rewrites: Rules::all() };
    /// let cluster = ClusterHandle::embedded(2, NodeConfig::new(1), driver)?;
    /// let spec = BlockSpec::new(DType::Float64, Shape::new([3])?);
    /// let mut block = Block::new(spec, &mut Buffer::zeroed)?;
    /// block.elements_mut::<f64>().copy_from_slice(&[1.0, 2.0, 3.0]);
    /// let (client, array) = (cluster.client(), ArrayId(0));
    /// client.put(array, vec![(Place(3), Arc::new(block))])?;
    /// let blocks = cluster.runtime().block_on(client.fetch(array))?;
    /// assert_eq!(blocks[0].elements::<f64>(), [1.0, 2.0, 3.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`submit`](Self::submit). Errors of the transfer go to the callers that wait for the array.
    pub fn put(
        &self,
        array: ArrayId,
        blocks: Vec<(Place, Arc<Block>)>,
    ) -> Result<(), ClusterError> {
        let sizes = blocks.iter().map(|(place, block)| (*place, block.bytes().len() as u64));
        let put = Put { array, blocks: sizes.collect(), within: self.deadline };
        self.uploads.insert(array, blocks.into_iter().map(|(_, block)| block).collect());
        let posted = match self.post(Request::Put(put)) {
            Err((ClusterError::Busy, Some(put))) => {
                // The blocks are held by the program in any case.
                self.postpone(put);
                return Ok(());
            }
            posted => posted.map_err(|(error, _)| error),
        };
        posted.inspect_err(|_| self.uploads.remove(array))
    }

    /// Releases arrays without a handle, or returns them if the queue of the driver is full. It never waits, because a
    /// handle can be dropped anywhere.
    ///
    /// # Errors
    /// The arrays, to be released later. A session that has ended has released everything.
    pub fn release(&self, arrays: Vec<ArrayId>) -> Result<(), Vec<ArrayId>> {
        // An array may not be released before it is put.
        if self.backlog.is_busy() {
            return Err(arrays);
        }
        match self.driver.tell(Request::Release(arrays)).try_send() {
            Err(SendError::MailboxFull(Request::Release(arrays))) => Err(arrays),
            _ => Ok(()),
        }
    }

    /// Cancels the unfinished work that makes some arrays, and all submitted work that reads them. Waiting for such work
    /// gives [`ClusterError::Cancelled`]. Finished arrays stay.
    ///
    /// # Errors
    /// Those of [`submit`](Self::submit).
    pub fn cancel(&self, arrays: Vec<ArrayId>) -> Result<(), ClusterError> {
        self.post(Request::Cancel(arrays)).map_err(|(error, _)| error)
    }

    /// Cancels all unfinished work of the session, like [`cancel`](Self::cancel).
    ///
    /// # Errors
    /// Those of [`submit`](Self::submit).
    pub fn cancel_all(&self) -> Result<(), ClusterError> {
        self.post(Request::CancelAll).map_err(|(error, _)| error)
    }

    /// Waits until arrays are computed, and returns the locations of their blocks, in order.
    ///
    /// # Errors
    /// The errors of the plans that make the arrays.
    pub async fn wait(&self, arrays: Vec<ArrayId>) -> Result<Vec<Placed>, ClusterError> {
        match ask(&self.driver, Request::Wait { arrays, within: self.deadline }).await? {
            Reply::Located(blocks) => Ok(blocks),
            other => Err(unexpected(&other)),
        }
    }

    /// Waits until an array is computed, and reads its blocks in C order of its grid.
    ///
    /// # Errors
    /// Those of [`wait`](Self::wait), and if a node is lost meanwhile.
    pub async fn fetch(&self, array: ArrayId) -> Result<Vec<Arc<Block>>, ClusterError> {
        let mut located = self.wait(vec![array]).await?;
        loop {
            let read = self.read(located.clone()).await;
            let moved = match &read {
                Err(ClusterError::Unreachable { .. } | ClusterError::NodeLost { .. }) => {
                    self.wait(vec![array]).await?
                }
                _ => return read,
            };
            // A node that leaves hands its blocks on; they may be elsewhere by now.
            if moved == located {
                return read;
            }
            located = moved;
        }
    }

    /// What comes of something within some time, by a clock of the session.
    async fn in_time<T>(&self, within: Duration, awaited: impl Future<Output = T>) -> Option<T> {
        let mut timer = JoinSet::new();
        timer.spawn_on(async move { tokio::time::sleep(within).await }, &self.runtime);
        tokio::select! {
            biased;
            done = awaited => Some(done),
            _ = timer.join_next() => None,
        }
    }

    /// The plan of a graph as text. Nothing runs.
    ///
    /// # Errors
    /// If the policy finds no plan.
    pub async fn explain(&self, graph: TaskGraph) -> Result<String, ClusterError> {
        match self.ask(Request::Explain(graph)).await? {
            Reply::Explained(text) => Ok(text),
            other => Err(unexpected(&other)),
        }
    }

    /// Sets the policy of later plans.
    ///
    /// # Errors
    /// If no policy has this name.
    pub async fn use_policy(&self, name: String) -> Result<(), ClusterError> {
        self.ask(Request::UsePolicy(name)).await.map(|_| ())
    }

    /// The status of every node, in order.
    ///
    /// # Errors
    /// [`ClusterError::SessionEnded`].
    pub async fn status(&self) -> Result<Vec<NodeStatus>, ClusterError> {
        match self.ask(Request::Status).await? {
            Reply::Status(nodes) => Ok(nodes),
            other => Err(unexpected(&other)),
        }
    }

    /// The plans that have finished, in order: predicted and measured.
    ///
    /// # Errors
    /// [`ClusterError::SessionEnded`].
    pub async fn plans(&self) -> Result<Vec<PlanReport>, ClusterError> {
        match self.ask(Request::Plans).await? {
            Reply::Plans(plans) => Ok(plans),
            other => Err(unexpected(&other)),
        }
    }

    /// A stream of the progress of the session's plans. It replaces an earlier stream.
    pub fn progress(&self) -> mpsc::Receiver<Progress> {
        self.listener.listen()
    }

    /// The bytes of blocks that this client has received, which are the bytes of all results it has read.
    pub fn bytes_received(&self) -> u64 {
        self.transport.traffic().bytes_in
    }

    /// Asks the driver, which sets no deadline of its own to such a request.
    async fn ask(&self, request: Request) -> Result<Reply, ClusterError> {
        let reply = ask(&self.driver, request);
        let Some(after) = self.deadline else { return reply.await };
        let late = ClusterError::Timeout { phase: Phase::Asking, after };
        self.in_time(after, reply).await.unwrap_or(Err(late))
    }

    /// Waits until the driver has room for a request, and nothing that came before is postponed.
    ///
    /// # Errors
    /// [`ClusterError::SessionEnded`].
    pub async fn room(&self) -> Result<(), ClusterError> {
        self.backlog.is_empty().await;
        // It passes through the queue of the driver, and waits there for nothing.
        self.wait(Vec::new()).await.map(|_| ())
    }

    /// Posts a request as soon as the driver has room, before all later ones.
    fn postpone(&self, request: Request) {
        if !self.backlog.push(request) {
            return;
        }
        let (driver, backlog) = (self.driver.clone(), self.backlog.clone());
        self.runtime.spawn(async move {
            while let Some(request) = backlog.next() {
                // A session that has ended takes nothing.
                let _ = driver.tell(request).send().await;
            }
        });
    }

    /// Posts a request, or returns it with [`ClusterError::Busy`].
    #[allow(clippy::result_large_err, reason = "the request is handed back as it came")]
    fn post(&self, request: Request) -> Result<(), (ClusterError, Option<Request>)> {
        if self.backlog.is_busy() {
            return Err((ClusterError::Busy, Some(request)));
        }
        let post = self.driver.tell(request);
        // Waiting for room in the mailbox would block a thread of the caller's runtime.
        let in_runtime = Handle::try_current().is_ok();
        let posted = if in_runtime { post.try_send() } else { post.blocking_send() };
        posted.map_err(|error| match error {
            SendError::MailboxFull(request) => (ClusterError::Busy, Some(request)),
            _ => (ClusterError::SessionEnded, None),
        })
    }
}

#[cfg(test)]
impl Client {
    /// What the driver holds, and how many blocks this client waits for.
    pub(crate) async fn count(&self) -> (crate::driver::inventory::Inventory, usize) {
        let (reply, counted) = oneshot::channel();
        self.driver.tell(crate::driver::inventory::Count(reply)).await.unwrap();
        (counted.await.unwrap(), self.fetches.len())
    }

    /// Ends the driver as a crash would: nobody says goodbye.
    pub(crate) fn crash(&self) {
        self.driver.kill();
    }
}

/// What comes in for a session: blocks go to the fetches that wait for them, the rest to the driver.
pub(crate) struct ClientInbox {
    pub(crate) driver: ActorRef<DriverActor>,
    pub(crate) fetches: Arc<Fetches>,
}

impl Inbox for ClientInbox {
    fn deliver(&self, inbound: Inbound) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            let inbound = match inbound {
                Inbound::Blocks(blocks) => {
                    let answers = blocks.into_iter().map(|(key, block)| (key, Ok(Some(block))));
                    return self.fetches.complete(answers);
                }
                Inbound::BlockFailed { from, key, reason } => {
                    tracing::warn!(%from, block = %key.block, %reason, "a damaged block was received");
                    return self.fetches.complete([(key, Ok(None))]);
                }
                Inbound::Packets { from, packets } => {
                    Inbound::Packets { packets: self.refused(&from, packets), from }
                }
                Inbound::MemberDown { member, reason } => {
                    self.fetches.lose(&member, &reason);
                    Inbound::MemberDown { member, reason }
                }
                Inbound::MemberUp(member) => Inbound::MemberUp(member),
            };
            let _ = self.driver.tell(inbound).send().await;
        })
    }
}

impl ClientInbox {
    /// Takes out the answers to pulls of this client.
    fn refused(&self, from: &MemberId, packets: Vec<Packet>) -> Vec<Packet> {
        let mut rest = Vec::with_capacity(packets.len());
        for packet in packets {
            match packet {
                Packet::Loose(Message::PullRefused { job, plan: None, block, reason }) => {
                    let reason = format!("it cannot send a block of the result: {reason}");
                    let error = ClusterError::Unreachable { to: from.clone(), reason };
                    self.fetches.complete([(BlockKey { job, plan: None, block }, Err(error))]);
                }
                other => rest.push(other),
            }
        }
        rest
    }
}
