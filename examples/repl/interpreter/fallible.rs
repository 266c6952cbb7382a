//! What may fail by its numbers, at the line that begins it: factorisations, solutions, powers of integers, fits.
//!
//! It is handed to the cluster there. Where a `try` is around, the line waits for how it ends, not for its numbers, so
//! that the handler meets the exception. Elsewhere the script goes on, and `watch` keeps the line until the end is known.

use super::Interpreter;
use crate::{
    exception::{Exception, Frame, Trace},
    value::Value,
    watch,
};
use nums_numpy::Estimator;
use ruff_text_size::TextRange;
use std::sync::Arc;

impl Interpreter {
    /// Takes note of a value that was computed at a place.
    pub(super) fn computed(&self, value: Value, at: TextRange) -> Result<Value, Exception> {
        if let (Value::Array(_) | Value::Scalar(_) | Value::Tuple(_), false) =
            (&value, self.plans_only)
            && let Some(pending) = self.numpy.submit(&value.to_numpy()?)?
        {
            watch::array(self.trace(at), pending)?;
        }
        Ok(value)
    }

    /// Takes note of a fit that was begun by the call that is evaluated, and is not waited for.
    pub(crate) fn fit_begun(&mut self, estimator: &Arc<Estimator>) -> Result<(), Exception> {
        self.submission.fit(estimator);
        let trace = self.trace(self.call);
        estimator.begun_at(Arc::new(trace.clone()));
        watch::fit(trace, estimator)
    }

    /// A place in the text that is being run, and the calls that led there.
    pub(crate) fn trace(&self, range: TextRange) -> Trace {
        let (source, function) = (self.source.clone(), self.function.clone());
        let callers = self.callers.iter().rev().cloned();
        std::iter::once(Frame { source, function, range }).chain(callers).collect()
    }
}
