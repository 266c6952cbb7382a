//! What only a member with the cluster key does: give out tickets and admit.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use libp2p::identity::{PublicKey, ed25519};
use tokio::sync::{MutexGuard, mpsc};

use crate::certificate::{Admission, Certificate, Claims, Role};
use crate::config::{KERNEL_ID_BYTES_MAX, PROTOCOL, Version};
use crate::error::{CertificateError, NetError, Refusal};
use crate::frame::Tag;
use crate::identity::PeerId;
use crate::members::Standing;
use crate::private::{read_private, write_private};
use crate::shared::{Command, Shared, lock, now_unix_ms};
use crate::ticket::{TOKEN_BYTES, Ticket};
use crate::tokens::{Token, Tokens};
use crate::wire::{self, ADDRESSES_MAX, Credential, JoinAnswer, JoinRequest, Record};

/// The file of the tickets that were given out.
const TICKETS: &str = "tickets";

pub(crate) struct Authority {
    key: ed25519::Keypair,
    /// The last admission given out. Held for the whole of an admission: one after the other.
    last: tokio::sync::Mutex<Admission>,
    tokens: Mutex<Tokens>,
    data: Option<PathBuf>,
    /// Where the join listener is reached; empty when it is not there.
    pub(crate) join_addresses: Mutex<Vec<SocketAddr>>,
    /// Who waits for acknowledgements: the number of the announcement, and where they go.
    acks: Mutex<Option<(u64, mpsc::Sender<PeerId>)>>,
}

impl Authority {
    /// The tickets of a former life stand.
    pub(crate) fn new(
        key: ed25519::Keypair,
        last: Admission,
        data: Option<PathBuf>,
    ) -> Result<Self, NetError> {
        let kept = match &data {
            Some(data) => read_private(data, TICKETS)?,
            None => None,
        };
        let tokens = match (kept, &data) {
            (Some(bytes), Some(data)) => Tokens::from_bytes(&bytes).map_err(|error| {
                NetError::DataFile { path: data.join(TICKETS), reason: error.to_string() }
            })?,
            _ => Tokens::default(),
        };
        Ok(Authority {
            key,
            last: tokio::sync::Mutex::new(last),
            tokens: Mutex::new(tokens),
            data,
            join_addresses: Mutex::default(),
            acks: Mutex::default(),
        })
    }

    /// The secret half of the key of the cluster, for a node that is to admit as well.
    pub(crate) fn secret(&self) -> bytes::Bytes {
        bytes::Bytes::copy_from_slice(self.key.secret().as_ref())
    }

    /// The newest ticket that admits any number of peers, or a new one.
    pub(crate) fn ticket(&self, own: &PublicKey, ttl_s: u64) -> Result<Ticket, NetError> {
        let standing = lock(&self.tokens).standing(now_unix_ms() / 1000);
        match standing {
            Some(token) => self.ticket_of(own, token),
            None => self.new_ticket(own, ttl_s, false),
        }
    }

    pub(crate) fn new_ticket(
        &self,
        own: &PublicKey,
        ttl_s: u64,
        once: bool,
    ) -> Result<Ticket, NetError> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes)
            .map_err(|_| NetError::Configuration { what: "the system gives no random numbers" })?;
        let expires_unix_s = (now_unix_ms() / 1000).saturating_add(ttl_s);
        let mut tokens = lock(&self.tokens);
        let token = tokens.issue(bytes, expires_unix_s, once);
        self.keep(&tokens)?;
        drop(tokens);
        self.ticket_of(own, token)
    }

    fn ticket_of(&self, own: &PublicKey, token: Token) -> Result<Ticket, NetError> {
        let addresses: Vec<_> =
            lock(&self.join_addresses).iter().take(ADDRESSES_MAX).copied().collect();
        let key = own.clone().try_into_ed25519();
        match key {
            Ok(key) if !addresses.is_empty() => Ok(Ticket {
                key: key.to_bytes(),
                peer: PeerId(own.to_peer_id()),
                token: token.bytes,
                expires_unix_s: token.expires_unix_s,
                addresses,
            }),
            _ => Err(NetError::NoAuthority),
        }
    }

    /// Withdraws all tickets; says how many still admitted.
    pub(crate) fn revoke_tickets(&self) -> Result<usize, NetError> {
        let mut tokens = lock(&self.tokens);
        let count = tokens.revoke_all(now_unix_ms() / 1000);
        self.keep(&tokens)?;
        Ok(count)
    }

    fn keep(&self, tokens: &Tokens) -> Result<(), NetError> {
        match &self.data {
            Some(data) => write_private(data, TICKETS, &tokens.to_bytes()),
            None => Ok(()),
        }
    }

    fn check(
        &self,
        shared: &Shared,
        peer: PeerId,
        role: Role,
        credential: &Credential,
    ) -> Result<(), Refusal> {
        let now = now_unix_ms();
        match credential {
            Credential::Token(shown) => {
                let mut tokens = lock(&self.tokens);
                tokens.spend(shown, peer, now / 1000)?;
                if let Err(error) = self.keep(&tokens) {
                    tracing::error!(%error, "cannot save the use of a ticket");
                }
                Ok(())
            }
            Credential::Certificate(certificate) => {
                let claims =
                    certificate.verify(&shared.cluster, now).map_err(Refusal::BadCertificate)?;
                // A session does not come back as a node.
                if claims.peer == peer && claims.role == role {
                    Ok(())
                } else {
                    Err(Refusal::BadCertificate(CertificateError::OtherPeer))
                }
            }
        }
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
    /// The guard that comes with a yes keeps the next admission waiting; see [`settle`]. `gone` says, when it is the peer's
    /// turn, whether it has given up.
    pub(crate) async fn admit<'a>(
        &'a self,
        shared: &Shared,
        peer: PeerId,
        request: &[u8],
        gone: impl FnOnce() -> bool,
    ) -> Result<(JoinAnswer, Admission, MutexGuard<'a, Admission>), Refusal> {
        let (theirs, body) = wire::split_version(request).ok_or(Refusal::Malformed)?;
        check_version(theirs)?;
        let request: JoinRequest =
            wire::decode(body, "join request").map_err(|_| Refusal::Malformed)?;
        if request.addresses.len() > ADDRESSES_MAX || request.kernel_id.len() > KERNEL_ID_BYTES_MAX
        {
            return Err(Refusal::Malformed);
        }
        // Strangers without a ticket learn nothing, so the credential comes before the kernel.
        self.check(shared, peer, request.role, &request.credential)?;
        check_kernel(shared, request.kernel_id)?;
        if peer == shared.claims.peer {
            return Err(Refusal::Malformed);
        }

        // Whoever waits longer has given up, and would keep the next ones waiting for it.
        let mut last = tokio::time::timeout(shared.handshake_limit(), self.last.lock())
            .await
            .map_err(|_| Refusal::Busy)?;
        if gone() {
            return Err(Refusal::Busy);
        }
        // Connections to members are bounded, and we are none of them.
        let members_max = shared.bounds.established_max as usize;
        {
            let members = lock(&shared.members);
            if members.present() >= members_max && !members.contains(&peer) {
                return Err(Refusal::Full { members_max });
            }
            // Others admit as well.
            *last = members.iter().map(|member| member.claims.admitted).fold(*last, Ord::max);
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
        let claims = Claims { peer, role, admitted, expires_unix_ms };
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
        expires_unix_ms: now.saturating_add(certificate_ttl_s.saturating_mul(1000)),
    }
}
