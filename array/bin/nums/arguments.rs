//! What can be typed behind `nums`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Distributed arrays on a peer-to-peer cluster.
#[derive(Parser)]
#[command(name = "nums", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// How logs are written to standard error; RUST_LOG chooses what.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub(crate) log_format: LogFormat,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Found a cluster with this node as its first member, and print a ticket for others; or go on with the cluster
    /// that the data folder remembers.
    Up(NodeArguments),
    /// Join a cluster as a node.
    Join {
        /// What `nums up` or `nums ticket` printed; a node that was a member before comes back without one.
        ticket: Option<String>,
        #[command(flatten)]
        node: NodeArguments,
    },
    /// Show the members of a cluster: tasks, bytes, memory, blocks, versions.
    Status {
        #[command(flatten)]
        local: LocalArguments,
        /// Ask the cluster of this ticket rather than the local node.
        #[arg(long, value_name = "TICKET", conflicts_with = "data")]
        cluster: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a ticket of the local node.
    Ticket {
        #[command(flatten)]
        local: LocalArguments,
        /// It admits one node or session only.
        #[arg(long)]
        once: bool,
        /// How long it admits, for example 10m or 2h; a day unless said.
        #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
        expires: Option<Duration>,
        /// Withdraw all tickets that the local node has given out, and print none.
        #[arg(long, conflicts_with_all = ["once", "expires"])]
        revoke: bool,
    },
    /// Hand the blocks that only a node has to the other nodes, and let it leave. Nothing is computed again.
    Drain {
        /// The name of the node, or a part of it that no other node has.
        node: String,
        #[command(flatten)]
        local: LocalArguments,
    },
}

#[derive(Args)]
pub(crate) struct NodeArguments {
    /// Where to listen for other members. The port after it is for strangers with a ticket, and the one after that for
    /// blocks. Port 0 takes any free ports.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Worker threads; the number of cores unless said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) workers: Option<u16>,
    /// Bytes that the blocks of the node may take up; plans that would exceed it wait or are refused.
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) memory: Option<u64>,
    /// The folder of the node's keys, certificate, tickets and socket; without one they last as long as the process.
    #[arg(long, value_name = "DIR", env = "NUMS_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// Say on the local link by multicast DNS where this node can be asked to admit, if it can, and look there for the
    /// members that its data folder remembers when none is where it was. Admits nobody. For a link that you trust.
    #[arg(long)]
    pub(crate) mdns: bool,
}

#[derive(Args)]
pub(crate) struct LocalArguments {
    /// The data folder of the local node.
    #[arg(long, value_name = "DIR", env = "NUMS_DATA")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}
