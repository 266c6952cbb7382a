//! Sessions: the connection of a program to a cluster, and the owner of its arrays.

use crate::request::REQUESTS_MAX;
use crate::window::Window;
use crate::{Error, Pending, Policy};
use nums_actors::{
    Budget, BudgetError, Client, ClusterHandle, DriverConfig, NodeConfig, NodeStatus, PlanReport,
    Progress,
};
use nums_lshs::rewrite::Rules;
use nums_lshs::{ArrayId, GridRule};
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// A session on a cluster. Clones are cheap and refer to the same session. When the last clone and the last array are
/// dropped, the session ends, its blocks are freed, and an embedded cluster stops.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(4)?;
/// let x = session.arange(0.0, 6.0, 1.0)?.reshape(&[2, 3])?;
/// let y = &x.dot(&x.t()) + 1.0;
/// assert_eq!(y.fetch::<f64>().wait()?, ndarray::arr2(&[[6.0, 15.0], [15.0, 51.0]]).into_dyn());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Session {
    pub(crate) inner: Arc<SessionInner>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("nodes", &self.nodes())
            .field("places", &self.places())
            .finish()
    }
}

pub(crate) struct SessionInner {
    cluster: ClusterHandle,
    pub(crate) rule: GridRule,
    /// The seed of the session's own generator, and the number of its next array.
    pub(crate) seed: u64,
    pub(crate) next_stream: Arc<AtomicU64>,
    /// Arrays are named in the order in which expressions are built.
    next_array: AtomicU64,
    /// Held while an expression is lowered and submitted, so that no node is submitted twice. It counts the names of
    /// temporaries, which have a half of the numbers for themselves.
    submission: Mutex<u64>,
    /// What waits to be submitted.
    window: Mutex<Window>,
    /// The number of live [`Deferred`](crate::Deferred).
    pub(crate) deferred: AtomicUsize,
    /// The size limit of an array that is kept without a request; a share of the memory of the nodes.
    kept_bytes_max: u64,
    /// The number of calls to cancel.
    pub(crate) cancels: AtomicU64,
    /// Arrays that wait for their release, because the driver's queue was full when their last handle was dropped.
    released: Mutex<Vec<ArrayId>>,
    /// The room for requests.
    pub(crate) admission: Arc<Semaphore>,
}

/// Worker threads of an embedded cluster: an eighth of what Linux gives a process by default.
const WORKER_THREADS_MAX: usize = 4096;

/// An array is kept without a request when it takes at most one part in this number of the memory of all nodes.
const KEPT_SHARE: u64 = 4;

/// The options of a new session.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::builder().nodes(3).workers(2).places(16).policy(nums::Policy::RoundRobin).seed(7).embedded()?;
/// assert_eq!((session.nodes(), session.places()), (3, 16));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SessionBuilder {
    nodes: usize,
    workers: Option<usize>,
    memory: Result<Budget, BudgetError>,
    places: Option<u32>,
    policy: Policy,
    rewrites: Rules,
    block_bytes_min: Option<u64>,
    block_bytes_max: Option<u64>,
    seed: u64,
}

impl Session {
    /// Starts an embedded cluster and a session on it. The nodes run in this process and share its cores and memory.
    ///
    /// # Errors
    /// [`Error::Session`] for 0 nodes, and an error when threads cannot be started.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// assert_eq!(session.nodes(), 2);
    /// let refused = nums::Session::embedded(0).unwrap_err();
    /// assert_eq!(refused.to_string(), "a session needs at least one node");
    /// # Ok(())
    /// # }
    /// ```
    pub fn embedded(nodes: usize) -> Result<Session, Error> {
        Session::builder().nodes(nodes).embedded()
    }

