//! Events in, instructions out: the driver's state machine without a shell.

mod drain;

use super::state::{DriverConfig, Event, Instruction, RequestId, State};
use crate::block_key::BlockKey;
use crate::message::{Answer, Capacity, Shortage};
use crate::request::{Outcome, Placed, Put, Reply, Request, Submission};
use crate::{
    ClusterError, Failure, JobId, Measured, Member, MemberId, Message, Phase, PlanId, Role, Span,
};
use nums_lshs::array_op::{self, ArraySpec, BlockArray};
use nums_lshs::rewrite::Rules;
use nums_lshs::{
    ArrayId, BinaryOp, BlockName, Constant, Creation, DType, Grid, Op, Place, Program, Shape,
    TaskGraph,
};
use std::time::Duration;

fn node(number: u64) -> Member {
    Member { id: MemberId::new(format!("node-{number}")), role: Role::Node, order: (0, number) }
}

fn session() -> MemberId {
    MemberId::new("session")
}

fn job() -> JobId {
    JobId::of(&session())
}

/// A machine with the instructions of its last event.
struct Driver {
    state: State,
    out: Vec<Instruction>,
    last: u64,
    now: Duration,
    answer: Option<Answer>,
}

impl Driver {
    fn new(nodes: u64) -> Driver {
        let config = DriverConfig { places: 4, policy: "lshs".to_owned(), rewrites: Rules::all() };
        let state = State::new(session(), config, (0..nodes).map(node).collect());
        let now = Duration::ZERO;
        let mut driver =
            Driver { state, out: Vec::new(), last: 0, now, answer: Some(Answer::Granted) };
        driver.handle(Event::Tick);
        driver
    }

    /// Nodes answer greetings at once, and requests for memory as the test says.
    fn handle(&mut self, event: Event) {
        self.out.clear();
        self.state.handle(self.now, event, &mut self.out);
        let mut seen = 0;
        while let Some(instruction) = self.out.get(seen) {
            seen += 1;
            let Instruction::Send { to, message } = instruction else { continue };
            let from = to.clone();
            let message = match (message, self.answer) {
                (Message::Hello { .. }, _) => {
                    let capacity = Capacity { workers: 1, memory_bytes: 1 << 20 };
                    Message::Welcome { capacity, draining: false }
                }
                (&Message::Reserve { job, plan, patient, .. }, Some(answer)) => {
                    Message::Reserved { job, plan, patient, answer }
                }
                _ => continue,
            };
            self.state.handle(self.now, Event::Message { from, message }, &mut self.out);
        }
        self.out.retain(|instruction| {
            let message = match instruction {
                Instruction::Send { message, .. } => message,
                _ => return true,
            };
            !matches!(message, Message::Hello { .. } | Message::Reserve { .. })
        });
        assert!(self.state.replays(), "the journal gives the facts");
    }

    fn request(&mut self, request: Request) -> RequestId {
        self.last += 1;
        let id = RequestId(self.last);
        self.handle(Event::Request { id, request });
        id
    }

    fn message(&mut self, from: u64, message: Message) {
        self.handle(Event::Message { from: node(from).id, message });
    }

    fn finish(&mut self, from: u64, plan: u64) {
        let (plan, measured) = (PlanId(plan), Measured::default());
        self.message(
            from,
            Message::Finished { job: job(), plan, epoch: 0, measured, span: Span::default() },
        );
    }

    fn answer(&self, wanted: RequestId) -> Option<&Outcome> {
        self.out.iter().find_map(|instruction| match instruction {
            Instruction::Reply { id, outcome } if *id == wanted => Some(outcome),
            _ => None,
        })
    }

    /// The receivers of messages of a kind.
    fn sent(&self, kind: impl Fn(&Message) -> bool) -> Vec<&str> {
        let receiver = |instruction: &'_ Instruction| match instruction {
            Instruction::Send { to, message } if kind(message) => Some(to.clone()),
            _ => None,
        };
        let receivers: Vec<_> = self.out.iter().filter_map(receiver).collect();
        let all = ["node-0", "node-1", "node-2"];
        all.into_iter().filter(|name| receivers.iter().any(|to| to.as_str() == *name)).collect()
    }
}

fn spec() -> ArraySpec {
    let shape = Shape::new([8]).unwrap();
    ArraySpec::with_grid(DType::Float64, Grid::uniform(&shape, &[2]), 4)
}

