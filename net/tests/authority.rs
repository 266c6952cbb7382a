//! Who admits: tickets and their ends, several holders of the key, coming back without a ticket.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use common::{Recorder, config, found, join, limited, try_join};
use nums_net::{Config, Net, NetError, PeerId, Refusal, Role, Ticket};

/// Waits until all of these see that exactly those admit.
async fn wait_for_admitting(nets: &[&Net], holders: &[&Net]) {
    let mut expected: Vec<PeerId> = holders.iter().map(|net| net.local().id).collect();
    expected.sort();
    let start = Instant::now();
    while nets.iter().any(|net| net.admitting() != expected) {
        let seen: Vec<_> = nets.iter().map(|net| net.admitting()).collect();
        assert!(start.elapsed() < Duration::from_secs(20), "{seen:?} for {expected:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn kept_in(folder: &Path) -> Config {
    Config { data: Some(folder.into()), ..config() }
}

fn refusal(outcome: Result<Net, NetError>) -> Refusal {
    match outcome {
        Err(NetError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_hold_the_key_and_the_founder_may_die() {
    limited(async {
        let (founder, _) = found().await;
        let ticket = founder.ticket().unwrap();
        let (second, _) = join(&ticket, Role::Node).await;
        // A session is never handed the key.
        let (session, _) = join(&ticket, Role::Session).await;
        let (third, _) = join(&ticket, Role::Node).await;
        let (fourth, _) = join(&ticket, Role::Node).await;
        let all = [&founder, &second, &third, &fourth, &session];
        wait_for_admitting(&all, &[&founder, &second, &third]).await;
        assert!(matches!(fourth.new_ticket(60, false), Err(NetError::NoAuthority)));

        drop(founder);
        let rest = [&second, &third, &fourth];
        wait_for_admitting(&rest, &rest).await;
        // Through two of them at once, and everybody learns of everybody.
        let (left, right) = (third.ticket().unwrap(), fourth.ticket().unwrap());
        let (left, right) = tokio::join!(join(&left, Role::Node), join(&right, Role::Node));
        let nets = [&second, &third, &fourth, &left.0, &right.0];
        let start = Instant::now();
        while nets.iter().any(|net| net.peers().len() < 5) {
            assert!(start.elapsed() < Duration::from_secs(20), "not all have met");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let order = |net: &Net| net.members().iter().map(|m| m.id).collect::<Vec<_>>();
        assert!(nets.iter().all(|net| order(net) == order(&second)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tickets_end_in_each_of_their_ways() {
    limited(async {
        let folder = tempfile::tempdir().unwrap();
        let founder = Net::found(kept_in(folder.path()), Recorder::new()).await.unwrap();
        let standing = founder.ticket().unwrap();
        assert_eq!(founder.ticket().unwrap(), standing);
        let once = founder.new_ticket(60, true).unwrap();
        assert_ne!(once.to_string(), standing.to_string());
        let expired = founder.new_ticket(0, false).unwrap();
        assert_eq!(refusal(try_join(&expired, config()).await), Refusal::Expired);
        let member = try_join(&once, config()).await.unwrap();
        assert_eq!(refusal(try_join(&once, config()).await), Refusal::Used);

        // What was given out, used and withdrawn is remembered, and so are the ports.
        founder.leave().await;
        drop((founder, member));
        let founder = Net::resume(kept_in(folder.path()), Recorder::new()).await.unwrap();
        assert_eq!(refusal(try_join(&once, config()).await), Refusal::Used);
        let again: Ticket = standing.to_string().parse().unwrap();
        let _member = try_join(&again, config()).await.unwrap();
        assert_eq!(founder.revoke_tickets().unwrap(), 1);
        assert_eq!(refusal(try_join(&standing, config()).await), Refusal::Revoked);
        founder.leave().await;
        drop(founder);
        let founder = Net::resume(kept_in(folder.path()), Recorder::new()).await.unwrap();
        assert_eq!(refusal(try_join(&standing, config()).await), Refusal::Revoked);
        assert!(try_join(&founder.ticket().unwrap(), config()).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_a_member_comes_back_without_a_ticket() {
    limited(async {
        let folder = tempfile::tempdir().unwrap();
        let data = |name: &str| kept_in(&folder.path().join(name));
        let founder = Net::found(data("founder"), Recorder::new()).await.unwrap();
        let ticket = founder.ticket().unwrap();
        let second = try_join(&ticket, data("second")).await.unwrap();
        let third = try_join(&ticket, data("third")).await.unwrap();
        wait_for_admitting(&[&founder, &second, &third], &[&founder, &second, &third]).await;
        let id = third.local().id;
        founder.revoke_tickets().unwrap();

        // Dropped, not left: the others still expect the old one.
        drop(third);
        let third = Net::rejoin(data("third"), Recorder::new()).await.unwrap();
        assert_eq!((third.local().id, third.local().role), (id, Role::Node));
        assert_eq!(third.peers().len(), 2);
        // It holds the key again.
        wait_for_admitting(&[&founder, &second, &third], &[&founder, &second, &third]).await;

        // The founder dies and comes back to the others, who are still there.
        let founder_id = founder.local().id;
        drop(founder);
        let founder = Net::resume(data("founder"), Recorder::new()).await.unwrap();
        assert_eq!(founder.local().id, founder_id);
        assert_eq!(founder.peers().len(), 2);
        assert!(founder.local().admitted > third.local().admitted);

        // All die; the founder goes on alone and the others come back to it.
        wait_for_admitting(&[&founder, &second, &third], &[&founder, &second, &third]).await;
        for net in [founder, second, third] {
            net.leave().await;
        }
        let founder = Net::resume(data("founder"), Recorder::new()).await.unwrap();
        let second = Net::rejoin(data("second"), Recorder::new()).await.unwrap();
        assert_eq!((founder.peers().len(), second.peers().len()), (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_without_a_membership_cannot_come_back_and_keys_are_not_overwritten() {
    limited(async {
        let folder = tempfile::tempdir().unwrap();
        let outcome = Net::rejoin(kept_in(folder.path()), Recorder::new()).await;
        let expected = NetError::NoMembership { folder: folder.path().into() };
        assert_eq!(outcome.err(), Some(expected));
        let own = Net::found(kept_in(folder.path()), Recorder::new()).await.unwrap();
        own.leave().await;
        drop(own);
        let (other, _) = found().await;
        let outcome = try_join(&other.ticket().unwrap(), kept_in(folder.path())).await;
        let expected = NetError::OtherCluster { folder: folder.path().into() };
        assert_eq!(outcome.err(), Some(expected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_none_of_those_it_remembers_knows_that_it_is_alone() {
    limited(async {
        let folder = tempfile::tempdir().unwrap();
        let data = |name: &str| kept_in(&folder.path().join(name));
        let founder = Net::found(data("founder"), Recorder::new()).await.unwrap();
        assert_eq!(founder.absent(), []);
        let second = try_join(&founder.ticket().unwrap(), data("second")).await.unwrap();
        wait_for_admitting(&[&founder, &second], &[&founder, &second]).await;
        let id = second.local().id;
        for net in [founder, second] {
            net.leave().await;
        }
        let founder = Net::resume(data("founder"), Recorder::new()).await.unwrap();
        assert_eq!(founder.absent(), [id]);
        let second = Net::resume(data("second"), Recorder::new()).await.unwrap();
        assert_eq!((second.absent(), second.peers().len()), (&[][..], 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_membership_that_was_damaged_is_not_followed() {
    limited(async {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("second");
        let (founder, _) = found().await;
        let second = try_join(&founder.ticket().unwrap(), kept_in(&data)).await.unwrap();
        let path = data.join("membership");
        let start = Instant::now();
        while !path.exists() {
            assert!(start.elapsed() < Duration::from_secs(20), "nothing was written");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        second.leave().await;
        drop(second);
        let mut bytes = std::fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        match Net::rejoin(kept_in(&data), Recorder::new()).await {
            Err(NetError::DataFile { path: found, reason }) => {
                assert_eq!(found, path);
                assert!(reason.contains("checksum"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    })
    .await;
}
