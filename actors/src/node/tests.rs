//! Events in, instructions out: the node's state machine without a shell.

mod drain;

use super::blocks::TaskRef;
use super::memory::Allowance;
use super::ready::{BATCH_WEIGHT, weight};
use super::state::{Event, Instruction, Limits, State, TaskDone};
use crate::block_key::BlockKey;
use crate::link::SESSION_SILENCE_MAX;
use crate::message::Answer;
use crate::part::{BlockEntry, Chunk, Origin, ReceiveEntry, TaskEntry};
use crate::{Failure, JobId, Measured, MemberId, Message, PlanId};
use nums_kernels::KernelError;
use nums_lshs::{ArrayId, BinaryOp, BlockName, DType, NodeId, Op, Program, UnaryOp};
use std::time::Duration;

const PLAN: PlanId = PlanId(1);

const ALLOWANCE: Allowance = Allowance { bytes_max: 1 << 10, ahead_bytes_max: 1 << 10 };

fn session() -> MemberId {
    MemberId::new("session")
}

fn job() -> JobId {
    JobId::of(&session())
}

fn name(array: u64) -> BlockName {
    BlockName { array: ArrayId(array), index: 0 }
}

/// A machine with the instructions of its last event.
struct Node {
    state: State,
    out: Vec<Instruction>,
    now: Duration,
}

impl Node {
    fn new(window_blocks_max: usize) -> Node {
        let limits = Limits {
            weight_in_flight_max: 2 * BATCH_WEIGHT,
            window_blocks_max,
            workers: 1,
            memory_bytes: 1 << 10,
            lease: SESSION_SILENCE_MAX,
        };
        Node { state: State::new(limits), out: Vec::new(), now: Duration::ZERO }
    }

    fn handle(&mut self, event: Event) -> &[Instruction] {
        self.out.clear();
        self.state.handle(self.now, event, &mut self.out);
        &self.out
    }

    fn receive(&mut self, from: &MemberId, message: Message) -> &[Instruction] {
        self.handle(Event::Message { from: from.clone(), message })
    }

    /// The session is there, and has memory for a plan.
    fn reserve(&mut self, plan: PlanId) {
        self.receive(&session(), Message::Hello { job: job() });
        let reserve = Message::Reserve { job: job(), plan, need_bytes: 64, patient: false };
        let granted =
            Message::Reserved { job: job(), plan, patient: false, answer: Answer::Granted };
        let out = self.receive(&session(), reserve);
        assert!(
            matches!(out, [Instruction::Send { message, .. }] if *message == granted),
            "{out:?}"
        );
    }

    fn begin(&mut self, plan: PlanId, chunk: Chunk) {
        let sends = chunk.blocks.iter().map(|block| block.sends).sum();
        let tasks = chunk.tasks.len() as u32;
        let nodes = vec![MemberId::new("node-0"), MemberId::new("node-1")];
        self.reserve(plan);
        self.receive(
            &session(),
            Message::Begin {
                job: job(),
                plan,
                epoch: 0,
                nodes,
                tasks,
                sends,
                uploads: 0,
                allowance: ALLOWANCE,
            },
        );
        self.receive(&session(), Message::Chunk { job: job(), plan, epoch: 0, chunk });
    }

    /// The tasks that the last event gave to workers, with which inputs are taken.
    fn runs(&self) -> Vec<(u32, Vec<bool>)> {
        let run = |instruction: &Instruction| match instruction {
            Instruction::Run { task, inputs, .. } => {
                Some((task.task, inputs.iter().map(|input| input.take).collect()))
            }
            _ => None,
        };
        self.out.iter().filter_map(run).collect()
    }

    fn pulls(&self) -> Vec<BlockName> {
        let pull = |instruction: &Instruction| match instruction {
            Instruction::Send { message: Message::Pull { blocks, .. }, .. } => blocks.clone(),
            _ => Vec::new(),
        };
        self.out.iter().flat_map(pull).collect()
    }

    fn finished(&self) -> Option<Measured> {
        self.out.iter().find_map(|instruction| match instruction {
            Instruction::Send { message: Message::Finished { measured, .. }, .. } => {
                Some(*measured)
            }
            _ => None,
        })
    }

