//! The life of one peer: handshake, up, four tasks, down.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures::{AsyncRead, AsyncWrite, AsyncWriteExt};
use libp2p::swarm::Stream;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle};

use crate::authority::{check_kernel, check_version, member_payload};
use crate::block::{read_blocks, write_blocks};
use crate::bulk::{Channel, Expected, Offer, Terms};
use crate::certificate::Claims;
use crate::config::PROTOCOL;
use crate::control::{FrameReader, OWN_FRAMES_MAX, Outbox, ReadEnd, write_frames};
use crate::counters::CounterCells;
use crate::cut::Cuttable;
use crate::error::{CertificateError, DownReason, ProtocolError, Refusal};
use crate::frame::{self, Tag};
use crate::handler::Handler;
use crate::handover::{admits_payload, take_admits, take_key};
use crate::identity::PeerId;
use crate::members::Standing;
use crate::refusals::Line;
use crate::shared::{Command, LivePeer, Shared, Stop, lock, now_unix_ms};
use crate::swarm::Link;
use crate::wire::{self, Hello};

/// How long the last bytes of a dying connection are waited for.
const LAST_BYTES: Duration = Duration::from_secs(1);

/// Takes links and gives each a task, until the event loop ends.
pub(crate) async fn serve_links<H: Handler>(
    mut links: mpsc::Receiver<Link>,
    shared: Arc<Shared>,
    handler: Arc<H>,
) {
    while let Some(link) = links.recv().await {
        let peer = link.peer;
        // The task of a former connection may still be telling the layer above that it is down.
        // The dialler tries again.
        if shared.stopping() || !lock(&shared.busy).insert(peer) {
            shared.command(Command::Close(link.connection)).await;
            continue;
        }
        tokio::spawn(guard(link, shared.clone(), handler.clone()));
    }
}

/// Sees to it that a panic of the handler does not leave a peer half alive.
async fn guard<H: Handler>(link: Link, shared: Arc<Shared>, handler: Arc<H>) {
    let (peer, connection) = (link.peer, link.connection);
    let life = tokio::spawn(live(link, shared.clone(), handler.clone()));
    if let Err(error) = life.await {
        tracing::error!(%peer, %error, "the task of a peer failed");
        shared.command(Command::Close(connection)).await;
        if let Some(live) = shared.unregister(&peer) {
            lock(&shared.members).remove(&peer, live.info.admitted);
            // On a task of its own: it may panic again.
            let down = async move { handler.peer_down(peer, DownReason::HandlerPanicked).await };
            let _ = tokio::spawn(down).await;
        }
    }
    lock(&shared.busy).remove(&peer);
    shared.notify();
}

/// Ends a task when its owner goes away.
struct Abort(AbortHandle);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn owned<T>(task: &JoinHandle<T>) -> Abort {
    Abort(task.abort_handle())
}

