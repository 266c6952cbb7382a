//! Every decoder of bytes that come from elsewhere, as targets for fuzzers: none may panic, hang or allocate what it is
//! told to, and what one takes it gives back the same.
//!
//! `actors/tests/decoders.rs` runs the targets on their corpus and on noise, `tests/fuzz` is the crate that fuzzes them.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a target fails by panicking")]

use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use libp2p::identity::{Keypair, ed25519};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::mpsc;

use crate::block::{OutBlock, read_blocks, write_blocks};
use crate::bulk::Offer;
use crate::certificate::{Admission, Certificate, Claims, ClusterKey, Role, peer_of_key};
use crate::config::{Bounds, PROTOCOL, Version};
use crate::error::{BlockError, DownReason, Refusal};
use crate::frame::{self, Tag};
use crate::identity::{PeerId, peer_id_of};
use crate::records::{RecordReader, RecordWriter};
use crate::saved::{Contact, Saved};
use crate::seal::{Seal, Share, seals};
use crate::tokens::Tokens;
use crate::wire::{self, Credential, Hello, JoinAnswer, JoinRequest, Record};
use crate::{BlockHeader, Handler, PeerInfo, Ticket};

type Decoder = dyn Fn(&[u8]);

/// A decoder.
pub struct Target {
    /// The name of its corpus.
    pub name: &'static str,
    /// Messages that it takes.
    pub honest: Vec<Vec<u8>>,
    run: Box<Decoder>,
}

impl Target {
    /// A decoder that `run` calls; it panics when the decoder does what it should not.
    pub fn new(name: &'static str, honest: Vec<Vec<u8>>, run: impl Fn(&[u8]) + 'static) -> Target {
        Target { name, honest, run: Box::new(run) }
    }

    /// Gives the decoder these bytes.
    pub fn run(&self, bytes: &[u8]) {
        (self.run)(bytes);
    }

    /// A decoder that must take an honest message, and whatever it takes it must take again as it encodes it.
    fn both_ways<T: PartialEq + Debug>(
        name: &'static str,
        honest: Vec<u8>,
        decode: impl Fn(&[u8]) -> Option<T> + 'static,
        encode: impl Fn(&T) -> Vec<u8> + 'static,
    ) -> Target {
        assert!(decode(&honest).is_some(), "an honest message is not taken");
        Target::new(name, vec![honest], move |bytes| {
            if let Some(found) = decode(bytes) {
                assert_eq!(decode(&encode(&found)).as_ref(), Some(&found));
            }
        })
    }

