//! The connection for blocks: one of its own between every two members, beside the one for frames.
//!
//! The multiplexer and the cipher of the member connection copy every byte several times; here a
//! block goes from the sender's memory through one cipher to the receiver's buffer. Who is at the
//! other end is settled over the control stream: each side's hello holds an [`Offer`] with a secret
//! for the keys and a route, which the other must show. Between processes of one host the connection
//! is a unix socket in a folder of their user and is not encrypted; the kernel keeps others out.
//!
//! The later admitted connects, as it does for frames.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::config::Config;
use crate::error::NetError;
use crate::host::{self, SocketFile};
use crate::hosts::Host;
use crate::identity::PeerId;
use crate::records::{RecordReader, RecordWriter};
use crate::seal::{Share, seals};
use crate::shared::{Shared, Stop, lock};

const ROUTE_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// Connections that have not yet shown a route. When more come, the oldest of the host that has most of them goes: whoever
/// belongs here shows its route at once, and strangers that say nothing must keep nobody out.
const PENDING_MAX: usize = 256;

type Route = [u8; ROUTE_BYTES];

/// How a member can be reached for blocks; for one peer and one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    port: u16,
    /// Members with the same one are on one host.
    pub(crate) host: Bytes,
    /// The name of the socket there; empty when there is none.
    socket: Bytes,
    route: Bytes,
    secret: Bytes,
}

impl Offer {
    /// Lengths as they must be, so that nobody makes weak keys.
    pub(crate) fn is_sound(&self) -> bool {
        self.route.len() == ROUTE_BYTES
            && self.secret.len() == SECRET_BYTES
            && self.host.len() == host::ID_BYTES
            && (self.socket.is_empty() || self.socket.len() == host::SOCKET_NAME_BYTES)
    }
}

#[cfg(feature = "fuzzing")]
impl Offer {
    pub(crate) fn sample() -> Offer {
        let of = |len| Bytes::from(vec![5; len]);
        Offer {
            port: 7002,
            host: of(host::ID_BYTES),
            socket: of(host::SOCKET_NAME_BYTES),
            route: of(ROUTE_BYTES),
            secret: of(SECRET_BYTES),
        }
    }
}

#[cfg(test)]
impl Offer {
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn with_route_of(&self, other: &Offer) -> Offer {
        Offer { route: other.route.clone(), ..self.clone() }
    }
}

/// A connection before anybody has spoken on it.
pub(crate) enum BulkStream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl BulkStream {
    /// Where the other end is; a process of this host has no address.
    fn host(&self) -> Option<Host> {
        match self {
            BulkStream::Tcp(stream) => {
                stream.peer_addr().ok().map(|address| Host::of(address.ip()))
            }
            BulkStream::Unix(_) => None,
        }
    }
}

/// Both directions of a connection for blocks.
pub(crate) struct Channel {
    pub(crate) writer: RecordWriter<Box<dyn AsyncWrite + Send + Unpin>>,
    pub(crate) reader: RecordReader<Box<dyn AsyncRead + Send + Unpin>>,
    /// Ends the reader when it is dropped.
    pub(crate) cut: oneshot::Sender<()>,
}

/// Where peers connect for blocks.
pub(crate) struct BulkPort {
    port: u16,
    host: Bytes,
    socket: Option<SocketFile>,
    /// Who is expected, by the route that it will show.
    routes: Mutex<BTreeMap<Route, oneshot::Sender<BulkStream>>>,
}

/// The listening ends of a [`BulkPort`].
pub(crate) struct BulkListeners {
    tcp: TcpListener,
    unix: Option<UnixListener>,
}

impl BulkPort {
    pub(crate) async fn open(config: &Config) -> Result<(Self, BulkListeners), NetError> {
        let address = config.block_listen;
        let fail = |error: io::Error| NetError::Listen { address, reason: error.to_string() };
        let tcp = TcpListener::bind(address).await.map_err(fail)?;
        let port = tcp.local_addr().map_err(fail)?.port();
        // Without a socket, peers of this host come over TCP like all others.
        let opened = config.same_host.then(host::open_socket).transpose();
        let opened = opened.unwrap_or_else(|error| {
            tracing::debug!(%error, "cannot open a socket for peers on this host");
            None
        });
        let (socket, unix) = opened.unzip();
        let host = Bytes::copy_from_slice(&host::id());
        let routes = Mutex::default();
        Ok((BulkPort { port, host, socket, routes }, BulkListeners { tcp, unix }))
    }

    /// An offer to one peer, and what it connects to; the offer stands as long as the latter does.
    pub(crate) fn offer(self: &Arc<Self>) -> io::Result<(Offer, Expected)> {
        let mut random = [0; ROUTE_BYTES + SECRET_BYTES];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let (route, secret) = random.split_at(ROUTE_BYTES);
        let offer = Offer {
            port: self.port,
            host: self.host.clone(),
            socket: self.socket.as_ref().map_or_else(Bytes::new, SocketFile::name),
            route: Bytes::copy_from_slice(route),
            secret: Bytes::copy_from_slice(secret),
        };
        let route = route.try_into().map_err(io::Error::other)?;
        let (sender, arrived) = oneshot::channel();
        lock(&self.routes).insert(route, sender);
        Ok((offer, Expected { port: self.clone(), route, arrived }))
    }