async fn live<H: Handler>(link: Link, shared: Arc<Shared>, handler: Arc<H>) {
    let Link { peer, connection, mut control_out, control_in, remote } = link;
    let (control_in, control_cut) = Cuttable::new(control_in);
    let mut reader = FrameReader::new(control_in, &shared.bounds);
    let handshake = async {
        let (claims, own, theirs, expected) =
            shake_hands(&mut control_out, &mut reader, peer, &shared).await?;
        let terms = Terms { own: (shared.claims.peer, &own), theirs: (peer, &theirs) };
        let channel = if (claims.admitted, peer) < shared.order() {
            terms.connect(remote).await
        } else {
            terms.accept(expected).await
        };
        let channel = channel.map_err(|error| {
            tracing::warn!(%peer, %error, "cannot open a connection for blocks");
            Failure::Broken(ReadEnd::Closed)
        })?;
        Ok::<_, Failure>((claims, channel))
    };
    let outcome = tokio::time::timeout(shared.handshake_limit(), handshake).await;
    let (claims, channel) = match outcome {
        Ok(Ok(both)) => both,
        failed => {
            if let Ok(Err(failure)) = failed {
                report(&shared, peer, failure);
            }
            shared.command(Command::Close(connection)).await;
            return;
        }
    };

    let counters = Arc::new(CounterCells::default());
    let queued_bytes = Arc::new(AtomicUsize::new(0));
    let (own, own_out) = mpsc::channel(OWN_FRAMES_MAX);
    let (user, user_out) = mpsc::channel(shared.bounds.outbound_frames_max);
    let (blocks, blocks_out) = mpsc::channel(shared.bounds.outbound_blocks_max);
    let Some(info) = lock(&shared.members).get(&peer).map(|member| member.info()) else {
        shared.command(Command::Close(connection)).await;
        return;
    };
    shared.register(LivePeer {
        info: info.clone(),
        own,
        user,
        queued_bytes: queued_bytes.clone(),
        blocks,
        counters: counters.clone(),
        handed: AtomicBool::new(false),
    });

    let mut control_writer = tokio::spawn({
        let (shared, counters) = (shared.clone(), counters.clone());
        let outbox = Outbox { own: own_out, user: user_out, queued_bytes };
        async move {
            let roster = tell_roster(&mut control_out, &shared, peer).await;
            let cells = [&*counters, &*shared.totals];
            let stop = shared.stop.subscribe();
            if roster.is_ok() {
                let _ = write_frames(control_out, outbox, stop, &shared.bounds, &cells).await;
            }
        }
    });
    let Channel { writer: block_out, reader: block_in, cut: block_cut } = channel;
    let mut block_writer = tokio::spawn({
        let (shared, counters) = (shared.clone(), counters.clone());
        async move {
            let cells = [&*counters, &*shared.totals];
            let _ = write_blocks(block_out, blocks_out, &cells).await;
        }
    });
    let _writers = [owned(&control_writer), owned(&block_writer)];

    handler.peer_up(info).await;
    let before = lock(&shared.members).mark_up(&peer, claims.admitted);
    let current = before.is_some();
    if let Some(Standing::Lost { .. }) = before {
        tell_of(&shared, peer);
    }
    shared.notify();

    // The readers start only now, so that nothing is delivered before `peer_up` has returned.
    let mut control_reader = tokio::spawn({
        let (shared, handler, counters) = (shared.clone(), handler.clone(), counters.clone());
        async move { read_control(reader, peer, &shared, &*handler, &counters).await }
    });
    let mut block_reader = tokio::spawn({
        let (shared, handler) = (shared.clone(), handler.clone());
        async move {
            let cells = [&*counters, &*shared.totals];
            read_blocks(block_in, peer, &*handler, &shared.bounds, &cells).await
        }
    });
    let _readers = [owned(&control_reader), owned(&block_reader)];

    let mut stop = shared.stop.subscribe();
    let (mut blocks_read, mut written) = (false, false);
    // Without its streams both ways the peer is of no use. When one has ended, the control stream is cut:
    // its reader still delivers what has arrived, at the pace of the handler, and knows the reason.
    let mut control_cut = Some(control_cut);
    let reason = loop {
        if !current {
            break DownReason::Closed;
        }
        let whole = control_cut.is_some();
        tokio::select! {
            end = &mut control_reader => break end.unwrap_or(DownReason::HandlerPanicked),
            end = &mut block_reader, if !blocks_read => match end {
                Ok(Ok(())) => (control_cut, blocks_read) = (None, true),
                Ok(Err(error)) => break DownReason::Broke(error),
                Err(_) => break DownReason::HandlerPanicked,
            },
            _ = &mut control_writer, if whole && !written => {
                written = true;
                // After our goodbye the other side closes when it has read it, not we.
                if !shared.stopping() {
                    control_cut = None;
                }
            }
            _ = &mut block_writer, if whole => control_cut = None,
            _ = stop.wait_for(|stop| *stop == Stop::Abort) => break DownReason::Ended,
        }
    };
    // When the event loop dies, its connections close before anybody could say why.
    let ended = shared.stopping() || shared.commands.is_closed();
    let reason = if ended { DownReason::Ended } else { reason };

    shared.unregister(&peer);
    let now = Instant::now();
    match reason {
        // A cut: it may come back by itself.
        DownReason::Closed | DownReason::Silent { .. } => {
            let until = shared.redial_until(claims.role, now);
            lock(&shared.members).lose(&peer, claims.admitted, now, until);
        }
        _ => lock(&shared.members).remove(&peer, claims.admitted),
    }
    shared.notify();
    shared.command(Command::Close(connection)).await;
    if let DownReason::Broke(error) = &reason
        && let Some(Line { unwritten }) = shared.refuses()
    {
        let reason = "closed the connection of a peer that broke the protocol";
        tracing::warn!(%peer, %error, unwritten, "{reason}");
    }
    control_reader.abort();
    // A block that is half way ends here, and the handler is told.
    drop(block_cut);
    if !blocks_read
        && !matches!(reason, DownReason::Broke(_) | DownReason::HandlerPanicked)
        && tokio::time::timeout(LAST_BYTES, &mut block_reader).await.is_err()
    {
        block_reader.abort();
    }
    handler.peer_down(peer, reason).await;
}

