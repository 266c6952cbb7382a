//! The WorkerActors of a node: an actix pool of dedicated threads that run kernels.
//!
//! This is the only file that knows actix. Its queue has no bound of its own; the node's state machine bounds the
//! tasks in flight.

use super::blocks::TaskRef;
use super::pool::BufferPool;
use crate::Failure;
use actix::{Actor, Addr, Handler, Message, SyncArbiter, SyncContext, System};
use nums_kernels::{Block, execute};
use nums_lshs::{BlockName, Op};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

/// A task with its inputs.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) task: TaskRef,
    pub(crate) op: Arc<Op>,
    pub(crate) output: BlockName,
    pub(crate) inputs: Vec<Arc<Block>>,
}

/// What became of a task.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) task: TaskRef,
    pub(crate) result: Result<Block, Failure>,
}

/// Threads that run kernels.
pub(crate) trait Workers: Send + Sync {
    /// Queues a task; its result comes through the callback that the pool was started with.
    fn submit(&self, work: Work);
}

/// Starts a pool; `report` is called on the worker's thread with each result, and may block it.
///
/// # Errors
/// When the thread of the actor system cannot be started.
pub(crate) fn start(
    threads: usize,
    pool: Arc<BufferPool>,
    report: impl Fn(Done) + Send + Sync + Clone + 'static,
) -> std::io::Result<impl Workers> {
    let (started, address) = std::sync::mpsc::sync_channel(1);
    system()?.arbiter().spawn(async move {
        let address = SyncArbiter::start(threads, move || WorkerActor {
            pool: pool.clone(),
            report: Box::new(report.clone()),
        });
        let _ = started.send(address);
    });
    address.recv().map_err(std::io::Error::other)
}

/// One worker thread.
struct WorkerActor {
    pool: Arc<BufferPool>,
    report: Box<dyn Fn(Done)>,
}

impl Actor for WorkerActor {
    type Context = SyncContext<Self>;
}

impl Message for Work {
    type Result = ();
}

impl Handler<Work> for WorkerActor {
    type Result = ();

    fn handle(&mut self, work: Work, _: &mut Self::Context) {
        let Work { task, op, output, inputs } = work;
        // An unguarded panic would end this thread for good.
        let run = AssertUnwindSafe(|| execute(&op, inputs, &mut |bytes| self.pool.take(bytes)));
        let result = match catch_unwind(run) {
            Ok(Ok(block)) => Ok(block),
            Ok(Err(error)) => Err(Failure::Kernel { block: output, story: error.to_string() }),
            Err(panic) => {
                let (op, story) = (op.to_string(), panic_message(panic.as_ref()));
                Err(Failure::KernelPanicked { block: output, op, story })
            }
        };
        (self.report)(Done { task, result });
    }
}

impl Workers for Addr<WorkerActor> {
    fn submit(&self, work: Work) {
        self.do_send(work);
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// The actor system of the process: a `SyncArbiter` needs a running one, and one serves all nodes.
fn system() -> std::io::Result<System> {
    static SYSTEM: OnceLock<System> = OnceLock::new();
    if let Some(system) = SYSTEM.get() {
        return Ok(system.clone());
    }
    let (started, handle) = std::sync::mpsc::sync_channel(1);
    std::thread::Builder::new().name("nums-actix".into()).spawn(move || {
        let runner = actix_rt::System::new();
        let _ = started.send(System::current());
        let _ = runner.run();
    })?;
    let system = handle.recv().map_err(std::io::Error::other)?;
    Ok(SYSTEM.get_or_init(|| system).clone())
}
