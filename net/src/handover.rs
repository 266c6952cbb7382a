//! Who holds the key of the cluster: the founder, and nodes to which those who hold it have handed
//! it, so that any one of them may die.
//!
//! The key travels over the encrypted connection to a node that has proved its membership, and the
//! receiver sees that it is the right one: it must sign what its own certificate was signed with.
//! Whoever holds it listens for strangers and tells all members where.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use libp2p::identity::{Keypair, ed25519};
use libp2p::swarm::Swarm;

use crate::authority::Authority;
use crate::certificate::{ClusterKey, Role, signing_key};
use crate::error::{NetError, ProtocolError};
use crate::frame::Tag;
use crate::identity::{PeerId, keep, load};
use crate::join::listen_for_joiners;
use crate::links::Links;
use crate::mdns::{Mdns, announce};
use crate::members::Standing;
use crate::shared::{Shared, Stop, lock};
use crate::swarm::{Behaviour, build, listen_again};
use crate::wire::{self, ADDRESSES_MAX};

/// The file of the key that signs the certificates of the cluster.
pub(crate) const CLUSTER_KEY: &str = "cluster.key";

/// Members that hold the key, as long as there are as many nodes: two may die at once.
pub(crate) const HOLDERS: usize = 3;

/// Holds the key from here on: listens for strangers, and sees to it that others hold it too.
pub(crate) async fn hold(shared: &Arc<Shared>, key: ed25519::Keypair) -> Result<(), NetError> {
    let _beginning = shared.beginning_to_hold.lock().await;
    if shared.authority.get().is_some() {
        return Ok(());
    }
    let authority = Authority::new(key, shared.claims.admitted, shared.data.clone())?;
    let joiners = match shared.join_listen {
        None => None,
        Some(address) => {
            let links = Links::join_listener();
            let mut swarm = build(shared.identity.clone(), links, &shared.bounds)?;
            let addresses = listen_again(&mut swarm, address, shared.former_join_port).await?;
            Some((swarm, addresses))
        }
    };
    let _ = shared.authority.set(authority);
    if let Some((swarm, addresses)) = joiners {
        let announced = match shared.mdns {
            true => announce(shared.claims.peer, &addresses)
                .inspect_err(
                    |error| tracing::error!(%error, "cannot announce this node on the local link"),
                )
                .ok(),
            false => None,
        };
        set_addresses(shared, addresses);
        tokio::spawn(listen(shared.clone(), swarm, announced));
    }
    tokio::spawn(hand_over(shared.clone()));
    Ok(())
}

/// Lets strangers ask until the listener ends; from then on there are no more tickets, and nothing is announced.
async fn listen(shared: Arc<Shared>, swarm: Swarm<Behaviour>, announced: Option<Mdns>) {
    if let Err(error) = tokio::spawn(listen_for_joiners(swarm, shared.clone())).await {
        tracing::error!(%error, "the join listener failed");
    }
    drop(announced);
    set_addresses(&shared, Vec::new());
}

/// Tells all members where strangers may ask.
fn set_addresses(shared: &Shared, addresses: Vec<SocketAddr>) {
    let Some(authority) = shared.authority.get() else { return };
    *lock(&authority.join_addresses) = addresses;
    let payload = admits_payload(authority);
    shared.read_live(|live| {
        for peer in live.values() {
            let _ = peer.own.try_send((Tag::Admits, payload.clone()));
        }
    });
    shared.notify();
}

/// The payload of a [`Tag::Admits`] frame.
pub(crate) fn admits_payload(authority: &Authority) -> Bytes {
    let addresses: Vec<_> =
        lock(&authority.join_addresses).iter().take(ADDRESSES_MAX).copied().collect();
    wire::encode(&addresses).into()
}

/// A peer says where it lets strangers ask.
pub(crate) fn take_admits(
    shared: &Shared,
    peer: PeerId,
    payload: &[u8],
) -> Result<(), ProtocolError> {
    let addresses: Vec<SocketAddr> = wire::decode(payload, "admits")?;
    if addresses.len() > ADDRESSES_MAX {
        return Err(ProtocolError::Malformed { what: "admits" });
    }
    if lock(&shared.members).admits(&peer, addresses) {
        shared.notify();
    }
    Ok(())
}

