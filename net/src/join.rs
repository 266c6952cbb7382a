//! The one exchange between a stranger and a member that admits, both sides. The stranger shows a
//! ticket or, where it was a member before, its certificate.
//!
//! The stranger connects over noise, so each side knows the key of the other before a byte of ours
//! is exchanged: the stranger checks it against the ticket, the member makes the certificate out to
//! it. Each message is four bytes of length (little endian) and at most 4 KiB.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, StreamExt};
use libp2p::identity::Keypair;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{DialError, Stream, Swarm, SwarmEvent};
use tokio::sync::{Semaphore, watch};

use crate::authority::{Authority, settle};
use crate::certificate::{Certificate, ClusterKey};
use crate::config::{Bounds, PROTOCOL};
use crate::error::{NetError, ProtocolError, Refusal};
use crate::identity::PeerId;
use crate::links::{Links, Outcome};
use crate::refusals::Line;
use crate::saved::Contact;
use crate::shared::{Shared, Stop};
use crate::swarm::{Behaviour, BehaviourEvent, build, to_multiaddr};
use crate::wire::{self, EXCHANGE_BYTES_MAX, JoinAnswer, JoinRequest, Record};

/// Exchanges that are answered at once; whoever comes beyond that is dropped and tries again.
const EXCHANGES_MAX: usize = 32;

/// How long a joiner waits before it asks again after its connection was dropped.
const AGAIN: Duration = Duration::from_millis(200);

/// What a joiner has after a yes.
pub(crate) struct Admitted {
    pub(crate) certificate: Certificate,
    pub(crate) cluster: ClusterKey,
    pub(crate) admitter: Record,
}

/// Answers strangers until the net stops.
pub(crate) async fn listen_for_joiners(mut swarm: Swarm<Behaviour>, shared: Arc<Shared>) {
    let mut stop = shared.stop.subscribe();
    let permits = Arc::new(Semaphore::new(EXCHANGES_MAX));
    // Connections on which nobody has asked for anything that is spoken here.
    let mut mute = BTreeSet::new();
    loop {
        let event = tokio::select! {
            _ = stop.wait_for(|stop| *stop != Stop::Run) => return,
            event = swarm.select_next_some() => event,
        };
        match event {
            SwarmEvent::Behaviour(BehaviourEvent::Links(event)) => {
                let Outcome::Inbound(_, stream) = event.outcome else { continue };
                mute.remove(&event.connection);
                let Ok(permit) = permits.clone().try_acquire_owned() else { continue };
                let (shared, stop) = (shared.clone(), stop.clone());
                tokio::spawn(async move {
                    answer_one(stream, PeerId(event.peer), &shared, stop).await;
                    drop(permit);
                });
            }
            SwarmEvent::ConnectionEstablished { connection_id, .. } => {
                mute.insert(connection_id);
            }
            SwarmEvent::ConnectionClosed { connection_id, .. } if mute.remove(&connection_id) => {
                shared.refused_stranger("to join");
            }
            SwarmEvent::ListenerClosed { reason, .. } => {
                tracing::error!(?reason, "the join listener closed, nobody can be admitted");
                return;
            }
            _ => {}
        }
    }
}

async fn answer_one(
    stream: Stream,
    peer: PeerId,
    shared: &Shared,
    mut stop: watch::Receiver<Stop>,
) {
    let Some(authority) = shared.authority.get() else { return };
    let limit = shared.handshake_limit();
    let exchange = exchange(stream, peer, shared, authority);
    tokio::select! {
        outcome = tokio::time::timeout(2 * limit, exchange) => {
            if outcome.is_err() {
                tracing::warn!(%peer, "a join was not finished in time");
            }
        }
        _ = stop.wait_for(|stop| *stop != Stop::Run) => {}
    }
}

async fn exchange(mut stream: Stream, peer: PeerId, shared: &Shared, authority: &Authority) {
    let request = tokio::time::timeout(shared.handshake_limit(), read_message(&mut stream)).await;
    let outcome = match request {
        Ok(Ok(request)) => authority.admit(shared, peer, &request).await,
        Ok(Err(ExchangeError::TooLarge(_))) => Err(Refusal::Malformed),
        // It ended in the middle, or never did.
        _ => return shared.refused_stranger("to join"),
    };
    match outcome {
        Ok((answer, admitted, turn)) => {
            tracing::info!(%peer, "admitted a peer");
            // When the answer is lost the peer does not come, which `settle` finds out.
            let _ = write_message(&mut stream, &wire::encode_versioned(PROTOCOL, &answer)).await;
            settle(shared, peer, admitted).await;
            drop(turn);
        }
        Err(refusal) => {
            if let Some(Line { unwritten }) = shared.refuses() {
                tracing::warn!(%peer, %refusal, unwritten, "refused a joiner");
            }
            let answer = wire::encode_versioned(PROTOCOL, &JoinAnswer::Refused(refusal));
            let _ = write_message(&mut stream, &answer).await;
            // Dropping the stream now could overtake the answer; the joiner closes after it.
            let mut byte = [0];
            let limit = Duration::from_secs(1);
            let _ = tokio::time::timeout(limit, stream.read(&mut byte)).await;
        }
    }
}

