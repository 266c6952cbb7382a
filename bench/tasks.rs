//! How many tiny tasks a second go through the actors of an embedded cluster, planning included.
//!
//! 50 layers of 2,000 blocks of 8 elements; a task adds its block and its right neighbour of the layer before, so every
//! layer waits for the one before and blocks at the borders of nodes move. No rewrite is applied. The time runs from
//! the submission of the finished graph to the driver's word that all tasks are done; tasks are counted by the nodes.
//! `cargo bench --bench tasks -- --format json` prints one JSON object a line.

use nums_actors::{ClusterHandle, DriverConfig, NodeConfig};
use nums_lshs::build::{ArraySpec, BlockArray, create};
use nums_lshs::rewrite::Rules;
use nums_lshs::{
    ArrayId, BinaryOp, BlockName, Constant, Creation, DType, Grid, Op, Program, Shape, TaskGraph,
};
use std::error::Error;
use std::time::Instant;

const LAYERS: usize = 50;
const BLOCKS: usize = 2000;
const BLOCK_LEN: usize = 8;
const PLACES: u32 = 64;
/// Runs of each case, of which the median counts.
const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.windows(2).any(|pair| pair == ["--format", "json"]);
    for nodes in [1, 2, 4] {
        let mut runs = (0..RUNS).map(|_| measure(nodes)).collect::<Result<Vec<_>, _>>()?;
        runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let median = &runs[RUNS / 2];
        let Case { tasks, seconds, messages } = *median;
        let tasks_per_s = tasks as f64 / seconds;
        if json {
            println!(
                "{{\"bench\":\"tasks\",\"nodes\":{nodes},\"tasks\":{tasks},\"seconds\":{seconds:.4},\
                 \"tasks_per_s\":{tasks_per_s:.0},\"messages\":{messages}}}"
            );
        } else {
            println!(
                "{nodes} nodes: {tasks} tasks in {seconds:.3} s, {tasks_per_s:.0} a second, {messages} messages"
            );
        }
    }
    Ok(())
}

/// One run.
struct Case {
    tasks: u64,
    seconds: f64,
    messages: u64,
}

fn measure(nodes: usize) -> Result<Case, Box<dyn Error>> {
    let rewrites = Rules::none();
    let driver = DriverConfig { places: PLACES, policy: "lshs".to_owned(), rewrites };
    let cluster = ClusterHandle::embedded(nodes, NodeConfig::new(1), driver)?;
    let (graph, last) = layers()?;
    let client = cluster.client();
    let started = Instant::now();
    client.submit(graph)?;
    cluster.runtime().block_on(client.wait(vec![last]))?;
    let seconds = started.elapsed().as_secs_f64();
    let status = cluster.runtime().block_on(client.status())?;
    let tasks = status.iter().map(|node| node.tasks).sum();
    let messages = status.iter().map(|node| node.messages_out).sum();
    Ok(Case { tasks, seconds, messages })
}

/// The graph, and the array of its last layer.
fn layers() -> Result<(TaskGraph, ArrayId), Box<dyn Error>> {
    let mut graph = TaskGraph::new(ArrayId::TEMPORARIES);
    let shape = Shape::new([BLOCKS * BLOCK_LEN])?;
    let grid = Grid::uniform(&shape, &[BLOCK_LEN]);
    let spec = ArraySpec::with_grid(DType::Float64, grid, PLACES);
    let first = graph.next_array();
    let ones = Creation::Full(Constant::float64(1.0));
    let mut layer: BlockArray = create(&mut graph, first, ones, &spec)?;
    let mut array = first;
    for number in 0..LAYERS {
        array = ArrayId(number as u64);
        let blocks = (0..BLOCKS)
            .map(|index| {
                let read = [layer.blocks[index], layer.blocks[(index + 1) % BLOCKS]];
                let add = Op::Map(Program::binary(BinaryOp::Add, DType::Float64));
                graph.task(add, &read, spec.place(index), BlockName { array, index: index as u32 })
            })
            .collect::<Result<_, _>>()?;
        layer = BlockArray { spec: spec.clone(), blocks };
    }
    layer.keep(&mut graph);
    Ok((graph, array))
}
