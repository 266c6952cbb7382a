//! What a statement has begun, for commands that wait for it: `%time` and `%analyze`.
//!
//! When work begins is the library's rule, the same as in Rust: products, factorisations and sorts are submitted when
//! they are called, and the rest waits until it is needed.

use crate::{exception::Exception, value::Value, waiting::wait};
use nums::DistArray;
use nums_numpy::Estimator;
use std::sync::Arc;

/// The arrays that the running statement has named.
#[derive(Default)]
pub(crate) struct Submission {
    named: Vec<DistArray>,
    /// What was submitted since somebody asked to follow it.
    followed: Option<Followed>,
}

/// What somebody follows until it is done.
#[derive(Default)]
pub(crate) struct Followed {
    arrays: Vec<DistArray>,
    fits: Vec<Arc<Estimator>>,
}

impl Followed {
    /// Waits for all of it.
    pub(crate) fn finish(self) -> Result<(), Exception> {
        for array in self.arrays {
            wait(array.eval())?;
        }
        for fit in self.fits {
            fit.settle()?;
        }
        Ok(())
    }
}

impl Submission {
    /// A name stands for this value now, or a container holds it.
    pub(crate) fn note(&mut self, value: &Value) {
        if self.followed.is_some() {
            self.note_nested(value, 0);
        }
    }

    fn note_nested(&mut self, value: &Value, depth: usize) {
        // A list may hold itself.
        const DEPTH_MAX: usize = 4;
        match value {
            _ if depth > DEPTH_MAX => {}
            Value::Array(array) => self.named.extend(array.to_follow()),
            Value::Scalar(scalar) => self.named.extend(scalar.in_the_cluster().cloned()),
            Value::Tuple(items) => {
                items.iter().for_each(|item| self.note_nested(item, depth + 1));
            }
            Value::List(items) => {
                items.borrow().iter().for_each(|item| self.note_nested(item, depth + 1));
            }
            _ => {}
        }
    }

    /// The arrays that the statement has named are followed, if somebody follows.
    pub(crate) fn end_of_statement(&mut self) {
        let named = std::mem::take(&mut self.named);
        if let Some(followed) = &mut self.followed {
            followed.arrays.extend(named);
        }
    }

    /// A fit was begun.
    pub(crate) fn fit(&mut self, estimator: &Arc<Estimator>) {
        if let Some(followed) = &mut self.followed {
            followed.fits.push(estimator.clone());
        }
    }

    /// Remembers what is submitted from now on.
    pub(crate) fn follow(&mut self) {
        self.followed = Some(Followed::default());
    }

    /// What was submitted since, which is forgotten.
    pub(crate) fn followed(&mut self) -> Followed {
        self.followed.take().unwrap_or_default()
    }
}
