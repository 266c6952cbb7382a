//! What makes a peer a member: a certificate signed by the cluster key.

use bytes::Bytes;
use libp2p::identity::{Keypair, PublicKey, ed25519};
use serde::{Deserialize, Serialize};

use crate::error::CertificateError;
use crate::identity::PeerId;
use crate::wire;

/// What a member is there for; the layer above decides what each may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// It holds blocks and computes.
    Node,
    /// It drives work.
    Session,
    /// It looks on.
    Observer,
}

/// When a member was admitted. Together with its name it orders the members, everywhere in the same
/// way.
///
/// A member that admits gives out ever larger values, even when its clock steps back; two that admit
/// at the same time may give out the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Admission {
    /// The clock of the member that admitted it, in milliseconds since 1970, never less than the one before.
    pub unix_ms: u64,
    /// One more than the largest that the admitting member knew of.
    pub sequence: u64,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) peer: PeerId,
    pub(crate) role: Role,
    pub(crate) admitted: Admission,
    pub(crate) expires_unix_ms: u64,
}

/// Claims, and the signature of the cluster key over exactly these bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Certificate {
    body: Bytes,
    signature: Bytes,
}

/// Signed before the body, so that a signature of the cluster key for one purpose is worth nothing
/// for another.
const PURPOSE: &[u8] = b"nums/certificate/1\n";

impl Certificate {
    pub(crate) fn sign(cluster: &ed25519::Keypair, claims: &Claims) -> Self {
        let body = Bytes::from(wire::encode(claims));
        let signature = cluster.sign(&signed_bytes(&body)).into();
        Certificate { body, signature }
    }

    /// The claims, if the cluster key signed them and they have not run out.
    pub(crate) fn verify(
        &self,
        cluster: &ClusterKey,
        now_unix_ms: u64,
    ) -> Result<Claims, CertificateError> {
        if !cluster.0.verify(&signed_bytes(&self.body), &self.signature) {
            return Err(CertificateError::BadSignature);
        }
        let claims: Claims =
            wire::decode(&self.body, "certificate").map_err(|_| CertificateError::Malformed)?;
        if claims.expires_unix_ms <= now_unix_ms {
            return Err(CertificateError::Expired { expired_unix_ms: claims.expires_unix_ms });
        }
        Ok(claims)
    }
}

fn signed_bytes(body: &[u8]) -> Vec<u8> {
    [PURPOSE, body].concat()
}

/// The public half of the cluster key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClusterKey(ed25519::PublicKey);

impl ClusterKey {
    pub(crate) fn of(cluster: &ed25519::Keypair) -> Self {
        ClusterKey(cluster.public())
    }

    pub(crate) fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        ed25519::PublicKey::try_from_bytes(bytes).ok().map(ClusterKey)
    }
}

/// The key as the signing kind; every key this crate makes is one.
pub(crate) fn signing_key(keypair: Keypair) -> Option<ed25519::Keypair> {
    keypair.try_into_ed25519().ok()
}

/// The peer id that a public key of 32 bytes gives; tickets carry the key, which is shorter.
pub(crate) fn peer_of_key(bytes: &[u8]) -> Option<PeerId> {
    let key = ed25519::PublicKey::try_from_bytes(bytes).ok()?;
    Some(PeerId(PublicKey::from(key).to_peer_id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::peer_id_of;

    fn claims() -> Claims {
        Claims {
            peer: peer_id_of(&Keypair::generate_ed25519()),
            role: Role::Session,
            admitted: Admission { unix_ms: 5, sequence: 2 },
            expires_unix_ms: 1000,
        }
    }

    #[test]
    fn only_the_cluster_key_makes_members() {
        let cluster = ed25519::Keypair::generate();
        let claims = claims();
        let certificate = Certificate::sign(&cluster, &claims);
        assert_eq!(certificate.verify(&ClusterKey::of(&cluster), 999), Ok(claims));
        assert_eq!(
            certificate.verify(&ClusterKey::of(&cluster), 1000),
            Err(CertificateError::Expired { expired_unix_ms: 1000 })
        );
        let other = ClusterKey::of(&ed25519::Keypair::generate());
        assert_eq!(certificate.verify(&other, 0), Err(CertificateError::BadSignature));
    }

    #[test]
    fn one_flipped_bit_is_enough() {
        let cluster = ed25519::Keypair::generate();
        let certificate = Certificate::sign(&cluster, &claims());
        for index in 0..certificate.body.len() {
            let mut body = certificate.body.to_vec();
            body[index] ^= 1;
            let forged =
                Certificate { body: body.into(), signature: certificate.signature.clone() };
            assert_eq!(
                forged.verify(&ClusterKey::of(&cluster), 0),
                Err(CertificateError::BadSignature)
            );
        }
    }

    #[test]
    fn admissions_order_by_time_then_sequence() {
        let at = |unix_ms, sequence| Admission { unix_ms, sequence };
        assert!(at(1, 9) < at(2, 0) && at(2, 0) < at(2, 1));
    }
}
