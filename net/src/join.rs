//! The one exchange between a stranger and a member that admits, both sides. The stranger shows a
//! ticket or, where it was a member before, its certificate.
//!
//! The stranger connects over noise, so each side knows the key of the other before a byte of ours
//! is exchanged: the stranger checks it against the ticket, the member makes the certificate out to
//! it. Each message is four bytes of length (little endian) and at most 4 KiB.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, FutureExt, StreamExt};
use libp2p::identity::Keypair;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{DialError, Stream, Swarm, SwarmEvent};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::authority::{Authority, settle};
use crate::certificate::{Certificate, ClusterKey};
use crate::config::{Bounds, PROTOCOL};
use crate::error::{NetError, ProtocolError, Refusal};
use crate::hosts::{Host, Places};
use crate::identity::PeerId;
use crate::links::{Links, Outcome};
use crate::refusals::Line;
use crate::saved::Contact;
use crate::shared::{Shared, Stop};
use crate::swarm::{Behaviour, BehaviourEvent, build, to_multiaddr, to_socket_addr};
use crate::wire::{self, EXCHANGE_BYTES_MAX, JoinAnswer, JoinRequest, Record};

/// Exchanges that are answered at once; whoever comes beyond that is dropped and tries again. Of one host there may be
/// [`joining_per_host_max`](Bounds::joining_per_host_max).
const EXCHANGES_MAX: usize = 128;

/// How long a joiner waits before it asks again after its connection was dropped: at first, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// How much longer than a handshake a joiner waits for its answer.
const ANSWER_SPARE: Duration = Duration::from_secs(2);

/// How long the system may take to say whether somebody listens at an address.
const PROBE_MAX: Duration = Duration::from_secs(1);

/// What a joiner has after a yes.
pub(crate) struct Admitted {
    pub(crate) certificate: Certificate,
    pub(crate) cluster: ClusterKey,
    pub(crate) admitter: Record,
}

/// Answers strangers until the net stops.
pub(crate) async fn listen_for_joiners(mut swarm: Swarm<Behaviour>, shared: Arc<Shared>) {
    let mut stop = shared.stop.subscribe();
    let places = Places::new(EXCHANGES_MAX, shared.bounds.joining_per_host_max as usize);
    let mut hosts = BTreeMap::new();
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
                let Some(host) = hosts.get(&event.connection) else { continue };
                let Some(place) = places.take(*host) else { continue };
                let (shared, stop) = (shared.clone(), stop.clone());
                tokio::spawn(async move {
                    answer_one(stream, PeerId(event.peer), &shared, stop).await;
                    drop(place);
                });
            }
            SwarmEvent::ConnectionEstablished { connection_id, endpoint, .. } => {
                let address = to_socket_addr(endpoint.get_remote_address());
                hosts.extend(address.map(|address| (connection_id, Host::of(address.ip()))));
                mute.insert(connection_id);
            }
            SwarmEvent::ConnectionClosed { connection_id, .. } => {
                hosts.remove(&connection_id);
                if mute.remove(&connection_id) {
                    shared.refused_stranger("to join");
                }
            }
            SwarmEvent::IncomingConnectionError { send_back_addr, error, .. } => {
                tracing::debug!(%send_back_addr, %error, "a connection to the join port failed");
            }
            SwarmEvent::ListenerClosed { reason, .. } => {
                tracing::error!(
                    ?reason,
                    "the join listener closed: this node cannot admit others any more"
                );
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
                tracing::warn!(%peer, "a join request took too long");
            }
        }
        _ = stop.wait_for(|stop| *stop != Stop::Run) => {}
    }
}

