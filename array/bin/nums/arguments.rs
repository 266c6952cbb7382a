//! The arguments of the command `nums`.

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
    /// Format of the logs on standard error. RUST_LOG sets the level; the default is warn.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub(crate) log_format: LogFormat,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Start a cluster with this node as its first member and print a ticket, or restart this node with the membership
    /// in its data folder.
    Up(NodeArguments),
    /// Join a cluster as a node.
    Join {
        /// The ticket that `nums up` or `nums ticket` printed, with or without `nums join` in front. A former member
        /// with a data folder needs no ticket.
        #[arg(num_args = 0..=3)]
        ticket: Vec<String>,
        #[command(flatten)]
        node: NodeArguments,
    },
    /// Show the members of a cluster: tasks, bytes, memory, blocks and versions.
    Status {
        #[command(flatten)]
        local: LocalArguments,
        /// Query the cluster of this ticket instead of the local node.
        #[arg(long, value_name = "TICKET", conflicts_with = "data")]
        cluster: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a new ticket of the local node.
    Ticket {
        #[command(flatten)]
        local: LocalArguments,
        /// Make a ticket that admits only one node or session.
        #[arg(long)]
        once: bool,
        /// Lifetime of the ticket, for example 10m or 2h. Default: 24h.
        #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
        expires: Option<Duration>,
        /// Withdraw all tickets that the local node has issued, and print none.
        #[arg(long, conflicts_with_all = ["once", "expires"])]
        revoke: bool,
    },
    /// Move the blocks that only one node has to the other nodes, and stop that node. Nothing is computed again.
    Drain {
        /// The name of the node, or a part that no other node's name contains.
        node: String,
        #[command(flatten)]
        local: LocalArguments,
    },
}

#[derive(Args)]
pub(crate) struct NodeArguments {
    /// Address and port for connections of members. The next port is for hosts that join with a ticket, and the one
    /// after it for blocks. Port 0 selects any free ports.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Number of worker threads. Default: the number of cores.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) workers: Option<u16>,
    /// Memory for blocks: a size such as 256M or 4GiB, in powers of 1024, or a part of the memory of the machine or its
    /// control group, such as 50%. A plan that needs more waits or is refused.
    #[arg(long, value_name = "SIZE", default_value_t)]
    pub(crate) memory: Budget,
    /// Folder for the node's keys, certificate, tickets and socket. Without it, they last as long as the process.
    #[arg(long, value_name = "DIR", env = "NUMS_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// Announce this node's join address on the local link by multicast DNS, and search there for remembered members
    /// that have moved. Admits no host. Use it only on a link that you trust.
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
            Err(_) => "host names are not resolved",
        };
        format!("expected ADDRESS:PORT such as 10.0.0.2:7000 or localhost:7000: {kind}")
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
