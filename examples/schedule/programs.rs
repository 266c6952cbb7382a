//! All policies on random programs of the array API: makespans beside the best of all, and bytes beside
//! `owner-computes`.

use nums_lshs::workload::{RandomProgram, WorkloadError};
use nums_lshs::{Plan, PlanError, SimulationError, SimulationOptions, policy};
use std::io::Write;
use thiserror::Error;

/// The clusters that each program is planned for.
const NODES: std::ops::RangeInclusive<usize> = 1..=8;

/// A makespan within this factor of the best of all policies is as good.
const GOOD_WITHIN: f64 = 1.05;

/// Bytes beyond this factor of what `owner-computes` moves have to pay.
const FRUGAL_WITHIN: u64 = 2;

/// What they have to bring the makespan down to, as a fraction of that of `owner-computes`.
const PAYS_BELOW: f64 = 0.95;

/// A program that could not be planned or simulated.
#[derive(Debug, Error)]
pub(crate) enum ProgramError {
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
    #[error("the program of seed {seed} on {nodes} nodes: {error}")]
    Workload { seed: u64, nodes: usize, error: WorkloadError },
    #[error("the program of seed {seed} on {nodes} nodes by {policy}: {error}")]
    Plan { seed: u64, nodes: usize, policy: &'static str, error: PlanError },
    #[error("the program of seed {seed} on {nodes} nodes by {policy}: {error}")]
    Simulation { seed: u64, nodes: usize, policy: &'static str, error: SimulationError },
    #[error(transparent)]
    Name(#[from] PlanError),
}

/// One policy on one program and cluster. The names of the fields are the keys of the JSON lines.
#[derive(Clone, serde::Serialize)]
struct Row {
    seed: u64,
    nodes: usize,
    policy: &'static str,
    tasks: usize,
    total_bytes: u64,
    objective: f64,
    makespan_s: f64,
    /// The makespan over that of the best policy.
    over_best: f64,
    /// It moves more than twice the bytes of `owner-computes` and takes more than 95 % of its time.
    wasteful: bool,
}

/// Plans programs of the seeds 0, 1, ... on 1 to 8 nodes with every policy, and writes what that costs: a table of the
/// policies and one of `lshs` by nodes, or a JSON object for each plan.
pub(crate) fn run(programs: u64, json: bool, out: &mut dyn Write) -> Result<(), ProgramError> {
    let mut rows = Vec::new();
    for seed in 0..programs {
        for nodes in NODES {
            let planned = plan_all(seed, nodes)?;
            if json {
                for row in &planned {
                    // A row holds numbers and a name: nothing that JSON cannot write.
                    writeln!(out, "{}", serde_json::to_string(row).unwrap_or_default())?;
                }
            }
            rows.extend(planned);
        }
    }
    if json {
        return Ok(());
    }
    writeln!(
        out,
        "{programs} programs (seeds from 0) on {} to {} nodes",
        NODES.start(),
        NODES.end()
    )?;
    writeln!(out, "policy          {}", Summary::HEAD)?;
    for name in policy::NAMES {
        let own: Vec<&Row> = rows.iter().filter(|row| row.policy == name).collect();
        writeln!(out, "{name:<16}{}", Summary::of(&own))?;
    }
    writeln!(out, "\nlshs by nodes   {}", Summary::HEAD)?;
    for nodes in NODES {
        let own: Vec<&Row> =
            rows.iter().filter(|row| row.policy == "lshs" && row.nodes == nodes).collect();
        writeln!(out, "{nodes:<16}{}", Summary::of(&own))?;
    }
    Ok(())
}

fn plan_all(seed: u64, nodes: usize) -> Result<Vec<Row>, ProgramError> {
    let program = RandomProgram::new(seed, nodes).map_err(|error| ProgramError::Workload {
        seed,
        nodes,
        error,
    })?;
    let (graph, cluster) = (&program.graph, &program.cluster);
    let mut rows = Vec::with_capacity(policy::NAMES.len());
    for name in policy::NAMES {
        let plan = Plan::new(graph, cluster, policy::by_name(name)?.as_ref())
            .map_err(|error| ProgramError::Plan { seed, nodes, policy: name, error })?;
        let run = plan
            .simulate(graph, cluster, &SimulationOptions::default())
            .map_err(|error| ProgramError::Simulation { seed, nodes, policy: name, error })?;
        rows.push(Row {
            seed,
            nodes,
            policy: name,
            tasks: graph.tasks().count(),
            total_bytes: plan.total_bytes(),
            objective: plan.objective_s,
            makespan_s: run.makespan_s,
            over_best: 1.0,
            wasteful: false,
        });
    }
    let best_s = rows.iter().map(|row| row.makespan_s).fold(f64::INFINITY, f64::min);
    let owner_computes = rows.iter().find(|row| row.policy == "owner-computes").cloned();
    for row in &mut rows {
        row.over_best = if best_s > 0.0 { row.makespan_s / best_s } else { 1.0 };
        row.wasteful = owner_computes.as_ref().is_some_and(|owner| {
            row.total_bytes > FRUGAL_WITHIN * owner.total_bytes
                && row.makespan_s > PAYS_BELOW * owner.makespan_s
        });
    }
    Ok(rows)
}

/// Some rows in one line.
struct Summary {
    good: f64,
    mean: f64,
    worst: f64,
    worst_seed: u64,
    worst_nodes: usize,
    gigabytes: f64,
    wasteful: usize,
}

impl Summary {
    const HEAD: &'static str = "within 1.05   mean   worst  (seed, nodes)         moved   wasteful";

    fn of(rows: &[&Row]) -> Summary {
        let good = rows.iter().filter(|row| row.over_best <= GOOD_WITHIN).count();
        let logarithms: f64 = rows.iter().map(|row| row.over_best.ln()).sum();
        let worst = rows.iter().max_by(|left, right| left.over_best.total_cmp(&right.over_best));
        let count = rows.len().max(1) as f64;
        Summary {
            good: good as f64 / count,
            mean: (logarithms / count).exp(),
            worst: worst.map_or(1.0, |row| row.over_best),
            worst_seed: worst.map_or(0, |row| row.seed),
            worst_nodes: worst.map_or(0, |row| row.nodes),
            gigabytes: rows.iter().map(|row| row.total_bytes as f64).sum::<f64>() / 1e9,
            wasteful: rows.iter().filter(|row| row.wasteful).count(),
        }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seed = format!("({}, {})", self.worst_seed, self.worst_nodes);
        write!(
            f,
            "{:>9.1} %  {:>5.3}  {:>6.2}  {seed:<13}  {:>9.1} GB  {:>9}",
            self.good * 100.0,
            self.mean,
            self.worst,
            self.gigabytes,
            self.wasteful
        )
    }
}
