//! A chain of element-wise tasks becomes one task.
//!
//! Each task of a chain reads and writes whole blocks; a fused program goes once over its inputs, in tiles that stay in
//! the cache, and makes no temporary block. It applies the same functions to each element in the same order.

use super::fusion;
use crate::{GraphError, Op, TaskGraph};

/// Fuses element-wise tasks into the element-wise tasks that read them.
pub(super) fn rewrite(graph: &TaskGraph) -> Result<Option<TaskGraph>, GraphError> {
    fusion::fuse_into(graph, |op| match op {
        Op::Map(program) => Some((program, Box::new(Op::Map))),
        _ => None,
    })
}
