//! The command `nums`: start a node of a cluster, or join one.

use clap::{Args, Parser, Subcommand, ValueEnum};
use nums::{ClusterError, Node, NodeOptions};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Distributed arrays on a peer-to-peer cluster.
#[derive(Parser)]
#[command(name = "nums", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// How logs are written to standard error; RUST_LOG chooses what.
    #[arg(long, value_enum, default_value_t = LogFormat::Text, global = true)]
    log_format: LogFormat,
}

#[derive(Subcommand)]
enum Command {
    /// Found a cluster with this node as its first member, and print a ticket for others.
    Up(NodeArguments),
    /// Join the cluster of a ticket as a node.
    Join {
        /// What `nums up` printed on the first node.
        ticket: String,
        #[command(flatten)]
        node: NodeArguments,
    },
}

#[derive(Args)]
struct NodeArguments {
    /// Where to listen for other members; port 0 takes any free port.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Worker threads; the number of cores unless said.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    workers: Option<u16>,
    /// The folder of the node's keys; without one they last as long as the process.
    #[arg(long)]
    data: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr(arguments.log_format);
    match run(arguments.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nums: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), ClusterError> {
    let node = match command {
        Command::Up(arguments) => {
            let node = Node::found(options(arguments)).await?;
            println!("node {} listens on {}", node.name(), node.listen_addr());
            match node.ticket() {
                Some(ticket) => {
                    println!("to add a node, type on its machine:");
                    println!("nums join {ticket}");
                }
                None => println!("this node admits no others"),
            }
            node
        }
        Command::Join { ticket, node } => {
            let node = Node::join(&ticket, options(node)).await?;
            println!("node {} listens on {}", node.name(), node.listen_addr());
            node
        }
    };
    tokio::select! {
        () = stopped() => {}
        () = node.ended() => {
            return Err(ClusterError::Join("the membership ended by itself".to_owned()));
        }
    }
    node.leave().await;
    Ok(())
}

fn options(arguments: NodeArguments) -> NodeOptions {
    let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
    NodeOptions {
        listen: arguments.listen,
        workers: arguments.workers.map_or_else(cores, usize::from),
        data: arguments.data,
    }
}

/// Ends with Ctrl-C or SIGTERM.
async fn stopped() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            // Without the handler the signal ends the process anyway.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

fn log_to_stderr(format: LogFormat) {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(chosen).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().init(),
    }
}
