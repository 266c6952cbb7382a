//! The decoders of what members send each other, and a node that is told what they make of it: nothing panics, and what
//! is taken is given back the same. See `net/src/fuzz.rs`.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a target fails by panicking")]

use crate::link::{Linked, Packet};
use crate::node::state::{Event, Limits, State};
use crate::part::{Chunk, Part, hands_on, takes_over};
use crate::{Failure, JobId, KernelError, MemberId, Message, PlanId, wire};
use nums_lshs::{ArrayId, BlockName, BlockSpec, DType, NodeId, Op, Program, Shape, UnaryOp};
use nums_net::fuzz::Target;
use std::time::Duration;

const PLAN: PlanId = PlanId(1);

fn session() -> MemberId {
    MemberId::new("session")
}

fn job() -> JobId {
    JobId::of(&session())
}

fn linked(message: Message) -> Packet {
    Packet::Linked(Linked { stream: 3, heard: 2, acknowledged: 1, message: Some((7, message)) })
}

/// The stretches of a part that takes two blocks over, and of one that hands them on and computes.
fn chunks() -> Vec<Chunk> {
    let name = |index| BlockName { array: ArrayId(1), index };
    let blocks = [(name(0), 8), (name(1), 8)];
    let parts = [takes_over(&blocks, NodeId(0)), hands_on(&blocks)];
    let mut chunks: Vec<_> = parts.into_iter().flat_map(|Part { chunks, .. }| chunks).collect();
    chunks[1].ops.push(Op::Map(Program::unary(UnaryOp::Exp, DType::Float64)));
    chunks
}

/// A part that ends with a kernel's error.
fn failed() -> Message {
    let block = BlockName { array: ArrayId(1), index: 0 };
    let error = KernelError::NotPositiveDefinite { pivot: 7 };
    let failure = Failure::Kernel { block, op: "cholesky".to_owned(), error };
    Message::Failed { job: job(), plan: PLAN, epoch: 0, failure }
}

/// A node with a session, and a plan that has begun.
fn node() -> State {
    let limits = Limits {
        weight_in_flight_max: 1,
        window_blocks_max: 1,
        workers: 1,
        memory_bytes: 1 << 20,
        lease: Duration::from_secs(60),
    };
    let mut node = State::new(limits);
    let allowance = crate::node::Allowance { bytes_max: 1 << 20, ahead_bytes_max: 1 << 20 };
    let (job, plan, nodes) = (job(), PLAN, vec![session(), MemberId::new("node-1")]);
    for message in [
        Message::Hello { job },
        Message::Reserve { job, plan, need_bytes: 1, patient: false },
        Message::Begin { job, plan, epoch: 0, nodes, tasks: 4, sends: 4, uploads: 4, allowance },
    ] {
        say(&mut node, message);
    }
    node
}

fn say(node: &mut State, message: Message) {
    let event = Event::Message { from: session(), message };
    node.handle(Duration::ZERO, event, &mut Vec::new());
}

/// All decoders of this crate.
pub fn targets() -> Vec<Target> {
    vec![packets(), specs_of_blocks()]
}

fn packets() -> Target {
    let honest: Vec<_> = chunks()
        .into_iter()
        .map(|chunk| linked(Message::Chunk { job: job(), plan: PLAN, epoch: 0, chunk }))
        .chain([linked(Message::Release { job: job(), blocks: Vec::new() }), linked(failed())])
        .map(|packet| wire::encode(&packet).unwrap())
        .collect();
    assert!(honest.iter().all(|bytes| wire::decode(bytes).is_ok()));
    Target::new("packets", honest, |bytes| {
        let Ok(packet) = wire::decode(bytes) else { return };
        // Compared as bytes: a constant that is not a number equals nothing.
        let again = wire::encode(&packet).unwrap();
        assert_eq!(wire::encode(&wire::decode(&again).unwrap()).unwrap(), again);
        let (Packet::Loose(message) | Packet::Linked(Linked { message: Some((_, message)), .. })) =
            packet
        else {
            return;
        };
        let mut node = node();
        say(&mut node, message);
        node.handle(Duration::from_secs(1), Event::Tick, &mut Vec::new());
    })
}

fn specs_of_blocks() -> Target {
    let spec = BlockSpec::new(DType::Float64, Shape::new([2, 3]).unwrap());
    let honest = wire::encode_spec(&spec).unwrap();
    assert_eq!(wire::decode_spec(&honest), Ok(spec));
    Target::new("specs_of_blocks", vec![honest], |bytes| {
        if let Ok(spec) = wire::decode_spec(bytes) {
            let again = wire::encode_spec(&spec).unwrap();
            assert_eq!(wire::decode_spec(&again), Ok(spec));
        }
    })
}
