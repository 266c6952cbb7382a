//! How a client reads blocks: it asks each node that holds some for many at a time, and waits for them together.

use super::Client;
use crate::block_key::BlockKey;
use crate::link::Packet;
use crate::{ClusterError, MemberId, Message, Phase, Placed};
use foldhash::fast::RandomState;
use futures::future::try_join_all;
use nums_kernels::Block;
use nums_lshs::BlockName;
use smallvec::SmallVec;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// Blocks that are asked of one node at a time, however large they are: enough to hide the round trip, few enough to
/// bound the memory.
const FETCH_BLOCKS_MIN: usize = 16;
/// Blocks that are asked of one node at a time, however small they are.
const FETCH_BLOCKS_MAX: usize = 1024;
/// The bytes of the blocks that are asked of one node at a time, when they are more than the least.
const FETCH_BYTES_MAX: u64 = 16 << 20;
/// Blocks of which none has come for this long are asked for again: they or the request were lost.
const ASK_AGAIN: Duration = Duration::from_secs(10);
/// How often a block is asked for.
const ASKS_MAX: u32 = 5;

/// What became of a block that was asked for: none when it came damaged.
pub(super) type Fetched = Result<Option<Arc<Block>>, ClusterError>;

/// A block to read, and where it belongs among those that are read together.
type Wanted = (usize, BlockName, u64);

impl Client {
    /// Reads blocks from the nodes that hold them, in order.
    pub(super) async fn read(&self, located: Vec<Placed>) -> Result<Vec<Arc<Block>>, ClusterError> {
        let mut by_node: Vec<(MemberId, Vec<Wanted>)> = Vec::new();
        for (position, Placed { block, node, bytes }) in located.into_iter().enumerate() {
            let wanted = (position, block, bytes);
            match by_node.iter_mut().find(|(other, _)| *other == node) {
                Some((_, blocks)) => blocks.push(wanted),
                None => by_node.push((node, vec![wanted])),
            }
        }
        let reads = by_node.iter().map(|(node, blocks)| self.fetch_from(node, blocks));
        let reads = try_join_all(reads);
        let read = match self.deadline {
            None => reads.await,
            Some(after) => {
                let late = ClusterError::Timeout { phase: Phase::Reading, after };
                self.in_time(after, reads).await.unwrap_or(Err(late))
            }
        };
        let mut found: Vec<_> = read?.into_iter().flatten().collect();
        found.sort_by_key(|(position, _)| *position);
        Ok(found.into_iter().map(|(_, block)| block).collect())
    }

    async fn fetch_from(
        &self,
        node: &MemberId,
        blocks: &[Wanted],
    ) -> Result<Vec<(usize, Arc<Block>)>, ClusterError> {
        let mut found = Vec::with_capacity(blocks.len());
        let mut rest = blocks;
        while !rest.is_empty() {
            let (next, later) = rest.split_at(window(rest));
            let mut missing = next.to_vec();
            for asks in 1..=ASKS_MAX {
                missing = self.ask_for(node, missing, &mut found).await?;
                if missing.is_empty() {
                    break;
                }
                if asks == ASKS_MAX {
                    let reason =
                        format!("a block was requested {ASKS_MAX} times and never arrived intact");
                    return Err(ClusterError::Unreachable { to: node.clone(), reason });
                }
            }
            rest = later;
        }
        Ok(found)
    }

