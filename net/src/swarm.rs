//! The one event loop of the member swarm: makes and closes connections, and puts the two streams
//! of a connection together into a link. It knows no handler and never waits for one.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::multiaddr::{Multiaddr, Protocol};
use libp2p::identity::Keypair;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, ListenError, NetworkBehaviour, Stream, Swarm, SwarmEvent};
use libp2p::{SwarmBuilder, noise, tcp, yamux};
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;

use crate::config::Bounds;
use crate::error::NetError;
use crate::hosts::HostLimits;
use crate::identity::PeerId;
use crate::links::{CONTROL, LinkEvent, Links, NotAMember, Outcome};
use crate::shared::{Command, Shared, Stop, lock};

/// Streams that one connection may have at once: two of ours, and room for those being refused.
const STREAMS_MAX: usize = 16;
/// Inbound streams of one connection whose protocol is being agreed on.
const NEGOTIATING_MAX: usize = 8;
/// How often overdue things are looked for and dials tried again.
const TICK: Duration = Duration::from_millis(100);
/// Commands that wait for the loop; those who send them can wait.
pub(crate) const COMMANDS_MAX: usize = 256;
/// Links that wait for the task that takes them.
pub(crate) const LINKS_MAX: usize = 32;

/// What every connection goes through: first the bounds, then the gate.
#[derive(NetworkBehaviour)]
#[behaviour(prelude = "libp2p::swarm::derive_prelude")]
pub(crate) struct Behaviour {
    hosts: HostLimits,
    limits: connection_limits::Behaviour,
    links: Links,
}

/// A swarm over TCP, noise and yamux that speaks only what `links` says.
pub(crate) fn build(
    keypair: Keypair,
    links: Links,
    bounds: &Bounds,
) -> Result<Swarm<Behaviour>, NetError> {
    // Members of one host may be many; strangers at the door have proved nothing but a key.
    let joining = links.admits_strangers().then_some(bounds.joining_per_host_max);
    let hosts = HostLimits::new(bounds.pending_in_per_host_max, joining);
    let limits = ConnectionLimits::default()
        .with_max_pending_incoming(Some(bounds.pending_in_max))
        .with_max_established(Some(bounds.established_max))
        .with_max_established_per_peer(Some(bounds.established_per_peer_max));
    let handshake = Duration::from_millis(bounds.handshake_ms_max);
    let muxer = || {
        let mut config = yamux::Config::default();
        config.set_max_num_streams(STREAMS_MAX);
        config
    };
    let with_transport = SwarmBuilder::with_existing_identity(keypair).with_tokio().with_tcp(
        tcp::Config::default().nodelay(true),
        noise::Config::new,
        muxer,
    );
    let with_transport = with_transport
        .map_err(|_| NetError::Configuration { what: "the key of the peer cannot sign" })?;
    let Ok(with_behaviour) = with_transport.with_behaviour(|_| Behaviour {
        hosts,
        limits: connection_limits::Behaviour::new(limits),
        links,
    });
    let swarm = with_behaviour
        .with_swarm_config(|config| {
            // A connection without streams is of no use; the streams of a link keep it alive.
            config
                .with_idle_connection_timeout(handshake)
                .with_max_negotiating_inbound_streams(NEGOTIATING_MAX)
        })
        .with_connection_timeout(handshake)
        .build();
    Ok(swarm)
}

/// Listens and waits until the addresses are known.
pub(crate) async fn listen(
    swarm: &mut Swarm<Behaviour>,
    address: SocketAddr,
) -> Result<Vec<SocketAddr>, NetError> {
    let fail = |reason: String| NetError::Listen { address, reason };
    // The transport listens with SO_REUSEPORT, so that a second process of the same user would get
    // every other connection of the first. A plain listener sees that the port is taken.
    std::net::TcpListener::bind(address).map_err(|error| fail(error.to_string()))?;
    swarm.listen_on(to_multiaddr(address)).map_err(|error| fail(error.to_string()))?;
    let mut found = Vec::new();
    // An unspecified address becomes one address per interface, one event after the other.
    let limit = Duration::from_secs(5);
    let rest = Duration::from_millis(if address.ip().is_unspecified() { 100 } else { 0 });
    loop {
        let wait = if found.is_empty() { limit } else { rest };
        match tokio::time::timeout(wait, swarm.next()).await {
            Ok(Some(SwarmEvent::NewListenAddr { address, .. })) => {
                found.extend(to_socket_addr(&address));
            }
            Ok(Some(SwarmEvent::ListenerError { error, .. })) => {
                return Err(fail(error.to_string()));
            }
            Ok(Some(SwarmEvent::ListenerClosed { reason, .. })) => {
                let error = reason.err().unwrap_or_else(|| io::ErrorKind::NotConnected.into());
                return Err(fail(error.to_string()));
            }
            Ok(Some(_)) => {}
            Ok(None) => return Err(fail("the swarm ended".into())),
            Err(_) if found.is_empty() => return Err(fail("no address within 5 s".into())),
            Err(_) => return Ok(found),
        }
    }
}