/// Array `array`: four blocks of ones.
fn ones(array: u64) -> TaskGraph {
    let mut graph = TaskGraph::new(ArrayId(100));
    let ones = Creation::Full(Constant::float64(1.0));
    array_op::create(&mut graph, ArrayId(array), ones, &spec()).unwrap().keep(&mut graph);
    graph
}

/// Array `array` = array `from` + 1.
fn plus_one(from: u64, array: u64) -> TaskGraph {
    let mut graph = TaskGraph::new(ArrayId(200));
    let source = BlockArray::source(&mut graph, ArrayId(from), &spec(), |_| Vec::new());
    let program = Program::with_constant(BinaryOp::Add, Constant::float64(1.0));
    array_op::elementwise(&mut graph, ArrayId(array), &program, &[&source], &spec())
        .unwrap()
        .keep(&mut graph);
    graph
}

fn submit(graph: TaskGraph) -> Request {
    Request::Submit(Submission { graph, within: None })
}

fn wait_for(arrays: Vec<ArrayId>) -> Request {
    Request::Wait { arrays, within: None }
}

#[test]
fn a_submission_is_shipped_and_those_who_wait_hear_when_all_parts_are_done() {
    let mut driver = Driver::new(2);
    driver.request(submit(ones(1)));
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Begin { .. })),
        ["node-0", "node-1"]
    );
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Chunk { .. })),
        ["node-0", "node-1"]
    );
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    driver.finish(0, 1);
    assert_eq!(driver.answer(wait), None);
    driver.finish(1, 1);
    let Some(Ok(Reply::Located(blocks))) = driver.answer(wait) else { panic!("{:?}", driver.out) };
    let holders: Vec<_> = blocks.iter().map(|at| (at.block.index, at.node.as_str())).collect();
    assert_eq!(holders, [(0, "node-0"), (1, "node-0"), (2, "node-1"), (3, "node-1")]);
    driver.request(Request::Release(vec![ArrayId(1)]));
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Release { .. })),
        ["node-0", "node-1"]
    );
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    assert_eq!(driver.answer(wait), Some(&Err(ClusterError::UnknownArray(1))));
}

#[test]
fn a_failure_ends_the_plan_and_all_that_read_its_arrays() {
    let mut driver = Driver::new(2);
    driver.request(submit(ones(1)));
    driver.request(submit(plus_one(1, 2)));
    driver.request(submit(ones(3)));
    let dependent = driver.request(wait_for(vec![ArrayId(2)]));
    let independent = driver.request(wait_for(vec![ArrayId(3)]));
    let failure = Failure::Malformed { reason: "a test".to_owned() };
    let failed =
        Message::Failed { job: job(), plan: PlanId(1), epoch: 0, failure: failure.clone() };
    driver.message(1, failed);
    let cancelled: Vec<_> = driver
        .out
        .iter()
        .filter_map(|instruction| match instruction {
            Instruction::Send { message: Message::Cancel { plan, .. }, .. } => Some(plan.0),
            _ => None,
        })
        .collect();
    assert_eq!(cancelled, [2, 2, 1, 1], "the latest first, on every node");
    let error = ClusterError::Task { node: node(1).id, failure };
    assert_eq!(driver.answer(dependent), Some(&Err(error.clone())));
    assert_eq!(driver.answer(independent), None);
    driver.finish(0, 3);
    driver.finish(1, 3);
    assert!(matches!(driver.answer(independent), Some(Ok(_))));
    driver.request(submit(plus_one(2, 4)));
    let later = driver.request(wait_for(vec![ArrayId(4)]));
    assert_eq!(driver.answer(later), Some(&Err(error)), "what reads a lost array is lost");
}

#[test]
fn an_array_is_made_again_when_its_plan_was_given_up() {
    let mut driver = Driver::new(2);
    driver.request(submit(ones(1)));
    driver.request(Request::CancelAll);
    let given_up = driver.request(wait_for(vec![ArrayId(1)]));
    assert_eq!(driver.answer(given_up), Some(&Err(ClusterError::Cancelled)));
    driver.out.clear();
    driver.request(submit(ones(1)));
    let released = driver.sent(|message| matches!(message, Message::Release { .. }));
    assert_eq!(released, ["node-0", "node-1"], "what is left of it goes first");
    let made = driver.request(wait_for(vec![ArrayId(1)]));
    assert_eq!(driver.answer(made), None);
    driver.finish(0, 2);
    driver.finish(1, 2);
    assert!(matches!(driver.answer(made), Some(Ok(_))));
}

