//! What the whole-system tests share: the expression that goes the whole way, and node processes.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test binary uses a part; a failed unwrap is a failed test"
)]

use nums::{DistArray, Error, Index, NodeStatus, PlanReport, Session};
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

/// What NumPy 2.4 prints for `y[17, 1999], y.sum(), np.exp(-x).sum()`.
pub const NUMPY: [f64; 3] = [279.9626316669999, 32007986664.668, 981684.8519535281];

/// x = arange(4e6).reshape(2000, 2000) / 1e6; y = x @ x.T + x; the three numbers that are printed of them.
pub fn column(session: &Session) -> Result<[f64; 3], Error> {
    let x = session.arange(0.0, 4e6, 1.0)?.reshape(&[2000, 2000])? / 1e6;
    let y = x.dot(&x.t()) + &x;
    let results = [y.index(&[Index::At(17), Index::At(1999)])?, y.sum(), (-&x).exp().sum()];
    let pending = results.each_ref().map(DistArray::fetch::<f64>);
    let [first, second, third] = pending.map(|number| number.wait().map(|array| array[[]]));
    Ok([first?, second?, third?])
}

/// Holds what the column gave on a session of `nodes` nodes against NumPy, the plans, and the transports.
pub fn check_column(session: &Session, nodes: usize) -> [u64; 3] {
    let found = column(session).unwrap();
    for (found, expected) in found.iter().zip(NUMPY) {
        let error = (found - expected).abs() / expected;
        assert!(error <= 1e-12, "{found} for {expected} on {nodes} nodes");
    }
    let plans = session.plans().wait().unwrap();
    assert_eq!(plans.len(), 3);
    assert_bytes_as_predicted(&plans, &session.status().wait().unwrap(), nodes);
    // The client received three numbers and nothing else.
    assert_eq!(session.bytes_received(), 24);
    found.map(f64::to_bits)
}

/// Every node ran tasks and, with others, moved bytes; the bytes that the plans predicted are those that the nodes
/// measured and those that their transports counted.
pub fn assert_bytes_as_predicted(plans: &[PlanReport], status: &[NodeStatus], nodes: usize) {
    assert_eq!(status.len(), nodes);
    let parts = || plans.iter().flat_map(|plan| &plan.nodes);
    for (node, predicted, measured) in parts() {
        assert!(
            measured.is_as_predicted(predicted),
            "{node}: {measured:?}, predicted {predicted:?}"
        );
    }
    for node in status {
        let own = || parts().filter(|(name, ..)| name.as_str() == node.name);
        let bytes_in: u64 = own().map(|(_, _, measured)| measured.bytes_in).sum();
        let bytes_out: u64 = own().map(|(_, _, measured)| measured.bytes_out).sum();
        let tasks: u64 = own().map(|(_, _, measured)| measured.tasks).sum();
        assert_eq!((node.tasks, node.bytes_in), (tasks, bytes_in), "{}", node.name);
        // What a transport sends beyond the plans are the results that the client reads: three numbers in all.
        let to_client = node.bytes_out - bytes_out;
        assert!(to_client <= 24, "{} sent {to_client} bytes beyond its plans", node.name);
        assert!(tasks > 0, "{} ran nothing", node.name);
        assert!(nodes == 1 || bytes_in + bytes_out > 0, "{} moved nothing", node.name);
    }
}

/// Runs the command `ip`, silently: whether it did what it was asked.
pub fn ip(arguments: &str) -> bool {
    let command = Command::new("ip")
        .args(arguments.split(' '))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    command.is_ok_and(|status| status.success())
}

/// `nums` in a network namespace. `ip` becomes the process that it starts, so it is ended by the same id.
pub fn nums_in(space: &str) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", space, env!("CARGO_BIN_EXE_nums")]);
    command
}

/// A `nums` process on loopback; it is ended, by its id, when it is dropped.
pub struct NodeProcess {
    child: Child,
    /// The name of the node.
    pub name: String,
    /// Read to its end by nobody: a node prints only when it starts.
    printed: Lines<BufReader<ChildStdout>>,
}

impl NodeProcess {
    /// `nums up`; gives the ticket that it prints.
    pub fn up() -> (NodeProcess, String) {
        NodeProcess::found(&[])
    }

    /// `nums up` on a data folder.
    pub fn up_in(data: &str) -> (NodeProcess, String) {
        NodeProcess::found(&["--data", data])
    }

    fn found(options: &[&str]) -> (NodeProcess, String) {
        let mut process = NodeProcess::start(&[&["up"], options].concat());
        let ticket = process.ticket();
        (process, ticket)
    }

    /// The ticket that a node prints which founds a cluster; to be asked for once.
    pub fn ticket(&mut self) -> String {
        let last = self.printed.nth(1).unwrap().unwrap();
        last.strip_prefix("nums join ").unwrap().to_owned()
    }

    /// `nums join TICKET`.
    pub fn join(ticket: &str) -> NodeProcess {
        NodeProcess::start(&["join", ticket])
    }

    /// `nums join TICKET` with options.
    pub fn join_with(ticket: &str, options: &[&str]) -> NodeProcess {
        NodeProcess::start(&[&["join", ticket], options].concat())
    }

    /// `nums join` on a data folder, with a ticket or without.
    pub fn join_in(ticket: &[&str], data: &str) -> NodeProcess {
        NodeProcess::start(&[&["join", "--data", data], ticket].concat())
    }

    fn start(arguments: &[&str]) -> NodeProcess {
        NodeProcess::run(Command::new(env!("CARGO_BIN_EXE_nums")), arguments)
    }

    /// Starts a process in a network namespace.
    pub fn start_in(space: &str, arguments: &[&str]) -> NodeProcess {
        NodeProcess::run(nums_in(space), arguments)
    }

    /// Starts a process and reads the first line that it prints when it is ready.
    pub fn run(mut command: Command, arguments: &[&str]) -> NodeProcess {
        let mut child = command
            .args(arguments)
            .args(["--workers", "1"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = printed.next();
        let Some(Ok(first)) = first else {
            let _ = child.kill();
            panic!("{arguments:?} ended with {:?}", child.wait());
        };
        let name = first.split(' ').nth(1).unwrap().to_owned();
        NodeProcess { child, name, printed }
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end, at most 20 s.
    pub fn wait(&mut self) -> ExitStatus {
        for _ in 0..1000 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("process {} has not ended", self.id());
    }
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
