//! Rewrites change the tasks of a graph and nothing about what it computes.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_lshs::rewrite::{self, Rules};
use nums_lshs::{
    ArrayId, BinaryOp, BlockName, BlockSpec, Cluster, Constant, Creation, DType, Distribution,
    Fold, FormulaInput, Instruction, NodeId, Op, Place, PlanError, Program, Region, Shape,
    TaskGraph, UnaryOp, Value, VertexId,
};

/// What a block is, as a formula over the sources: equal formulas are equal computations, in the same order.
fn formula(graph: &TaskGraph, vertex: VertexId) -> String {
    let inputs: Vec<String> =
        graph.inputs(vertex).iter().map(|&input| formula(graph, input)).collect();
    match graph.op(vertex) {
        Op::Source => graph.name(vertex).to_string(),
        Op::Map(program) => applied(program, &inputs),
        Op::Reduce { program, axes, .. } => format!("sum{axes:?}({})", applied(program, &inputs)),
        Op::Create { creation, shape, region } => created(creation, shape, region),
        Op::Formula(formula) => {
            let mut blocks = inputs.into_iter();
            let inputs = formula.inputs.iter().map(|input| match input {
                FormulaInput::Block => blocks.next().unwrap(),
                FormulaInput::Created(own) => created(&own.creation, &own.shape, &own.region),
            });
            let all: Vec<_> = inputs.collect();
            assert_eq!(blocks.next(), None);
            let elements = applied(&formula.program, &all);
            match &formula.reduction {
                None => elements,
                Some((_, axes)) => format!("sum{axes:?}({elements})"),
            }
        }
        Op::Transpose { .. } => format!("t({})", inputs[0]),
        Op::MatMul { transpose_left, transpose_right, accumulate } => {
            let first = usize::from(*accumulate);
            let operand = |at: usize, transposed: &bool| match (&inputs[first + at], transposed) {
                (input, true) => format!("t({input})"),
                (input, false) => input.clone(),
            };
            let product =
                format!("({} @ {})", operand(0, transpose_left), operand(1, transpose_right));
            // A transpose that is transposed again is the matrix itself.
            let product = product.replace("t(t(", "((");
            if *accumulate { format!("({} + {product})", inputs[0]) } else { product }
        }
        other => panic!("{other}"),
    }
}

fn created(creation: &Creation, shape: &Shape, region: &Region) -> String {
    format!("{creation:?} of {shape} at {:?} {:?}", region.start, region.len)
}

fn applied(program: &Program, inputs: &[String]) -> String {
    let mut values = inputs.to_vec();
    for step in program.instructions() {
        let get = |Value(value): Value| values[usize::from(value)].clone();
        values.push(match *step {
            Instruction::Constant(constant) => format!("{constant:?}"),
            Instruction::Unary(op, of) => format!("{}({})", op.name(), get(of)),
            Instruction::Binary(op, left, right) => {
                format!("{}({}, {})", op.name(), get(left), get(right))
            }
            Instruction::Select(condition, left, right) => {
                format!("where({}, {}, {})", get(condition), get(left), get(right))
            }
            Instruction::Cast(dtype, of) => format!("{dtype}({})", get(of)),
        });
    }
    values.pop().unwrap()
}

/// The formulas of all results by name.
fn results(graph: &TaskGraph) -> Vec<(BlockName, String)> {
    let kept = graph.tasks().filter(|&task| graph.is_kept(task));
    let mut results: Vec<_> = kept.map(|task| (graph.name(task), formula(graph, task))).collect();
    results.sort();
    results
}

/// A graph under construction; all blocks are 3 x 3 and on place 0 by default.
struct Draft {
    graph: TaskGraph,
    names: u32,
}

impl Draft {
    fn new() -> Draft {
        Draft { graph: TaskGraph::new(ArrayId(1)), names: 0 }
    }

    fn name(&mut self) -> BlockName {
        self.names += 1;
        BlockName { array: ArrayId(0), index: self.names }
    }

