//! What may fail by its numbers, at the line that begins it: factorisations, solutions, powers of integers, fits.
//!
//! It is handed to the cluster there. Where a `try` is around, the line waits for how it ends, not for its numbers, so
//! that the handler meets the exception. Elsewhere the script goes on, and `watch` keeps the line until the end is known.

use super::Interpreter;
use crate::{
    exception::{Exception, Frame, Trace},
    library::Estimator,
    value::Value,
    waiting::wait,
    watch,
};
use nums::DistArray;
use ruff_text_size::TextRange;
use std::rc::Rc;

impl Interpreter {
    /// Takes note of a value that was computed at a place.
    pub(super) fn computed(&self, value: Value, at: TextRange) -> Result<Value, Exception> {
        let mut fallible = Vec::new();
        collect(&value, &mut fallible)?;
        if fallible.is_empty() || self.plans_only {
            return Ok(value);
        }
        let pending = self.session.eval(&fallible.iter().collect::<Vec<_>>());
        if self.tries > 0 {
            wait(pending).map_err(|error| error.at(at))?;
        } else {
            watch::array(self.trace(at), pending)?;
        }
        Ok(value)
    }

    /// Takes note of a fit that was begun by the call that is evaluated.
    pub(crate) fn fit_begun(&mut self, estimator: &Rc<Estimator>) -> Result<(), Exception> {
        self.submission.fit(estimator);
        if self.tries > 0 {
            return estimator.settle();
        }
        let trace = self.trace(self.call);
        estimator.begun_at(trace.clone());
        watch::fit(trace, estimator)
    }

    /// A place in the text that is being run, and the calls that led there.
    fn trace(&self, range: TextRange) -> Trace {
        let (source, function) = (self.source.clone(), self.function.clone());
        let callers = self.callers.iter().rev().cloned();
        std::iter::once(Frame { source, function, range }).chain(callers).collect()
    }
}

/// The arrays of a result that may fail and were not submitted yet.
fn collect(value: &Value, fallible: &mut Vec<DistArray>) -> Result<(), Exception> {
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
