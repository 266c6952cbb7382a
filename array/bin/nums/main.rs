//! The command `nums`: start a node of a cluster, join one, and ask how it is.

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

/// How long a node that is told to stop may take to hand on what it holds.
const HAND_ON_MAX: Duration = Duration::from_secs(20);

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
                    return Err("a ticket is needed, or the data folder of a member".to_owned());
                }
            };
            serve(node.map_err(text)?, socket, false).await
        }
        Command::Status { local, cluster, json } => {
            let rows = match cluster {
                Some(ticket) => ask_cluster(ticket).await?,
                None => match ask_local(local.data, &Request::Status).await? {
                    Answer::Status(rows) => rows,
                    other => return Err(format!("the node answered {other:?}")),
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
                Answer::Revoked(count) => {
                    say(format_args!("withdrew {count} tickets that still admitted"))
                }
                other => return Err(format!("the node answered {other:?}")),
            }
            Ok(())
        }
        Command::Drain { node, local } => {
            match ask_local(local.data, &Request::Drain { node }).await? {
                Answer::Drained(name) => {
                    say(format_args!("{name} has handed on what it held, and leaves"))
                }
                other => return Err(format!("the node answered {other:?}")),
            }
            Ok(())
        }
    }
}

/// Writes a line for whoever reads. A node lives on, and hands on what it holds, when nobody does any more.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line about what is wrong or takes long, as [`say`] does.
fn warn(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "nums: {line}");
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The socket comes first: two nodes on one data folder would be one member.
fn local_socket(arguments: &NodeArguments) -> Result<Option<LocalSocket>, String> {
    match &arguments.data {
        None => Ok(None),
        Some(data) => LocalSocket::bind(data)
            .map(Some)
            .map_err(|error| format!("cannot listen in {}: {error}", data.display())),
    }
}

/// Says who the node is, and answers local questions until it is stopped.
async fn serve(node: Node, socket: Option<LocalSocket>, invites: bool) -> Result<(), String> {
    let node = Arc::new(node);
    // From the first line on the node can be told to stop. Without a handler the signal ends the process anyway.
    let mut terminations = signal(SignalKind::terminate()).ok();
    say(format_args!("node {} listens on {}", node.name(), node.listen_addr()));
    if let members @ 1.. = node.absent() {
        warn(format_args!(
            "this node is alone: it remembers {members} that admit, and none of them answers; if they run, stop this \
             node and start it again with `nums join`"
        ));
    }
    match node.ticket() {
        Some(ticket) if invites => {
            say("to add a node, type on its machine:");
            say(format_args!("nums join {ticket}"));
        }
        None if invites => say("this node admits no others"),
        _ => say(format_args!("it is a member of a cluster of {} nodes", node.nodes())),
    }
    let (bytes, workers) = (node.memory_bytes(), node.workers());
    say(format_args!(
        "its blocks may take up {} ({bytes} bytes); workers: {workers}",
        readable_bytes(bytes)
    ));
    say("Ctrl-C lets it hand on what it holds, and leave");
    let answering = async {
        match &socket {
            Some(socket) => socket.serve(node.clone()).await,
            None => std::future::pending().await,
        }
    };
    let outcome = tokio::select! {
        () = stopped(&mut terminations) => hand_on(&node, &mut terminations).await,
        () = answering => Ok(()),
        () = node.drained() => {
            say("drained");
            Ok(())
        }
        () = node.ended() => return Err("the membership ended by itself".to_owned()),
    };
    if let Some(socket) = &socket {
        socket.finish().await;
    }
    node.leave().await;
    outcome
}

/// Hands on what the node holds before it leaves, unless that takes too long or it is told again to stop. An error says
/// that blocks which only this node has may go with it.
async fn hand_on(node: &Node, terminations: &mut Option<Signal>) -> Result<(), String> {
    warn("handing on what this node holds; told once more, it leaves at once");
    let name = node.name();
    let handed_on = tokio::select! {
        outcome = tokio::time::timeout(HAND_ON_MAX, node.drain(&name)) => match outcome {
            Ok(outcome) => outcome.map(|_| ()).map_err(text),
            Err(_) => Err(format!("not handed on within {HAND_ON_MAX:?}")),
        },
        () = stopped(terminations) => Err("told twice to stop".to_owned()),
    };
    handed_on.map_err(|why| format!("left with what it held: {why}"))
}

async fn ask_local(data: Option<PathBuf>, request: &Request) -> Result<Answer, String> {
    let data = data.ok_or("which node? say --data FOLDER, its data folder, or set NUMS_DATA")?;
    socket::ask(&data, request).await
}

/// Asks through a session of its own.
async fn ask_cluster(ticket: String) -> Result<Vec<Row>, String> {
    // Connecting blocks.
    let connected = tokio::task::spawn_blocking(move || Session::connect(&ticket)).await;
    let session = connected.map_err(text)?.map_err(text)?;
    let status = session.status().await.map_err(text)?;
    Ok(status.into_iter().map(Row::of_node).collect())
}

fn options(arguments: NodeArguments) -> NodeOptions {
    let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
    NodeOptions {
        listen: arguments.listen,
        workers: arguments.workers.map_or_else(cores, usize::from),
        memory: arguments.memory,
        data: arguments.data,
        mdns: arguments.mdns,
    }
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
    // In a file the codes of colours are noise.
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