    fn sent_blocks(&self) -> usize {
        let sends = self.out.iter();
        sends.filter(|instruction| matches!(instruction, Instruction::SendBlock { .. })).count()
    }

    fn arrive(&mut self, plan: PlanId, block: BlockName) {
        self.handle(Event::BlockArrived { key: key(Some(plan), block), bytes: 8 });
    }

    fn done(&mut self, task: u32) {
        let running = TaskRef { plan: PLAN, job: job(), task };
        self.done_giving(running, 1);
    }

    fn done_giving(&mut self, running: TaskRef, blocks: u32) {
        self.handle(task_done(running, Ok(blocks)));
    }

    /// The blocks that the last event stored, by their positions among those that came.
    fn stores(&self) -> Vec<usize> {
        let store = |instruction: &Instruction| match instruction {
            Instruction::Store { position, .. } => Some(*position),
            _ => None,
        };
        self.out.iter().filter_map(store).collect()
    }

    fn failure(&self) -> Option<&Failure> {
        self.out.iter().find_map(|instruction| match instruction {
            Instruction::Send { message: Message::Failed { failure, .. }, .. } => Some(failure),
            _ => None,
        })
    }
}

fn key(plan: Option<PlanId>, block: BlockName) -> BlockKey {
    BlockKey { job: job(), plan, block }
}

fn block(array: u64, reads: u32, sends: u32, origin: Origin) -> BlockEntry {
    BlockEntry { name: name(array), bytes: 8, reads, sends, served_by: 0, origin }
}

fn add() -> Op {
    Op::Map(Program::binary(BinaryOp::Add, DType::Float64))
}

fn task(inputs: u32, output: u32) -> TaskEntry {
    TaskEntry { op: 0, flops: 1, inputs, output, outputs: 1 }
}

fn task_done(task: TaskRef, result: Result<u32, Failure>) -> Event {
    Event::TasksDone(vec![TaskDone { task, weight: weight(0, 0), took: Duration::ZERO, result }])
}

/// Receive a1 and a2, add them to a3, which is kept and served once.
fn add_two() -> Chunk {
    Chunk {
        blocks: vec![
            block(1, 1, 0, Origin::Received),
            block(2, 1, 0, Origin::Received),
            block(3, 0, 1, Origin::Made { kept: true }),
        ],
        ops: vec![add()],
        tasks: vec![task(2, 2)],
        inputs: vec![0, 1],
        receives: (0..2)
            .map(|block| ReceiveEntry { block, from: NodeId(1), needed_by: 0 })
            .collect(),
    }
}

#[test]
fn a_part_runs_by_data_flow_and_reports_when_it_is_done_and_served() {
    let mut node = Node::new(1);
    node.begin(PLAN, add_two());
    // The window holds one block, but what the first task needs is always admitted.
    assert_eq!(node.pulls(), [name(1), name(2)]);
    node.arrive(PLAN, name(2));
    assert_eq!(node.runs(), []);
    let other = MemberId::new("node-1");
    let pull =
        Message::Pull { job: job(), plan: Some(PLAN), blocks: vec![name(3)], received: vec![] };
    node.receive(&other, pull);
    assert_eq!(node.sent_blocks(), 0, "it does not exist yet");
    node.arrive(PLAN, name(1));
    assert_eq!(node.runs(), [(0, vec![true, true])], "both copies have their last reader");
    assert_eq!(node.finished(), None);
    node.done(0);
    assert_eq!(node.sent_blocks(), 1, "the pull was parked");
    assert_eq!(
        node.finished(),
        Some(Measured { bytes_in: 16, bytes_out: 8, tasks: 1, peak_bytes: 24, time_us: 0 })
    );
    assert_eq!(node.state.stored(), (1, 8), "the kept block stays, the copies are gone");
    node.receive(&session(), Message::Release { job: job(), blocks: vec![name(3)] });
    assert_eq!(node.state.stored(), (1, 8), "the copy that was sent may have to be sent again");
    let received = vec![name(3)];
    let confirm = Message::Pull { job: job(), plan: Some(PLAN), blocks: vec![], received };
    node.receive(&other, confirm);
    assert_eq!(node.state.stored(), (0, 0));
}