    /// Asks for blocks once, adds those that come to `found`, and gives those that did not, or came damaged.
    async fn ask_for(
        &self,
        node: &MemberId,
        blocks: Vec<Wanted>,
        found: &mut Vec<(usize, Arc<Block>)>,
    ) -> Result<Vec<Wanted>, ClusterError> {
        let names: Vec<_> = blocks.iter().map(|&(_, block, _)| block).collect();
        let key = |&block: &BlockName| BlockKey { job: self.job, plan: None, block };
        let mut expected = self.fetches.expect(node, names.iter().map(key).collect());
        let pull = Message::Pull { job: self.job, plan: None, blocks: names, received: Vec::new() };
        self.transport.send(node, Packet::Loose(pull))?;
        let mut missing = blocks.len();
        while self.in_time(ASK_AGAIN, &mut expected.over).await.is_none() {
            // What has come gives the rest as much time again.
            let still_missing = expected.asked.answers().missing;
            if still_missing == missing {
                break;
            }
            missing = still_missing;
        }
        let answers = std::mem::take(&mut expected.asked.answers().blocks);
        let mut lost = Vec::new();
        for (wanted, answer) in blocks.into_iter().zip(answers) {
            match answer.transpose()?.flatten() {
                Some(block) => found.push((wanted.0, block)),
                None => lost.push(wanted),
            }
        }
        Ok(lost)
    }
}

/// How many of the first blocks are asked for at a time.
fn window(blocks: &[Wanted]) -> usize {
    let mut bytes = 0_u64;
    let fits = |&&(_, _, more): &&Wanted| {
        bytes = bytes.saturating_add(more);
        bytes <= FETCH_BYTES_MAX
    };
    let fitting = blocks.iter().take_while(fits).count();
    fitting.clamp(FETCH_BLOCKS_MIN, FETCH_BLOCKS_MAX).min(blocks.len())
}

/// The blocks that a client waits for.
#[derive(Default)]
pub(crate) struct Fetches {
    /// Who waits for each block, in the order of asking: every answer is for the first of them. Looked up only.
    waiting: Mutex<HashMap<BlockKey, SmallVec<[Waiting; 1]>, RandomState>>,
}

/// One of the blocks that were asked of a node at once.
struct Waiting {
    asked: Arc<Asked>,
    position: usize,
}

/// Blocks that were asked of a node at once.
struct Asked {
    node: MemberId,
    answers: Mutex<Answers>,
}

/// What has come of them.
struct Answers {
    blocks: Vec<Option<Fetched>>,
    missing: usize,
    /// Told when nothing is missing any more, or there is an error, which ends the reading.
    over: Option<oneshot::Sender<()>>,
}

/// The end that waits. When it is dropped nothing is expected any more.
struct Expected<'a> {
    fetches: &'a Fetches,
    asked: Arc<Asked>,
    keys: Vec<BlockKey>,
    over: oneshot::Receiver<()>,
}

impl Fetches {
    fn expect(&self, node: &MemberId, keys: Vec<BlockKey>) -> Expected<'_> {
        let (sender, over) = oneshot::channel();
        let blocks = keys.iter().map(|_| None).collect();
        let answers = Answers { blocks, missing: keys.len(), over: Some(sender) };
        let asked = Arc::new(Asked { node: node.clone(), answers: Mutex::new(answers) });
        let mut waiting = self.waiting();
        waiting.reserve(keys.len());
        for (position, &key) in keys.iter().enumerate() {
            waiting.entry(key).or_default().push(Waiting { asked: asked.clone(), position });
        }
        drop(waiting);
        Expected { fetches: self, asked, keys, over }
    }

    /// Answers have come: each goes to the first who waits for it.
    pub(super) fn complete(&self, answers: impl IntoIterator<Item = (BlockKey, Fetched)>) {
        let mut waiting = self.waiting();
        for (key, answer) in answers {
            let Entry::Occupied(mut entry) = waiting.entry(key) else { continue };
            let first = entry.get_mut().remove(0);
            if entry.get().is_empty() {
                entry.remove();
            }
            first.answer(answer);
        }
    }

    /// Nothing more will come of a node.
    pub(super) fn lose(&self, node: &MemberId, reason: &str) {
        self.waiting().retain(|_, queue| {
            queue.retain(|waiting| {
                let lost = waiting.asked.node == *node;
                if lost {
                    let (node, reason) = (node.clone(), reason.to_owned());
                    waiting.answer(Err(ClusterError::NodeLost { node, reason }));
                }
                !lost
            });
            !queue.is_empty()
        });
    }

    /// The number of blocks that are waited for.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.waiting().values().map(SmallVec::len).sum()
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<BlockKey, SmallVec<[Waiting; 1]>, RandomState>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn answer(&self, answer: Fetched) {
        let mut answers = self.asked.answers();
        answers.missing -= 1;
        let is_over = answers.missing == 0 || answer.is_err();
        answers.blocks[self.position] = Some(answer);
        if is_over && let Some(over) = answers.over.take() {
            // Who has stopped waiting does not need to know.
            let _ = over.send(());
        }
    }
}

