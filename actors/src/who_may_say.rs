//! Who may send which message: a row for every kind, tried on a node and on a driver from everyone. A kind without a
//! number does not compile, and one without a row fails.

use crate::driver::state::{self as driver, DriverConfig};
use crate::message::{Answer, Capacity};
use crate::node::Allowance;
use crate::node::state::{self as node, Limits};
use crate::part::Chunk;
use crate::request::{Request, Submission};
use crate::{Failure, JobId, Measured, Member, MemberId, Message, NodeStatus, PlanId, Role, Span};
use nums_lshs::array_op::{ArraySpec, create};
use nums_lshs::rewrite::Rules;
use nums_lshs::{
    ArrayId, BlockName, Constant, Creation, DType, Grid, Op, Program, Shape, TaskGraph, UnaryOp,
};
use std::time::Duration;

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    /// The session of the job.
    Session,
    /// Another session, which has a lease of its own, or an observer.
    OtherSession,
    /// A node that has a part of the plan.
    PlanNode,
    /// A member of which nothing is known.
    Stranger,
}

use Sender::{OtherSession, PlanNode, Session, Stranger};

const SENDERS: [Sender; 4] = [Session, OtherSession, PlanNode, Stranger];
const PLAN: PlanId = PlanId(1);
const ALL: &[Sender] = &SENDERS;
const NOBODY: &[Sender] = &[];

/// A kind of message, who may say it to a node, and who to a driver.
type Row = (Message, &'static [Sender], &'static [Sender]);

fn member(sender: Sender) -> MemberId {
    MemberId::new(match sender {
        Session => "session",
        OtherSession => "observer",
        PlanNode => "node-1",
        Stranger => "stranger",
    })
}

fn job() -> JobId {
    JobId::of(&member(Session))
}

/// Numbers the kinds: a new one has to be numbered here, and to get a row below.
fn kind(message: &Message) -> usize {
    match message {
        Message::Hello { .. } => 0,
        Message::Welcome { .. } => 1,
        Message::Renew { .. } => 2,
        Message::Reserve { .. } => 3,
        Message::Reserved { .. } => 4,
        Message::Begin { .. } => 5,
        Message::Chunk { .. } => 6,
        Message::Cancel { .. } => 7,
        Message::Release { .. } => 8,
        Message::Finished { .. } => 9,
        Message::Failed { .. } => 10,
        Message::Pull { .. } => 11,
        Message::PullRefused { .. } => 12,
        Message::StatusRequest => 13,
        Message::Status(_) => 14,
        Message::Drain => 15,
        Message::DrainEnded { .. } => 16,
        Message::Draining { .. } => 17,
        Message::Drained { .. } => 18,
        Message::Progress { .. } => 19,
    }
}

const KINDS: usize = 20;

fn begin(job: JobId, nodes: Vec<MemberId>) -> Message {
    let allowance = Allowance { bytes_max: 1 << 20, ahead_bytes_max: 1 << 20 };
    let (plan, epoch, tasks) = (PLAN, 0, 1);
    Message::Begin { job, plan, epoch, nodes, tasks, sends: 0, uploads: 0, allowance }
}

fn rows(job: JobId) -> Vec<Row> {
    let (plan, epoch) = (PLAN, 0);
    let block = BlockName { array: ArrayId(1), index: 0 };
    let blocks = vec![block];
    let reason = "a test".to_owned();
    let failure = Failure::Malformed { reason: reason.clone() };
    let (nodes, measured) = (vec![member(PlanNode)], Measured::default());
    let capacity = Capacity { workers: 1, memory_bytes: 1 << 20 };
    let pull = |plan| Message::Pull { job, plan, blocks: vec![block], received: Vec::new() };
    let refused = |plan| Message::PullRefused { job, plan, block, reason: reason.clone() };
    let begin = begin(job, nodes);
    let reserve = Message::Reserve { job, plan, need_bytes: 1, patient: false };
    let reserved = Message::Reserved { job, plan, patient: false, answer: Answer::Granted };
    vec![
        (Message::Hello { job }, &[Session], NOBODY),
        // A node is welcome once, when it has been greeted.
        (Message::Welcome { capacity, draining: false }, NOBODY, NOBODY),
        (Message::Renew { job }, &[Session], NOBODY),
        (reserve, &[Session], NOBODY),
        (reserved, NOBODY, &[PlanNode]),
        (begin, &[Session], NOBODY),
        (Message::Chunk { job, plan, epoch, chunk: Chunk::default() }, &[Session], NOBODY),
        (Message::Cancel { job, plan }, &[Session], NOBODY),
        (Message::Release { job, blocks }, &[Session], NOBODY),
        (
            Message::Finished { job, plan, epoch, measured, span: Span::default() },
            NOBODY,
            &[PlanNode],
        ),
        (Message::Failed { job, plan, epoch, failure }, NOBODY, &[PlanNode]),
        (pull(None), &[Session], NOBODY),
        (pull(Some(PLAN)), &[PlanNode], &[PlanNode]),
        (refused(None), NOBODY, NOBODY),
        (refused(Some(PLAN)), &[PlanNode], NOBODY),
        (Message::StatusRequest, ALL, NOBODY),
        // Nobody has been asked.
        (Message::Status(NodeStatus::default()), NOBODY, NOBODY),
        (Message::Drain, &[PlanNode], NOBODY),
        (Message::DrainEnded { outcome: Ok(()) }, NOBODY, NOBODY),
        (Message::Draining { job, draining: true }, NOBODY, &[PlanNode]),
        (Message::Drained { job, outcome: Ok(()) }, &[Session], NOBODY),
        (Message::Progress { job, plan, epoch, tasks: 0 }, NOBODY, &[PlanNode]),
    ]
}

