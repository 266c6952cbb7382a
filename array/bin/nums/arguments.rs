//! What can be typed behind `nums`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use nums::Budget;
use std::net::{IpAddr, SocketAddr};
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
        /// What `nums up` or `nums ticket` printed, with `nums join` in front or without; a node that was a member before
        /// comes back without one.
        #[arg(num_args = 0..=3)]
        ticket: Vec<String>,
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
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Worker threads; the number of cores unless said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) workers: Option<u16>,
    /// Memory that the blocks of the node may take up: bytes such as 256M or 4GiB, in units of 1024, or a part of the
    /// machine's or its control group's, such as 50%. Plans that would exceed it wait or are refused.
    #[arg(long, value_name = "SIZE", default_value_t)]
    pub(crate) memory: Budget,
    /// The folder of the node's keys, certificate, tickets and socket; without one they last as long as the process.
    #[arg(long, value_name = "DIR", env = "NUMS_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// Say on the local link by multicast DNS where this node can be asked to admit, if it can, and look there for the
    /// members that its data folder remembers when none is where it was. Admits nobody. For a link that you trust.
    #[arg(long)]
    pub(crate) mdns: bool,
}

/// An address of this machine and a port.
fn address(text: &str) -> Result<SocketAddr, String> {
    let address = match text.strip_prefix("localhost") {
        Some(port) => &format!("127.0.0.1{port}"),
        None => text,
    };
    address.parse().map_err(|_| {
        let kind = match text.parse::<IpAddr>() {
            Ok(_) => "the port is missing",
            Err(_) => "names are not looked up",
        };
        format!("expected ADDRESS:PORT such as 10.0.0.2:7000 or localhost:7000; {kind}")
    })
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
