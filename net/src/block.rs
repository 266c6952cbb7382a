//! Blocks: a header of fixed shape, then the payload, straight from the sender's memory and straight
//! into the buffer that the receiver provides.
//!
//! The header is the key (32 bytes), the length of the meta (2), the length of the payload (8), the
//! xxh3-64 of the payload (8), all little endian, then the meta.

use std::io;
use std::sync::Arc;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use xxhash_rust::xxh3::Xxh3;

use crate::config::Bounds;
use crate::counters::CounterCells;
use crate::error::{BlockError, ProtocolError};
use crate::handler::Handler;
use crate::identity::PeerId;

/// The bytes of a payload: anything that is a slice and may be shared.
pub type Payload = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// What is known of a block before its payload comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockHeader {
    /// The name that the layer above gave the block.
    pub key: [u8; 32],
    /// Opaque bytes of the layer above, at most [`meta_bytes_max`](crate::Bounds::meta_bytes_max).
    pub meta: Vec<u8>,
    /// The length of the payload in bytes, at most
    /// [`block_bytes_max`](crate::Bounds::block_bytes_max).
    pub len: u64,
    /// The xxh3-64 of the payload.
    pub checksum: u64,
}

const FIXED_BYTES: usize = 32 + 2 + 8 + 8;

impl BlockHeader {
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(FIXED_BYTES + self.meta.len());
        out.extend_from_slice(&self.key);
        out.extend_from_slice(&(self.meta.len() as u16).to_le_bytes());
        out.extend_from_slice(&self.len.to_le_bytes());
        out.extend_from_slice(&self.checksum.to_le_bytes());
        out.extend_from_slice(&self.meta);
        out
    }

    /// The header without its meta, and how long the meta is; lengths are checked here, before
    /// anything is allocated for them.
    fn from_fixed(
        bytes: &[u8; FIXED_BYTES],
        bounds: &Bounds,
    ) -> Result<(Self, usize), ProtocolError> {
        let malformed = ProtocolError::Malformed { what: "block header" };
        let (key, rest) = bytes.split_first_chunk::<32>().ok_or(malformed.clone())?;
        let (meta_len, rest) = rest.split_first_chunk::<2>().ok_or(malformed.clone())?;
        let (len, rest) = rest.split_first_chunk::<8>().ok_or(malformed.clone())?;
        let checksum = rest.first_chunk::<8>().ok_or(malformed)?;
        let meta_len = usize::from(u16::from_le_bytes(*meta_len));
        let len = u64::from_le_bytes(*len);
        if meta_len > bounds.meta_bytes_max {
            return Err(ProtocolError::MetaTooLarge { len: meta_len, max: bounds.meta_bytes_max });
        }
        if len > bounds.block_bytes_max {
            return Err(ProtocolError::BlockTooLarge { len, max: bounds.block_bytes_max });
        }
        let checksum = u64::from_le_bytes(*checksum);
        Ok((BlockHeader { key: *key, meta: Vec::new(), len, checksum }, meta_len))
    }
}

/// A block that waits to be written.
pub(crate) struct OutBlock {
    pub(crate) key: [u8; 32],
    pub(crate) meta: Vec<u8>,
    pub(crate) data: Payload,
    /// Computed by the writer when the caller does not know it.
    pub(crate) checksum: Option<u64>,
}

/// The xxh3-64 of the bytes, giving other tasks a turn after every chunk.
async fn checksum_of(bytes: &[u8], chunk_bytes: usize) -> u64 {
    let mut hasher = Xxh3::new();
    for chunk in bytes.chunks(chunk_bytes) {
        hasher.update(chunk);
        tokio::task::yield_now().await;
    }
    hasher.digest()
}

/// Writes queued blocks, one after the other, until the queue closes or the stream fails.
pub(crate) async fn write_blocks<S: AsyncWrite + Unpin>(
    mut stream: S,
    mut queue: mpsc::Receiver<OutBlock>,
    bounds: &Bounds,
    counters: &[&CounterCells],
) -> io::Result<()> {
    while let Some(OutBlock { key, meta, data, checksum }) = queue.recv().await {
        let payload = (*data).as_ref();
        let checksum = match checksum {
            Some(checksum) => checksum,
            None => checksum_of(payload, bounds.chunk_bytes).await,
        };
        let len = payload.len() as u64;
        stream.write_all(&BlockHeader { key, meta, len, checksum }.to_bytes()).await?;
        for chunk in payload.chunks(bounds.chunk_bytes) {
            stream.write_all(chunk).await?;
            // The multiplexer takes bytes without a pause as long as its window is open.
            tokio::task::yield_now().await;
        }
        stream.flush().await?;
        for cells in counters {
            cells.block_out(len);
        }
    }
    stream.close().await
}