/// A task that is done is reported after a while, and once.
#[test]
fn a_part_that_goes_on_is_reported_now_and_then() {
    let mut node = Node::new(4);
    node.begin(PLAN, add_two());
    node.arrive(PLAN, name(1));
    node.arrive(PLAN, name(2));
    node.now = Duration::from_millis(100);
    node.done(0);
    assert_eq!(node.finished(), None, "the sum is still to be served");
    let reports = |node: &mut Node, millis| {
        node.now = Duration::from_millis(millis);
        node.handle(Event::Tick);
        let told = |instruction: &Instruction| match instruction {
            Instruction::Send { message: Message::Progress { tasks, .. }, .. } => Some(*tasks),
            _ => None,
        };
        node.out.iter().filter_map(told).collect::<Vec<u64>>()
    };
    assert_eq!(reports(&mut node, 199), [0_u64; 0]);
    assert_eq!(reports(&mut node, 200), [1]);
    assert_eq!(reports(&mut node, 600), [0_u64; 0]);
    let blocks = vec![name(3)];
    let pull = Message::Pull { job: job(), plan: Some(PLAN), blocks, received: vec![] };
    node.receive(&MemberId::new("node-1"), pull);
    assert!(node.finished().is_some());
}

#[test]
fn a_pull_that_overtakes_the_plan_waits_for_it_and_is_counted() {
    let mut node = Node::new(4);
    let other = MemberId::new("node-1");
    let pull =
        Message::Pull { job: job(), plan: Some(PLAN), blocks: vec![name(3)], received: vec![] };
    node.receive(&other, pull);
    node.begin(PLAN, add_two());
    node.arrive(PLAN, name(1));
    node.arrive(PLAN, name(2));
    node.done(0);
    assert_eq!(node.sent_blocks(), 1);
    assert!(node.finished().is_some());
}

#[test]
fn the_window_bounds_copies_that_later_tasks_need() {
    let mut node = Node::new(2);
    let received = |array| block(array, 1, 0, Origin::Received);
    let made = |array| block(array, 0, 0, Origin::Made { kept: true });
    let negative = Op::Map(Program::unary(UnaryOp::Negative, DType::Float64));
    node.begin(
        PLAN,
        Chunk {
            blocks: (0..4).map(received).chain((4..8).map(made)).collect(),
            ops: vec![negative],
            tasks: (0..4).map(|at| task(1, at + 4)).collect(),
            inputs: (0..4).collect(),
            receives: (0..4)
                .map(|at| ReceiveEntry { block: at, from: NodeId(1), needed_by: at })
                .collect(),
        },
    );
    assert_eq!(node.pulls(), [name(0), name(1)]);
    node.arrive(PLAN, name(1));
    assert_eq!(node.pulls(), [], "a copy that is here and unused still counts");
    node.done(1);
    assert_eq!(node.pulls(), [name(2)]);
    for task in [0, 2, 3] {
        node.arrive(PLAN, name(task));
        node.done(task as u32);
    }
    assert_eq!(node.finished().map(|measured| measured.bytes_in), Some(32));
    assert_eq!(node.state.stored(), (4, 32));
}

/// A task gives a1, which the next one reads, a2, which nobody needs, and a3, which stays and is served; before it, a
/// task whose block comes with the same event.
fn three_at_once() -> Chunk {
    Chunk {
        blocks: vec![
            block(9, 0, 0, Origin::Made { kept: true }),
            block(1, 1, 0, Origin::Made { kept: false }),
            block(2, 0, 0, Origin::Made { kept: false }),
            block(3, 0, 1, Origin::Made { kept: true }),
            block(4, 0, 0, Origin::Made { kept: true }),
        ],
        ops: vec![add()],
        tasks: vec![task(0, 0), TaskEntry { outputs: 3, ..task(0, 1) }, task(1, 4)],
        inputs: vec![1],
        receives: vec![],
    }
}

