//! The handle: found or join, send, leave.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use libp2p::identity::{Keypair, PublicKey};
use libp2p::swarm::Swarm;
use tokio::sync::{mpsc, watch};

use crate::authority::{Authority, founding_claims};
use crate::block::{OutBlock, Payload};
use crate::certificate::{Certificate, Claims, ClusterKey, Role, signing_key};
use crate::config::Config;
use crate::counters::{CounterCells, Counters};
use crate::error::{CertificateError, NetError, Refusal, SendError};
use crate::handler::Handler;
use crate::identity::{PeerId, load_or_make, peer_id_of};
use crate::join::{ask, listen_for_joiners};
use crate::links::{Gate, Links};
use crate::members::{Members, PeerInfo, Standing};
use crate::peer::serve_links;
use crate::shared::{Command, Shared, Stop, lock, now_unix_ms};
use crate::swarm::{Behaviour, COMMANDS_MAX, EventLoop, LINKS_MAX, build, listen};
use crate::ticket::Ticket;

/// The file of the key that says who this peer is.
const PEER_KEY: &str = "peer.key";
/// The file of the key that signs the certificates of the cluster.
const CLUSTER_KEY: &str = "cluster.key";

/// A membership in a cluster; a cheap handle, all clones of which are the same membership.
///
/// When the last clone is dropped everything ends at once, and the other members see a closed
/// connection; [`leave`](Net::leave) is the polite way. A [`Handler`] that holds a clone keeps the
/// net alive until `leave` is called.
#[derive(Clone)]
pub struct Net {
    owner: Arc<Owner>,
}

/// Ends everything when the last handle goes.
struct Owner {
    shared: Arc<Shared>,
    identity: PublicKey,
    listen_addr: SocketAddr,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.stop.send_replace(Stop::Abort);
    }
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Net").field("local", &self.local()).finish_non_exhaustive()
    }
}

impl Net {
    /// Founds a cluster: makes (or reads from `config.data`) the cluster key, listens, and is its
    /// first member, a [`Role::Node`] that admits others.
    ///
    /// Must be called on a tokio runtime with time and io.
    ///
    /// # Errors
    ///
    /// [`NetError::Configuration`], [`NetError::Key`] or [`NetError::Listen`].
    pub async fn found<H: Handler>(config: Config, handler: Arc<H>) -> Result<Net, NetError> {
        config.check()?;
        let identity = load_or_make(config.data.as_deref(), PEER_KEY)?;
        let key = signing_key(load_or_make(config.data.as_deref(), CLUSTER_KEY)?)
            .ok_or(NetError::Configuration { what: "the cluster key is not of kind ed25519" })?;
        let claims = founding_claims(peer_id_of(&identity), config.bounds.certificate_ttl_s);
        let certificate = Certificate::sign(&key, &claims);
        let cluster = ClusterKey::of(&key);

        let ground = Ground::lay(&identity, &config).await?;
        let joiners = match config.join_listen {
            None => None,
            Some(address) => {
                let mut swarm = build(identity.clone(), Links::join_listener(), &config.bounds)?;
                let addresses = listen(&mut swarm, address).await?;
                Some((swarm, addresses))
            }
        };
        let authority = Authority::new(key, claims.admitted);
        let net = ground.raise(
            &identity,
            config,
            Membership { cluster, claims, certificate, authority: Some(authority) },
            handler,
        );
        let shared = &net.owner.shared;
        lock(&shared.members).roster_complete = true;
        if let (Some((swarm, addresses)), Some(authority)) = (joiners, &shared.authority) {
            *lock(&authority.join_addresses) = addresses;
            let listener = tokio::spawn(listen_for_joiners(swarm, shared.clone()));
            let shared = shared.clone();
            // When the listener is gone there are no more tickets.
            tokio::spawn(async move {
                if let Err(error) = listener.await {
                    tracing::error!(%error, "the join listener ended badly");
                }
                if let Some(authority) = &shared.authority {
                    lock(&authority.join_addresses).clear();
                }
            });
        }
        Ok(net)
    }

