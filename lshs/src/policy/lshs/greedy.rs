//! Placement of one unit after the other by simulating its effect.
//!
//! A unit is a task, a whole chain of accumulations, or all tasks that serve one output only. Its candidates are the
//! owner of its place, the nodes of the first of its operands, and the least busy node of all. It goes where it misses the fewest bytes among the
//! candidates that it does not make busier than a limit, else where it is done first. A limit of zero balances, an
//! infinite one follows the data. The cost of a placement grows with the logarithm of the number of nodes only.

use crate::plan::Router;
use crate::{CopyRule, NodeId, Problem, Rank};

/// The tasks of each unit; units in an order in which what they read comes before them.
pub(super) struct Units {
    /// The last vertex of each vertex's unit.
    last: Vec<Rank>,
    tasks: Vec<Rank>,
    /// For each unit its end in `tasks`.
    ends: Vec<u32>,
}

impl Units {
    /// Chains of accumulations, and all other tasks alone.
    pub(super) fn chains(problem: &Problem<'_>) -> Units {
        Units::new(problem, problem.ranks().map(|rank| problem.unit(rank)).collect())
    }

    /// Every task alone.
    pub(super) fn tasks(problem: &Problem<'_>) -> Units {
        Units::new(problem, problem.ranks().collect())
    }

    /// Every output together with all temporaries that serve it alone.
    pub(super) fn outputs(problem: &Problem<'_>) -> Units {
        let mut readers = vec![0_u8; problem.len()];
        let mut last: Vec<Rank> = problem.ranks().collect();
        for vertex in problem.tasks().rev() {
            let kept = problem.outputs(vertex).any(|output| problem.is_kept(output));
            if readers[vertex.index()] != 1 || kept {
                last[vertex.index()] = vertex;
            }
            for &input in problem.inputs(vertex) {
                let maker = problem.task_of(input).index();
                readers[maker] = readers[maker].saturating_add(1);
                last[maker] = last[vertex.index()];
            }
        }
        Units::new(problem, last)
    }

    fn new(problem: &Problem<'_>, mut last: Vec<Rank>) -> Units {
        problem.join_outputs(&mut last);
        let unit = |vertex: Rank| last[vertex.index()];
        let mut sizes = vec![0_u32; problem.len()];
        problem.tasks().for_each(|vertex| sizes[unit(vertex).index()] += 1);
        // A unit takes its turn when its last task does.
        let last_tasks = || problem.tasks().filter(|&vertex| unit(vertex) == vertex);
        let mut next = vec![0; problem.len()];
        let mut ends = Vec::new();
        let mut end = 0;
        for vertex in last_tasks() {
            next[vertex.index()] = end;
            end += sizes[vertex.index()];
            ends.push(end);
        }
        let mut tasks = vec![Rank(0); problem.tasks().len()];
        for vertex in problem.tasks() {
            let at = &mut next[unit(vertex).index()];
            tasks[*at as usize] = vertex;
            *at += 1;
        }
        Units { last, tasks, ends }
    }

    /// The number of units.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The tasks of each unit, in order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &[Rank]> + ExactSizeIterator {
        (0..self.ends.len()).map(|index| self.get(index))
    }

    fn get(&self, index: usize) -> &[Rank] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.tasks[start as usize..self.ends[index] as usize]
    }
}

/// The seconds of flops of each node if they were shared out perfectly.
pub(super) fn fair_share_s(problem: &Problem<'_>) -> f64 {
    let flops: u64 = problem.tasks().map(|task| problem.flops(task)).sum();
    let rates = problem.cluster().nodes.iter().map(crate::NodeSpec::rate_flops_per_s);
    flops as f64 / rates.sum::<f64>()
}

/// The seconds of flops of the busiest of equal nodes if chains as long as the longest were dealt out evenly.
pub(super) fn fair_units_s(problem: &Problem<'_>) -> f64 {
    let mut units = vec![0_u64; problem.len()];
    problem.tasks().for_each(|task| units[problem.unit(task).index()] += problem.flops(task));
    let (total, largest) = (units.iter().sum::<u64>(), units.iter().copied().max().unwrap_or(0));
    let nodes = &problem.cluster().nodes;
    let turns = total.div_ceil(largest.saturating_mul(nodes.len() as u64).max(1));
    turns as f64 * largest as f64 / nodes[0].rate_flops_per_s()
}

/// Places all units so that nodes stay below a limit in seconds where they can.
pub(super) fn place(
    problem: &Problem<'_>,
    units: &Units,
    owners: &[NodeId],
    limit_s: f64,
) -> Vec<NodeId> {
    let mut nodes = owners.to_vec();
    let mut router = Router::new(problem, CopyRule::LeastLoaded);
    let mut tournament = Tournament::new(problem.cluster().len());
    let mut candidates = Vec::new();
    for unit in units.iter() {
        candidates_of(problem, &router, owners, unit, &mut candidates);
        let lightest = tournament.lightest();
        match unit.last().and_then(|&result| problem.pin(result)) {
            Some(pin) => candidates = vec![pin],
            None if !candidates.contains(&lightest) => candidates.push(lightest),
            None => {}
        }
        let flops: u64 = unit.iter().map(|&task| problem.flops(task)).sum();
        let mut best: Option<Candidate> = None;
        for &node in &candidates {
            let bytes = missing_bytes(problem, &router, units, unit, node);
            let busy_s = router.costs()[node.index()].after(flops as f64, bytes as f64);
            let candidate = Candidate { node, bytes, busy_s };
            if best.as_ref().is_none_or(|best| candidate.beats(best, limit_s)) {
                best = Some(candidate);
            }
        }
        let node = best.map_or(NodeId(0), |best| best.node);
        for &task in unit {
            router.run(task, node, |_, from, out_s| tournament.raise(from, out_s));
            nodes[task.index()] = node;
        }
        tournament.raise(node, router.busiest_s(node));
    }
    nodes
}

