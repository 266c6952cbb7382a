//! The proof of a plan against its graph, made from the steps alone.

use super::liveness::{held_bytes, taken_over};
use super::{Loads, Plan, Step};
use crate::{CheckError, NodeId, TaskGraph, VertexId};
use std::collections::BTreeMap;

impl Plan {
    /// Proves the plan against its graph: every task runs once and after its inputs are on its node, all that it gives is
    /// where it runs, what is received is sent by a holder, nothing is read after it is freed, results stay and temporaries do not, the parts can
    /// finish together, and the loads that the search believed are those that the steps give.
    ///
    /// # Errors
    /// The first rule that does not hold, with where and what.
    pub fn check(&self, graph: &TaskGraph) -> Result<(), CheckError> {
        let mut run = Run::new(self, graph);
        while run.progress()? {}
        run.finished()?;
        run.leftovers()?;
        self.check_loads(graph)
    }

    /// Compares the loads that the plan states with those that its steps give.
    fn check_loads(&self, graph: &TaskGraph) -> Result<(), CheckError> {
        let held = held_bytes(graph, self.parts.len());
        for (index, part) in self.parts.iter().enumerate() {
            let node = NodeId(index as u32);
            let stated = part.loads;
            let same_host = |other: NodeId| self.parts[other.index()].host == part.host;
            let recomputed = loads(graph, held[index], &part.steps, same_host);
            for (resource, stated, recomputed) in [
                ("bytes in", stated.bytes_in, recomputed.bytes_in),
                ("bytes out", stated.bytes_out, recomputed.bytes_out),
                ("bytes in from its host", stated.host_bytes_in, recomputed.host_bytes_in),
                ("bytes out to its host", stated.host_bytes_out, recomputed.host_bytes_out),
                ("flops", stated.flops, recomputed.flops),
                ("peak bytes", stated.peak_bytes, recomputed.peak_bytes),
                ("tasks", stated.tasks, recomputed.tasks),
            ] {
                if stated != recomputed {
                    return Err(CheckError::Loads { node, resource, stated, recomputed });
                }
            }
        }
        Ok(())
    }
}

/// The parts as they run together, each as far as it can get.
struct Run<'a> {
    plan: &'a Plan,
    graph: &'a TaskGraph,
    /// How often each vertex ran.
    ran: Vec<u32>,
    present: Presence,
    /// Blocks on their way: how many copies for a block, sender and receiver.
    sent: BTreeMap<(VertexId, NodeId, NodeId), u32>,
    /// The next step of each part.
    next: Vec<usize>,
}

/// Which node has which block.
struct Presence {
    bits: Vec<u64>,
    vertices: usize,
}

impl<'a> Run<'a> {
    fn new(plan: &'a Plan, graph: &'a TaskGraph) -> Run<'a> {
        let mut present = Presence::new(graph.len(), plan.parts.len());
        for vertex in graph.vertices() {
            graph.holders(vertex).iter().for_each(|&node| present.insert(vertex, node));
        }
        let (ran, next) = (vec![0; graph.len()], vec![0; plan.parts.len()]);
        Run { plan, graph, ran, present, sent: BTreeMap::new(), next }
    }

    /// Lets each part run until it waits; whether any step was done.
    fn progress(&mut self) -> Result<bool, CheckError> {
        let mut progressed = false;
        for (index, part) in self.plan.parts.iter().enumerate() {
            while let Some(&step) = part.steps.get(self.next[index]) {
                if !self.step(NodeId(index as u32), step)? {
                    break;
                }
                self.next[index] += 1;
                progressed = true;
            }
        }
        Ok(progressed)
    }

    /// Does a step, unless it has to wait.
    fn step(&mut self, node: NodeId, step: Step) -> Result<bool, CheckError> {
        let at = self.next[node.index()];
        let absent = |vertex, action| Err(CheckError::Absent { node, step: at, vertex, action });
        match step {
            Step::Receive { vertex, from } => {
                let Some(copies) = self.sent.get_mut(&(vertex, from, node)) else {
                    return Ok(false);
                };
                *copies -= 1;
                if *copies == 0 {
                    self.sent.remove(&(vertex, from, node));
                }
                self.present.insert(vertex, node);
            }
            Step::Send { vertex, to } => {
                if !self.present.contains(vertex, node) {
                    return absent(vertex, "sent");
                }
                *self.sent.entry((vertex, node, to)).or_default() += 1;
            }
            Step::Run(vertex) => {
                let missing = |input: &&VertexId| !self.present.contains(**input, node);
                if let Some(&input) = self.graph.inputs(vertex).iter().find(missing) {
                    return absent(input, "read");
                }
                self.ran[vertex.index()] += 1;
                for output in self.graph.outputs(vertex) {
                    if self.plan.nodes[output.index()] != node {
                        let placed = self.plan.nodes[output.index()];
                        let reason = format!("is made on {node}, but placed on {placed}");
                        return Err(CheckError::Unbalanced { vertex: output, reason });
                    }
                    self.present.insert(output, node);
                }
            }
            Step::Free(vertex) => {
                if !self.present.contains(vertex, node) {
                    return absent(vertex, "freed");
                }
                self.present.remove(vertex, node);
            }
        }
        Ok(true)
    }

    /// Every step is done, every copy arrived, every task ran once.
    fn finished(&self) -> Result<(), CheckError> {
        let unbalanced = |vertex, reason: String| Err(CheckError::Unbalanced { vertex, reason });
        for (index, part) in self.plan.parts.iter().enumerate() {
            if let Some(&Step::Receive { vertex, .. }) = part.steps.get(self.next[index]) {
                let node = NodeId(index as u32);
                return Err(CheckError::Deadlock { node, step: self.next[index], vertex });
            }
        }
        if let Some((&(vertex, _, to), _)) = self.sent.first_key_value() {
            return unbalanced(vertex, format!("is sent to {to}, which never receives it"));
        }
        for vertex in self.graph.vertices() {
            let (runs, is_task) = (self.ran[vertex.index()], self.graph.is_task(vertex));
            if runs != u32::from(is_task) {
                return unbalanced(vertex, format!("runs {runs} times"));
            }
        }
        Ok(())
    }

    /// Sources and results are where they belong, and nothing else is anywhere.
    fn leftovers(&mut self) -> Result<(), CheckError> {
        for vertex in self.graph.vertices() {
            let home = [self.plan.nodes[vertex.index()]];
            let stays: &[NodeId] = match self.graph.is_source(vertex) {
                true => self.graph.holders(vertex),
                false if self.graph.is_kept(vertex) => &home,
                false => &[],
            };
            for &node in stays {
                if !self.present.contains(vertex, node) {
                    return Err(CheckError::Leftover { node, vertex, reason: "lost" });
                }
            }
            stays.iter().for_each(|&node| self.present.remove(vertex, node));
        }
        match self.present.first() {
            Some((vertex, node)) => {
                Err(CheckError::Leftover { node, vertex, reason: "left behind" })
            }
            None => Ok(()),
        }
    }
}