    /// Joins the cluster of a ticket: one exchange with its join listener, then connections to all
    /// members.
    ///
    /// Returns when the admitting member is up and every other member is either up or was given up
    /// after [`handshake_ms_max`](crate::Bounds::handshake_ms_max); [`peers`](Net::peers) tells
    /// which. Must be called on a tokio runtime with time and io.
    ///
    /// # Errors
    ///
    /// [`NetError::Refused`] with the reason of the cluster, [`NetError::WrongPeer`] when another
    /// key answers at the address of the ticket, [`NetError::Unreachable`], [`NetError::TimedOut`],
    /// [`NetError::Protocol`], and those of [`found`](Net::found).
    pub async fn join<H: Handler>(
        ticket: &Ticket,
        role: Role,
        config: Config,
        handler: Arc<H>,
    ) -> Result<Net, NetError> {
        config.check()?;
        let identity = load_or_make(config.data.as_deref(), PEER_KEY)?;
        let ground = Ground::lay(&identity, &config).await?;
        let addresses = ground.addresses.iter().take(crate::wire::ADDRESSES_MAX).copied();
        let admitted =
            ask(&identity, ticket, role, &config.kernel_id, addresses.collect(), &config.bounds)
                .await?;
        let bad = |error| NetError::Refused(Refusal::BadCertificate(error));
        let now = now_unix_ms();
        let claims = admitted.certificate.verify(&admitted.cluster, now).map_err(bad)?;
        let admitter = admitted.admitter.certificate.verify(&admitted.cluster, now).map_err(bad)?;
        if claims.peer != peer_id_of(&identity) || admitter.peer != ticket.peer {
            return Err(bad(CertificateError::OtherPeer));
        }
        let membership = Membership {
            cluster: admitted.cluster,
            claims,
            certificate: admitted.certificate,
            authority: None,
        };
        let limit_ms = config.bounds.handshake_ms_max;
        let net = ground.raise(&identity, config, membership, handler);
        net.owner.shared.learn(admitted.admitter).await.map_err(bad)?;
        net.wait_for_members(ticket.peer, limit_ms).await?;
        Ok(net)
    }

    /// Waits for the admitting member, its roster, and all whom this member dials.
    async fn wait_for_members(&self, admitter: PeerId, limit_ms: u64) -> Result<(), NetError> {
        let shared = &self.owner.shared;
        let own = shared.claims.admitted;
        let settled = shared.wait_until(|shared| {
            let members = lock(&shared.members);
            let waiting = members.to_dial(own);
            shared.stopping()
                || !members.contains(&admitter)
                || (waiting.is_empty() && members.roster_complete)
        });
        // Each dial has its own limit; the roster must come within one more.
        let limit = Duration::from_millis(limit_ms.saturating_mul(3));
        let in_time = tokio::time::timeout(limit, settled).await.is_ok();
        let mut members = lock(&shared.members);
        match members.get(&admitter) {
            Some(member) if member.standing == Standing::Up && in_time => Ok(()),
            _ => Err(match members.refused_by.take() {
                Some((peer, refusal)) if peer == admitter => NetError::Refused(refusal),
                _ if in_time => NetError::Unreachable {
                    peer: admitter,
                    why: "no handshake with the admitting member".into(),
                },
                _ => NetError::TimedOut { what: "list of members", limit_ms },
            }),
        }
    }

    /// This member.
    pub fn local(&self) -> PeerInfo {
        self.owner.shared.local()
    }

    /// The address where members are listened for, with the port that was taken.
    pub fn listen_addr(&self) -> SocketAddr {
        self.owner.listen_addr
    }

    /// A ticket that admits until it expires; `None` where there is no authority or no join
    /// listener.
    ///
    /// The same ticket is given until it expires, then a new one.
    pub fn ticket(&self) -> Option<Ticket> {
        let shared = &self.owner.shared;
        let authority = shared.authority.as_ref()?;
        authority.ticket(&self.owner.identity, shared.bounds.ticket_ttl_s)
    }

    /// The peers that are up, in the order of their admission, without this one.
    pub fn peers(&self) -> Vec<PeerInfo> {
        let mut peers: Vec<_> = self
            .owner
            .shared
            .read_live(|live| live.values().map(|peer| peer.info.clone()).collect());
        peers.sort_by_key(|peer: &PeerInfo| (peer.admitted, peer.id));
        peers
    }

