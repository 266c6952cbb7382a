//! Warnings as Python prints them: where, of which class, and what, on standard error; once for a place and a text.

use crate::exception::Kind;
use std::{cell::RefCell, collections::HashSet};

thread_local! {
    static TOLD: RefCell<HashSet<String>> = RefCell::default();
}

/// Warns at a place, `file:line`.
pub(crate) fn warn(place: &str, class: Kind, text: &str) {
    let name = class.name();
    let name = name.rsplit_once('.').map_or(name, |(_, last)| last);
    let line = format!("{place}: {name}: {text}");
    if TOLD.with_borrow_mut(|told| told.insert(line.clone())) {
        eprintln!("{line}");
    }
}
