//! What a member remembers of its cluster between two lives: its certificate, and whom to ask.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::certificate::{Certificate, Claims, ClusterKey};
use crate::error::{NetError, ProtocolError};
use crate::identity::PeerId;
use crate::members::Standing;
use crate::private::{read_private, write_private};
use crate::shared::{Shared, lock};
use crate::wire::{self, ADDRESSES_MAX};

const MEMBERSHIP: &str = "membership";

/// Members that admit and are remembered.
const CONTACTS_MAX: usize = 8;

/// A member that admits: who must answer, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) peer: PeerId,
    pub(crate) addresses: Vec<SocketAddr>,
}

/// The file of a membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub(crate) cluster: Bytes,
    pub(crate) certificate: Certificate,
    /// Those who admit, the last seen first; this member is not among them.
    pub(crate) contacts: Vec<Contact>,
    /// The ports that were taken, to be taken again where any would do: others remember them.
    pub(crate) port: u16,
    pub(crate) join_port: u16,
}

impl Saved {
    pub(crate) fn read(data: &Path) -> Result<Option<Self>, NetError> {
        let Some(bytes) = read_private(data, MEMBERSHIP)? else { return Ok(None) };
        let saved = unsealed(&bytes).and_then(Saved::from_bytes);
        let bad = |error: ProtocolError| NetError::DataFile {
            path: data.join(MEMBERSHIP),
            reason: error.to_string(),
        };
        saved.map(Some).map_err(bad)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, ProtocolError> {
        let saved: Saved = wire::decode(bytes, "membership")?;
        let too_many = saved.contacts.len() > CONTACTS_MAX
            || saved.contacts.iter().any(|contact| contact.addresses.len() > ADDRESSES_MAX);
        if too_many || ClusterKey::from_bytes(&saved.cluster).is_none() {
            return Err(ProtocolError::Malformed { what: "membership" });
        }
        Ok(saved)
    }

    /// What the certificate says, whether or not it has run out.
    pub(crate) fn claims(&self) -> Option<Claims> {
        self.certificate.verify(&ClusterKey::from_bytes(&self.cluster)?, 0).ok()
    }
}

/// What is written: the checksum of what follows it. A certificate proves itself; whom to ask and where does not.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    [&xxh3_64(bytes).to_le_bytes(), bytes].concat()
}

fn unsealed(bytes: &[u8]) -> Result<&[u8], ProtocolError> {
    let sum = bytes.split_first_chunk::<8>();
    let whole = sum.filter(|(sum, rest)| xxh3_64(rest).to_le_bytes() == **sum);
    let damaged = "membership: its checksum does not fit, so the file was changed or damaged; delete the file membership in the data \
                   folder and join again with a ticket";
    whole.map(|(_, rest)| rest).ok_or(ProtocolError::Malformed { what: damaged })
}

/// Writes the membership of this life: whenever it changes, and before this member leaves.
pub(crate) struct Saver {
    port: u16,
    /// What the file holds.
    last: Option<Saved>,
    contacts: Vec<Contact>,
}

impl Saver {
    /// `port` is where this life listens for members.
    pub(crate) fn new(former: Option<Saved>, cluster: &ClusterKey, port: u16) -> Self {
        let contacts = match &former {
            // Those who admit to another cluster are of no use in this one.
            Some(saved) if saved.cluster[..] == cluster.to_bytes()[..] => saved.contacts.clone(),
            _ => Vec::new(),
        };
        Saver { port, last: former, contacts }
    }

    /// Writes the membership if what is worth remembering has changed and this member is not leaving.
    pub(crate) fn save(&mut self, shared: &Shared) {
        let Some(data) = &shared.data else { return };
        if shared.stopping() {
            return;
        }
        self.contacts = refreshed(std::mem::take(&mut self.contacts), shared);
        let join_port = shared.authority.get().map_or(0, |authority| {
            lock(&authority.join_addresses).first().map_or(0, SocketAddr::port)
        });
        let saved = Saved {
            cluster: shared.cluster.to_bytes().to_vec().into(),
            certificate: shared.certificate.clone(),
            contacts: self.contacts.clone(),
            port: self.port,
            join_port,
        };
        if self.last.as_ref() != Some(&saved) {
            if let Err(error) = write_private(data, MEMBERSHIP, &sealed(&wire::encode(&saved))) {
                tracing::error!(%error, "cannot save the membership");
            }
            self.last = Some(saved);
        }
    }
}

/// Keeps the membership written until the net stops.
pub(crate) async fn keep_saved(shared: Arc<Shared>, saver: Arc<Mutex<Saver>>) {
    let mut changes = shared.changed.subscribe();
    while !shared.stopping() {
        lock(&saver).save(&shared);
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Those who admit now, then those who did before.
fn refreshed(former: Vec<Contact>, shared: &Shared) -> Vec<Contact> {
    let members = lock(&shared.members);
    let admits = members
        .iter()
        .filter(|member| member.standing == Standing::Up && !member.join_addresses.is_empty());
    let mut contacts: Vec<_> = admits
        .map(|member| Contact {
            peer: member.claims.peer,
            addresses: member.join_addresses.clone(),
        })
        .collect();
    for contact in former {
        if contacts.iter().all(|other| other.peer != contact.peer) {
            contacts.push(contact);
        }
    }
    contacts.truncate(CONTACTS_MAX);
    contacts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_has_changed_is_seen() {
        let whole = sealed(b"whom to ask");
        assert_eq!(unsealed(&whole), Ok(&b"whom to ask"[..]));
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x10;
            assert!(unsealed(&damaged).is_err(), "byte {at}");
        }
        assert!(unsealed(&whole[..7]).is_err() && unsealed(&whole[..whole.len() - 1]).is_err());
    }
}
