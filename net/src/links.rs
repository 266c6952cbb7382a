//! The behaviour that stands between the swarm and the streams: it denies strangers, opens our
//! streams when a connection is made, and reports every stream with the connection it lives on.
//!
//! The ready-made stream behaviour of libp2p drops inbound streams when its accept channel is full
//! and does not tell on which of two connections a stream lives; both matter here.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use libp2p::core::transport::PortUse;
use libp2p::core::upgrade::{InboundUpgrade, OutboundUpgrade, UpgradeInfo};
use libp2p::core::{Endpoint, Multiaddr};
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
    NetworkBehaviour, Stream, StreamProtocol, StreamUpgradeError, SubstreamProtocol, THandler,
    THandlerInEvent, THandlerOutEvent, ToSwarm,
};

/// Frames between members; blocks have a connection of their own.
pub(crate) const CONTROL: StreamProtocol = StreamProtocol::new("/nums/control/1");
/// One exchange between a stranger with a ticket and a member with authority.
pub(crate) const JOIN: StreamProtocol = StreamProtocol::new("/nums/join/1");

/// Says who may connect. Asked after the connection proved its key and before any of our
/// protocols exists on it.
pub(crate) type Gate = Arc<dyn Fn(&libp2p::PeerId) -> bool + Send + Sync>;

/// The peer is not a member.
#[derive(Debug, thiserror::Error)]
#[error("peer {0} is not a member")]
pub(crate) struct NotAMember(libp2p::PeerId);

/// A stream is there, or will never be.
#[derive(Debug)]
pub(crate) struct LinkEvent {
    pub(crate) peer: libp2p::PeerId,
    pub(crate) connection: ConnectionId,
    pub(crate) outcome: Outcome,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    /// The other side opened it and writes to it.
    Inbound(StreamProtocol, Stream),
    /// We opened it and write to it.
    Outbound(StreamProtocol, Stream),
    /// Our stream could not be opened.
    Failed(StreamProtocol, &'static str),
}

pub(crate) struct Links {
    accept: Arc<[StreamProtocol]>,
    /// Opened on every connection, whoever made it.
    open: Arc<[StreamProtocol]>,
    gate: Option<Gate>,
    events: VecDeque<LinkEvent>,
}

impl Links {
    /// Between members: both sides open a stream and write to their own only, so that there is no
    /// question whose stream is used.
    pub(crate) fn members(gate: Gate) -> Self {
        let control: Arc<[_]> = [CONTROL].into();
        Links { accept: control.clone(), open: control, gate: Some(gate), events: VecDeque::new() }
    }

    /// A peer that opens the streams it likes.
    #[cfg(test)]
    pub(crate) fn opening(protocols: Vec<StreamProtocol>) -> Self {
        let open = protocols.into();
        Links { accept: [].into(), open, gate: None, events: VecDeque::new() }
    }

    /// The side that admits: anybody may ask.
    pub(crate) fn join_listener() -> Self {
        Links { accept: [JOIN].into(), open: [].into(), gate: None, events: VecDeque::new() }
    }

    /// Whether anybody may ask here.
    pub(crate) fn admits_strangers(&self) -> bool {
        self.accept.contains(&JOIN)
    }

    /// The side that asks.
    pub(crate) fn join_dialer() -> Self {
        Links { accept: [].into(), open: [JOIN].into(), gate: None, events: VecDeque::new() }
    }

    fn handler(&self, peer: libp2p::PeerId) -> Result<LinkHandler, ConnectionDenied> {
        match &self.gate {
            Some(gate) if !gate(&peer) => Err(ConnectionDenied::new(NotAMember(peer))),
            _ => Ok(LinkHandler {
                accept: self.accept.clone(),
                accepted: Vec::new(),
                to_open: self.open.iter().cloned().collect(),
                events: VecDeque::new(),
            }),
        }
    }
}

impl NetworkBehaviour for Links {
    type ConnectionHandler = LinkHandler;
    type ToSwarm = LinkEvent;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: libp2p::PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.handler(peer)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: libp2p::PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.handler(peer)
    }

    fn on_swarm_event(&mut self, _: FromSwarm) {}

    fn on_connection_handler_event(
        &mut self,
        peer: libp2p::PeerId,
        connection: ConnectionId,
        outcome: THandlerOutEvent<Self>,
    ) {
        // The swarm takes events out before it asks the next connection, and a connection reports
        // each protocol once in each direction: the queue stays short.
        self.events.push_back(LinkEvent { peer, connection, outcome });
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        match self.events.pop_front() {
            Some(event) => Poll::Ready(ToSwarm::GenerateEvent(event)),
            None => Poll::Pending,
        }
    }
}

/// One connection.
pub(crate) struct LinkHandler {
    accept: Arc<[StreamProtocol]>,
    /// A second stream of the same protocol is dropped: a flood of streams ends here.
    accepted: Vec<StreamProtocol>,
    to_open: VecDeque<StreamProtocol>,
    events: VecDeque<Outcome>,
}

impl ConnectionHandler for LinkHandler {
    type FromBehaviour = Infallible;
    type ToBehaviour = Outcome;
    type InboundProtocol = Names;
    type OutboundProtocol = Names;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = StreamProtocol;

    fn listen_protocol(&self) -> SubstreamProtocol<Names> {
        SubstreamProtocol::new(Names(self.accept.clone()), ())
    }

    fn poll(
        &mut self,
        _: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Names, StreamProtocol, Outcome>> {
        if let Some(outcome) = self.events.pop_front() {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(outcome));
        }
        if let Some(protocol) = self.to_open.pop_front() {
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest {
                protocol: SubstreamProtocol::new(Names([protocol.clone()].into()), protocol),
            });
        }
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<'_, Names, Names, (), StreamProtocol>,
    ) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol: (stream, protocol),
                ..
            }) if !self.accepted.contains(&protocol) => {
                self.accepted.push(protocol.clone());
                self.events.push_back(Outcome::Inbound(protocol, stream));
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: (stream, protocol),
                ..
            }) => self.events.push_back(Outcome::Outbound(protocol, stream)),
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info, error }) => {
                let reason = match error {
                    StreamUpgradeError::Timeout => "the stream was not opened in time",
                    StreamUpgradeError::NegotiationFailed => "the protocol is not spoken there",
                    StreamUpgradeError::Io(_) => "the connection failed",
                    StreamUpgradeError::Apply(never) => match never {},
                };
                self.events.push_back(Outcome::Failed(info, reason));
            }
            _ => {}
        }
    }
}

/// The names of protocols that are agreed on without any exchange of their own.
#[derive(Clone)]
pub(crate) struct Names(Arc<[StreamProtocol]>);

impl UpgradeInfo for Names {
    type Info = StreamProtocol;
    type InfoIter = std::vec::IntoIter<StreamProtocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        Vec::from(&*self.0).into_iter()
    }
}

impl InboundUpgrade<Stream> for Names {
    type Output = (Stream, StreamProtocol);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, name: StreamProtocol) -> Self::Future {
        ready(Ok((stream, name)))
    }
}

impl OutboundUpgrade<Stream> for Names {
    type Output = (Stream, StreamProtocol);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_outbound(self, stream: Stream, name: StreamProtocol) -> Self::Future {
        ready(Ok((stream, name)))
    }
}