#[test]
fn all_that_a_task_gives_comes_at_once_and_what_nobody_needs_is_not_stored() {
    let mut node = Node::new(4);
    node.begin(PLAN, three_at_once());
    let (job, plan, received) = (job(), Some(PLAN), vec![]);
    let pull = Message::Pull { job, plan, blocks: vec![name(3)], received };
    node.receive(&MemberId::new("node-0"), pull);
    assert_eq!(node.sent_blocks(), 0);
    let weight = weight(0, 0);
    let done = |task, blocks| TaskDone {
        task: TaskRef { plan: PLAN, job, task },
        weight,
        took: Duration::ZERO,
        result: Ok(blocks),
    };
    node.handle(Event::TasksDone(vec![done(0, 1), done(1, 3)]));
    // a9, a1 and a3: the block between them is not stored.
    assert_eq!(node.stores(), [0, 1, 3]);
    assert_eq!((node.sent_blocks(), node.runs()), (1, vec![(2, vec![true])]));
    assert_eq!(node.state.stored(), (3, 24));
    node.done(2);
    assert_eq!(node.state.stored(), (3, 24), "a1 has gone, a4 has come");
}

#[test]
fn a_task_of_several_blocks_fails_as_one() {
    let failures = [
        Err(Failure::Kernel {
            block: name(1),
            op: "qr".to_owned(),
            error: KernelError::NegativePower,
        }),
        // An operation that gives another number of blocks than the tables say.
        Ok(2),
    ];
    for failure in failures {
        let mut node = Node::new(4);
        node.begin(PLAN, three_at_once());
        node.done(0);
        let running = TaskRef { plan: PLAN, job: job(), task: 1 };
        let expected = failure.clone().err().unwrap_or_else(|| {
            let reason = "expected 3 blocks from a task of PlanId(1), got 2".to_owned();
            Failure::Malformed { reason }
        });
        node.handle(task_done(running, failure));
        assert_eq!(node.failure(), Some(&expected));
        assert_eq!((node.state.stored(), node.stores()), ((0, 0), vec![]));
        let held = node.state.held();
        assert_eq!((held.parts, held.in_flight, held.reserved_bytes), (0, 0, 0));
        assert_eq!(held.resident_bytes, 0);
    }
}

#[test]
fn outputs_that_are_not_in_the_tables_fail_the_part() {
    for outputs in [0, 5, u32::MAX] {
        let mut node = Node::new(4);
        let mut chunk = three_at_once();
        chunk.tasks[1].outputs = outputs;
        node.begin(PLAN, chunk);
        let reason = "a task of PlanId(1) has an index outside its tables".to_owned();
        assert_eq!(node.failure(), Some(&Failure::Malformed { reason }), "{outputs}");
    }
}

#[test]
fn an_input_is_taken_only_at_its_last_use() {
    let mut node = Node::new(4);
    node.begin(
        PLAN,
        Chunk {
            blocks: vec![
                block(0, 3, 0, Origin::Received),
                block(1, 0, 0, Origin::Made { kept: true }),
                block(2, 0, 0, Origin::Made { kept: true }),
            ],
            ops: vec![add(), Op::Map(Program::unary(UnaryOp::Exp, DType::Float64))],
            tasks: vec![task(2, 1), TaskEntry { op: 1, ..task(1, 2) }],
            inputs: vec![0, 0, 0],
            receives: vec![ReceiveEntry { block: 0, from: NodeId(1), needed_by: 0 }],
        },
    );
    node.arrive(PLAN, name(0));
    assert_eq!(node.runs(), [(0, vec![false, false]), (1, vec![false])]);
    node.done(0);
    node.done(1);
    assert_eq!(node.state.stored(), (2, 16));
}