#[test]
fn a_lost_node_loses_its_arrays_and_plans_and_no_others() {
    let mut driver = Driver::new(2);
    driver.request(submit(ones(1)));
    driver.finish(0, 1);
    driver.finish(1, 1);
    driver.handle(Event::MemberDown { member: node(1).id, reason: "a test".to_owned() });
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    let lost = ClusterError::NodeLost { node: node(1).id, reason: "a test".to_owned() };
    assert_eq!(driver.answer(wait), Some(&Err(lost)));
    driver.request(submit(ones(2)));
    assert_eq!(driver.sent(|message| matches!(message, Message::Begin { .. })), ["node-0"]);
    driver.handle(Event::MemberUp(node(2)));
    driver.request(submit(ones(3)));
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Begin { .. })),
        ["node-0", "node-2"],
        "a node that joins is used by the next plan"
    );
}

#[test]
fn without_nodes_there_is_an_error_and_not_a_hang() {
    let mut driver = Driver::new(0);
    driver.request(submit(ones(1)));
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    let none = ClusterError::Plan(nums_lshs::PlanError::NoNodes);
    assert_eq!(driver.answer(wait), Some(&Err(none)));
    let status = driver.request(Request::Status);
    assert_eq!(driver.answer(status), Some(&Ok(Reply::Status(Vec::new()))));
}

#[test]
fn reports_of_other_jobs_count_for_nothing() {
    let mut driver = Driver::new(1);
    driver.request(submit(ones(1)));
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    let measured = Measured::default();
    driver.message(
        0,
        Message::Finished {
            job: JobId(8),
            plan: PlanId(1),
            epoch: 0,
            measured,
            span: Span::default(),
        },
    );
    driver.message(
        5,
        Message::Finished {
            job: job(),
            plan: PlanId(1),
            epoch: 0,
            measured,
            span: Span::default(),
        },
    );
    assert_eq!(driver.answer(wait), None);
    driver.finish(0, 1);
    assert!(matches!(driver.answer(wait), Some(Ok(_))));
}

/// Array 1 from the client: its first block for the last of two nodes, the others for the first.
fn put() -> Request {
    let blocks = [3, 0, 0, 1].map(|place| (Place(place), 16)).to_vec();
    Request::Put(Put { array: ArrayId(1), blocks, within: None })
}

#[test]
fn what_is_put_is_served_to_its_owners_only_and_forgotten_when_it_is_there() {
    let mut driver = Driver::new(2);
    driver.request(put());
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Begin { uploads: 3, .. })),
        ["node-0"]
    );
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Begin { uploads: 1, .. })),
        ["node-1"]
    );
    driver.request(submit(plus_one(1, 2)));
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    let block = BlockName { array: ArrayId(1), index: 0 };
    let plan = Some(PlanId(1));
    let pull = || Message::Pull { job: job(), plan, blocks: vec![block], received: vec![] };
    driver.message(0, pull());
    assert_eq!(driver.sent(|message| matches!(message, Message::PullRefused { .. })), ["node-0"]);
    driver.message(1, pull());
    let key = BlockKey { job: job(), plan, block };
    assert_eq!(driver.out, [Instruction::SendPut { to: node(1).id, key }]);
    driver.finish(0, 1);
    assert_eq!(driver.out, []);
    driver.finish(1, 1);
    assert!(driver.out.contains(&Instruction::ForgetPut(ArrayId(1))), "{:?}", driver.out);
    let located = |index, number| {
        let block = BlockName { array: ArrayId(1), index };
        Placed { block, node: node(number).id, bytes: 16 }
    };
    let there =
        Ok(Reply::Located(vec![located(0, 1), located(1, 0), located(2, 0), located(3, 0)]));
    assert_eq!(driver.answer(wait), Some(&there));
}

#[test]
fn an_upload_that_is_lost_is_an_error_for_all_that_read_it() {
    let mut driver = Driver::new(2);
    driver.request(put());
    driver.request(submit(plus_one(1, 2)));
    let reader = driver.request(wait_for(vec![ArrayId(2)]));
    driver.handle(Event::MemberDown { member: node(1).id, reason: "a test".to_owned() });
    assert!(driver.out.contains(&Instruction::ForgetPut(ArrayId(1))), "{:?}", driver.out);
    let lost = ClusterError::NodeLost { node: node(1).id, reason: "a test".to_owned() };
    assert_eq!(driver.answer(reader), Some(&Err(lost)));

    let mut driver = Driver::new(0);
    driver.request(put());
    assert_eq!(driver.out, [Instruction::ForgetPut(ArrayId(1))], "no node takes it");
}

