//! A node that leaves, as the driver sees it.

use super::*;

const BLOCKS: u32 = 4;

fn draining(draining: bool) -> Message {
    Message::Draining { job: job(), draining }
}

/// Where the blocks of an array are that is there.
fn holders(driver: &mut Driver, array: u64) -> Vec<String> {
    let wait = driver.request(wait_for(vec![ArrayId(array)]));
    let Some(Ok(Reply::Located(blocks))) = driver.answer(wait) else { panic!("{:?}", driver.out) };
    blocks.iter().map(|placed| placed.node.to_string()).collect()
}

/// What nodes have been told of the end of a drain.
fn dismissals(driver: &Driver) -> Vec<(&str, Result<(), String>)> {
    let told = |instruction: &'_ Instruction| match instruction {
        Instruction::Send { to, message: Message::Drained { outcome, .. } } => {
            Some((to.clone(), outcome.clone()))
        }
        _ => None,
    };
    let told = driver.out.iter().filter_map(told);
    let names = ["node-0", "node-1", "node-2"];
    told.map(|(to, outcome)| (*names.iter().find(|name| **name == to.as_str()).unwrap(), outcome))
        .collect()
}

/// The blocks that a node is told to let go.
fn released(driver: &Driver, from: u64) -> Vec<BlockName> {
    let blocks = |instruction: &'_ Instruction| match instruction {
        Instruction::Send { to, message: Message::Release { blocks, .. } }
            if *to == node(from).id =>
        {
            Some(blocks.clone())
        }
        _ => None,
    };
    driver.out.iter().filter_map(blocks).flatten().collect()
}

fn block(array: u64, index: u32) -> BlockName {
    BlockName { array: ArrayId(array), index }
}

/// Array 1 is there, two of its four blocks on each of two nodes.
fn two_nodes() -> Driver {
    let mut driver = Driver::new(2);
    driver.request(submit(ones(1)));
    driver.finish(0, 1);
    driver.finish(1, 1);
    driver
}

#[test]
fn the_blocks_of_a_node_that_leaves_are_handed_on_and_nothing_new_is_planned_meanwhile() {
    let mut driver = two_nodes();
    driver.message(0, draining(true));
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Begin { sends: 2, .. })),
        ["node-0"]
    );
    let takes = |message: &Message| matches!(message, Message::Begin { uploads: 2, tasks: 0, .. });
    assert_eq!(driver.sent(takes), ["node-1"]);
    driver.request(submit(plus_one(1, 2)));
    assert_eq!(driver.out, [], "it waits");
    driver.finish(0, 2);
    assert_eq!(holders(&mut driver, 1), ["node-0", "node-0", "node-1", "node-1"]);
    driver.finish(1, 2);
    assert_eq!(released(&driver, 0), [block(1, 0), block(1, 1)]);
    assert_eq!(dismissals(&driver), [("node-0", Ok(()))]);
    let runs = |message: &Message| matches!(message, Message::Begin { tasks: 4, .. });
    assert_eq!(driver.sent(runs), ["node-1"], "what waited is planned without the node");
    assert_eq!(holders(&mut driver, 1), ["node-1"; BLOCKS as usize]);
    driver.finish(1, 3);
    driver.handle(Event::MemberDown { member: node(0).id, reason: "it left".to_owned() });
    assert_eq!(holders(&mut driver, 2), ["node-1"; BLOCKS as usize]);
}

#[test]
fn work_that_runs_on_the_node_is_done_before_it_is_dismissed() {
    let mut driver = Driver::new(2);
    driver.request(submit(ones(1)));
    driver.request(Request::Release(vec![ArrayId(1)]));
    driver.message(0, draining(true));
    assert_eq!(dismissals(&driver), [], "its part runs");
    driver.finish(0, 1);
    assert_eq!(dismissals(&driver), [], "another part may still need a copy of it");
    driver.finish(1, 1);
    assert_eq!(dismissals(&driver), [("node-0", Ok(()))]);
}

#[test]
fn an_array_that_is_released_meanwhile_goes_everywhere() {
    let mut driver = two_nodes();
    driver.message(0, draining(true));
    driver.request(Request::Release(vec![ArrayId(1)]));
    assert_eq!(released(&driver, 0), [block(1, 0), block(1, 1)]);
    driver.finish(0, 2);
    driver.finish(1, 2);
    assert_eq!(released(&driver, 1), [block(1, 0), block(1, 1)], "the copies");
    assert_eq!(dismissals(&driver), [("node-0", Ok(()))]);
}

#[test]
fn a_node_that_nobody_can_relieve_stays_with_all_it_has() {
    let mut driver = Driver::new(1);
    driver.request(submit(ones(1)));
    driver.finish(0, 1);
    driver.message(0, draining(true));
    let why = "no other node can take its blocks".to_owned();
    assert_eq!(dismissals(&driver), [("node-0", Err(why))]);
    driver.message(0, draining(false));
    assert_eq!(holders(&mut driver, 1), ["node-0"; BLOCKS as usize]);

    let mut driver = two_nodes();
    let shortage = Shortage { need_bytes: 32, free_bytes: 16, budget_bytes: 64 };
    driver.answer = Some(Answer::Refused(shortage));
    driver.message(0, draining(true));
    let [(_, Err(why))] = &dismissals(&driver)[..] else { panic!("{:?}", driver.out) };
    assert!(why.contains("not enough memory") && why.contains("32 bytes"), "{why}");
    driver.answer = Some(Answer::Granted);
    driver.message(0, draining(false));
    driver.request(submit(plus_one(1, 2)));
    let begun = driver.sent(|message| matches!(message, Message::Begin { .. }));
    assert_eq!(begun, ["node-0", "node-1"], "it is planned for again");
}

#[test]
fn it_is_tried_again_when_a_plan_fails_that_was_to_make_what_is_moved() {
    let mut driver = two_nodes();
    driver.request(submit(ones(2)));
    driver.message(0, draining(true));
    let failure = Failure::Malformed { reason: "a test".to_owned() };
    driver.message(1, Message::Failed { job: job(), plan: PlanId(2), epoch: 0, failure });
    assert_eq!(released(&driver, 1).len(), 4, "copies of the plan that failed with it");
    assert_eq!(
        driver.sent(|message| matches!(message, Message::Begin { sends: 2, .. })),
        ["node-0"]
    );
    driver.finish(0, 4);
    driver.finish(1, 4);
    assert_eq!(dismissals(&driver), [("node-0", Ok(()))]);
    assert_eq!(holders(&mut driver, 1), ["node-1"; BLOCKS as usize]);
}

#[test]
fn a_node_that_is_lost_while_it_leaves_is_an_ordinary_loss() {
    let mut driver = two_nodes();
    driver.message(0, draining(true));
    driver.handle(Event::MemberDown { member: node(0).id, reason: "a test".to_owned() });
    assert_eq!(released(&driver, 1), [block(1, 0), block(1, 1)], "copies of half an array");
    let wait = driver.request(wait_for(vec![ArrayId(1)]));
    let lost = ClusterError::NodeLost { node: node(0).id, reason: "a test".to_owned() };
    assert_eq!(driver.answer(wait), Some(&Err(lost)));
    driver.request(submit(ones(2)));
    assert_eq!(driver.sent(|message| matches!(message, Message::Begin { .. })), ["node-1"]);
}
