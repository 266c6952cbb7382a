//! The clusters that a program works on: one is current, and is made at first use.

use crate::errors::{class, raised, told};
use nums::{Session, SessionBuilder};
use nums_numpy::{Context, Host, Kind, Place};
use pyo3::{
    exceptions::{PyRuntimeError, PyValueError},
    prelude::*,
    types::PyDict,
};
use std::{
    ffi::CString,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Wake, Waker},
    thread::Thread,
    time::Duration,
};

/// How often a wait looks for Ctrl-C.
const SIGNALS_EVERY: Duration = Duration::from_millis(50);

/// The seed of generators that are made without one.
const SEED: u64 = 0;

/// Waits without the interpreter lock, and warns through `warnings`.
struct Interpreter;

impl Host for Interpreter {
    fn block_on(
        &self,
        mut future: Pin<&mut dyn Future<Output = ()>>,
    ) -> Result<(), nums_numpy::Error> {
        struct Unpark(Thread);
        impl Wake for Unpark {
            fn wake(self: Arc<Unpark>) {
                self.0.unpark();
            }
        }
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut task = std::task::Context::from_waker(&waker);
        Python::attach(|py| {
            while future.as_mut().poll(&mut task).is_pending() {
                py.detach(|| std::thread::park_timeout(SIGNALS_EVERY));
                if let Err(signal) = py.check_signals() {
                    // What was begun is of no use to anybody now.
                    if let Some(current) = &*CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
                    {
                        drop(current.context.session().cancel());
                    }
                    return Err(told(py, signal));
                }
            }
            Ok(())
        })
    }

    fn warn(&self, _: Option<&Place>, kind: Kind, text: &str) {
        Python::attach(|py| {
            let text = CString::new(text.replace('\0', " ")).unwrap_or_default();
            if let Ok(class) = class(py, kind)
                && let Err(refused) = PyErr::warn(py, &class, &text, 2)
            {
                refused.restore(py);
            }
        });
    }
}

/// A cluster to work on, and the process that opened it.
#[pyclass(frozen, module = "nums", name = "Session")]
pub(crate) struct Cluster {
    context: Context,
    process: u32,
}

static CURRENT: Mutex<Option<Arc<Cluster>>> = Mutex::new(None);

#[pymethods]
impl Cluster {
    #[new]
    #[pyo3(signature = (nodes=None, workers=None, memory=None, places=None, block_bytes=None, policy=None))]
    fn new(
        py: Python<'_>,
        nodes: Option<usize>,
        workers: Option<usize>,
        memory: Option<String>,
        places: Option<u32>,
        block_bytes: Option<u64>,
        policy: Option<String>,
    ) -> PyResult<Cluster> {
        let builder = builder(workers, memory, places, block_bytes, policy)?;
        let nodes = nodes.or_else(|| number("NUMS_NODES")).unwrap_or(1);
        opened(py.detach(|| builder.nodes(nodes).embedded()))
    }

    /// The number of nodes.
    #[getter]
    fn nodes(&self) -> usize {
        self.context.session().nodes()
    }

    fn __repr__(&self) -> String {
        format!("nums.Session(nodes={})", self.context.session().nodes())
    }
}

fn opened(session: Result<Session, nums::Error>) -> PyResult<Cluster> {
    let session = session.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    let context = Context::with_host(session, SEED, Arc::new(Interpreter));
    // Around any call may stand a handler that nobody sees from here.
    context.set_waits(true);
    Ok(Cluster { context, process: std::process::id() })
}

/// A setting of the environment.
fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

fn builder(
    workers: Option<usize>,
    memory: Option<String>,
    places: Option<u32>,
    block_bytes: Option<u64>,
    policy: Option<String>,
) -> PyResult<SessionBuilder> {
    let mut builder = Session::builder();
    if let Some(workers) = workers.or_else(|| number("NUMS_WORKERS")) {
        builder = builder.workers(workers);
    }
    if let Some(memory) = memory.or_else(|| std::env::var("NUMS_MEMORY").ok()) {
        builder = builder.memory(memory.as_str());
    }
    if let Some(places) = places.or_else(|| number("NUMS_PLACES")) {
        builder = builder.places(places);
    }
    if let Some(bytes) = block_bytes.or_else(|| number("NUMS_BLOCK_BYTES")) {
        builder = builder.block_bytes_min(bytes).block_bytes_max(bytes);
    }
    if let Some(policy) = &policy {
        let policy: nums::Policy =
            policy.parse().map_err(|error| raised(nums::Error::from(error).into()))?;
        builder = builder.policy(policy);
    }
    Ok(builder)
}

