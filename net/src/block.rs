//! Blocks: a header of fixed shape, then the payload, straight from the sender's memory and straight
//! into the buffer that the receiver provides.
//!
//! In records: the key (32 bytes), the length of the meta (2) and of the payload (8); the meta, if
//! there is any; the payload in pieces of 128 KiB; its xxh3-64 (8). Numbers are little endian. The
//! checksum stands behind the payload so that the bytes are read once, while they are written.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use xxhash_rust::xxh3::Xxh3;

use crate::config::Bounds;
use crate::counters::CounterCells;
use crate::error::{BlockError, ProtocolError};
use crate::handler::Handler;
use crate::identity::PeerId;
use crate::records::{RECORD_BYTES_MAX, RecordError, RecordReader, RecordWriter};

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
}

const FIXED_BYTES: usize = 32 + 2 + 8;

impl BlockHeader {
    /// The header without its meta.
    fn to_fixed(&self, meta_len: usize) -> [u8; FIXED_BYTES] {
        let mut out = [0; FIXED_BYTES];
        let parts = [&self.key[..], &(meta_len as u16).to_le_bytes(), &self.len.to_le_bytes()];
        for (to, from) in out.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
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
        let len = rest.first_chunk::<8>().ok_or(malformed)?;
        let meta_len = usize::from(u16::from_le_bytes(*meta_len));
        let len = u64::from_le_bytes(*len);
        if meta_len > bounds.meta_bytes_max {
            return Err(ProtocolError::MetaTooLarge { len: meta_len, max: bounds.meta_bytes_max });
        }
        if len > bounds.block_bytes_max {
            return Err(ProtocolError::BlockTooLarge { len, max: bounds.block_bytes_max });
        }
        Ok((BlockHeader { key: *key, meta: Vec::new(), len }, meta_len))
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

/// The bytes behind a payload: its checksum.
const TRAILER_BYTES: usize = 8;

/// Writes queued blocks, one after the other, until the queue closes or the stream fails. What is
/// small goes together with what follows it.
pub(crate) async fn write_blocks<W: AsyncWrite + Unpin>(
    mut out: RecordWriter<W>,
    mut queue: mpsc::Receiver<OutBlock>,
    counters: &[&CounterCells],
) -> io::Result<()> {
    let (mut count, mut bytes) = (0, 0);
    while let Some(OutBlock { key, meta, data, checksum }) = queue.recv().await {
        let payload = (*data).as_ref();
        let len = payload.len() as u64;
        out.write(&BlockHeader { key, meta: Vec::new(), len }.to_fixed(meta.len())).await?;
        if !meta.is_empty() {
            out.write(&meta).await?;
        }
        let mut hasher = Xxh3::new();
        for record in payload.chunks(RECORD_BYTES_MAX) {
            // Hashed here, the bytes are warm for the cipher and the system.
            if checksum.is_none() {
                hasher.update(record);
            }
            out.write(record).await?;
        }
        let checksum = checksum.unwrap_or_else(|| hasher.digest());
        out.write(&checksum.to_le_bytes()).await?;
        (count, bytes) = (count + 1, bytes + len);
        if queue.is_empty() {
            out.flush().await?;
            counters.iter().for_each(|cells| cells.blocks_out(count, bytes));
            (count, bytes) = (0, 0);
        }
    }
    out.close().await
}

/// Reads blocks until the stream ends; an error means that the peer broke the protocol.
pub(crate) async fn read_blocks<R: AsyncRead + Unpin, H: Handler>(
    mut records: RecordReader<R>,
    from: PeerId,
    handler: &H,
    bounds: &Bounds,
    counters: &[&CounterCells],
) -> Result<(), ProtocolError> {
    let forged = |error| match error {
        RecordError::Forged => Err(ProtocolError::Forged),
        RecordError::Ended { .. } => Ok(()),
    };
    loop {
        let mut fixed = [0; FIXED_BYTES];
        if let Err(error) = records.read(&mut fixed).await {
            return forged(error);
        }
        let (mut header, meta_len) = BlockHeader::from_fixed(&fixed, bounds)?;
        header.meta = vec![0; meta_len];
        if meta_len > 0
            && let Err(error) = records.read(&mut header.meta).await
        {
            return forged(error);
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
            if let Err(error) = skip(&mut records, len).await {
                return forged(error);
            }
            counters.iter().for_each(|cells| cells.block_in(header.len));
            continue;
        };
        let target = buffer.as_mut().get_mut(..len).unwrap_or_default();
        let outcome = match fill(&mut records, target).await {
            Ok(()) => Ok(buffer),
            Err(BlockEnd::Damaged(error)) => Err(error),
            Err(BlockEnd::Ended { received_bytes }) => {
                let error = BlockError::Truncated { expected_bytes: header.len, received_bytes };
                handler.block(&from, header, Err(error)).await;
                return Ok(());
            }
            Err(BlockEnd::Forged) => {
                let error = BlockError::Truncated { expected_bytes: header.len, received_bytes: 0 };
                handler.block(&from, header, Err(error)).await;
                return Err(ProtocolError::Forged);
            }
        };
        counters.iter().for_each(|cells| cells.block_in(header.len));
        handler.block(&from, header, outcome).await;
    }
}

/// Why a payload is of no use.
enum BlockEnd {
    Damaged(BlockError),
    Ended { received_bytes: u64 },
    Forged,
}

/// Reads a payload into all of `target`, hashing while the bytes are warm, and its checksum.
async fn fill<R: AsyncRead + Unpin>(
    records: &mut RecordReader<R>,
    target: &mut [u8],
) -> Result<(), BlockEnd> {
    let mut hasher = Xxh3::new();
    let mut before = 0;
    let end = |error, before: usize| match error {
        RecordError::Forged => BlockEnd::Forged,
        RecordError::Ended { received } => {
            BlockEnd::Ended { received_bytes: (before + received) as u64 }
        }
    };
    for record in target.chunks_mut(RECORD_BYTES_MAX) {
        records.read(record).await.map_err(|error| end(error, before))?;
        hasher.update(record);
        before += record.len();
    }
    let mut trailer = [0; TRAILER_BYTES];
    let read = records.read(&mut trailer).await;
    read.map_err(|error| match end(error, before) {
        BlockEnd::Ended { .. } => BlockEnd::Ended { received_bytes: before as u64 },
        other => other,
    })?;
    let (expected, found) = (u64::from_le_bytes(trailer), hasher.digest());
    if found == expected {
        Ok(())
    } else {
        Err(BlockEnd::Damaged(BlockError::Checksum { expected, found }))
    }
}

/// Reads and drops a payload and its checksum, so that the next header is found.
async fn skip<R: AsyncRead + Unpin>(
    records: &mut RecordReader<R>,
    len: usize,
) -> Result<(), RecordError> {
    let mut bin = vec![0; len.clamp(TRAILER_BYTES, RECORD_BYTES_MAX)];
    let mut left = len;
    while left > 0 {
        let record = bin.get_mut(..left.min(RECORD_BYTES_MAX)).unwrap_or_default();
        records.read(record).await?;
        left -= record.len();
    }
    records.read(bin.get_mut(..TRAILER_BYTES).unwrap_or_default()).await
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Mutex;

    use super::*;
    use crate::error::DownReason;
    use crate::identity::peer_id_of;
    use crate::members::PeerInfo;
    use proptest::prelude::*;
    use tokio::io::AsyncWriteExt;

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
        run(write_blocks(RecordWriter::new(&mut out, None), receiver, &[])).unwrap();
        out.into_inner()
    }

    fn bounds() -> Bounds {
        Bounds { block_bytes_max: 1 << 20, ..Bounds::default() }
    }

    fn read(keeper: &Keeper, bytes: &[u8]) -> Result<(), ProtocolError> {
        let from = peer_id_of(&libp2p::identity::Keypair::generate_ed25519());
        let (records, _cut) = RecordReader::new(bytes, None);
        run(read_blocks(records, from, keeper, &bounds(), &[]))
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
    }

    #[test]
    fn a_short_buffer_refuses() {
        let keeper = Keeper { room_less: 1, ..Keeper::default() };
        assert_eq!(read(&keeper, &written(vec![block(1, b"", &[5; 33])])), Ok(()));
        assert!(keeper.arrived.lock().unwrap().is_empty());
    }

    #[test]
    fn a_cut_comes_after_what_has_arrived() {
        let bytes = written(vec![block(1, b"", &[5; 33]), block(2, b"", &[7; 5])]);
        let keeper = Keeper::default();
        let from = peer_id_of(&libp2p::identity::Keypair::generate_ed25519());
        let outcome = run(async {
            // The other end stays open and says no more.
            let (mut far, near) = tokio::io::duplex(1000);
            let (records, cut) = RecordReader::new(near, None);
            far.write_all(&bytes[..bytes.len() - TRAILER_BYTES - 1]).await.unwrap();
            drop(cut);
            read_blocks(records, from, &keeper, &bounds(), &[]).await
        });
        assert_eq!(outcome, Ok(()));
        let arrived = keeper.arrived.lock().unwrap();
        assert_eq!(arrived[0].1, Ok(vec![5; 33]));
        let cut = BlockError::Truncated { expected_bytes: 5, received_bytes: 4 };
        assert_eq!(arrived[1].1, Err(cut));
    }

    #[test]
    fn damage_and_cuts_are_told() {
        let mut bytes = written(vec![block(1, b"m", &[5; 33]), block(2, b"m", &[7; 5])]);
        bytes[FIXED_BYTES + 10] ^= 1;
        bytes.truncate(bytes.len() - TRAILER_BYTES - 1);
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
        let header = BlockHeader { key: [0; 32], meta: vec![], len: u64::MAX };
        assert_eq!(
            read(&Keeper::default(), &header.to_fixed(0)),
            Err(ProtocolError::BlockTooLarge { len: u64::MAX, max: 1 << 20 })
        );
        let header = BlockHeader { len: 0, ..header };
        assert_eq!(
            read(&Keeper::default(), &header.to_fixed(257)),
            Err(ProtocolError::MetaTooLarge { len: 257, max: 256 })
        );
    }

    proptest! {
        #[test]
        fn headers_survive(
            key in any::<[u8; 32]>(),
            meta in proptest::collection::vec(any::<u8>(), 0..=256),
            len in 0_u64..=1000,
        ) {
            let header = BlockHeader { key, meta: Vec::new(), len };
            let fixed = header.to_fixed(meta.len());
            prop_assert_eq!(BlockHeader::from_fixed(&fixed, &bounds()), Ok((header, meta.len())));
        }

        #[test]
        fn payloads_of_several_records_survive(extra in 0_usize..3, seed in any::<u8>()) {
            let payload: Vec<u8> =
                (0..2 * RECORD_BYTES_MAX + extra).map(|index| (index as u8).wrapping_mul(seed)).collect();
            let keeper = Keeper::default();
            prop_assert_eq!(read(&keeper, &written(vec![block(1, b"", &payload)])), Ok(()));
            prop_assert!(keeper.arrived.lock().unwrap()[0].1.as_ref() == Ok(&payload));
        }

        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&Keeper::default(), &bytes);
        }
    }
}