/// Why a handshake came to nothing.
enum Failure {
    /// We said no.
    Ours,
    /// They say no.
    Theirs(Refusal),
    /// The connection failed or the bytes made no sense.
    Broken(ReadEnd),
}

fn report(shared: &Shared, peer: PeerId, failure: Failure) {
    match failure {
        Failure::Ours => {}
        // Word of an admission is on its way.
        Failure::Theirs(refusal) if superseded(&refusal) => {
            tracing::debug!(%peer, "the peer does not yet know that this node was admitted");
        }
        Failure::Theirs(refusal) => {
            tracing::warn!(%peer, %refusal, "the peer refused our handshake");
            forget(shared, peer, Some(refusal));
        }
        Failure::Broken(ReadEnd::Broke(error)) => {
            if let Some(Line { unwritten }) = shared.refuses() {
                tracing::warn!(%peer, %error, unwritten, "a handshake broke the protocol");
            }
            forget(shared, peer, None);
        }
        // It may come again before its time is over.
        Failure::Broken(end) => tracing::debug!(%peer, ?end, "a handshake was interrupted"),
    }
}

/// Whether a member that was admitted again met one that knows its other admission: the one that is right will be known
/// to both.
fn superseded(refusal: &Refusal) -> bool {
    *refusal == Refusal::BadCertificate(CertificateError::Superseded)
}

/// A peer whose handshake was refused is not tried again.
fn forget(shared: &Shared, peer: PeerId, refusal: Option<Refusal>) {
    let mut members = lock(&shared.members);
    if let Some(admitted) = members.get(&peer).map(|member| member.claims.admitted) {
        members.remove(&peer, admitted);
    }
    if let Some(refusal) = refusal {
        members.refused_by = Some((peer, refusal));
    }
    drop(members);
    shared.notify();
}