    fn source(&mut self) -> VertexId {
        let spec = BlockSpec::new(DType::Float64, Shape::new([3, 3]).unwrap());
        let name = self.name();
        self.graph.source(spec, name, Place(0), vec![NodeId(0)])
    }

    /// The block of the second three rows of a formula.
    fn create(&mut self, creation: Creation) -> VertexId {
        let region = Region { start: vec![3, 0], len: vec![3, 3] };
        self.task(Op::Create { creation, shape: Shape::new([7, 3]).unwrap(), region }, &[])
    }

    fn task_at(&mut self, place: u32, op: Op, inputs: &[VertexId]) -> VertexId {
        let name = self.name();
        self.graph.task(op, inputs, Place(place), name).unwrap()
    }

    fn task(&mut self, op: Op, inputs: &[VertexId]) -> VertexId {
        self.task_at(0, op, inputs)
    }

    fn unary(&mut self, op: UnaryOp, input: VertexId) -> VertexId {
        self.task(Op::Map(Program::unary(op, DType::Float64)), &[input])
    }

    fn binary(&mut self, op: BinaryOp, left: VertexId, right: VertexId) -> VertexId {
        self.task(Op::Map(Program::binary(op, DType::Float64)), &[left, right])
    }

    fn sum(&mut self, input: VertexId) -> VertexId {
        let (program, kind) = (Program::identity(DType::Float64), Fold::Sum);
        self.task(Op::Reduce { program, kind, axes: vec![0] }, &[input])
    }

    fn transpose(&mut self, input: VertexId) -> VertexId {
        self.task(Op::Transpose { order: vec![1, 0] }, &[input])
    }

    /// Keeps some blocks, rewrites the graph by all rules, and proves that no result changed.
    fn rewritten(mut self, kept: &[VertexId]) -> TaskGraph {
        kept.iter().for_each(|&vertex| self.graph.keep(vertex));
        let before = results(&self.graph);
        let apply = |rules| rewrite::apply(self.graph.clone(), &rules, &Cluster::uniform(1, 1));
        let rewritten = apply(Rules::all());
        rewritten.validate().unwrap();
        assert_eq!(results(&rewritten), before);
        for name in rewrite::names() {
            let other = apply(Rules::all().without(name).unwrap());
            assert_eq!(results(&other), before, "without {name}");
        }
        assert_eq!(apply(Rules::none()).len(), self.graph.len());
        rewritten
    }
}

fn ones() -> Creation {
    Creation::Full(Constant::float64(1.0))
}

fn line() -> Creation {
    let [start, next] = [0.0, 1.0].map(Constant::float64);
    Creation::Arange { start, next }
}

fn draws(stream: u64) -> Creation {
    let [mean, deviation] = [0.0, 1.0].map(Constant::float64);
    let distribution = Distribution::Normal { mean, deviation };
    Creation::Random { distribution, seed: 7, stream }
}

fn tasks(graph: &TaskGraph) -> usize {
    graph.tasks().count()
}

fn product(accumulate: bool) -> Op {
    Op::MatMul { transpose_left: false, transpose_right: false, accumulate }
}

#[test]
fn a_chain_of_elementwise_tasks_and_its_reduction_become_one_task() {
    let mut draft = Draft::new();
    let (a, b) = (draft.source(), draft.source());
    let difference = draft.binary(BinaryOp::Subtract, a, b);
    let square = draft.unary(UnaryOp::Square, difference);
    let exp = draft.unary(UnaryOp::Exp, square);
    let total = draft.sum(exp);
    assert_eq!(tasks(&draft.rewritten(&[total])), 1);
}

#[test]
fn an_input_that_is_read_twice_is_read_once() {
    let mut draft = Draft::new();
    let a = draft.source();
    let exp = draft.unary(UnaryOp::Exp, a);
    let square = draft.binary(BinaryOp::Multiply, exp, exp);
    let result = draft.binary(BinaryOp::Add, square, a);
    let rewritten = draft.rewritten(&[result]);
    assert_eq!(tasks(&rewritten), 1);
    assert_eq!(rewritten.inputs(rewritten.tasks().next().unwrap()).len(), 1);
}

