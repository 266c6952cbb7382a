//! A product of matrices on a cluster of processes or machines, and what each node did for it.
//!
//! `cargo run --release --example cluster -- TICKET`, with a ticket from `nums up` or `nums ticket`; docs/cluster.md shows
//! how to set up a cluster. Without a ticket, the example runs on two nodes in this process.

use nums::{Error, Session};

fn main() -> Result<(), Error> {
    let session = match std::env::args().nth(1) {
        Some(ticket) => Session::connect(&ticket)?,
        None => Session::embedded(2)?,
    };
    println!("{} nodes", session.nodes());

    let x = session.arange(0.0, 4e6, 1.0)?.reshape(&[2000, 2000])? / 1e6;
    let y = x.dot(&x.t());
    // Both sums run at the same time; neither matrix ever comes here.
    let (sum, trace) = (y.sum().fetch::<f64>(), (&x * &x).sum().fetch::<f64>());
    let (sum, trace) = (sum.wait()?[[]], trace.wait()?[[]]);
    println!("sum of x @ x.T {sum}, its trace {trace}");
    println!("bytes received by this session: {}", session.bytes_received());

    for node in session.status().wait()? {
        println!(
            "{}: {} tasks, {} bytes in, {} bytes out, {} bytes in {} blocks",
            node.name, node.tasks, node.bytes_in, node.bytes_out, node.stored_bytes, node.blocks
        );
    }
    Ok(())
}