async fn exchange(mut stream: Stream, peer: PeerId, shared: &Shared, authority: &Authority) {
    let request = tokio::time::timeout(shared.handshake_limit(), read_message(&mut stream)).await;
    let outcome = match request {
        Ok(Ok(request)) => {
            // Who has given up while it waited for its turn is not admitted: the next ones would wait for it.
            let gone = || stream.read(&mut [0]).now_or_never().is_some();
            authority.admit(shared, peer, &request, gone).await
        }
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
            if refusal == Refusal::Busy {
                tracing::debug!(%peer, "told a joining peer to try again");
            } else if let Some(Line { unwritten }) = shared.refuses() {
                tracing::warn!(%peer, %refusal, unwritten, "refused a join request");
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

/// Asks to be admitted; tries again, ever less often, while the connection is dropped without an answer or the member that
/// admits is busy with others.
pub(crate) async fn ask(
    identity: &Keypair,
    contact: &Contact,
    request: &JoinRequest,
    connect_limit: Duration,
    bounds: &Bounds,
) -> Result<Admitted, NetError> {
    let request = wire::encode_versioned(PROTOCOL, request);
    let until = Instant::now() + Duration::from_millis(bounds.join_ms_max);
    let mut pause = PAUSE.0;
    loop {
        let answer = ask_once(identity, contact, &request, connect_limit, bounds).await?;
        match answer.map(|answer| read_answer(&answer)) {
            None | Some(Err(NetError::Refused(Refusal::Busy)))
                if Instant::now() + pause < until => {}
            Some(outcome) => return outcome,
            None => {
                let reason = format!(
                    "every connection was closed for {} ms: the node is full, or the listener is not a node",
                    bounds.join_ms_max
                );
                return Err(NetError::Unreachable { peer: contact.peer, reason });
            }
        }
        tokio::time::sleep(jittered(pause)).await;
        pause = (pause * 2).min(PAUSE.1);
    }
}

/// Between a half and the whole of a pause, so that those who were turned away together do not come back together.
fn jittered(pause: Duration) -> Duration {
    let mut random = [0; 2];
    // Without random numbers all wait for the whole of it.
    let part = match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX),
        Err(_) => 1.0,
    };
    pause.mul_f64(0.5 + part / 2.0)
}

fn read_answer(answer: &[u8]) -> Result<Admitted, NetError> {
    let malformed = || NetError::Protocol(ProtocolError::Malformed { what: "join answer" });
    let (theirs, body) = wire::split_version(answer).ok_or_else(malformed)?;
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

/// One connection, one exchange; `None` when it was cut before the answer, as it is when others come at the same time.
async fn ask_once(
    identity: &Keypair,
    contact: &Contact,
    request: &[u8],
    connect_limit: Duration,
    bounds: &Bounds,
) -> Result<Option<Vec<u8>>, NetError> {
    let mut swarm = build(identity.clone(), Links::join_dialer(), bounds)?;
    let unreachable = |reason: String| NetError::Unreachable { peer: contact.peer, reason };
    let options = DialOpts::peer_id(contact.peer.0)
        .addresses(contact.addresses.iter().copied().map(to_multiaddr).collect())
        .allocate_new_port()
        .build();
    swarm.dial(options).map_err(|error| unreachable(error.to_string()))?;
    let connecting = async {
        loop {
            match swarm.select_next_some().await {
                SwarmEvent::Behaviour(BehaviourEvent::Links(event)) => match event.outcome {
                    Outcome::Outbound(_, stream) => return Ok(Some(stream)),
                    Outcome::Failed(_, reason) => return Err(unreachable(reason.into())),
                    Outcome::Inbound(..) => {}
                },
                SwarmEvent::OutgoingConnectionError { error, .. } => {
                    return match error {
                        DialError::WrongPeerId { obtained, .. } => Err(NetError::WrongPeer {
                            expected: Box::new(contact.peer),
                            found: Box::new(PeerId(obtained)),
                        }),
                        DialError::Transport(_) => match unheard(&contact.addresses).await {
                            Some(reason) => Err(unreachable(reason)),
                            None => Ok(None),
                        },
                        error => Err(unreachable(error.to_string())),
                    };
                }
                SwarmEvent::ConnectionClosed { .. } => return Ok(None),
                _ => {}
            }
        }
    };
    let connected = tokio::time::timeout(connect_limit, connecting).await;
    let silent = |_| unreachable(format!("no answer within {} ms", connect_limit.as_millis()));
    let Some(mut stream) = connected.map_err(silent)?? else { return Ok(None) };
    let talk = async {
        write_message(&mut stream, request).await?;
        read_message(&mut stream).await
    };
    // The other side lets a joiner wait for its turn for as long as a handshake may take, and then says that it is busy.
    let limit = Duration::from_millis(bounds.handshake_ms_max) + ANSWER_SPARE;
    // The swarm must be polled for the stream to move.
    let answer = tokio::select! {
        answer = tokio::time::timeout(limit, talk) => answer,
        never = async { loop { swarm.select_next_some().await; } } => never,
    };
    let limit_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    match answer {
        Ok(Ok(answer)) => Ok(Some(answer)),
        Ok(Err(ExchangeError::TooLarge(len))) => {
            let max = EXCHANGE_BYTES_MAX;
            Err(NetError::Protocol(ProtocolError::FrameTooLarge { len, max }))
        }
        Ok(Err(ExchangeError::Io)) => Ok(None),
        Err(_) => Err(NetError::TimedOut { what: "answer to the request to join", limit_ms }),
    }
}

/// Why no peer answers at these addresses, or `None` when a process listens there: then the peer is full, or the process
/// is not a member. libp2p hides the system's error deep inside its own, so this function connects once more to get it.
async fn unheard(addresses: &[SocketAddr]) -> Option<String> {
    let mut reasons = Vec::new();
    for address in addresses {
        let error = match tokio::time::timeout(PROBE_MAX, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return None,
            Ok(Err(error)) => Some(error),
            Err(_) => None,
        };
        reasons.push(match error {
            Some(error) if error.kind() == ErrorKind::ConnectionRefused => {
                format!("nothing listens at {address}: the node has stopped or has another address")
            }
            Some(error) if error.kind() != ErrorKind::TimedOut => {
                format!("{address} is not reachable from this machine ({error})")
            }
            _ => format!("no answer from {address}"),
        });
    }
    Some(reasons.join("; "))
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
