//! The handle: found or join, send, leave.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use libp2p::identity::Keypair;
use libp2p::swarm::Swarm;
use tokio::sync::{mpsc, watch};

use crate::authority::founding_claims;
use crate::block::{OutBlock, Payload};
use crate::bulk::{BulkListeners, BulkPort, accept_bulk};
use crate::certificate::{Certificate, Claims, ClusterKey, Role, signing_key};
use crate::config::{Bounds, Config};
use crate::counters::{CounterCells, Counters};
use crate::error::{CertificateError, NetError, Refusal, SendError};
use crate::handler::Handler;
use crate::handover::{CLUSTER_KEY, hold, hold_kept};
use crate::identity::{PeerId, load, load_or_make, peer_id_of};
use crate::join::{Admitted, ask};
use crate::links::{Gate, Links};
use crate::mdns;
use crate::members::{Members, PeerInfo, Standing};
use crate::peer::serve_links;
use crate::refusals::RefusalLines;
use crate::saved::{Contact, Saved, Saver, keep_saved};
use crate::shared::{Command, Shared, Stop, lock, now_unix_ms};
use crate::swarm::{Behaviour, COMMANDS_MAX, EventLoop, LINKS_MAX, build, listen_again};
use crate::ticket::Ticket;
use crate::wire::{ADDRESSES_MAX, Credential, JoinRequest};