impl Presence {
    fn new(vertices: usize, nodes: usize) -> Presence {
        Presence { bits: vec![0; (vertices * nodes).div_ceil(64)], vertices }
    }

    fn at(&self, vertex: VertexId, node: NodeId) -> (usize, u64) {
        let bit = node.index() * self.vertices + vertex.index();
        (bit / 64, 1 << (bit % 64))
    }

    fn contains(&self, vertex: VertexId, node: NodeId) -> bool {
        let (word, bit) = self.at(vertex, node);
        self.bits[word] & bit != 0
    }

    fn insert(&mut self, vertex: VertexId, node: NodeId) {
        let (word, bit) = self.at(vertex, node);
        self.bits[word] |= bit;
    }

    fn remove(&mut self, vertex: VertexId, node: NodeId) {
        let (word, bit) = self.at(vertex, node);
        self.bits[word] &= !bit;
    }

    fn first(&self) -> Option<(VertexId, NodeId)> {
        let word = self.bits.iter().position(|&bits| bits != 0)?;
        let bit = word * 64 + self.bits[word].trailing_zeros() as usize;
        Some((VertexId((bit % self.vertices) as u32), NodeId((bit / self.vertices) as u32)))
    }
}

/// What a part costs when its steps run one after the other, beginning with `held` bytes of sources.
fn loads(
    graph: &TaskGraph,
    held: u64,
    steps: &[Step],
    same_host: impl Fn(NodeId) -> bool,
) -> Loads {
    let mut loads = Loads { peak_bytes: held, ..Loads::default() };
    let mut resident = held;
    let mut taken: Vec<VertexId> = Vec::new();
    for (index, &step) in steps.iter().enumerate() {
        match step {
            Step::Receive { vertex, from } => {
                let bytes = graph.bytes(vertex);
                loads.bytes_in += bytes;
                loads.host_bytes_in += if same_host(from) { bytes } else { 0 };
                resident += bytes;
            }
            Step::Run(vertex) => {
                loads.tasks += 1;
                loads.flops += graph.flops(vertex);
                resident += graph.outputs(vertex).map(|output| graph.bytes(output)).sum::<u64>();
                let frees =
                    || steps[index + 1..].iter().take_while(|step| matches!(step, Step::Free(_)));
                let dies = |input| frees().any(|&free| free == Step::Free(input));
                taken.clear();
                taken.extend(taken_over(graph, vertex, dies));
                // The result has the buffer from the start, so the input goes before the peak is taken.
                resident -= taken.iter().map(|&input| graph.bytes(input)).sum::<u64>();
            }
            Step::Send { vertex, to } => {
                let bytes = graph.bytes(vertex);
                loads.bytes_out += bytes;
                loads.host_bytes_out += if same_host(to) { bytes } else { 0 };
            }
            Step::Free(vertex) if taken.contains(&vertex) => taken.retain(|&own| own != vertex),
            Step::Free(vertex) => resident -= graph.bytes(vertex),
        }
        loads.peak_bytes = loads.peak_bytes.max(resident);
    }
    loads
}
