//! Plans a workload or a graph from a file with one policy or all policies, simulates the plans, and prints their cost.
//! `docs/scheduling.md` explains the output.
//!
//! ```text
//! cargo run --release --example schedule -- --workload matmul --blocks 16 --nodes 16 --policy all
//! cargo run --release --example schedule -- --graph examples/data/graph.json --policy lshs --explain tree
//! cargo run --release --example schedule -- --programs 200
//! ```

mod programs;

use clap::{Parser, ValueEnum};
use nums_lshs::graph_file::{GraphFile, GraphFileError};
use nums_lshs::workload::{self, Bounds, Setting, Skew, WorkloadError};
use nums_lshs::{
    ArrayId, Cluster, Plan, PlanError, Simulation, SimulationError, SimulationOptions, TaskGraph,
    explain_rewrites, policy, rewrite,
};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use thiserror::Error;

/// Plan a workload on a simulated cluster and print the cost of each policy's plan.
#[derive(Parser)]
#[command(after_help = workloads_help())]
struct Arguments {
    /// The workload; see the list below.
    #[arg(long, required_unless_present_any = ["graph", "programs"], conflicts_with = "graph")]
    workload: Option<String>,
    /// A file with a graph as JSON, instead of a workload (docs/schedule-graph.md).
    #[arg(long, value_name = "FILE")]
    graph: Option<PathBuf>,
    /// Run all policies on this many random programs of the array API, each on 1 to 8 nodes, instead of a workload.
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["workload", "graph"])]
    programs: Option<u64>,
    /// The number Q of blocks along each blocked axis.
    #[arg(long, default_value_t = 16)]
    blocks: usize,
    /// The number K of nodes.
    #[arg(long, default_value_t = 4)]
    nodes: usize,
    /// The number V of logical places. Default: K.
    #[arg(long)]
    places: Option<u32>,
    /// The grid of nodes over the axes of the largest array, such as 4x4 or 2x2x1.
    #[arg(long, value_parser = grid, value_name = "AxBxC")]
    node_grid: Option<NodeGrid>,
    /// The number N of float64 elements of a block.
    #[arg(long, default_value_t = 4096)]
    block_elements: usize,
    /// The length F of the axis that tensor workloads do not divide.
    #[arg(long, default_value_t = 8)]
    rank: usize,
    /// Workers of each node.
    #[arg(long, default_value_t = 1)]
    workers: u32,
    /// Give node 0 half of one capacity: cpu, memory or bandwidth.
    #[arg(long, value_parser = skew)]
    skew: Option<Skew>,
    /// The policy, or "all".
    #[arg(long, default_value = "lshs")]
    policy: String,
    /// Output as an aligned table, or as one JSON object per line.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Plan the graph as it was built, without rewrites.
    #[arg(long)]
    no_rewrite: bool,
    /// Print each plan too.
    #[arg(long, value_enum)]
    explain: Option<Explain>,
    /// Print the events of the simulation.
    #[arg(long)]
    timeline: bool,
    /// Write the graph as JSON. --graph reads it.
    #[arg(long, value_name = "FILE")]
    save_graph: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Explain {
    Text,
    Tree,
    Dot,
    Layout,
    /// The graph as it was built and after each rewrite, in place of a plan.
    Rewrites,
}

#[derive(Clone)]
struct NodeGrid(Vec<usize>);

/// What a user can get wrong, or a plan can lack.
#[derive(Debug, Error)]
enum Failure {
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
    #[error(transparent)]
    Workload(#[from] WorkloadError),
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error("{}: {error}", path.display())]
    Graph { path: PathBuf, error: GraphFileError },
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Program(programs::ProgramError),
}

impl From<programs::ProgramError> for Failure {
    fn from(error: programs::ProgramError) -> Failure {
        match error {
            programs::ProgramError::Output(error) => Failure::Output(error),
            error => Failure::Program(error),
        }
    }
}

/// What is planned.
struct Case {
    name: String,
    graph: TaskGraph,
    block_counts: BTreeMap<ArrayId, Vec<usize>>,
    cluster: Cluster,
    bounds: Bounds,
}

