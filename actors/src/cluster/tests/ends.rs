//! How work ends before it is done: kernels that panic or take too long, work that is given up, memory that is not
//! there, and messages that make no sense.

use super::*;
use crate::node::Allowance;
use crate::node::planted::{PANIC, SLEEP};
use crate::part::{BlockEntry, Chunk, Origin, TaskEntry};
use crate::{Failure, JobId, KernelError, Phase, PlanId};

#[test]
fn a_kernel_that_panics_is_an_error_of_its_task() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    survives(&cluster, |client| {
        client.submit(planted(1, PANIC, 7, 1)).unwrap();
        let error = wait(&cluster, client, 1).unwrap_err();
        let ClusterError::Task { node, failure } = error else { panic!("{error:?}") };
        assert_eq!(node.as_str(), "node-0");
        let block = BlockName { array: ArrayId(ArrayId::TEMPORARIES.0 + 100_000), index: 0 };
        let (op, reason) = (PANIC.to_owned(), "after 7 flops".to_owned());
        assert_eq!(failure, Failure::KernelPanicked { block, op, reason });
        release(client, [1]);
    });
}

#[test]
fn an_operation_without_a_kernel_is_an_error_of_its_task() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    survives(&cluster, |client| {
        client.submit(planted(1, "unheard of", 1, 1)).unwrap();
        let error = wait(&cluster, client, 1).unwrap_err();
        let op = "unheard of".to_owned();
        let cause = KernelError::CostOnly { op };
        let told = matches!(&error, ClusterError::Task { failure: Failure::Kernel { error, .. }, .. }
            if *error == cause);
        assert!(told, "{error:?}");
        release(client, [1]);
    });
}

#[test]
fn a_slow_kernel_ends_its_plan_when_the_deadline_passes() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    survives(&cluster, |client| {
        let after = Duration::from_millis(500);
        client.with_deadline(after).submit(planted(1, SLEEP, 1500, BLOCK_BYTES)).unwrap();
        // Who waits without a deadline of his own hears of the plan's.
        let late = ClusterError::Timeout { phase: Phase::Running, after };
        assert_eq!(wait(&cluster, client, 1), Err(late));
        release(client, [1]);
    });
}

#[test]
fn puts_and_questions_end_by_their_deadline_when_earlier_work_is_in_their_way() {
    let cluster = ClusterHandle::embedded(1, node(1 << 20), config()).unwrap();
    let after = Duration::from_millis(100);
    survives(&cluster, |client| {
        // Whatever comes behind this waits for its memory: it takes almost all that there is.
        client.submit(planted(1, SLEEP, 3000, (1 << 20) - 64)).unwrap();
        comes_to_hold(&cluster, |held| held.in_flight > 0);
        client.submit(twos(2)).unwrap();
        let hasty = client.with_deadline(after);
        let spec = nums_lshs::BlockSpec::new(DType::Float64, Shape::new([8]).unwrap());
        let block = Arc::new(crate::Block::new(spec, &mut crate::Buffer::zeroed).unwrap());
        hasty.put(ArrayId(3), vec![(Place(0), block)]).unwrap();
        let late = |phase| ClusterError::Timeout { phase, after };
        assert_eq!(wait(&cluster, client, 3), Err(late(Phase::Queued)));
        let status = cluster.runtime().block_on(hasty.status());
        assert_eq!(status, Err(late(Phase::Asking)));
        wait(&cluster, client, 2).unwrap();
        release(client, [1, 2, 3]);
    });
}

#[test]
fn a_lease_that_is_too_short_is_refused() {
    let config = NodeConfig { lease: Duration::from_secs(1), ..node(1 << 30) };
    let refused = ClusterHandle::embedded(1, config, super::config()).err();
    let reason = "a node did not start: expected leases of at least 5s, got 1s".to_owned();
    assert_eq!(refused, Some(ClusterError::Join(reason)));
}

#[test]
fn a_kernel_may_be_cancelled_while_it_runs() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    survives(&cluster, |client| {
        client.submit(planted(1, SLEEP, 1000, BLOCK_BYTES)).unwrap();
        comes_to_hold(&cluster, |held| held.in_flight > 0);
        client.cancel(vec![ArrayId(1)]).unwrap();
        assert_eq!(wait(&cluster, client, 1), Err(ClusterError::Cancelled));
        comes_to_hold(&cluster, |held| held.in_flight > 0 && held.parts == 0);
        release(client, [1]);
    });
}

