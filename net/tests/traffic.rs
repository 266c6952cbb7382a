//! Frames and blocks between members.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{Recorder, config, found, limited, pair};
use nums_net::{Bytes, Net, Role, SendError};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_arrive_in_order_and_in_batches() {
    limited(async {
        let [(first, first_seen), (second, second_seen)] = pair().await;
        let (first_id, second_id) = (first.local().id, second.local().id);
        const COUNT: usize = 20_000;
        let send_all = |net: Net, to| async move {
            for index in 0..COUNT as u64 {
                let frame = Bytes::copy_from_slice(&index.to_le_bytes());
                while net.send(&to, frame.clone()) == Err(SendError::Full { peer: to }) {
                    tokio::task::yield_now().await;
                }
            }
        };
        // Both ways at once.
        let there = tokio::spawn(send_all(first.clone(), second_id));
        let back = tokio::spawn(send_all(second.clone(), first_id));
        there.await.unwrap();
        back.await.unwrap();
        for (seen, from) in [(&second_seen, first_id), (&first_seen, second_id)] {
            let frames = seen.wait_for_frames(from, COUNT).await;
            assert_eq!(frames.len(), COUNT);
            for (index, frame) in frames.iter().enumerate() {
                assert_eq!(frame[..], (index as u64).to_le_bytes());
            }
            let batches = seen.seen.lock().unwrap().batches;
            assert!(batches < COUNT / 4, "{batches} batches");
        }
        let counters = first.counters();
        assert_eq!((counters.frames_out, counters.frames_in), (COUNT as u64, COUNT as u64));
        assert_eq!(counters.frame_bytes_out, 8 * COUNT as u64);
        assert_eq!(first.peer_counters(&second_id), Some(counters));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_of_every_size_up_to_the_bound() {
    limited(async {
        let [(first, _), (second, second_seen)] = pair().await;
        let (from, to) = (first.local().id, second.local().id);
        let max = config().bounds.frame_bytes_max;
        let sizes = [0, 1, 16 << 10, (16 << 10) + 1, 65_536, max - 1, max];
        for size in sizes {
            first.send(&to, Bytes::from(vec![size as u8; size])).unwrap();
        }
        assert_eq!(
            first.send(&to, Bytes::from(vec![0; max + 1])),
            Err(SendError::TooLarge { len: max as u64 + 1, max: max as u64 })
        );
        let frames = second_seen.wait_for_frames(from, sizes.len()).await;
        for (frame, size) in frames.iter().zip(sizes) {
            assert!(frame.len() == size && frame.iter().all(|byte| *byte == size as u8));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_handler_slows_the_sender_and_loses_nothing() {
    limited(async {
        let mut narrow = config();
        narrow.bounds.outbound_frames_max = 16;
        narrow.bounds.outbound_bytes_max = narrow.bounds.frame_bytes_max;
        narrow.bounds.heartbeat_ms = 100;
        let founder_seen = Recorder::new();
        let first = Net::found(narrow.clone(), founder_seen.clone()).await.unwrap();
        let slow = Recorder::gated(0);
        let ticket = first.ticket().unwrap();
        let second = Net::join(&ticket, Role::Node, narrow, slow.clone()).await.unwrap();
        founder_seen.wait("peer", |seen| (!seen.up.is_empty()).then_some(())).await;
        let (from, to) = (first.local().id, second.local().id);
        // Until three times in a row there is no room: the windows of the stream are finite.
        let frame = Bytes::from(vec![7; 64 << 10]);
        let (mut sent, mut full) = (0_usize, 0);
        while full < 3 {
            match first.send(&to, frame.clone()) {
                Ok(()) => (sent, full) = (sent + 1, 0),
                Err(SendError::Full { .. }) => {
                    full += 1;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                Err(error) => panic!("{error}"),
            }
            assert!(sent < 5000, "300 MiB are somewhere in memory");
        }
        // The handler has been stuck for longer than the silence that a peer is allowed, and both
        // are still there.
        assert_eq!((first.peers().len(), second.peers().len()), (1, 1));
        slow.frames_gate.add_permits(100_000);
        assert_eq!(slow.wait_for_frames(from, sent).await.len(), sent);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_blocks_arrive_whole_and_frames_overtake_them() {
    limited(async {
        let [(first, _), (second, second_seen)] = pair().await;
        let (from, to) = (first.local().id, second.local().id);
        let mib = 1 << 20;
        let payloads: Vec<Arc<Vec<u8>>> = (0..3_u8)
            .map(|seed| {
                let byte = |index: usize| (index as u8).wrapping_mul(31).wrapping_add(seed);
                Arc::new((0..(64 * mib + usize::from(seed))).map(byte).collect())
            })
            .collect();
        let start = Instant::now();
        for (index, payload) in payloads.iter().enumerate() {
            let key = [index as u8; 32];
            first.send_block(&to, key, vec![index as u8; 256], payload.clone(), None).unwrap();
        }
        first.send(&to, Bytes::from_static(b"urgent")).unwrap();
        second_seen.wait_for_frames(from, 1).await;
        let urgent = start.elapsed();
        let blocks = second_seen
            .wait("three blocks", |seen| (seen.blocks.len() == 3).then(|| seen.blocks.clone()))
            .await;
        let all = start.elapsed();
        println!("192 MiB in {all:?}, the frame after {urgent:?}");
        for (index, (peer, header, buffer)) in blocks.iter().enumerate() {
            assert_eq!(*peer, from);
            assert_eq!((header.key, &header.meta), ([index as u8; 32], &vec![index as u8; 256]));
            assert!(buffer.as_ref().unwrap() == &*payloads[index]);
        }
        let total = payloads.iter().map(|payload| payload.len() as u64).sum();
        assert_eq!(second.counters().block_payload_bytes_in, total);
        assert_eq!((first.counters().blocks_out, second.counters().blocks_in), (3, 3));
        // Written payloads are let go.
        assert!(payloads.iter().all(|payload| Arc::strong_count(payload) == 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_block_is_skipped_and_bad_ones_are_not_sent() {
    limited(async {
        let [(first, _), (second, second_seen)] = pair().await;
        let to = second.local().id;
        let payload = Arc::new(vec![1_u8; 100_000]);
        first.send_block(&to, [1; 32], b"refuse".to_vec(), payload.clone(), None).unwrap();
        first.send_block(&to, [2; 32], b"take".to_vec(), payload.clone(), None).unwrap();
        let checksum = xxhash_rust::xxh3::xxh3_64(&payload);
        first.send_block(&to, [3; 32], vec![], payload.clone(), Some(checksum)).unwrap();
        first.send_block(&to, [4; 32], vec![], payload.clone(), Some(checksum ^ 1)).unwrap();
        let blocks = second_seen
            .wait("blocks", |seen| (seen.blocks.len() == 3).then(|| seen.blocks.clone()))
            .await;
        let keys = blocks.iter().map(|(_, header, data)| (header.key[0], data.is_ok()));
        assert_eq!(keys.collect::<Vec<_>>(), [(2, true), (3, true), (4, false)]);
        assert_eq!(second_seen.seen.lock().unwrap().offered.len(), 4);
        assert_eq!(
            first.send_block(&to, [0; 32], vec![0; 257], payload, None),
            Err(SendError::MetaTooLarge { len: 257, max: 256 })
        );
        let (stranger, _) = found().await;
        let stranger = stranger.local().id;
        assert_eq!(
            first.send_block(&stranger, [0; 32], vec![], Arc::new([0_u8; 1]), None),
            Err(SendError::Unknown { peer: stranger })
        );
    })
    .await;
}