/// The file of the key that says who this peer is.
const PEER_KEY: &str = "peer.key";
/// How long one of several members is asked to take this one back, in milliseconds.
const CONTACT_MS_MAX: u64 = 3000;

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
    saver: Arc<Mutex<Saver>>,
    listen_addr: SocketAddr,
    /// Members that the data folder remembers, none of which answered when this one began the cluster anew.
    absent: Vec<PeerId>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        lock(&self.saver).save(&self.shared);
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
    /// [`NetError::Configuration`], [`NetError::DataFile`] or [`NetError::Listen`].
    pub async fn found<H: Handler>(config: Config, handler: Arc<H>) -> Result<Net, NetError> {
        Net::found_without(Vec::new(), config, handler).await
    }

    /// Founds a cluster, or begins one anew without those of its members that do not answer.
    async fn found_without<H: Handler>(
        absent: Vec<PeerId>,
        config: Config,
        handler: Arc<H>,
    ) -> Result<Net, NetError> {
        let ground = Ground::lay(config).await?;
        let key = signing_key(load_or_make(ground.applicant.config.data.as_deref(), CLUSTER_KEY)?)
            .ok_or(NetError::Configuration { what: "the cluster key is not of kind ed25519" })?;
        let own = peer_id_of(&ground.applicant.identity);
        let claims = founding_claims(own, ground.applicant.config.bounds.certificate_ttl_s);
        let certificate = Certificate::sign(&key, &claims);
        let membership = Membership { cluster: ClusterKey::of(&key), claims, certificate };
        let net = ground.raise(membership, absent, handler);
        let shared = &net.owner.shared;
        lock(&shared.members).roster_complete = true;
        hold(shared, key).await?;
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
    /// [`NetError::Protocol`], [`NetError::OtherCluster`] when the data folder holds the key of
    /// another one, and those of [`found`](Net::found).
    pub async fn join<H: Handler>(
        ticket: &Ticket,
        role: Role,
        config: Config,
        handler: Arc<H>,
    ) -> Result<Net, NetError> {
        let ground = Ground::lay(config).await?;
        let contact = Contact { peer: ticket.peer, addresses: ticket.addresses.clone() };
        let credential = Credential::Token(ticket.token.to_vec().into());
        let limit_ms = ground.applicant.config.bounds.handshake_ms_max;
        let admitted = ground.applicant.ask(&contact, credential, role, limit_ms).await?;
        Net::enter(ground, contact.peer, admitted, handler).await
    }

    /// Comes back to the cluster that `config.data` remembers, in the role it had there: asks the
    /// members that admitted, one after the other, and shows its certificate instead of a ticket.
    ///
    /// # Errors
    ///
    /// [`NetError::NoMembership`] when the folder remembers none; the error of the last member
    /// asked, as in [`join`](Net::join), when none of them took it back.
    pub async fn rejoin<H: Handler>(config: Config, handler: Arc<H>) -> Result<Net, NetError> {
        let ground = Ground::lay(config).await?;
        let (contact, admitted) = ground.applicant.ask_again().await?;
        Net::enter(ground, contact, admitted, handler).await
    }

    /// Goes on with the cluster that `config.data` remembers, or founds one when it remembers none:
    /// comes back to members that run; where none answers, a holder of the key of the cluster is
    /// its first member again, and the others may come back to it.
    ///
    /// # Errors
    ///
    /// Like [`rejoin`](Net::rejoin) and [`found`](Net::found).
    pub async fn resume<H: Handler>(config: Config, handler: Arc<H>) -> Result<Net, NetError> {
        let ground = Ground::lay(config.clone()).await?;
        let holds = match config.data.as_deref() {
            Some(data) => load(data, CLUSTER_KEY)?.is_some(),
            None => false,
        };
        match ground.applicant.ask_again().await {
            Ok((contact, admitted)) => Net::enter(ground, contact, admitted, handler).await,
            Err(NetError::NoMembership { .. }) => {
                drop(ground);
                Net::found(config, handler).await
            }
            Err(NetError::Unreachable { .. } | NetError::TimedOut { .. }) if holds => {
                let saved = ground.applicant.saved.iter().flat_map(|saved| &saved.contacts);
                let absent: Vec<_> = saved.map(|contact| contact.peer).collect();
                drop(ground);
                if !absent.is_empty() {
                    let members = absent.len();
                    tracing::warn!(members, "none of the remembered members answers");
                }
                Net::found_without(absent, config, handler).await
            }
            Err(error) => Err(error),
        }
    }

    /// Becomes the member that a certificate makes of this process.
    async fn enter<H: Handler>(
        ground: Ground,
        admitter: PeerId,
        admitted: Admitted,
        handler: Arc<H>,
    ) -> Result<Net, NetError> {
        let bad = |error| NetError::Refused(Refusal::BadCertificate(error));
        let now = now_unix_ms();
        let claims = admitted.certificate.verify(&admitted.cluster, now).map_err(bad)?;
        let theirs = admitted.admitter.certificate.verify(&admitted.cluster, now).map_err(bad)?;
        if claims.peer != peer_id_of(&ground.applicant.identity) || theirs.peer != admitter {
            return Err(bad(CertificateError::OtherPeer));
        }
        ground.applicant.refuse_other_cluster(&admitted.cluster)?;
        let membership =
            Membership { cluster: admitted.cluster, claims, certificate: admitted.certificate };
        let limit_ms = ground.applicant.config.bounds.handshake_ms_max;
        let net = ground.raise(membership, Vec::new(), handler);
        let shared = &net.owner.shared;
        shared.learn(admitted.admitter).await.map_err(bad)?;
        net.wait_for_members(admitter, limit_ms).await?;
        hold_kept(shared).await?;
        Ok(net)
    }

    /// Waits for the admitting member, its roster, and all whom this member dials.
    async fn wait_for_members(&self, admitter: PeerId, limit_ms: u64) -> Result<(), NetError> {
        let shared = &self.owner.shared;
        let own = shared.order();
        let settled = shared.wait_until(|shared| {
            let members = lock(&shared.members);
            let given_up = members
                .get(&admitter)
                .is_none_or(|member| matches!(member.standing, Standing::Lost { .. }));
            shared.stopping() || given_up || (members.awaited(own) == 0 && members.roster_complete)
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
                    reason: "the handshake with the admitting member did not complete".into(),
                },
                _ => NetError::TimedOut { what: "list of members", limit_ms },
            }),
        }
    }

    /// This member.
    pub fn local(&self) -> PeerInfo {
        self.owner.shared.local()
    }

    /// The members that the data folder remembers, when none of them answered and [`resume`](Net::resume) began the
    /// cluster anew without them: they may run elsewhere, as another cluster of the same key.
    pub fn absent(&self) -> &[PeerId] {
        &self.owner.absent
    }

    /// The address where members are listened for, with the port that was taken.
    pub fn listen_addr(&self) -> SocketAddr {
        self.owner.listen_addr
    }

    /// A ticket that admits any number of peers until it expires, after
    /// [`ticket_ttl_s`](crate::Bounds::ticket_ttl_s); `None` where this member admits nobody.
    ///
    /// The same ticket is given until it expires or is withdrawn, then a new one. A ticket names
    /// this member: another one that admits gives out its own.
    pub fn ticket(&self) -> Option<Ticket> {
        let shared = &self.owner.shared;
        let authority = shared.authority.get()?;
        let ticket = authority.ticket(&shared.identity.public(), shared.bounds.ticket_ttl_s);
        ticket.inspect_err(|error| tracing::warn!(%error, "cannot make a ticket")).ok()
    }

    /// A new ticket, which admits for `ttl_s` seconds any number of peers, or one.
    ///
    /// # Errors
    ///
    /// [`NetError::NoAuthority`] where this member admits nobody; [`NetError::DataFile`] when the
    /// ticket cannot be remembered.
    pub fn new_ticket(&self, ttl_s: u64, once: bool) -> Result<Ticket, NetError> {
        let shared = &self.owner.shared;
        let authority = shared.authority.get().ok_or(NetError::NoAuthority)?;
        authority.new_ticket(&shared.identity.public(), ttl_s, once)
    }

    /// Withdraws all tickets that this member has given out; says how many still admitted.
    ///
    /// # Errors
    ///
    /// Like [`new_ticket`](Net::new_ticket).
    pub fn revoke_tickets(&self) -> Result<usize, NetError> {
        let authority = self.owner.shared.authority.get().ok_or(NetError::NoAuthority)?;
        authority.revoke_tickets()
    }

    /// The members that admit others, this one among them if it does, sorted by name.
    pub fn admitting(&self) -> Vec<PeerId> {
        let shared = &self.owner.shared;
        let own = shared
            .authority
            .get()
            .filter(|authority| !lock(&authority.join_addresses).is_empty())
            .map(|_| shared.claims.peer);
        let mut admitting: Vec<_> = lock(&shared.members)
            .iter()
            .filter(|member| !member.join_addresses.is_empty())
            .map(|member| member.claims.peer)
            .chain(own)
            .collect();
        admitting.sort();
        admitting
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
    /// Like [`send`](Net::send), with [`block_bytes_max`](crate::Bounds::block_bytes_max), and
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
    /// [`leave_ms_max`](crate::Bounds::leave_ms_max) and three seconds; all peers were then reported
    /// down to the handler, unless it did not return in that time. A second call does nothing.
    pub async fn leave(&self) {
        let shared = &self.owner.shared;
        {
            let mut saver = lock(&self.owner.saver);
            // What was learned last may not be written yet, and it is how this member and the others find one another again.
            saver.save(shared);
            shared.stop.send_if_modified(|stop| {
                let first = *stop == Stop::Run;
                if first {
                    *stop = Stop::Leave;
                }
                first
            });
        }
        let nobody = |shared: &Shared| lock(&shared.busy).is_empty();
        let limit = Duration::from_millis(shared.bounds.leave_ms_max);
        let _ = tokio::time::timeout(limit, shared.wait_until(nobody)).await;
        shared.stop.send_replace(Stop::Abort);
        let _ = tokio::time::timeout(Duration::from_secs(1), shared.wait_until(nobody)).await;
        // Whoever leaves may come back at once, on the same ports.
        let deaf = |shared: &Shared| {
            shared
                .authority
                .get()
                .is_none_or(|authority| lock(&authority.join_addresses).is_empty())
        };
        let _ = tokio::time::timeout(Duration::from_secs(1), shared.wait_until(deaf)).await;
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

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.owner.shared
    }

    /// Closes the connections to a peer, as a cable does.
    pub(crate) async fn cut(&self, peer: PeerId) {
        self.owner.shared.command(Command::Disconnect(peer)).await;
    }
}

