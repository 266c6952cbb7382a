//! One workload of the yardstick on our own arrays, as `bench/peers/one.py` runs it on a peer.
//!
//! `workloads NAME --form embedded|processes SIZE...` makes the data, runs the workload once untimed and once timed, and
//! prints a line of JSON: `{"seconds": ..., "cpu_seconds": ..., "checksum": ...}`. The result is on the nodes when the clock stops, and its
//! checksum has been computed. Two workers compute in either form: those of two nodes in this process, or of two
//! processes that `nums up` and `nums join` have started.
//!
//! `workloads scaling` prints how time and bytes grow with nodes and with blocks, as lines of JSON.

mod cluster;
mod dense;
mod passes;
mod scaling;
mod small;

use cluster::{Cluster, Form};
use nums::{DistArray, Session};
use serde_json::json;
use std::error::Error;
use std::time::Instant;

/// A workload whose data is ready: every call runs it once and gives the checksum of its result.
type Run = Box<dyn FnMut() -> Outcome<f64>>;
type Outcome<T> = Result<T, Box<dyn Error>>;

const USAGE: &str = "usage: workloads NAME --form embedded|processes SIZE...";

fn main() -> Outcome<()> {
    // `cargo bench` adds a flag of its own, and without further arguments asks for what needs none.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["scaling"] => scaling::print(),
        [name, "--form", form, ref sizes @ ..] => {
            let sizes = sizes.iter().map(|size| size.parse()).collect::<Result<Vec<_>, _>>()?;
            let cluster = Cluster::start(form.parse::<Form>()?)?;
            measure(prepare(name, &cluster.session, &sizes)?, &cluster)
        }
        _ => Err(USAGE.into()),
    }
}

/// The first run warms what every system keeps warm: code, memory, connections.
fn measure(mut run: Run, cluster: &Cluster) -> Outcome<()> {
    run()?;
    let cpu_before = cluster.cpu_seconds()?;
    let started = Instant::now();
    let checksum = run()?;
    let seconds = started.elapsed().as_secs_f64();
    let cpu_seconds = cluster.cpu_seconds()? - cpu_before;
    let line = json!({ "seconds": seconds, "cpu_seconds": cpu_seconds, "checksum": checksum });
    println!("{line}");
    Ok(())
}

fn prepare(name: &str, session: &Session, sizes: &[usize]) -> Outcome<Run> {
    match (name, sizes) {
        ("matmul4096" | "matmul8192", &[n]) => dense::matmul(session, n),
        ("xtx", &[rows, columns]) => dense::xtx(session, rows, columns),
        ("newton28" | "newton256", &[rows, columns]) => dense::newton(session, rows, columns),
        ("lbfgs28", &[rows, columns]) => dense::lbfgs(session, rows, columns),
        ("mttkrp", &[n, rank]) => dense::mttkrp(session, n, rank),
        ("tensordot", &[n, rank]) => dense::tensordot(session, n, rank),
        ("qr_r", &[rows, columns]) => dense::qr_r(session, rows, columns),
        ("qr", &[rows, columns]) => dense::qr(session, rows, columns),
        ("cholesky", &[n]) => dense::cholesky(session, n),
        ("fused", &[n]) => passes::fused(session, n),
        ("add_fresh" | "add_into", &[n]) => passes::add(session, n),
        ("moments0", &[rows, columns]) => passes::moments(session, rows, columns, 0),
        ("moments1", &[rows, columns]) => passes::moments(session, rows, columns, 1),
        ("transpose", &[n]) => passes::transpose(session, n),
        ("sort", &[n]) => passes::sort(session, n),
        ("redistribute", &[n]) => passes::redistribute(session, n),
        ("csv", &[rows, columns]) => small::csv(session, rows, columns),
        ("tasks", &[count]) => small::tasks(session, count),
        ("blocks", &[count, len]) => small::blocks(session, count, len),
        _ => Err(format!("no workload {name} takes the sizes {sizes:?}; {USAGE}").into()),
    }
}

/// Uniform numbers in 0..1, those of NumPy's Philox generator with this key, on the nodes.
fn uniform(session: &Session, key: u64, shape: &[usize]) -> Outcome<DistArray> {
    let array = session.random(key).random(shape)?;
    array.eval().wait()?;
    Ok(array)
}

/// The one number of an array of one.
fn number(array: &DistArray) -> Outcome<f64> {
    Ok(array.fetch::<f64>().wait()?.sum())
}
