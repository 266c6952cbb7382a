//! A session on nodes of other processes, over the network.

use super::{ClusterHandle, block_on, runtime, session};
use crate::driver::DriverConfig;
use crate::pool::BufferPool;
use crate::transport::{Transport, remote};
use crate::{ClusterError, Role};
use nums_net::{Config, Net, NetError, Ticket};
use std::net::SocketAddr;
use std::sync::Arc;

/// Memory that a session keeps for the next blocks that it reads.
const RECEIVED_BYTES_MAX: u64 = 64 << 20;
/// Blocks, and frames, that may wait for one peer.
const OUTBOUND_MAX: usize = 1 << 16;

impl ClusterHandle {
    /// Connects a session to the cluster of a ticket, over the network.
    ///
    /// # Errors
    /// If the text is not a ticket, the ticket is refused, or no member is reachable.
    pub fn connect(ticket: &str, driver: DriverConfig) -> Result<ClusterHandle, ClusterError> {
        let runtime = runtime()?;
        let ticket = parse_ticket(ticket)?;
        let (client, transport, nodes) = block_on(&runtime, async {
            let (handler, deliveries) = remote::handler(BufferPool::new(RECEIVED_BYTES_MAX));
            let mut config = member_config();
            // Nodes that join later dial the session. One that reached its cluster on this machine stays on it.
            let on_this_machine =
                ticket.addresses().iter().all(|address| address.ip().is_loopback());
            let ip = if on_this_machine { [127, 0, 0, 1] } else { [0, 0, 0, 0] };
            config.listen = SocketAddr::from((ip, 0));
            config.block_listen = config.listen;
            config.join_listen = None;
            let net = Net::join(&ticket, nums_net::Role::Session, config, handler).await;
            let net = net.map_err(not_joined)?;
            let members: Vec<_> = net.peers().iter().map(remote::member).collect();
            let nodes = members.iter().filter(|member| member.role == Role::Node).count();
            let mut client = None;
            let transport: Arc<dyn Transport> = deliveries.connect(net, |transport| {
                let (inbox, own) = session(driver, transport, members);
                client = Some(own);
                inbox
            });
            let client = client.ok_or(ClusterError::SessionEnded)?;
            Ok::<_, ClusterError>((client, transport, nodes))
        })?;
        Ok(ClusterHandle {
            client,
            transport,
            runtime: Some(runtime),
            _hub: None,
            nodes,
            #[cfg(test)]
            actors: Vec::new(),
        })
    }
}

/// The configuration of a member. A queue holds references to blocks, and windows bound how many are asked for: its
/// own bound only stops a peer that reads nothing.
pub(crate) fn member_config() -> Config {
    let mut config = Config::loopback(nums_kernels::kernel_id());
    config.bounds.outbound_blocks_max = OUTBOUND_MAX;
    config.bounds.outbound_frames_max = OUTBOUND_MAX;
    config
}

/// Parses a ticket, with or without `nums join` in front.
pub(crate) fn parse_ticket(text: &str) -> Result<Ticket, ClusterError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let ticket = match words[..] {
        ["nums", "join", ticket] => ticket,
        _ => text,
    };
    ticket.parse().map_err(|error: nums_net::TicketError| {
        ClusterError::Join(format!("not a ticket: {error}"))
    })
}

/// The error of a failed join, with a hint.
pub(crate) fn not_joined(error: NetError) -> ClusterError {
    let hint = match error {
        NetError::Unreachable { .. } => {
            ". A ticket holds the address of the node that issued it; get a new ticket from another node that admits"
        }
        _ => "",
    };
    ClusterError::Join(format!("{error}{hint}"))
}