#[test]
fn cancelling_gives_everything_back_but_what_earlier_plans_made() {
    let mut node = Node::new(4);
    let earlier = Chunk {
        blocks: vec![block(9, 0, 0, Origin::Made { kept: true })],
        ops: vec![Op::Map(Program::unary(UnaryOp::Exp, DType::Float64))],
        tasks: vec![task(0, 0)],
        inputs: vec![],
        receives: vec![],
    };
    node.begin(PLAN, earlier);
    node.done(0);
    assert!(node.finished().is_some());
    let later = PlanId(2);
    node.begin(
        later,
        Chunk {
            blocks: vec![
                block(9, 5, 1, Origin::Source),
                block(1, 1, 0, Origin::Received),
                block(2, 0, 0, Origin::Made { kept: true }),
            ],
            ops: vec![add()],
            // Four more readers of a9 would come in a later chunk.
            tasks: vec![task(2, 2)],
            inputs: vec![0, 1],
            receives: vec![ReceiveEntry { block: 1, from: NodeId(1), needed_by: 0 }],
        },
    );
    node.arrive(later, name(1));
    assert_eq!(node.runs().len(), 1);
    node.receive(&session(), Message::Cancel { job: job(), plan: later });
    assert_eq!(node.state.stored(), (1, 8));
    // The task that was running comes back to nobody.
    let running = TaskRef { plan: later, job: job(), task: 0 };
    node.handle(task_done(running, Ok(1)));
    assert_eq!(node.state.stored(), (1, 8));
    node.receive(&session(), Message::Release { job: job(), blocks: vec![name(9)] });
    assert_eq!(node.state.stored(), (0, 0), "the uses of the cancelled plan were given back");
}

#[test]
fn a_slot_that_is_used_again_is_safe_from_a_plan_that_is_out_of_date() {
    let mut node = Node::new(4);
    let exp = || vec![Op::Map(Program::unary(UnaryOp::Exp, DType::Float64))];
    let made = |array| block(array, 0, 0, Origin::Made { kept: true });
    node.begin(
        PLAN,
        Chunk {
            blocks: vec![made(1)],
            ops: exp(),
            tasks: vec![task(0, 0)],
            inputs: vec![],
            receives: vec![],
        },
    );
    // Plan 2 reads what plan 1 is still making.
    node.begin(
        PlanId(2),
        Chunk {
            blocks: vec![block(1, 1, 0, Origin::Source), made(2)],
            ops: exp(),
            tasks: vec![task(1, 1)],
            inputs: vec![0],
            receives: vec![],
        },
    );
    let running = TaskRef { plan: PLAN, job: job(), task: 0 };
    let failure = Failure::Malformed { reason: "a test".to_owned() };
    node.handle(task_done(running, Err(failure)));
    // Plan 3 takes the slot of a1 for its own a3, before the session's cancel of plan 2 comes.
    let third = PlanId(3);
    node.begin(
        third,
        Chunk {
            blocks: vec![block(3, 1, 0, Origin::Received), made(4)],
            ops: exp(),
            tasks: vec![task(1, 1)],
            inputs: vec![0],
            receives: vec![ReceiveEntry { block: 0, from: NodeId(1), needed_by: 0 }],
        },
    );
    node.receive(&session(), Message::Cancel { job: job(), plan: PlanId(2) });
    node.arrive(third, name(3));
    assert_eq!(node.runs(), [(0, vec![true])], "plan 3 has its block, and is its last reader");
    let running = TaskRef { plan: third, job: job(), task: 0 };
    node.handle(task_done(running, Ok(1)));
    assert_eq!(node.finished().map(|measured| measured.tasks), Some(1));
    assert_eq!(node.state.stored(), (1, 8));
}

#[test]
fn a_copy_that_can_no_longer_come_or_is_not_what_was_planned_fails_the_plan() {
    let failed = |node: &Node| {
        let failed = |instruction: &Instruction| {
            matches!(instruction, Instruction::Send { message: Message::Failed { .. }, .. })
        };
        node.out.iter().any(failed)
    };
    let mut node = Node::new(4);
    node.begin(PLAN, add_two());
    node.arrive(PLAN, name(1));
    node.handle(Event::MemberDown { member: MemberId::new("node-0") });
    assert!(!failed(&node), "nothing was to come from node 0");
    node.handle(Event::MemberDown { member: MemberId::new("node-1") });
    assert!(failed(&node));
    assert_eq!(node.state.stored(), (0, 0));

    let mut node = Node::new(4);
    node.begin(PLAN, add_two());
    node.handle(Event::BlockArrived { key: key(Some(PLAN), name(1)), bytes: 16 });
    assert!(failed(&node));
}

