//! Members that come back look on the local link for those who admit, by multicast DNS (RFC 6762); only where they were
//! told to.
//!
//! What is found is a hint: whoever answers at an address must prove the key that was looked for, and nobody else is
//! connected to. libp2p's mDNS runs in a thread and on a runtime of its own. So its tasks end when they should, a packet
//! that it cannot take harms no membership, and what others announce is forgotten with the runtime. The queue inside its
//! reader has no bound of its own, which is one reason why nobody hears mDNS unless told to.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use libp2p::core::multiaddr::Multiaddr;
use libp2p::core::transport::ListenerId;
use libp2p::mdns::{Config, Event, tokio::Behaviour};
use libp2p::swarm::{FromSwarm, NetworkBehaviour, NewListenAddr, ToSwarm};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::error::NetError;
use crate::identity::PeerId;
use crate::join::Admitted;
use crate::saved::Contact;
use crate::swarm::{to_multiaddr, to_socket_addr};

/// Addresses of peers, whoever they are, that are remembered; when others announce more, all are forgotten.
const REMEMBERED_MAX: usize = 1024;
/// How long nothing is listened to after that.
const REST: Duration = Duration::from_secs(10);
/// Addresses that wait to be tried; more are dropped.
const HINTS_MAX: usize = 16;
/// How long members are looked for.
const LOOK_MAX: Duration = Duration::from_secs(5);
/// How often whoever looks asks the link.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The thread; it ends when this is dropped.
pub(crate) struct Mdns {
    _end: oneshot::Sender<Infallible>,
}

/// Tells whoever asks on the local link that a peer is at these addresses, as far as they belong to an interface. Loopback
/// is none.
pub(crate) fn announce(own: PeerId, addresses: &[SocketAddr]) -> io::Result<Mdns> {
    let enable_ipv6 = addresses.iter().all(SocketAddr::is_ipv6);
    let config = Config { enable_ipv6, ..Config::default() };
    let announced = addresses.iter().copied().map(to_multiaddr).collect();
    // Nobody is looked for.
    let (hints, _) = mpsc::channel(1);
    Search { own, config, announced, wanted: BTreeSet::new(), hints }.start()
}

/// Looks for members on the local link, and asks those that it finds until one takes this one back or refuses it. None
/// when nobody has done so in time.
pub(crate) async fn find(
    own: PeerId,
    wanted: BTreeSet<PeerId>,
    enable_ipv6: bool,
    ask: impl AsyncFn(&Contact) -> Result<Admitted, NetError>,
) -> Option<Result<(PeerId, Admitted), NetError>> {
    let config = Config { enable_ipv6, query_interval: LOOK_AGAIN, ..Config::default() };
    let (hints, found) = mpsc::channel(HINTS_MAX);
    let search = Search { own, config, announced: Vec::new(), wanted, hints };
    let _searching = search
        .start()
        .inspect_err(|error| tracing::error!(%error, "cannot search the local link"))
        .ok()?;
    follow(found, ask).await
}

/// Whatever else than a yes or a no comes of a hint says nothing of the member: anybody may have given it.
pub(crate) async fn follow(
    mut hints: mpsc::Receiver<(PeerId, SocketAddr)>,
    ask: impl AsyncFn(&Contact) -> Result<Admitted, NetError>,
) -> Option<Result<(PeerId, Admitted), NetError>> {
    let until = Instant::now() + LOOK_MAX;
    while let Ok(Some((peer, address))) = tokio::time::timeout_at(until, hints.recv()).await {
        match ask(&Contact { peer, addresses: vec![address] }).await {
            Ok(admitted) => {
                tracing::info!(%peer, %address, "rejoined through a member that has moved");
                return Some(Ok((peer, admitted)));
            }
            Err(error @ NetError::Refused(_)) => return Some(Err(error)),
            Err(error) => tracing::debug!(%peer, %address, %error, "a hint was wrong"),
        }
    }
    None
}

struct Search {
    own: PeerId,
    config: Config,
    announced: Vec<Multiaddr>,
    wanted: BTreeSet<PeerId>,
    hints: mpsc::Sender<(PeerId, SocketAddr)>,
}

impl Search {
    fn start(self) -> io::Result<Mdns> {
        let (end, ended) = oneshot::channel();
        let work = move || {
            if let Err(error) = self.run(ended) {
                tracing::error!(%error, "multicast DNS failed");
            }
        };
        std::thread::Builder::new().name("mdns".to_owned()).spawn(work)?;
        Ok(Mdns { _end: end })
    }

    /// Runs until it is to end.
    fn run(&self, mut ended: oneshot::Receiver<Infallible>) -> io::Result<()> {
        loop {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let full = runtime.block_on(async {
                tokio::select! {
                    _ = &mut ended => Ok(false),
                    full = self.listen() => full.map(|()| true),
                }
            })?;
            if !full {
                return Ok(());
            }
            // With the runtime go all that it has remembered and the tasks that would read more.
            drop(runtime);
            tracing::debug!("the link announces too many peers: dropped all of them");
            let rest = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
            let rested = async { tokio::time::timeout(REST, &mut ended).await.is_err() };
            if !rest.block_on(rested) {
                return Ok(());
            }
        }
    }

    /// Answers and looks until too much is remembered.
    async fn listen(&self) -> io::Result<()> {
        let mut mdns = Behaviour::new(self.config.clone(), self.own.0)?;
        let listener_id = ListenerId::next();
        for addr in &self.announced {
            mdns.on_swarm_event(FromSwarm::NewListenAddr(NewListenAddr { listener_id, addr }));
        }
        while mdns.discovered_nodes().len() <= REMEMBERED_MAX {
            let ToSwarm::GenerateEvent(Event::Discovered(found)) =
                poll_fn(|cx| mdns.poll(cx)).await
            else {
                continue;
            };
            for (peer, address) in found {
                let peer = PeerId(peer);
                let address = to_socket_addr(&address).filter(|_| self.wanted.contains(&peer));
                // Beyond its bound a hint is lost; there are others.
                let _ = address.map(|address| self.hints.try_send((peer, address)));
            }
        }
        Ok(())
    }
}
