//! The session's end of a cluster, which is embedded in its process or runs in other processes.

#[cfg(feature = "cluster")]
mod connect;
#[cfg(test)]
#[cfg(feature = "cluster")]
mod tests;

#[cfg(feature = "cluster")]
pub(crate) use connect::{member_config, not_joined, parse_ticket};

use crate::client::{Client, ClientInbox, Fetches};
use crate::driver::{self, DriverConfig};
use crate::node::{self, NodeConfig, NodeInbox};
use crate::pool::BufferPool;
use crate::progress::Listener;
use crate::transport::local::Hub;
use crate::transport::{Inbox, Transport};
use crate::uploads::Uploads;
use crate::{ClusterError, JobId, Member, MemberId, Role};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// Threads that move messages; kernels have threads of their own.
const RUNTIME_THREADS: usize = 2;
/// How long the threads of a session may take to end.
const SHUTDOWN_MAX: Duration = Duration::from_secs(3);

/// A session's end of a cluster. Dropping it ends the session and stops an embedded cluster.
pub struct ClusterHandle {
    client: Client,
    transport: Arc<dyn Transport>,
    runtime: Option<Runtime>,
    /// Keeps the members of an embedded cluster together.
    _hub: Option<Arc<Hub>>,
    nodes: usize,
    #[cfg(test)]
    actors: Vec<kameo::actor::ActorRef<node::NodeActor>>,
}

impl ClusterHandle {
    /// Starts a cluster of nodes in this process, and a session on it.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn embedded(
        nodes: usize,
        node: NodeConfig,
        driver: DriverConfig,
    ) -> Result<ClusterHandle, ClusterError> {
        ClusterHandle::embedded_over(nodes, node, driver, |transport| transport)
    }

    /// Like [`embedded`](Self::embedded), over a transport around the one of the process.
    fn embedded_over(
        nodes: usize,
        node: NodeConfig,
        driver: DriverConfig,
        over: impl Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync,
    ) -> Result<ClusterHandle, ClusterError> {
        let runtime = runtime()?;
        let hub = Arc::new(Hub::default());
        #[cfg(test)]
        let mut actors = Vec::new();
        let (client, transport) = block_on(&runtime, async {
            for number in 0..nodes {
                let id = MemberId::new(format!("node-{number}"));
                let mut actor = None;
                hub.join(id, Role::Node, |transport| {
                    let pool = BufferPool::new(node.memory_bytes);
                    let started = node::start(node, pool, over(transport));
                    Arc::new(NodeInbox(actor.insert(started).clone()))
                });
                if let Some(actor) = actor {
                    node::started(&actor).await?;
                    #[cfg(test)]
                    actors.push(actor);
                }
            }
            let mut client = None;
            let id = MemberId::new("session-0");
            let transport: Arc<dyn Transport> = hub.join(id, Role::Session, |transport| {
                let (inbox, own) = session(driver, over(transport), hub.members());
                client = Some(own);
                inbox
            });
            let client = client.ok_or(ClusterError::SessionEnded)?;
            Ok::<_, ClusterError>((client, transport))
        })?;
        Ok(ClusterHandle {
            client,
            transport,
            runtime: Some(runtime),
            _hub: Some(hub),
            nodes,
            #[cfg(test)]
            actors,
        })
    }

    /// The client of the session.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The number of nodes when the session started.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// The runtime on which requests can be awaited.
    ///
    /// # Panics
    /// Never: the runtime is there until the handle is dropped.
    pub fn runtime(&self) -> &tokio::runtime::Handle {
        match &self.runtime {
            Some(runtime) => runtime.handle(),
            None => unreachable!("the runtime is taken only when the handle is dropped"),
        }
    }
}

impl Drop for ClusterHandle {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let transport = self.transport.clone();
        let end = move || {
            runtime.block_on(transport.leave());
            runtime.shutdown_timeout(SHUTDOWN_MAX);
        };
        if tokio::runtime::Handle::try_current().is_err() {
            end();
        } else {
            // Inside a runtime nothing may block: the goodbye has a thread of its own.
            std::thread::spawn(end);
        }
    }
}

/// A session's actors. The members that are known already are passed on, because their announcements may come after
/// the first request.
fn session(
    driver: DriverConfig,
    transport: Arc<dyn Transport>,
    members: Vec<Member>,
) -> (Arc<dyn Inbox>, Client) {
    let job = JobId::of(transport.local());
    let fetches = Arc::new(Fetches::default());
    let uploads = Arc::new(Uploads::default());
    let listener = Arc::new(Listener::default());
    let shared = (uploads.clone(), listener.clone());
    let driver = driver::start(driver, transport.clone(), members, shared.0, shared.1);
    let inbox = ClientInbox { driver: driver.clone(), fetches: fetches.clone() };
    (Arc::new(inbox), Client::new(driver, transport, fetches, uploads, listener, job))
}

/// Waits for a session to start, also on a thread of a caller's runtime, where tokio would not let this thread wait.
fn block_on<T: Send>(runtime: &Runtime, start: impl Future<Output = T> + Send) -> T {
    if tokio::runtime::Handle::try_current().is_err() {
        return runtime.block_on(start);
    }
    std::thread::scope(|scope| match scope.spawn(|| runtime.block_on(start)).join() {
        Ok(started) => started,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

fn runtime() -> Result<Runtime, ClusterError> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(RUNTIME_THREADS)
        .thread_name("nums")
        .enable_all()
        .build();
    runtime.map_err(|error| {
        ClusterError::Join(format!("cannot start the threads of the session: {error}"))
    })
}