/// Listens on the port of a former life where any port would do and that one is free.
pub(crate) async fn listen_again(
    swarm: &mut Swarm<Behaviour>,
    address: SocketAddr,
    former_port: u16,
) -> Result<Vec<SocketAddr>, NetError> {
    if address.port() == 0
        && former_port != 0
        && let Ok(found) = listen(swarm, SocketAddr::new(address.ip(), former_port)).await
    {
        return Ok(found);
    }
    listen(swarm, address).await
}

pub(crate) fn to_multiaddr(address: SocketAddr) -> Multiaddr {
    Multiaddr::from(address.ip()).with(Protocol::Tcp(address.port()))
}

pub(crate) fn to_socket_addr(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip = match parts.next()? {
        Protocol::Ip4(ip) => ip.into(),
        Protocol::Ip6(ip) => ip.into(),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
        _ => None,
    }
}

/// A connection on which both streams are open.
pub(crate) struct Link {
    pub(crate) peer: PeerId,
    pub(crate) connection: ConnectionId,
    pub(crate) control_out: Stream,
    pub(crate) control_in: Stream,
    /// Where the other side is.
    pub(crate) remote: IpAddr,
}

/// A connection on the way to a link.
struct Assembly {
    peer: libp2p::PeerId,
    since: Instant,
    control_out: Option<Stream>,
    control_in: Option<Stream>,
}

impl Assembly {
    fn new(peer: libp2p::PeerId) -> Self {
        Assembly { peer, since: Instant::now(), control_out: None, control_in: None }
    }

    fn take(&mut self, connection: ConnectionId, remote: IpAddr) -> Option<Link> {
        if self.control_out.is_none() || self.control_in.is_none() {
            return None;
        }
        Some(Link {
            peer: PeerId(self.peer),
            connection,
            control_out: self.control_out.take()?,
            control_in: self.control_in.take()?,
            remote,
        })
    }
}

/// The loop and what it remembers.
pub(crate) struct EventLoop {
    swarm: Swarm<Behaviour>,
    shared: Arc<Shared>,
    links: mpsc::Sender<Link>,
    assembling: BTreeMap<ConnectionId, Assembly>,
    /// The connection on which the link of a peer lives.
    linked: BTreeMap<libp2p::PeerId, ConnectionId>,
    /// Where the other side of each connection is.
    remote: BTreeMap<ConnectionId, IpAddr>,
}

impl EventLoop {
    pub(crate) fn new(
        swarm: Swarm<Behaviour>,
        shared: Arc<Shared>,
        links: mpsc::Sender<Link>,
    ) -> Self {
        EventLoop {
            swarm,
            shared,
            links,
            assembling: BTreeMap::new(),
            linked: BTreeMap::new(),
            remote: BTreeMap::new(),
        }
    }

