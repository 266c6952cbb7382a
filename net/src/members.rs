//! The member table: who may connect, and how far each has come. Pure: time is an argument.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::certificate::{Admission, Claims, Role};
use crate::error::Refusal;
use crate::identity::PeerId;
use crate::wire::Record;

/// A member as the layer above sees it.
///
/// Sorted by `admitted` and `id`, members stand in the same order everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerInfo {
    /// Its name.
    pub id: PeerId,
    /// What it is there for.
    pub role: Role,
    /// When it was admitted.
    pub admitted: Admission,
    /// Where it listens, at most eight addresses.
    pub addresses: Vec<SocketAddr>,
}

/// How far a member has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It must be up by then, or it is forgotten.
    Expected { until: Instant },
    /// Its connection was cut; it is forgotten when it is not back by then.
    Lost { until: Instant },
    /// The layer above was told of it.
    Up,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) record: Record,
    pub(crate) claims: Claims,
    pub(crate) standing: Standing,
    /// Where it lets strangers ask, as it says itself; empty when it admits nobody.
    pub(crate) join_addresses: Vec<SocketAddr>,
    dial: Dial,
}

/// When a member is dialed next, and how long to rest after that.
#[derive(Debug)]
struct Dial {
    next: Instant,
    pause: Duration,
}

/// The shortest rest between two dials of a peer, and the longest.
const DIAL_PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

impl Dial {
    fn at(next: Instant) -> Self {
        Dial { next, pause: DIAL_PAUSE.0 }
    }
}

impl Member {
    /// Members in the order of their admission, the same for all of them.
    fn order(&self) -> (Admission, PeerId) {
        (self.claims.admitted, self.claims.peer)
    }

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
/// A member that left or broke the protocol is taken out: it is a stranger until it is admitted
/// again. One whose connection was cut stays for a while and may come back by itself.
#[derive(Debug, Default)]
pub(crate) struct Members {
    known: BTreeMap<PeerId, Member>,
    /// An admitting member has told us of all others.
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

    /// How many are there or on their way; those who were lost leave their place to others.
    pub(crate) fn present(&self) -> usize {
        let lost = |member: &&Member| matches!(member.standing, Standing::Lost { .. });
        self.known.values().filter(|member| !lost(member)).count()
    }

    pub(crate) fn learn(
        &mut self,
        record: Record,
        claims: Claims,
        now: Instant,
        until: Instant,
    ) -> Learned {
        let outcome = match self.known.get(&claims.peer) {
            None => Learned::New,
            Some(member) if member.claims.admitted < claims.admitted => Learned::Replaced,
            Some(_) => return Learned::Known,
        };
        let standing = Standing::Expected { until };
        // Whoever learns of a member dials it at once; the table says when to try again.
        let dial = Dial::at(now + DIAL_PAUSE.0);
        let member = Member { record, claims, standing, join_addresses: Vec::new(), dial };
        self.known.insert(member.claims.peer, member);
        outcome
    }

    /// The standing before, if that admission of the peer still stands.
    pub(crate) fn mark_up(&mut self, peer: &PeerId, admitted: Admission) -> Option<Standing> {
        let member = self.known.get_mut(peer)?;
        let current = member.claims.admitted == admitted;
        current.then(|| std::mem::replace(&mut member.standing, Standing::Up))
    }

    /// The connection to that admission of the peer was cut: it may come back until then.
    pub(crate) fn lose(
        &mut self,
        peer: &PeerId,
        admitted: Admission,
        now: Instant,
        until: Instant,
    ) {
        if let Some(member) = self.known.get_mut(peer)
            && member.claims.admitted == admitted
        {
            member.standing = Standing::Lost { until };
            member.join_addresses.clear();
            member.dial = Dial::at(now + DIAL_PAUSE.0);
        }
    }

