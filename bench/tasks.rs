//! What a tiny task costs on its way through the actors: the node's machine, a worker, and back.
//!
//! - `layers`: 50 layers of 2,000 blocks of 8 elements. A task adds its block and its right neighbour of the layer
//!   before, so every layer waits for the one before, and blocks at the borders of nodes move.
//! - `identity`: tasks that copy a block each of an array that is there, for 1, 2, 4 and 8 nodes and 10 to 10,000
//!   tasks: what a task costs is the same wherever there are enough of them to share the cost of a plan.
//!
//! Planning is included, and no rewrite is applied. The time runs from the submission of the finished
//! graph to the driver's word that all tasks are done; tasks and messages are counted by the nodes. Each case has a
//! warm-up, and then the median of its runs counts.
//!
//! `cargo bench --bench tasks -- --format json` prints one JSON object a line; `--processes 2` runs `layers` and
//! `identity` on so many node processes, connected over loopback, in place of embedded nodes.

use nums_actors::{ClusterHandle, DriverConfig, Node, NodeConfig, NodeOptions, NodeStatus};
use nums_lshs::array_op::{ArraySpec, BlockArray, create, elementwise};
use nums_lshs::rewrite::Rules;
use nums_lshs::{
    ArrayId, BinaryOp, BlockName, Constant, Creation, DType, Grid, Op, Program, Shape, TaskGraph,
};
use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const LAYERS: usize = 50;
const BLOCKS: usize = 2000;
const BLOCK_LEN: usize = 8;
const PLACES: u32 = 64;
/// Runs of each case, of which the median counts, after one to warm up.
const RUNS: usize = 5;
/// How long the nodes may take to find each other.
const MEMBERS_WAIT_MAX: Duration = Duration::from_secs(10);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value =
        |name: &str| arguments.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1].as_str());
    if let Some(ticket) = value("--node") {
        return run_node(ticket);
    }
    let json = value("--format") == Some("json");
    let show = |row: Row| println!("{}", if json { row.json() } else { row.text() });
    if let Some(processes) = value("--processes") {
        let processes: usize = processes.parse()?;
        let mut bed = Bed::of_processes(processes)?;
        show(bed.measure("layers", layers)?);
        show(bed.measure_identity(10_000)?);
        return Ok(());
    }
    for nodes in [1, 2, 4, 8] {
        show(Bed::embedded(nodes)?.measure("layers", layers)?);
    }
    for nodes in [1, 2, 4, 8] {
        let mut bed = Bed::embedded(nodes)?;
        for tasks in [10, 100, 1000, 10_000] {
            show(bed.measure_identity(tasks)?);
        }
    }
    Ok(())
}

/// A measured case.
struct Row {
    workload: &'static str,
    nodes: usize,
    processes: usize,
    /// Per run.
    tasks: u64,
    messages: u64,
    seconds: f64,
}

impl Row {
    fn tasks_per_s(&self) -> f64 {
        self.tasks as f64 / self.seconds
    }

    fn json(&self) -> String {
        serde_json::json!({
            "bench": "tasks",
            "workload": self.workload,
            "nodes": self.nodes,
            "processes": self.processes,
            "tasks": self.tasks,
            "seconds": self.seconds,
            "tasks_per_s": self.tasks_per_s().round(),
            "messages": self.messages,
        })
        .to_string()
    }

    fn text(&self) -> String {
        format!(
            "{:<8} {} nodes in {} processes: {:>6} tasks in {:>8.2} ms, {:>7.0} a second, {:>6.2} us each, {} messages",
            self.workload,
            self.nodes,
            self.processes,
            self.tasks,
            self.seconds * 1e3,
            self.tasks_per_s(),
            self.seconds * 1e6 / self.tasks as f64,
            self.messages,
        )
    }
}

/// A graph, and the array that it makes.
type Work = (TaskGraph, ArrayId);

/// A cluster that runs graphs.
struct Bed {
    cluster: ClusterHandle,
    processes: usize,
    /// Numbers of arrays that are taken.
    taken: u64,
    /// Node processes; they end with their standard input.
    _children: Vec<Child>,
}

impl Bed {
    fn embedded(nodes: usize) -> Outcome<Bed> {
        let cluster = ClusterHandle::embedded(nodes, NodeConfig::new(1), driver())?;
        Ok(Bed { cluster, processes: 1, taken: 0, _children: Vec::new() })
    }

