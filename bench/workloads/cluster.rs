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
    _nodes: Vec<NodeProcess>,
}

impl Cluster {
    pub(crate) fn start(form: Form) -> Outcome<Cluster> {
        match form {
            Form::Embedded => Ok(Cluster { session: Session::embedded(2)?, _nodes: Vec::new() }),
            Form::Processes => {
                let (first, ticket) = NodeProcess::start(&["up"])?;
                let (second, _) = NodeProcess::start(&["join", &ticket])?;
                let session = Session::connect(&ticket)?;
                Ok(Cluster { session, _nodes: vec![first, second] })
            }
        }
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