/// Both say who they are, both judge, both must say yes. Gives what the other claims, and what both
/// offered for the connection of blocks.
async fn shake_hands<R: AsyncRead + Unpin>(
    out: &mut Stream,
    reader: &mut FrameReader<R>,
    peer: PeerId,
    shared: &Shared,
) -> Result<(Claims, Offer, Offer, Expected), Failure> {
    let (bulk, expected) = shared.bulk.offer().map_err(|_| Failure::Broken(ReadEnd::Closed))?;
    let hello = Hello {
        kernel_id: shared.kernel_id.clone(),
        certificate: shared.certificate.clone(),
        bulk: bulk.clone(),
    };
    write_frame(out, Tag::Hello, &wire::encode_versioned(PROTOCOL, &hello)).await?;
    let (tag, payload) = reader.next().await.map_err(Failure::Broken)?;
    if tag != Tag::Hello {
        return Err(unexpected(tag));
    }
    let (claims, theirs) = match judge(&payload, peer, shared) {
        Ok(judged) => judged,
        Err(refusal) => {
            let payload = wire::encode(&refusal);
            if superseded(&refusal) {
                tracing::debug!(%peer, "the peer presented an unknown or outdated admission");
            } else {
                if let Some(Line { unwritten }) = shared.refuses() {
                    tracing::warn!(%peer, %refusal, unwritten, "refused a handshake");
                }
                forget(shared, peer, Some(refusal));
            }
            write_frame(out, Tag::Refuse, &payload).await?;
            let _ = out.close().await;
            // Closing at once could overtake the refusal; the other side closes when it has it.
            let closed = async { while reader.next().await.is_ok() {} };
            let _ = tokio::time::timeout(LAST_BYTES, closed).await;
            return Err(Failure::Ours);
        }
    };
    write_frame(out, Tag::Accept, &[]).await?;
    match reader.next().await.map_err(Failure::Broken)? {
        (Tag::Accept, _) => Ok((claims, bulk, theirs, expected)),
        (Tag::Refuse, payload) => {
            let refusal: Refusal = wire::decode(&payload, "refusal").unwrap_or(Refusal::Malformed);
            Err(Failure::Theirs(refusal.turned_round()))
        }
        (tag, _) => Err(unexpected(tag)),
    }
}

fn unexpected(tag: Tag) -> Failure {
    Failure::Broken(ReadEnd::Broke(ProtocolError::Unexpected { what: tag.name() }))
}

fn judge(hello: &[u8], peer: PeerId, shared: &Shared) -> Result<(Claims, Offer), Refusal> {
    let (theirs, body) = wire::split_version(hello).ok_or(Refusal::Malformed)?;
    check_version(theirs)?;
    let hello: Hello = wire::decode(body, "hello").map_err(|_| Refusal::Malformed)?;
    let claims = hello
        .certificate
        .verify(&shared.cluster, now_unix_ms())
        .map_err(Refusal::BadCertificate)?;
    if claims.peer != peer {
        return Err(Refusal::BadCertificate(CertificateError::OtherPeer));
    }
    check_kernel(shared, hello.kernel_id)?;
    if !hello.bulk.is_sound() {
        return Err(Refusal::Malformed);
    }
    // The gate has let the peer in, but perhaps with an admission that was replaced since.
    let current = lock(&shared.members).get(&peer).is_some_and(|member| member.claims == claims);
    if current {
        Ok((claims, hello.bulk))
    } else {
        Err(Refusal::BadCertificate(CertificateError::Superseded))
    }
}

async fn write_frame<W: AsyncWrite + Unpin>(
    out: &mut W,
    tag: Tag,
    payload: &[u8],
) -> Result<(), Failure> {
    let mut bytes = BytesMut::new();
    frame::encode(tag, payload, &mut bytes);
    let written = async {
        out.write_all(&bytes).await?;
        out.flush().await
    };
    written.await.map_err(|_| Failure::Broken(ReadEnd::Closed))
}

/// A member that admits tells a peer so, and of all others, before anything else it says.
async fn tell_roster<W: AsyncWrite + Unpin>(
    out: &mut W,
    shared: &Shared,
    peer: PeerId,
) -> Result<(), Failure> {
    let Some(authority) = shared.authority.get() else { return Ok(()) };
    write_frame(out, Tag::Admits, &admits_payload(authority)).await?;
    let records: Vec<_> = {
        let members = lock(&shared.members);
        members
            .iter()
            .filter(|member| member.claims.peer != peer)
            // Nobody should wait for one who may be gone for good.
            .filter(|member| !matches!(member.standing, Standing::Lost { .. }))
            .map(|member| member.record.clone())
            .collect()
    };
    for record in records {
        write_frame(out, Tag::Member, &member_payload(0, &record)).await?;
    }
    write_frame(out, Tag::RosterEnd, &[]).await
}

