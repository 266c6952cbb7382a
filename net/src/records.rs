//! A byte stream as a row of records, sealed where others could read or change it.
//!
//! The reader knows the length of every record beforehand, so a record is its bytes and nothing else,
//! with a tag behind them when it is sealed.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::oneshot;

use crate::seal::{Seal, TAG_BYTES};

/// The longest record: it fits into the second cache twice, and a tag costs nothing beside it.
pub(crate) const RECORD_BYTES_MAX: usize = 128 << 10;

/// Records from this length on are written from where they are, when they are not sealed.
const COPY_BYTES_MAX: usize = 16 << 10;

pub(crate) struct RecordWriter<W> {
    stream: W,
    seal: Option<Seal>,
    out: Vec<u8>,
}

impl<W: AsyncWrite + Unpin> RecordWriter<W> {
    pub(crate) fn new(stream: W, seal: Option<Seal>) -> Self {
        RecordWriter { stream, seal, out: Vec::with_capacity(2 * RECORD_BYTES_MAX) }
    }

    /// Writes a record, perhaps not at once.
    pub(crate) async fn write(&mut self, record: &[u8]) -> io::Result<()> {
        match &mut self.seal {
            Some(seal) => {
                let start = self.out.len();
                self.out.extend_from_slice(record);
                let sealed = self.out.get_mut(start..).unwrap_or_default();
                let tag = seal.seal(sealed).map_err(|_| io::Error::other("not sealed"))?;
                self.out.extend_from_slice(&tag);
            }
            None if record.len() >= COPY_BYTES_MAX => {
                self.write_out().await?;
                return self.stream.write_all(record).await;
            }
            None => self.out.extend_from_slice(record),
        }
        if self.out.len() >= RECORD_BYTES_MAX {
            self.write_out().await?;
        }
        Ok(())
    }

    async fn write_out(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// Writes what has not been written yet.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        self.write_out().await?;
        self.stream.flush().await
    }

    /// Says that nothing more comes.
    pub(crate) async fn close(&mut self) -> io::Result<()> {
        self.flush().await?;
        self.stream.shutdown().await
    }
}

/// Why a record did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordError {
    /// The stream ended, or was cut, after so many bytes of it.
    Ended {
        /// Bytes of the record that came.
        received: usize,
    },
    /// It is not what the other end sealed.
    Forged,
}

pub(crate) struct RecordReader<R> {
    stream: BufReader<R>,
    seal: Option<Seal>,
    /// Ends the stream when it is dropped at the other end, after what has already arrived.
    cut: oneshot::Receiver<()>,
}

impl<R: AsyncRead + Unpin> RecordReader<R> {
    pub(crate) fn new(stream: R, seal: Option<Seal>) -> (Self, oneshot::Sender<()>) {
        let (sender, cut) = oneshot::channel();
        // Larger reads pass it by.
        let stream = BufReader::with_capacity(COPY_BYTES_MAX, stream);
        (RecordReader { stream, seal, cut }, sender)
    }

    /// Fills `record` with the next record.
    pub(crate) async fn read(&mut self, record: &mut [u8]) -> Result<(), RecordError> {
        fill(&mut self.stream, &mut self.cut, record).await?;
        let Some(seal) = &mut self.seal else { return Ok(()) };
        let mut tag = [0; TAG_BYTES];
        let received = record.len();
        let read = fill(&mut self.stream, &mut self.cut, &mut tag).await;
        read.map_err(|_| RecordError::Ended { received })?;
        seal.open(record, tag).map_err(|_| RecordError::Forged)
    }
}

async fn fill<R: AsyncRead + Unpin>(
    stream: &mut R,
    cut: &mut oneshot::Receiver<()>,
    record: &mut [u8],
) -> Result<(), RecordError> {
    let mut received = 0;
    while let Some(room) = record.get_mut(received..).filter(|room| !room.is_empty()) {
        let read = tokio::select! {
            biased;
            read = stream.read(room) => read,
            _ = &mut *cut => Ok(0),
        };
        match read {
            Ok(count) if count > 0 => received += count,
            _ => return Err(RecordError::Ended { received }),
        }
    }
    Ok(())
}
