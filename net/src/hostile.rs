//! Peers that misbehave, made of the same parts as honest ones.

mod doors;
mod hints;
mod table;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::identity::{Keypair, ed25519};
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{Stream, SwarmEvent};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::authority::member_payload;
use crate::bulk::{BulkPort, Channel, Offer, Terms};
use crate::certificate::{Certificate, Claims, Role};
use crate::config::{Config, PROTOCOL, Version};
use crate::control::FrameReader;
use crate::error::{
    BlockError, CertificateError, DownReason, NetError, ProtocolError, Refusal, SendError,
};
use crate::frame::{self, Tag};
use crate::identity::{PeerId, peer_id_of};
use crate::join::{Admitted, ask};
use crate::links::{Links, Outcome};
use crate::saved::Contact;
use crate::swarm::{BehaviourEvent, build, to_multiaddr};
use crate::wire::{self, Credential, Hello, JoinRequest};
use crate::{BlockHeader, Handler, Net, PeerInfo, Ticket};

const KERNEL: &str = "kernel";

#[derive(Default)]
pub(crate) struct Watcher {
    up: Mutex<Vec<PeerId>>,
    down: Mutex<Vec<(PeerId, DownReason)>>,
    frames: Mutex<Vec<Bytes>>,
    blocks: Mutex<Vec<Result<Vec<u8>, BlockError>>>,
    changed: watch::Sender<u64>,
    panics_on_frames: bool,
}

impl Watcher {
    fn note(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    async fn wait<T>(&self, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            changes.changed().await.unwrap();
        }
    }

    async fn down_reason(&self, peer: PeerId) -> DownReason {
        self.wait(|this| {
            let down = this.down.lock().unwrap();
            down.iter().find(|(id, _)| *id == peer).map(|(_, reason)| reason.clone())
        })
        .await
    }
}

impl Handler for Watcher {
    type Buffer = Vec<u8>;
    async fn peer_up(&self, peer: PeerInfo) {
        self.up.lock().unwrap().push(peer.id);
        self.note();
    }
    async fn peer_down(&self, peer: PeerId, reason: DownReason) {
        self.down.lock().unwrap().push((peer, reason));
        self.note();
    }
    async fn frames(&self, _: &PeerId, frames: Vec<Bytes>) {
        assert!(!self.panics_on_frames, "told to panic");
        self.frames.lock().unwrap().extend(frames);
        self.note();
    }
    fn block_buffer(&self, _: &PeerId, header: &BlockHeader) -> Option<Vec<u8>> {
        Some(vec![0; header.len as usize])
    }
    async fn block(&self, _: &PeerId, _: BlockHeader, buffer: Result<Vec<u8>, BlockError>) {
        self.blocks.lock().unwrap().push(buffer);
        self.note();
    }
}

fn config() -> Config {
    let mut config = Config::loopback(KERNEL);
    config.bounds.handshake_ms_max = 2000;
    config
}

/// A cluster of an honest founder and an honest member, who must be fine at the end.
struct Scene {
    founder: Net,
    seen: Arc<Watcher>,
    honest: Net,
    honest_seen: Arc<Watcher>,
    ticket: Ticket,
}

impl Scene {
    async fn new(config: Config) -> Self {
        let seen = Arc::new(Watcher::default());
        let founder = Net::found(config.clone(), seen.clone()).await.unwrap();
        let ticket = founder.ticket().unwrap();
        let honest_seen = Arc::new(Watcher::default());
        let honest = Net::join(&ticket, Role::Node, config, honest_seen.clone()).await.unwrap();
        seen.wait(|this| (!this.up.lock().unwrap().is_empty()).then_some(())).await;
        Scene { founder, seen, honest, honest_seen, ticket }
    }

    async fn honest_are_fine(&self) {
        let mark = Bytes::from_static(b"still here");
        self.honest.send(&self.founder.local().id, mark.clone()).unwrap();
        self.seen.wait(|this| this.frames.lock().unwrap().contains(&mark).then_some(())).await;
        let honest = self.honest.local().id;
        assert!(self.seen.down.lock().unwrap().iter().all(|(peer, _)| *peer != honest));
    }

