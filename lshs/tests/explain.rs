//! Plans as text: golden files that show why a placement is good, not only how it is printed.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use expect_test::{Expect, expect};
use nums_lshs::array_op::{ArraySpec, BlockArray, tsqr};
use nums_lshs::workload::{self, Setting, Workload};
use nums_lshs::{
    ArrayId, Cluster, DType, Grid, NodeId, Plan, Shape, TaskGraph, draw_layout, explain_graph,
    policy,
};
use std::collections::BTreeMap;

fn planned(name: &str, setting: &Setting, policy_name: &str) -> (Workload, Plan) {
    let built = workload::build(name, setting).unwrap();
    let policy = policy::by_name(policy_name).unwrap();
    let plan = Plan::new(&built.graph, &built.cluster, policy.as_ref()).unwrap();
    plan.check(&built.graph).unwrap();
    (built, plan)
}

fn small(blocks: usize, nodes: usize) -> Setting {
    Setting { blocks, nodes, block_elements: 4, ..Setting::default() }
}

fn check(name: &str, setting: &Setting, expected: &Expect) {
    let (built, plan) = planned(name, setting, "lshs");
    expected.assert_eq(&plan.explain(&built.graph));
}

/// Two rows of C on two nodes: each node keeps its rows of A and C and receives the two blocks of B that it lacks.
#[test]
fn a_product_on_two_nodes() {
    check(
        "matmul",
        &small(2, 2),
        &expect![[r#"
        plan policy=lshs nodes=2 tasks=8 transfers=4 objective=6.400e-8 s moved=128 B (max in 64 B, max out 64 B, peak mem 224 B)
        t8 a3[0] matmul x0 x1  node 0  32 B  reads t0@0, t4@0
        t9 a2[0] matmul+= x0 x1  node 0  32 B  reads t8@0, t1@0, t6@1 +32 B
        t10 a3[1] matmul x0 x1  node 0  32 B  reads t0@0, t5@0
        t11 a2[1] matmul+= x0 x1  node 0  32 B  reads t10@0, t1@0, t7@1 +32 B
        t12 a3[2] matmul x0 x1  node 1  32 B  reads t2@1, t4@0 +32 B
        t13 a2[2] matmul+= x0 x1  node 1  32 B  reads t12@1, t3@1, t6@1
        t14 a3[3] matmul x0 x1  node 1  32 B  reads t2@1, t5@0 +32 B
        t15 a2[3] matmul+= x0 x1  node 1  32 B  reads t14@1, t3@1, t7@1
        node 0: 4 tasks, 64 flops, 2 receives (64 B), 2 sends (64 B), peak 224 B
        node 1: 4 tasks, 64 flops, 2 receives (64 B), 2 sends (64 B), peak 224 B
    "#]],
    );
}

/// A block of C a node: each node receives one block of A from its row and one of B from its column.
#[test]
fn a_product_on_four_nodes() {
    check(
        "matmul",
        &small(2, 4),
        &expect![[r#"
        plan policy=lshs nodes=4 tasks=8 transfers=8 objective=6.400e-8 s moved=256 B (max in 64 B, max out 64 B, peak mem 160 B)
        t8 a3[0] matmul x0 x1  node 0  32 B  reads t0@0, t4@0
        t9 a2[0] matmul+= x0 x1  node 0  32 B  reads t8@0, t1@1 +32 B, t6@2 +32 B
        t10 a3[1] matmul x0 x1  node 1  32 B  reads t0@0 +32 B, t5@1
        t11 a2[1] matmul+= x0 x1  node 1  32 B  reads t10@1, t1@1, t7@3 +32 B
        t12 a3[2] matmul x0 x1  node 2  32 B  reads t2@2, t4@0 +32 B
        t13 a2[2] matmul+= x0 x1  node 2  32 B  reads t12@2, t3@3 +32 B, t6@2
        t14 a3[3] matmul x0 x1  node 3  32 B  reads t2@2 +32 B, t5@1 +32 B
        t15 a2[3] matmul+= x0 x1  node 3  32 B  reads t14@3, t3@3, t7@3
        node 0: 2 tasks, 32 flops, 2 receives (64 B), 2 sends (64 B), peak 160 B
        node 1: 2 tasks, 32 flops, 2 receives (64 B), 2 sends (64 B), peak 128 B
        node 2: 2 tasks, 32 flops, 2 receives (64 B), 2 sends (64 B), peak 128 B
        node 3: 2 tasks, 32 flops, 2 receives (64 B), 2 sends (64 B), peak 160 B
    "#]],
    );
}

/// Two partial sums a node are added where they are; one partial moves.
#[test]
fn a_sum_on_two_nodes() {
    check(
        "sum",
        &small(4, 2),
        &expect![[r#"
        plan policy=lshs nodes=2 tasks=7 transfers=1 objective=3.200e-8 s moved=32 B (max in 32 B, max out 32 B, peak mem 1120 B)
        t4 a2[0] sum[axes [0]] x0  node 0  32 B  reads t0@0
        t5 a2[1] sum[axes [0]] x0  node 0  32 B  reads t1@0
        t6 a2[2] sum[axes [0]] x0  node 1  32 B  reads t2@1
        t7 a2[3] sum[axes [0]] x0  node 1  32 B  reads t3@1
        t8 a2[4] add(x0, x1)  node 0  32 B  reads t4@0, t5@0
        t9 a2[5] add(x0, x1)  node 1  32 B  reads t6@1, t7@1  out 32 B
        t10 a1[0] add(x0, x1)  node 0  32 B  reads t8@0, t9@1 +32 B
        node 0: 4 tasks, 136 flops, 1 receives (32 B), 0 sends (0 B), peak 1120 B
        node 1: 3 tasks, 132 flops, 0 receives (0 B), 1 sends (32 B), peak 1120 B
    "#]],
    );
}

/// Three partials move in two rounds.
#[test]
fn a_sum_on_four_nodes() {
    check(
        "sum",
        &small(4, 4),
        &expect![[r#"
            plan policy=lshs nodes=4 tasks=7 transfers=3 objective=6.400e-8 s moved=96 B (max in 64 B, max out 32 B, peak mem 608 B)
            t4 a2[0] sum[axes [0]] x0  node 0  32 B  reads t0@0
            t5 a2[1] sum[axes [0]] x0  node 1  32 B  reads t1@1  out 32 B
            t6 a2[2] sum[axes [0]] x0  node 2  32 B  reads t2@2
            t7 a2[3] sum[axes [0]] x0  node 3  32 B  reads t3@3  out 32 B
            t8 a2[4] add(x0, x1)  node 0  32 B  reads t4@0, t5@1 +32 B
            t9 a2[5] add(x0, x1)  node 2  32 B  reads t6@2, t7@3 +32 B  out 32 B
            t10 a1[0] add(x0, x1)  node 0  32 B  reads t8@0, t9@2 +32 B
            node 0: 3 tasks, 72 flops, 2 receives (64 B), 0 sends (0 B), peak 608 B
            node 1: 1 tasks, 64 flops, 0 receives (0 B), 1 sends (32 B), peak 544 B
            node 2: 2 tasks, 68 flops, 1 receives (32 B), 1 sends (32 B), peak 608 B
            node 3: 1 tasks, 64 flops, 0 receives (0 B), 1 sends (32 B), peak 544 B
        "#]],
    );
}

/// R of two columns is three packed elements, 24 bytes, and one of them moves.
#[test]
fn a_qr_on_two_nodes() {
    check(
        "tsqr",
        &small(2, 2),
        &expect![[r#"
        plan policy=lshs nodes=2 tasks=3 transfers=1 objective=2.400e-8 s moved=24 B (max in 24 B, max out 24 B, peak mem 584 B)
        t2 a2[0] qr  node 0  24 B  reads t0@0
        t3 a2[1] qr  node 1  24 B  reads t1@1  out 24 B
        t4 a1[0] qr-combine  node 0  24 B  reads t2@0, t3@1 +24 B
        node 0: 2 tasks, 288 flops, 1 receives (24 B), 0 sends (0 B), peak 584 B
        node 1: 1 tasks, 256 flops, 0 receives (0 B), 1 sends (24 B), peak 536 B
    "#]],
    );
}

/// Both factors on two nodes: each block is factored once, and what a task gives stands in its line.
#[test]
fn both_factors_on_two_nodes() {
    let mut graph = TaskGraph::new(ArrayId(0));
    let grid = Grid::uniform(&Shape::new([8, 2]).unwrap(), &[4, 2]);
    let spec = ArraySpec::with_grid(DType::Float64, grid, 2);
    let [x, q, r] = [graph.next_array(), graph.next_array(), graph.next_array()];
    let x = BlockArray::source(&mut graph, x, &spec, |index| vec![NodeId(index as u32)]);
    let (q, r) = tsqr(&mut graph, q, r, &x).unwrap();
    q.keep(&mut graph);
    r.keep(&mut graph);
    let cluster = Cluster::uniform(2, 2);
    let policy = policy::by_name("lshs").unwrap();
    let plan = Plan::new(&graph, &cluster, policy.as_ref()).unwrap();
    plan.check(&graph).unwrap();
    let [text, tree, dot] =
        [plan.explain(&graph), plan.explain_tree(&graph), plan.explain_dot(&graph)];
    expect![[r#"
        t2 a4[0] qr with q  24 B, t3 a4[1] 64 B  reads t0
        t4 a4[2] qr with q  24 B, t5 a4[3] 64 B  reads t1
        t6 a3[0] qr-combine with q  24 B, t7 a4[4] 32 B, t8 a4[5] 32 B  reads t2, t4
        t9 a1[0] matmul x0 x1  64 B  reads t3, t7
        t10 a1[1] matmul x0 x1  64 B  reads t5, t8
        t11 a2[0] unpack  32 B  reads t6
    "#]]
    .assert_eq(&explain_graph(&graph));
    expect![[r#"
        plan policy=lshs nodes=2 tasks=6 transfers=2 objective=3.200e-8 s moved=56 B (max in 32 B, max out 32 B, peak mem 280 B)
        t2 a4[0] qr with q  node 0  24 B, t3 a4[1] 64 B  reads t0@0
        t4 a4[2] qr with q  node 1  24 B, t5 a4[3] 64 B  reads t1@1  out 24 B
        t6 a3[0] qr-combine with q  node 0  24 B, t7 a4[4] 32 B, t8 a4[5] 32 B  reads t2@0, t4@1 +24 B  out 32 B
        t9 a1[0] matmul x0 x1  node 0  64 B  reads t3@0, t7@0
        t10 a1[1] matmul x0 x1  node 1  64 B  reads t5@1, t8@0 +32 B
        t11 a2[0] unpack  node 0  32 B  reads t6@0
        node 0: 4 tasks, 160 flops, 1 receives (24 B), 1 sends (32 B), peak 280 B
        node 1: 2 tasks, 96 flops, 1 receives (32 B), 1 sends (24 B), peak 224 B
    "#]].assert_eq(&text);
    expect![[r#"
        plan policy=lshs nodes=2 tasks=6 transfers=2 objective=3.200e-8 s moved=56 B (max in 32 B, max out 32 B, peak mem 280 B)
        t9 a1[0] matmul x0 x1  node 0  64 B  reads t3@0, t7@0
          t2 a4[0] qr with q  node 0  24 B, t3 a4[1] 64 B  reads t0@0
          t6 a3[0] qr-combine with q  node 0  24 B, t7 a4[4] 32 B, t8 a4[5] 32 B  reads t2@0, t4@1 +24 B  out 32 B  in 24 B
            t2 (above)
            t4 a4[2] qr with q  node 1  24 B, t5 a4[3] 64 B  reads t1@1  out 24 B
        t10 a1[1] matmul x0 x1  node 1  64 B  reads t5@1, t8@0 +32 B  in 32 B
          t4 (above)
          t6 (above)
        t11 a2[0] unpack  node 0  32 B  reads t6@0
          t6 (above)
    "#]].assert_eq(&tree);
    expect![[r#"
        digraph plan {
          label="lshs moves 56 B";
          node [shape=box];
          subgraph cluster_0 {
            label="node 0";
            t0 [label="t0 a0[0]\nsource", shape=ellipse];
            t2 [label="t2 a4[0]\nqr with q"];
            t3 [label="t3 a4[1]\noutput 1 of t2"];
            t6 [label="t6 a3[0]\nqr-combine with q"];
            t7 [label="t7 a4[4]\noutput 1 of t6"];
            t8 [label="t8 a4[5]\noutput 2 of t6"];
            t9 [label="t9 a1[0]\nmatmul x0 x1", penwidth=2];
            t11 [label="t11 a2[0]\nunpack", penwidth=2];
          }
          subgraph cluster_1 {
            label="node 1";
            t1 [label="t1 a0[1]\nsource", shape=ellipse];
            t4 [label="t4 a4[2]\nqr with q"];
            t5 [label="t5 a4[3]\noutput 1 of t4"];
            t10 [label="t10 a1[1]\nmatmul x0 x1", penwidth=2];
          }
          t2 -> t3 [style=dashed];
          t0 -> t2;
          t4 -> t5 [style=dashed];
          t1 -> t4;
          t6 -> t7 [style=dashed];
          t6 -> t8 [style=dashed];
          t2 -> t6;
          t4 -> t6 [color=red, label="24 B"];
          t3 -> t9;
          t7 -> t9;
          t5 -> t10;
          t8 -> t10 [color=red, label="32 B"];
          t6 -> t11;
        }
    "#]]
    .assert_eq(&dot);
}

/// The tree of TSQR: no node holds more than two R that are not its own.
#[test]
fn a_qr_on_four_nodes() {
    check(
        "tsqr",
        &small(4, 4),
        &expect![[r#"
            plan policy=lshs nodes=4 tasks=7 transfers=3 objective=4.800e-8 s moved=72 B (max in 48 B, max out 24 B, peak mem 584 B)
            t4 a2[0] qr  node 0  24 B  reads t0@0
            t5 a2[1] qr  node 1  24 B  reads t1@1  out 24 B
            t6 a2[2] qr  node 2  24 B  reads t2@2
            t7 a2[3] qr  node 3  24 B  reads t3@3  out 24 B
            t8 a2[4] qr-combine  node 0  24 B  reads t4@0, t5@1 +24 B
            t9 a2[5] qr-combine  node 2  24 B  reads t6@2, t7@3 +24 B  out 24 B
            t10 a1[0] qr-combine  node 0  24 B  reads t8@0, t9@2 +24 B
            node 0: 3 tasks, 320 flops, 2 receives (48 B), 0 sends (0 B), peak 584 B
            node 1: 1 tasks, 256 flops, 0 receives (0 B), 1 sends (24 B), peak 536 B
            node 2: 2 tasks, 288 flops, 1 receives (24 B), 1 sends (24 B), peak 584 B
            node 3: 1 tasks, 256 flops, 0 receives (0 B), 1 sends (24 B), peak 536 B
        "#]],
    );
}

/// What a policy without locality does to the same sum.
#[test]
fn the_same_sum_dealt_in_turn() {
    let (built, plan) = planned("sum", &small(4, 2), "round-robin");
    expect![[r#"
        plan policy=round-robin nodes=2 tasks=7 transfers=5 objective=5.760e-7 s moved=1120 B (max in 576 B, max out 576 B, peak mem 1600 B)
        reduction trees: 96 B moved; 64 B is the least for these trees, 32 B with as many places as nodes
        t4 a2[0] sum[axes [0]] x0  node 0  32 B  reads t0@0
        t5 a2[1] sum[axes [0]] x0  node 1  32 B  reads t1@0 +512 B  out 32 B
        t6 a2[2] sum[axes [0]] x0  node 0  32 B  reads t2@1 +512 B  out 32 B
        t7 a2[3] sum[axes [0]] x0  node 1  32 B  reads t3@1
        t8 a2[4] add(x0, x1)  node 0  32 B  reads t4@0, t5@1 +32 B
        t9 a2[5] add(x0, x1)  node 1  32 B  reads t6@0 +32 B, t7@1  out 32 B
        t10 a1[0] add(x0, x1)  node 0  32 B  reads t8@0, t9@1 +32 B
        node 0: 4 tasks, 136 flops, 3 receives (576 B), 2 sends (544 B), peak 1600 B
        node 1: 3 tasks, 132 flops, 2 receives (544 B), 3 sends (576 B), peak 1568 B
    "#]].assert_eq(&plan.explain(&built.graph));
}

/// 48 blocks on 64 places of four nodes: pairs of the binary tree over places lie across nodes, which costs two moves
/// that a place a node would not need; the tree is fixed all the same, since it decides the bits.
#[test]
fn trees_over_more_places_than_nodes_say_what_they_cost() {
    let setting = Setting { places: Some(64), ..small(48, 4) };
    let (built, plan) = planned("sum", &setting, "lshs");
    let text = plan.explain(&built.graph);
    let lines: Vec<_> = text.lines().take(2).collect();
    expect![[r#"
        plan policy=lshs nodes=4 tasks=95 transfers=6 objective=6.400e-8 s moved=192 B (max in 64 B, max out 64 B, peak mem 6560 B)
        reduction trees: 192 B moved; 160 B is the least for these trees, 96 B with as many places as nodes"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn a_tree_from_the_result_down() {
    let (built, plan) = planned("sum", &small(4, 4), "lshs");
    expect![[r#"
        plan policy=lshs nodes=4 tasks=7 transfers=3 objective=6.400e-8 s moved=96 B (max in 64 B, max out 32 B, peak mem 608 B)
        t10 a1[0] add(x0, x1)  node 0  32 B  reads t8@0, t9@2 +32 B  in 32 B
          t8 a2[4] add(x0, x1)  node 0  32 B  reads t4@0, t5@1 +32 B  in 32 B
            t4 a2[0] sum[axes [0]] x0  node 0  32 B  reads t0@0
            t5 a2[1] sum[axes [0]] x0  node 1  32 B  reads t1@1  out 32 B
          t9 a2[5] add(x0, x1)  node 2  32 B  reads t6@2, t7@3 +32 B  out 32 B  in 32 B
            t6 a2[2] sum[axes [0]] x0  node 2  32 B  reads t2@2
            t7 a2[3] sum[axes [0]] x0  node 3  32 B  reads t3@3  out 32 B
    "#]].assert_eq(&plan.explain_tree(&built.graph));
}

#[test]
fn a_graph_for_graphviz() {
    let (built, plan) = planned("sum", &small(2, 2), "lshs");
    expect![[r#"
        digraph plan {
          label="lshs moves 32 B";
          node [shape=box];
          subgraph cluster_0 {
            label="node 0";
            t0 [label="t0 a0[0]\nsource", shape=ellipse];
            t2 [label="t2 a2[0]\nsum[axes [0]] x0"];
            t4 [label="t4 a1[0]\nadd(x0, x1)", penwidth=2];
          }
          subgraph cluster_1 {
            label="node 1";
            t1 [label="t1 a0[1]\nsource", shape=ellipse];
            t3 [label="t3 a2[1]\nsum[axes [0]] x0"];
          }
          t0 -> t2;
          t1 -> t3;
          t2 -> t4;
          t3 -> t4 [color=red, label="32 B"];
        }
    "#]]
    .assert_eq(&plan.explain_dot(&built.graph));
}

#[test]
fn shared_tasks_are_written_once_and_chains_do_not_overflow_the_stack() {
    let (built, plan) = planned("newton", &small(2, 2), "lshs");
    let tree = plan.explain_tree(&built.graph);
    let tasks = built.graph.tasks().count();
    assert_eq!(tree.lines().filter(|line| !line.ends_with("(above)")).count(), tasks + 1);
    let (built, plan) = planned("matmul", &small(40, 1), "lshs");
    assert_eq!(plan.explain_tree(&built.graph).lines().count(), 40 * 40 * 40 + 1);
}

#[test]
fn which_node_holds_which_block() {
    let (built, plan) = planned("sum", &small(4, 2), "lshs");
    let text = plan.explain_layout(&built.graph, &BTreeMap::new());
    assert_eq!(text, "source a0: 0-1 node 0, 2-3 node 1\nresult a1: 0 node 0\n");
    let (built, plan) = planned("matmul", &small(2, 4), "lshs");
    expect![[r#"
        source a0:
        ┌───┬───┐
        │ 0 │ 1 │
        ├───┼───┤
        │ 2 │ 3 │
        └───┴───┘
        source a1:
        ┌───┬───┐
        │ 0 │ 1 │
        ├───┼───┤
        │ 2 │ 3 │
        └───┴───┘
        result a2:
        ┌───┬───┐
        │ 0 │ 1 │
        ├───┼───┤
        │ 2 │ 3 │
        └───┴───┘
    "#]]
    .assert_eq(&plan.explain_layout(&built.graph, &built.block_counts));
}

#[test]
fn drawings_of_layouts() {
    let quadrants = draw_layout(&[4, 4], |index| NodeId((index / 8 * 2 + index % 4 / 2) as u32));
    let rows = draw_layout(&[3, 1], |index| NodeId(index as u32));
    let vector = draw_layout(&[5], |index| NodeId((index * 12 / 5) as u32));
    let slices = draw_layout(&[2, 1, 2], |index| NodeId((index / 2) as u32));
    let uneven = draw_layout(&[2, 2], |index| NodeId(u32::from(index == 3)));
    let scalar = draw_layout(&[], |_| NodeId(7));
    let empty = draw_layout(&[0, 2], |_| NodeId(0));
    let all = [quadrants, rows, vector, slices, uneven, scalar, empty].join("\n");
    expect![[r#"
        ┌───────┬───────┐
        │ 0   0 │ 1   1 │
        │ 0   0 │ 1   1 │
        ├───────┼───────┤
        │ 2   2 │ 3   3 │
        │ 2   2 │ 3   3 │
        └───────┴───────┘

        ┌───┐
        │ 0 │
        ├───┤
        │ 1 │
        ├───┤
        │ 2 │
        └───┘

        ┌───┬───┬───┬───┬───┐
        │ 0 │ 2 │ 4 │ 7 │ 9 │
        └───┴───┴───┴───┴───┘

        [0, :, :]
        ┌───────┐
        │ 0   0 │
        └───────┘
        [1, :, :]
        ┌───────┐
        │ 1   1 │
        └───────┘

        ┌───────┐
        │ 0   0 │
        │   ┌───┤
        │ 0 │ 1 │
        └───┴───┘

        ┌───┐
        │ 7 │
        └───┘

    "#]]
    .assert_eq(&all);
    assert!(draw_layout(&[100, 2], |_| NodeId(0)).ends_with("64 x 2 of 100 x 2 blocks\n"));
    // No line is longer than 120 characters, and no block is lost.
    for (rows, columns, nodes) in [(1, 64, 4), (8, 64, 1000), (3, 29, 4), (3, 30, 4), (1, 30, 4)] {
        let node = |index: usize| NodeId((index * nodes / (rows * columns)) as u32);
        let drawing = draw_layout(&[rows, columns], node);
        assert!(drawing.lines().all(|line| line.chars().count() <= 120), "{drawing}");
        let stretches = drawing.lines().filter(|line| line.starts_with("columns ")).count();
        let cells = drawing.lines().filter(|line| !line.starts_with("columns "));
        let cells = cells
            .flat_map(|line| line.split([' ', '│']))
            .filter(|cell| cell.chars().next().is_some_and(|first| first.is_ascii_digit()));
        assert_eq!(cells.count(), rows * columns, "{drawing}");
        assert_eq!(stretches > 0, columns * (if nodes > 10 { 6 } else { 4 }) >= 120, "{drawing}");
    }
}

#[test]
fn the_graph_after_each_rewrite() {
    use nums_lshs::array_op::{ArraySpec, BlockArray, elementwise, matmul, reduce, transpose};
    use nums_lshs::{
        ArrayId, BinaryOp, Constant, DType, Grid, Program, Reduction, Shape, TaskGraph, UnaryOp,
        explain_rewrites, rewrite,
    };
    let mut graph = TaskGraph::new(ArrayId(0));
    let shape = Shape::new([4, 4]).unwrap();
    let spec = ArraySpec::with_grid(DType::Float64, Grid::single(&shape), 2);
    let name = graph.next_array();
    let x = BlockArray::source(&mut graph, name, &spec, |_| vec![NodeId(0)]);
    let name = graph.next_array();
    let y = BlockArray::source(&mut graph, name, &spec, |_| vec![NodeId(0)]);
    let name = graph.next_array();
    let transposed = transpose(&mut graph, name, &x, &[1, 0]).unwrap();
    let name = graph.next_array();
    let product = matmul(&mut graph, name, &y, &transposed, &spec).unwrap();
    let name = graph.next_array();
    let shifted = Program::with_constant(BinaryOp::Add, Constant::float64(1.0));
    let shifted = elementwise(&mut graph, name, &shifted, &[&product], &spec).unwrap();
    let name = graph.next_array();
    let exp = Program::unary(UnaryOp::Exp, DType::Float64);
    let exp = elementwise(&mut graph, name, &exp, &[&shifted], &spec).unwrap();
    let name = graph.next_array();
    reduce(&mut graph, name, &exp, Reduction::Sum, &[0, 1]).unwrap().keep(&mut graph);
    expect![[r#"
        as built: 5 tasks
        t2 a2[0] transpose[1, 0]  128 B  reads t0
        t3 a3[0] matmul x0 x1  128 B  reads t1, t2
        t4 a5[0] add(x0, 1.0)  128 B  reads t3
        t5 a6[0] exp(x0)  128 B  reads t4
        t6 a7[0] sum[axes [0, 1]] x0  8 B  reads t5
        after transpose-operand: 4 tasks
        t2 a3[0] matmul x0 x1.T  128 B  reads t1, t0
        t3 a5[0] add(x0, 1.0)  128 B  reads t2
        t4 a6[0] exp(x0)  128 B  reads t3
        t5 a7[0] sum[axes [0, 1]] x0  8 B  reads t4
        after fuse-elementwise: 3 tasks
        t2 a3[0] matmul x0 x1.T  128 B  reads t1, t0
        t3 a6[0] exp(add(x0, 1.0))  128 B  reads t2
        t4 a7[0] sum[axes [0, 1]] x0  8 B  reads t3
        after fuse-reduction: 2 tasks
        t2 a3[0] matmul x0 x1.T  128 B  reads t1, t0
        t3 a7[0] sum[axes [0, 1]] exp(add(x0, 1.0))  8 B  reads t2
        no change by: fuse-creation, join-halves
    "#]]
    .assert_eq(&explain_rewrites(&graph, &rewrite::Rules::all(), &Cluster::uniform(1, 1)));
}