/// Asks to be admitted; tries again while the connection is dropped without an answer.
pub(crate) async fn ask(
    identity: &Keypair,
    contact: &Contact,
    request: &JoinRequest,
    bounds: &Bounds,
) -> Result<Admitted, NetError> {
    let request = wire::encode_versioned(PROTOCOL, request);
    let limit_ms = bounds.handshake_ms_max;
    let attempts = async {
        loop {
            match ask_once(identity, contact, &request, bounds).await? {
                Some(answer) => return Ok(answer),
                None => tokio::time::sleep(AGAIN).await,
            }
        }
    };
    let answer = tokio::time::timeout(Duration::from_millis(limit_ms), attempts)
        .await
        .map_err(|_| NetError::TimedOut { what: "answer to the request to join", limit_ms })??;
    let malformed = || NetError::Protocol(ProtocolError::Malformed { what: "join answer" });
    let (theirs, body) = wire::split_version(&answer).ok_or_else(malformed)?;
    match wire::decode(body, "join answer") {
        Ok(JoinAnswer::Admitted { certificate, cluster, admitter }) => {
            let cluster = ClusterKey::from_bytes(&cluster).ok_or_else(malformed)?;
            Ok(Admitted { certificate, cluster, admitter })
        }
        Ok(JoinAnswer::Refused(refusal)) => Err(NetError::Refused(refusal.turned_round())),
        Err(_) if theirs.major != PROTOCOL.major => {
            Err(NetError::Refused(Refusal::VersionMismatch { ours: PROTOCOL, theirs }))
        }
        Err(error) => Err(NetError::Protocol(error)),
    }
}

/// One connection, one exchange; `None` when it was cut before the answer.
async fn ask_once(
    identity: &Keypair,
    contact: &Contact,
    request: &[u8],
    bounds: &Bounds,
) -> Result<Option<Vec<u8>>, NetError> {
    let mut swarm = build(identity.clone(), Links::join_dialer(), bounds)?;
    let unreachable = |why: String| NetError::Unreachable { peer: contact.peer, why };
    let options = DialOpts::peer_id(contact.peer.0)
        .addresses(contact.addresses.iter().copied().map(to_multiaddr).collect())
        .allocate_new_port()
        .build();
    swarm.dial(options).map_err(|error| unreachable(error.to_string()))?;
    let mut stream = loop {
        match swarm.select_next_some().await {
            SwarmEvent::Behaviour(BehaviourEvent::Links(event)) => match event.outcome {
                Outcome::Outbound(_, stream) => break stream,
                Outcome::Failed(_, why) => return Err(unreachable(why.into())),
                Outcome::Inbound(..) => {}
            },
            SwarmEvent::OutgoingConnectionError { error, .. } => {
                return Err(match error {
                    DialError::WrongPeerId { obtained, .. } => NetError::WrongPeer {
                        expected: Box::new(contact.peer),
                        found: Box::new(PeerId(obtained)),
                    },
                    error => unreachable(error.to_string()),
                });
            }
            SwarmEvent::ConnectionClosed { .. } => return Ok(None),
            _ => {}
        }
    };
    let talk = async {
        write_message(&mut stream, request).await?;
        read_message(&mut stream).await
    };
    // The swarm must be polled for the stream to move.
    let answer = tokio::select! {
        answer = talk => answer,
        never = async { loop { swarm.select_next_some().await; } } => never,
    };
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(ExchangeError::TooLarge(len)) => {
            let max = EXCHANGE_BYTES_MAX;
            Err(NetError::Protocol(ProtocolError::FrameTooLarge { len, max }))
        }
        Err(ExchangeError::Io) => Ok(None),
    }
}

#[derive(Debug)]
enum ExchangeError {
    Io,
    TooLarge(usize),
}

impl From<io::Error> for ExchangeError {
    fn from(_: io::Error) -> Self {
        ExchangeError::Io
    }
}

async fn read_message<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Vec<u8>, ExchangeError> {
    let mut len = [0; 4];
    stream.read_exact(&mut len).await?;
    let len = u32::from_le_bytes(len) as usize;
    if len > EXCHANGE_BYTES_MAX {
        return Err(ExchangeError::TooLarge(len));
    }
    let mut message = vec![0; len];
    stream.read_exact(&mut message).await?;
    Ok(message)
}

async fn write_message<S: AsyncWrite + Unpin>(stream: &mut S, message: &[u8]) -> io::Result<()> {
    stream.write_all(&(message.len() as u32).to_le_bytes()).await?;
    stream.write_all(message).await?;
    stream.flush().await
}