    /// Runs until everything ends or nobody can reach us any more.
    pub(crate) async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        mut stop: watch::Receiver<Stop>,
    ) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                // Commands first: local work before remote work.
                biased;
                _ = stop.wait_for(|stop| *stop == Stop::Abort) => return,
                Some(command) = commands.recv() => self.handle_command(command),
                _ = tick.tick() => self.handle_tick(),
                event = self.swarm.select_next_some() => {
                    if !self.handle_event(event) {
                        return;
                    }
                }
            }
        }
    }

    fn handle_command(&mut self, command: Command) {
        match command {
            Command::Dial(peer, addresses) => self.dial(peer, &addresses),
            Command::Close(connection) => {
                self.swarm.close_connection(connection);
            }
            Command::Disconnect(peer) => {
                let _ = self.swarm.disconnect_peer_id(peer.0);
            }
            #[cfg(test)]
            Command::Panic => panic!("asked to"),
        }
    }

    fn dial(&mut self, peer: PeerId, addresses: &[SocketAddr]) {
        let options = DialOpts::peer_id(peer.0)
            .addresses(addresses.iter().copied().map(to_multiaddr).collect())
            .condition(PeerCondition::DisconnectedAndNotDialing)
            .allocate_new_port()
            .build();
        if let Err(error) = self.swarm.dial(options) {
            tracing::trace!(%peer, %error, "not dialled");
        }
    }

    fn handle_tick(&mut self) {
        let now = Instant::now();
        let (late, take_due_dials) = {
            let mut members = lock(&self.shared.members);
            (members.expire(now), members.take_due_dials(self.shared.order(), now))
        };
        for peer in &late {
            tracing::warn!(%peer, "removed a member that did not connect in time");
            let _ = self.swarm.disconnect_peer_id(peer.0);
        }
        if !late.is_empty() {
            self.shared.notify();
        }
        if !self.shared.stopping() {
            for (peer, addresses) in take_due_dials {
                self.dial(peer, &addresses);
            }
        }
        let limit = self.shared.handshake_limit();
        let slow: Vec<_> = self
            .assembling
            .iter()
            .filter(|(_, assembly)| now.duration_since(assembly.since) > limit)
            .map(|(connection, _)| *connection)
            .collect();
        for connection in slow {
            self.assembling.remove(&connection);
            self.swarm.close_connection(connection);
        }
    }

    /// Gives false when nobody can reach us any more.
    fn handle_event(&mut self, event: SwarmEvent<BehaviourEvent>) -> bool {
        match event {
            SwarmEvent::Behaviour(BehaviourEvent::Links(event)) => self.handle_link_event(event),
            SwarmEvent::ConnectionEstablished { connection_id, endpoint, .. } => {
                let ip = to_socket_addr(endpoint.get_remote_address()).map(|address| address.ip());
                self.remote.extend(ip.map(|ip| (connection_id, ip)));
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, .. } => {
                self.assembling.remove(&connection_id);
                self.remote.remove(&connection_id);
                if self.linked.get(&peer_id) == Some(&connection_id) {
                    self.linked.remove(&peer_id);
                }
            }
            SwarmEvent::IncomingConnectionError {
                error: ListenError::Denied { cause },
                send_back_addr,
                ..
            } => {
                // Too many at once are honest peers as often as not, and until this member knows all others it takes
                // those who come back to it for strangers.
                let stranger = cause.downcast::<NotAMember>().is_ok();
                if stranger && lock(&self.shared.members).roster_complete {
                    self.shared.refused_stranger(&send_back_addr.to_string());
                } else {
                    self.shared.totals.refused();
                    tracing::debug!(%send_back_addr, stranger, "denied a connection");
                }
            }
            // Honest peers give up a connection as well, when another of their dials is faster.
            SwarmEvent::IncomingConnectionError { error, send_back_addr, .. } => {
                tracing::debug!(%send_back_addr, %error, "a connection failed");
            }
            SwarmEvent::OutgoingConnectionError { peer_id, error, .. } => {
                tracing::debug!(?peer_id, %error, "a dial failed");
            }
            SwarmEvent::NewListenAddr { address, .. } => {
                let mut addresses = lock(&self.shared.addresses);
                let new = to_socket_addr(&address).filter(|new| !addresses.contains(new));
                addresses.extend(new);
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => {
                let gone = to_socket_addr(&address);
                lock(&self.shared.addresses).retain(|address| Some(*address) != gone);
            }
            SwarmEvent::ListenerError { error, .. } => {
                tracing::warn!(%error, "cannot accept an inbound connection");
            }
            SwarmEvent::ListenerClosed { reason, .. } => {
                tracing::error!(?reason, "the listener closed");
                return false;
            }
            _ => {}
        }
        true
    }

    fn handle_link_event(&mut self, LinkEvent { peer, connection, outcome }: LinkEvent) {
        let assembly = self.assembling.entry(connection).or_insert_with(|| Assembly::new(peer));
        match outcome {
            Outcome::Inbound(name, stream) if name == CONTROL => {
                assembly.control_in = Some(stream);
            }
            Outcome::Outbound(name, stream) if name == CONTROL => {
                assembly.control_out = Some(stream);
            }
            Outcome::Inbound(..) | Outcome::Outbound(..) => {}
            Outcome::Failed(protocol, reason) => {
                tracing::debug!(%peer, %protocol, reason, "cannot open a stream");
                self.assembling.remove(&connection);
                self.swarm.close_connection(connection);
                return;
            }
        }
        let Some(remote) = self.remote.get(&connection) else { return };
        let Some(link) = assembly.take(connection, *remote) else { return };
        self.assembling.remove(&connection);
        // Of two connections the first keeps the link; the close of the other changes nothing.
        if self.linked.contains_key(&peer) || self.links.try_send(link).is_err() {
            self.swarm.close_connection(connection);
            return;
        }
        self.linked.insert(peer, connection);
    }
}
