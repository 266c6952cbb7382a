//! Sessions: where arrays are made, and the cluster that they live on.

use crate::window::Window;
use crate::{Error, Pending};
use nums_actors::{
    Budget, BudgetError, Client, ClusterHandle, DriverConfig, NodeConfig, NodeStatus, PlanReport,
    Progress,
};
use nums_lshs::rewrite::Rules;
use nums_lshs::{ArrayId, GridRule, policy};
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A session on a cluster; cheap to clone. When the last clone and the last array are dropped, the session ends, its
/// blocks are freed, and an embedded cluster stops.
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
    /// How many [`Deferred`](crate::Deferred) live.
    pub(crate) deferred: AtomicUsize,
    /// The most bytes of an array that is kept though nobody asked for it; bound by what the nodes may hold.
    kept_bytes_max: u64,
    /// How often all work was given up.
    pub(crate) cancels: AtomicU64,
    /// Arrays that wait to be released, because the driver was busy when their last handle went.
    released: Mutex<Vec<ArrayId>>,
}

/// Worker threads of an embedded cluster: an eighth of what Linux gives a process by default.
const WORKER_THREADS_MAX: usize = 4096;

/// An array that nobody asked for is kept when it takes at most this share of the memory of all nodes.
const KEPT_SHARE: u64 = 4;

/// How a session is started.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::builder().nodes(3).workers(2).places(16).policy("round-robin").seed(7).embedded()?;
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
    policy: String,
    rewrites: Rules,
    block_bytes_min: Option<u64>,
    block_bytes_max: Option<u64>,
    seed: u64,
}

impl Session {
    /// Starts a cluster of nodes in this process, which share its cores and its memory, and a session on it.
    ///
    /// # Errors
    /// With no nodes, or when threads cannot be started.
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

    /// Joins the cluster of a ticket, as `nums up` prints it.
    ///
    /// # Errors
    /// When the ticket is none, is refused, or no member can be reached.
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
            policy: "lshs".to_owned(),
            rewrites: Rules::all(),
            block_bytes_min: None,
            block_bytes_max: None,
            seed: 0,
        }
    }

    /// The number of nodes when the session began.
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

    /// The number V of logical places: with the grid it decides the order of summation, and so the bits of results.
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

    /// Uses another placement policy from now on; results keep their bits.
    ///
    /// # Errors
    /// When no policy has that name; the error lists those that there are.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// session.set_policy("round-robin")?;
    /// let text = session.ones(&[3])?.explain()?;
    /// assert!(text.starts_with("plan policy=round-robin"), "{text}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_policy(&self, name: &str) -> Result<(), Error> {
        let (client, name) = (self.inner.client().clone(), name.to_owned());
        self.pending(async move { Ok(client.use_policy(name).await?) }).wait()
    }

    /// How every node is: tasks run, bytes moved, blocks stored.
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

    /// What the finished plans of the session were predicted to cost, and what they did cost.
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

    /// Gives up all work that is not done: whoever waits for it hears
    /// [`ClusterError::Cancelled`](crate::ClusterError::Cancelled), and so does whoever reads an array that was to come
    /// of it. What is done stays, and what is only made or drawn is made again when it is needed.
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
    /// // Whoever was faster: the sum, or the end of it.
    /// if let Err(error) = sum.wait() {
    ///     assert!(matches!(error, nums::Error::Cluster(nums::ClusterError::Cancelled)), "{error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel(&self) -> Result<(), Error> {
        // What is submitted before it is counted is given up.
        let _alone = self.inner.submission();
        self.inner.cancels.fetch_add(1, Relaxed);
        Ok(self.inner.client().cancel_all()?)
    }

    /// Calls a function with how far each plan is, from now on: when it begins, a few times a second while it runs, and
    /// when it is done. It runs on a thread of the session and must not block; a later call takes its place.
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

    /// Bytes of blocks that this client has received: those of the results that it has fetched.
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

    fn pending<T>(
        &self,
        outcome: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Pending<T> {
        Pending::new(self.inner.cluster.runtime(), outcome)
    }
}

impl SessionBuilder {
    /// Nodes of an embedded cluster; 1 unless said.
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

    /// Worker threads of each node of an embedded cluster. Unless said, the nodes share the cores that the process may
    /// use, and each has one at least. No bit of a result depends on it.
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

    /// How much memory the blocks of an embedded cluster may take up, in bytes or as people write it: `256M`, `4GiB` or `4096` for
    /// each node, or a part of the machine's memory such as `50%`, which the nodes share. Units are powers of 1024. What
    /// counts as the machine's is the limit of the process's control group where there is one. `80%` unless said.
    ///
    /// A plan waits while it would not fit, and is refused before it runs when it never will. A text that is no budget is
    /// refused when the session starts.
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

    /// Bytes of blocks that each node of an embedded cluster may hold, as [`memory`](Self::memory) in numbers.
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

    /// Logical places; 64, or the next power of two from four a node, unless said. A constant of the session:
    /// sessions with the same number give the same bits on any number of nodes.
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

    /// The placement policy by name; `lshs` unless said.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().nodes(2).policy("data-local").embedded()?;
    /// assert!(session.ones(&[3])?.explain()?.starts_with("plan policy=data-local"));
    /// assert!(nums::Session::builder().policy("none").embedded().is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn policy(mut self, policy: &str) -> SessionBuilder {
        self.policy = policy.to_owned();
        self
    }

    /// The rewrites of graphs before they are placed; all unless said. None changes a bit of a result.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().rewrites(nums::Rules::none()).embedded()?;
    /// let x = session.ones(&[3])? * 2.0 + 1.0;
    /// assert!(x.explain()?.contains(" tasks=3 "), "nothing is fused");
    /// # Ok(())
    /// # }
    /// ```
    pub fn rewrites(mut self, rewrites: Rules) -> SessionBuilder {
        self.rewrites = rewrites;
        self
    }

    /// The size in bytes below which arrays are cut into fewer blocks. Default: 1 MiB.
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

    /// The size in bytes above which arrays are cut into more blocks; 64 MiB unless said.
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

    /// The seed of [`Session::default_rng`]; 0 unless said.
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
    /// With no nodes, workers or places, with an unknown policy or budget, or when threads cannot be started.
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

    /// Connects to the cluster of a ticket; the options of nodes do not count.
    ///
    /// # Errors
    /// As [`Session::connect`], with no places, and with an unknown policy.
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
        // The default cannot depend on a count that is not known before the cluster is joined.
        let places = self.places.unwrap_or(GridRule::default_places(0));
        let cluster = ClusterHandle::connect(ticket, self.driver(places)?)?;
        // What the nodes of others may hold is not known here, and they refuse what does not fit.
        Ok(self.session(cluster, places, u64::MAX))
    }

    fn driver(&self, places: u32) -> Result<DriverConfig, Error> {
        if places == 0 {
            return Err(Error::Session { what: "place" });
        }
        policy::by_name(&self.policy).map_err(nums_actors::ClusterError::from)?;
        let (policy, rewrites) = (self.policy.clone(), self.rewrites.clone());
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

    /// Whether an array of so many bytes may be kept though nobody asked for it.
    pub(crate) fn may_keep(&self, bytes: u64) -> bool {
        bytes <= self.kept_bytes_max
    }

    /// Lets an array go; never waits.
    pub(crate) fn release(&self, array: ArrayId) {
        let mut released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        released.push(array);
        if let Err(kept) = self.client().release(std::mem::take(&mut released)) {
            *released = kept;
        }
    }
}
