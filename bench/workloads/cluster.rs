//! The forms of a cluster that a user has.

use crate::Outcome;
use nums::Session;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::str::FromStr;

/// Where the two workers are.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// In two nodes of this process.
    Embedded,
    /// In two processes, connected over loopback.
    Processes,
}

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Form, String> {
        match text {
            "embedded" => Ok(Form::Embedded),
            "processes" => Ok(Form::Processes),
            other => Err(format!("the form is embedded or processes, not {other}")),
        }
    }
}

/// A cluster with a session on it.
pub(crate) struct Cluster {
    // Dropped first, so that the session says goodbye to nodes that still run.
    pub(crate) session: Session,
    nodes: Vec<NodeProcess>,
}

impl Cluster {
    pub(crate) fn start(form: Form) -> Outcome<Cluster> {
        match form {
            Form::Embedded => Ok(Cluster {
                session: Session::builder().nodes(2).workers(1).embedded()?,
                nodes: Vec::new(),
            }),
            Form::Processes => {
                let (first, ticket) = NodeProcess::start(&["up"])?;
                let (second, _) = NodeProcess::start(&["join", &ticket])?;
                let session = Session::connect(&ticket)?;
                Ok(Cluster { session, nodes: vec![first, second] })
            }
        }
    }

    /// Time on cores that the processes of the cluster have taken so far, in hundredths of a second.
    pub(crate) fn cpu_seconds(&self) -> Outcome<f64> {
        let others = self.nodes.iter().map(|node| node.0.id());
        others.chain([std::process::id()]).map(cpu_seconds).sum()
    }
}

/// A node of one worker; the process is ended with it.
struct NodeProcess(Child);

impl NodeProcess {
    /// Starts a node and waits until it is ready; gives its ticket, if it prints one.
    fn start(arguments: &[&str]) -> Outcome<(NodeProcess, String)> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nums"));
        command.args(arguments).args(["--listen", "127.0.0.1:0", "--workers", "1"]);
        let mut node = NodeProcess(command.stdout(Stdio::piped()).spawn()?);
        let printed = node.0.stdout.take().ok_or("the node prints nothing")?;
        let mut lines = BufReader::new(printed).lines();
        let first = lines.next().ok_or_else(|| format!("nums {arguments:?} ended at once"))??;
        if arguments == ["up"] {
            for line in lines {
                if let Some(ticket) = line?.strip_prefix("nums join ") {
                    return Ok((node, ticket.to_owned()));
                }
            }
            return Err(format!("no ticket came after {first:?}").into());
        }
        Ok((node, String::new()))
    }
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn cpu_seconds(process: u32) -> Outcome<f64> {
    // What Linux counts in on every architecture that it runs servers on.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name of the program stands in brackets and may hold spaces; user and system time follow further on.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let times = fields.skip(11).take(2).map(|ticks| Ok(ticks.parse::<u32>()?));
    Ok(f64::from(times.sum::<Outcome<u32>>()?) / TICKS_PER_SECOND)
}
