//! Bounds for each host beside those for all: whoever fills its own keeps nobody else out.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use libp2p::core::transport::PortUse;
use libp2p::core::{ConnectedPoint, Endpoint, Multiaddr};
use libp2p::swarm::behaviour::{ConnectionClosed, ConnectionEstablished, ListenFailure};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm, dummy,
};

use crate::shared::lock;
use crate::swarm::to_socket_addr;

/// A host as far as its address tells: of version 6 it has a whole /64 for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Host(IpAddr);

impl Host {
    pub(crate) fn of(ip: IpAddr) -> Host {
        Host(match ip.to_canonical() {
            IpAddr::V6(ip) => {
                let prefix = ip.to_bits() >> 64 << 64;
                Ipv6Addr::from_bits(prefix).into()
            }
            ip => ip,
        })
    }

    fn behind(address: &Multiaddr) -> Option<Host> {
        Some(Host::of(to_socket_addr(address)?.ip()))
    }
}

/// A host has as many connections as it may.
#[derive(Debug, thiserror::Error)]
#[error("{host:?} has {max} connections already that {what}")]
pub(crate) struct HostFull {
    host: Host,
    max: u32,
    what: &'static str,
}

/// Denies a host more than its share of inbound connections.
pub(crate) struct HostLimits {
    pending_max: u32,
    established_max: Option<u32>,
    pending: BTreeMap<ConnectionId, Host>,
    established: BTreeMap<ConnectionId, Host>,
}

impl HostLimits {
    pub(crate) fn new(pending_max: u32, established_max: Option<u32>) -> HostLimits {
        let (pending, established) = (BTreeMap::new(), BTreeMap::new());
        HostLimits { pending_max, established_max, pending, established }
    }
}

fn count(connections: &BTreeMap<ConnectionId, Host>, host: Host) -> usize {
    connections.values().filter(|other| **other == host).count()
}

impl NetworkBehaviour for HostLimits {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        connection: ConnectionId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        let Some(host) = Host::behind(remote) else { return Ok(()) };
        let max = self.pending_max;
        if count(&self.pending, host) >= max as usize {
            let what = "have not shown who they are";
            return Err(ConnectionDenied::new(HostFull { host, max, what }));
        }
        self.pending.insert(connection, host);
        Ok(())
    }

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        _: libp2p::PeerId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.pending.remove(&connection);
        if let (Some(host), Some(max)) = (Host::behind(remote), self.established_max)
            && count(&self.established, host) >= max as usize
        {
            let what = "are open";
            return Err(ConnectionDenied::new(HostFull { host, max, what }));
        }
        Ok(dummy::ConnectionHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: libp2p::PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, event: FromSwarm) {
        match event {
            FromSwarm::ListenFailure(ListenFailure { connection_id, .. }) => {
                self.pending.remove(&connection_id);
            }
            FromSwarm::ConnectionEstablished(ConnectionEstablished {
                connection_id,
                endpoint: ConnectedPoint::Listener { send_back_addr, .. },
                ..
            }) => {
                let host = Host::behind(send_back_addr);
                self.established.extend(host.map(|host| (connection_id, host)));
            }
            FromSwarm::ConnectionClosed(ConnectionClosed { connection_id, .. }) => {
                self.established.remove(&connection_id);
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: libp2p::PeerId,
        _: ConnectionId,
        never: THandlerOutEvent<Self>,
    ) {
        match never {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}

/// Places that are few in all, and fewer for one host.
#[derive(Debug)]
pub(crate) struct Places {
    all_max: usize,
    host_max: usize,
    taken: Mutex<BTreeMap<Host, usize>>,
}

/// A place; it is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    places: Arc<Places>,
    host: Host,
}

impl Places {
    pub(crate) fn new(all_max: usize, host_max: usize) -> Arc<Places> {
        Arc::new(Places { all_max, host_max, taken: Mutex::default() })
    }

    pub(crate) fn take(self: &Arc<Self>, host: Host) -> Option<Taken> {
        let mut taken = lock(&self.taken);
        let all: usize = taken.values().sum();
        let own = taken.entry(host).or_default();
        if all < self.all_max && *own < self.host_max {
            *own += 1;
            return Some(Taken { places: self.clone(), host });
        }
        if *own == 0 {
            taken.remove(&host);
        }
        None
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut taken = lock(&self.places.taken);
        if let Some(own) = taken.get_mut(&self.host) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.host);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Host {
        Host::of(text.parse().unwrap())
    }

    #[test]
    fn a_host_is_an_address_or_a_network_of_version_6() {
        assert_eq!(host("10.0.0.1"), host("::ffff:10.0.0.1"));
        assert_ne!(host("10.0.0.1"), host("10.0.0.2"));
        assert_eq!(host("2001:db8:1:2::3"), host("2001:db8:1:2:ffff::1"));
        assert_ne!(host("2001:db8:1:2::3"), host("2001:db8:1:3::3"));
    }

    #[test]
    fn a_host_takes_its_share_and_no_more_and_gives_it_back() {
        let places = Places::new(5, 3);
        let (one, other) = (host("10.0.0.1"), host("10.0.0.2"));
        let held: Vec<_> = (0..10).filter_map(|_| places.take(one)).collect();
        assert_eq!(held.len(), 3);
        let others: Vec<_> = (0..10).filter_map(|_| places.take(other)).collect();
        assert_eq!(others.len(), 2, "as many as there are in all");
        assert!(places.take(host("10.0.0.3")).is_none());
        drop(held);
        assert_eq!((0..10).filter_map(|_| places.take(other)).collect::<Vec<_>>().len(), 1);
        drop(others);
        assert!(lock(&places.taken).is_empty());
    }
}
