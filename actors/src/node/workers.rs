//! The WorkerActors of a node: an actix pool of dedicated threads that run kernels.
//!
//! This is the only file that knows actix. Its queue has no bound of its own; the node's state machine bounds the
//! tasks in flight. A large kernel invites the workers that have nothing to do to work on its parts (`crew.rs`).

use super::blocks::TaskRef;
use super::crew::{Idle, Shared};
#[cfg(test)]
use super::planted::execute_with;
use super::ready::BATCH_WEIGHT;
use crate::Failure;
use crate::pool::BufferPool;
use actix::{Actor, Addr, Handler, Message, SyncArbiter, SyncContext, System};
#[cfg(not(test))]
use nums_kernels::execute_with;
use nums_kernels::{Block, Crew};
use nums_lshs::{BlockName, Op};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// A task with its inputs.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) task: TaskRef,
    pub(crate) weight: u64,
    pub(crate) op: Arc<Op>,
    pub(crate) output: BlockName,
    pub(crate) inputs: Vec<Arc<Block>>,
}

/// What became of a task.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) task: TaskRef,
    pub(crate) weight: u64,
    /// How long the worker was at the tasks that came back together with this one.
    pub(crate) took: Duration,
    pub(crate) result: Result<Block, Failure>,
}

/// Tasks that go to one worker together, and come back together: a message costs more than a tiny task.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    tasks: Vec<Work>,
    weight: u64,
}

impl Batch {
    /// Adds a task, and submits the tasks so far when they fill a message. A task that fills one by itself holds nothing
    /// else up.
    pub(crate) fn push(&mut self, work: Work, workers: &dyn Workers) {
        if work.weight >= BATCH_WEIGHT {
            self.submit(workers);
        }
        self.weight += work.weight;
        self.tasks.push(work);
        if self.weight >= BATCH_WEIGHT {
            self.submit(workers);
        }
    }

    /// Submits the tasks so far, if there are any.
    pub(crate) fn submit(&mut self, workers: &dyn Workers) {
        let Batch { tasks, .. } = std::mem::take(self);
        if !tasks.is_empty() {
            workers.submit(tasks);
        }
    }
}

/// Threads that run kernels.
pub(crate) trait Workers: Send + Sync {
    /// Queues tasks for one worker; their results come together through the callback that the pool was started with.
    fn submit(&self, tasks: Vec<Work>);
}

/// Starts a pool; `report` is called on the worker's thread with the results of each batch, and may block it.
///
/// # Errors
/// When the thread of the actor system cannot be started.
pub(crate) fn start(
    threads: usize,
    pool: Arc<BufferPool>,
    report: impl Fn(Vec<Done>) + Send + Sync + Clone + 'static,
) -> std::io::Result<impl Workers> {
    let (started, address) = std::sync::mpsc::sync_channel(1);
    let idle = Arc::new(Idle::new(threads));
    system()?.arbiter().spawn(async move {
        let address = SyncArbiter::start(threads, move || WorkerActor {
            pool: pool.clone(),
            idle: idle.clone(),
            report: Box::new(report.clone()),
        });
        let _ = started.send(address);
    });
    address.recv().map_err(std::io::Error::other)
}

/// One worker thread.
struct WorkerActor {
    pool: Arc<BufferPool>,
    idle: Arc<Idle>,
    report: Box<dyn Fn(Vec<Done>)>,
}

impl Actor for WorkerActor {
    type Context = SyncContext<Self>;
}

/// The message to a worker.
struct Tasks(Vec<Work>);

impl Message for Tasks {
    type Result = ();
}

impl Handler<Tasks> for WorkerActor {
    type Result = ();

    fn handle(&mut self, Tasks(tasks): Tasks, context: &mut Self::Context) {
        self.idle.take_up_work();
        let crew = Colleagues { idle: &self.idle, address: context.address() };
        let begun = Instant::now();
        let mut done: Vec<Done> = tasks.into_iter().map(|work| self.run(work, &crew)).collect();
        let took = begun.elapsed();
        done.iter_mut().for_each(|done| done.took = took);
        self.idle.lay_down_work();
        (self.report)(done);
    }
}

/// An invitation to work on the parts of a kernel that runs on another worker. The sender has counted one idle worker
/// as taken for it.
struct Help(Arc<Shared>);

impl Message for Help {
    type Result = ();
}

impl Handler<Help> for WorkerActor {
    type Result = ();

    fn handle(&mut self, Help(shared): Help, _: &mut Self::Context) {
        shared.help();
        self.idle.lay_down_work();
    }
}

/// The worker and those of the node that have nothing to do.
struct Colleagues<'a> {
    idle: &'a Idle,
    address: Addr<WorkerActor>,
}

impl Crew for Colleagues<'_> {
    fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        super::crew::run(parts, work, |shared| {
            let invited = self.idle.take(parts.saturating_sub(1));
            (0..invited).for_each(|_| self.address.do_send(Help(shared.clone())));
        });
    }
}

impl WorkerActor {
    fn run(&self, Work { task, weight, op, output, inputs }: Work, crew: &dyn Crew) -> Done {
        // An unguarded panic would end this thread for good.
        let run = AssertUnwindSafe(|| {
            execute_with(&op, inputs, crew, &mut |bytes| self.pool.take(bytes))
        });
        let result = match catch_unwind(run) {
            Ok(Ok(block)) => Ok(block),
            Ok(Err(error)) => Err(Failure::Kernel { block: output, story: error.to_string() }),
            Err(panic) => {
                let (op, story) = (op.to_string(), panic_message(panic.as_ref()));
                Err(Failure::KernelPanicked { block: output, op, story })
            }
        };
        Done { task, weight, took: Duration::ZERO, result }
    }
}

impl Workers for Addr<WorkerActor> {
    fn submit(&self, tasks: Vec<Work>) {
        self.do_send(Tasks(tasks));
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
