//! From expressions to task graphs: what is submitted or explained at once becomes one graph.

use crate::Error;
use crate::expression::{Expression, Operation, QrFactor};
use nums_lshs::build::{self, ArraySpec, BlockArray, FactorTree};
use nums_lshs::{ArrayId, Creation, TaskGraph};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A graph, and the nodes whose blocks it keeps.
pub(crate) struct Lowered {
    pub(crate) graph: TaskGraph,
    pub(crate) kept: Vec<Arc<Expression>>,
}

/// Lowers some expressions and all that they need. Shared subexpressions appear once, what is on the cluster already
/// is read from there, and nodes that the user holds are kept when they are computed on the way. `temporary` is the
/// number of the next temporary array.
pub(crate) fn lower(roots: &[Arc<Expression>], temporary: &mut u64) -> Result<Lowered, Error> {
    let mut graph = TaskGraph::new(ArrayId(*temporary));
    let mut built: HashMap<ArrayId, BlockArray> = HashMap::new();
    let mut factored: HashMap<ArrayId, FactorTree> = HashMap::new();
    let mut kept = Vec::new();
    let order = in_order(roots);
    let unmade = formulas_read_in_part(roots, &order);
    for expression in order {
        if unmade.contains_key(&expression.id) {
            continue;
        }
        let array = match expression.operation() {
            None => BlockArray::source(&mut graph, expression.id, &expression.spec, |_| Vec::new()),
            Some(operation) => {
                let is_root = roots.iter().any(|root| Arc::ptr_eq(root, &expression));
                let keep = is_root || expression.has_handles();
                // What is not kept is computed again by the next graph that needs it, so its blocks cannot have its
                // name: a block is written once under its name.
                let array = if keep { expression.id } else { graph.next_array() };
                let spec = &expression.spec;
                let built = match &operation {
                    Operation::Gather { operand, selections, working }
                        if let Some(&creation) = unmade.get(&operand.id) =>
                    {
                        let formula = (creation, &operand.spec);
                        let graph = &mut graph;
                        build::gather_created(graph, array, formula, selections, working, spec)?
                    }
                    _ => lower_one(&mut graph, array, spec, &operation, &built, &mut factored)?,
                };
                if keep {
                    built.keep(&mut graph);
                    kept.push(expression.clone());
                }
                built
            }
        };
        built.insert(expression.id, array);
    }
    *temporary = graph.next_array().0;
    Ok(Lowered { graph: graph.without_dead()?, kept })
}

/// The arrays of a formula of which only parts are read: just these parts are made, and made again when they are needed
/// again, so that the ends of an array that fits no memory can be looked at.
fn formulas_read_in_part(
    roots: &[Arc<Expression>],
    order: &[Arc<Expression>],
) -> HashMap<ArrayId, Creation> {
    let mut in_part = HashMap::new();
    let mut whole: HashSet<_> = roots.iter().map(|root| root.id).collect();
    for expression in order {
        let Some(operation) = expression.operation() else { continue };
        for operand in operation.operands() {
            let is_part = matches!(operation, Operation::Gather { .. })
                && expression.spec.shape().elements() < operand.spec.shape().elements();
            match operand.operation() {
                Some(Operation::Create(creation)) if is_part => {
                    in_part.insert(operand.id, creation);
                }
                _ => {
                    whole.insert(operand.id);
                }
            }
        }
    }
    in_part.retain(|array, _| !whole.contains(array));
    in_part
}

/// Every node that is needed, each after its operands; a walk without recursion.
fn in_order(roots: &[Arc<Expression>]) -> Vec<Arc<Expression>> {
    let mut order = Vec::new();
    let mut seen: HashMap<ArrayId, bool> = HashMap::new();
    let mut stack: Vec<_> = roots.iter().rev().cloned().collect();
    while let Some(expression) = stack.last() {
        match seen.get(&expression.id) {
            None => {
                seen.insert(expression.id, false);
                let operation = expression.operation();
                let operands = operation.iter().flat_map(Operation::operands);
                let unseen: Vec<_> =
                    operands.filter(|operand| !seen.contains_key(&operand.id)).cloned().collect();
                stack.extend(unseen.into_iter().rev());
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

fn lower_one(
    graph: &mut TaskGraph,
    id: ArrayId,
    spec: &ArraySpec,
    operation: &Operation,
    built: &HashMap<ArrayId, BlockArray>,
    factored: &mut HashMap<ArrayId, FactorTree>,
) -> Result<BlockArray, Error> {
    let operands: Vec<&BlockArray> =
        operation.operands().into_iter().map(|operand| &built[&operand.id]).collect();
    let array = match operation {
        Operation::Create(creation) => build::create(graph, id, *creation, spec)?,
        Operation::Elementwise { program, .. } => {
            build::elementwise(graph, id, program, &operands, spec)?
        }
        Operation::MatMul { .. } => build::matmul(graph, id, operands[0], operands[1], spec)?,
        Operation::Reduce { kind, axes, .. } => build::reduce(graph, id, operands[0], *kind, axes)?,
        Operation::Transpose { order, .. } => build::transpose(graph, id, operands[0], order)?,
        Operation::Gather { selections, working, .. } => {
            build::gather(graph, id, operands[0], selections, working, spec)?
        }
        Operation::Reshape { .. } => build::reshape(graph, id, operands[0], spec)?,
        Operation::GlmSum { sums, .. } => {
            build::glm_sum(graph, id, *sums, operands[0], operands[1], operands[2])?
        }
        Operation::NewtonUpdate { model, .. } => {
            build::newton_update(graph, id, *model, operands[0], operands[1])?
        }
        Operation::Rechunk { pinned: false, .. } => build::rechunk(graph, id, operands[0], spec)?,
        Operation::Rechunk { pinned: true, .. } => {
            build::redistribute(graph, id, operands[0], spec)?
        }
        Operation::Concatenate { axis, .. } => {
            build::concatenate(graph, id, &operands, *axis, spec)?
        }
        Operation::Contract { einsum, .. } => build::contract(graph, id, einsum, &operands, spec)?,
        Operation::Assign { selections, .. } => {
            build::assign(graph, id, operands[0], selections, operands[1])?
        }
        Operation::Take { axis, indices, .. } => {
            build::take(graph, id, operands[0], *axis, indices, spec)?
        }
        Operation::CountTrue { .. } => build::count_true(graph, id, operands[0])?,
        Operation::Compress { counts, .. } => {
            build::compress(graph, id, operands[0], operands[1], counts, spec)?
        }
        Operation::Sort { axis, indices, .. } => {
            build::sort(graph, id, operands[0], *axis, *indices)?
        }
        Operation::SearchSorted { right, .. } => {
            build::search_sorted(graph, id, operands[0], operands[1], *right)?
        }
        Operation::Cholesky { .. } => build::cholesky(graph, id, operands[0], spec)?,
        Operation::Linalg { step, .. } => build::linalg(graph, id, *step, &operands)?,
        Operation::Qr { operand, factor } => {
            // Both factors of one matrix follow from one tree.
            let tree = match factored.entry(operand.id) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(FactorTree::new(graph, operands[0])?),
            };
            match factor {
                QrFactor::Q => tree.q(graph, id)?,
                QrFactor::R => tree.r(graph, id)?,
            }
        }
    };
    Ok(array)
}
