//! The clusters that a program works on: one is current, and is made at first use.

use crate::errors::{class, raised, told};
use nums::{Session, SessionBuilder};
use nums_numpy::{Context, Host, Kind, Place, block_parked};
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
    time::Duration,
};

/// How often a wait looks for Ctrl-C.
const SIGNALS_EVERY: Duration = Duration::from_millis(50);

/// The seed of generators that are made without one.
const SEED: u64 = 0;

/// Waits without the interpreter lock, and warns through `warnings`.
struct Interpreter {
    session: Session,
}

impl Host for Interpreter {
    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) -> Result<(), nums_numpy::Error> {
        Python::attach(|py| {
            block_parked(future, || {
                py.detach(|| std::thread::park_timeout(SIGNALS_EVERY));
                py.check_signals().map_err(|signal| {
                    // What was begun is of no use to the program now.
                    drop(self.session.cancel());
                    told(py, signal)
                })
            })
        })
    }

    fn warn(&self, _: Option<&Place>, kind: Kind, text: &str) {
        Python::attach(|py| {
            let text = CString::new(text.replace('\0', " ")).unwrap_or_default();
            let warned = class(py, kind).and_then(|class| PyErr::warn(py, &class, &text, 2));
            if let Err(refused) = warned {
                // A filter that makes an exception of a warning; the fit it is about has ended well.
                refused.write_unraisable(py, None);
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
        let nodes = number(nodes, "NUMS_NODES")?.unwrap_or(1);
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
    let host = Arc::new(Interpreter { session: session.clone() });
    let context = Context::with_host(session, SEED, host);
    // Around any call may stand a handler that nobody sees from here.
    context.set_waits(true);
    Ok(Cluster { context, process: std::process::id() })
}

/// A setting: that of the call, or that of the environment.
///
/// # Errors
/// When the environment has something else than a number.
fn number<T: std::str::FromStr>(given: Option<T>, name: &str) -> PyResult<Option<T>> {
    match std::env::var(name) {
        Ok(text) if given.is_none() => text.trim().parse().map(Some).map_err(|_| {
            PyValueError::new_err(format!("expected a number in {name}, got '{text}'"))
        }),
        _ => Ok(given),
    }
}

fn builder(
    workers: Option<usize>,
    memory: Option<String>,
    places: Option<u32>,
    block_bytes: Option<u64>,
    policy: Option<String>,
) -> PyResult<SessionBuilder> {
    let mut builder = Session::builder();
    if let Some(workers) = number(workers, "NUMS_WORKERS")? {
        builder = builder.workers(workers);
    }
    if let Some(memory) = memory.or_else(|| std::env::var("NUMS_MEMORY").ok()) {
        builder = builder.memory(memory.as_str());
    }
    if let Some(places) = number(places, "NUMS_PLACES")? {
        builder = builder.places(places);
    }
    if let Some(bytes) = number(block_bytes, "NUMS_BLOCK_BYTES")? {
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