#[test]
fn a_plan_that_no_memory_is_granted_for_is_refused_before_it_runs() {
    let mut driver = Driver::new(2);
    let shortage = Shortage { need_bytes: 32, free_bytes: 16, budget_bytes: 64 };
    driver.answer = Some(Answer::Refused(shortage));
    let wait = driver.request(wait_for(vec![]));
    assert_eq!(driver.answer(wait), Some(&Ok(Reply::Located(vec![]))));
    driver.request(submit(ones(1)));
    assert_eq!(driver.sent(|message| matches!(message, Message::Begin { .. })), [""; 0]);
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Cancel { .. })),
        ["node-0", "node-1"],
        "what the other node may have granted is given back"
    );
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    let Shortage { need_bytes, free_bytes, budget_bytes } = shortage;
    let node = node(0).id;
    let error = ClusterError::OutOfMemory { array: 1, node, need_bytes, free_bytes, budget_bytes };
    assert_eq!(driver.answer(wait), Some(&Err(error)));
    driver.answer = Some(Answer::Granted);
    driver.request(submit(ones(2)));
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Begin { .. })),
        ["node-0", "node-1"]
    );
}

#[test]
fn where_a_node_is_busy_the_nodes_are_asked_one_after_the_other() {
    let mut driver = Driver::new(2);
    driver.answer = None;
    driver.request(submit(ones(1)));
    let answer =
        |patient, answer| Message::Reserved { job: job(), plan: PlanId(1), patient, answer };
    driver.message(0, answer(false, Answer::Granted));
    let shortage = Shortage { need_bytes: 32, free_bytes: 0, budget_bytes: 32 };
    driver.message(1, answer(false, Answer::Busy(shortage)));
    let cancelled = |message: &Message| matches!(message, Message::Cancel { .. });
    assert_eq!(driver.sent(cancelled), ["node-0", "node-1"]);
    driver.message(1, answer(true, Answer::Granted));
    driver.message(0, answer(false, Answer::Granted));
    let begun = |message: &Message| matches!(message, Message::Begin { .. });
    assert_eq!(driver.sent(begun), [""; 0], "node 0 has not answered the second request");
    driver.message(0, answer(true, Answer::Granted));
    assert_eq!(driver.sent(begun), ["node-0", "node-1"]);
}

#[test]
fn a_node_that_has_too_little_memory_for_running_ahead_is_asked_for_that_of_the_steps() {
    let mut graph = TaskGraph::new(ArrayId(100));
    let work = |bytes| {
        let (kind, output_bytes) = ("work".to_owned(), vec![bytes]);
        Op::Opaque { kind, flops: 1, output_bytes }
    };
    for index in 0..4 {
        let name = |array| BlockName { array: ArrayId(array), index };
        let temporary = graph.task(work(100), &[], Place(index), name(100)).unwrap();
        let kept = graph.task(work(8), &[temporary], Place(index), name(1)).unwrap();
        graph.keep(kept);
    }
    let allowed = |driver: &Driver| {
        let allowances = driver.out.iter().filter_map(|instruction| match instruction {
            Instruction::Send { message: Message::Begin { allowance, .. }, .. } => {
                Some(allowance.bytes_max)
            }
            _ => None,
        });
        allowances.collect::<Vec<_>>()
    };
    let mut driver = Driver::new(1);
    driver.request(submit(graph.clone()));
    assert_eq!(allowed(&driver), [4 * (100 + 8)], "all of it may be there at once");
    let mut driver = Driver::new(1);
    driver.answer = None;
    driver.request(submit(graph.clone()));
    let answer =
        |patient, answer| Message::Reserved { job: job(), plan: PlanId(1), patient, answer };
    let shortage = Shortage { need_bytes: 432, free_bytes: 200, budget_bytes: 1 << 20 };
    driver.message(0, answer(false, Answer::Busy(shortage)));
    driver.message(0, answer(true, Answer::Refused(shortage)));
    assert_eq!(allowed(&driver), [0; 0]);
    driver.message(0, answer(true, Answer::Granted));
    assert_eq!(allowed(&driver), [100 + 4 * 8], "one temporary, and what stays");
    // What is refused once more is refused.
    let mut driver = Driver::new(1);
    driver.answer = None;
    driver.request(submit(graph));
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    driver.message(0, answer(false, Answer::Busy(shortage)));
    driver.message(0, answer(true, Answer::Refused(shortage)));
    driver.message(0, answer(true, Answer::Refused(shortage)));
    let refused = driver.answer(wait);
    assert!(matches!(refused, Some(Err(ClusterError::OutOfMemory { .. }))), "{refused:?}");
}

