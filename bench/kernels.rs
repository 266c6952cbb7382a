//! Block operations on one thread, each beside faer or ndarray on the same block and beside the memory bandwidth.
//!
//! The bandwidth is that of a copy, a triad (a = b + 3 c) and a sum over arrays of the same size, in the same run. A
//! kernel's bytes are those of its inputs and its result, each once; results are written to memory that was used before,
//! as a node's are. Every case runs alternately with its peer, and the fastest run of each counts, as in STREAM, by the
//! time that the thread had a processor: the machine may have other work. `cargo bench --bench kernels -- --format json` prints one JSON object a line, and a last
//! argument that is part of a name (`-- matmul`) picks cases.
//!
//! Source of the method: J. McCalpin, "Memory bandwidth and machine balance in current high performance computers", 1995.

mod kernels {
    pub(crate) mod cases;
    pub(crate) mod dense;
    pub(crate) mod memory;
    pub(crate) mod report;
}

use kernels::report::Report;
use kernels::{cases, dense, memory};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.windows(2).any(|pair| pair == ["--format", "json"]);
    let picked = arguments.last().filter(|last| !last.starts_with("--") && *last != "json");
    // What of faer is called without an argument for it would use all cores.
    faer::set_global_parallelism(faer::Par::Seq);
    let mut report = Report::new(json, picked.cloned());
    let bandwidth = memory::bandwidth(&mut report);
    report.set_bandwidth(bandwidth);
    cases::elementwise(&mut report);
    cases::reductions(&mut report);
    cases::movement(&mut report);
    cases::creation(&mut report);
    dense::products(&mut report);
    dense::factorisations(&mut report);
    dense::models(&mut report);
}
