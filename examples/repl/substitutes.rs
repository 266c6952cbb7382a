//! What Python has and the prompt does not, and what to write instead.

use crate::exception::Exception;

/// A builtin, and what does the same.
const SUBSTITUTES: &[(&str, &str)] = &[
    ("bytes", "a string"),
    ("complex", "two floats"),
    ("eval", "a function"),
    ("exec", "a function"),
    ("frozenset", "a tuple"),
    ("input", "a name that is given its value"),
    ("open", "np.load, np.save or nums.read_csv"),
];

/// The exception for a builtin that is missing on purpose.
pub(crate) fn missing(name: &str) -> Option<Exception> {
    let (name, instead) = SUBSTITUTES.iter().find(|entry| entry.0 == name)?;
    Some(Exception::unsupported(format!("{name} (use {instead}) is")))
}
