//! Several sessions on one cluster: apart from each other, in each other's way, and gone.

use super::*;
use crate::link::Packet;
use crate::node::planted::SLEEP;
use crate::{JobId, PlanId};

#[test]
fn sessions_use_the_same_names_at_once_and_get_their_own_results() {
    let cluster = ClusterHandle::embedded(3, node(1 << 30), config()).unwrap();
    let (second, transport) = another_session(&cluster);
    let results = |client: &Client, times: u64| {
        for round in 0..20 {
            let (made, total) = (2 * round, 2 * round + 1);
            client.submit(chain(made, times)).unwrap();
            client.submit(sum(made, total)).unwrap();
            let found = cluster.runtime().block_on(client.fetch(ArrayId(total))).unwrap();
            let expected = (2 + times) as f64 * (LEN * BLOCKS) as f64;
            assert_eq!(found[0].elements::<f64>(), [expected], "round {round}");
            release(client, [made, total]);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| results(cluster.client(), 3));
        scope.spawn(|| results(&second, 5));
    });
    holds_nothing(&cluster, &[cluster.client(), &second]);
    cluster.runtime().block_on(transport.leave());
    survives(&cluster, |_| {});
}

#[test]
fn nobody_reads_frees_or_ends_what_another_session_has() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    survives(&cluster, |client| {
        client.submit(twos(1)).unwrap();
        wait(&cluster, client, 1).unwrap();
        let mut stranger = Stranger::new(&cluster);
        let (to, own) = (MemberId::new("node-0"), JobId::of(&MemberId::new("stranger")));
        let job = JobId::of(&MemberId::new("session-0"));
        let blocks: Vec<_> =
            (0..BLOCKS as u32).map(|index| BlockName { array: ArrayId(1), index }).collect();
        stranger.say(&to, Message::Hello { job: own });
        stranger.say(&to, Message::Release { job, blocks: blocks.clone() });
        stranger.say(&to, Message::Cancel { job, plan: PlanId(1) });
        stranger.say(&to, Message::Renew { job });
        let read = Message::Pull { job, plan: None, blocks, received: Vec::new() };
        stranger.transport.send(&to, Packet::Loose(read)).unwrap();
        // A message that belongs into a stream is not even looked at outside of one.
        let cancel = Message::Cancel { job, plan: PlanId(1) };
        stranger.transport.send(&to, Packet::Loose(cancel)).unwrap();
        stranger.say(&to, Message::StatusRequest);
        let status = stranger.hear(|message| matches!(message, Message::Status(_)));
        let Message::Status(status) = status else { panic!("heard {status:?}") };
        assert_eq!((status.refused, status.blocks), (4, BLOCKS as u64 / 2));
        let found = cluster.runtime().block_on(client.fetch(ArrayId(1))).unwrap();
        assert!(found.iter().all(|block| block.elements::<f64>() == [2.0; LEN]));
        let no_block = stranger.transport.traffic().bytes_in;
        assert_eq!(no_block, 0);
        stranger.leave(&cluster);
        release(client, [1]);
    });
}

#[test]
fn of_two_sessions_that_together_exceed_the_memory_one_waits_and_then_goes_on() {
    let budget = ARRAY_BYTES * 7 / 8;
    let cluster = ClusterHandle::embedded(2, node(budget), config()).unwrap();
    survives(&cluster, |first| {
        let (second, transport) = another_session(&cluster);
        first.submit(planted(1, SLEEP, 1500, budget - 4 * BLOCK_BYTES)).unwrap();
        comes_to_hold(&cluster, |held| held.in_flight > 0);
        second.submit(twos(1)).unwrap();
        comes_to_hold(&cluster, |held| held.reservations == 2 && held.parts == 1);
        let found = cluster.runtime().block_on(second.fetch(ArrayId(1))).unwrap();
        assert!(found.iter().all(|block| block.elements::<f64>() == [2.0; LEN]));
        drop(found);
        wait(&cluster, first, 1).unwrap();
        release(first, [1]);
        release(&second, [1]);
        holds_nothing(&cluster, &[first, &second]);
        cluster.runtime().block_on(transport.leave());
    });
}

#[test]
fn where_another_session_keeps_the_memory_there_is_an_error_and_not_a_hang() {
    let budget = ARRAY_BYTES * 7 / 8;
    let cluster = ClusterHandle::embedded(2, node(budget), config()).unwrap();
    survives(&cluster, |first| {
        let (second, transport) = another_session(&cluster);
        first.submit(twos(1)).unwrap();
        wait(&cluster, first, 1).unwrap();
        second.submit(twos(3)).unwrap();
        let error = wait(&cluster, &second, 3).unwrap_err();
        let ClusterError::OutOfMemory { array, need_bytes, free_bytes, budget_bytes, .. } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!((array, budget_bytes), (3, budget));
        assert_eq!((need_bytes, free_bytes), (ARRAY_BYTES / 2, budget - ARRAY_BYTES / 2));
        release(first, [1]);
        second.submit(twos(4)).unwrap();
        wait(&cluster, &second, 4).unwrap();
        release(&second, [3, 4]);
        holds_nothing(&cluster, &[first, &second]);
        cluster.runtime().block_on(transport.leave());
    });
}

/// Leaves a session with an array, a plan that runs, and one that waits.
fn busy_session(cluster: &ClusterHandle) -> (Client, Arc<LocalTransport>) {
    let (second, transport) = another_session(cluster);
    second.submit(twos(1)).unwrap();
    wait(cluster, &second, 1).unwrap();
    second.submit(planted(2, SLEEP, 500, BLOCK_BYTES)).unwrap();
    second.submit(chain(3, 500)).unwrap();
    comes_to_hold(cluster, |held| held.in_flight > 0);
    (second, transport)
}

#[test]
fn a_session_that_says_goodbye_leaves_nothing_and_disturbs_nobody() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    survives(&cluster, |first| {
        first.submit(twos(1)).unwrap();
        let (_second, transport) = busy_session(&cluster);
        cluster.runtime().block_on(transport.leave());
        let found = cluster.runtime().block_on(first.fetch(ArrayId(1))).unwrap();
        assert!(found.iter().all(|block| block.elements::<f64>() == [2.0; LEN]));
        release(first, [1]);
    });
}

#[test]
fn a_session_that_vanishes_leaves_nothing_when_its_lease_has_run_out() {
    let lease = Duration::from_secs(5);
    let config = NodeConfig { lease, ..node(1 << 30) };
    let cluster = ClusterHandle::embedded(2, config, super::config()).unwrap();
    survives(&cluster, |_| {
        let (second, _transport) = busy_session(&cluster);
        second.crash();
    });
}