/// What makes this process a member.
struct Membership {
    cluster: ClusterKey,
    claims: Claims,
    certificate: Certificate,
}

/// Who asks to be a member.
struct Applicant {
    config: Config,
    identity: Keypair,
    /// What the data folder remembers of a former life.
    saved: Option<Saved>,
    addresses: Vec<SocketAddr>,
}

/// A swarm that listens, but lets nobody in yet.
struct Ground {
    applicant: Applicant,
    swarm: Swarm<Behaviour>,
    members: Arc<Mutex<Members>>,
    listen_addr: SocketAddr,
    bulk: (BulkPort, BulkListeners),
}

impl Ground {
    async fn lay(config: Config) -> Result<Self, NetError> {
        config.check()?;
        let identity = load_or_make(config.data.as_deref(), PEER_KEY)?;
        let saved = match &config.data {
            Some(data) => Saved::read(data)?,
            None => None,
        };
        let members = Arc::new(Mutex::new(Members::default()));
        let gate: Gate = {
            let members = members.clone();
            Arc::new(move |peer| lock(&members).contains(&PeerId(*peer)))
        };
        let mut swarm = build(identity.clone(), Links::members(gate), &config.bounds)?;
        let former_port = saved.as_ref().map_or(0, |saved| saved.port);
        let addresses = listen_again(&mut swarm, config.listen, former_port).await?;
        let port = addresses.first().map_or(config.listen.port(), SocketAddr::port);
        let listen_addr = SocketAddr::new(config.listen.ip(), port);
        let bulk = BulkPort::open(&config).await?;
        let applicant = Applicant { config, identity, saved, addresses };
        Ok(Ground { applicant, swarm, members, listen_addr, bulk })
    }

