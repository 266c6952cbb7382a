//! Every way of being turned away, a row each: who misbehaves is refused, one line says so, and the honest go on.

use std::cell::RefCell;
use std::io::Write;

use super::doors::join_stream;
use super::*;

thread_local! {
    /// What is written on this thread, and so by both sides of a scene that has one.
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes to the thread's own lines.
#[derive(Clone, Copy)]
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps warnings from here on, those of the tests beside this one as well: with a subscriber of a thread, others would
/// decide whether a line is written.
fn keep_warnings() {
    let lines = tracing_subscriber::fmt().with_ansi(false).without_time();
    let lines = lines.with_max_level(tracing::Level::WARN).with_writer(|| Log);
    tracing::subscriber::set_global_default(lines.finish()).unwrap();
}

/// The lines since this was asked last. The honest member has expected whoever was admitted as well, and says later that
/// nobody has come.
fn taken_lines() -> Vec<String> {
    let text = String::from_utf8(LINES.take()).unwrap();
    text.lines()
        .filter(|line| !line.contains("did not connect in time"))
        .map(str::to_owned)
        .collect()
}

/// What somebody does who is to be turned away.
#[derive(Clone, Copy, Debug)]
enum Offence {
    UnknownTicket,
    ExpiredTicket,
    UsedTicket,
    RevokedTicket,
    JoinIsNoMessagePack,
    JoinTooLong,
    JoinCutShort,
    JoinOfAnotherKernel,
    UnknownProtocol,
    NoCertificate,
    CertificateOfAnotherCluster,
    CertificateOfAnotherPeer,
    WrongVersion,
    WrongKernel,
    HelloIsNoMessagePack,
    HelloCutShort,
    HelloByteByByte,
    NoHello,
    FrameTooLong,
    UnknownFrame,
}

use Offence::*;

/// Each offence, and what the line about it says.
const ROWS: [(Offence, &str); 20] = [
    (UnknownTicket, "the token is not valid"),
    (ExpiredTicket, "the ticket expired"),
    (UsedTicket, "was used"),
    (RevokedTicket, "was withdrawn"),
    (JoinIsNoMessagePack, "the request is malformed"),
    (JoinTooLong, "the request is malformed"),
    (JoinCutShort, "refused an unknown peer"),
    (JoinOfAnotherKernel, "kernel mismatch"),
    (UnknownProtocol, "refused an unknown peer"),
    (NoCertificate, "malformed"),
    (CertificateOfAnotherCluster, "not signed by the cluster key"),
    (CertificateOfAnotherPeer, "issued to another peer"),
    (WrongVersion, "version mismatch"),
    (WrongKernel, "kernel mismatch"),
    (HelloIsNoMessagePack, "malformed"),
    (HelloCutShort, "has not connected"),
    (HelloByteByByte, "has not connected"),
    (NoHello, "unexpected frame"),
    (FrameTooLong, "expected a frame of at most"),
    (UnknownFrame, "unknown frame tag"),
];

/// Asks to be admitted, and is refused.
async fn ask_in_vain(ticket: &Ticket, kernel_id: &str) {
    let request = JoinRequest {
        kernel_id: kernel_id.into(),
        ..request(ticket, "127.0.0.1:9".parse().unwrap())
    };
    let identity = Keypair::generate_ed25519();
    let outcome =
        ask(&identity, &contact(ticket), &request, Duration::from_secs(2), &config().bounds).await;
    assert!(matches!(outcome, Err(NetError::Refused(_))), "{:?}", outcome.err());
}

/// Sends bytes to whoever admits, and goes.
async fn send_to_join(ticket: &Ticket, bytes: &[u8]) {
    let (mut stream, polling) = join_stream(ticket).await;
    stream.write_all(bytes).await.unwrap();
    stream.close().await.unwrap();
    let _ = stream.read(&mut [0]).await;
    polling.abort();
}

/// Shows a member a hello that it refuses.
async fn greet_in_vain(
    ticket: &Ticket,
    change: impl FnOnce(&Villain, Hello) -> (Version, Vec<u8>),
) {
    let mut villain = Villain::admitted(ticket, config()).await;
    let (version, hello) = change(&villain, villain.hello());
    let payload = wire::encode_versioned(version, &());
    villain.write(Tag::Hello, &[&payload[..4], &hello].concat()).await;
    assert!(villain.refusal().await.is_some());
}

/// Says something to a member, which ends the connection without a word.
async fn say_in_vain(villain: &mut Villain, bytes: &[u8]) {
    villain.write_raw(bytes).await;
    assert_eq!(villain.refusal().await, None);
}

/// Commits an offence, and gives who has to live on until it is judged.
async fn commit(offence: Offence, scene: &Scene) -> Option<Net> {
    let ticket = scene.founder.ticket().unwrap();
    let changed = |hello: Hello| (PROTOCOL, wire::encode(&hello));
    match offence {
        UnknownTicket => {
            ask_in_vain(&Ticket { token: [7; 16], ..ticket }, KERNEL).await;
        }
        ExpiredTicket => ask_in_vain(&scene.founder.new_ticket(0, false).unwrap(), KERNEL).await,
        UsedTicket => {
            let once = scene.founder.new_ticket(60, true).unwrap();
            let quiet = Arc::new(Watcher::default());
            let first = Net::join(&once, Role::Session, config(), quiet).await.unwrap();
            ask_in_vain(&once, KERNEL).await;
            return Some(first);
        }
        RevokedTicket => {
            scene.founder.revoke_tickets().unwrap();
            ask_in_vain(&ticket, KERNEL).await;
        }
        JoinIsNoMessagePack => {
            let request = of_our_version(b"nope");
            send_to_join(&ticket, &[&(request.len() as u32).to_le_bytes()[..], &request].concat())
                .await
        }
        JoinTooLong => send_to_join(&ticket, &[0xff; 4]).await,
        JoinCutShort => send_to_join(&ticket, b"\x40\0\0\0\x01\0\0\0").await,
        JoinOfAnotherKernel => ask_in_vain(&ticket, "other").await,
        UnknownProtocol => {
            let other = vec![libp2p::swarm::StreamProtocol::new("/nums/join/9")];
            let own = Keypair::generate_ed25519();
            let mut swarm = build(own, Links::opening(other), &config().bounds).unwrap();
            let addresses = ticket.addresses.iter().copied().map(to_multiaddr).collect();
            let options = DialOpts::peer_id(ticket.peer.0).addresses(addresses).build();
            swarm.dial(options).unwrap();
            let refused = |event: &SwarmEvent<_>| {
                matches!(event, SwarmEvent::Behaviour(BehaviourEvent::Links(_)))
            };
            while !refused(&swarm.select_next_some().await) {}
        }
        NoCertificate => {
            let change = |_: &Villain, hello: Hello| {
                let (mut bytes, own) = (wire::encode(&hello), wire::encode(&hello.certificate));
                let at = bytes.windows(own.len()).position(|part| part == &own[..]).unwrap();
                bytes.splice(at..at + own.len(), [0xc0]);
                (PROTOCOL, bytes)
            };
            greet_in_vain(&ticket, change).await;
        }
        CertificateOfAnotherCluster => {
            let change = |villain: &Villain, hello: Hello| {
                let claims = hello.certificate.verify(&villain.admitted.cluster, 0).unwrap();
                let certificate = Certificate::sign(&ed25519::Keypair::generate(), &claims);
                changed(Hello { certificate, ..hello })
            };
            greet_in_vain(&ticket, change).await;
        }
        CertificateOfAnotherPeer => {
            let change = |villain: &Villain, hello: Hello| {
                let certificate = villain.admitted.admitter.certificate.clone();
                changed(Hello { certificate, ..hello })
            };
            greet_in_vain(&ticket, change).await;
        }
        WrongVersion => {
            let version = Version { major: PROTOCOL.major + 1, minor: 0 };
            greet_in_vain(&ticket, |_, hello| (version, wire::encode(&hello))).await;
        }
        WrongKernel => {
            let change =
                |_: &Villain, hello: Hello| changed(Hello { kernel_id: "other".into(), ..hello });
            greet_in_vain(&ticket, change).await;
        }
        HelloIsNoMessagePack => {
            greet_in_vain(&ticket, |_, _| (PROTOCOL, b"\xc1 nope".to_vec())).await;
        }
        HelloCutShort => {
            let mut villain = Villain::admitted(&ticket, config()).await;
            villain.write_raw(&[200, 0, 0, 0, Tag::Hello as u8, 1, 0]).await;
            villain.control_out.close().await.unwrap();
            assert_eq!(villain.refusal().await, None);
        }
        HelloByteByByte => {
            let mut villain = Villain::admitted(&ticket, config()).await;
            let mut hello = BytesMut::new();
            frame::encode(Tag::Hello, &[1; 200], &mut hello);
            let Villain { control_out, control_in, .. } = &mut villain;
            let trickle = async {
                for byte in &hello {
                    let _ = control_out.write_all(&[*byte]).await;
                    let _ = control_out.flush().await;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            };
            let closed = async { while control_in.next().await.is_ok() {} };
            tokio::select! {
                () = trickle => panic!("twenty seconds of patience"),
                () = closed => {}
            }
        }
        NoHello => {
            let mut villain = Villain::admitted(&ticket, config()).await;
            say_in_vain(&mut villain, &[1, 0, 0, 0, Tag::User as u8]).await;
        }
        FrameTooLong => {
            let mut villain = Villain::admitted(&ticket, config()).await;
            villain.shake_hands().await;
            say_in_vain(&mut villain, &[0xff; 4]).await;
        }
        UnknownFrame => {
            let mut villain = Villain::admitted(&ticket, config()).await;
            villain.shake_hands().await;
            say_in_vain(&mut villain, &[1, 0, 0, 0, 200]).await;
        }
    }
    None
}

// One thread, so that all that is written about it is seen.
#[tokio::test]
async fn whoever_is_turned_away_gets_a_line_and_the_honest_go_on() {
    limited(async {
        keep_warnings();
        let scene = Scene::new(config()).await;
        assert_eq!(taken_lines(), [""; 0]);
        for (offence, says) in ROWS {
            let refused = scene.founder.counters().refused;
            let _guest = commit(offence, &scene).await;
            let mut lines = Vec::new();
            for _ in 0..50 {
                // Some time goes by in any case: a second line would be one too many.
                tokio::time::sleep(Duration::from_millis(100)).await;
                lines.extend(taken_lines());
                if !lines.is_empty() {
                    break;
                }
            }
            assert!(matches!(&lines[..], [line] if line.contains(says)), "{offence:?}: {lines:?}");
            // Who is cut off before it has said anything wrong was not refused.
            let cut = matches!(offence, HelloCutShort | HelloByteByByte);
            assert_eq!(scene.founder.counters().refused - refused, u64::from(!cut), "{offence:?}");
            scene.honest_are_fine().await;
        }
        assert_eq!(taken_lines(), [""; 0]);
    })
    .await;
}