#[test]
fn cancelling_ends_a_plan_at_every_point_with_all_that_read_it() {
    for (answer, done) in [(None, 0), (Some(Answer::Granted), 0), (Some(Answer::Granted), 1)] {
        let mut driver = Driver::new(2);
        driver.answer = answer;
        driver.request(submit(ones(1)));
        driver.request(submit(plus_one(1, 2)));
        let waits = [1, 2].map(|array| driver.request(wait_for(vec![ArrayId(array)])));
        (0..done).for_each(|node| driver.finish(node, 1));
        driver.request(Request::Cancel(vec![ArrayId(1)]));
        for wait in waits {
            assert_eq!(driver.answer(wait), Some(&Err(ClusterError::Cancelled)));
        }
        let cancelled = |message: &Message| matches!(message, Message::Cancel { .. });
        assert_eq!(driver.sent(cancelled), ["node-0", "node-1"]);
        driver.answer = Some(Answer::Granted);
        driver.request(submit(ones(3)));
        let begun = |message: &Message| matches!(message, Message::Begin { .. });
        assert_eq!(driver.sent(begun), ["node-0", "node-1"], "the next plan goes on");
    }
    let mut driver = Driver::new(1);
    driver.request(submit(ones(1)));
    driver.finish(0, 1);
    driver.request(Request::Cancel(vec![ArrayId(1)]));
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    assert!(matches!(driver.answer(wait), Some(Ok(_))), "what is done stays");
}

#[test]
fn deadlines_end_requests_and_plans_and_say_how_far_they_were() {
    let second = Duration::from_secs(1);
    let mut driver = Driver::new(2);
    driver.answer = None;
    let graph = |array| Submission { graph: ones(array), within: Some(second) };
    driver.request(Request::Submit(graph(1)));
    driver.request(Request::Submit(graph(2)));
    let arrays = vec![ArrayId(1)];
    let wait = driver.request(Request::Wait { arrays, within: Some(second / 2) });
    driver.now = second / 2;
    driver.handle(Event::Tick);
    let after = second / 2;
    let early = Err(ClusterError::Timeout { phase: Phase::Reserving, after });
    assert_eq!(driver.answer(wait), Some(&early));
    driver.now = second;
    driver.handle(Event::Tick);
    for (array, phase) in [(1, Phase::Reserving), (2, Phase::Queued)] {
        let wait = driver.request(wait_for(vec![ArrayId(array)]));
        let late = Err(ClusterError::Timeout { phase, after: second });
        assert_eq!(driver.answer(wait), Some(&late));
    }
    driver.answer = Some(Answer::Granted);
    driver.request(Request::Submit(graph(3)));
    driver.now = 2 * second;
    driver.handle(Event::Tick);
    let wait = driver.request(wait_for(vec![ArrayId(3)]));
    let late = Err(ClusterError::Timeout { phase: Phase::Running, after: second });
    assert_eq!(driver.answer(wait), Some(&late));
    assert_eq!(driver.state.open(), 0);
}

#[test]
fn reports_of_an_earlier_epoch_count_for_nothing() {
    let mut driver = Driver::new(2);
    driver.handle(Event::MemberDown { member: node(1).id, reason: "a test".to_owned() });
    driver.request(submit(ones(1)));
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    driver.finish(0, 1);
    assert_eq!((driver.answer(wait), driver.state.refused()), (None, 1));
    let (plan, measured) = (PlanId(1), Measured::default());
    driver.message(
        0,
        Message::Finished { job: job(), plan, epoch: 1, measured, span: Span::default() },
    );
    assert!(matches!(driver.answer(wait), Some(Ok(_))));
}

#[test]
fn what_is_released_makes_room_for_a_plan_that_waits_for_memory() {
    let mut driver = Driver::new(1);
    driver.request(submit(ones(1)));
    driver.finish(0, 1);
    driver.answer = None;
    driver.request(submit(ones(2)));
    driver.request(submit(plus_one(2, 3)));
    let released = |message: &Message| matches!(message, Message::Release { .. });
    driver.request(Request::Release(vec![ArrayId(1)]));
    assert_eq!(driver.sent(released), ["node-0"], "no plan that waits reads it");
    driver.request(Request::Release(vec![ArrayId(2)]));
    assert_eq!(driver.sent(released), [""; 0], "a plan that waits reads it");
    driver.answer = Some(Answer::Granted);
    let (plan, patient, answer) = (PlanId(2), false, Answer::Granted);
    driver.message(0, Message::Reserved { job: job(), plan, patient, answer });
    assert_eq!(driver.sent(released), ["node-0"], "its reader has begun");
}