/// Reads blocks until the stream ends; an error means that the peer broke the protocol.
pub(crate) async fn read_blocks<S: AsyncRead + Unpin, H: Handler>(
    mut stream: S,
    from: PeerId,
    handler: &H,
    bounds: &Bounds,
    counters: &[&CounterCells],
) -> Result<(), ProtocolError> {
    loop {
        let mut fixed = [0; FIXED_BYTES];
        if stream.read_exact(&mut fixed).await.is_err() {
            return Ok(());
        }
        let (mut header, meta_len) = BlockHeader::from_fixed(&fixed, bounds)?;
        header.meta = vec![0; meta_len];
        if stream.read_exact(&mut header.meta).await.is_err() {
            return Ok(());
        }
        let len = usize::try_from(header.len).map_err(|_| ProtocolError::BlockTooLarge {
            len: header.len,
            max: usize::MAX as u64,
        })?;
        let given = handler.block_buffer(&from, &header).and_then(|mut buffer| {
            let room = buffer.as_mut().len();
            if room < len {
                tracing::error!(
                    room,
                    len,
                    "a buffer was too short for its block, which is refused"
                );
                return None;
            }
            Some(buffer)
        });
        let Some(mut buffer) = given else {
            if drain(&mut stream, len, bounds.chunk_bytes).await.is_err() {
                return Ok(());
            }
            counters.iter().for_each(|cells| cells.block_in(header.len));
            continue;
        };
        let target = buffer.as_mut().get_mut(..len).unwrap_or_default();
        let (received, found) = fill(&mut stream, target, bounds.chunk_bytes).await;
        if received < len {
            let error = BlockError::Truncated {
                expected_bytes: header.len,
                received_bytes: received as u64,
            };
            handler.block(&from, header, Err(error)).await;
            return Ok(());
        }
        counters.iter().for_each(|cells| cells.block_in(header.len));
        let expected = header.checksum;
        let outcome = if found == expected {
            Ok(buffer)
        } else {
            Err(BlockError::Checksum { expected, found })
        };
        handler.block(&from, header, outcome).await;
    }
}

/// Reads into all of `target`, hashing while the bytes are warm; gives how many bytes came and
/// their hash.
async fn fill<S: AsyncRead + Unpin>(
    stream: &mut S,
    target: &mut [u8],
    chunk_bytes: usize,
) -> (usize, u64) {
    let mut hasher = Xxh3::new();
    let mut received = 0;
    for chunk in target.chunks_mut(chunk_bytes) {
        let mut filled = 0;
        while let Some(room) = chunk.get_mut(filled..).filter(|room| !room.is_empty()) {
            match stream.read(room).await {
                Ok(count) if count > 0 => filled += count,
                _ => return (received + filled, 0),
            }
        }
        hasher.update(chunk);
        received += filled;
        tokio::task::yield_now().await;
    }
    (received, hasher.digest())
}