#[test]
fn a_copy_that_comes_damaged_is_pulled_again_some_times_and_then_fails_the_plan() {
    let from = MemberId::new("node-1");
    let reason = "checksum mismatch".to_owned();
    let damaged = |reason: &String| Event::BlockFailed {
        from: from.clone(),
        key: key(Some(PLAN), name(2)),
        reason: reason.clone(),
    };
    let mut node = Node::new(4);
    node.begin(PLAN, add_two());
    for _ in 0..4 {
        node.handle(damaged(&reason));
        assert_eq!(node.pulls(), [name(2)]);
    }
    node.handle(damaged(&reason));
    let failure = Failure::Transfer { block: name(2), from: from.clone(), reason: reason.clone() };
    let failed = Message::Failed { job: job(), plan: PLAN, epoch: 0, failure };
    let [Instruction::Send { to, message }, ..] = node.out.as_slice() else {
        panic!("{:?}", node.out)
    };
    assert_eq!((to, message), (&session(), &failed));
    assert_eq!(node.state.stored(), (0, 0));
    node.handle(damaged(&reason));
    assert!(node.out.is_empty(), "the plan is gone");
}

#[test]
fn pulls_of_strangers_are_dropped_and_those_for_plans_that_are_gone_refused() {
    let mut node = Node::new(4);
    node.begin(PLAN, add_two());
    let refused = |node: &Node| {
        let refused = |instruction: &Instruction| {
            matches!(instruction, Instruction::Send { message: Message::PullRefused { .. }, .. })
        };
        node.out.iter().any(refused)
    };
    let pull =
        || Message::Pull { job: job(), plan: Some(PLAN), blocks: vec![name(3)], received: vec![] };
    node.receive(&MemberId::new("stranger"), pull());
    assert_eq!((node.out.len(), node.state.refused()), (0, 1));
    node.receive(&session(), Message::Cancel { job: job(), plan: PLAN });
    node.receive(&MemberId::new("node-1"), pull());
    assert!(refused(&node));
}

#[test]
fn a_session_that_goes_takes_its_blocks_and_plans_along() {
    let mut node = Node::new(4);
    node.begin(PLAN, add_two());
    node.arrive(PLAN, name(1));
    node.handle(Event::MemberDown { member: session() });
    assert_eq!(node.state.stored(), (0, 0));
    node.arrive(PLAN, name(2));
    assert_eq!((node.runs(), node.state.stored()), (vec![], (0, 0)));
}

#[test]
fn only_its_own_session_commands_a_job() {
    let mut node = Node::new(4);
    node.begin(PLAN, add_two());
    node.arrive(PLAN, name(1));
    let stranger = MemberId::new("another session");
    node.receive(&stranger, Message::Cancel { job: job(), plan: PLAN });
    node.receive(&stranger, Message::Release { job: job(), blocks: vec![name(1)] });
    let chunk = Chunk { ops: vec![add()], ..Chunk::default() };
    node.receive(&stranger, Message::Chunk { job: job(), plan: PLAN, epoch: 0, chunk });
    node.arrive(PLAN, name(2));
    assert_eq!(node.runs().len(), 1, "the plan goes on");
}

#[test]
fn tables_that_point_nowhere_fail_the_plan_and_not_the_node() {
    for chunk in [
        Chunk { tasks: vec![task(0, 7)], inputs: vec![], ..Chunk::default() },
        Chunk { blocks: vec![block(5, 1, 0, Origin::Source)], ..Chunk::default() },
        Chunk {
            receives: vec![ReceiveEntry { block: 1, from: NodeId(0), needed_by: 0 }],
            ..Chunk::default()
        },
    ] {
        let mut node = Node::new(4);
        let nodes = vec![MemberId::new("node-0")];
        let begin = Message::Begin {
            job: job(),
            plan: PLAN,
            epoch: 0,
            nodes,
            tasks: 1,
            sends: 0,
            uploads: 0,
            allowance: ALLOWANCE,
        };
        node.reserve(PLAN);
        node.receive(&session(), begin);
        let out =
            node.receive(&session(), Message::Chunk { job: job(), plan: PLAN, epoch: 0, chunk });
        let failed = |instruction: &Instruction| {
            matches!(instruction, Instruction::Send { message: Message::Failed { .. }, .. })
        };
        assert!(out.iter().any(failed), "{out:?}");
        node.begin(PlanId(2), add_two());
        assert_eq!(node.pulls().len(), 2);
    }
}