    async fn villain(&self) -> Villain {
        Villain::admitted(&self.ticket, config()).await
    }

    /// A villain whose blocks go over the network, encrypted.
    async fn far_villain(&self) -> Villain {
        Villain::admitted(&self.ticket, Config { same_host: false, ..config() }).await
    }
}

fn contact(ticket: &Ticket) -> Contact {
    Contact { peer: ticket.peer, addresses: ticket.addresses.clone() }
}

fn request(ticket: &Ticket, here: SocketAddr) -> JoinRequest {
    JoinRequest {
        credential: Credential::Token(ticket.token.to_vec().into()),
        role: Role::Node,
        kernel_id: KERNEL.into(),
        addresses: vec![here],
    }
}

/// A peer with a true certificate and bad manners.
struct Villain {
    identity: Keypair,
    admitted: Admitted,
    control_out: Stream,
    control_in: FrameReader<Stream>,
    /// What it offers for blocks, and the connection for them after the handshake.
    port: Arc<BulkPort>,
    offer: Offer,
    channel: Option<Channel>,
    polling: JoinHandle<()>,
}

impl Drop for Villain {
    fn drop(&mut self) {
        self.polling.abort();
    }
}

impl Villain {
    async fn admitted(ticket: &Ticket, config: Config) -> Self {
        let identity = Keypair::generate_ed25519();
        let here = "127.0.0.1:9".parse().unwrap();
        let bounds = config.bounds.clone();
        let (contact, request) = (contact(ticket), request(ticket, here));
        let admitted =
            ask(&identity, &contact, &request, Duration::from_secs(2), &bounds).await.unwrap();
        let mut swarm =
            build(identity.clone(), Links::members(Arc::new(|_| true)), &bounds).unwrap();
        let addresses = admitted.admitter.addresses.iter().copied().map(to_multiaddr).collect();
        swarm.dial(DialOpts::peer_id(ticket.peer.0).addresses(addresses).build()).unwrap();
        let (mut control_out, mut control_in) = (None, None);
        while control_out.is_none() || control_in.is_none() {
            if let SwarmEvent::Behaviour(BehaviourEvent::Links(event)) =
                swarm.select_next_some().await
            {
                match event.outcome {
                    Outcome::Outbound(_, stream) => control_out = Some(stream),
                    Outcome::Inbound(_, stream) => control_in = Some(stream),
                    Outcome::Failed(name, reason) => panic!("{name}: {reason}"),
                }
            }
        }
        let polling = tokio::spawn(async move {
            loop {
                swarm.select_next_some().await;
            }
        });
        let control_in = FrameReader::new(control_in.unwrap(), &bounds);
        let (port, _) = BulkPort::open(&config).await.unwrap();
        let port = Arc::new(port);
        let (offer, _) = port.offer().unwrap();
        Villain {
            identity,
            admitted,
            control_out: control_out.unwrap(),
            control_in,
            port,
            offer,
            channel: None,
            polling,
        }
    }

    fn id(&self) -> PeerId {
        peer_id_of(&self.identity)
    }

    async fn write(&mut self, tag: Tag, payload: &[u8]) {
        let mut bytes = BytesMut::new();
        frame::encode(tag, payload, &mut bytes);
        self.write_raw(&bytes).await;
    }

    async fn write_raw(&mut self, bytes: &[u8]) {
        let _ = self.control_out.write_all(bytes).await;
        let _ = self.control_out.flush().await;
    }

    fn hello(&self) -> Hello {
        Hello {
            kernel_id: KERNEL.into(),
            certificate: self.admitted.certificate.clone(),
            bulk: self.offer.clone(),
        }
    }

    async fn say(&mut self, version: Version, hello: &Hello) {
        let payload = wire::encode_versioned(version, hello);
        self.write(Tag::Hello, &payload).await;
    }

