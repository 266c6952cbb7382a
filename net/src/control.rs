//! The control stream: one task writes, one task reads, neither waits for the other.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, FutureExt};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior};

use crate::config::Bounds;
use crate::counters::CounterCells;
use crate::error::ProtocolError;
use crate::frame::{self, Tag};
use crate::shared::Stop;

/// A frame of the net itself.
pub(crate) type OwnFrame = (Tag, Bytes);

/// Own frames that wait for one peer. When they do not fit they are dropped: all of them are hints
/// whose absence a deadline covers.
pub(crate) const OWN_FRAMES_MAX: usize = 64;

/// Frames are gathered up to this many bytes before they are written: a few times what the
/// multiplexer sends at once.
const GATHER_BYTES: usize = 64 << 10;

/// Payloads from this size on are written from where they are.
const COPY_BYTES_MAX: usize = 16 << 10;

/// What the writing task takes from.
pub(crate) struct Outbox {
    pub(crate) own: mpsc::Receiver<OwnFrame>,
    pub(crate) user: mpsc::Receiver<Bytes>,
    /// Bytes that wait in `user`.
    pub(crate) queued_bytes: std::sync::Arc<AtomicUsize>,
}

/// Writes what is queued and a heartbeat now and then, until told to leave or the stream fails.
///
/// After a leave everything that was queued is written, then the goodbye.
pub(crate) async fn write_frames<S: AsyncWrite + Unpin>(
    mut stream: S,
    mut outbox: Outbox,
    mut stop: watch::Receiver<Stop>,
    bounds: &Bounds,
    counters: &[&CounterCells],
) -> io::Result<()> {
    let mut heartbeat = tokio::time::interval(Duration::from_millis(bounds.heartbeat_ms));
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut batch = Vec::with_capacity(256);
    let mut out = BytesMut::with_capacity(GATHER_BYTES);
    loop {
        let mut leaving = false;
        tokio::select! {
            biased;
            Some((tag, payload)) = outbox.own.recv() => frame::encode(tag, &payload, &mut out),
            _ = heartbeat.tick() => frame::encode(Tag::Heartbeat, &[], &mut out),
            count = outbox.user.recv_many(&mut batch, 256) => {
                if count == 0 {
                    return Ok(());
                }
            }
            stop = asked_to_stop(&mut stop) => {
                if stop == Stop::Abort {
                    return Ok(());
                }
                leaving = true;
            }
        }
        // All that waits goes with it, and the stream is flushed once.
        loop {
            if batch.is_empty() {
                while batch.len() < 256 {
                    match outbox.user.try_recv() {
                        Ok(payload) => batch.push(payload),
                        Err(_) => break,
                    }
                }
            }
            if batch.is_empty() {
                break;
            }
            let (mut count, mut bytes) = (0, 0);
            for payload in batch.drain(..) {
                count += 1;
                bytes += payload.len();
                if payload.len() > COPY_BYTES_MAX {
                    frame::encode_header(Tag::User, payload.len(), &mut out);
                    stream.write_all(&out).await?;
                    out.clear();
                    stream.write_all(&payload).await?;
                } else {
                    frame::encode(Tag::User, &payload, &mut out);
                    if out.len() >= GATHER_BYTES {
                        stream.write_all(&out).await?;
                        out.clear();
                    }
                }
            }
            outbox.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
            for cells in counters {
                cells.frames_out(count, bytes as u64);
            }
            // Own frames must not wait until the user's queue has run dry.
            if let Ok((tag, payload)) = outbox.own.try_recv() {
                frame::encode(tag, &payload, &mut out);
            }
            if heartbeat.tick().now_or_never().is_some() {
                frame::encode(Tag::Heartbeat, &[], &mut out);
            }
        }
        if leaving {
            frame::encode(Tag::Leave, &[], &mut out);
        }
        stream.write_all(&out).await?;
        out.clear();
        stream.flush().await?;
        if leaving {
            return stream.close().await;
        }
    }
}

async fn asked_to_stop(stop: &mut watch::Receiver<Stop>) -> Stop {
    match stop.wait_for(|stop| *stop != Stop::Run).await {
        Ok(stop) => *stop,
        Err(_) => Stop::Abort,
    }
}

/// Why no more frames can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadEnd {
    Closed,
    Silent,
    Broke(ProtocolError),
}

/// The reading half with what was read too much.
pub(crate) struct FrameReader<S> {
    stream: S,
    buffer: BytesMut,
    scratch: Box<[u8]>,
    frame_bytes_max: usize,
    silence: Duration,
    /// How long the frame has been waited for that has begun to come.
    waited: Duration,
}

/// A frame that has begun comes at this rate at least: a byte now and then is no sign of life.
const BYTES_PER_S_MIN: u32 = 16 << 10;

impl<S: AsyncRead + Unpin> FrameReader<S> {
    pub(crate) fn new(stream: S, bounds: &Bounds) -> Self {
        FrameReader {
            stream,
            buffer: BytesMut::new(),
            scratch: vec![0; GATHER_BYTES].into(),
            frame_bytes_max: bounds.frame_bytes_max,
            silence: Duration::from_millis(bounds.silence_ms_max()),
            waited: Duration::ZERO,
        }
    }

    /// The next frame, for handshakes.
    pub(crate) async fn next(&mut self) -> Result<(Tag, Bytes), ReadEnd> {
        loop {
            if let Some(frame) = self.take()? {
                return Ok(frame);
            }
            self.fill().await?;
        }
    }

    /// The next whole frame that was already read.
    pub(crate) fn take(&mut self) -> Result<Option<(Tag, Bytes)>, ReadEnd> {
        let frame = frame::decode(&mut self.buffer, self.frame_bytes_max);
        if let Ok(Some(_)) = frame {
            self.waited = Duration::ZERO;
        }
        frame.map_err(ReadEnd::Broke)
    }

    /// Waits for bytes, then takes all that are there, up to a bound.
    ///
    /// Silence is counted here and only here: while a slow handler keeps us from reading, the peer
    /// may well be talking.
    pub(crate) async fn fill(&mut self) -> Result<(), ReadEnd> {
        // A long frame may take long, but no longer than at the lowest rate.
        let come = u32::try_from(self.buffer.len()).unwrap_or(u32::MAX);
        let allowed = self.silence + Duration::from_secs(1) * come / BYTES_PER_S_MIN;
        let began = Instant::now();
        let read = self.stream.read(&mut self.scratch);
        let read = tokio::time::timeout(allowed.saturating_sub(self.waited), read).await;
        self.waited += began.elapsed();
        let count = match read {
            Err(_) => return Err(ReadEnd::Silent),
            Ok(Err(_) | Ok(0)) => return Err(ReadEnd::Closed),
            Ok(Ok(count)) => count,
        };
        self.keep(count);
        // An end or an error is found again by the next fill.
        for _ in 0..16 {
            match self.stream.read(&mut self.scratch).now_or_never() {
                Some(Ok(count)) if count > 0 => self.keep(count),
                _ => break,
            }
        }
        Ok(())
    }

    fn keep(&mut self, count: usize) {
        self.buffer.extend_from_slice(self.scratch.get(..count).unwrap_or_default());
    }
}