    /// This member and the peers that are up, in the order of their admission, which is the same
    /// order on every member.
    pub fn members(&self) -> Vec<PeerInfo> {
        let mut members = self.peers();
        members.push(self.local());
        members.sort_by_key(|member| (member.admitted, member.id));
        members
    }

    /// Queues a frame; never waits.
    ///
    /// Frames to one peer arrive in the order of the calls, or the peer goes down. A frame that was
    /// queued when the peer goes down may or may not have arrived.
    ///
    /// # Errors
    ///
    /// [`SendError::Unknown`] when the peer is not up, [`SendError::Full`] when it reads too
    /// slowly, [`SendError::TooLarge`] beyond
    /// [`frame_bytes_max`](crate::Bounds::frame_bytes_max), [`SendError::Ended`] after the end.
    pub fn send(&self, to: &PeerId, frame: Bytes) -> Result<(), SendError> {
        let shared = &self.owner.shared;
        let (len, max) = (frame.len(), shared.bounds.frame_bytes_max);
        if len > max {
            return Err(SendError::TooLarge { len: len as u64, max: max as u64 });
        }
        if shared.stopping() {
            return Err(SendError::Ended);
        }
        shared.read_live(|live| {
            let peer = live.get(to).ok_or(SendError::Unknown { peer: *to })?;
            let full = Err(SendError::Full { peer: *to });
            let before = peer.queued_bytes.fetch_add(len, Ordering::Relaxed);
            let fits = before.saturating_add(len) <= shared.bounds.outbound_bytes_max;
            let error = if !fits {
                full
            } else {
                match peer.user.try_send(frame) {
                    Ok(()) => return Ok(()),
                    Err(mpsc::error::TrySendError::Full(_)) => full,
                    Err(mpsc::error::TrySendError::Closed(_)) => {
                        Err(SendError::Unknown { peer: *to })
                    }
                }
            };
            peer.queued_bytes.fetch_sub(len, Ordering::Relaxed);
            error
        })
    }

    /// Queues a block; never waits and never copies the payload, which is kept until it is written.
    ///
    /// `checksum` is the xxh3-64 of the payload if the caller knows it; otherwise the writing task
    /// computes it. Blocks to one peer arrive in the order of the calls.
    ///
    /// # Errors
    ///
    /// As [`send`](Net::send), with [`block_bytes_max`](crate::Bounds::block_bytes_max), and
    /// [`SendError::MetaTooLarge`] beyond [`meta_bytes_max`](crate::Bounds::meta_bytes_max).
    pub fn send_block(
        &self,
        to: &PeerId,
        key: [u8; 32],
        meta: Vec<u8>,
        data: Payload,
        checksum: Option<u64>,
    ) -> Result<(), SendError> {
        let shared = &self.owner.shared;
        let bounds = &shared.bounds;
        let len = (*data).as_ref().len() as u64;
        if len > bounds.block_bytes_max {
            return Err(SendError::TooLarge { len, max: bounds.block_bytes_max });
        }
        if meta.len() > bounds.meta_bytes_max {
            return Err(SendError::MetaTooLarge { len: meta.len(), max: bounds.meta_bytes_max });
        }
        if shared.stopping() {
            return Err(SendError::Ended);
        }
        shared.read_live(|live| {
            let peer = live.get(to).ok_or(SendError::Unknown { peer: *to })?;
            peer.blocks.try_send(OutBlock { key, meta, data, checksum }).map_err(
                |error| match error {
                    mpsc::error::TrySendError::Full(_) => SendError::Full { peer: *to },
                    mpsc::error::TrySendError::Closed(_) => SendError::Unknown { peer: *to },
                },
            )
        })
    }

    /// What was carried since the beginning, over all peers.
    pub fn counters(&self) -> Counters {
        self.owner.shared.totals.snapshot()
    }

    /// What was carried to and from a peer since it came up; `None` when it is not up.
    pub fn peer_counters(&self, peer: &PeerId) -> Option<Counters> {
        self.owner.shared.read_live(|live| live.get(peer).map(|peer| peer.counters.snapshot()))
    }

