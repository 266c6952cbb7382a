//! Rewrites of a graph before placement: fewer tasks, fewer temporaries, the same bits.
//!
//! Each rule is a file that says why it exists. A rule keeps the names of the remaining blocks and computes every element
//! by the same operations in the same order, so no rule changes a bit of a result. Each rule can be switched off. A rule
//! may use the node that owns a place: that changes the number of tasks, but not what they compute.

mod fuse_creation;
mod fuse_elementwise;
mod fuse_reduction;
mod fusion;
mod join_halves;
mod transpose_operand;

use crate::{Cluster, GraphError, PlanError, TaskGraph, VertexId};

/// A rule: its name, and the graph that it makes of another one, or `None` where it finds nothing to do.
struct Rule {
    name: &'static str,
    rewrite: fn(&TaskGraph, &Cluster) -> Result<Option<TaskGraph>, GraphError>,
}

/// The rules in the order in which they are applied. Transposes go first: what they leave behind are element-wise
/// tasks whose readers are fewer. Chains of element-wise tasks are fused before the reductions that end them, so that
/// a reduction takes in a whole chain at once. Creations are fused after them, into tasks that are as few as they get.
const RULES: [Rule; 5] = [
    Rule { name: "transpose-operand", rewrite: |graph, _| transpose_operand::rewrite(graph) },
    Rule { name: "fuse-elementwise", rewrite: |graph, _| fuse_elementwise::rewrite(graph) },
    Rule { name: "fuse-reduction", rewrite: |graph, _| fuse_reduction::rewrite(graph) },
    Rule { name: FUSE_CREATION, rewrite: |graph, _| fuse_creation::rewrite(graph) },
    Rule { name: "join-halves", rewrite: join_halves::rewrite },
];

/// The rule that can be taken further at the expense of time.
const FUSE_CREATION: &str = "fuse-creation";

/// The set of rules to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    enabled: [bool; RULES.len()],
}

impl Rules {
    /// All rules.
    pub fn all() -> Rules {
        Rules { enabled: [true; RULES.len()] }
    }

    /// No rule.
    pub fn none() -> Rules {
        Rules { enabled: [false; RULES.len()] }
    }

    /// These rules without the rule of a name.
    ///
    /// # Errors
    /// [`PlanError::UnknownRule`] with the known names.
    pub fn without(mut self, name: &str) -> Result<Rules, PlanError> {
        let unknown = || PlanError::UnknownRule {
            name: name.to_owned(),
            known: names().collect::<Vec<_>>().join(", "),
        };
        let index = names().position(|own| own == name).ok_or_else(unknown)?;
        self.enabled[index] = false;
        Ok(self)
    }
}

impl Default for Rules {
    fn default() -> Rules {
        Rules::all()
    }
}

/// The names of the rules, in the order in which they are applied.
pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.name)
}

/// Applies rules to a graph for a cluster. A rule without effect costs nothing; otherwise each rule takes O(vertices +
/// edges).
///
/// An invalid graph is returned unchanged: [`Plan::new`](crate::Plan::new) gives the error.
///
/// ```
/// use nums_lshs::{rewrite, workload};
/// let chain = workload::build("newton", &workload::Setting::default())?;
/// let rules = rewrite::Rules::all();
/// let rewritten = rewrite::apply(chain.graph.clone(), &rules, &chain.cluster);
/// assert!(rewritten.len() <= chain.graph.len());
/// # Ok::<(), workload::WorkloadError>(())
/// ```
pub fn apply(graph: TaskGraph, rules: &Rules, cluster: &Cluster) -> TaskGraph {
    enabled(rules).fold(graph, |graph, rule| match (rule.rewrite)(&graph, cluster) {
        Ok(Some(rewritten)) => rewritten,
        Ok(None) | Err(_) => graph,
    })
}

/// A rewritten graph that holds less at a time and computes more: random draws are made again by each task that reads
/// them. `None` where nothing is to be had, and where the rules do not fuse creations. The bits stay the same.
pub fn spare_memory(graph: &TaskGraph, rules: &Rules) -> Option<TaskGraph> {
    let enabled = enabled(rules).any(|rule| rule.name == FUSE_CREATION);
    enabled.then(|| fuse_creation::rewrite_dear(graph).ok().flatten()).flatten()
}

/// The graph after each rule that changed it, with the rule's name.
pub fn trace(
    graph: &TaskGraph,
    rules: &Rules,
    cluster: &Cluster,
) -> Vec<(&'static str, TaskGraph)> {
    let mut steps: Vec<(&'static str, TaskGraph)> = Vec::new();
    for rule in enabled(rules) {
        let last = steps.last().map_or(graph, |(_, graph)| graph);
        if let Ok(Some(rewritten)) = (rule.rewrite)(last, cluster) {
            steps.push((rule.name, rewritten));
        }
    }
    steps
}

fn enabled(rules: &Rules) -> impl Iterator<Item = &'static Rule> + '_ {
    RULES.iter().zip(rules.enabled).filter(|(_, enabled)| *enabled).map(|(rule, _)| rule)
}

/// How many tasks read each vertex; one that reads it twice counts once.
fn readers(graph: &TaskGraph) -> Vec<u32> {
    let mut readers = vec![0; graph.len()];
    for task in graph.tasks() {
        let inputs = graph.inputs(task);
        for (position, input) in inputs.iter().enumerate() {
            readers[input.index()] += u32::from(!inputs[..position].contains(input));
        }
    }
    readers
}

/// Whether a vertex is made by a task and nobody keeps it.
fn is_temporary(graph: &TaskGraph, vertex: VertexId) -> bool {
    !graph.is_source(vertex) && !graph.is_kept(vertex)
}
