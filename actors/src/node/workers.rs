//! The WorkerActors of a node: an actix pool of dedicated threads that run kernels.
//!
//! This is the only file that knows actix. Each worker is told once to serve a queue that they share: a message of its
//! own for all tasks would wake the pool's arbiter, which wakes a worker. The queue has no bound; the node's state
//! machine bounds the tasks in flight. A large kernel invites the workers that have nothing to do to work on its parts
//! (`crew.rs`).

use super::blocks::TaskRef;
use super::crew::{Idle, Shared};
#[cfg(test)]
use super::planted::execute_with;
use super::ready::{BATCH_WEIGHT, SMALL_WEIGHT};
use crate::Failure;
use crate::pool::BufferPool;
use actix::{Actor, Handler, Message, SyncArbiter, SyncContext, System};
use crossbeam_channel::{Receiver, Sender};
#[cfg(not(test))]
use nums_kernels::execute_with;
use nums_kernels::{Block, Buffer, Crew, execute};
use nums_lshs::{BlockName, BlockSpec, DType, Op, Shape};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// The order of a product that is not computed in registers alone.
const SMALL_PRODUCT_ORDER: usize = 48;

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
    /// The blocks that it gives, at least one.
    pub(crate) result: Result<Vec<Block>, Failure>,
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

    /// Submits the tasks that are left, unless they are done before a worker would wake: then they are given back.
    pub(crate) fn finish(mut self, workers: &dyn Workers) -> Vec<Work> {
        // What an opaque task takes is not known.
        let known = |work: &Work| !matches!(*work.op, Op::Opaque { .. });
        if self.weight <= SMALL_WEIGHT && self.tasks.iter().all(known) {
            return self.tasks;
        }
        self.submit(workers);
        Vec::new()
    }

    fn submit(&mut self, workers: &dyn Workers) {
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
    // The node limits the tasks in this queue by `weight_in_flight_max`, and idle workers limit the invitations. A capacity
    // of its own could block a worker that invites others while all of them do the same.
    let (jobs, queue) = crossbeam_channel::unbounded();
    let (started, waiting) = std::sync::mpsc::sync_channel(1);
    let (idle, invitations) = (Arc::new(Idle::new(threads)), jobs.clone());
    system()?.arbiter().spawn(async move {
        let workers = SyncArbiter::start(threads, move || WorkerActor {
            pool: pool.clone(),
            crew: Colleagues { idle: idle.clone(), jobs: invitations.clone() },
            report: Box::new(report.clone()),
        });
        (0..threads).for_each(|_| workers.do_send(Serve(queue.clone())));
        let _ = started.send(());
    });
    waiting.recv().map_err(std::io::Error::other)?;
    Ok(Pool { threads, jobs })
}

/// The node's end of the queue.
struct Pool {
    threads: usize,
    jobs: Sender<Job>,
}

/// What a worker does next.
enum Job {
    Tasks(Vec<Work>),
    /// An invitation to work on the parts of a kernel that runs on another worker. The sender has counted one idle
    /// worker as taken for it.
    Help(Arc<Shared>),
    /// There is no node any more. A closed queue would not tell, since workers can send too.
    End,
}

impl Workers for Pool {
    fn submit(&self, tasks: Vec<Work>) {
        let _ = self.jobs.send(Job::Tasks(tasks));
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        (0..self.threads).for_each(|_| drop(self.jobs.send(Job::End)));
    }
}

/// One worker thread.
struct WorkerActor {
    pool: Arc<BufferPool>,
    crew: Colleagues,
    report: Box<dyn Fn(Vec<Done>)>,
}

impl Actor for WorkerActor {
    type Context = SyncContext<Self>;
}

/// The message to a worker: to do what is in the queue, until it is told to end.
struct Serve(Receiver<Job>);

impl Message for Serve {
    type Result = ();
}

impl Handler<Serve> for WorkerActor {
    type Result = ();

    fn handle(&mut self, Serve(jobs): Serve, _: &mut Self::Context) {
        take_what_a_thread_keeps();
        let idle = &self.crew.idle;
        for job in jobs {
            match job {
                Job::Tasks(tasks) => {
                    idle.take_up_work();
                    let done = run(tasks, &self.crew, &self.pool);
                    idle.lay_down_work();
                    (self.report)(done);
                }
                Job::Help(shared) => {
                    shared.help();
                    idle.lay_down_work();
                }
                Job::End => return,
            }
        }
    }
}

