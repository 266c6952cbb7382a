//! The member table: who may connect, and how far each has come. Pure: time is an argument.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::certificate::{Admission, Claims, Role};
use crate::error::Refusal;
use crate::identity::PeerId;
use crate::wire::Record;

/// A member as the layer above sees it.
///
/// Sorted by `admitted`, members stand in the same order everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerInfo {
    /// Its name.
    pub id: PeerId,
    /// What it is there for.
    pub role: Role,
    /// When it was admitted; unique in the cluster.
    pub admitted: Admission,
    /// Where it listens, at most eight addresses.
    pub addresses: Vec<SocketAddr>,
}

/// How far a member has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It must be up by then, or it is forgotten.
    Expected { until: Instant },
    /// The layer above was told of it.
    Up,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) record: Record,
    pub(crate) claims: Claims,
    pub(crate) standing: Standing,
}

impl Member {
    pub(crate) fn info(&self) -> PeerInfo {
        PeerInfo {
            id: self.claims.peer,
            role: self.claims.role,
            admitted: self.claims.admitted,
            addresses: self.record.addresses.clone(),
        }
    }
}

/// What telling the table of a member has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Learned {
    /// It was not there.
    New,
    /// It was there with an older admission: that one is dead, its connections must go.
    Replaced,
    /// Nothing.
    Known,
}

/// All members but this one. Whoever is not in here is a stranger.
///
/// A member that went down is taken out: it is a stranger until it is admitted again, so a peer
/// that was cut off and comes back cannot act on an old admission.
#[derive(Debug, Default)]
pub(crate) struct Members {
    known: BTreeMap<PeerId, Member>,
    /// The authority has told us of all others.
    pub(crate) roster_complete: bool,
    /// The last member that refused our handshake, and why.
    pub(crate) refused_by: Option<(PeerId, Refusal)>,
}

impl Members {
    pub(crate) fn contains(&self, peer: &PeerId) -> bool {
        self.known.contains_key(peer)
    }

    pub(crate) fn get(&self, peer: &PeerId) -> Option<&Member> {
        self.known.get(peer)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Member> {
        self.known.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    pub(crate) fn learn(&mut self, record: Record, claims: Claims, until: Instant) -> Learned {
        let outcome = match self.known.get(&claims.peer) {
            None => Learned::New,
            Some(member) if member.claims.admitted < claims.admitted => Learned::Replaced,
            Some(_) => return Learned::Known,
        };
        let standing = Standing::Expected { until };
        self.known.insert(claims.peer, Member { record, claims, standing });
        outcome
    }

    /// Says whether that admission of the peer still stands.
    pub(crate) fn mark_up(&mut self, peer: &PeerId, admitted: Admission) -> bool {
        match self.known.get_mut(peer) {
            Some(member) if member.claims.admitted == admitted => {
                member.standing = Standing::Up;
                true
            }
            _ => false,
        }
    }

    /// Takes out that admission of the peer; a later one stays.
    pub(crate) fn remove(&mut self, peer: &PeerId, admitted: Admission) {
        if self.known.get(peer).is_some_and(|member| member.claims.admitted == admitted) {
            self.known.remove(peer);
        }
    }

    /// Takes out and gives those who did not come.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<PeerId> {
        let late = |member: &Member| matches!(member.standing, Standing::Expected { until } if until <= now);
        let gone: Vec<_> =
            self.known.values().filter(|member| late(member)).map(|m| m.claims.peer).collect();
        for peer in &gone {
            self.known.remove(peer);
        }
        gone
    }

    /// Those who are expected and whom a member admitted at `own` dials.
    ///
    /// The later admitted dials the earlier: both know the order, so nobody dials at the same time.
    pub(crate) fn to_dial(&self, own: Admission) -> Vec<(PeerId, Vec<SocketAddr>)> {
        self.known
            .values()
            .filter(|member| member.standing != Standing::Up && member.claims.admitted < own)
            .map(|member| (member.claims.peer, member.record.addresses.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use libp2p::identity::{Keypair, ed25519};

    use super::*;
    use crate::certificate::Certificate;
    use crate::identity::peer_id_of;

    fn member(peer: PeerId, unix_ms: u64) -> (Record, Claims) {
        let admitted = Admission { unix_ms, sequence: 0 };
        let claims =
            Claims { peer, role: Role::Node, admitted, authority: false, expires_unix_ms: 9 };
        let certificate = Certificate::sign(&ed25519::Keypair::generate(), &claims);
        (Record { certificate, addresses: vec![] }, claims)
    }

    #[test]
    fn a_later_admission_replaces_and_an_older_one_cannot_remove_it() {
        let mut members = Members::default();
        let peer = peer_id_of(&Keypair::generate_ed25519());
        let now = Instant::now();
        let at = |unix_ms| Admission { unix_ms, sequence: 0 };
        let learn = |members: &mut Members, unix_ms| {
            let (record, claims) = member(peer, unix_ms);
            members.learn(record, claims, now + Duration::from_secs(1))
        };
        assert_eq!(learn(&mut members, 1), Learned::New);
        assert_eq!(learn(&mut members, 1), Learned::Known);
        assert!(members.mark_up(&peer, at(1)));
        assert_eq!(learn(&mut members, 2), Learned::Replaced);
        assert_eq!(learn(&mut members, 1), Learned::Known);
        assert!(!members.mark_up(&peer, at(1)));
        members.remove(&peer, at(1));
        assert!(members.contains(&peer));
        assert_eq!(members.to_dial(at(3)).len(), 1);
        assert_eq!(members.to_dial(at(2)).len(), 0);
        assert_eq!(members.expire(now), []);
        assert_eq!(members.expire(now + Duration::from_secs(2)), [peer]);
        assert!(!members.contains(&peer));
    }

    #[test]
    fn who_is_up_does_not_expire() {
        let mut members = Members::default();
        let peer = peer_id_of(&Keypair::generate_ed25519());
        let (record, claims) = member(peer, 1);
        let now = Instant::now();
        members.learn(record, claims.clone(), now);
        members.mark_up(&peer, claims.admitted);
        assert_eq!(members.expire(now + Duration::from_secs(9)), []);
        assert_eq!(members.len(), 1);
    }
}
