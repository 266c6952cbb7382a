//! How fast `lshs` schedules: products of matrices through the general graph, over tasks and over nodes.
//!
//! `cargo bench --bench schedule -- --format json` prints one JSON object a line. What is timed is what stands between
//! a graph and a plan that can be shipped: rewriting, validation, order, placement, transfers and frees; building
//! the graph is not. Places are as many as nodes, nodes are typical, blocks are float64. The median of some runs counts.
//! One thread.

use nums_lshs::array_op::{ArraySpec, BlockArray, matmul};
use nums_lshs::{
    ArrayId, Cluster, DType, GraphError, Grid, Layout, PlaceMap, Plan, PlanError, Shape,
    ShapeError, TaskGraph, factor_over, node_of_place, policy, rewrite,
};
use std::process::ExitCode;
use std::time::Instant;

/// Side of a block: 256 x 256 elements take half a mebibyte.
const BLOCK_SIDE: usize = 256;

/// Blocks a side and nodes: the two targets first, then the curve over tasks, then the one over nodes.
const CASES: [(usize, usize); 14] = [
    (48, 16),
    (64, 16),
    (48, 1024),
    (64, 1024),
    (8, 16),
    (16, 16),
    (24, 16),
    (32, 16),
    (100, 16),
    (64, 1),
    (64, 4),
    (64, 64),
    (64, 256),
    (100, 1024),
];

/// Runs of each case.
const RUNS: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.windows(2).any(|pair| pair == ["--format", "json"]);
    for (blocks, nodes) in CASES {
        match measure(blocks, nodes) {
            Ok(case) => println!("{}", if json { case.json() } else { case.text() }),
            Err(error) => {
                eprintln!("{blocks} x {blocks} blocks on {nodes} nodes: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// One measured point.
struct Case {
    blocks: usize,
    nodes: usize,
    tasks: usize,
    transfers: usize,
    schedule_s: f64,
}

impl Case {
    fn tasks_per_s(&self) -> f64 {
        self.tasks as f64 / self.schedule_s
    }

    fn json(&self) -> String {
        serde_json::json!({
            "bench": "schedule",
            "workload": "matmul",
            "policy": "lshs",
            "blocks": self.blocks,
            "nodes": self.nodes,
            "tasks": self.tasks,
            "transfers": self.transfers,
            "schedule_s": self.schedule_s,
            "tasks_per_s": self.tasks_per_s(),
        })
        .to_string()
    }

    fn text(&self) -> String {
        format!(
            "matmul {:>3} x {:<3} blocks, {:>4} nodes: {:>7} tasks, {:>7} transfers in {:>7.1} ms, {:>9.0} tasks/s",
            self.blocks,
            self.blocks,
            self.nodes,
            self.tasks,
            self.transfers,
            self.schedule_s * 1e3,
            self.tasks_per_s(),
        )
    }
}

#[derive(Debug, thiserror::Error)]
enum BenchError {
    #[error(transparent)]
    Shape(#[from] ShapeError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Plan(#[from] PlanError),
}

fn measure(blocks: usize, nodes: usize) -> Result<Case, BenchError> {
    let cluster = Cluster::uniform(nodes, nodes as u32);
    let policy = policy::by_name("lshs")?;
    let mut runs = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let graph = square_product(blocks, nodes)?;
        let start = Instant::now();
        let graph = rewrite::apply(graph, &rewrite::Rules::all(), &cluster);
        let plan = Plan::new(&graph, &cluster, policy.as_ref())?;
        let schedule_s = start.elapsed().as_secs_f64();
        let (tasks, transfers) = (graph.tasks().count(), plan.transfers());
        runs.push(Case { blocks, nodes, tasks, transfers, schedule_s });
    }
    runs.sort_by(|a, b| a.schedule_s.total_cmp(&b.schedule_s));
    Ok(runs.swap_remove(RUNS / 2))
}

/// The product of two square matrices whose layouts match the nodes.
fn square_product(blocks: usize, nodes: usize) -> Result<TaskGraph, BenchError> {
    let mut graph = TaskGraph::new(ArrayId(0));
    let shape = Shape::new([blocks * BLOCK_SIDE, blocks * BLOCK_SIDE])?;
    let places = factor_over(nodes, &[blocks, blocks]);
    let spec = ArraySpec {
        dtype: DType::Float64,
        grid: Grid::with_counts(&shape, &[blocks, blocks]),
        layout: Layout::new(nodes as u32, &places, PlaceMap::Contiguous),
    };
    let mut source = || {
        let array = graph.next_array();
        BlockArray::source(&mut graph, array, &spec, |index| {
            vec![node_of_place(spec.place(index), nodes as u32, nodes)]
        })
    };
    let (a, b) = (source(), source());
    let array = graph.next_array();
    matmul(&mut graph, array, &a, &b, &spec)?.keep(&mut graph);
    Ok(graph)
}
