//! Random programs of the array API, to hold policies against each other on what users write.
//!
//! A workload is one operation in the layout that suits it. A program is a chain of operations on arrays of many
//! shapes, cut and laid out as a session does it, lowered with the same builders and rewritten by the same rules: a
//! policy meets arrays that it creates itself, small arrays beside large ones, new cuts between operations that do not
//! meet block by block, and results of which each is the input of the next.

mod operations;
mod writer;

use super::WorkloadError;
use crate::array_op::{ArraySpec, BlockArray};
use crate::{Cluster, GridRule, NodeSpec, SplitMix, TaskGraph, rewrite};
use writer::Writer;

/// A random program, lowered to the graph that a session would plan.
#[derive(Clone, Debug)]
pub struct RandomProgram {
    /// What the program says, a line an operation, in the words of NumPy.
    pub lines: Vec<String>,
    /// Its graph after rewriting, without what no result needs.
    pub graph: TaskGraph,
    /// The nodes, of equal capacities.
    pub cluster: Cluster,
}

/// Where the arrays of a program come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The plan creates them, so the policy decides where they live.
    Created,
    /// They were there before the plan, most of them where their layout says.
    Loaded,
    /// Some of each.
    Mixed,
}

/// Places of a session on up to 16 nodes.
const PLACES: u32 = 64;

/// No more operations are added to a graph of this many vertices.
const VERTICES_MAX: usize = 6_000;

impl RandomProgram {
    /// The program of a seed on some nodes. The same seed says the same on any number of nodes; one seed in three
    /// creates all of its arrays in the plan, one loads them before it, one does both.
    ///
    /// ```
    /// use nums_lshs::workload::RandomProgram;
    /// let [two, eight] = [2, 8].map(|nodes| RandomProgram::new(7, nodes));
    /// assert_eq!(two?.lines, eight?.lines);
    /// # Ok::<(), nums_lshs::workload::WorkloadError>(())
    /// ```
    ///
    /// # Errors
    /// [`WorkloadError::Count`] without nodes, or with more than [`Setting::NODES_MAX`](super::Setting::NODES_MAX).
    pub fn new(seed: u64, nodes: usize) -> Result<RandomProgram, WorkloadError> {
        super::Setting { nodes, ..Default::default() }.validate()?;
        let mut numbers = SplitMix::new(seed);
        let origin = [Origin::Created, Origin::Loaded, Origin::Mixed][(seed % 3) as usize];
        let workers = [1, 1, 4][numbers.below(3) as usize];
        let operations = 3 + numbers.below(12);
        let mut writer = Writer::new(numbers, origin, nodes);
        writer.add_inputs()?;
        for _ in 0..operations {
            if writer.graph.len() < VERTICES_MAX {
                writer.add_operation()?;
            }
        }
        let (lines, graph) = writer.finish()?;
        let mut cluster = Cluster::uniform(nodes, PLACES);
        cluster.nodes.iter_mut().for_each(|spec| *spec = NodeSpec { workers, ..spec.clone() });
        let graph = rewrite::apply(graph, &rewrite::Rules::all(), &cluster);
        Ok(RandomProgram { lines, graph, cluster })
    }
}

/// An array of a program.
#[derive(Clone)]
struct Variable {
    name: String,
    array: BlockArray,
}

impl Variable {
    fn shape(&self) -> Vec<usize> {
        self.array.spec.shape().to_vec()
    }

    fn spec(&self) -> &ArraySpec {
        &self.array.spec
    }
}

fn rule() -> GridRule {
    GridRule::with_places(PLACES)
}