impl Asked {
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        if self.asked.answers().missing == 0 {
            return;
        }
        let mut waiting = self.fetches.waiting();
        for key in &self.keys {
            let Entry::Occupied(mut entry) = waiting.entry(*key) else { continue };
            entry.get_mut().retain(|waiting| !Arc::ptr_eq(&waiting.asked, &self.asked));
            if entry.get().is_empty() {
                entry.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::JobId;
    use nums_kernels::Buffer;
    use nums_lshs::{ArrayId, BlockSpec, DType, Shape};

    fn key(index: u32) -> BlockKey {
        BlockKey { job: JobId(1), plan: None, block: BlockName { array: ArrayId(2), index } }
    }

    fn block() -> Fetched {
        let spec = BlockSpec::new(DType::UInt8, Shape::new([1]).unwrap());
        Ok(Some(Arc::new(Block::new(spec, &mut Buffer::zeroed).unwrap())))
    }

    #[test]
    fn blocks_are_asked_for_within_a_window_of_bytes() {
        let of = |bytes: u64, blocks: usize| {
            let block = |at| (at, key(at as u32).block, bytes);
            window(&(0..blocks).map(block).collect::<Vec<_>>())
        };
        assert_eq!(of(800, 500), 500);
        assert_eq!(of(800, 5000), FETCH_BLOCKS_MAX);
        assert_eq!(of(1 << 18, 5000), 64);
        assert_eq!((of(1 << 30, 5000), of(1 << 30, 3)), (FETCH_BLOCKS_MIN, 3));
    }

    #[test]
    fn who_asked_first_is_answered_first_and_is_told_once_when_all_has_come() {
        let (fetches, node) = (Fetches::default(), MemberId::new("node"));
        let mut first = fetches.expect(&node, vec![key(0), key(1)]);
        let mut second = fetches.expect(&node, vec![key(1)]);
        fetches.complete([(key(1), block()), (key(7), block())]);
        assert!(first.over.try_recv().is_err() && second.over.try_recv().is_err());
        fetches.complete([(key(0), Ok(None)), (key(1), block())]);
        assert!(first.over.try_recv().is_ok() && second.over.try_recv().is_ok());
        assert!(matches!(first.asked.answers().blocks[..], [Some(Ok(None)), Some(Ok(Some(_)))]));
        assert_eq!(fetches.len(), 0);
    }

    #[test]
    fn who_stops_waiting_is_forgotten_and_a_lost_node_ends_what_waits_for_it() {
        let (fetches, node) = (Fetches::default(), MemberId::new("node"));
        let given_up = fetches.expect(&node, vec![key(0), key(1)]);
        let other = fetches.expect(&MemberId::new("other"), vec![key(1)]);
        let mut lost = fetches.expect(&node, vec![key(1), key(2)]);
        drop(given_up);
        assert_eq!(fetches.len(), 3);
        fetches.lose(&node, "a test");
        assert!(lost.over.try_recv().is_ok());
        let answers = std::mem::take(&mut lost.asked.answers().blocks);
        assert!(matches!(answers[..], [Some(Err(ClusterError::NodeLost { .. })), Some(Err(_))]));
        fetches.complete([(key(1), block())]);
        assert_eq!((fetches.len(), other.asked.answers().missing), (0, 0));
    }
}