    /// Notes where a member lets strangers ask; true when that is news.
    pub(crate) fn admits(&mut self, peer: &PeerId, addresses: Vec<SocketAddr>) -> bool {
        match self.known.get_mut(peer) {
            Some(member) if member.join_addresses != addresses => {
                member.join_addresses = addresses;
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

    /// Takes out and gives those who did not come, or did not come back.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<PeerId> {
        let late = |member: &Member| match member.standing {
            Standing::Expected { until } | Standing::Lost { until } => until <= now,
            Standing::Up => false,
        };
        let gone: Vec<_> =
            self.known.values().filter(|member| late(member)).map(|m| m.claims.peer).collect();
        for peer in &gone {
            self.known.remove(peer);
        }
        gone
    }

    /// Those whom a member admitted at `own` waits for when it joins: admitted before it, and not
    /// yet up.
    pub(crate) fn awaited(&self, own: (Admission, PeerId)) -> usize {
        let expected = |member: &&Member| matches!(member.standing, Standing::Expected { .. });
        self.known.values().filter(expected).filter(|member| member.order() < own).count()
    }

    /// Those whom a member admitted at `own` dials now; each of them is next given after a rest
    /// that doubles.
    ///
    /// The later admitted dials the earlier: both know the order, so nobody dials at the same time.
    pub(crate) fn take_due_dials(
        &mut self,
        own: (Admission, PeerId),
        now: Instant,
    ) -> Vec<(PeerId, Vec<SocketAddr>)> {
        let due = self.known.values_mut().filter(|member| {
            member.standing != Standing::Up && member.order() < own && member.dial.next <= now
        });
        due.map(|member| {
            member.dial.next = now + member.dial.pause;
            member.dial.pause = (member.dial.pause * 2).min(DIAL_PAUSE.1);
            (member.claims.peer, member.record.addresses.clone())
        })
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
        let claims = Claims { peer, role: Role::Node, admitted, expires_unix_ms: 9 };
        let certificate = Certificate::sign(&ed25519::Keypair::generate(), &claims);
        (Record { certificate, addresses: vec![] }, claims)
    }

    fn at(unix_ms: u64) -> Admission {
        Admission { unix_ms, sequence: 0 }
    }

    #[test]
    fn a_later_admission_replaces_and_an_older_one_cannot_remove_it() {
        let mut members = Members::default();
        let peer = peer_id_of(&Keypair::generate_ed25519());
        let now = Instant::now();
        let learn = |members: &mut Members, unix_ms| {
            let (record, claims) = member(peer, unix_ms);
            members.learn(record, claims, now, now + Duration::from_secs(1))
        };
        assert_eq!(learn(&mut members, 1), Learned::New);
        assert_eq!(learn(&mut members, 1), Learned::Known);
        assert!(members.mark_up(&peer, at(1)).is_some());
        assert_eq!(learn(&mut members, 2), Learned::Replaced);
        assert_eq!(learn(&mut members, 1), Learned::Known);
        assert!(members.mark_up(&peer, at(1)).is_none());
        members.remove(&peer, at(1));
        assert!(members.contains(&peer));
        assert_eq!((members.awaited((at(3), peer)), members.awaited((at(2), peer))), (1, 0));
        assert_eq!(members.expire(now), []);
        assert_eq!(members.expire(now + Duration::from_secs(2)), [peer]);
        assert!(!members.contains(&peer));
    }

    #[test]
    fn who_is_up_does_not_expire_and_who_was_lost_is_dialled_ever_less_often_until_forgotten() {
        let mut members = Members::default();
        let peer = peer_id_of(&Keypair::generate_ed25519());
        let (record, claims) = member(peer, 1);
        let now = Instant::now();
        members.learn(record, claims.clone(), now, now);
        members.mark_up(&peer, claims.admitted);
        members.admits(&peer, vec!["127.0.0.1:1".parse().unwrap()]);
        let later = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(members.expire(later(9)), []);
        assert_eq!(members.take_due_dials((at(2), peer), later(9)), []);
        members.lose(&peer, claims.admitted, now, later(60));
        // Who joins meanwhile is not kept waiting for it, and does not take it for one who admits.
        assert_eq!((members.awaited((at(2), peer)), members.present()), (0, 0));
        assert_eq!(members.get(&peer).unwrap().join_addresses, []);
        let dials = (0..600)
            .filter(|tenth| {
                let time = now + Duration::from_millis(100 * tenth);
                !members.take_due_dials((at(2), peer), time).is_empty()
            })
            .count();
        assert!((30..40).contains(&dials), "{dials} dials in a minute");
        assert_eq!(members.take_due_dials((at(0), peer), later(61)), []);
        let back = members.mark_up(&peer, claims.admitted);
        assert_eq!(back, Some(Standing::Lost { until: later(60) }));
        members.lose(&peer, claims.admitted, now, later(60));
        assert_eq!(members.expire(later(60)), [peer]);
    }
}