    /// Does all that an honest peer does.
    async fn shake_hands(&mut self) {
        self.say(PROTOCOL, &self.hello()).await;
        self.write(Tag::Accept, &[]).await;
        let mut theirs = None;
        loop {
            match self.control_in.next().await.unwrap() {
                (Tag::Hello, payload) => theirs = Some(payload),
                (Tag::Accept, _) => break,
                _ => {}
            }
        }
        let (_, body) = wire::split_version(theirs.as_ref().unwrap()).unwrap();
        let theirs: Hello = wire::decode(body, "hello").unwrap();
        let claims = theirs.certificate.verify(&self.admitted.cluster, 0).unwrap();
        let terms = Terms { own: (self.id(), &self.offer), theirs: (claims.peer, &theirs.bulk) };
        let channel = terms.connect([127, 0, 0, 1].into()).await;
        self.channel = Some(channel.unwrap());
    }

    /// Writes records for blocks, whatever they hold.
    async fn write_blocks(&mut self, records: &[&[u8]]) {
        let writer = &mut self.channel.as_mut().unwrap().writer;
        for record in records {
            writer.write(record).await.unwrap();
        }
        writer.flush().await.unwrap();
    }

    /// The refusal that comes, if one comes before the end.
    async fn refusal(&mut self) -> Option<Refusal> {
        loop {
            match self.control_in.next().await {
                Ok((Tag::Refuse, payload)) => return wire::decode(&payload, "refusal").ok(),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }
}

/// What claims to be a message of our version.
fn of_our_version(rest: &[u8]) -> Vec<u8> {
    let version = [PROTOCOL.major, PROTOCOL.minor].map(u16::to_le_bytes);
    [version.as_flattened(), rest].concat()
}

async fn limited<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), test).await.expect("the test took too long")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_hellos_are_refused_with_a_reason() {
    limited(async {
        let scene = Scene::new(config()).await;

        let mut villain = scene.villain().await;
        villain.write(Tag::Hello, &of_our_version(b"not a hello")).await;
        assert_eq!(villain.refusal().await, Some(Refusal::Malformed));

        let mut villain = scene.villain().await;
        villain.write(Tag::Hello, b"\x01").await;
        assert_eq!(villain.refusal().await, Some(Refusal::Malformed));

        let mut villain = scene.villain().await;
        let theirs = Version { major: 9, minor: 1 };
        villain.say(theirs, &villain.hello()).await;
        let expected = Refusal::VersionMismatch { ours: PROTOCOL, theirs };
        assert_eq!(villain.refusal().await, Some(expected));

        let mut villain = scene.villain().await;
        let hello = Hello { kernel_id: "other".into(), ..villain.hello() };
        villain.say(PROTOCOL, &hello).await;
        let expected = Refusal::KernelMismatch { ours: KERNEL.into(), theirs: "other".into() };
        assert_eq!(villain.refusal().await, Some(expected));

        // Signed by a key of its own.
        let mut villain = scene.villain().await;
        let claims = villain.admitted.certificate.verify(&villain.admitted.cluster, 0).unwrap();
        let own_key = ed25519::Keypair::generate();
        let certificate = Certificate::sign(&own_key, &claims);
        villain.say(PROTOCOL, &Hello { certificate, ..villain.hello() }).await;
        let expected = Refusal::BadCertificate(CertificateError::BadSignature);
        assert_eq!(villain.refusal().await, Some(expected));

        // A true certificate of somebody else.
        let mut villain = scene.villain().await;
        let certificate = villain.admitted.admitter.certificate.clone();
        villain.say(PROTOCOL, &Hello { certificate, ..villain.hello() }).await;
        let expected = Refusal::BadCertificate(CertificateError::OtherPeer);
        assert_eq!(villain.refusal().await, Some(expected));

        assert!(scene.founder.counters().refused >= 6);
        assert_eq!(scene.founder.peers().len(), 1);
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_frame_that_is_no_hello_ends_the_connection() {
    limited(async {
        let scene = Scene::new(config()).await;
        for first in [
            vec![0xff; 5],
            vec![0; 4],
            vec![1, 0, 0, 0, 200],
            vec![1, 0, 0, 0, Tag::User as u8],
            vec![1, 0, 0, 0, Tag::Accept as u8],
        ] {
            let mut villain = scene.villain().await;
            villain.write_raw(&first).await;
            assert_eq!(villain.refusal().await, None, "{first:?}");
        }
        assert_eq!(scene.seen.up.lock().unwrap().len(), 1);
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_never_says_hello_is_closed_and_forgotten() {
    limited(async {
        let mut config = config();
        config.bounds.handshake_ms_max = 500;
        let scene = Scene::new(config).await;
        let mut villain = scene.villain().await;
        villain.write_raw(&[200]).await;
        assert_eq!(villain.refusal().await, None);
        drop(villain);
        // Its turn is over, so the next one is admitted.
        let next = Villain::admitted(&scene.ticket, self::config()).await;
        drop(next);
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_that_break_the_protocol_go_down_with_the_reason() {
    limited(async {
        let scene = Scene::new(config()).await;
        let max = config().bounds.frame_bytes_max;

        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        villain.write(Tag::User, b"before").await;
        villain.write_raw(&[0xff; 4]).await;
        let expected = ProtocolError::FrameTooLarge { len: u32::MAX as usize - 1, max };
        assert_eq!(scene.seen.down_reason(villain.id()).await, DownReason::Broke(expected));
        assert!(scene.seen.frames.lock().unwrap().contains(&Bytes::from_static(b"before")));

        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        villain.write_raw(&(max as u32 + 2).to_le_bytes()).await;
        villain.write_raw(&[Tag::User as u8]).await;
        let expected = ProtocolError::FrameTooLarge { len: max + 1, max };
        assert_eq!(scene.seen.down_reason(villain.id()).await, DownReason::Broke(expected));

        // Nobody is a member because a member says so: the record must be signed.
        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        let mut record = villain.admitted.admitter.clone();
        let claims = record.certificate.verify(&villain.admitted.cluster, 0).unwrap();
        let stranger = peer_id_of(&Keypair::generate_ed25519());
        let claims = Claims { peer: stranger, ..claims };
        record.certificate = Certificate::sign(&ed25519::Keypair::generate(), &claims);
        villain.write(Tag::Member, &member_payload(7, &record)).await;
        let expected = ProtocolError::Malformed { what: "member" };
        assert_eq!(scene.seen.down_reason(villain.id()).await, DownReason::Broke(expected));

        // Nor is a key that of the cluster.
        for secret in [vec![7; 32], vec![7; 31], vec![]] {
            let mut villain = scene.villain().await;
            villain.shake_hands().await;
            villain.write(Tag::Authority, &secret).await;
            let expected = ProtocolError::Malformed { what: "authority" };
            assert_eq!(scene.seen.down_reason(villain.id()).await, DownReason::Broke(expected));
        }

        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        villain.write(Tag::Ack, b"short").await;
        let expected = ProtocolError::Malformed { what: "ack" };
        assert_eq!(scene.seen.down_reason(villain.id()).await, DownReason::Broke(expected));

        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        let mut header = [0_u8; 42];
        header[34..42].copy_from_slice(&u64::MAX.to_le_bytes());
        villain.write_blocks(&[&header]).await;
        let max = config().bounds.block_bytes_max;
        let expected = ProtocolError::BlockTooLarge { len: u64::MAX, max };
        assert_eq!(scene.seen.down_reason(villain.id()).await, DownReason::Broke(expected));

        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_member_is_down_though_its_connection_stands() {
    limited(async {
        let mut config = config();
        config.bounds.heartbeat_ms = 100;
        let scene = Scene::new(config).await;
        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        let reason = scene.seen.down_reason(villain.id()).await;
        assert_eq!(reason, DownReason::Silent { silent_ms: 500 });
        // A heartbeat a little more often than the limit is enough.
        let mut lively = scene.villain().await;
        lively.shake_hands().await;
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_millis(200)).await;
            lively.write(Tag::Heartbeat, &[]).await;
        }
        assert!(scene.founder.peers().iter().any(|peer| peer.id == lively.id()));
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_says_a_byte_now_and_then_is_down_as_a_silent_one() {
    limited(async {
        let mut config = config();
        config.bounds.heartbeat_ms = 100;
        let scene = Scene::new(config).await;
        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        villain.write_raw(&1000_u32.to_le_bytes()).await;
        villain.write_raw(&[Tag::User as u8]).await;
        let id = villain.id();
        let trickle = async {
            for _ in 0..1000 {
                villain.write_raw(&[7]).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            () = trickle => panic!("fifty seconds of patience"),
            reason = scene.seen.down_reason(id) => {
                assert_eq!(reason, DownReason::Silent { silent_ms: 500 });
            }
        }
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_cut_in_the_middle_is_told_before_the_peer_goes_down() {
    limited(async {
        let scene = Scene::new(config()).await;
        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        let mut header = [0_u8; 42];
        header[34..42].copy_from_slice(&1000_u64.to_le_bytes());
        villain.write_blocks(&[&header, &[1; 300]]).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let id = villain.id();
        drop(villain);
        assert_eq!(scene.seen.down_reason(id).await, DownReason::Closed);
        let expected = BlockError::Truncated { expected_bytes: 1000, received_bytes: 300 };
        assert_eq!(*scene.seen.blocks.lock().unwrap(), [Err(expected)]);
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_that_ends_one_stream_is_down_after_its_last_frame() {
    limited(async {
        let scene = Scene::new(config()).await;
        let mut villain = scene.villain().await;
        villain.shake_hands().await;
        villain.write(Tag::User, b"last words").await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        villain.channel.as_mut().unwrap().writer.close().await.unwrap();
        assert_eq!(scene.seen.down_reason(villain.id()).await, DownReason::Closed);
        let frames = scene.seen.frames.lock().unwrap().clone();
        assert!(frames.contains(&Bytes::from_static(b"last words")));
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_panics_costs_one_peer() {
    limited(async {
        let seen = Arc::new(Watcher { panics_on_frames: true, ..Watcher::default() });
        let founder = Net::found(config(), seen.clone()).await.unwrap();
        let ticket = founder.ticket().unwrap();
        let quiet = Arc::new(Watcher::default());
        let first = Net::join(&ticket, Role::Node, config(), quiet.clone()).await.unwrap();
        let second = Net::join(&ticket, Role::Node, config(), quiet.clone()).await.unwrap();
        first.send(&founder.local().id, Bytes::from_static(b"x")).unwrap();
        let reason = seen.down_reason(first.local().id).await;
        assert_eq!(reason, DownReason::HandlerPanicked);
        assert_eq!(founder.peers().iter().map(|p| p.id).collect::<Vec<_>>(), [second.local().id]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_event_loop_is_told_to_everybody() {
    limited(async {
        let scene = Scene::new(config()).await;
        let honest = scene.honest.local().id;
        scene.founder.break_loop().await;
        assert_eq!(scene.seen.down_reason(honest).await, DownReason::Ended);
        scene.founder.ended().await;
        assert_eq!(scene.founder.send(&honest, Bytes::new()), Err(SendError::Ended));
        assert!(scene.founder.peers().is_empty());
        scene.founder.leave().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admitted_peer_of_another_version_learns_why() {
    limited(async {
        let scene = Scene::new(config()).await;
        let mut old = scene.villain().await;
        let theirs = Version { major: 0, minor: 7 };
        old.say(theirs, &old.hello()).await;
        let refusal = old.refusal().await.unwrap().turned_round();
        assert_eq!(refusal, Refusal::VersionMismatch { ours: theirs, theirs: PROTOCOL });
        assert_eq!(
            NetError::Refused(refusal).to_string(),
            format!("refused: protocol version mismatch: ours 0.7, theirs {PROTOCOL}")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_connection_is_made_again_and_who_was_admitted_meanwhile_is_told() {
    limited(async {
        let scene = Scene::new(config()).await;
        let honest = scene.honest.local();
        // Whoever cuts, both see it, and both see the other come back.
        for (round, net) in [&scene.founder, &scene.honest].into_iter().enumerate() {
            let other = if round == 0 { honest.id } else { scene.founder.local().id };
            net.cut(other).await;
            let back = |this: &Watcher| this.up.lock().unwrap().len() == round + 2;
            // Each side is up by its own count: the last word of a handshake goes one way.
            for seen in [&scene.seen, &scene.honest_seen] {
                seen.wait(|this| back(this).then_some(())).await;
            }
        }
        for (seen, other) in
            [(&scene.seen, honest.id), (&scene.honest_seen, scene.founder.local().id)]
        {
            let down = seen.down.lock().unwrap().clone();
            assert_eq!(down, [(other, DownReason::Closed), (other, DownReason::Closed)]);
        }
        assert_eq!(scene.founder.peers()[0].admitted, honest.admitted);
        let mark = Bytes::from_static(b"after the cut");
        scene.honest.send(&scene.founder.local().id, mark.clone()).unwrap();
        scene.seen.wait(|this| this.frames.lock().unwrap().contains(&mark).then_some(())).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_that_are_not_sealed_by_the_peer_end_its_connection() {
    limited(async {
        let scene = Scene::new(Config { same_host: false, ..config() }).await;
        let mut header = [0_u8; 42];
        header[34..42].copy_from_slice(&10_u64.to_le_bytes());
        let checksum = xxhash_rust::xxh3::xxh3_64(&[7; 10]).to_le_bytes();
        let mut villain = scene.far_villain().await;
        villain.shake_hands().await;
        villain.write_blocks(&[&header, &[7; 10], &checksum]).await;
        scene.seen.wait(|this| (!this.blocks.lock().unwrap().is_empty()).then_some(())).await;
        assert_eq!(*scene.seen.blocks.lock().unwrap(), [Ok(vec![7; 10])]);
        // Cut into other records, the same bytes do not open: lengths are part of what is sealed.
        villain.write_blocks(&[&header[..41], &[&header[41..], &[7; 10]].concat()]).await;
        let reason = scene.seen.down_reason(villain.id()).await;
        assert_eq!(reason, DownReason::Broke(ProtocolError::Forged));
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_knows_no_route_gets_no_connection_for_blocks() {
    limited(async {
        let mut config = config();
        config.bounds.handshake_ms_max = 500;
        let scene = Scene::new(config).await;
        // An honest offer says where the port is, and holds a route that is not its own.
        let mut villain = scene.villain().await;
        villain.say(PROTOCOL, &villain.hello()).await;
        villain.write(Tag::Accept, &[]).await;
        let (_, payload) = villain.control_in.next().await.unwrap();
        let (_, body) = wire::split_version(&payload).unwrap();
        let theirs: Hello = wire::decode(body, "hello").unwrap();
        let (other, _other) = villain.port.offer().unwrap();
        let forged = theirs.bulk.with_route_of(&other);
        let founder = scene.founder.local().id;
        let terms = Terms { own: (villain.id(), &villain.offer), theirs: (founder, &forged) };
        assert!(terms.connect([127, 0, 0, 1].into()).await.is_err());
        // Strangers that say nothing, or one byte, keep nobody out.
        let port = ("127.0.0.1", theirs.bulk.port());
        let mut silent = Vec::new();
        for index in 0..100 {
            let mut stream = tokio::net::TcpStream::connect(port).await.unwrap();
            if index % 2 == 0 {
                tokio::io::AsyncWriteExt::write_all(&mut stream, &[1]).await.unwrap();
            }
            silent.push(stream);
        }
        let quiet = Arc::new(Watcher::default());
        let mut config = self::config();
        config.bounds.handshake_ms_max = 5000;
        let net = Net::join(&scene.ticket, Role::Node, config, quiet).await.unwrap();
        assert!(net.peers().len() >= 2);
        assert_eq!(scene.seen.up.lock().unwrap().len(), 2);
        drop(silent);
        scene.honest_are_fine().await;
    })
    .await;
}
