//! What only a member with the cluster key does: give out tickets and admit.
//!
//! The key is held by the founder. Passing it on to a second member needs nothing here but another
//! value of [`Authority`] on that member, with the same key.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use libp2p::identity::{PublicKey, ed25519};
use tokio::sync::{MutexGuard, mpsc};

use crate::certificate::{Admission, Certificate, Claims, Role};
use crate::config::{KERNEL_ID_BYTES_MAX, PROTOCOL, Version};
use crate::error::Refusal;
use crate::frame::Tag;
use crate::identity::PeerId;
use crate::members::Standing;
use crate::shared::{Command, Shared, lock, now_unix_ms};
use crate::ticket::{TOKEN_BYTES, Ticket, same_token};
use crate::wire::{self, ADDRESSES_MAX, JoinAnswer, JoinRequest, Record};

/// Tokens that are remembered, so that a ticket that ran out is told from one that never was.
const TOKENS_MAX: usize = 8;

struct Token {
    bytes: [u8; TOKEN_BYTES],
    expires_unix_s: u64,
}

pub(crate) struct Authority {
    key: ed25519::Keypair,
    /// The last admission given out. Held for the whole of an admission: one after the other.
    last: tokio::sync::Mutex<Admission>,
    tokens: Mutex<VecDeque<Token>>,
    /// Where the join listener is reached; empty when it is not there.
    pub(crate) join_addresses: Mutex<Vec<SocketAddr>>,
    /// Who waits for acknowledgements: the number of the announcement, and where they go.
    acks: Mutex<Option<(u64, mpsc::Sender<PeerId>)>>,
}

impl Authority {
    pub(crate) fn new(key: ed25519::Keypair, last: Admission) -> Self {
        Authority {
            key,
            last: tokio::sync::Mutex::new(last),
            tokens: Mutex::default(),
            join_addresses: Mutex::default(),
            acks: Mutex::default(),
        }
    }

    /// The newest ticket that still admits, or a new one.
    pub(crate) fn ticket(&self, own: &PublicKey, ttl_s: u64) -> Option<Ticket> {
        let addresses: Vec<_> =
            lock(&self.join_addresses).iter().take(ADDRESSES_MAX).copied().collect();
        if addresses.is_empty() {
            return None;
        }
        let key = own.clone().try_into_ed25519().ok()?.to_bytes();
        let now_s = now_unix_ms() / 1000;
        let mut tokens = lock(&self.tokens);
        let fresh = tokens.back().filter(|token| token.expires_unix_s > now_s);
        let (bytes, expires_unix_s) = match fresh {
            Some(token) => (token.bytes, token.expires_unix_s),
            None => {
                let mut bytes = [0; TOKEN_BYTES];
                getrandom::fill(&mut bytes).ok()?;
                let expires_unix_s = now_s.saturating_add(ttl_s);
                if tokens.len() == TOKENS_MAX {
                    tokens.pop_front();
                }
                tokens.push_back(Token { bytes, expires_unix_s });
                (bytes, expires_unix_s)
            }
        };
        let peer = PeerId(own.to_peer_id());
        Some(Ticket { key, peer, token: bytes, expires_unix_s, addresses })
    }

    fn check_token(&self, shown: &[u8]) -> Result<(), Refusal> {
        let tokens = lock(&self.tokens);
        let token =
            tokens.iter().find(|token| same_token(&token.bytes, shown)).ok_or(Refusal::BadToken)?;
        if token.expires_unix_s <= now_unix_ms() / 1000 {
            return Err(Refusal::Expired);
        }
        Ok(())
    }

    /// Takes an acknowledgement of an announcement.
    pub(crate) fn ack(&self, number: u64, from: PeerId) {
        if let Some((waiting, sender)) = &*lock(&self.acks)
            && *waiting == number
        {
            let _ = sender.try_send(from);
        }
    }

