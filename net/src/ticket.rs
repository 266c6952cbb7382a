//! The text that a user copies from one machine to the next.
//!
//! `nums1` and base32 of: the public key of the join listener (32 bytes), the token (16), the
//! expiry in seconds since 1970 (8, little endian), the number of addresses (1), each address
//! (4 or 6, then 4 or 16 bytes, then the port), and four check digits against typing errors.
//! A ticket holds no secret of the cluster: a token that is withdrawn is worth nothing.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use xxhash_rust::xxh3::xxh3_64;

use crate::certificate::peer_of_key;
use crate::error::TicketError;
use crate::identity::PeerId;
use crate::wire::ADDRESSES_MAX;

const PREFIX: &str = "nums1";
pub(crate) const TOKEN_BYTES: usize = 16;
/// 32 + 16 + 8 + 1 + 8 addresses of 19 + 4 bytes are 213, and 341 characters of base32.
const TEXT_BYTES_MAX: usize = 400;

/// An invitation: where to ask, whom to expect there, and the token that is accepted until the
/// expiry.
///
/// The text form is made by `Display` and read by `FromStr`, which ignores case and white space
/// around it. `Debug` does not show the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    pub(crate) key: [u8; 32],
    pub(crate) peer: PeerId,
    pub(crate) token: [u8; TOKEN_BYTES],
    pub(crate) expires_unix_s: u64,
    pub(crate) addresses: Vec<SocketAddr>,
}

impl Ticket {
    /// The peer that must answer at the addresses.
    pub fn peer(&self) -> PeerId {
        self.peer
    }

    /// Where the join listener may be reached, at most eight addresses.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// When the ticket stops admitting, in seconds since 1970.
    pub fn expires_unix_s(&self) -> u64 {
        self.expires_unix_s
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(96);
        out.extend_from_slice(&self.key);
        out.extend_from_slice(&self.token);
        out.extend_from_slice(&self.expires_unix_s.to_le_bytes());
        let addresses = self.addresses.iter().take(ADDRESSES_MAX);
        out.push(addresses.len() as u8);
        for address in addresses {
            match address.ip() {
                IpAddr::V4(ip) => {
                    out.push(4);
                    out.extend_from_slice(&ip.octets());
                }
                IpAddr::V6(ip) => {
                    out.push(6);
                    out.extend_from_slice(&ip.octets());
                }
            }
            out.extend_from_slice(&address.port().to_le_bytes());
        }
        let check = check_digits(&out);
        out.extend_from_slice(&check);
        out
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, TicketError> {
        let (mut rest, check) = bytes.split_last_chunk::<4>().ok_or(TicketError::Check)?;
        if check_digits(rest) != *check {
            return Err(TicketError::Check);
        }
        let key: [u8; 32] = take(&mut rest)?;
        let peer = peer_of_key(&key).ok_or(TicketError::Malformed)?;
        let token = take(&mut rest)?;
        let expires_unix_s = u64::from_le_bytes(take(&mut rest)?);
        let [count] = take(&mut rest)?;
        if count == 0 || usize::from(count) > ADDRESSES_MAX {
            return Err(TicketError::Malformed);
        }
        let mut addresses = Vec::with_capacity(count.into());
        for _ in 0..count {
            let [family] = take(&mut rest)?;
            let ip = match family {
                4 => IpAddr::V4(Ipv4Addr::from(take::<4>(&mut rest)?)),
                6 => IpAddr::V6(Ipv6Addr::from(take::<16>(&mut rest)?)),
                _ => return Err(TicketError::Malformed),
            };
            addresses.push(SocketAddr::new(ip, u16::from_le_bytes(take(&mut rest)?)));
        }
        if !rest.is_empty() {
            return Err(TicketError::Malformed);
        }
        Ok(Ticket { key, peer, token, expires_unix_s, addresses })
    }
}

fn check_digits(bytes: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = xxh3_64(bytes).to_le_bytes();
    [a, b, c, d]
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], TicketError> {
    let (head, tail) = rest.split_first_chunk::<N>().ok_or(TicketError::Malformed)?;
    *rest = tail;
    Ok(*head)
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = BASE32_NOPAD.encode(&self.to_bytes());
        write!(f, "{PREFIX}{}", text.to_ascii_lowercase())
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("peer", &self.peer)
            .field("addresses", &self.addresses)
            .field("expires_unix_s", &self.expires_unix_s)
            .finish_non_exhaustive()
    }
}