/// A node that runs a part of the plan, which is served by another node.
fn a_node() -> node::State {
    let limits = Limits {
        weight_in_flight_max: 1,
        window_blocks_max: 1,
        workers: 1,
        memory_bytes: 1 << 20,
        lease: Duration::from_secs(60),
    };
    let mut state = node::State::new(limits);
    let up = Member { id: member(PlanNode), role: Role::Node, order: (0, 1) };
    state.handle(Duration::ZERO, node::Event::MemberUp(up), &mut Vec::new());
    let mut say = |from: Sender, message| {
        let event = node::Event::Message { from: member(from), message };
        state.handle(Duration::ZERO, event, &mut Vec::new());
    };
    say(OtherSession, Message::Hello { job: JobId::of(&member(OtherSession)) });
    say(Session, Message::Hello { job: job() });
    let (plan, epoch, nodes) = (PLAN, 0, vec![MemberId::new("node-0"), member(PlanNode)]);
    say(Session, Message::Reserve { job: job(), plan, need_bytes: 1, patient: false });
    say(Session, begin(job(), nodes));
    let exp = Op::Map(Program::unary(UnaryOp::Exp, DType::Float64));
    let chunk = Chunk { ops: vec![exp], ..Chunk::default() };
    say(Session, Message::Chunk { job: job(), plan, epoch, chunk });
    assert_eq!((state.refused(), state.held().parts), (0, 1));
    state
}

/// A driver whose plan runs on two nodes.
fn a_driver() -> driver::State {
    let node = |(id, order)| Member { id, role: Role::Node, order: (0, order) };
    let nodes = [(MemberId::new("node-0"), 0), (member(PlanNode), 1)].map(node);
    let config = DriverConfig { places: 2, policy: "lshs".to_owned(), rewrites: Rules::all() };
    let mut state = driver::State::new(member(Session), config, nodes.to_vec());
    let mut tell = |event| state.handle(Duration::ZERO, event, &mut Vec::new());
    tell(driver::Event::Tick);
    let capacity = Capacity { workers: 1, memory_bytes: 1 << 20 };
    for node in &nodes {
        let message = Message::Welcome { capacity, draining: false };
        tell(driver::Event::Message { from: node.id.clone(), message });
    }
    let mut graph = TaskGraph::new(ArrayId(100));
    let grid = Grid::uniform(&Shape::new([4]).unwrap(), &[2]);
    let spec = ArraySpec::with_grid(DType::Float64, grid, 2);
    let ones = Creation::Full(Constant::float64(1.0));
    create(&mut graph, ArrayId(1), ones, &spec).unwrap().keep(&mut graph);
    let request = Request::Submit(Submission { graph, within: None });
    tell(driver::Event::Request { id: driver::RequestId(1), request });
    for node in &nodes {
        let (plan, patient, answer) = (PLAN, false, Answer::Granted);
        let message = Message::Reserved { job: job(), plan, patient, answer };
        tell(driver::Event::Message { from: node.id.clone(), message });
    }
    assert_eq!((state.refused(), state.open()), (0, 1));
    state
}

#[test]
fn every_kind_of_message_has_a_row() {
    let mut found: Vec<_> = rows(job()).iter().map(|(message, ..)| kind(message)).collect();
    found.dedup();
    assert_eq!(found, (0..KINDS).collect::<Vec<_>>());
}

#[test]
fn a_node_takes_what_its_sender_may_say_and_drops_and_counts_the_rest() {
    for job in [job(), JobId(1)] {
        for ((message, may, _), sender) in
            rows(job).into_iter().flat_map(|row| SENDERS.map(|sender| (row.clone(), sender)))
        {
            let mut node = a_node();
            let mut out = Vec::new();
            let event = node::Event::Message { from: member(sender), message: message.clone() };
            node.handle(Duration::ZERO, event, &mut out);
            // Of a part that is not here the members are not known: such pulls wait, and such refusals find nothing.
            let unknown = job != self::job()
                && matches!(
                    message,
                    Message::Pull { plan: Some(_), .. }
                        | Message::PullRefused { plan: Some(_), .. }
                );
            let of_no_job = matches!(message, Message::StatusRequest | Message::Drain);
            let other_job = job != self::job() && !of_no_job;
            let permitted = unknown || may.contains(&sender) && !other_job;
            assert_eq!(node.refused() == 0, permitted, "{sender:?} says {message:?} of {job:?}");
            assert!(permitted || out.is_empty(), "{sender:?} says {message:?}: {out:?}");
        }
    }
}

#[test]
fn a_driver_takes_what_its_sender_may_say_and_drops_and_counts_the_rest() {
    for job in [job(), JobId(1)] {
        for ((message, _, may), sender) in
            rows(job).into_iter().flat_map(|row| SENDERS.map(|sender| (row.clone(), sender)))
        {
            let mut driver = a_driver();
            let mut out = Vec::new();
            let event = driver::Event::Message { from: member(sender), message: message.clone() };
            driver.handle(Duration::ZERO, event, &mut out);
            let permitted = may.contains(&sender) && job == self::job();
            assert_eq!(driver.refused() == 0, permitted, "{sender:?} says {message:?} of {job:?}");
            assert!(permitted || out.is_empty(), "{sender:?} says {message:?}: {out:?}");
        }
    }
}