    /// The same for a message of MessagePack.
    fn message<T>(name: &'static str, honest: &T) -> Target
    where
        T: Serialize + DeserializeOwned + PartialEq + Debug + 'static,
    {
        let decode = |bytes: &[u8]| wire::decode::<T>(bytes, "fuzzed").ok();
        Target::both_ways(name, wire::encode(honest), decode, wire::encode)
    }
}

/// All decoders of this crate.
pub fn targets() -> Vec<Target> {
    vec![
        frames(),
        hellos(),
        requests_to_join(),
        answers_to_joiners(),
        Target::message("refusals", &Refusal::VersionMismatch { ours: PROTOCOL, theirs: PROTOCOL }),
        Target::message("records_of_members", &record()),
        Target::message::<Vec<SocketAddr>>("addresses_to_join", &record().addresses),
        certificates(),
        tickets(),
        lists_of_tickets(),
        memberships(),
        blocks("blocks_in_the_open", false),
        blocks("sealed_blocks", true),
    ]
}

fn peer(seed: u8) -> PeerId {
    let key = Keypair::ed25519_from_bytes([seed; 32]).unwrap();
    peer_id_of(&key)
}

fn cluster() -> ed25519::Keypair {
    let secret = ed25519::SecretKey::try_from_bytes([7; 32]).unwrap();
    secret.into()
}

fn certificate() -> Certificate {
    let admitted = Admission { unix_ms: 5, sequence: 1 };
    let claims = Claims { peer: peer(1), role: Role::Node, admitted, expires_unix_ms: 9000 };
    Certificate::sign(&cluster(), &claims)
}

fn record() -> Record {
    Record { certificate: certificate(), addresses: vec!["127.0.0.1:7000".parse().unwrap()] }
}

fn frames() -> Target {
    let mut honest = BytesMut::new();
    frame::encode(Tag::Heartbeat, &[], &mut honest);
    frame::encode(Tag::User, b"a message", &mut honest);
    let decode = |bytes: &[u8]| {
        let (mut buffer, mut found) = (BytesMut::from(bytes), Vec::new());
        while let Some((tag, payload)) = frame::decode(&mut buffer, 1 << 10).ok()? {
            // Only the frames of users have the bound of the caller.
            let max = if tag == Tag::User { 1 << 10 } else { frame::OWN_FRAME_BYTES_MAX };
            assert!(payload.len() <= max);
            found.push((tag, payload));
        }
        buffer.is_empty().then_some(found)
    };
    let encode = |frames: &Vec<(Tag, Bytes)>| {
        let mut out = BytesMut::new();
        frames.iter().for_each(|(tag, payload)| frame::encode(*tag, payload, &mut out));
        out.to_vec()
    };
    Target::both_ways("frames", honest.to_vec(), decode, encode)
}

fn hellos() -> Target {
    let offer = Offer::sample();
    let hello = Hello { kernel_id: "kernel".into(), certificate: certificate(), bulk: offer };
    let decode = |bytes: &[u8]| {
        let (version, body) = wire::split_version(bytes)?;
        let hello: Hello = wire::decode(body, "hello").ok()?;
        let _ = (hello.bulk.is_sound(), hello.certificate.verify(&ClusterKey::of(&cluster()), 0));
        Some((version, hello))
    };
    let honest = wire::encode_versioned(PROTOCOL, &hello);
    let encode = |(version, hello): &(Version, Hello)| wire::encode_versioned(*version, hello);
    Target::both_ways("hellos", honest, decode, encode)
}

fn requests_to_join() -> Target {
    let request = JoinRequest {
        credential: Credential::Token(Bytes::from_static(&[3; 16])),
        role: Role::Session,
        kernel_id: "kernel".into(),
        addresses: vec!["[::1]:9".parse().unwrap()],
    };
    Target::message("requests_to_join", &request)
}

fn answers_to_joiners() -> Target {
    let cluster = Bytes::copy_from_slice(&ClusterKey::of(&cluster()).to_bytes());
    let answer = JoinAnswer::Admitted { certificate: certificate(), cluster, admitter: record() };
    Target::message("answers_to_joiners", &answer)
}

fn certificates() -> Target {
    let key = ClusterKey::of(&cluster());
    Target::both_ways(
        "certificates",
        wire::encode(&certificate()),
        move |bytes| {
            let certificate: Certificate = wire::decode(bytes, "certificate").ok()?;
            // Only what the cluster has signed says who somebody is.
            let claims = certificate.verify(&key, 0).ok();
            assert!(claims.is_none_or(|claims| claims.peer == peer(1)), "a forged certificate");
            Some(certificate)
        },
        wire::encode,
    )
}

fn tickets() -> Target {
    let key = cluster().public().to_bytes();
    let addresses = vec!["127.0.0.1:7001".parse().unwrap(), "[::1]:9".parse().unwrap()];
    let peer = peer_of_key(&key).unwrap();
    let honest = Ticket { key, peer, token: [4; 16], expires_unix_s: 1000, addresses }.to_string();
    let decode = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.parse::<Ticket>().ok();
    let encode = |ticket: &Ticket| ticket.to_string().into_bytes();
    Target::both_ways("tickets", honest.into_bytes(), decode, encode)
}

fn lists_of_tickets() -> Target {
    let mut tokens = Tokens::default();
    tokens.issue([4; 16], 1000, true);
    let decode = |bytes: &[u8]| Tokens::from_bytes(bytes).ok().map(|tokens| tokens.to_bytes());
    Target::both_ways("lists_of_tickets", tokens.to_bytes(), decode, Vec::clone)
}

fn memberships() -> Target {
    let contact = Contact { peer: peer(2), addresses: vec!["127.0.0.1:7001".parse().unwrap()] };
    let honest = Saved {
        cluster: Bytes::copy_from_slice(&ClusterKey::of(&cluster()).to_bytes()),
        certificate: certificate(),
        contacts: vec![contact],
        port: 7000,
        join_port: 7001,
    };
    let decode = |bytes: &[u8]| Saved::from_bytes(bytes).ok();
    Target::both_ways("memberships", wire::encode(&honest), decode, wire::encode)
}

/// Takes blocks of up to 4 KiB and remembers nothing.
struct Taker;

impl Handler for Taker {
    type Buffer = Vec<u8>;
    async fn peer_up(&self, _: PeerInfo) {}
    async fn peer_down(&self, _: PeerId, _: DownReason) {}
    async fn frames(&self, _: &PeerId, _: Vec<Bytes>) {}
    fn block_buffer(&self, _: &PeerId, header: &BlockHeader) -> Option<Vec<u8>> {
        (header.len <= 4096).then(|| vec![0; header.len as usize])
    }
    async fn block(&self, _: &PeerId, _: BlockHeader, _: Result<Vec<u8>, BlockError>) {}
}

fn seal() -> [Seal; 2] {
    let ends = [(peer(1), [1; 32], [2; 16]), (peer(2), [3; 32], [4; 16])];
    let [own, theirs] =
        ends.each_ref().map(|(peer, secret, route)| Share { peer: *peer, secret, route });
    [seals(&own, &theirs).unwrap().0, seals(&theirs, &own).unwrap().1]
}

/// Reads a stream of blocks.
fn blocks(name: &'static str, sealed: bool) -> Target {
    let run = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut honest = std::io::Cursor::new(Vec::new());
    let (sender, receiver) = mpsc::channel(1);
    let data = Arc::new(vec![9; 100]);
    let block = OutBlock { key: [1; 32], meta: vec![5; 3], data, checksum: None };
    assert!(sender.try_send(block).is_ok());
    drop(sender);
    let writer =
        RecordWriter::new(&mut honest, sealed.then(|| seal().into_iter().next()).flatten());
    run.block_on(write_blocks(writer, receiver, &[])).unwrap();
    let honest = honest.into_inner();
    let bounds = Bounds { block_bytes_max: 1 << 16, ..Bounds::default() };
    let read = move |bytes: &[u8]| {
        let [_, inward] = seal();
        let (reader, _cut) = RecordReader::new(bytes, sealed.then_some(inward));
        let run = tokio::runtime::Builder::new_current_thread().build().unwrap();
        run.block_on(read_blocks(reader, peer(1), &Taker, &bounds, &[]))
    };
    assert_eq!(read(&honest), Ok(()));
    Target::new(name, vec![honest.clone()], move |bytes| {
        let changed = bytes.len() >= honest.len() && !bytes.starts_with(&honest);
        let end = read(bytes);
        assert!(!sealed || !changed || end.is_err(), "a forged record was taken");
    })
}
