//! The command `nums`: starts a node, joins a cluster, and shows the status of a cluster.

mod arguments;
mod report;
mod socket;

use arguments::{Arguments, Command, LogFormat, NodeArguments};
use clap::Parser;
use nums::{Node, NodeOptions, Session, readable_bytes};
use report::Row;
use socket::{Answer, LocalSocket, Request};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// How long a node that receives a signal may take to drain.
const DRAIN_MAX: Duration = Duration::from_secs(20);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr(arguments.log_format);
    match run(arguments.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            warn(error);
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Up(arguments) => {
            let socket = local_socket(&arguments)?;
            let node = Node::resume(options(arguments)).await.map_err(text)?;
            serve(node, socket, true).await
        }
        Command::Join { ticket, node: arguments } => {
            let socket = local_socket(&arguments)?;
            let options = options(arguments);
            let ticket = ticket.join(" ");
            let node = match (ticket.is_empty(), &options.data) {
                (false, _) => Node::join(&ticket, options).await,
                (true, Some(_)) => Node::rejoin(options).await,
                (true, None) => {
                    return Err(
                        "expected a ticket, or --data with the data folder of a member".to_owned()
                    );
                }
            };
            serve(node.map_err(text)?, socket, false).await
        }
        Command::Status { local, cluster, json } => {
            let rows = match cluster {
                Some(ticket) => ask_cluster(ticket).await?,
                None => match ask_local(local.data, &Request::Status).await? {
                    Answer::Status(rows) => rows,
                    other => return Err(unexpected(&other)),
                },
            };
            if json {
                say(serde_json::to_string(&rows).map_err(text)?);
            } else {
                say(report::table(&rows).trim_end());
            }
            Ok(())
        }
        Command::Ticket { local, once, expires, revoke } => {
            let request = if revoke { Request::Revoke } else { Request::Ticket { once, expires } };
            match ask_local(local.data, &request).await? {
                Answer::Ticket(ticket) => say(format_args!("nums join {ticket}")),
                Answer::Revoked(count) => say(format_args!("withdrew {count} valid tickets")),
                other => return Err(unexpected(&other)),
            }
            Ok(())
        }
        Command::Drain { node, local } => {
            match ask_local(local.data, &Request::Drain { node }).await? {
                Answer::Drained(name) => {
                    say(format_args!("{name} is drained and leaves the cluster"))
                }
                other => return Err(unexpected(&other)),
            }
            Ok(())
        }
    }
}

/// Writes a line to standard output. Errors are ignored: a node must keep running when its output is closed.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line to standard error, and ignores errors like [`say`].
fn warn(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "nums: {line}");
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The error for an answer of another kind than the request.
fn unexpected(answer: &Answer) -> String {
    format!("unexpected answer from the node: {answer:?}")
}

/// Binds the socket before the node starts, because two nodes with one data folder would be one member.
fn local_socket(arguments: &NodeArguments) -> Result<Option<LocalSocket>, String> {
    match &arguments.data {
        None => Ok(None),
        Some(data) => LocalSocket::bind(data)
            .map(Some)
            .map_err(|error| format!("cannot listen in {}: {error}", data.display())),
    }
}

/// Prints the node's name and ticket, and answers local requests until the node stops.
async fn serve(node: Node, socket: Option<LocalSocket>, invites: bool) -> Result<(), String> {
    let node = Arc::new(node);
    // The handler is installed before the first line is printed, so a signal after that line drains the node. Without a
    // handler, the signal ends the process.
    let mut terminations = signal(SignalKind::terminate()).ok();
    say(format_args!("node {} listens on {}", node.name(), node.listen_addr()));
    if let members @ 1.. = node.absent() {
        warn(format_args!(
            "this node is alone: none of the {members} admitting members that it remembers answers; if they are running, \
             stop this node and start it again with `nums join`"
        ));
    }
    match node.ticket() {
        Some(ticket) if invites => {
            say("To add a node, run this command on its machine:");
            say(format_args!("nums join {ticket}"));
        }
        None if invites => say("this node cannot admit others"),
        _ => say(format_args!("nodes in the cluster: {}", node.nodes())),
    }
    let (bytes, workers) = (node.memory_bytes(), node.workers());
    say(format_args!(
        "memory for blocks: {} ({bytes} bytes); workers: {workers}",
        readable_bytes(bytes)
    ));
    say("Press Ctrl-C to drain this node and exit.");
    let answering = async {
        match &socket {
            Some(socket) => socket.serve(node.clone()).await,
            None => std::future::pending().await,
        }
    };
    let outcome = tokio::select! {
        () = stopped(&mut terminations) => drain(&node, &mut terminations).await,
        () = answering => Ok(()),
        () = node.drained() => {
            say("drained");
            Ok(())
        }
        () = node.ended() => return Err("the connection to the cluster ended unexpectedly".to_owned()),
    };
    if let Some(socket) = &socket {
        socket.finish().await;
    }
    node.leave().await;
    outcome
}

/// Drains the node, unless that takes too long or a second signal arrives. An error means that blocks which only this
/// node has may be lost.
async fn drain(node: &Node, terminations: &mut Option<Signal>) -> Result<(), String> {
    warn("draining this node; a second Ctrl-C or SIGTERM exits at once");
    let name = node.name();
    let drained = tokio::select! {
        outcome = tokio::time::timeout(DRAIN_MAX, node.drain(&name)) => match outcome {
            Ok(outcome) => outcome.map(|_| ()).map_err(text),
            Err(_) => Err(format!("draining took more than {DRAIN_MAX:?}")),
        },
        () = stopped(terminations) => Err("a second signal arrived".to_owned()),
    };
    drained.map_err(|reason| format!("exits without draining; its blocks may be lost: {reason}"))
}

async fn ask_local(data: Option<PathBuf>, request: &Request) -> Result<Answer, String> {
    let data = data.ok_or("expected --data DIR, the data folder of the node, or NUMS_DATA")?;
    socket::ask(&data, request).await
}

/// Queries a cluster through a new session.
async fn ask_cluster(ticket: String) -> Result<Vec<Row>, String> {
    // Connecting blocks.
    let connected = tokio::task::spawn_blocking(move || Session::connect(&ticket)).await;
    let session = connected.map_err(text)?.map_err(text)?;
    let status = session.status().await.map_err(text)?;
    Ok(status.into_iter().map(Row::of_node).collect())
}

fn options(arguments: NodeArguments) -> NodeOptions {
    let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
    NodeOptions::default()
        .listen(arguments.listen)
        .workers(arguments.workers.map_or_else(cores, usize::from))
        .memory(arguments.memory)
        .data(arguments.data)
        .mdns(arguments.mdns)
}

/// Ends with Ctrl-C or SIGTERM.
async fn stopped(terminations: &mut Option<Signal>) {
    let terminated = async {
        match terminations {
            Some(signals) => {
                signals.recv().await;
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

fn log_to_stderr(format: LogFormat) {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // Color codes make a log file hard to read.
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let logs = tracing_subscriber::fmt()
        .with_env_filter(chosen)
        .with_ansi(colours)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().init(),
    }
}