/// Reads and drops, so that the next header is found.
async fn drain<S: AsyncRead + Unpin>(
    stream: &mut S,
    len: usize,
    chunk_bytes: usize,
) -> io::Result<()> {
    let mut bin = vec![0; chunk_bytes.min(len).min(64 << 10)];
    let mut left = len;
    while left > 0 {
        let room = left.min(bin.len());
        let Some(room) = bin.get_mut(..room) else { break };
        match stream.read(room).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => left -= count,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Mutex;
    use std::task::{Context, Poll};

    use futures::io::Cursor;
    use proptest::prelude::*;
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;
    use crate::cut::Cuttable;
    use crate::error::DownReason;
    use crate::identity::peer_id_of;
    use crate::members::PeerInfo;

    type Arrived = (BlockHeader, Result<Vec<u8>, BlockError>);

    #[derive(Default)]
    struct Keeper {
        refuse_key: Option<u8>,
        room_less: usize,
        arrived: Mutex<Vec<Arrived>>,
    }

    impl Handler for Keeper {
        type Buffer = Vec<u8>;
        async fn peer_up(&self, _: PeerInfo) {}
        async fn peer_down(&self, _: PeerId, _: DownReason) {}
        async fn frames(&self, _: &PeerId, _: Vec<bytes::Bytes>) {}
        fn block_buffer(&self, _: &PeerId, header: &BlockHeader) -> Option<Vec<u8>> {
            let wanted = self.refuse_key != Some(header.key[0]);
            wanted.then(|| vec![0; header.len as usize - self.room_less])
        }
        async fn block(
            &self,
            _: &PeerId,
            header: BlockHeader,
            buffer: Result<Vec<u8>, BlockError>,
        ) {
            self.arrived.lock().unwrap().push((header, buffer));
        }
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    fn written(blocks: Vec<OutBlock>) -> Vec<u8> {
        let (sender, receiver) = mpsc::channel(blocks.len().max(1));
        for block in blocks {
            assert!(sender.try_send(block).is_ok());
        }
        drop(sender);
        let mut out = Cursor::new(Vec::new());
        run(write_blocks(&mut out, receiver, &bounds(), &[])).unwrap();
        out.into_inner()
    }

    fn bounds() -> Bounds {
        Bounds { chunk_bytes: 10, block_bytes_max: 1000, ..Bounds::default() }
    }

    fn read(keeper: &Keeper, bytes: &[u8]) -> Result<(), ProtocolError> {
        let from = peer_id_of(&libp2p::identity::Keypair::generate_ed25519());
        run(read_blocks(bytes, from, keeper, &bounds(), &[]))
    }

    fn block(key: u8, meta: &[u8], payload: &[u8]) -> OutBlock {
        OutBlock {
            key: [key; 32],
            meta: meta.to_vec(),
            data: Arc::new(payload.to_vec()),
            checksum: None,
        }
    }

    #[test]
    fn refused_blocks_are_skipped_and_the_next_arrives() {
        let bytes =
            written(vec![block(1, b"a", &[5; 33]), block(2, b"b", &[6; 40]), block(3, b"", &[])]);
        let keeper = Keeper { refuse_key: Some(2), ..Keeper::default() };
        assert_eq!(read(&keeper, &bytes), Ok(()));
        let arrived = keeper.arrived.lock().unwrap();
        let payloads: Vec<_> = arrived.iter().map(|(header, data)| (header.key[0], data)).collect();
        assert_eq!(payloads, [(1, &Ok(vec![5; 33])), (3, &Ok(vec![]))]);
        assert_eq!(arrived[0].0.checksum, xxh3_64(&[5; 33]));
    }

    #[test]
    fn a_short_buffer_refuses() {
        let keeper = Keeper { room_less: 1, ..Keeper::default() };
        assert_eq!(read(&keeper, &written(vec![block(1, b"", &[5; 33])])), Ok(()));
        assert!(keeper.arrived.lock().unwrap().is_empty());
    }

    #[test]
    fn a_cut_comes_after_what_has_arrived() {
        struct Stalled<'a>(&'a [u8]);
        impl AsyncRead for Stalled<'_> {
            fn poll_read(
                mut self: Pin<&mut Self>,
                context: &mut Context<'_>,
                room: &mut [u8],
            ) -> Poll<io::Result<usize>> {
                if self.0.is_empty() {
                    return Poll::Pending;
                }
                Pin::new(&mut self.0).poll_read(context, room)
            }
        }
        let bytes = written(vec![block(1, b"", &[5; 33]), block(2, b"", &[7; 5])]);
        let (stream, cut) = Cuttable::new(Stalled(&bytes[..bytes.len() - 1]));
        drop(cut);
        let keeper = Keeper::default();
        let from = peer_id_of(&libp2p::identity::Keypair::generate_ed25519());
        assert_eq!(run(read_blocks(stream, from, &keeper, &bounds(), &[])), Ok(()));
        let arrived = keeper.arrived.lock().unwrap();
        assert_eq!(arrived[0].1, Ok(vec![5; 33]));
        let cut = BlockError::Truncated { expected_bytes: 5, received_bytes: 4 };
        assert_eq!(arrived[1].1, Err(cut));
    }

    #[test]
    fn damage_and_cuts_are_told() {
        let mut bytes = written(vec![block(1, b"m", &[5; 33]), block(2, b"m", &[7; 5])]);
        bytes[FIXED_BYTES + 10] ^= 1;
        bytes.pop();
        let keeper = Keeper::default();
        assert_eq!(read(&keeper, &bytes), Ok(()));
        let arrived = keeper.arrived.lock().unwrap();
        assert!(matches!(arrived[0].1, Err(BlockError::Checksum { .. })));
        assert_eq!(
            arrived[1].1,
            Err(BlockError::Truncated { expected_bytes: 5, received_bytes: 4 })
        );
    }

    #[test]
    fn lengths_are_refused_before_anything_is_allocated() {
        let header = BlockHeader { key: [0; 32], meta: vec![], len: u64::MAX, checksum: 0 };
        assert_eq!(
            read(&Keeper::default(), &header.to_bytes()),
            Err(ProtocolError::BlockTooLarge { len: u64::MAX, max: 1000 })
        );
        let header = BlockHeader { meta: vec![0; 257], len: 0, ..header };
        assert_eq!(
            read(&Keeper::default(), &header.to_bytes()),
            Err(ProtocolError::MetaTooLarge { len: 257, max: 256 })
        );
    }

    proptest! {
        #[test]
        fn headers_survive(
            key in any::<[u8; 32]>(),
            meta in proptest::collection::vec(any::<u8>(), 0..=256),
            len in 0_u64..=1000,
            checksum in any::<u64>(),
        ) {
            let header = BlockHeader { key, meta, len, checksum };
            let bytes = header.to_bytes();
            let fixed = bytes.first_chunk().unwrap();
            let (mut found, meta_len) = BlockHeader::from_fixed(fixed, &bounds()).unwrap();
            found.meta = bytes[FIXED_BYTES..].to_vec();
            prop_assert_eq!(meta_len, header.meta.len());
            prop_assert_eq!(found, header);
        }

        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&Keeper::default(), &bytes);
        }
    }
}