/// A peer hands over what it says is the key of the cluster.
pub(crate) fn take_key(shared: &Arc<Shared>, payload: &[u8]) -> Result<(), ProtocolError> {
    let malformed = ProtocolError::Malformed { what: "authority" };
    let mut bytes = payload.to_vec();
    let secret = ed25519::SecretKey::try_from_bytes(&mut bytes).map_err(|_| malformed.clone())?;
    let key = ed25519::Keypair::from(secret);
    if ClusterKey::of(&key) != shared.cluster {
        return Err(malformed);
    }
    // Only nodes that listen for strangers are of use as holders.
    if shared.claims.role != Role::Node
        || shared.join_listen.is_none()
        || shared.authority.get().is_some()
    {
        return Ok(());
    }
    let shared = shared.clone();
    tokio::spawn(async move {
        if let Some(data) = &shared.data
            && let Err(error) = keep(data, CLUSTER_KEY, &Keypair::from(key.clone()))
        {
            tracing::error!(%error, "cannot save the key of the cluster");
            return;
        }
        match hold(&shared, key).await {
            Ok(()) => tracing::info!("this node now admits others"),
            Err(error) => tracing::error!(%error, "this node cannot admit others"),
        }
    });
    Ok(())
}

/// Comes back to hold the key that the data folder keeps, if it is that of this cluster.
pub(crate) async fn hold_kept(shared: &Arc<Shared>) -> Result<(), NetError> {
    let Some(data) = &shared.data else { return Ok(()) };
    match load(data, CLUSTER_KEY)?.and_then(signing_key) {
        Some(key) if ClusterKey::of(&key) == shared.cluster => hold(shared, key).await,
        _ => Ok(()),
    }
}

/// Hands the key to the longest admitted nodes whenever too few hold it, until the net stops.
///
/// Of those who hold it the longest admitted acts, so that they do not all do it at once.
async fn hand_over(shared: Arc<Shared>) {
    let mut changes = shared.changed.subscribe();
    while *shared.stop.borrow() == Stop::Run {
        for peer in heirs(&shared) {
            let Some(authority) = shared.authority.get() else { return };
            shared.read_live(|live| {
                if let Some(live) = live.get(&peer)
                    && !live.handed.swap(true, Ordering::Relaxed)
                {
                    tracing::info!(%peer, "sending the key of the cluster to a node");
                    let _ = live.own.try_send((Tag::Authority, authority.secret()));
                }
            });
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// The nodes to which this member hands the key now.
fn heirs(shared: &Shared) -> Vec<PeerId> {
    let members = lock(&shared.members);
    let mut nodes: Vec<_> = members
        .iter()
        .filter(|member| member.standing == Standing::Up && member.claims.role == Role::Node)
        .map(|member| {
            let order = (member.claims.admitted, member.claims.peer);
            (order, !member.join_addresses.is_empty())
        })
        .collect();
    drop(members);
    nodes.sort();
    let first = nodes.iter().all(|(order, holds)| !holds || shared.order() < *order);
    let held = 1 + nodes.iter().filter(|(_, holds)| *holds).count();
    if !first {
        return Vec::new();
    }
    // Those to whom it was handed already, and who do not say so, count for nothing: the next
    // ones get it too.
    let handed = shared.read_live(|live| {
        let handed =
            |peer: &PeerId| live.get(peer).is_none_or(|live| live.handed.load(Ordering::Relaxed));
        nodes.retain(|((_, peer), holds)| !holds && !handed(peer));
        nodes
    });
    let missing = HOLDERS.saturating_sub(held);
    handed.into_iter().take(missing).map(|((_, peer), _)| peer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::hostile::Watcher;
    use crate::net::Net;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_key_may_come_twice_to_a_port_that_can_be_taken_once() {
        let handler = || Arc::new(Watcher::default());
        let founder = Net::found(Config::loopback("kernel"), handler()).await.unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = Config { join_listen: Some(port), ..Config::loopback("kernel") };
        let ticket = founder.ticket().unwrap();
        let member = Net::join(&ticket, Role::Node, config, handler()).await.unwrap();
        // The founder hands it over at the same time.
        let secret = founder.shared().authority.get().unwrap().secret().to_vec();
        let key = ed25519::Keypair::from(ed25519::SecretKey::try_from_bytes(secret).unwrap());
        let (first, second) =
            tokio::join!(hold(member.shared(), key.clone()), hold(member.shared(), key));
        assert_eq!((first, second), (Ok(()), Ok(())));
        assert_eq!(member.ticket().unwrap().addresses(), [port]);
    }
}
