//! LSHS as it was published and as NumS implements it, for comparison.
//!
//! A task is drawn from the frontier (those whose inputs are all computed). It may run on any node that has a copy of
//! an input; results go where their layout puts them. The node wins after which the sum over {memory, network in,
//! network out} of the largest load of any node is least. Loads are counted in elements and never fall: nothing is
//! freed, flops are not counted, and every copy comes from the node that made the block. Copies inside a host count a
//! tenth. Source: M. Elibol et al., "NumS", 2022, section 5, and `ClusterState`, `RandomTS` of its implementation;
//! hash order, which decides ties there, is replaced by the lowest node.

use super::{Policy, SplitMix};
use crate::plan::{HOST_COPY_FRACTION, Router};
use crate::{CopyRule, NodeId, Problem, Rank};

/// The published form of load-simulated hierarchical scheduling.
#[derive(Clone, Copy, Debug, Default)]
pub struct LshsPaper;

/// Decides which task of the frontier comes next; NumS draws with a fixed seed too.
const FRONTIER_SEED: u64 = 1337;

impl Policy for LshsPaper {
    fn name(&self) -> &'static str {
        "lshs-paper"
    }

    fn place(&self, problem: &Problem<'_>) -> Vec<NodeId> {
        let mut search = Search::new(problem);
        let mut frontier = Frontier::new(problem);
        while let Some(vertex) = frontier.draw() {
            let node = search.choose(vertex);
            search.commit(vertex, node);
            frontier.finish(vertex);
        }
        search.nodes
    }

    fn copies(&self) -> CopyRule {
        CopyRule::Creator
    }
}

/// Memory, network in and network out of each node, in elements, with the maximum of each over the nodes.
struct ElementLoads {
    loads: [Vec<f64>; 3],
    largest: [f64; 3],
}

const MEMORY: usize = 0;
const NET_IN: usize = 1;
const NET_OUT: usize = 2;

impl ElementLoads {
    fn new(nodes: usize) -> ElementLoads {
        ElementLoads { loads: std::array::from_fn(|_| vec![0.0; nodes]), largest: [0.0; 3] }
    }

    fn add(&mut self, resource: usize, node: NodeId, elements: f64) {
        let load = &mut self.loads[resource][node.index()];
        *load += elements;
        self.largest[resource] = self.largest[resource].max(*load);
    }

    /// The objective after some additions, which are taken back.
    fn after(&mut self, additions: &[(usize, NodeId, f64)]) -> f64 {
        let before = self.largest;
        additions.iter().for_each(|&(resource, node, elements)| self.add(resource, node, elements));
        let objective = self.largest.iter().sum();
        for &(resource, node, elements) in additions {
            self.loads[resource][node.index()] -= elements;
        }
        self.largest = before;
        objective
    }
}

struct Search<'a> {
    problem: &'a Problem<'a>,
    owners: Vec<NodeId>,
    loads: ElementLoads,
    router: Router<'a>,
    nodes: Vec<NodeId>,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem<'a>) -> Search<'a> {
        let router = Router::new(problem, CopyRule::Creator);
        let mut search = Search {
            problem,
            owners: problem.cluster().owners(),
            loads: ElementLoads::new(problem.cluster().len()),
            nodes: problem.ranks().map(|vertex| router.home(vertex)).collect(),
            router,
        };
        for vertex in problem.ranks() {
            for &node in problem.holders(vertex) {
                search.loads.add(MEMORY, node, search.elements(vertex));
            }
        }
        search
    }

    fn elements(&self, vertex: Rank) -> f64 {
        self.problem.graph().spec(self.problem.vertex(vertex)).shape.elements() as f64
    }

    fn choose(&mut self, vertex: Rank) -> NodeId {
        let problem = self.problem;
        let place = problem.place(vertex).0 as usize;
        let owner = self.owners[place.min(self.owners.len() - 1)];
        if problem.is_kept(vertex) {
            return owner;
        }
        let inputs = problem.inputs(vertex).iter();
        let mut candidates: Vec<NodeId> =
            inputs.flat_map(|&input| self.router.copies(input)).collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut best = (f64::INFINITY, owner);
        for node in candidates {
            let additions = self.additions(vertex, node);
            let objective = self.loads.after(&additions);
            if objective < best.0 {
                best = (objective, node);
            }
        }
        best.1
    }

    fn commit(&mut self, vertex: Rank, node: NodeId) {
        for (resource, node, elements) in self.additions(vertex, node) {
            self.loads.add(resource, node, elements);
        }
        self.router.run(vertex, node, |_, _, _| {});
        self.nodes[vertex.index()] = node;
    }

    /// What running a task on a node adds to which load.
    fn additions(&self, vertex: Rank, node: NodeId) -> Vec<(usize, NodeId, f64)> {
        let problem = self.problem;
        let host = |node: NodeId| self.problem.cluster().nodes[node.index()].host;
        let mut additions = vec![(MEMORY, node, self.elements(vertex))];
        let inputs = problem.inputs(vertex);
        for (position, &input) in inputs.iter().enumerate() {
            if self.router.holds(input, node) || inputs[..position].contains(&input) {
                continue;
            }
            let creator = self.router.home(input);
            let elements = self.elements(input);
            let fraction = if host(creator) == host(node) { HOST_COPY_FRACTION } else { 1.0 };
            additions.push((NET_OUT, creator, elements * fraction));
            additions.push((NET_IN, node, elements * fraction));
            additions.push((MEMORY, node, elements));
        }
        additions
    }
}

/// The tasks whose inputs are computed.
struct Frontier {
    ready: Vec<Rank>,
    /// Inputs of each task that are not computed yet.
    waiting: Vec<u32>,
    readers: Vec<Vec<Rank>>,
    random: SplitMix,
}

impl Frontier {
    fn new(problem: &Problem<'_>) -> Frontier {
        let mut waiting = vec![0; problem.len()];
        let mut readers = vec![Vec::new(); problem.len()];
        for vertex in problem.tasks() {
            for &input in problem.inputs(vertex) {
                if !problem.is_source(input) {
                    waiting[vertex.index()] += 1;
                    readers[input.index()].push(vertex);
                }
            }
        }
        let ready = problem.tasks().filter(|vertex| waiting[vertex.index()] == 0).collect();
        Frontier { ready, waiting, readers, random: SplitMix::new(FRONTIER_SEED) }
    }

    fn draw(&mut self) -> Option<Rank> {
        if self.ready.is_empty() {
            return None;
        }
        let index = self.random.below(self.ready.len() as u64) as usize;
        Some(self.ready.swap_remove(index))
    }

    fn finish(&mut self, vertex: Rank) {
        for &reader in &self.readers[vertex.index()] {
            self.waiting[reader.index()] -= 1;
            if self.waiting[reader.index()] == 0 {
                self.ready.push(reader);
            }
        }
    }
}