/// Places each unit where most memory is left, counting what stays.
pub(super) fn place_by_memory(
    problem: &Problem<'_>,
    units: &Units,
    owners: &[NodeId],
) -> Vec<NodeId> {
    let mut nodes = owners.to_vec();
    let budgets = problem.cluster().nodes.iter().map(|spec| spec.memory_bytes as i128);
    let mut left: Vec<i128> = budgets.collect();
    for vertex in problem.ranks() {
        let bytes = i128::from(problem.bytes(vertex));
        problem.holders(vertex).iter().for_each(|node| left[node.index()] -= bytes);
    }
    for unit in units.iter() {
        let Some(&result) = unit.last() else { continue };
        let owner = owners[result.index()];
        // The owner wins ties.
        let roomiest =
            problem.cluster().ids().rev().max_by_key(|node| (left[node.index()], *node == owner));
        let node = roomiest.unwrap_or(owner);
        unit.iter().for_each(|task| nodes[task.index()] = node);
        left[node.index()] -= i128::from(problem.kept_bytes(result));
    }
    nodes
}

/// The owner of the unit's place, then the nodes of its first operands from outside.
fn candidates_of(
    problem: &Problem<'_>,
    router: &Router<'_>,
    owners: &[NodeId],
    unit: &[Rank],
    candidates: &mut Vec<NodeId>,
) {
    candidates.clear();
    candidates.extend(unit.last().map(|result| owners[result.index()]));
    let inputs = unit.iter().flat_map(|&task| problem.inputs(task));
    for &input in inputs.take(CANDIDATE_INPUTS_MAX) {
        let home = router.home(input);
        if home.index() < problem.cluster().len() && !candidates.contains(&home) {
            candidates.push(home);
        }
    }
}

/// A unit of many inputs is compared on the homes of this many.
const CANDIDATE_INPUTS_MAX: usize = 16;

/// The bytes that a node would have to receive to run a unit.
fn missing_bytes(
    problem: &Problem<'_>,
    router: &Router<'_>,
    units: &Units,
    unit: &[Rank],
    node: NodeId,
) -> u64 {
    let end = unit.last().copied();
    let inside = |input: Rank| Some(units.last[input.index()]) == end;
    let inputs = unit.iter().flat_map(|&task| problem.inputs(task));
    let missing = inputs.filter(|&&input| !inside(input) && !router.holds(input, node));
    missing.map(|&input| problem.bytes(input)).sum()
}

struct Candidate {
    node: NodeId,
    bytes: u64,
    busy_s: f64,
}

impl Candidate {
    /// Within the limit fewer bytes win, outside it less time.
    fn beats(&self, best: &Candidate, limit_s: f64) -> bool {
        match (self.busy_s <= limit_s, best.busy_s <= limit_s) {
            (true, true) => (self.bytes, self.busy_s) < (best.bytes, best.busy_s),
            (false, false) => (self.busy_s, self.bytes) < (best.busy_s, best.bytes),
            (within, _) => within,
        }
    }
}

/// The least busy node, in a tree of comparisons.
struct Tournament {
    busy_s: Vec<f64>,
    /// Winner of each match; the leaves are the nodes.
    winners: Vec<u32>,
}

impl Tournament {
    fn new(nodes: usize) -> Tournament {
        let leaves = nodes.next_power_of_two();
        let mut busy_s = vec![0.0; nodes];
        busy_s.resize(leaves, f64::INFINITY);
        let mut winners = vec![0; 2 * leaves];
        for leaf in 0..leaves {
            winners[leaves + leaf] = leaf as u32;
        }
        let mut tournament = Tournament { busy_s, winners };
        (1..leaves).rev().for_each(|index| tournament.play(index));
        tournament
    }

    fn lightest(&self) -> NodeId {
        NodeId(self.winners[1.min(self.winners.len() - 1)])
    }

    fn raise(&mut self, node: NodeId, busy_s: f64) {
        if busy_s <= self.busy_s[node.index()] {
            return;
        }
        self.busy_s[node.index()] = busy_s;
        let mut index = (self.winners.len() / 2 + node.index()) / 2;
        while index >= 1 {
            self.play(index);
            index /= 2;
        }
    }

    fn play(&mut self, index: usize) {
        let [left, right] = [self.winners[2 * index], self.winners[2 * index + 1]];
        let left_wins = self.busy_s[left as usize] <= self.busy_s[right as usize];
        self.winners[index] = if left_wins { left } else { right };
    }
}