#[test]
fn what_is_kept_or_read_elsewhere_or_laid_out_elsewhere_stays() {
    let mut draft = Draft::new();
    let a = draft.source();
    let kept = draft.unary(UnaryOp::Exp, a);
    let shared = draft.unary(UnaryOp::Log, kept);
    let left = draft.unary(UnaryOp::Sqrt, shared);
    let right = draft.unary(UnaryOp::Negative, shared);
    let there = draft.task_at(1, Op::Map(Program::unary(UnaryOp::Square, DType::Float64)), &[a]);
    let here = draft.unary(UnaryOp::Exp, there);
    assert_eq!(tasks(&draft.rewritten(&[kept, left, right, here])), 6);
}

#[test]
fn a_broadcast_block_is_not_computed_again_for_every_row() {
    let mut draft = Draft::new();
    let a = draft.source();
    let row = draft.sum(a);
    let exp = draft.unary(UnaryOp::Exp, row);
    let result = draft.binary(BinaryOp::Add, exp, a);
    assert_eq!(tasks(&draft.rewritten(&[result])), 3);
}

#[test]
fn sums_of_partial_results_stay_trees() {
    let mut draft = Draft::new();
    let mut sum = None;
    for _ in 0..6 {
        let (a, b) = (draft.source(), draft.source());
        let partial = draft.task(product(false), &[a, b]);
        sum = Some(sum.map_or(partial, |sum| draft.binary(BinaryOp::Add, sum, partial)));
    }
    assert_eq!(tasks(&draft.rewritten(&[sum.unwrap()])), 11);
}

#[test]
fn programs_stay_within_their_bound() {
    let mut draft = Draft::new();
    let mut last = draft.source();
    let steps = 3 * Program::INSTRUCTIONS_MAX;
    for _ in 0..steps {
        last = draft.unary(UnaryOp::Negative, last);
    }
    let rewritten = draft.rewritten(&[last]);
    let count = tasks(&rewritten);
    assert!((4..10).contains(&count), "{count} tasks for {steps} steps");
}

#[test]
fn transposes_become_flags_of_products() {
    let mut draft = Draft::new();
    let (a, b) = (draft.source(), draft.source());
    let t = draft.transpose(a);
    let first = draft.task(product(false), &[t, b]);
    let second = draft.task(product(true), &[first, b, t]);
    let twice = draft.transpose(t);
    let third = draft.task(product(true), &[second, twice, b]);
    // The first transpose is also read by the second, which is no product.
    assert_eq!(tasks(&draft.rewritten(&[third])), 4);
    let mut draft = Draft::new();
    let (a, b) = (draft.source(), draft.source());
    let t = draft.transpose(a);
    let both = draft.task(product(false), &[t, t]);
    let result = draft.task(product(true), &[both, b, t]);
    assert_eq!(tasks(&draft.rewritten(&[result])), 2);
}

#[test]
fn a_transpose_that_is_accumulated_into_stays() {
    let mut draft = Draft::new();
    let (a, b) = (draft.source(), draft.source());
    let t = draft.transpose(a);
    let result = draft.task(product(true), &[t, b, b]);
    assert_eq!(tasks(&draft.rewritten(&[result])), 2);
}

#[test]
fn creations_are_made_by_what_reads_them() {
    let mut draft = Draft::new();
    let (line, source) = (draft.create(line()), draft.source());
    let mean = draft.sum(line);
    let difference = draft.binary(BinaryOp::Subtract, line, mean);
    let product = draft.binary(BinaryOp::Multiply, difference, source);
    let total = draft.sum(product);
    // A formula is made by both of its readers.
    let rewritten = draft.rewritten(&[total]);
    assert_eq!(tasks(&rewritten), 2);
    let told: Vec<_> = rewritten.tasks().map(|task| rewritten.op(task).to_string()).collect();
    let fused = "sum[axes [0]] multiply(subtract(arange, x0), x1)";
    assert_eq!(told, ["sum[axes [0]] arange", fused]);
}