/// One line of the output. The names of the fields are the keys of the JSON lines.
#[derive(serde::Serialize)]
struct Row {
    workload: String,
    policy: String,
    nodes: usize,
    tasks: usize,
    total_bytes: u64,
    max_bytes_in: u64,
    max_bytes_out: u64,
    max_peak_bytes: u64,
    depth: usize,
    max_flops: u64,
    objective: f64,
    bound_total_bytes: Option<u64>,
    bound_max_bytes_in: Option<u64>,
    makespan_s: f64,
    schedule_s: f64,
    tasks_per_s: f64,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever reads has seen enough: `| head`.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every policy gave a plan.
fn run(arguments: &Arguments) -> Result<bool, Failure> {
    if let Some(count) = arguments.programs {
        let json = matches!(arguments.format, Format::Json);
        programs::run(count, json, &mut stdout())?;
        return Ok(true);
    }
    // A wrong name is told before anything is built.
    let names: Vec<&str> = match arguments.policy.as_str() {
        "all" => policy::NAMES.to_vec(),
        name => vec![name],
    };
    let policies = names.into_iter().map(policy::by_name).collect::<Result<Vec<_>, _>>()?;
    let case = case(arguments)?;
    if let Some(path) = &arguments.save_graph {
        let text = GraphFile::of(&case.graph, &case.cluster).to_json();
        std::fs::write(path, text).map_err(|error| Failure::File { path: path.clone(), error })?;
    }
    let mut rows = Vec::new();
    let mut complete = true;
    for policy in &policies {
        match row(arguments, &case, policy.as_ref()) {
            Ok(row) => match arguments.format {
                Format::Json => writeln!(stdout(), "{}", json(&row))?,
                Format::Table => rows.push(row),
            },
            Err(failure @ Failure::Output(_)) => return Err(failure),
            // The others may still find a plan.
            Err(failure) => {
                eprintln!("error: {}: {failure}", policy.name());
                complete = false;
            }
        }
    }
    if matches!(arguments.format, Format::Table) {
        stdout().write_all(table(&rows).as_bytes())?;
    }
    Ok(complete)
}

fn case(arguments: &Arguments) -> Result<Case, Failure> {
    if let Some(path) = &arguments.graph {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::File { path: path.clone(), error })?;
        let (graph, cluster) = GraphFile::parse(&text)
            .and_then(|file| file.build())
            .map_err(|error| Failure::Graph { path: path.clone(), error })?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (block_counts, bounds) = (BTreeMap::new(), Bounds::default());
        return Ok(Case { name, graph, block_counts, cluster, bounds });
    }
    let setting = Setting {
        blocks: arguments.blocks,
        nodes: arguments.nodes,
        places: arguments.places,
        node_grid: arguments.node_grid.clone().map_or(Vec::new(), |NodeGrid(grid)| grid),
        block_elements: arguments.block_elements,
        rank: arguments.rank,
        workers: arguments.workers,
        skew: arguments.skew,
    };
    let name = arguments.workload.as_deref().unwrap_or_default();
    let built = workload::build(name, &setting)?;
    let (name, bounds) = (built.name.to_owned(), built.bounds);
    let workload::Workload { graph, block_counts, cluster, .. } = built;
    Ok(Case { name, graph, block_counts, cluster, bounds })
}

/// Plans, simulates, and prints what was asked for beside the row.
fn row(arguments: &Arguments, case: &Case, policy: &dyn policy::Policy) -> Result<Row, Failure> {
    let (cluster, graph) = (&case.cluster, case.graph.clone());
    let start = Instant::now();
    let rules = rewrite::Rules::all();
    let graph = if arguments.no_rewrite { graph } else { rewrite::apply(graph, &rules, cluster) };
    let (graph, plan) = Plan::study(graph, cluster, policy)?;
    let schedule_s = start.elapsed().as_secs_f64();
    let graph = &graph;
    let options = SimulationOptions { record: arguments.timeline, ..Default::default() };
    let simulation = plan.simulate(graph, cluster, &options)?;
    print_plan(arguments, (case, graph, cluster), &plan, &simulation)?;
    let tasks = graph.tasks().count();
    let most = |load: fn(&nums_lshs::Loads) -> u64| {
        plan.parts.iter().map(|part| load(&part.loads)).max().unwrap_or(0)
    };
    Ok(Row {
        workload: case.name.clone(),
        policy: plan.policy.clone(),
        nodes: cluster.len(),
        tasks,
        total_bytes: plan.total_bytes(),
        max_bytes_in: most(|loads| loads.bytes_in),
        max_bytes_out: most(|loads| loads.bytes_out),
        max_peak_bytes: most(|loads| loads.peak_bytes),
        depth: plan.depth(graph)?,
        max_flops: most(|loads| loads.flops),
        objective: plan.objective_s,
        bound_total_bytes: case.bounds.total_bytes,
        bound_max_bytes_in: case.bounds.max_bytes_in,
        makespan_s: simulation.makespan_s,
        schedule_s,
        tasks_per_s: tasks as f64 / schedule_s,
    })
}