    /// Reads the route of a connection and gives it to whom it is for.
    async fn admit(&self, mut stream: BulkStream) -> io::Result<()> {
        let mut route = [0; ROUTE_BYTES];
        match &mut stream {
            BulkStream::Tcp(stream) => stream.read_exact(&mut route).await?,
            BulkStream::Unix(stream) => stream.read_exact(&mut route).await?,
        };
        let expecting = lock(&self.routes).remove(&route);
        let stranger = || io::Error::other("nobody expects it");
        expecting.ok_or_else(stranger)?.send(stream).map_err(|_| stranger())
    }
}

/// A connection that a peer is expected to make.
pub(crate) struct Expected {
    port: Arc<BulkPort>,
    route: Route,
    arrived: oneshot::Receiver<BulkStream>,
}

impl Drop for Expected {
    fn drop(&mut self) {
        lock(&self.port.routes).remove(&self.route);
    }
}

/// Takes connections until the net stops. Those that show no route in time are dropped.
pub(crate) async fn accept_bulk(listeners: BulkListeners, shared: Arc<Shared>) {
    let mut stop = shared.stop.subscribe();
    let mut pending = VecDeque::new();
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|stop| *stop == Stop::Abort) => return,
            accepted = listeners.accept() => accepted,
        };
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection for blocks");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        pending.retain(|(_, task): &(Option<Host>, AbortHandle)| !task.is_finished());
        if pending.len() == PENDING_MAX {
            let mut counts = BTreeMap::<_, usize>::new();
            pending.iter().for_each(|(host, _)| *counts.entry(*host).or_default() += 1);
            // Of equals the first, which is the oldest.
            let most = (0..pending.len()).rev().max_by_key(|&at| counts.get(&pending[at].0));
            if let Some((_, oldest)) = most.and_then(|at| pending.remove(at)) {
                oldest.abort();
                shared.refused_stranger("for blocks");
            }
        }
        let host = stream.host();
        let shared = shared.clone();
        let task = tokio::spawn(async move {
            let limit = shared.handshake_limit();
            match tokio::time::timeout(limit, shared.bulk.admit(stream)).await {
                Ok(Ok(())) => {}
                // Whoever comes and goes without a word has asked for nothing.
                Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {}
                _ => shared.refused_stranger("for blocks"),
            }
        });
        pending.push_back((host, task.abort_handle()));
    }
}

impl BulkListeners {
    async fn accept(&self) -> io::Result<BulkStream> {
        let unix = async {
            match &self.unix {
                Some(unix) => unix.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            accepted = self.tcp.accept() => Ok(BulkStream::Tcp(accepted?.0)),
            accepted = unix => Ok(BulkStream::Unix(accepted?.0)),
        }
    }
}

/// Both sides of a connection that is to be made.
pub(crate) struct Terms<'a> {
    pub(crate) own: (PeerId, &'a Offer),
    pub(crate) theirs: (PeerId, &'a Offer),
}

impl Terms<'_> {
    /// The side that waits.
    pub(crate) async fn accept(&self, mut expected: Expected) -> io::Result<Channel> {
        let stream = (&mut expected.arrived).await.map_err(io::Error::other)?;
        self.finish(stream).await
    }

    /// The side that connects: on one host to the socket, otherwise to the port at `ip`.
    pub(crate) async fn connect(&self, ip: IpAddr) -> io::Result<Channel> {
        let ((_, own), (_, theirs)) = (self.own, self.theirs);
        let mut near = None;
        if own.host == theirs.host && !own.socket.is_empty() && !theirs.socket.is_empty() {
            // In another file system its socket is not to be seen.
            near = host::connect(&theirs.socket).await.ok();
        }
        let mut stream = match near {
            Some(stream) => BulkStream::Unix(stream),
            None => {
                let stream = TcpStream::connect(SocketAddr::new(ip, theirs.port)).await?;
                BulkStream::Tcp(stream)
            }
        };
        match &mut stream {
            BulkStream::Tcp(stream) => stream.write_all(&theirs.route).await?,
            BulkStream::Unix(stream) => stream.write_all(&theirs.route).await?,
        }
        self.finish(stream).await
    }

    /// Each shows the other its route, in a record: so each knows that the other holds the keys.
    async fn finish(&self, stream: BulkStream) -> io::Result<Channel> {
        let mut channel = self.channel(stream)?;
        channel.writer.write(&self.theirs.1.route).await?;
        channel.writer.flush().await?;
        let mut shown = [0; ROUTE_BYTES];
        match channel.reader.read(&mut shown).await {
            Ok(()) if shown[..] == self.own.1.route[..] => Ok(channel),
            _ => Err(io::Error::other("the other end is not who it should be")),
        }
    }

    fn channel(&self, stream: BulkStream) -> io::Result<Channel> {
        let (reader, writer, seals): (Box<dyn AsyncRead + Send + Unpin>, _, _) = match stream {
            BulkStream::Tcp(stream) => {
                stream.set_nodelay(true)?;
                let seals = seals(&share(self.own), &share(self.theirs));
                let seals = seals.map_err(|_| io::Error::other("no keys"))?;
                let (reader, writer) = stream.into_split();
                let writer: Box<dyn AsyncWrite + Send + Unpin> = Box::new(writer);
                (Box::new(reader), writer, Some(seals))
            }
            BulkStream::Unix(stream) => {
                let (reader, writer) = stream.into_split();
                (Box::new(reader), Box::new(writer), None)
            }
        };
        let (outward, inward) = seals.unzip();
        let (reader, cut) = RecordReader::new(reader, inward);
        Ok(Channel { writer: RecordWriter::new(writer, outward), reader, cut })
    }
}

fn share((peer, offer): (PeerId, &Offer)) -> Share<'_> {
    Share { peer, secret: &offer.secret, route: &offer.route }
}