    /// Starts an embedded cluster of one node, which has all cores, and a session on it. Every session has a cluster of its
    /// own: there is none in the background.
    ///
    /// # Errors
    /// When threads cannot be started.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// assert_eq!(nums::Session::new()?.nodes(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new() -> Result<Session, Error> {
        Session::builder().embedded()
    }

    /// Joins a cluster with a ticket from `nums up` or `nums ticket`.
    ///
    /// # Errors
    /// When the text is not a ticket, when the cluster refuses the ticket, or when no member is reachable.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let refused = nums::Session::connect("no ticket").unwrap_err();
    /// assert!(matches!(refused, nums::Error::Cluster(_)), "{refused}");
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "cluster")]
    pub fn connect(ticket: &str) -> Result<Session, Error> {
        Session::builder().connect(ticket)
    }

    /// Options for a session.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().nodes(2).workers(2).embedded()?;
    /// assert_eq!(session.nodes(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> SessionBuilder {
        SessionBuilder {
            nodes: 1,
            workers: None,
            memory: Ok(Budget::default()),
            places: None,
            policy: Policy::default(),
            rewrites: Rules::all(),
            block_bytes_min: None,
            block_bytes_max: None,
            seed: 0,
        }
    }

    /// The number of nodes when the session started.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// assert_eq!(nums::Session::embedded(3)?.nodes(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn nodes(&self) -> usize {
        self.inner.cluster.nodes()
    }

    /// The number V of logical places. Together with the grid, it determines the order of summation and thus the bits of
    /// results.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// assert_eq!(nums::Session::embedded(3)?.places(), 64);
    /// # Ok(())
    /// # }
    /// ```
    pub fn places(&self) -> u32 {
        self.inner.rule.places
    }

    /// Sets the placement policy of later plans. The policy does not change the bits of results.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// session.set_policy(nums::Policy::RoundRobin).wait()?;
    /// let text = session.ones(3)?.explain().wait()?;
    /// assert!(text.starts_with("plan policy=round-robin"), "{text}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_policy(&self, policy: Policy) -> Pending<()> {
        let client = self.inner.client().clone();
        self.pending(async move { Ok(client.use_policy(policy.to_string()).await?) })
    }

    /// The status of every node: tasks run, bytes moved and blocks stored.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.ones(&[3])?;
    /// x.eval().wait()?;
    /// let bytes = session.status().wait()?.iter().map(|node| node.stored_bytes).sum::<u64>();
    /// assert_eq!(bytes, x.nbytes());
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self) -> Pending<Vec<NodeStatus>> {
        let client = self.inner.client().clone();
        self.pending(async move { Ok(client.status().await?) })
    }

    /// The predicted and measured costs of the finished plans of the session.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// session.ones(&[3])?.sum().eval().wait()?;
    /// let plans = session.plans().wait()?;
    /// for (_, predicted, measured) in &plans[0].nodes {
    ///     assert!(measured.is_as_predicted(predicted));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn plans(&self) -> Pending<Vec<PlanReport>> {
        let client = self.inner.client().clone();
        self.pending(async move { Ok(client.plans().await?) })
    }

    /// Cancels all unfinished work. Waiting for it, or reading an array that depends on it, gives
    /// [`ClusterError::Cancelled`](crate::ClusterError::Cancelled). Finished arrays stay. Arrays of a formula and random
    /// draws are made again when something needs them.
    ///
    /// # Errors
    /// When the session has ended.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.random(7).normal(0.0, 1.0, &[1 << 20])?.sum();
    /// let sum = x.fetch::<f64>();
    /// session.cancel()?;
    /// // The sum may have finished before the cancellation.
    /// if let Err(error) = sum.wait() {
    ///     assert!(matches!(error, nums::Error::Cluster(nums::ClusterError::Cancelled)), "{error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel(&self) -> Result<(), Error> {
        // The lock is held, so work that was submitted before the count changes is cancelled too.
        let _alone = self.inner.submission();
        self.inner.cancels.fetch_add(1, Relaxed);
        Ok(self.inner.client().cancel_all()?)
    }

    /// Sets a callback for the progress of plans. The session calls it when a plan starts, a few times per second while
    /// the plan runs, and when the plan ends. The callback runs on a thread of the session and must not block. A later
    /// call replaces it.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// session.on_progress(|own| eprintln!("plan {}: {} of {} tasks", own.plan, own.tasks_done, own.tasks));
    /// session.arange(0.0, 1e6, 1.0)?.exp().eval().wait()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress(&self, mut callback: impl FnMut(Progress) + Send + 'static) {
        let mut told = self.inner.client().progress();
        self.inner.runtime().spawn(async move {
            while let Some(progress) = told.recv().await {
                callback(progress);
            }
        });
    }

    /// The bytes of blocks that this client has received, which are the bytes of all fetched results.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// session.arange(0.0, 1e5, 1.0)?.sum().fetch::<f64>().wait()?;
    /// assert_eq!(session.bytes_received(), 8);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bytes_received(&self) -> u64 {
        self.inner.client().bytes_received()
    }

    fn pending<T: Send + 'static>(
        &self,
        outcome: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Pending<T> {
        Pending::new(self.inner.cluster.runtime(), outcome)
    }
}

impl Default for Session {
    /// [`Session::new`], which returns its error.
    ///
    /// # Panics
    /// When threads cannot be started.
    #[track_caller]
    fn default() -> Session {
        match Session::new() {
            Ok(session) => session,
            Err(error) => panic!("{error}"),
        }
    }
}