/// Plans and timelines go to standard error beside JSON lines, which programs read from standard output.
fn print_plan(
    arguments: &Arguments,
    (case, graph, cluster): (&Case, &TaskGraph, &Cluster),
    plan: &Plan,
    simulation: &Simulation,
) -> Result<(), std::io::Error> {
    let mut text = match arguments.explain {
        None => String::new(),
        Some(Explain::Text) => plan.explain(graph),
        Some(Explain::Tree) => plan.explain_tree(graph),
        Some(Explain::Dot) => plan.explain_dot(graph),
        Some(Explain::Layout) => plan.explain_layout(graph, &case.block_counts),
        Some(Explain::Rewrites) => explain_rewrites(&case.graph, &rewrite::Rules::all(), cluster),
    };
    if arguments.timeline {
        text = format!("{text}{simulation}\n");
    }
    match arguments.format {
        Format::Table => stdout().write_all(text.as_bytes())?,
        Format::Json => stderr().write_all(text.as_bytes())?,
    }
    Ok(())
}

fn json(row: &Row) -> String {
    // A row holds numbers and two names: nothing that JSON cannot write.
    serde_json::to_string(row).unwrap_or_default()
}

/// Rows with right-aligned columns, and how far above its bound each plan is.
fn table(rows: &[Row]) -> String {
    let heads = [
        "workload",
        "policy",
        "nodes",
        "tasks",
        "total",
        "x bound",
        "max in",
        "x bound",
        "max out",
        "peak mem",
        "depth",
        "max flops",
        "objective s",
        "makespan s",
        "schedule s",
        "tasks/s",
    ];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| {
        vec![
            row.workload.clone(),
            row.policy.clone(),
            row.nodes.to_string(),
            row.tasks.to_string(),
            bytes(row.total_bytes),
            times(row.total_bytes, row.bound_total_bytes),
            bytes(row.max_bytes_in),
            times(row.max_bytes_in, row.bound_max_bytes_in),
            bytes(row.max_bytes_out),
            bytes(row.max_peak_bytes),
            row.depth.to_string(),
            format!("{:.3e}", row.max_flops as f64),
            format!("{:.3e}", row.objective),
            format!("{:.3e}", row.makespan_s),
            format!("{:.3e}", row.schedule_s),
            format!("{:.3e}", row.tasks_per_s),
        ]
    }));
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| lines.iter().map(|line| line[column].len()).max().unwrap_or(0))
        .collect();
    let line = |cells: &Vec<String>| {
        let padded = cells.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        format!("{}\n", padded.collect::<Vec<_>>().join("  "))
    };
    lines.iter().map(line).collect()
}

/// Bytes with a decimal unit, exact below 10 kB.
fn bytes(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let unit = if bytes < 10_000 { 0 } else { (bytes.ilog10() / 3) as usize };
    let value = bytes as f64 / 1000_f64.powi(unit as i32);
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.2} {}", units[unit]) }
}

/// How many times a bound, where there is one.
fn times(bytes: u64, bound: Option<u64>) -> String {
    match bound {
        None => "-".to_owned(),
        Some(bound) if bytes == bound => "1.00".to_owned(),
        Some(0) => "inf".to_owned(),
        Some(bound) => format!("{:.2}", bytes as f64 / bound as f64),
    }
}

fn grid(text: &str) -> Result<NodeGrid, String> {
    let axes = text.split('x').map(|axis| {
        axis.parse::<usize>().map_err(|error| format!("{axis:?} is no number of nodes: {error}"))
    });
    axes.collect::<Result<_, _>>().map(NodeGrid)
}

fn skew(text: &str) -> Result<Skew, String> {
    Skew::by_name(text).ok_or_else(|| format!("there are {}", Skew::NAMES.join(", ")))
}

fn workloads_help() -> String {
    let lines = workload::names()
        .map(|name| format!("  {name:<20} {}", workload::description(name).unwrap_or_default()));
    let policies = policy::NAMES.join(", ");
    format!("Workloads:\n{}\n\nPolicies: {policies}, all", lines.collect::<Vec<_>>().join("\n"))
}
