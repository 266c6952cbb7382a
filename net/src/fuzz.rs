//! Every decoder of bytes that come from elsewhere: none may panic, hang or allocate what it is told to, and what one
//! takes it gives back the same.
//!
//! Each target runs on the corpus beside this file, on random bytes, and on an honest message with some bytes changed.
//! An input that fails belongs into the corpus. `PROPTEST_CASES=1000000 cargo test -p nums-net fuzz` takes some minutes.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use libp2p::identity::{Keypair, ed25519};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::mpsc;

use crate::block::{OutBlock, read_blocks, write_blocks};
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

/// Runs a target on its corpus and on random bytes.
fn check(name: &str, target: impl Fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fuzz").join(name);
    for file in std::fs::read_dir(&corpus).unwrap() {
        target(&std::fs::read(file.unwrap().path()).unwrap());
    }
    let bytes = proptest::collection::vec(any::<u8>(), 0..600);
    let run = TestRunner::default().run(&bytes, |noise| {
        target(&noise);
        Ok(())
    });
    run.unwrap();
}

/// The bytes as they are, and written over an honest message: three of them say where and what.
fn variants(honest: &[u8], noise: &[u8]) -> [Vec<u8>; 2] {
    let mut changed = honest.to_vec();
    for change in noise.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
        match at % (honest.len() + 1) {
            0 => changed.truncate(usize::from(change[2])),
            at => changed.get_mut(at - 1).into_iter().for_each(|byte| *byte = change[2]),
        }
    }
    [noise.to_vec(), changed]
}

/// Runs a decoder on the variants of an honest message, which it must take.
fn both_ways<T: PartialEq + Debug>(
    honest: Vec<u8>,
    decode: impl Fn(&[u8]) -> Option<T>,
    encode: impl Fn(&T) -> Vec<u8>,
) -> impl Fn(&[u8]) {
    assert!(decode(&honest).is_some(), "an honest message is not taken");
    move |noise| {
        for bytes in variants(&honest, noise) {
            if let Some(found) = decode(&bytes) {
                assert_eq!(decode(&encode(&found)).as_ref(), Some(&found));
            }
        }
    }
}

/// The same for a message of MessagePack.
fn message<T>(honest: &T) -> impl Fn(&[u8])
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    both_ways(wire::encode(honest), |bytes| wire::decode::<T>(bytes, "fuzzed").ok(), wire::encode)
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

#[test]
fn frames() {
    let mut honest = BytesMut::new();
    frame::encode(Tag::Heartbeat, &[], &mut honest);
    frame::encode(Tag::User, b"a message", &mut honest);
    let decode = |bytes: &[u8]| {
        let (mut buffer, mut found) = (BytesMut::from(bytes), Vec::new());
        while let Some((tag, payload)) = frame::decode(&mut buffer, 1 << 10).ok()? {
            assert!(payload.len() <= 1 << 10);
            found.push((tag, payload));
        }
        buffer.is_empty().then_some(found)
    };
    let encode = |frames: &Vec<(Tag, Bytes)>| {
        let mut out = BytesMut::new();
        frames.iter().for_each(|(tag, payload)| frame::encode(*tag, payload, &mut out));
        out.to_vec()
    };
    check("frames", both_ways(honest.to_vec(), decode, encode));
}

#[test]
fn hellos() {
    let offer = crate::bulk::Offer::sample();
    let hello = Hello { kernel_id: "kernel".into(), certificate: certificate(), bulk: offer };
    let decode = |bytes: &[u8]| {
        let (version, body) = wire::split_version(bytes)?;
        let hello: Hello = wire::decode(body, "hello").ok()?;
        let _ = (hello.bulk.is_sound(), hello.certificate.verify(&ClusterKey::of(&cluster()), 0));
        Some((version, hello))
    };
    let honest = wire::encode_versioned(PROTOCOL, &hello);
    let encode = |(version, hello): &(Version, Hello)| wire::encode_versioned(*version, hello);
    check("hellos", both_ways(honest, decode, encode));
}

#[test]
fn requests_to_join() {
    check(
        "requests_to_join",
        message(&JoinRequest {
            credential: Credential::Token(Bytes::from_static(&[3; 16])),
            role: Role::Session,
            kernel_id: "kernel".into(),
            addresses: vec!["[::1]:9".parse().unwrap()],
        }),
    );
}

#[test]
fn answers_to_joiners() {
    let cluster = Bytes::copy_from_slice(&ClusterKey::of(&cluster()).to_bytes());
    let answer = JoinAnswer::Admitted { certificate: certificate(), cluster, admitter: record() };
    check("answers_to_joiners", message(&answer));
}

#[test]
fn refusals() {
    let refusal = Refusal::VersionMismatch { ours: PROTOCOL, theirs: PROTOCOL };
    check("refusals", message(&refusal));
}

#[test]
fn records_of_members() {
    check("records_of_members", message(&record()));
}

#[test]
fn tickets() {
    let key = cluster().public().to_bytes();
    let addresses = vec!["127.0.0.1:7001".parse().unwrap(), "[::1]:9".parse().unwrap()];
    let peer = peer_of_key(&key).unwrap();
    let honest = Ticket { key, peer, token: [4; 16], expires_unix_s: 1000, addresses }.to_string();
    let decode = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.parse::<Ticket>().ok();
    let encode = |ticket: &Ticket| ticket.to_string().into_bytes();
    check("tickets", both_ways(honest.into_bytes(), decode, encode));
}

#[test]
fn lists_of_tickets() {
    let mut tokens = Tokens::default();
    tokens.issue([4; 16], 1000, true);
    let decode = |bytes: &[u8]| Tokens::from_bytes(bytes).ok().map(|tokens| tokens.to_bytes());
    check("lists_of_tickets", both_ways(tokens.to_bytes(), decode, Vec::clone));
}

#[test]
fn memberships() {
    let contact = Contact { peer: peer(2), addresses: vec!["127.0.0.1:7001".parse().unwrap()] };
    let honest = Saved {
        cluster: Bytes::copy_from_slice(&ClusterKey::of(&cluster()).to_bytes()),
        certificate: certificate(),
        contacts: vec![contact],
        port: 7000,
        join_port: 7001,
    };
    let decode = |bytes: &[u8]| Saved::from_bytes(bytes).ok();
    check("memberships", both_ways(wire::encode(&honest), decode, wire::encode));
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
fn blocks(sealed: bool) -> impl Fn(&[u8]) {
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
    move |noise| {
        for bytes in variants(&honest, noise) {
            let changed = bytes.len() >= honest.len() && !bytes.starts_with(&honest);
            let end = read(&bytes);
            assert!(!sealed || !changed || end.is_err(), "a forged record was taken");
        }
    }
}

#[test]
fn blocks_in_the_open() {
    check("blocks_in_the_open", blocks(false));
}

#[test]
fn sealed_blocks() {
    check("sealed_blocks", blocks(true));
}