impl SessionBuilder {
    /// Sets the number of nodes of an embedded cluster. Default: 1.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// assert_eq!(nums::Session::builder().nodes(3).embedded()?.nodes(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn nodes(mut self, nodes: usize) -> SessionBuilder {
        self.nodes = nodes;
        self
    }

    /// Sets the number of worker threads of each node of an embedded cluster. Default: the nodes share the cores that the
    /// process may use, and each node has at least one worker. The number does not change the bits of results.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().nodes(2).workers(2).embedded()?;
    /// assert_eq!(session.ones(&[10])?.sum().fetch::<f64>().wait()?[[]], 10.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn workers(mut self, workers: usize) -> SessionBuilder {
        self.workers = Some(workers);
        self
    }

    /// Sets the memory for blocks of an embedded cluster: `256M`, `4GiB` or `4096` for each node, or a part of the
    /// machine's memory such as `50%`, which the nodes share. Units are powers of 1024. If the process is in a control
    /// group with a memory limit, that limit replaces the machine's memory. Default: `80%`.
    ///
    /// A plan waits until its memory is free. A plan that can never fit is refused before it runs. An invalid text is an
    /// error when the session starts.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().memory("1M").embedded()?;
    /// assert_eq!(session.status().wait()?[0].memory_bytes, 1 << 20);
    /// let refused = nums::Session::builder().memory("a lot").embedded().unwrap_err();
    /// assert!(matches!(refused, nums::Error::Budget(_)), "{refused}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory<B>(mut self, budget: B) -> SessionBuilder
    where
        B: TryInto<Budget>,
        BudgetError: From<B::Error>,
    {
        self.memory = budget.try_into().map_err(BudgetError::from);
        self
    }

    /// Sets the bytes of blocks that each node of an embedded cluster may hold. Like [`memory`](Self::memory), but takes a
    /// number.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().memory_bytes(1 << 20).embedded()?;
    /// let refused = session.ones(&[1 << 20])?.eval().wait().unwrap_err();
    /// assert!(refused.to_string().contains("8388608"), "{refused}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory_bytes(mut self, bytes: u64) -> SessionBuilder {
        self.memory = Ok(Budget::Bytes(bytes));
        self
    }

    /// Sets the number of logical places. Default: 64, or, if it is larger, the next power of two from four times the
    /// number of nodes. Sessions with the same number of places give the same bits on any number of nodes.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// assert_eq!(nums::Session::builder().places(16).embedded()?.places(), 16);
    /// # Ok(())
    /// # }
    /// ```
    pub fn places(mut self, places: u32) -> SessionBuilder {
        self.places = Some(places);
        self
    }

    /// Sets the placement policy. Default: LSHS. It does not change the bits of results.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().nodes(2).policy(nums::Policy::DataLocal).embedded()?;
    /// assert!(session.ones(3)?.explain().wait()?.starts_with("plan policy=data-local"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn policy(mut self, policy: Policy) -> SessionBuilder {
        self.policy = policy;
        self
    }

    /// Sets the rewrites of graphs before placement. Default: all. No rewrite changes the bits of results.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().rewrites(nums::Rules::none()).embedded()?;
    /// let x = session.ones(&[3])? * 2.0 + 1.0;
    /// assert!(x.explain().wait()?.contains(" tasks=3 "), "nothing is fused");
    /// # Ok(())
    /// # }
    /// ```
    pub fn rewrites(mut self, rewrites: Rules) -> SessionBuilder {
        self.rewrites = rewrites;
        self
    }

    /// Sets the smallest block size in bytes: arrays that would have smaller blocks get fewer blocks. Default: 1 MiB.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().places(4).block_bytes_min(8).embedded()?;
    /// assert_eq!(session.ones(&[4])?.grid().blocks(), 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn block_bytes_min(mut self, bytes: u64) -> SessionBuilder {
        self.block_bytes_min = Some(bytes);
        self
    }

    /// Sets the largest block size in bytes: arrays that would have larger blocks get more blocks. Default: 64 MiB.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().block_bytes_min(8).block_bytes_max(64).embedded()?;
    /// assert!(session.ones(&[1000])?.grid().blocks() >= 125);
    /// # Ok(())
    /// # }
    /// ```
    pub fn block_bytes_max(mut self, bytes: u64) -> SessionBuilder {
        self.block_bytes_max = Some(bytes);
        self
    }

    /// Sets the seed of [`Session::default_rng`]. Default: 0.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().seed(7).embedded()?;
    /// let [x, y] = [session.default_rng(), session.random(7)].map(|random| random.random(&[3]));
    /// assert_eq!(x?.fetch::<f64>().wait()?, y?.fetch::<f64>().wait()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn seed(mut self, seed: u64) -> SessionBuilder {
        self.seed = seed;
        self
    }

    /// Starts an embedded cluster and a session on it.
    ///
    /// # Errors
    /// For 0 nodes, workers or places, for an unknown policy or an invalid budget, and when threads cannot be started.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().nodes(2).embedded()?;
    /// assert_eq!(session.nodes(), 2);
    /// assert!(nums::Session::builder().workers(0).embedded().is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn embedded(self) -> Result<Session, Error> {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let workers = self.workers.unwrap_or((cores / self.nodes.max(1)).max(1));
        let counts = [("node", self.nodes), ("worker", workers)];
        if let Some((what, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return Err(Error::Session { what });
        }
        let threads = self.nodes.saturating_mul(workers);
        if threads > WORKER_THREADS_MAX {
            return Err(Error::TooManyThreads { threads, max: WORKER_THREADS_MAX });
        }
        let places = self.places.unwrap_or(GridRule::default_places(self.nodes));
        let driver = self.driver(places)?;
        let memory_bytes = self.memory.clone()?.bytes(self.nodes);
        let node = NodeConfig { memory_bytes, ..NodeConfig::new(workers) };
        let cluster = ClusterHandle::embedded(self.nodes, node, driver)?;
        let all_bytes = memory_bytes.saturating_mul(self.nodes as u64);
        Ok(self.session(cluster, places, all_bytes))
    }

    /// Joins a cluster with a ticket. Options of nodes (`nodes`, `workers`, `memory`) have no effect.
    ///
    /// # Errors
    /// Those of [`Session::connect`], and for 0 places or an unknown policy.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let refused = nums::Session::builder().places(16).connect("no ticket").unwrap_err();
    /// assert!(matches!(refused, nums::Error::Cluster(_)), "{refused}");
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "cluster")]
    pub fn connect(self, ticket: &str) -> Result<Session, Error> {
        // The number of nodes is unknown before the session joins, so the default cannot depend on it.
        let places = self.places.unwrap_or(GridRule::default_places(0));
        let cluster = ClusterHandle::connect(ticket, self.driver(places)?)?;
        // The budgets of the nodes are unknown here. The nodes refuse what does not fit.
        Ok(self.session(cluster, places, u64::MAX))
    }

    fn driver(&self, places: u32) -> Result<DriverConfig, Error> {
        if places == 0 {
            return Err(Error::Session { what: "place" });
        }
        let (policy, rewrites) = (self.policy.to_string(), self.rewrites.clone());
        Ok(DriverConfig { places, policy, rewrites })
    }

    fn session(self, cluster: ClusterHandle, places: u32, memory_bytes: u64) -> Session {
        let kept_bytes_max = memory_bytes / KEPT_SHARE;
        let default = GridRule::with_places(places);
        let rule = GridRule {
            block_bytes_min: self.block_bytes_min.unwrap_or(default.block_bytes_min),
            block_bytes_max: self.block_bytes_max.unwrap_or(default.block_bytes_max),
            ..default
        };
        let inner = SessionInner {
            cluster,
            rule,
            seed: self.seed,
            next_stream: Arc::default(),
            next_array: AtomicU64::new(0),
            submission: Mutex::new(ArrayId::TEMPORARIES.0),
            cancels: AtomicU64::new(0),
            window: Mutex::default(),
            deferred: AtomicUsize::new(0),
            kept_bytes_max,
            released: Mutex::default(),
            admission: Arc::new(Semaphore::new(REQUESTS_MAX)),
        };
        Session { inner: Arc::new(inner) }
    }
}

impl SessionInner {
    pub(crate) fn client(&self) -> &Client {
        self.cluster.client()
    }

    pub(crate) fn runtime(&self) -> &tokio::runtime::Handle {
        self.cluster.runtime()
    }

    pub(crate) fn nodes(&self) -> usize {
        self.cluster.nodes()
    }

    pub(crate) fn next_array(&self) -> ArrayId {
        ArrayId(self.next_array.fetch_add(1, Relaxed))
    }

    /// The right to submit, and the number of the next temporary.
    pub(crate) fn submission(&self) -> MutexGuard<'_, u64> {
        self.submission.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an array of this size may be kept without a request.
    pub(crate) fn may_keep(&self, bytes: u64) -> bool {
        bytes <= self.kept_bytes_max
    }

    /// Releases an array. Never waits.
    pub(crate) fn release(&self, array: ArrayId) {
        let mut released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        released.push(array);
        if let Err(kept) = self.client().release(std::mem::take(&mut released)) {
            *released = kept;
        }
    }
}
