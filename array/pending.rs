//! Pending results.

use crate::Error;
use crate::session::SessionInner;
use nums_actors::ClusterError;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, coop};

tokio::task_local! {
    /// Set in the tasks of the library. What such a task waits for belongs to it and ends with it.
    static OWNED: ();
}

/// A result of submitted work: [`wait`](Pending::wait) for it, or `.await` it.
///
/// The work begins before the `Pending` is returned, or when the session has room: a session admits a bounded number of
/// requests, and the others wait in order. The work continues when the `Pending` is dropped, unless
/// [`cancel_on_drop`](Pending::cancel_on_drop) says otherwise.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let total = session.arange(0.0, 10.0, 1.0)?.sum().item::<f64>();
/// assert_eq!(total.wait()?, 45.0);
/// # Ok(())
/// # }
/// ```
#[must_use = "the result is lost unless it is waited for"]
pub struct Pending<T> {
    task: JoinHandle<Result<T, Error>>,
    runtime: Handle,
    cancels_on_drop: bool,
}

impl<T: Send + 'static> Pending<T> {
    /// Starts work at once on the threads of the session. It runs even if no caller waits for it.
    pub(crate) fn new(
        runtime: &Handle,
        outcome: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Pending<T> {
        let task = runtime.spawn(OWNED.scope((), outcome));
        Pending::of_task(runtime, task)
    }

    /// Like [`new`](Self::new), for the runtime of a session.
    pub(crate) fn begin(
        session: &Arc<SessionInner>,
        control: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Pending<T> {
        Pending::new(session.runtime(), control)
    }

    /// Starts blocking work, such as reading a file, at once on a thread of its own.
    pub(crate) fn begin_blocking(
        session: &Arc<SessionInner>,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Pending<T> {
        Pending::of_task(session.runtime(), session.runtime().spawn_blocking(work))
    }

    fn of_task(runtime: &Handle, task: JoinHandle<Result<T, Error>>) -> Pending<T> {
        let cancels_on_drop = OWNED.try_with(|()| ()).is_ok();
        Pending { task, runtime: runtime.clone(), cancels_on_drop }
    }

    /// Blocks the thread until the result is there. It works wherever a thread may block: outside of async runtimes, and
    /// inside of tokio's `spawn_blocking` and `block_in_place`.
    ///
    /// # Errors
    /// Errors of the work, and [`Error::WaitInRuntime`] in async code, whose thread must not block: `.await` the `Pending`
    /// there.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.ones(3)?;
    /// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// let (blocked, awaited) = runtime.block_on(async {
    ///     let blocked = x.sum().eval().wait();
    ///     let sum = x.sum();
    ///     let waited = tokio::task::spawn_blocking(move || sum.item::<f64>().wait());
    ///     (blocked, (x.sum().item::<f64>().await, waited.await))
    /// });
    /// assert_eq!(blocked, Err(nums::Error::WaitInRuntime));
    /// assert_eq!((awaited.0?, awaited.1??), (3.0, 3.0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(mut self) -> Result<T, Error> {
        if in_async_code() {
            return Err(Error::WaitInRuntime);
        }
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            match Pin::new(&mut self).poll(&mut context) {
                Poll::Ready(outcome) => return outcome,
                Poll::Pending => std::thread::park(),
            }
        }
    }

    /// Like [`wait`](Self::wait), for at most some time; then the work is cancelled.
    ///
    /// # Errors
    /// Those of [`wait`](Self::wait), and [`Error::Deadline`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// session.ones(3)?.sum().item::<f64>().wait_timeout(Duration::from_secs(60))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_timeout(self, limit: Duration) -> Result<T, Error> {
        self.within(limit).wait()
    }

    /// The same result with a deadline. After `limit`, it is [`Error::Deadline`], and the work is cancelled as by
    /// [`cancel`](Self::cancel).
    ///
    /// ```
    /// # use std::time::Duration;
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.random(1).normal(0.0, 1.0, (1000, 1000))?;
    /// let late = x.sort(0)?.sum().item::<f64>().within(Duration::ZERO);
    /// assert_eq!(late.wait(), Err(nums::Error::Deadline { after: Duration::ZERO }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn within(self, limit: Duration) -> Pending<T> {
        let (runtime, cancels_on_drop) = (self.runtime.clone(), self.cancels_on_drop);
        let inner = self.cancel_on_drop();
        let mut limited = Pending::new(&runtime, async move {
            let outcome = tokio::time::timeout(limit, inner).await;
            outcome.unwrap_or(Err(Error::Deadline { after: limit }))
        });
        limited.cancels_on_drop = cancels_on_drop;
        limited
    }

    /// The same result, whose work is cancelled when this is dropped before the result is there.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.ones((100, 100))?;
    /// drop(x.exp().sum().item::<f64>().cancel_on_drop());
    /// assert_eq!(x.sum().item::<f64>().wait()?, 10000.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel_on_drop(mut self) -> Pending<T> {
        self.cancels_on_drop = true;
        self
    }
}

impl<T> Pending<T> {
    /// Cancels the work, unless it is done or another request needs it. The result is then
    /// [`ClusterError::Cancelled`]. Other requests, and the arrays that the work reads or makes, are as before: who needs
    /// one of them later computes it then.
    ///
    /// ```
    /// use nums::{ClusterError, Error};
    /// # fn main() -> Result<(), Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let x = session.random(1).normal(0.0, 1.0, (1000, 1000))?;
    /// let y = x.exp();
    /// let pending = y.sum().item::<f64>();
    /// pending.cancel();
    /// assert!(matches!(pending.wait(), Ok(_) | Err(Error::Cluster(ClusterError::Cancelled))));
    /// assert!(y.min().item::<f64>().wait()? > 0.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel(&self) {
        self.task.abort();
    }

    /// Whether the result is there, so that waiting for it takes no time.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let pending = session.ones(3)?.sum().item::<f64>();
    /// while !pending.is_done() {
    ///     std::thread::yield_now();
    /// }
    /// assert_eq!(pending.wait()?, 3.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_done(&self) -> bool {
        self.task.is_finished()
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        Pin::new(&mut self.task).poll(context).map(|outcome| match outcome {
            Ok(outcome) => outcome,
            Err(end) if end.is_cancelled() => Err(ClusterError::Cancelled.into()),
            Err(panic) => Err(Error::Internal { reason: panic.to_string() }),
        })
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        if self.cancels_on_drop {
            self.task.abort();
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("is_done", &self.is_done()).finish_non_exhaustive()
    }
}

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// More than the steps that tokio lets a future take before it must yield.
const STEPS: usize = 1024;

/// Whether this thread polls a future of tokio, so that it must not block. Only such code has a budget of steps;
/// `spawn_blocking` and `block_in_place` have none. What is left of the budget is used up, so that the future yields
/// soon; it gets an error instead of a result.
fn in_async_code() -> bool {
    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    (0..STEPS).any(|_| pin!(coop::consume_budget()).poll(&mut context).is_pending())
}