impl FromStr for Ticket {
    type Err = TicketError;

    fn from_str(text: &str) -> Result<Self, TicketError> {
        let text = text.trim();
        if text.len() > TEXT_BYTES_MAX {
            return Err(TicketError::TooLong { len: text.len(), max: TEXT_BYTES_MAX });
        }
        let text = text.to_ascii_lowercase();
        let body = text.strip_prefix(PREFIX).ok_or(TicketError::Prefix { expected: PREFIX })?;
        let bytes = BASE32_NOPAD
            .decode(body.to_ascii_uppercase().as_bytes())
            .map_err(|_| TicketError::Encoding)?;
        Ticket::from_bytes(&bytes)
    }
}

/// Compares without telling by its duration where the first difference is.
pub(crate) fn same_token(left: &[u8; TOKEN_BYTES], right: &[u8]) -> bool {
    right.len() == TOKEN_BYTES
        && left.iter().zip(right).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use libp2p::identity::ed25519;
    use proptest::prelude::*;

    fn ticket(addresses: Vec<SocketAddr>) -> Ticket {
        let key = ed25519::Keypair::generate().public().to_bytes();
        let peer = peer_of_key(&key).unwrap();
        Ticket { key, peer, token: [7; 16], expires_unix_s: 1_800_000_000, addresses }
    }

    #[test]
    fn text_round_trip() {
        let addresses = vec!["10.0.0.1:7000".parse().unwrap(), "[fd00::1]:7001".parse().unwrap()];
        let ticket = ticket(addresses);
        let text = ticket.to_string();
        assert!(text.starts_with("nums1"), "{text}");
        assert_eq!(text.parse(), Ok(ticket.clone()));
        assert_eq!(format!("  {}\n", text.to_ascii_uppercase()).parse(), Ok(ticket.clone()));
        assert!(!format!("{ticket:?}").contains("token"));
    }

    #[test]
    fn malformed_tickets() {
        let good = ticket(vec!["10.0.0.1:7000".parse().unwrap()]).to_string();
        let parse = |text: &str| text.parse::<Ticket>();
        assert_eq!(parse(""), Err(TicketError::Prefix { expected: "nums1" }));
        assert_eq!(parse(&good[1..]), Err(TicketError::Prefix { expected: "nums1" }));
        assert_eq!(parse("nums1"), Err(TicketError::Check));
        assert_eq!(parse("nums1!!!!"), Err(TicketError::Encoding));
        assert_eq!(
            parse(&"nums1a".repeat(100)),
            Err(TicketError::TooLong { len: 600, max: TEXT_BYTES_MAX })
        );
        for end in 5..good.len() {
            assert!(parse(&good[..end]).is_err(), "cut at {end}");
        }
        // A wrong letter anywhere is noticed.
        for index in 5..good.len() {
            let mut letters = good.clone().into_bytes();
            letters[index] = if letters[index] == b'a' { b'b' } else { b'a' };
            assert!(parse(&String::from_utf8(letters).unwrap()).is_err(), "letter {index}");
        }
    }

    #[test]
    fn tokens_compare_whole() {
        assert!(same_token(&[3; 16], &[3; 16]));
        assert!(!same_token(&[3; 16], &[3; 15]));
        assert!(!same_token(&[3; 16], &[3; 17]));
        let mut other = [3; 16];
        other[15] = 4;
        assert!(!same_token(&[3; 16], &other));
    }

    proptest! {
        #[test]
        fn noise_never_panics(text in ".{0,64}", bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = text.parse::<Ticket>();
            let _ = format!("nums1{text}").parse::<Ticket>();
            let _ = Ticket::from_bytes(&bytes);
            let mut checked = bytes.clone();
            checked.extend_from_slice(&check_digits(&bytes));
            let _ = Ticket::from_bytes(&checked);
        }

        #[test]
        fn any_addresses_survive(list in proptest::collection::vec(any::<(std::net::IpAddr, u16)>(), 1..=8)) {
            let ticket = ticket(list.into_iter().map(SocketAddr::from).collect());
            prop_assert_eq!(ticket.to_string().parse::<Ticket>(), Ok(ticket));
        }
    }
}