/// The cluster that is current; an embedded one is started where there is none.
///
/// # Errors
/// When none can be started, and in a process that was forked after one was.
pub(crate) fn context(py: Python<'_>) -> PyResult<Context> {
    let found = CURRENT.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let cluster = match found {
        Some(cluster) => cluster,
        None => {
            let cluster = Arc::new(Cluster::new(py, None, None, None, None, None, None)?);
            let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
            current.get_or_insert(cluster).clone()
        }
    };
    if cluster.process != std::process::id() {
        let message = "the session belongs to the parent of this process: call nums.init() here, or start processes with the \
                       method 'spawn'";
        return Err(PyRuntimeError::new_err(message));
    }
    Ok(cluster.context.clone())
}

/// Makes an embedded cluster the current one.
#[pyfunction]
#[pyo3(signature = (nodes=None, workers=None, memory=None, places=None, block_bytes=None, policy=None))]
pub(crate) fn init(
    py: Python<'_>,
    nodes: Option<usize>,
    workers: Option<usize>,
    memory: Option<String>,
    places: Option<u32>,
    block_bytes: Option<u64>,
    policy: Option<String>,
) -> PyResult<()> {
    let cluster = Cluster::new(py, nodes, workers, memory, places, block_bytes, policy)?;
    *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(cluster));
    Ok(())
}

/// Makes the cluster of a ticket the current one.
#[pyfunction]
#[pyo3(signature = (ticket, places=None, block_bytes=None, policy=None))]
pub(crate) fn connect(
    py: Python<'_>,
    ticket: &str,
    places: Option<u32>,
    block_bytes: Option<u64>,
    policy: Option<String>,
) -> PyResult<()> {
    let builder = builder(None, None, places, block_bytes, policy)?;
    let cluster = opened(py.detach(|| builder.connect(ticket.trim())))?;
    *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(cluster));
    Ok(())
}

/// Makes a session the current one, or none; gives the one that was.
#[pyfunction]
#[pyo3(signature = (session=None))]
pub(crate) fn switch(session: Option<&Bound<'_, Cluster>>) -> Option<Cluster> {
    let new = session.map(|session| {
        let session = session.get();
        Arc::new(Cluster { context: session.context.clone(), process: session.process })
    });
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    let former = std::mem::replace(&mut *current, new)?;
    Some(Cluster { context: former.context.clone(), process: former.process })
}

/// The current session.
#[pyfunction]
pub(crate) fn current(py: Python<'_>) -> PyResult<Cluster> {
    Ok(Cluster { context: context(py)?, process: std::process::id() })
}

/// The number of nodes of the current cluster.
#[pyfunction]
pub(crate) fn nodes(py: Python<'_>) -> PyResult<usize> {
    Ok(context(py)?.session().nodes())
}

/// What each node of the current cluster holds and does.
#[pyfunction]
pub(crate) fn status(py: Python<'_>) -> PyResult<Vec<Py<PyDict>>> {
    let context = context(py)?;
    let nodes = context.wait(context.session().status()).map_err(raised)?;
    let told = nodes.into_iter().map(|node| {
        let entry = PyDict::new(py);
        entry.set_item("name", &node.name)?;
        entry.set_item("version", &node.version)?;
        entry.set_item("tasks", node.tasks)?;
        entry.set_item("blocks", node.blocks)?;
        entry.set_item("stored_bytes", node.stored_bytes)?;
        entry.set_item("memory_bytes", node.memory_bytes)?;
        entry.set_item("bytes_in", node.bytes_in)?;
        entry.set_item("bytes_out", node.bytes_out)?;
        Ok(entry.unbind())
    });
    told.collect()
}

/// The plan of an array, as text.
#[pyfunction]
pub(crate) fn explain(
    py: Python<'_>,
    array: &Bound<'_, crate::array::PyArray>,
) -> PyResult<String> {
    let array = array.get().0.read().map_err(raised)?;
    let explained = py.detach(|| array.explain().wait());
    explained.map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Whether errors of values are raised where their results are used, and not where they are begun; gives what was.
#[pyfunction]
pub(crate) fn set_lazy_errors(py: Python<'_>, lazy: bool) -> PyResult<bool> {
    let context = context(py)?;
    let former = !context.waits();
    context.set_waits(!lazy);
    Ok(former)
}
