//! One part of a plan while a node runs it.

use super::blocks::{Blocks, Slot};
use super::memory::{Allowance, PartMemory};
use crate::MemberId;
use crate::message::{Measured, Span};
use crate::part::{Origin, ReceiveEntry, TaskEntry};
use nums_lshs::{BlockName, NodeId, Op};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// A task of the part.
#[derive(Debug)]
pub(crate) struct TaskState {
    pub(crate) entry: TaskEntry,
    /// Where its inputs begin in the table of inputs.
    pub(crate) inputs_start: u32,
    /// Inputs that are not here yet.
    pub(crate) missing: u32,
    pub(crate) done: bool,
    /// It started before an earlier task was done.
    pub(crate) ahead: bool,
}

impl TaskState {
    /// The blocks that the task makes, of the part's table of blocks.
    pub(crate) fn outputs<'a>(&self, table: &'a [PartBlock]) -> &'a [PartBlock] {
        &table[self.entry.made()]
    }

    /// The bytes of all that it makes.
    pub(crate) fn made_bytes(&self, table: &[PartBlock]) -> u64 {
        self.outputs(table).iter().fold(0, |sum, output| sum.saturating_add(output.bytes))
    }

    /// The blocks that the task reads, of the part's table of inputs.
    pub(crate) fn inputs<'a>(&self, table: &'a [u32]) -> &'a [u32] {
        &table[self.inputs_start as usize..][..self.entry.inputs as usize]
    }
}

/// A block of the part's table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartBlock {
    pub(crate) slot: Slot,
    pub(crate) bytes: u64,
    pub(crate) origin: Origin,
    /// Of a copy, the node that it is to come from.
    pub(crate) from: Option<NodeId>,
    /// Reads by tasks of this part that are still to come; tasks may still be on their way.
    pub(crate) reads_left: u32,
    /// Those of them whose tasks have not come yet.
    pub(crate) reads_unclaimed: u32,
    /// Copies still to be served for this plan.
    pub(crate) sends_left: u32,
    /// The first task that comes after all of them.
    pub(crate) served_by: u32,
}

/// A copy that is on its way.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The node that has it.
    pub(crate) from: NodeId,
    /// When it is asked for again, and how long after that.
    pub(crate) again_at: Duration,
    pub(crate) pause: Duration,
    /// How often it was asked for.
    pub(crate) asks: u32,
    /// How often it came damaged.
    pub(crate) damaged: u32,
}

/// The state of a part.
#[derive(Debug)]
pub(crate) struct PartState {
    /// Who gets the reports.
    pub(crate) session: MemberId,
    /// The epoch in which the plan was made.
    pub(crate) epoch: u64,
    /// The nodes of the plan, by number.
    pub(crate) nodes: Vec<MemberId>,
    /// The table of blocks, which tasks and receives point into.
    pub(crate) blocks: Vec<PartBlock>,
    /// The blocks that are served to other nodes, by slot; looked up only.
    pub(crate) served: HashMap<Slot, u32>,
    pub(crate) ops: Vec<Arc<Op>>,
    pub(crate) tasks: Vec<TaskState>,
    /// Indices of the blocks that tasks read, one task after the other.
    pub(crate) inputs: Vec<u32>,
    /// Copies that are still to be asked for.
    pub(crate) receives: VecDeque<ReceiveEntry>,
    /// Copies that are on their way, and their bytes.
    pub(crate) asked: BTreeMap<Slot, Asked>,
    pub(crate) asked_bytes: u64,
    /// Copies that have come, to be confirmed to the nodes that sent them.
    pub(crate) confirms: Vec<(NodeId, BlockName)>,
    /// Copies that are asked for or here, and not yet used up.
    pub(crate) received_live: usize,
    /// The tasks and sends of the whole part; chunks may still be on their way.
    pub(crate) tasks_left: u32,
    pub(crate) sends_left: u32,
    /// Those of them whose tables have not come yet.
    pub(crate) tasks_unclaimed: u32,
    pub(crate) sends_unclaimed: u32,
    /// The blocks that are taken over and not here yet; more may still be on their way in chunks.
    pub(crate) uploading: BTreeSet<Slot>,
    pub(crate) uploads_unclaimed: u32,
    /// The first task that is not done.
    pub(crate) head: u32,
    pub(crate) memory: PartMemory,
    pub(crate) measured: Measured,
    /// When the part came, and when it was at work since.
    pub(crate) came: Duration,
    pub(crate) span: Option<Span>,
    /// When its progress was reported last, or it came, and the tasks that were done by then.
    pub(crate) reported_at: Duration,
    pub(crate) reported_tasks: u64,
}

