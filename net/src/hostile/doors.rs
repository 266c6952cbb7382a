//! Who never gets as far as a handshake: at the door for members and at the one for strangers with a ticket.

use libp2p::swarm::StreamProtocol;

use super::*;
use crate::links::CONTROL;
use crate::swarm::Behaviour;

/// An admitted peer that has dialed, and opens streams of these protocols.
async fn member_that_opens(
    scene: &Scene,
    protocols: Vec<StreamProtocol>,
) -> libp2p::Swarm<Behaviour> {
    let identity = Keypair::generate_ed25519();
    let bounds = config().bounds;
    let here = "127.0.0.1:9".parse().unwrap();
    let (contact, request) = (contact(&scene.ticket), request(&scene.ticket, here));
    let admitted =
        ask(&identity, &contact, &request, Duration::from_secs(2), &bounds).await.unwrap();
    let mut swarm = build(identity, Links::opening(protocols), &bounds).unwrap();
    let addresses = admitted.admitter.addresses.iter().copied().map(to_multiaddr).collect();
    swarm.dial(DialOpts::peer_id(scene.ticket.peer.0).addresses(addresses).build()).unwrap();
    swarm
}

/// What a flood may cost.
const GROWTH_KIB_MAX: u64 = 64 << 10;

/// A stream to the join listener.
pub(super) async fn join_stream(ticket: &Ticket) -> (Stream, JoinHandle<()>) {
    let bounds = config().bounds;
    let mut swarm = build(Keypair::generate_ed25519(), Links::join_dialer(), &bounds).unwrap();
    let addresses = ticket.addresses.iter().copied().map(to_multiaddr).collect();
    swarm.dial(DialOpts::peer_id(ticket.peer.0).addresses(addresses).build()).unwrap();
    let stream = loop {
        if let SwarmEvent::Behaviour(BehaviourEvent::Links(event)) = swarm.select_next_some().await
            && let Outcome::Outbound(_, stream) = event.outcome
        {
            break stream;
        }
    };
    let polling = tokio::spawn(async move {
        loop {
            swarm.select_next_some().await;
        }
    });
    (stream, polling)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_join_listener_survives_what_strangers_send() {
    limited(async {
        let scene = Scene::new(config()).await;
        // A message as deep as it may be long: skipping it must not overflow a stack.
        let mut deep = of_our_version(&[0x81, 0xa1, b'x']);
        deep.resize(4000, 0x91);
        let mut streams = Vec::new();
        for request in [vec![], vec![0; 3], b"nonsense".to_vec(), vec![0xff; 4096], deep] {
            let (mut stream, polling) = join_stream(&scene.ticket).await;
            stream.write_all(&(request.len() as u32).to_le_bytes()).await.unwrap();
            stream.write_all(&request).await.unwrap();
            stream.flush().await.unwrap();
            let mut answer = Vec::new();
            let mut len = [0; 4];
            stream.read_exact(&mut len).await.unwrap();
            answer.resize(u32::from_le_bytes(len) as usize, 0);
            stream.read_exact(&mut answer).await.unwrap();
            let (_, body) = wire::split_version(&answer).unwrap();
            let answer: wire::JoinAnswer = wire::decode(body, "answer").unwrap();
            assert!(matches!(answer, wire::JoinAnswer::Refused(_)), "{answer:?}");
            streams.push((stream, polling));
        }
        // Too long, and one that never says anything.
        let (mut stream, long) = join_stream(&scene.ticket).await;
        stream.write_all(&[0xff; 4]).await.unwrap();
        stream.flush().await.unwrap();
        let (_mute, mute) = join_stream(&scene.ticket).await;
        // Honest joiners get in meanwhile.
        let quiet = Arc::new(Watcher::default());
        let net = Net::join(&scene.ticket, Role::Session, config(), quiet).await.unwrap();
        assert_eq!(net.peers().len(), 2);
        scene.honest_are_fine().await;
        for polling in streams.into_iter().map(|(_, polling)| polling).chain([long, mute]) {
            polling.abort();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_streams_hurts_only_its_own_connection() {
    limited(async {
        let scene = Scene::new(config()).await;
        let before = resident_kib();
        let mut largest = before;
        let mut swarm = member_that_opens(&scene, vec![CONTROL; 10_000]).await;
        let mut streams = Vec::new();
        loop {
            largest = largest.max(resident_kib());
            match swarm.select_next_some().await {
                SwarmEvent::Behaviour(BehaviourEvent::Links(event)) => {
                    streams.push(event.outcome);
                    scene.honest_are_fine().await;
                }
                SwarmEvent::ConnectionClosed { .. } => break,
                _ => {}
            }
        }
        assert_eq!(scene.seen.up.lock().unwrap().len(), 1);
        // Of both sides, and of the tests beside this one.
        let growth = largest - before;
        assert!(growth < GROWTH_KIB_MAX, "10,000 streams cost {growth} KiB");
        scene.honest_are_fine().await;
    })
    .await;
}

/// The memory of this process; 0 where the system does not tell.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.map_or(0, |line| line.split_whitespace().nth(1).unwrap().parse().unwrap())
}

/// What becomes of the first stream that a swarm opens.
async fn first_failure(mut swarm: libp2p::Swarm<Behaviour>) -> &'static str {
    loop {
        if let SwarmEvent::Behaviour(BehaviourEvent::Links(event)) = swarm.select_next_some().await
        {
            match event.outcome {
                Outcome::Failed(_, reason) => return reason,
                Outcome::Outbound(name, _) => panic!("{name} is spoken"),
                Outcome::Inbound(..) => {}
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn protocols_that_are_not_ours_are_not_spoken_at_either_door() {
    limited(async {
        let scene = Scene::new(config()).await;
        let other = vec![StreamProtocol::new("/nums/control/9")];
        let member = member_that_opens(&scene, other.clone()).await;
        assert_eq!(first_failure(member).await, "the protocol is not spoken there");
        let bounds = config().bounds;
        let mut stranger =
            build(Keypair::generate_ed25519(), Links::opening(other), &bounds).unwrap();
        let addresses = scene.ticket.addresses.iter().copied().map(to_multiaddr).collect();
        let options = DialOpts::peer_id(scene.ticket.peer.0).addresses(addresses).build();
        stranger.dial(options).unwrap();
        assert_eq!(first_failure(stranger).await, "the protocol is not spoken there");
        scene.honest_are_fine().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_has_expired_is_refused_and_so_is_none() {
    limited(async {
        let mut config = config();
        config.bounds.certificate_ttl_s = 2;
        config.bounds.handshake_ms_max = 10_000;
        let scene = Scene::new(config).await;

        let mut villain = scene.villain().await;
        let mut hello = wire::encode(&villain.hello());
        // The hello with a hole where its certificate was.
        let whole = wire::encode(&villain.admitted.certificate);
        let at = hello.windows(whole.len()).position(|part| part == &whole[..]).unwrap();
        hello.splice(at..at + whole.len(), [0xc0]);
        let payload = wire::encode_versioned(PROTOCOL, &());
        let version = &payload[..4];
        villain.write(Tag::Hello, &[version, &hello[..]].concat()).await;
        assert_eq!(villain.refusal().await, Some(Refusal::Malformed));

        let mut villain = scene.villain().await;
        tokio::time::sleep(Duration::from_millis(2100)).await;
        villain.say(PROTOCOL, &villain.hello()).await;
        let refusal = villain.refusal().await;
        let claims = villain.admitted.certificate.verify(&villain.admitted.cluster, 0).unwrap();
        let expired = CertificateError::Expired { expired_unix_ms: claims.expires_unix_ms };
        assert_eq!(refusal, Some(Refusal::BadCertificate(expired)));
        scene.honest_are_fine().await;
    })
    .await;
}
