//! The name of a block on its way between members.

use crate::{JobId, PlanId};
#[cfg(feature = "cluster")]
use nums_lshs::ArrayId;
use nums_lshs::BlockName;
use std::hash::{Hash, Hasher};

/// The name of a block on its way: which job and plan it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BlockKey {
    /// The job.
    pub(crate) job: JobId,
    /// The plan for which it travels; none when a session reads it.
    pub(crate) plan: Option<PlanId>,
    /// The block.
    pub(crate) block: BlockName,
}

/// In one piece, which costs less than field by field.
impl Hash for BlockKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&encode_key(self));
    }
}

/// The 32 bytes that name a block in a bulk header: job, plan (0 for none), array, index, each big-endian, and four
/// zeros.
pub(crate) fn encode_key(key: &BlockKey) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0..8].copy_from_slice(&key.job.0.to_be_bytes());
    bytes[8..16].copy_from_slice(&key.plan.map_or(0, |plan| plan.0).to_be_bytes());
    bytes[16..24].copy_from_slice(&key.block.array.0.to_be_bytes());
    bytes[24..28].copy_from_slice(&key.block.index.to_be_bytes());
    bytes
}

/// The name of a block from a bulk header.
#[cfg(feature = "cluster")]
pub(crate) fn decode_key(bytes: &[u8; 32]) -> BlockKey {
    let number = |at: usize, len: usize| {
        bytes[at..at + len].iter().fold(0_u64, |number, &byte| number << 8 | u64::from(byte))
    };
    let plan = number(8, 8);
    BlockKey {
        job: JobId(number(0, 8)),
        plan: (plan != 0).then_some(PlanId(plan)),
        block: BlockName { array: ArrayId(number(16, 8)), index: number(24, 4) as u32 },
    }
}

#[cfg(test)]
#[cfg(feature = "cluster")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_survive(job in any::<u64>(), plan in any::<u64>(), array in any::<u64>(), index in any::<u32>()) {
            let key = BlockKey {
                job: JobId(job),
                plan: (plan != 0).then_some(PlanId(plan)),
                block: BlockName { array: ArrayId(array), index },
            };
            prop_assert_eq!(decode_key(&encode_key(&key)), key);
        }
    }
}
