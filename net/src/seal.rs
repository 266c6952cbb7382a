//! The encryption of a bulk connection: AES-256-GCM, a key for each direction, a counter as nonce.
//!
//! Both ends make the keys of the secrets that they exchanged over the encrypted control stream, by
//! HKDF-SHA256 bound to both names and both routes: they are fresh for every connection and worth
//! nothing between other peers. After 2^20 records, at most 128 GiB, the next key follows from the
//! last secret, which stays far inside the bounds of NIST SP 800-38D.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, Tag, UnboundKey};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, Prk, Salt};

use crate::identity::PeerId;

/// What the encryption adds to a record.
pub(crate) const TAG_BYTES: usize = 16;
const RECORDS_PER_KEY: u64 = 1 << 20;
const PURPOSE: &[u8] = b"nums/bulk/1";

/// One end's share of the keys.
pub(crate) struct Share<'a> {
    pub(crate) peer: PeerId,
    pub(crate) secret: &'a [u8],
    pub(crate) route: &'a [u8],
}

/// One direction of a connection.
pub(crate) struct Seal {
    secret: Prk,
    key: LessSafeKey,
    records: u64,
}

/// The seals of what goes from one to the other, and of what comes back.
pub(crate) fn seals(own: &Share<'_>, theirs: &Share<'_>) -> Result<(Seal, Seal), Unspecified> {
    let (first, second) = if own.peer < theirs.peer { (own, theirs) } else { (theirs, own) };
    let secret = Salt::new(HKDF_SHA256, PURPOSE).extract(&[first.secret, second.secret].concat());
    let direction = |from: &Share<'_>, to: &Share<'_>| {
        let (from_name, to_name) = (from.peer.to_bytes(), to.peer.to_bytes());
        let context = [&from_name[..], from.route, &to_name, to.route];
        Seal::new(Prk::from(secret.expand(&context, HKDF_SHA256)?))
    };
    Ok((direction(own, theirs)?, direction(theirs, own)?))
}

impl Seal {
    fn new(secret: Prk) -> Result<Self, Unspecified> {
        let key = LessSafeKey::new(UnboundKey::from(secret.expand(&[b"key"], &AES_256_GCM)?));
        Ok(Seal { secret, key, records: 0 })
    }

    /// A nonce that the key has never seen.
    fn next(&mut self) -> Result<Nonce, Unspecified> {
        if self.records == RECORDS_PER_KEY {
            let next = Prk::from(self.secret.expand(&[b"next"], HKDF_SHA256)?);
            *self = Seal::new(next)?;
        }
        let mut nonce = [0; NONCE_LEN];
        let (_, counter) = nonce.split_at_mut(NONCE_LEN - 8);
        counter.copy_from_slice(&self.records.to_be_bytes());
        self.records += 1;
        Ok(Nonce::assume_unique_for_key(nonce))
    }

    /// Encrypts the next record in place; gives its tag.
    pub(crate) fn seal(&mut self, record: &mut [u8]) -> Result<[u8; TAG_BYTES], Unspecified> {
        let nonce = self.next()?;
        let tag = self.key.seal_in_place_separate_tag(nonce, Aad::empty(), record)?;
        tag.as_ref().try_into().map_err(|_| Unspecified)
    }

    /// Decrypts the next record in place, if it is what the other end sealed.
    pub(crate) fn open(
        &mut self,
        record: &mut [u8],
        tag: [u8; TAG_BYTES],
    ) -> Result<(), Unspecified> {
        let nonce = self.next()?;
        let tag = Tag::from(tag);
        self.key.open_in_place_separate_tag(nonce, Aad::empty(), tag, record, 0..)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use libp2p::identity::Keypair;

    use super::*;
    use crate::identity::peer_id_of;

    fn peers() -> [PeerId; 2] {
        [(); 2].map(|()| peer_id_of(&Keypair::generate_ed25519()))
    }

    fn both_ends() -> [(Seal, Seal); 2] {
        let [left, right] = peers();
        let left = Share { peer: left, secret: &[1; 32], route: &[3; 16] };
        let right = Share { peer: right, secret: &[2; 32], route: &[4; 16] };
        [seals(&left, &right).unwrap(), seals(&right, &left).unwrap()]
    }

    #[test]
    fn what_one_end_seals_the_other_opens_in_order_and_only_then() {
        let [(mut out, _), (_, mut inward)] = both_ends();
        let records = [b"first".to_vec(), vec![], vec![7; 1000]];
        let sealed = records.each_ref().map(|record| {
            let mut record = record.clone();
            let tag = out.seal(&mut record).unwrap();
            (record, tag)
        });
        assert_ne!(sealed[2].0, records[2]);
        for ((mut record, tag), expected) in sealed.clone().into_iter().zip(&records) {
            inward.open(&mut record, tag).unwrap();
            assert_eq!(record, *expected);
        }
        // Again, out of turn, or with a bit flipped.
        let (mut record, tag) = sealed[0].clone();
        assert!(inward.open(&mut record, tag).is_err());
        let [(mut out, mut back), (_, mut inward)] = both_ends();
        let mut record = [5; 100];
        let mut tag = out.seal(&mut record).unwrap();
        // Not even its own end opens it: the directions have keys of their own.
        assert!(back.open(&mut record.clone(), tag).is_err());
        tag[3] ^= 1;
        assert!(inward.open(&mut record, tag).is_err());
    }

    #[test]
    fn keys_are_bound_to_names_routes_and_secrets() {
        let [a, b] = peers();
        let [c, _] = peers();
        let share = |peer, secret, route| (peer, [secret; 32], [route; 16]);
        let base = [share(a, 1, 3), share(b, 2, 4)];
        let tag_of = |ends: &[(PeerId, [u8; 32], [u8; 16]); 2]| {
            let [own, theirs] =
                ends.each_ref().map(|(peer, secret, route)| Share { peer: *peer, secret, route });
            seals(&own, &theirs).unwrap().0.seal(&mut [0; 32]).unwrap()
        };
        let expected = tag_of(&base);
        assert_eq!(tag_of(&base), expected);
        let others =
            [[share(a, 9, 3), base[1]], [share(a, 1, 9), base[1]], [base[0], share(c, 2, 4)]];
        for other in others {
            assert_ne!(tag_of(&other), expected);
        }
    }

    #[test]
    fn the_next_key_follows_at_both_ends() {
        let [(mut out, _), (_, mut inward)] = both_ends();
        (out.records, inward.records) = (RECORDS_PER_KEY - 1, RECORDS_PER_KEY - 1);
        for byte in 0..3 {
            let mut record = [byte; 10];
            let tag = out.seal(&mut record).unwrap();
            inward.open(&mut record, tag).unwrap();
            assert_eq!(record, [byte; 10]);
        }
        assert_eq!((out.records, inward.records), (2, 2));
    }
}