#[test]
fn work_that_is_cancelled_in_flight_ends_with_all_that_reads_it() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    survives(&cluster, |client| {
        client.submit(chain(1, 500)).unwrap();
        client.submit(sum(1, 2)).unwrap();
        client.cancel(vec![ArrayId(1)]).unwrap();
        for array in [1, 2] {
            assert_eq!(wait(&cluster, client, array), Err(ClusterError::Cancelled));
        }
        release(client, [1, 2]);
    });
}

#[test]
fn a_full_store_holds_work_back_and_then_refuses_it() {
    let budget = ARRAY_BYTES * 7 / 8;
    let cluster = ClusterHandle::embedded(2, node(budget), config()).unwrap();
    survives(&cluster, |client| {
        client.submit(twos(1)).unwrap();
        wait(&cluster, client, 1).unwrap();
        client.submit(twos(2)).unwrap();
        let error = wait(&cluster, client, 2).unwrap_err();
        let ClusterError::OutOfMemory { array, need_bytes, free_bytes, budget_bytes, .. } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!((array, budget_bytes), (2, budget));
        assert_eq!((need_bytes, free_bytes), (ARRAY_BYTES / 2, budget - ARRAY_BYTES / 2));
        release(client, [1, 2]);
    });
}

#[test]
fn what_can_never_fit_is_refused_at_once() {
    let cluster = ClusterHandle::embedded(2, node(ARRAY_BYTES * 7 / 8), config()).unwrap();
    survives(&cluster, |client| {
        let before = cluster.runtime().block_on(client.status()).unwrap();
        client.submit(planted(1, SLEEP, 0, ARRAY_BYTES)).unwrap();
        let refused = ClusterError::ExceedsMemory {
            array: 1,
            node: MemberId::new("node-0"),
            need_bytes: ARRAY_BYTES + 1,
            budget_bytes: ARRAY_BYTES * 7 / 8,
        };
        assert_eq!(wait(&cluster, client, 1), Err(refused));
        let tasks = cluster.runtime().block_on(client.status()).unwrap();
        let run = |nodes: &[crate::NodeStatus]| nodes.iter().map(|node| node.tasks).sum::<u64>();
        assert_eq!(run(&tasks), run(&before), "nothing has run");
        release(client, [1]);
    });
}

#[test]
fn a_part_that_makes_no_sense_fails_its_plan_and_nobody_elses() {
    let cluster = ClusterHandle::embedded(2, node(1 << 30), config()).unwrap();
    survives(&cluster, |_| {
        let mut stranger = Stranger::new(&cluster);
        let (to, job) = (MemberId::new("node-1"), JobId::of(&MemberId::new("stranger")));
        let (plan, epoch, nodes) = (PlanId(1), 0, vec![to.clone()]);
        let allowance = Allowance { bytes_max: 64, ahead_bytes_max: 64 };
        stranger.say(&to, Message::Hello { job });
        stranger.say(&to, Message::Reserve { job, plan, need_bytes: 64, patient: false });
        stranger.hear(|message| matches!(message, Message::Reserved { .. }));
        let (tasks, sends, uploads) = (1, 0, 0);
        let begin = Message::Begin { job, plan, epoch, nodes, tasks, sends, uploads, allowance };
        stranger.say(&to, begin);
        let block = BlockEntry {
            name: BlockName { array: ArrayId(1), index: 0 },
            bytes: 8,
            reads: 0,
            sends: 0,
            served_by: 0,
            origin: Origin::Made { kept: true },
        };
        let ops = vec![Op::Opaque { kind: SLEEP.to_owned(), flops: 0, output_bytes: vec![8] }];
        let of_nothing = TaskEntry { op: 0, flops: 0, inputs: 0, output: u32::MAX, outputs: 1 };
        let (blocks, tasks) = (vec![block], vec![of_nothing]);
        let chunk = Chunk { blocks, ops, tasks, ..Chunk::default() };
        stranger.say(&to, Message::Chunk { job, plan, epoch, chunk });
        let failed = stranger.hear(|message| matches!(message, Message::Failed { .. }));
        let reason = "a task of PlanId(1) has an index outside its tables".to_owned();
        let failure = Failure::Malformed { reason };
        assert_eq!(failed, Message::Failed { job, plan, epoch, failure });
        stranger.leave(&cluster);
    });
}
