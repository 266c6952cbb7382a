//! Founding, joining, refusing, leaving.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{KERNEL, Recorder, config, found, join, limited, pair, try_join};
use futures::StreamExt;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{SwarmEvent, dummy};
use nums_net::{Bytes, Config, DownReason, Net, NetError, PeerId, Refusal, Role, SendError};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_see_each_other_in_one_order() {
    limited(async {
        let mut nets = vec![found().await];
        let ticket = nets[0].0.ticket().unwrap();
        for role in [Role::Node, Role::Node, Role::Session, Role::Observer] {
            nets.push(join(&ticket.to_string().parse().unwrap(), role).await);
        }
        for (_, handler) in &nets {
            handler.wait("four peers", |seen| (seen.up.len() == 4).then_some(())).await;
        }
        let orders: Vec<Vec<_>> = nets
            .iter()
            .map(|(net, _)| net.members().iter().map(|m| (m.id, m.role, m.admitted)).collect())
            .collect();
        assert!(orders.iter().all(|order| *order == orders[0]), "{orders:?}");
        let roles: Vec<_> = orders[0].iter().map(|(_, role, _)| *role).collect();
        assert_eq!(roles, [Role::Node, Role::Node, Role::Node, Role::Session, Role::Observer],);
        assert_eq!(orders[0][0].0, nets[0].0.local().id);
        // Who is no node admits nobody.
        assert!(nets[3].0.ticket().is_none() && nets[4].0.ticket().is_none());
        // Everybody reaches everybody.
        for (from, _) in &nets {
            for peer in from.peers() {
                from.send(&peer.id, Bytes::from(from.local().id.to_bytes())).unwrap();
            }
        }
        for (net, handler) in &nets {
            for peer in net.peers() {
                assert_eq!(handler.wait_for_frames(peer.id, 1).await[0], peer.id.to_bytes());
            }
        }
        for (net, _) in &nets {
            net.leave().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_join_at_once() {
    limited(join_at_once(8)).await;
}

/// More than may ask at a time: those who are turned away come again, and nobody gives up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_join_at_once() {
    let limit = Duration::from_secs(400);
    tokio::time::timeout(limit, join_at_once(50)).await.expect("fifty joins took too long");
}

/// All are up everywhere at the end, and none went down meanwhile.
async fn join_at_once(count: usize) {
    let mut config = config();
    // A busy machine is no reason to give anybody up.
    config.bounds.handshake_ms_max = 60_000;
    config.bounds.join_ms_max = 240_000;
    config.bounds.heartbeats_missed_max = 60;
    let handler = Recorder::new();
    let first = Net::found(config.clone(), handler.clone()).await.unwrap();
    let ticket = first.ticket().unwrap();
    let joins = (0..count).map(|_| {
        let (ticket, config) = (ticket.clone(), config.clone());
        tokio::spawn(async move {
            let handler = Recorder::new();
            (Net::join(&ticket, Role::Node, config, handler.clone()).await, handler)
        })
    });
    let mut nets = Vec::new();
    for join in joins.collect::<Vec<_>>() {
        let (net, handler) = join.await.unwrap();
        nets.push((net.unwrap(), handler));
    }
    for handler in nets.iter().map(|(_, handler)| handler).chain([&handler]) {
        handler.wait("all peers", |seen| (seen.up.len() == count).then_some(())).await;
        assert!(handler.seen.lock().unwrap().down.is_empty());
    }
}

/// Sockets from an address of their own, which never say a word, at each of the three doors.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_silent_sockets_of_one_host_keep_nobody_else_out() {
    limited(async {
        let (first, _) = found().await;
        let ticket = first.ticket().unwrap();
        let mut silent = Vec::new();
        for door in [first.listen_addr(), ticket.addresses()[0]] {
            for _ in 0..40 {
                let socket = tokio::net::TcpSocket::new_v4().unwrap();
                socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
                silent.push(socket.connect(door).await.unwrap());
            }
        }
        let begun = std::time::Instant::now();
        let (second, _) = join(&ticket, Role::Node).await;
        assert_eq!(second.peers().len(), 1);
        // Before the silent ones were given up.
        assert!(begun.elapsed() < Duration::from_millis(config().bounds.handshake_ms_max));
        drop(silent);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_goodbye_is_heard_and_what_was_queued_arrives_before_it() {
    limited(async {
        let [(first, first_seen), (second, second_seen)] = pair().await;
        let (first_id, second_id) = (first.local().id, second.local().id);
        for index in 0..1000_u32 {
            second.send(&first_id, Bytes::copy_from_slice(&index.to_le_bytes())).unwrap();
        }
        second.leave().await;
        assert_eq!(first_seen.wait_for_down(second_id).await, DownReason::Left);
        assert_eq!(first_seen.wait_for_frames(second_id, 1000).await.len(), 1000);
        assert_eq!(second_seen.wait_for_down(first_id).await, DownReason::Ended);
        assert_eq!(second.send(&first_id, Bytes::new()), Err(SendError::Ended));
        assert_eq!(
            first.send(&second_id, Bytes::new()),
            Err(SendError::Unknown { peer: second_id })
        );
        assert!(first.peers().is_empty());
        second.leave().await;
        second.ended().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_net_is_noticed_at_once() {
    limited(async {
        let [(first, first_seen), (second, second_seen)] = pair().await;
        let (first_id, second_id) = (first.local().id, second.local().id);
        let before = std::time::Instant::now();
        drop(second);
        assert_eq!(first_seen.wait_for_down(second_id).await, DownReason::Closed);
        assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
        assert_eq!(second_seen.wait_for_down(first_id).await, DownReason::Ended);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_identity_comes_back_with_a_later_admission() {
    limited(async {
        let folder = tempfile::tempdir().unwrap();
        let (first, handler) = found().await;
        let ticket = first.ticket().unwrap();
        let with_keys = || {
            let mut config = config();
            config.data = Some(folder.path().into());
            config
        };
        let second = try_join(&ticket, with_keys()).await.unwrap();
        let before = second.local();
        // Dropped, not left: the founder may still hold the old one for up.
        drop(second);
        let second = try_join(&ticket, with_keys()).await.unwrap();
        let after = second.local();
        assert_eq!(before.id, after.id);
        assert!(before.admitted < after.admitted);
        handler.wait("two arrivals", |seen| (seen.up.len() == 2).then_some(())).await;
        assert_eq!(first.peers()[0].admitted, after.admitted);
        first.send(&after.id, Bytes::from_static(b"welcome back")).unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_good_ticket_is_refused_with_a_reason() {
    limited(async {
        let (first, _) = found().await;
        let ticket = first.ticket().unwrap();
        let refusal = |outcome: Result<Net, NetError>| match outcome {
            Err(NetError::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        };

        // The token of another cluster, shown to this one.
        let (other, _) = found().await;
        let foreign = other.ticket().unwrap();
        let mixed = splice(&ticket.to_string(), &foreign.to_string());
        assert_eq!(refusal(try_join(&mixed, config()).await), Refusal::BadToken);

        let outcome = try_join(&ticket, Config::loopback("neon/1")).await;
        assert_eq!(
            refusal(outcome),
            Refusal::KernelMismatch { ours: "neon/1".into(), theirs: KERNEL.into() }
        );

        let mut short = config();
        short.bounds.ticket_ttl_s = 0;
        let (brief, _) = (Net::found(short, Recorder::new()).await.unwrap(), ());
        let old = brief.ticket().unwrap();
        assert_eq!(refusal(try_join(&old, config()).await), Refusal::Expired);

        let mut small = config();
        small.bounds.established_max = 1;
        let small = Net::found(small, Recorder::new()).await.unwrap();
        let ticket = small.ticket().unwrap();
        let _one = try_join(&ticket, config()).await.unwrap();
        assert_eq!(refusal(try_join(&ticket, config()).await), Refusal::Full { members_max: 1 });
        assert!(first.peers().is_empty());
    })
    .await;
}

/// The first ticket with the token of the second.
fn splice(text: &str, other: &str) -> nums_net::Ticket {
    let bytes = |text: &str| {
        data_encoding::BASE32_NOPAD.decode(text[5..].to_ascii_uppercase().as_bytes()).unwrap()
    };
    let (mut mixed, other) = (bytes(text), bytes(other));
    mixed[32..48].copy_from_slice(&other[32..48]);
    let end = mixed.len() - 4;
    let check = xxhash_rust::xxh3::xxh3_64(&mixed[..end]).to_le_bytes();
    mixed[end..].copy_from_slice(&check[..4]);
    format!("nums1{}", data_encoding::BASE32_NOPAD.encode(&mixed)).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_key_at_the_address_of_a_ticket_is_not_asked() {
    limited(async {
        let (first, _) = found().await;
        let (impostor, _) = found().await;
        let bytes = |net: &Net| {
            let text = net.ticket().unwrap().to_string()[5..].to_ascii_uppercase();
            data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap()
        };
        // The key of the first, the address of the impostor.
        let mut mixed = bytes(&impostor);
        mixed[..32].copy_from_slice(&bytes(&first)[..32]);
        let end = mixed.len() - 4;
        let check = xxhash_rust::xxh3::xxh3_64(&mixed[..end]).to_le_bytes();
        mixed[end..].copy_from_slice(&check[..4]);
        let text = format!("nums1{}", data_encoding::BASE32_NOPAD.encode(&mixed));
        let outcome = try_join(&text.parse().unwrap(), config()).await;
        let expected = NetError::WrongPeer {
            expected: Box::new(first.local().id),
            found: Box::new(impostor.local().id),
        };
        assert_eq!(outcome.err(), Some(expected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_at_the_address_is_an_error_not_a_hang() {
    limited(async {
        let (first, _) = found().await;
        let ticket = first.ticket().unwrap();
        first.leave().await;
        drop(first);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let outcome = try_join(&ticket, config()).await;
        assert!(
            matches!(outcome, Err(NetError::Unreachable { .. } | NetError::TimedOut { .. })),
            "{outcome:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_denied_while_honest_traffic_goes_on() {
    limited(async {
        let [(first, first_seen), (second, _)] = pair().await;
        let target = first.listen_addr();
        let flood = tokio::spawn(async move {
            let mut denied = 0;
            for _ in 0..20 {
                let mut stranger = libp2p::SwarmBuilder::with_new_identity()
                    .with_tokio()
                    .with_tcp(
                        libp2p::tcp::Config::default(),
                        libp2p::noise::Config::new,
                        libp2p::yamux::Config::default,
                    )
                    .unwrap()
                    .with_behaviour(|_| dummy::Behaviour)
                    .unwrap()
                    .build();
                let address = libp2p::Multiaddr::from(target.ip())
                    .with(libp2p::multiaddr::Protocol::Tcp(target.port()));
                stranger.dial(DialOpts::unknown_peer_id().address(address).build()).unwrap();
                loop {
                    match stranger.select_next_some().await {
                        SwarmEvent::ConnectionClosed { .. }
                        | SwarmEvent::OutgoingConnectionError { .. } => {
                            denied += 1;
                            break;
                        }
                        _ => {}
                    }
                }
            }
            denied
        });
        // Silent sockets at the door, which never speak noise.
        let mut silent = Vec::new();
        for _ in 0..40 {
            silent.push(tokio::net::TcpStream::connect(target).await.unwrap());
        }
        for index in 0..200_u32 {
            second.send(&first.local().id, Bytes::copy_from_slice(&index.to_le_bytes())).unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let id = second.local().id;
        let frames = first_seen.wait_for_frames(id, 200).await;
        assert!(frames.iter().enumerate().all(|(i, f)| f[..] == (i as u32).to_le_bytes()));
        drop(silent);
        assert_eq!(flood.await.unwrap(), 20);
        assert_eq!(first.peers().len(), 1);
        assert!(first_seen.seen.lock().unwrap().down.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_port_is_told() {
    let (first, _) = found().await;
    let mut taken = config();
    taken.listen = first.listen_addr();
    let outcome = Net::found(taken, Recorder::new()).await;
    assert!(matches!(outcome, Err(NetError::Listen { .. })), "{outcome:?}");
}

#[test]
fn peer_ids_are_text_in_readable_formats() {
    let text = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    let id: PeerId = text.parse().unwrap();
    assert_eq!(id.to_string(), text);
}
