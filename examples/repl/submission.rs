//! Handing work to the cluster as the script goes on: what makes independent statements overlap.
//!
//! When a statement has given a name to an array that had to be computed, the array is submitted
//! and the script goes on without it. So two loop bodies, or two fits, are in the cluster at the
//! same time, and only a value that is looked at is waited for. An array that is only made, such as
//! `np.zeros(n)`, stays unmade until something reads it.

use crate::value::Value;
use nums::DistArray;

/// How many arrays a script has named since something was last submitted.
#[derive(Default)]
pub(crate) struct Submission {
    named: Vec<DistArray>,
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
        }
    }
}
