//! What the functions of NumPy work in: a session, how arrays are printed, and the language around.

use crate::{
    array::Array,
    error::{Error, Place},
    format::Options,
    kind::Kind,
    library::Estimator,
    scalar::Scalar,
    value::Value,
};
use nums::{DistArray, Pending, Session};
use std::{
    future::{Future, IntoFuture},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Wake, Waker},
    thread::Thread,
};

/// What the language around NumPy does for it.
pub trait Host: Send + Sync {
    /// Runs a future to its end on this thread.
    ///
    /// # Errors
    /// What ends the wait before: an interrupt of the user.
    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) -> Result<(), Error>;

    /// Warns: of work that was begun at a place, or, without one, of what runs now.
    fn warn(&self, place: Option<&Place>, kind: Kind, text: &str);
}

/// A host that waits on its thread and warns on standard error.
#[derive(Debug)]
pub struct Plain;

impl Host for Plain {
    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) -> Result<(), Error> {
        block_parked(future, || {
            std::thread::park();
            Ok(())
        })
    }

    fn warn(&self, _: Option<&Place>, kind: Kind, text: &str) {
        eprintln!("{}: {text}", kind.short_name());
    }
}

/// Runs a future to its end on this thread; `park` waits until the thread is unparked, or for less long.
///
/// # Errors
/// What `park` returns: it ends the wait.
pub fn block_parked(
    mut future: Pin<&mut dyn Future<Output = ()>>,
    mut park: impl FnMut() -> Result<(), Error>,
) -> Result<(), Error> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Unpark>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut task = std::task::Context::from_waker(&waker);
    while future.as_mut().poll(&mut task).is_pending() {
        park()?;
    }
    Ok(())
}

/// A lock whose data stays usable after a panic elsewhere: each change under it is one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the functions of NumPy work in. Clones share it, and every array and scalar knows the one that it was made in.
///
/// ```
/// use nums_numpy::{Context, Style, Value, call, text};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let context = Context::new(nums::Session::embedded(1)?);
/// let list = Value::list(vec![Value::Int(3), Value::Float(0.5)]);
/// let array = call(&context, "numpy", "array", vec![list], Vec::new())?;
/// assert_eq!(text(&array, Style::Repr)?, "array([3. , 0.5])");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Context(Arc<State>);

struct State {
    session: Session,
    /// The seed of generators that are made without one.
    seed: u64,
    options: Mutex<Options>,
    host: Arc<dyn Host>,
    waits: AtomicBool,
    /// Fits that were begun and that nobody watches.
    begun: Mutex<Vec<Arc<Estimator>>>,
}

impl Context {
    /// Works in a session, in a program without a language of its own.
    pub fn new(session: Session) -> Context {
        Context::with_host(session, 0, Arc::new(Plain))
    }

    /// Works in a session; the language around waits and warns. The seed is that of what is drawn without one.
    pub fn with_host(session: Session, seed: u64, host: Arc<dyn Host>) -> Context {
        Context(Arc::new(State {
            session,
            seed,
            options: Mutex::default(),
            host,
            waits: AtomicBool::new(false),
            begun: Mutex::default(),
        }))
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.0.session
    }

    /// The seed of what is drawn without one.
    pub(crate) fn seed(&self) -> u64 {
        self.0.seed
    }

    /// How arrays are printed.
    pub fn options(&self) -> Options {
        *lock(&self.0.options)
    }

    /// Prints arrays in another way from now on.
    pub fn set_options(&self, options: Options) {
        *lock(&self.0.options) = options;
    }

    /// Whether what can fail by its numbers is waited for where it is begun: where a handler is around.
    pub fn waits(&self) -> bool {
        self.0.waits.load(Relaxed)
    }

    /// Waits, or not, from now on for what can fail by its numbers, where it is begun.
    pub fn set_waits(&self, waits: bool) {
        self.0.waits.store(waits, Relaxed);
    }

    /// Waits for a result.
    ///
    /// # Errors
    /// What went wrong in the cluster, and what ends the wait.
    pub fn wait<T>(&self, pending: Pending<T>) -> Result<T, Error> {
        let mut outcome = None;
        {
            let awaited = pin!(async { outcome = Some(pending.into_future().await) });
            self.0.host.block_on(awaited)?;
        }
        match outcome {
            Some(outcome) => Ok(outcome?),
            None => Err(Error::new(Kind::Runtime, "the wait for a result ended before it")),
        }
    }

    pub(crate) fn warn(&self, place: Option<&Place>, kind: Kind, text: &str) {
        self.0.host.warn(place, kind, text);
    }

    /// Submits what of a result can fail by its numbers. It waits for how that ends where the context waits; elsewhere
    /// the caller may watch what is given.
    ///
    /// # Errors
    /// What has failed.
    pub fn submit(&self, value: &Value) -> Result<Option<Pending<()>>, Error> {
        let mut fallible = Vec::new();
        collect(value, &mut fallible)?;
        if fallible.is_empty() {
            return Ok(None);
        }
        let pending = self.0.session.eval(&fallible.iter().collect::<Vec<_>>());
        if !self.waits() {
            return Ok(Some(pending));
        }
        self.wait(pending)?;
        Ok(None)
    }

    /// A fit was begun: it is waited for here, or left to whoever watches.
    pub(crate) fn begun(&self, estimator: &Arc<Estimator>) -> Result<(), Error> {
        if self.waits() {
            return estimator.settle();
        }
        lock(&self.0.begun).push(estimator.clone());
        Ok(())
    }

    /// The fits that were begun since somebody asked.
    pub fn take_begun(&self) -> Vec<Arc<Estimator>> {
        std::mem::take(&mut *lock(&self.0.begun))
    }

    /// A new array that shares with no other.
    pub fn array(&self, array: DistArray) -> Array {
        Array::new(self, array)
    }

    /// An array that is only made, and stays unmade until something reads it: nobody waits for it.
    pub(crate) fn made(&self, array: DistArray) -> Array {
        let array = self.array(array);
        array.to_follow();
        array
    }

    /// The one element of an array without axes.
    pub(crate) fn lazy(&self, array: DistArray) -> Scalar {
        Scalar::lazy(self, array)
    }

    /// What arithmetic gives: a new array, or a scalar when no axis is left.
    pub(crate) fn computed(&self, array: DistArray) -> Value {
        if array.ndim() == 0 {
            Value::Scalar(self.lazy(array))
        } else {
            Value::Array(self.array(array))
        }
    }
}

/// The arrays of a result that may fail and were not submitted yet.
fn collect(value: &Value, fallible: &mut Vec<DistArray>) -> Result<(), Error> {
    match value {
        Value::Array(array) => fallible.extend(Some(array.read()?).filter(DistArray::may_fail)),
        Value::Scalar(scalar) => {
            fallible.extend(scalar.in_the_cluster().filter(|array| array.may_fail()).cloned());
        }
        Value::Tuple(items) => items.iter().try_for_each(|item| collect(item, fallible))?,
        _ => {}
    }
    Ok(())
}