    fn of_processes(processes: usize) -> Outcome<Bed> {
        let mut children = Vec::new();
        let mut ticket = String::new();
        for _ in 0..processes {
            let mut child = Command::new(std::env::current_exe()?)
                .args(["--node", if ticket.is_empty() { "none" } else { &ticket }])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()?;
            let output = child.stdout.take().ok_or("a node without an output")?;
            let mut line = String::new();
            BufReader::new(output).read_line(&mut line)?;
            if ticket.is_empty() {
                line.trim().clone_into(&mut ticket);
            }
            children.push(child);
        }
        let cluster = ClusterHandle::connect(&ticket, driver())?;
        let bed = Bed { cluster, processes, taken: 0, _children: children };
        let started = Instant::now();
        while bed.status()?.len() < processes {
            if started.elapsed() > MEMBERS_WAIT_MAX {
                return Err("the nodes did not find each other".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(bed)
    }

    /// Copies the blocks of an array that is made first.
    fn measure_identity(&mut self, tasks: usize) -> Outcome<Row> {
        let mut graph = TaskGraph::new(ArrayId::TEMPORARIES);
        let (spec, source) = (spec(tasks)?, ArrayId(self.taken));
        ones(&mut graph, source, &spec)?.keep(&mut graph);
        self.run((graph, source))?;
        let row = self.measure("identity", |first| identity(first, source, &spec))?;
        self.release(source)?;
        Ok(row)
    }

    /// Runs what `work` makes, given the number of the first array that it may name.
    fn measure(
        &mut self,
        workload: &'static str,
        work: impl Fn(u64) -> Outcome<Work>,
    ) -> Outcome<Row> {
        let run = |bed: &mut Bed| {
            let (graph, made) = work(bed.taken)?;
            let seconds = bed.run((graph, made))?;
            bed.release(made)?;
            Ok::<_, Box<dyn Error>>(seconds)
        };
        run(self)?;
        let before = count(&self.status()?);
        let seconds = (0..RUNS).map(|_| run(self)).collect::<Result<Vec<_>, _>>()?;
        let status = self.status()?;
        let per_run = |after: u64, before: u64| (after - before) / RUNS as u64;
        let after = count(&status);
        Ok(Row {
            workload,
            nodes: status.len(),
            processes: self.processes,
            tasks: per_run(after.0, before.0),
            messages: per_run(after.1, before.1),
            seconds: median(seconds),
        })
    }

    fn run(&mut self, (graph, made): Work) -> Outcome<f64> {
        self.taken = made.0 + 1;
        let (client, runtime) = (self.cluster.client(), self.cluster.runtime());
        let started = Instant::now();
        client.submit(graph)?;
        runtime.block_on(client.wait(vec![made]))?;
        Ok(started.elapsed().as_secs_f64())
    }

    fn release(&self, array: ArrayId) -> Outcome<()> {
        let busy = |_| "the driver is too busy to release an array".into();
        self.cluster.client().release(vec![array]).map_err(busy)
    }

    fn status(&self) -> Outcome<Vec<NodeStatus>> {
        Ok(self.cluster.runtime().block_on(self.cluster.client().status())?)
    }
}

fn driver() -> DriverConfig {
    DriverConfig { places: PLACES, policy: "lshs".to_owned(), rewrites: Rules::none() }
}

/// Tasks that the nodes have run, and messages that they have sent.
fn count(status: &[NodeStatus]) -> (u64, u64) {
    let tasks = status.iter().map(|node| node.tasks).sum();
    (tasks, status.iter().map(|node| node.messages_out).sum())
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// A node of its own process: it prints a ticket, and ends when its input does.
fn run_node(ticket: &str) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let options = NodeOptions::default().listen(listen).workers(1);
    let node = runtime.block_on(async {
        if ticket == "none" {
            Node::found(options).await
        } else {
            Node::join(ticket, options).await
        }
    })?;
    println!("{}", node.ticket().unwrap_or_default());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// A row of tiny blocks.
fn spec(blocks: usize) -> Outcome<ArraySpec> {
    let grid = Grid::uniform(&Shape::new([blocks * BLOCK_LEN])?, &[BLOCK_LEN]);
    Ok(ArraySpec::with_grid(DType::Float64, grid, PLACES))
}

fn ones(graph: &mut TaskGraph, array: ArrayId, spec: &ArraySpec) -> Outcome<BlockArray> {
    Ok(create(graph, array, Creation::Full(Constant::float64(1.0)), spec)?)
}

/// Each layer adds neighbours of the one before.
fn layers(first: u64) -> Outcome<Work> {
    let mut graph = TaskGraph::new(ArrayId::TEMPORARIES);
    let spec = spec(BLOCKS)?;
    let start = graph.next_array();
    let mut layer = ones(&mut graph, start, &spec)?;
    let last = ArrayId(first + LAYERS as u64 - 1);
    for number in 0..LAYERS as u64 {
        let array = ArrayId(first + number);
        let blocks = (0..BLOCKS)
            .map(|index| {
                let read = [layer.blocks[index], layer.blocks[(index + 1) % BLOCKS]];
                let add = Op::Map(Program::binary(BinaryOp::Add, DType::Float64));
                let name = BlockName { array, index: index as u32 };
                graph.task(add, &read, spec.place(index), name)
            })
            .collect::<Result<_, _>>()?;
        layer = BlockArray { spec: spec.clone(), blocks };
    }
    layer.keep(&mut graph);
    Ok((graph, last))
}

/// A copy of each block of an array.
fn identity(first: u64, source: ArrayId, spec: &ArraySpec) -> Outcome<Work> {
    let mut graph = TaskGraph::new(ArrayId::TEMPORARIES);
    let source = BlockArray::source(&mut graph, source, spec, |_| Vec::new());
    let copy = Program::identity(DType::Float64);
    elementwise(&mut graph, ArrayId(first), &copy, &[&source], spec)?.keep(&mut graph);
    Ok((graph, ArrayId(first)))
}
