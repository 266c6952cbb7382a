//! Plans as text, as a tree, as Graphviz dot, and as a drawing that shows which node holds which block.
//!
//! All forms are stable: the same plan gives the same text. They contain no clock times.

mod dot;
mod graphs;
mod layout;
mod moves;
mod text;
mod tree;
mod trees;

pub use graphs::{explain_graph, explain_rewrites};
pub use layout::draw_layout;

/// Bytes with a binary unit, exact below 10 KiB.
///
/// ```
/// assert_eq!(nums_lshs::readable_bytes(1000), "1000 B");
/// assert_eq!(nums_lshs::readable_bytes(3 << 29), "1.5 GiB");
/// ```
pub fn readable_bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if bytes < 10 << 10 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}
