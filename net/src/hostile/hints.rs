//! Hints of the local link, which anybody may give.

use std::net::SocketAddr;

use tokio::sync::mpsc;

use super::*;
use crate::certificate::Role;
use crate::join::ask;
use crate::mdns::follow;
use crate::saved::Contact;

/// Follows hints as a member would that comes back to the founder, with a ticket for a certificate.
async fn follow_to(founder: &Net, hints: &[SocketAddr]) -> Option<PeerId> {
    let ticket = founder.ticket().unwrap();
    let request = JoinRequest {
        credential: Credential::Token(Bytes::copy_from_slice(&ticket.token)),
        role: Role::Node,
        kernel_id: KERNEL.into(),
        addresses: Vec::new(),
    };
    let (sender, found) = mpsc::channel(hints.len());
    for hint in hints {
        sender.send((founder.local().id, *hint)).await.unwrap();
    }
    drop(sender);
    let (identity, bounds) = (Keypair::generate_ed25519(), config().bounds);
    let ask = async |contact: &Contact| {
        ask(&identity, contact, &request, Duration::from_secs(2), &bounds).await
    };
    follow(found, ask).await.map(|outcome| outcome.unwrap().0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_hint_leads_nowhere_and_the_next_one_is_followed() {
    let founder = Net::found(config(), Arc::new(Watcher::default())).await.unwrap();
    let stranger = Net::found(config(), Arc::new(Watcher::default())).await.unwrap();
    let [true_one, forged] = [&founder, &stranger].map(|net| net.ticket().unwrap().addresses()[0]);
    // Where a stranger admits, where nobody is, and where the stranger expects members.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let forged = [forged, closed, stranger.listen_addr()];
    assert_eq!(follow_to(&founder, &forged).await, None);
    let hints = [&forged[..], &[true_one]].concat();
    assert_eq!(follow_to(&founder, &hints).await, Some(founder.local().id));
}
