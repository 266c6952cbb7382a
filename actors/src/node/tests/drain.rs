//! A node that leaves, as it sees itself.

use super::*;
use crate::{Member, Role};

fn asker() -> MemberId {
    MemberId::new("node-7")
}

/// A node that another one knows, and whose session has a block there.
fn node() -> Node {
    let mut node = Node::new(1);
    let member = Member { id: asker(), role: Role::Node, order: (0, 7) };
    node.handle(Event::MemberUp(member));
    let chunk = Chunk {
        blocks: vec![block(1, 1, 0, Origin::Source), block(2, 0, 0, Origin::Made { kept: true })],
        ops: vec![Op::Map(Program::unary(UnaryOp::Exp, DType::Float64))],
        tasks: vec![task(1, 1)],
        inputs: vec![0],
        receives: vec![],
    };
    begin_upload(&mut node, PLAN);
    node.arrive(PLAN, name(1));
    node.arrive(PLAN, name(2));
    node.receive(&session(), Message::Release { job: job(), blocks: vec![name(2)] });
    node.begin(PlanId(2), chunk);
    node
}

/// What is said to a member.
fn said(node: &Node, to: &MemberId) -> Vec<Message> {
    let message = |instruction: &Instruction| match instruction {
        Instruction::Send { to: receiver, message } if receiver == to => Some(message.clone()),
        _ => None,
    };
    node.out.iter().filter_map(message).collect()
}

fn ended(node: &Node) -> Option<Result<(), String>> {
    node.out.iter().find_map(|instruction| match instruction {
        Instruction::DrainEnded(outcome) => Some(outcome.clone()),
        _ => None,
    })
}

#[test]
fn a_node_leaves_when_its_sessions_let_it_go_and_its_work_is_done() {
    let mut node = node();
    node.receive(&asker(), Message::Drain);
    assert_eq!(said(&node, &session()), [Message::Draining { job: job(), draining: true }]);
    node.receive(&asker(), Message::Drain);
    assert_eq!(said(&node, &session()), [], "it is under way");
    node.receive(&session(), Message::Drained { job: job(), outcome: Ok(()) });
    assert_eq!(ended(&node), None, "a task runs");
    // Who comes now is told at once.
    let other = MemberId::new("other");
    node.receive(&other, Message::Hello { job: JobId::of(&other) });
    assert!(matches!(said(&node, &other)[..], [Message::Welcome { draining: true, .. }]));
    let running = TaskRef { plan: PlanId(2), job: job(), task: 0 };
    node.handle(task_done(running, Ok(1)));
    assert_eq!(ended(&node), None, "the other session has not answered");
    node.handle(Event::MemberDown { member: other });
    assert_eq!(ended(&node), Some(Ok(())));
    assert_eq!(said(&node, &asker()), [Message::DrainEnded { outcome: Ok(()) }]);
    assert!(node.state.is_drained());
    node.handle(Event::Tick);
    assert_eq!(ended(&node), None, "it is said once");
}

#[test]
fn a_node_that_a_session_cannot_do_without_stays_and_says_why() {
    let mut node = node();
    node.handle(Event::DrainAsked);
    node.receive(&asker(), Message::Drain);
    let why = "no room".to_owned();
    node.receive(&session(), Message::Drained { job: job(), outcome: Err(why.clone()) });
    assert_eq!(ended(&node), Some(Err(why.clone())));
    assert_eq!(said(&node, &session()), [Message::Draining { job: job(), draining: false }]);
    assert_eq!(said(&node, &asker()), [Message::DrainEnded { outcome: Err(why) }]);
    assert!(!node.state.is_drained());
}

#[test]
fn sessions_and_strangers_drain_no_node() {
    let mut node = node();
    for from in [session(), MemberId::new("stranger")] {
        node.receive(&from, Message::Drain);
    }
    node.handle(Event::MemberDown { member: asker() });
    node.receive(&asker(), Message::Drain);
    assert_eq!((node.state.refused(), said(&node, &session())), (3, vec![]));
}

#[test]
fn a_block_that_is_handed_on_goes_when_it_has_arrived_and_been_released() {
    let mut node = node();
    let running = TaskRef { plan: PlanId(2), job: job(), task: 0 };
    node.handle(task_done(running, Ok(1)));
    let part = crate::part::hands_on(&[(name(1), 8), (name(2), 8)]);
    assert_eq!((part.tasks, part.sends, part.uploads), (0, 2, 0));
    let taker = MemberId::new("node-1");
    for chunk in part.chunks {
        node.begin(PlanId(3), chunk);
    }
    let pull = |blocks: &[u64], received: &[u64]| {
        let names = |arrays: &[u64]| arrays.iter().map(|&array| name(array)).collect();
        let (blocks, received) = (names(blocks), names(received));
        Message::Pull { job: job(), plan: Some(PlanId(3)), blocks, received }
    };
    node.receive(&taker, pull(&[1, 2], &[]));
    assert_eq!((node.sent_blocks(), node.finished().map(|cost| cost.bytes_out)), (2, Some(16)));
    node.receive(&session(), Message::Release { job: job(), blocks: vec![name(1), name(2)] });
    assert_eq!(node.state.stored(), (2, 16), "they may have to be sent again");
    node.receive(&session(), Message::Drained { job: job(), outcome: Ok(()) });
    node.handle(Event::DrainAsked);
    node.receive(&session(), Message::Drained { job: job(), outcome: Ok(()) });
    assert_eq!(ended(&node), None);
    node.receive(&taker, pull(&[], &[1, 2]));
    assert_eq!((node.state.stored(), ended(&node)), ((0, 0), Some(Ok(()))));
}
