//! Waiting for the cluster: Ctrl-C ends it, and what takes long shows how far it is.

use crate::exception::{Exception, Kind};
use nums::Pending;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// Whether Ctrl-C was pressed since the last statement began.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Raises `KeyboardInterrupt` when Ctrl-C was pressed.
pub(crate) fn check_interrupt() -> Result<(), Exception> {
    if INTERRUPTED.swap(false, SeqCst) {
        return Err(Exception::bare(Kind::KeyboardInterrupt));
    }
    Ok(())
}

/// Waits for a result.
pub(crate) fn wait<T>(pending: Pending<T>) -> Result<T, Exception> {
    check_interrupt()?;
    Ok(pending.wait()?)
}
