//! Lowering of expressions to task graphs: nodes that are submitted or explained together become one graph.

use crate::Error;
use crate::expression::Expression;
use nums_lshs::array_op::{BlockArray, Builder};
use nums_lshs::{ArrayId, TaskGraph};
use std::collections::HashMap;
use std::sync::Arc;

/// A graph, and the nodes that it computes.
pub(crate) struct Lowered {
    pub(crate) graph: TaskGraph,
    /// The nodes whose blocks are kept.
    pub(crate) kept: Vec<Arc<Expression>>,
    /// The nodes with a handle whose blocks are freed after their last read.
    pub(crate) passed: Vec<Arc<Expression>>,
    /// The nodes that are on the cluster, and that the graph reads.
    pub(crate) sources: Vec<Arc<Expression>>,
}

/// Lowers some expressions and all nodes that they need. Shared subexpressions appear once, and nodes on the cluster are
/// read from there. The blocks of the roots are kept; [`is_kept_on_the_way`](Expression::is_kept_on_the_way) decides for
/// the other nodes. `temporary` is the number of the next temporary array.
///
/// A node is either on the cluster or an operation on other nodes.
pub(crate) fn lower(roots: &[Arc<Expression>], temporary: &mut u64) -> Result<Lowered, Error> {
    let mut builder = Builder::new(ArrayId(*temporary));
    let mut built: HashMap<ArrayId, BlockArray> = HashMap::new();
    let (mut kept, mut passed, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for expression in in_order(roots) {
        let (id, spec) = (expression.id, &expression.spec);
        let array = match expression.lazy() {
            None => {
                sources.push(expression.clone());
                BlockArray::source(&mut builder.graph, id, spec, |_| Vec::new())
            }
            Some(lazy) => {
                let is_root = roots.iter().any(|root| Arc::ptr_eq(root, &expression));
                let keep = is_root || expression.is_kept_on_the_way();
                // What is not kept is computed again by the next graph that needs it, so its blocks cannot have its
                // name: a block is written once under its name.
                let array = if keep { id } else { builder.graph.next_array() };
                let operands: Vec<_> =
                    lazy.operands.iter().map(|operand| &built[&operand.id]).collect();
                let made = lazy.op.build(&mut builder, array, &operands)?;
                if keep {
                    made.keep(&mut builder.graph);
                    kept.push(expression.clone());
                } else if expression.has_handles() {
                    passed.push(expression.clone());
                }
                made
            }
        };
        built.insert(id, array);
    }
    let mut graph = builder.graph;
    *temporary = graph.next_array().0;
    Ok(Lowered { graph: graph.without_dead()?, kept, passed, sources })
}

/// All needed nodes, each after its operands, found without recursion.
pub(crate) fn in_order(roots: &[Arc<Expression>]) -> Vec<Arc<Expression>> {
    let mut order = Vec::new();
    let mut seen: HashMap<ArrayId, bool> = HashMap::new();
    let mut stack: Vec<_> = roots.iter().rev().cloned().collect();
    while let Some(expression) = stack.last() {
        match seen.get(&expression.id) {
            None => {
                seen.insert(expression.id, false);
                expression.revive();
                let operands = expression.lazy().map(|lazy| lazy.operands).unwrap_or_default();
                let unseen = operands.into_iter().rev().filter(|own| !seen.contains_key(&own.id));
                stack.extend(unseen);
            }
            Some(false) => {
                seen.insert(expression.id, true);
                order.push(expression.clone());
                stack.pop();
            }
            Some(true) => {
                stack.pop();
            }
        }
    }
    order
}