    /// Judges a request, whose bytes the peer sent over a connection that proved its key. After a
    /// yes the member table and all members know the new one.
    ///
    /// The guard that comes with a yes keeps the next admission waiting; see [`settle`].
    pub(crate) async fn admit<'a>(
        &'a self,
        shared: &Shared,
        peer: PeerId,
        request: &[u8],
    ) -> Result<(JoinAnswer, Admission, MutexGuard<'a, Admission>), Refusal> {
        let (theirs, body) = wire::split_version(request).ok_or(Refusal::Malformed)?;
        check_version(theirs)?;
        let request: JoinRequest =
            wire::decode(body, "join request").map_err(|_| Refusal::Malformed)?;
        if request.addresses.len() > ADDRESSES_MAX || request.kernel_id.len() > KERNEL_ID_BYTES_MAX
        {
            return Err(Refusal::Malformed);
        }
        // Strangers without a ticket learn nothing, so the token comes before the kernel.
        self.check_token(&request.token)?;
        check_kernel(shared, request.kernel_id)?;
        if peer == shared.claims.peer {
            return Err(Refusal::Malformed);
        }

        // Whoever waits longer has given up, and would keep the next ones waiting for it.
        let mut last = tokio::time::timeout(shared.handshake_limit(), self.last.lock())
            .await
            .map_err(|_| Refusal::Busy)?;
        // Connections to members are bounded, and we are none of them.
        let members_max = shared.bounds.established_max as usize;
        {
            let members = lock(&shared.members);
            if members.len() >= members_max && !members.contains(&peer) {
                return Err(Refusal::Full { members_max });
            }
        }
        let admitted = Admission {
            unix_ms: now_unix_ms().max(last.unix_ms),
            sequence: last.sequence.saturating_add(1),
        };
        *last = admitted;
        let certificate = self.certify(shared, peer, request.role, admitted);
        let record = Record { certificate, addresses: request.addresses };
        // Our own signature holds, so this cannot fail but for a clock past all certificates.
        shared.learn(record.clone()).await.map_err(Refusal::BadCertificate)?;
        self.announce(shared, &record, admitted.sequence).await;
        let answer = JoinAnswer::Admitted {
            certificate: record.certificate,
            cluster: shared.cluster.to_bytes().to_vec().into(),
            admitter: shared.own_record(),
        };
        Ok((answer, admitted, last))
    }

    fn certify(
        &self,
        shared: &Shared,
        peer: PeerId,
        role: Role,
        admitted: Admission,
    ) -> Certificate {
        let ttl_ms = shared.bounds.certificate_ttl_s.saturating_mul(1000);
        let expires_unix_ms = now_unix_ms().saturating_add(ttl_ms);
        let claims = Claims { peer, role, admitted, authority: false, expires_unix_ms };
        Certificate::sign(&self.key, &claims)
    }

    /// Tells every member that is up, and waits until all know or the time is over.
    async fn announce(&self, shared: &Shared, record: &Record, number: u64) {
        let payload = member_payload(number, record);
        let (sender, mut acks) = mpsc::channel(shared.bounds.established_max as usize);
        *lock(&self.acks) = Some((number, sender));
        let told = shared.read_live(|live| {
            live.values()
                .filter(|peer| peer.own.try_send((Tag::Member, payload.clone())).is_ok())
                .count()
        });
        let all = async {
            for _ in 0..told {
                acks.recv().await;
            }
        };
        let limit = Duration::from_millis(shared.bounds.admit_ack_ms_max);
        if tokio::time::timeout(limit, all).await.is_err() {
            tracing::warn!(told, "some members have not yet acknowledged a new one");
        }
        *lock(&self.acks) = None;
    }
}

/// Waits until the admitted peer is up, so that it hears of the next one; or until it is plain that
/// it does not come.
pub(crate) async fn settle(shared: &Shared, peer: PeerId, admitted: Admission) {
    let arrived = shared.wait_until(|shared| {
        shared.stopping()
            || lock(&shared.members).get(&peer).is_none_or(|member| {
                member.claims.admitted != admitted || member.standing == Standing::Up
            })
    });
    // Half a limit, so that the one who waits behind still has time for its own exchange.
    if tokio::time::timeout(shared.handshake_limit() / 2, arrived).await.is_err() {
        tracing::warn!(%peer, "an admitted peer has not connected");
        lock(&shared.members).remove(&peer, admitted);
        shared.command(Command::Disconnect(peer)).await;
        shared.notify();
    }
}

/// The payload of a [`Tag::Member`] frame: the number to acknowledge (zero: none), the record.
pub(crate) fn member_payload(number: u64, record: &Record) -> bytes::Bytes {
    let mut out = BytesMut::new();
    out.put_u64_le(number);
    out.put_slice(&wire::encode(record));
    out.freeze()
}

pub(crate) fn check_version(theirs: Version) -> Result<(), Refusal> {
    if theirs.major == PROTOCOL.major {
        Ok(())
    } else {
        Err(Refusal::VersionMismatch { ours: PROTOCOL, theirs })
    }
}

pub(crate) fn check_kernel(shared: &Shared, theirs: String) -> Result<(), Refusal> {
    if theirs == shared.kernel_id {
        Ok(())
    } else {
        Err(Refusal::KernelMismatch { ours: shared.kernel_id.clone(), theirs })
    }
}

/// The claims of a founder, who admits itself.
pub(crate) fn founding_claims(peer: PeerId, certificate_ttl_s: u64) -> Claims {
    let now = now_unix_ms();
    Claims {
        peer,
        role: Role::Node,
        admitted: Admission { unix_ms: now, sequence: 0 },
        authority: true,
        expires_unix_ms: now.saturating_add(certificate_ttl_s.saturating_mul(1000)),
    }
}
