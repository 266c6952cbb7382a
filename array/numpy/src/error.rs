//! What went wrong: a kind by Python's name, and NumPy's words.

use crate::kind::Kind;
use std::{any::Any, fmt, sync::Arc};

/// A place in the caller's program, which only the caller reads.
pub type Place = Arc<dyn Any + Send + Sync>;

/// What went wrong: the caller raises the class of the kind with the message.
#[derive(Clone, Debug)]
pub struct Error {
    /// The class to raise.
    pub kind: Kind,
    /// NumPy's words where it has some.
    pub message: String,
    /// What else a user may read, behind the message: the name that may have been meant.
    pub hint: Option<String>,
    /// The error of the library that it tells of.
    pub cause: Option<Arc<nums::Error>>,
    /// Where the work was begun that has failed, as the caller named it.
    pub place: Option<Place>,
}

impl Error {
    /// An error with a message.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), hint: None, cause: None, place: None }
    }

    /// A part of NumPy that there is not; the text ends in `is` or `are`.
    pub fn unsupported(what: impl fmt::Display) -> Error {
        Error::new(Kind::NotImplemented, format!("{what} not supported"))
    }

    /// Adds what else the user should know.
    #[must_use]
    pub fn hint(mut self, hint: Option<String>) -> Error {
        self.hint = hint;
        self
    }

    /// Keeps the error of the library that it tells of.
    pub(crate) fn caused_by(mut self, error: nums::Error) -> Error {
        self.cause = Some(Arc::new(error));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// The known name that is nearest to one that is not, when one is near: for `Did you mean`.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let bound = (name.chars().count() / 3).max(1);
    let candidates = known.filter(|known| !known.starts_with('_') && *known != name);
    let distances = candidates.map(|known| (distance(name, known), known));
    let near = distances.filter(|(distance, _)| *distance <= bound);
    near.min().map(|(_, known)| format!("Did you mean: '{known}'?"))
}

/// Letters to insert, remove, replace or swap with a neighbour (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            let swapped =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if swapped {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_suggested_only_when_it_is_near() {
        let known = ["arange", "zeros", "linspace", "_hidden"];
        let near = |name: &str| nearest(name, known.into_iter());
        assert_eq!(near("arnage").as_deref(), Some("Did you mean: 'arange'?"));
        assert_eq!(near("zeroes").as_deref(), Some("Did you mean: 'zeros'?"));
        assert_eq!(near("hidden"), None);
        assert_eq!(near("matmul"), None);
    }
}
