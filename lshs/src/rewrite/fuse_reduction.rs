//! A reduction computes what it reduces.
//!
//! The element-wise task before a reduction writes a block that is read once and thrown away. A reduction with a program
//! of its own needs no such block; it combines the same elements in the same order.

use super::fusion;
use crate::{GraphError, Op, TaskGraph};

/// Fuses element-wise tasks into the reductions that read them.
pub(super) fn rewrite(graph: &TaskGraph) -> Result<Option<TaskGraph>, GraphError> {
    fusion::fuse_into(graph, |op| match op {
        Op::Reduce { program, kind, axes } => {
            let (kind, axes) = (kind.clone(), axes.clone());
            let reduce =
                move |program| Op::Reduce { program, kind: kind.clone(), axes: axes.clone() };
            Some((program, Box::new(reduce)))
        }
        _ => None,
    })
}
