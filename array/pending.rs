//! Pending results.

use crate::Error;
use crate::session::SessionInner;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

type Outcome<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// A result of submitted work: [`wait`](Pending::wait) for it, or `.await` it.
///
/// The work is submitted before the `Pending` is returned. Dropping the `Pending` does not cancel the work.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// let total = session.arange(0.0, 10.0, 1.0)?.sum().fetch::<f64>();
/// assert_eq!(total.wait()?[[]], 45.0);
/// # Ok(())
/// # }
/// ```
#[must_use = "the result is lost unless it is waited for"]
pub struct Pending<T> {
    outcome: Outcome<T>,
    runtime: Handle,
}

impl<T> Pending<T> {
    pub(crate) fn new(
        runtime: &Handle,
        outcome: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Pending<T> {
        Pending { outcome: Box::pin(outcome), runtime: runtime.clone() }
    }

    /// Starts a control loop at once on the threads of the session. It runs even if no caller waits for it.
    pub(crate) fn begin(
        session: &Arc<SessionInner>,
        control: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Pending<T>
    where
        T: Send + 'static,
    {
        Pending::of_task(session, session.runtime().spawn(control))
    }

    /// Starts work that blocks a thread, such as reading a file, at once on a separate thread.
    pub(crate) fn begin_blocking(
        session: &Arc<SessionInner>,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Pending<T>
    where
        T: Send + 'static,
    {
        Pending::of_task(session, session.runtime().spawn_blocking(work))
    }

    fn of_task(session: &Arc<SessionInner>, task: JoinHandle<Result<T, Error>>) -> Pending<T>
    where
        T: Send + 'static,
    {
        Pending::new(session.runtime(), async move {
            task.await.unwrap_or_else(|panic| Err(Error::Internal { reason: panic.to_string() }))
        })
    }

    /// Blocks until the result is available.
    ///
    /// # Errors
    /// Errors of the work, and [`Error::WaitInRuntime`] on a thread of an async runtime.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let sum = session.ones(&[1000])?.sum().fetch::<f64>();
    /// // The program can do other work here while the sum is computed.
    /// assert_eq!(sum.wait()?[[]], 1000.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(self) -> Result<T, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::WaitInRuntime);
        }
        self.runtime.block_on(self.outcome)
    }
}

impl<T> IntoFuture for Pending<T> {
    type Output = Result<T, Error>;
    type IntoFuture = Outcome<T>;

    fn into_future(self) -> Outcome<T> {
        self.outcome
    }
}