    /// Leaves the cluster: writes the frames that are queued, says goodbye to all peers, and ends.
    ///
    /// Queued blocks are not waited for. Returns after at most
    /// [`leave_ms_max`](crate::Bounds::leave_ms_max) and a second; all peers were then reported
    /// down to the handler, unless it did not return in that time. A second call does nothing.
    pub async fn leave(&self) {
        let shared = &self.owner.shared;
        shared.stop.send_if_modified(|stop| {
            let first = *stop == Stop::Run;
            if first {
                *stop = Stop::Leave;
            }
            first
        });
        let nobody = |shared: &Shared| lock(&shared.busy).is_empty();
        let limit = Duration::from_millis(shared.bounds.leave_ms_max);
        let _ = tokio::time::timeout(limit, shared.wait_until(nobody)).await;
        shared.stop.send_replace(Stop::Abort);
        let _ = tokio::time::timeout(Duration::from_secs(1), shared.wait_until(nobody)).await;
        // The loop drops its end of the commands when it has gone, and its sockets with it.
        let _ = tokio::time::timeout(Duration::from_secs(1), shared.commands.closed()).await;
    }

    /// Returns when this member has left, or its event loop has ended for another reason.
    pub async fn ended(&self) {
        let mut stop = self.owner.shared.stop.subscribe();
        let _ = stop.wait_for(|stop| *stop == Stop::Abort).await;
    }
}

#[cfg(test)]
impl Net {
    /// Makes the event loop panic.
    pub(crate) async fn break_loop(&self) {
        self.owner.shared.command(Command::Panic).await;
    }
}

/// What makes this process a member.
struct Membership {
    cluster: ClusterKey,
    claims: Claims,
    certificate: Certificate,
    authority: Option<Authority>,
}

/// A swarm that listens, but lets nobody in yet.
struct Ground {
    swarm: Swarm<Behaviour>,
    members: Arc<Mutex<Members>>,
    addresses: Vec<SocketAddr>,
    listen_addr: SocketAddr,
}

impl Ground {
    async fn lay(identity: &Keypair, config: &Config) -> Result<Self, NetError> {
        let members = Arc::new(Mutex::new(Members::default()));
        let gate: Gate = {
            let members = members.clone();
            Arc::new(move |peer| lock(&members).contains(&PeerId(*peer)))
        };
        let mut swarm = build(identity.clone(), Links::members(gate), &config.bounds)?;
        let addresses = listen(&mut swarm, config.listen).await?;
        let port = addresses.first().map_or(config.listen.port(), SocketAddr::port);
        let listen_addr = SocketAddr::new(config.listen.ip(), port);
        Ok(Ground { swarm, members, addresses, listen_addr })
    }

    /// Starts the tasks.
    fn raise<H: Handler>(
        self,
        identity: &Keypair,
        config: Config,
        membership: Membership,
        handler: Arc<H>,
    ) -> Net {
        let (commands, commands_out) = mpsc::channel::<Command>(COMMANDS_MAX);
        let (links, links_out) = mpsc::channel(LINKS_MAX);
        let shared = Arc::new(Shared {
            bounds: config.bounds,
            kernel_id: config.kernel_id,
            cluster: membership.cluster,
            claims: membership.claims,
            certificate: membership.certificate,
            authority: membership.authority,
            addresses: Mutex::new(self.addresses),
            members: self.members,
            live: Default::default(),
            busy: Mutex::new(BTreeSet::new()),
            totals: Arc::new(CounterCells::default()),
            commands,
            changed: watch::Sender::new(0),
            stop: watch::Sender::new(Stop::Run),
        });
        let event_loop = EventLoop::new(self.swarm, shared.clone(), links);
        let running = tokio::spawn(event_loop.run(commands_out, shared.stop.subscribe()));
        tokio::spawn(serve_links(links_out, shared.clone(), handler));
        // The end of the loop is the end of everything, whatever it died of: peers are reported
        // down and sends are refused, so that a deaf member does not look alive.
        let supervised = shared.clone();
        tokio::spawn(async move {
            if let Err(error) = running.await {
                tracing::error!(%error, "the event loop ended badly");
            }
            supervised.stop.send_replace(Stop::Abort);
            supervised.notify();
        });
        let owner = Owner { shared, identity: identity.public(), listen_addr: self.listen_addr };
        Net { owner: Arc::new(owner) }
    }
}