/// A member that admits tells all others of one that has come back: some were admitted meanwhile.
fn tell_of(shared: &Shared, back: PeerId) {
    if shared.authority.get().is_none() {
        return;
    }
    let record = lock(&shared.members).get(&back).map(|member| member.record.clone());
    let Some(payload) = record.map(|record| member_payload(0, &record)) else { return };
    shared.read_live(|live| {
        for peer in live.values().filter(|peer| peer.info.id != back) {
            let _ = peer.own.try_send((Tag::Member, payload.clone()));
        }
    });
}

/// Reads frames until the end, and says why it came.
async fn read_control<R: AsyncRead + Unpin, H: Handler>(
    mut reader: FrameReader<R>,
    peer: PeerId,
    shared: &Arc<Shared>,
    handler: &H,
    counters: &CounterCells,
) -> DownReason {
    loop {
        // What follows a frame of the net itself is only delivered after it took effect, and what
        // came before it is delivered before.
        let mut batch = Vec::new();
        let mut own = None;
        let mut broken = None;
        while batch.len() < shared.bounds.batch_frames_max {
            match reader.take() {
                Ok(Some((Tag::User, payload))) => batch.push(payload),
                Ok(Some((Tag::Heartbeat, _))) => {}
                Ok(Some(frame)) => {
                    own = Some(frame);
                    break;
                }
                Ok(None) => break,
                Err(end) => {
                    broken = Some(end);
                    break;
                }
            }
        }
        let idle = batch.is_empty() && own.is_none();
        if !batch.is_empty() {
            let bytes = batch.iter().map(|frame: &Bytes| frame.len() as u64).sum();
            counters.frames_in(batch.len() as u64, bytes);
            shared.totals.frames_in(batch.len() as u64, bytes);
            handler.frames(&peer, batch).await;
        }
        if let Some((tag, payload)) = own {
            match handle_own(tag, &payload, peer, shared).await {
                Ok(false) => {}
                Ok(true) => return DownReason::Left,
                Err(error) => return DownReason::Broke(error),
            }
        }
        let end = match broken {
            Some(end) => end,
            None if !idle => continue,
            None => match reader.fill().await {
                Ok(()) => continue,
                Err(end) => end,
            },
        };
        return match end {
            ReadEnd::Closed => DownReason::Closed,
            ReadEnd::Silent => DownReason::Silent { silent_ms: shared.bounds.silence_ms_max() },
            ReadEnd::Broke(error) => DownReason::Broke(error),
        };
    }
}

/// Acts on a frame of the net itself; true is a goodbye.
///
/// What it says of a member, or of the key, proves itself by a signature: it does not matter who
/// says it.
async fn handle_own(
    tag: Tag,
    payload: &[u8],
    peer: PeerId,
    shared: &Arc<Shared>,
) -> Result<bool, ProtocolError> {
    let malformed = ProtocolError::Malformed { what: tag.name() };
    match tag {
        Tag::Member => {
            let (number, body) = payload.split_first_chunk::<8>().ok_or(malformed.clone())?;
            let record = wire::decode(body, tag.name())?;
            shared.learn(record).await.map_err(|_| malformed)?;
            let number = u64::from_le_bytes(*number);
            if number != 0 {
                let ack = Bytes::copy_from_slice(&number.to_le_bytes());
                shared.read_live(|live| {
                    let _ = live.get(&peer).map(|peer| peer.own.try_send((Tag::Ack, ack)));
                });
            }
        }
        Tag::RosterEnd => {
            lock(&shared.members).roster_complete = true;
            shared.notify();
        }
        Tag::Ack => {
            let number = payload.try_into().map_err(|_| malformed)?;
            if let Some(authority) = shared.authority.get() {
                authority.ack(u64::from_le_bytes(number), peer);
            }
        }
        Tag::Admits => take_admits(shared, peer, payload)?,
        Tag::Authority => take_key(shared, payload)?,
        Tag::Leave => return Ok(true),
        Tag::User | Tag::Heartbeat => {}
        Tag::Hello | Tag::Accept | Tag::Refuse => {
            return Err(ProtocolError::Unexpected { what: tag.name() });
        }
    }
    Ok(false)
}