/// Takes a1 and a2 over from the session.
fn begin_upload(node: &mut Node, plan: PlanId) {
    let part = crate::part::takes_over(&[(name(1), 8), (name(2), 8)], NodeId(0));
    let nodes = vec![session()];
    let begin = Message::Begin {
        job: job(),
        plan,
        epoch: 0,
        nodes,
        tasks: 0,
        sends: 0,
        uploads: 2,
        allowance: ALLOWANCE,
    };
    node.reserve(plan);
    node.receive(&session(), begin);
    for chunk in part.chunks {
        node.receive(&session(), Message::Chunk { job: job(), plan, epoch: 0, chunk });
    }
}

#[test]
fn an_upload_is_pulled_within_the_window_kept_and_waited_for() {
    let mut node = Node::new(1);
    begin_upload(&mut node, PLAN);
    assert_eq!(node.pulls(), [name(1)]);
    let reader = Chunk {
        blocks: vec![
            block(1, 1, 0, Origin::Source),
            block(2, 1, 0, Origin::Source),
            block(3, 0, 0, Origin::Made { kept: true }),
        ],
        ops: vec![add()],
        tasks: vec![task(2, 2)],
        inputs: vec![0, 1],
        receives: vec![],
    };
    node.begin(PlanId(2), reader);
    node.arrive(PLAN, name(1));
    assert_eq!((node.pulls(), node.finished()), (vec![name(2)], None));
    node.receive(&session(), Message::Release { job: job(), blocks: vec![name(1), name(2)] });
    node.arrive(PLAN, name(2));
    assert_eq!(
        node.finished(),
        Some(Measured { bytes_in: 16, bytes_out: 0, tasks: 0, peak_bytes: 16, time_us: 0 })
    );
    assert_eq!(node.runs(), [(0, vec![true, true])], "released, and still to be read");
    node.arrive(PLAN, name(2));
    let running = TaskRef { plan: PlanId(2), job: job(), task: 0 };
    node.handle(task_done(running, Ok(1)));
    assert_eq!(node.state.stored(), (1, 8));
}

#[test]
fn a_copy_is_passed_on_though_its_block_has_come_for_good_since() {
    let mut node = Node::new(4);
    let relays = Chunk {
        blocks: vec![block(1, 0, 1, Origin::Received)],
        receives: vec![ReceiveEntry { block: 0, from: NodeId(0), needed_by: 0 }],
        ..Chunk::default()
    };
    node.begin(PLAN, relays);
    node.arrive(PLAN, name(1));
    // The node that made it hands it on, and leaves.
    begin_upload(&mut node, PlanId(2));
    node.arrive(PlanId(2), name(1));
    let pull =
        Message::Pull { job: job(), plan: Some(PLAN), blocks: vec![name(1)], received: vec![] };
    node.receive(&MemberId::new("node-1"), pull);
    assert_eq!((node.sent_blocks(), node.finished().is_some()), (1, true));
}

#[test]
fn an_upload_that_fails_leaves_nothing() {
    let refused = |block| {
        let reason = "a test".to_owned();
        Message::PullRefused { job: job(), plan: Some(PLAN), block, reason }
    };
    let mut node = Node::new(1);
    begin_upload(&mut node, PLAN);
    node.arrive(PLAN, name(1));
    node.receive(&session(), refused(name(2)));
    let failed = |instruction: &Instruction| {
        matches!(instruction, Instruction::Send { message: Message::Failed { .. }, .. })
    };
    assert!(node.out.iter().any(failed), "{:?}", node.out);
    assert_eq!(node.state.stored(), (0, 0));
    node.arrive(PLAN, name(2));
    assert_eq!(node.state.stored(), (0, 0), "it came too late");
}