impl PartState {
    pub(crate) fn new(
        session: MemberId,
        epoch: u64,
        nodes: Vec<MemberId>,
        tasks: u32,
        sends: u32,
        uploads: u32,
        allowance: Allowance,
    ) -> PartState {
        PartState {
            session,
            epoch,
            nodes,
            blocks: Vec::new(),
            served: HashMap::new(),
            ops: Vec::new(),
            tasks: Vec::new(),
            inputs: Vec::new(),
            receives: VecDeque::new(),
            asked: BTreeMap::new(),
            asked_bytes: 0,
            confirms: Vec::new(),
            received_live: 0,
            tasks_left: tasks,
            sends_left: sends,
            tasks_unclaimed: tasks,
            sends_unclaimed: sends,
            uploading: BTreeSet::new(),
            uploads_unclaimed: uploads,
            head: 0,
            memory: PartMemory::new(allowance),
            measured: Measured::default(),
            came: Duration::ZERO,
            span: None,
            reported_at: Duration::ZERO,
            reported_tasks: 0,
        }
    }

    /// The next copy to ask for, when window and memory admit it. What the first unfinished task needs is admitted
    /// whatever the window holds, so that a full window cannot stop the part.
    pub(crate) fn admit(&mut self, window: usize, blocks: &Blocks) -> Option<ReceiveEntry> {
        let next = self.receives.front()?;
        let bytes = self.blocks[next.block as usize].bytes;
        let admitted = if next.needed_by > self.head {
            self.received_live < window && self.memory.has_room(bytes)
        } else {
            self.has_turn(bytes, blocks)
        };
        if !admitted {
            return None;
        }
        self.received_live += 1;
        self.memory.charge(bytes);
        self.receives.pop_front()
    }

    /// Whether what is next in the plan may take up memory: always, unless blocks lie there that the plan takes for
    /// gone. They wait to be fetched by nodes which do not wait for this one: what fetches them comes earlier in the
    /// order that all parts share.
    pub(crate) fn has_turn(&self, bytes: u64, blocks: &Blocks) -> bool {
        self.memory.has_room(bytes) || !self.lingers(blocks)
    }

    /// Whether a block is here only because it has not been fetched in its turn.
    fn lingers(&self, blocks: &Blocks) -> bool {
        self.served.iter().any(|(&slot, &block)| {
            let PartBlock { reads_left, served_by, origin, .. } = self.blocks[block as usize];
            let temporary = matches!(origin, Origin::Received | Origin::Made { kept: false });
            let over = reads_left == 0 && served_by <= self.head;
            temporary && over && blocks.get(slot).is_some_and(|state| state.present)
        })
    }

    /// The slot of a block of the table.
    pub(crate) fn slot(&self, block: u32) -> Slot {
        self.blocks[block as usize].slot
    }

    /// Marks a task as done, and its inputs as read.
    pub(crate) fn finish(&mut self, task: u32) {
        let state = &mut self.tasks[task as usize];
        state.done = true;
        for &input in state.inputs(&self.inputs) {
            self.blocks[input as usize].reads_left -= 1;
        }
        self.tasks_left -= 1;
        self.measured.tasks += 1;
        while let Some(task) = self.tasks.get(self.head as usize).filter(|task| task.done) {
            if task.ahead {
                self.memory.catch_up(task.made_bytes(&self.blocks));
            }
            self.head += 1;
        }
    }

    /// Notes that a worker was at work for the part.
    pub(crate) fn work(&mut self, from: Duration, to: Duration) {
        let (from, to) = (from.saturating_sub(self.came), to.saturating_sub(self.came));
        let span = self.span.get_or_insert(Span { from, to });
        *span = Span { from: span.from.min(from), to: span.to.max(to) };
    }

    pub(crate) fn is_finished(&self) -> bool {
        let uploaded = self.uploads_unclaimed == 0 && self.uploading.is_empty();
        self.tasks_left == 0 && self.sends_left == 0 && uploaded
    }
}