/// Runs a product that is just large enough for the library under it to take the memory that it keeps for each thread, as
/// much as the largest cache. Here, when a node starts, there is memory; where there is none the library ends the process,
/// which a task later on could not prevent.
fn take_what_a_thread_keeps() {
    let product = Op::MatMul { transpose_left: false, transpose_right: false, accumulate: false };
    let square = || {
        let shape = Shape::new([SMALL_PRODUCT_ORDER; 2]).ok()?;
        let spec = BlockSpec::new(DType::Float64, shape);
        Block::new(spec, &mut Buffer::zeroed).ok().map(Arc::new)
    };
    if let (Some(left), Some(right)) = (square(), square()) {
        drop(execute(&product, vec![left, right], &mut Buffer::zeroed));
    }
}

/// The worker and those of the node that have nothing to do.
struct Colleagues {
    idle: Arc<Idle>,
    jobs: Sender<Job>,
}

impl Crew for Colleagues {
    fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        super::crew::run(parts, work, |shared| {
            let invited = self.idle.take(parts.saturating_sub(1));
            (0..invited).for_each(|_| drop(self.jobs.send(Job::Help(shared.clone()))));
        });
    }
}

/// Runs tasks one after the other on the calling thread, and what a kernel shares on the crew too.
pub(crate) fn run(tasks: Vec<Work>, crew: &dyn Crew, pool: &Arc<BufferPool>) -> Vec<Done> {
    let begun = Instant::now();
    let mut done: Vec<Done> = tasks.into_iter().map(|work| run_one(work, crew, pool)).collect();
    let took = begun.elapsed();
    done.iter_mut().for_each(|done| done.took = took);
    done
}

fn run_one(work: Work, crew: &dyn Crew, pool: &Arc<BufferPool>) -> Done {
    let Work { task, weight, op, output, inputs } = work;
    // An unguarded panic would end this thread for good.
    let run = AssertUnwindSafe(|| execute_with(&op, inputs, crew, &mut |bytes| pool.take(bytes)));
    let result = match catch_unwind(run) {
        Ok(Ok(blocks)) => Ok(blocks),
        Ok(Err(error)) => Err(Failure::Kernel { block: output, op: op.to_string(), error }),
        Err(panic) => {
            let (op, reason) = (op.to_string(), panic_message(panic.as_ref()));
            Err(Failure::KernelPanicked { block: output, op, reason })
        }
    };
    Done { task, weight, took: Duration::ZERO, result }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::ready::weight;
    use crate::{JobId, PlanId};
    use nums_lshs::{ArrayId, BinaryOp, DType, Program};
    use std::sync::Mutex;

    /// Counts the tasks of each message.
    #[derive(Default)]
    struct Counting(Mutex<Vec<usize>>);

    impl Workers for Counting {
        fn submit(&self, tasks: Vec<Work>) {
            self.0.lock().unwrap().push(tasks.len());
        }
    }

    fn work(op: Op, bytes: u64) -> Work {
        let task = TaskRef { plan: PlanId(1), job: JobId(1), task: 0 };
        let output = BlockName { array: ArrayId(0), index: 0 };
        Work { task, weight: weight(bytes, 0), op: Arc::new(op), output, inputs: Vec::new() }
    }

    /// The lengths of the messages for some tasks, and how many tasks are given back.
    fn sent(tasks: Vec<Work>) -> (Vec<usize>, usize) {
        let (workers, mut batch) = (Counting::default(), Batch::default());
        tasks.into_iter().for_each(|task| batch.push(task, &workers));
        let left = batch.finish(&workers).len();
        (workers.0.into_inner().unwrap(), left)
    }

    #[test]
    fn only_tasks_that_are_small_together_are_given_back() {
        let add = || Op::Map(Program::binary(BinaryOp::Add, DType::Float64));
        let adds = |count, bytes| (0..count).map(|_| work(add(), bytes)).collect::<Vec<_>>();
        assert_eq!(sent(Vec::new()), (vec![], 0));
        assert_eq!(sent(adds(3, SMALL_WEIGHT / 3)), (vec![], 3));
        assert_eq!(sent(adds(2, SMALL_WEIGHT)), (vec![2], 0));
        // The large one does not wait for those before it.
        let mixed = adds(1, 1000).into_iter().chain(adds(1, u64::MAX)).chain(adds(1, 1000));
        assert_eq!(sent(mixed.collect()), (vec![1, 1], 1));
    }

    #[test]
    fn a_task_of_unknown_cost_goes_to_a_worker() {
        let opaque = Op::Opaque { kind: "sleep".into(), flops: 1, output_bytes: vec![8] };
        assert_eq!(sent(vec![work(opaque, 8)]), (vec![1], 0));
    }
}