    /// Starts the tasks.
    fn raise<H: Handler>(
        self,
        membership: Membership,
        absent: Vec<PeerId>,
        handler: Arc<H>,
    ) -> Net {
        let Applicant { config, identity, saved, addresses } = self.applicant;
        let (bulk, bulk_listeners) = self.bulk;
        let (commands, commands_out) = mpsc::channel::<Command>(COMMANDS_MAX);
        let (links, links_out) = mpsc::channel(LINKS_MAX);
        let former_join_port = saved.as_ref().map_or(0, |saved| saved.join_port);
        let saver = Saver::new(saved, &membership.cluster, self.listen_addr.port());
        let saver = Arc::new(Mutex::new(saver));
        let shared = Arc::new(Shared {
            bounds: config.bounds,
            kernel_id: config.kernel_id,
            identity,
            data: config.data,
            join_listen: config.join_listen,
            former_join_port,
            beginning_to_hold: Default::default(),
            mdns: config.mdns,
            cluster: membership.cluster,
            claims: membership.claims,
            certificate: membership.certificate,
            authority: OnceLock::new(),
            addresses: Mutex::new(addresses),
            members: self.members,
            live: Default::default(),
            busy: Mutex::new(BTreeSet::new()),
            totals: Arc::new(CounterCells::default()),
            bulk: Arc::new(bulk),
            refusal_lines: Mutex::new(RefusalLines::new(Instant::now())),
            commands,
            changed: watch::Sender::new(0),
            stop: watch::Sender::new(Stop::Run),
        });
        let event_loop = EventLoop::new(self.swarm, shared.clone(), links);
        let running = tokio::spawn(event_loop.run(commands_out, shared.stop.subscribe()));
        tokio::spawn(serve_links(links_out, shared.clone(), handler));
        tokio::spawn(accept_bulk(bulk_listeners, shared.clone()));
        tokio::spawn(keep_saved(shared.clone(), saver.clone()));
        // The end of the loop is the end of everything, whatever it died of: peers are reported
        // down and sends are refused, so that a deaf member does not look alive.
        let supervised = shared.clone();
        tokio::spawn(async move {
            if let Err(error) = running.await {
                tracing::error!(%error, "the event loop failed");
            }
            supervised.stop.send_replace(Stop::Abort);
            supervised.notify();
        });
        Net { owner: Arc::new(Owner { shared, saver, listen_addr: self.listen_addr, absent }) }
    }
}

impl Applicant {
    async fn ask(
        &self,
        contact: &Contact,
        credential: Credential,
        role: Role,
        limit_ms: u64,
    ) -> Result<Admitted, NetError> {
        let request = JoinRequest {
            credential,
            role,
            kernel_id: self.config.kernel_id.clone(),
            addresses: self.addresses.iter().take(ADDRESSES_MAX).copied().collect(),
        };
        let limit = Duration::from_millis(limit_ms);
        // Where others may be asked as well, one that closes at once is not asked for long.
        let join_ms_max = self.config.bounds.join_ms_max.min(limit_ms.saturating_mul(6));
        let bounds = Bounds { join_ms_max, ..self.config.bounds.clone() };
        ask(&self.identity, contact, &request, limit, &bounds).await
    }

    /// Asks those who admitted when this member was last up, one after the other: where they were then and, if that comes
    /// to nothing, where the local link says that they are.
    async fn ask_again(&self) -> Result<(PeerId, Admitted), NetError> {
        let none =
            || NetError::NoMembership { folder: self.config.data.clone().unwrap_or_default() };
        let saved = self.saved.as_ref().ok_or_else(none)?;
        let claims = saved.claims().ok_or_else(none)?;
        let own = peer_id_of(&self.identity);
        let mut outcome = Err(NetError::Unreachable {
            peer: own,
            reason: "no other admitting member is known".into(),
        });
        let limit_ms = self.config.bounds.handshake_ms_max.min(CONTACT_MS_MAX);
        let credential = || Credential::Certificate(saved.certificate.clone());
        for contact in &saved.contacts {
            match self.ask(contact, credential(), claims.role, limit_ms).await {
                Ok(admitted) => return Ok((contact.peer, admitted)),
                Err(error) => {
                    tracing::info!(peer = %contact.peer, %error, "the member did not readmit this node");
                    outcome = Err(error);
                }
            }
        }
        let wanted: BTreeSet<_> = saved.contacts.iter().map(|contact| contact.peer).collect();
        if !self.config.mdns || wanted.is_empty() || matches!(outcome, Err(NetError::Refused(_))) {
            return outcome;
        }
        let ask =
            async |contact: &Contact| self.ask(contact, credential(), claims.role, limit_ms).await;
        mdns::find(own, wanted, self.config.listen.is_ipv6(), ask).await.unwrap_or(outcome)
    }

    /// The key of a cluster is not overwritten by that of another.
    fn refuse_other_cluster(&self, cluster: &ClusterKey) -> Result<(), NetError> {
        let Some(data) = &self.config.data else { return Ok(()) };
        match load(data, CLUSTER_KEY)?.and_then(signing_key) {
            Some(key) if ClusterKey::of(&key) != *cluster => {
                Err(NetError::OtherCluster { folder: data.clone() })
            }
            _ => Ok(()),
        }
    }
}
