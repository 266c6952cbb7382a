//! The tokens of the tickets that a member has given out. Pure: time is an argument.
//!
//! A token that no longer admits is remembered for as long as there is room, so that its bearer
//! hears why.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::error::{ProtocolError, Refusal};
use crate::identity::PeerId;
use crate::ticket::{TOKEN_BYTES, same_token};
use crate::wire;

/// Tokens that are remembered; beyond that the oldest is forgotten, and no longer admits.
pub(crate) const TOKENS_MAX: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) bytes: [u8; TOKEN_BYTES],
    pub(crate) expires_unix_s: u64,
    /// It admits one peer only.
    once: bool,
    /// The peer that such a token has admitted. The same one may show it again: its connection may
    /// have been cut before it had the answer.
    used_by: Option<PeerId>,
    revoked: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tokens {
    list: VecDeque<Token>,
}

impl Tokens {
    /// The newest token that admits any number of peers.
    pub(crate) fn standing(&self, now_unix_s: u64) -> Option<Token> {
        let stands =
            |token: &&Token| !token.once && !token.revoked && token.expires_unix_s > now_unix_s;
        self.list.iter().rev().find(stands).cloned()
    }

    pub(crate) fn issue(
        &mut self,
        bytes: [u8; TOKEN_BYTES],
        expires_unix_s: u64,
        once: bool,
    ) -> Token {
        if self.list.len() == TOKENS_MAX {
            self.list.pop_front();
        }
        let token = Token { bytes, expires_unix_s, once, used_by: None, revoked: false };
        self.list.push_back(token.clone());
        token
    }

    /// Says whether a token admits a peer, and ties one that admits only once to it.
    pub(crate) fn spend(
        &mut self,
        shown: &[u8],
        peer: PeerId,
        now_unix_s: u64,
    ) -> Result<(), Refusal> {
        let token = self.list.iter_mut().find(|token| same_token(&token.bytes, shown));
        let token = token.ok_or(Refusal::BadToken)?;
        if token.revoked {
            return Err(Refusal::Revoked);
        }
        if token.expires_unix_s <= now_unix_s {
            return Err(Refusal::Expired);
        }
        if token.once {
            if token.used_by.is_some_and(|user| user != peer) {
                return Err(Refusal::Used);
            }
            token.used_by = Some(peer);
        }
        Ok(())
    }

    /// No token given out so far admits from here on; says how many would have.
    pub(crate) fn revoke_all(&mut self, now_unix_s: u64) -> usize {
        let admits = |token: &&mut Token| {
            !token.revoked && token.expires_unix_s > now_unix_s && token.used_by.is_none()
        };
        let count = self.list.iter_mut().filter(admits).count();
        for token in &mut self.list {
            token.revoked = true;
        }
        count
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, ProtocolError> {
        let tokens: Tokens = wire::decode(bytes, "list of tickets")?;
        if tokens.list.len() > TOKENS_MAX {
            return Err(ProtocolError::Malformed { what: "list of tickets" });
        }
        Ok(tokens)
    }
}

#[cfg(test)]
mod tests {
    use libp2p::identity::Keypair;

    use super::*;
    use crate::identity::peer_id_of;

    fn peer() -> PeerId {
        peer_id_of(&Keypair::generate_ed25519())
    }

    #[test]
    fn each_way_to_be_worthless_has_its_own_refusal() {
        let mut tokens = Tokens::default();
        let (one, two) = (peer(), peer());
        tokens.issue([1; 16], 100, false);
        tokens.issue([2; 16], 200, true);
        assert_eq!(tokens.spend(&[9; 16], one, 50), Err(Refusal::BadToken));
        assert_eq!(tokens.spend(&[1; 15], one, 50), Err(Refusal::BadToken));
        assert_eq!(tokens.spend(&[1; 16], one, 50), Ok(()));
        assert_eq!(tokens.spend(&[1; 16], two, 99), Ok(()));
        assert_eq!(tokens.spend(&[1; 16], two, 100), Err(Refusal::Expired));
        assert_eq!(tokens.spend(&[2; 16], one, 50), Ok(()));
        assert_eq!(tokens.spend(&[2; 16], two, 50), Err(Refusal::Used));
        assert_eq!(tokens.spend(&[2; 16], one, 50), Ok(()));
        assert_eq!(tokens.standing(50).map(|token| token.bytes), Some([1; 16]));
        assert_eq!(tokens.standing(150), None);
        let kept = Tokens::from_bytes(&tokens.to_bytes()).unwrap();
        assert_eq!(kept, tokens);
        assert_eq!(tokens.revoke_all(50), 1);
        assert_eq!(tokens.spend(&[1; 16], one, 50), Err(Refusal::Revoked));
        assert_eq!(tokens.standing(50), None);
    }

    #[test]
    fn the_list_is_bounded_and_fits_its_file() {
        let mut tokens = Tokens::default();
        for number in 0..=TOKENS_MAX as u8 {
            let token = tokens.issue([number | 0x80; 16], u64::MAX, true);
            tokens.spend(&token.bytes, peer(), 0).unwrap();
        }
        assert_eq!(tokens.spend(&[0x80; 16], peer(), 0), Err(Refusal::BadToken));
        assert!(tokens.to_bytes().len() < 8 << 10, "{} bytes", tokens.to_bytes().len());
        assert!(Tokens::from_bytes(&tokens.to_bytes()).is_ok());
        assert!(Tokens::from_bytes(&[0xff; 9]).is_err());
    }
}