#[test]
fn many_creations_of_one_chain_need_no_blocks() {
    let mut draft = Draft::new();
    let all = [0, 1, 2, 3].map(|stream| draft.create(draws(stream)));
    let left = draft.binary(BinaryOp::Add, all[0], all[1]);
    let right = draft.binary(BinaryOp::Add, all[2], all[3]);
    let both = draft.binary(BinaryOp::Multiply, left, right);
    let total = draft.sum(both);
    assert_eq!(tasks(&draft.rewritten(&[total])), 1);
}

#[test]
fn a_creation_that_is_read_twice_by_a_task_is_made_once() {
    let mut draft = Draft::new();
    let draws = draft.create(draws(0));
    let square = draft.binary(BinaryOp::Multiply, draws, draws);
    let rewritten = draft.rewritten(&[square]);
    assert_eq!(tasks(&rewritten), 1);
    let last = rewritten.tasks().last().unwrap();
    let Op::Formula(formula) = rewritten.op(last) else { panic!("{}", rewritten.op(last)) };
    assert_eq!(formula.inputs.len(), 1);
}

#[test]
fn creations_that_are_kept_stretched_or_multiplied_stay() {
    let mut draft = Draft::new();
    let kept = draft.create(ones());
    let negative = draft.unary(UnaryOp::Negative, kept);
    assert_eq!(tasks(&draft.rewritten(&[kept, negative])), 2);
    let mut draft = Draft::new();
    let region = Region { start: vec![0], len: vec![3] };
    let shape = Shape::new([3]).unwrap();
    let row = draft.task(Op::Create { creation: ones(), shape, region }, &[]);
    let source = draft.source();
    let result = draft.binary(BinaryOp::Add, row, source);
    assert_eq!(tasks(&draft.rewritten(&[result])), 2);
    let mut draft = Draft::new();
    let (line, source) = (draft.create(line()), draft.source());
    let total = draft.sum(line);
    let product = draft.task(product(false), &[line, source]);
    assert_eq!(tasks(&draft.rewritten(&[total, product])), 3);
}

#[test]
fn draws_that_several_tasks_read_are_made_again_only_to_spare_memory() {
    let mut draft = Draft::new();
    let (draws, line) = (draft.create(draws(0)), draft.create(line()));
    let sum = draft.sum(draws);
    let centred = draft.binary(BinaryOp::Subtract, draws, sum);
    let shifted = draft.binary(BinaryOp::Add, centred, line);
    let total = draft.sum(shifted);
    let before = draft.graph.clone();
    let rewritten = draft.rewritten(&[total]);
    assert_eq!(tasks(&rewritten), 3);
    let spared = rewrite::spare_memory(&rewritten, &Rules::all()).unwrap();
    spared.validate().unwrap();
    assert_eq!((tasks(&spared), results(&spared)), (2, results(&rewritten)));
    assert!(rewrite::spare_memory(&spared, &Rules::all()).is_none());
    let off = Rules::all().without("fuse-creation").unwrap();
    assert!(rewrite::spare_memory(&before, &off).is_none());
}

#[test]
fn the_graph_after_each_rule_can_be_seen() {
    let mut draft = Draft::new();
    let a = draft.source();
    let t = draft.transpose(a);
    let product = draft.task(product(false), &[t, a]);
    let ones = draft.create(ones());
    let exp = draft.binary(BinaryOp::Subtract, product, ones);
    let log = draft.unary(UnaryOp::Log, exp);
    let total = draft.sum(log);
    draft.graph.keep(total);
    let steps = rewrite::trace(&draft.graph, &Rules::all(), &Cluster::uniform(1, 1));
    let shown: Vec<_> = steps.iter().map(|(name, graph)| (*name, tasks(graph))).collect();
    let rules = ["transpose-operand", "fuse-elementwise", "fuse-reduction", "fuse-creation"];
    assert_eq!(shown, rules.into_iter().zip([5, 4, 3, 2]).collect::<Vec<_>>());
    assert!(matches!(
        Rules::all().without("fuse"),
        Err(PlanError::UnknownRule { known, .. }) if known.contains("fuse-reduction")
    ));
}
