//! Handing work to the cluster as the script goes on: what makes independent statements overlap.
//!
//! When a statement has given a name to an array that had to be computed, the array is submitted
//! and the script goes on without it. So two loop bodies, or two fits, are in the cluster at the
//! same time, and only a value that is looked at is waited for. An array that is only made, such as
//! `np.zeros(n)`, stays unmade until something reads it.

use crate::value::Value;
use nums::DistArray;

/// The arrays that the running statement has named.
#[derive(Default)]
pub(crate) struct Submission {
    named: Vec<DistArray>,
    /// What was submitted since somebody asked to follow it.
    followed: Option<Vec<DistArray>>,
}

impl Submission {
    /// A name stands for this value now.
    pub(crate) fn note(&mut self, value: &Value) {
        match value {
            Value::Array(array) => self.named.extend(array.to_submit()),
            Value::Scalar(scalar) => self.named.extend(scalar.in_the_cluster().cloned()),
            Value::Tuple(items) => items.iter().for_each(|item| self.note(item)),
            _ => {}
        }
    }

    /// Submits what was named; errors are told to whoever reads the arrays.
    pub(crate) fn end_of_statement(&mut self) {
        for array in self.named.drain(..) {
            drop(array.eval());
            if let Some(followed) = &mut self.followed {
                followed.push(array);
            }
        }
    }

    /// Remembers what is submitted from now on.
    pub(crate) fn follow(&mut self) {
        self.followed = Some(Vec::new());
    }

    /// What was submitted since, which is forgotten.
    pub(crate) fn followed(&mut self) -> Vec<DistArray> {
        self.followed.take().unwrap_or_default()
    }
}
