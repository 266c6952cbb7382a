//! A program as it is written: the arrays so far, and what makes the next one.

use super::{Origin, PLACES, Variable, WorkloadError, rule};
use crate::array_op::{ArraySpec, BlockArray, create};
use crate::{
    ArrayId, Constant, Creation, DType, Distribution, NodeId, Shape, SplitMix, TaskGraph,
    node_of_place,
};

pub(super) struct Writer {
    pub(super) graph: TaskGraph,
    numbers: SplitMix,
    origin: Origin,
    nodes: usize,
    lengths: Lengths,
    variables: Vec<Variable>,
    lines: Vec<String>,
}

/// The axis lengths that a program uses, so that its arrays have something to do with each other.
#[derive(Clone, Copy)]
struct Lengths {
    rows: usize,
    columns: usize,
    side: usize,
}

impl Writer {
    pub(super) fn new(mut numbers: SplitMix, origin: Origin, nodes: usize) -> Writer {
        let lengths = Lengths {
            rows: numbers.choose(&[2_000, 50_000, 400_000, 1_000_000, 10_000_000]),
            columns: numbers.choose(&[4, 20, 100, 250]),
            side: numbers.choose(&[90, 600, 1_500, 3_000, 5_000]),
        };
        // At most 800 MB an array.
        let columns = lengths.columns.min(100_000_000 / lengths.rows);
        Writer {
            graph: TaskGraph::new(ArrayId(0)),
            numbers,
            origin,
            nodes,
            lengths: Lengths { columns, ..lengths },
            variables: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// One to three arrays to begin with.
    pub(super) fn add_inputs(&mut self) -> Result<(), WorkloadError> {
        let Lengths { rows, columns, side } = self.lengths;
        let first: &[&[usize]] = &[&[rows, columns], &[rows, columns], &[side, side], &[rows]];
        let first = self.numbers.choose(first);
        self.add_input(first)?;
        for _ in 0..self.numbers.below(3) {
            let more: &[&[usize]] =
                &[&[rows, columns], &[rows], &[columns], &[side, side], &[side], &[40_000_000]];
            let shape = self.numbers.choose(more);
            self.add_input(shape)?;
        }
        Ok(())
    }

    /// An array of a formula, or one that is there.
    pub(super) fn add_input(&mut self, shape: &[usize]) -> Result<Variable, WorkloadError> {
        let spec = ArraySpec::automatic(&Shape::new(shape)?, DType::Float64, &rule());
        let array = self.graph.next_array();
        let created = match self.origin {
            Origin::Created => true,
            Origin::Loaded => false,
            Origin::Mixed => self.below(2) == 0,
        };
        if !created {
            let (nodes, moved) = (self.nodes, self.below(6) == 0);
            // Now and then a former plan, or a node that left, has put an array elsewhere.
            let shift = if moved { 1 + self.below(nodes) } else { 0 };
            let loaded = BlockArray::source(&mut self.graph, array, &spec, |index| {
                let owner = node_of_place(spec.place(index), PLACES, nodes).index();
                vec![NodeId(((owner + shift) % nodes) as u32)]
            });
            let how = if moved { "load(elsewhere)" } else { "load" };
            return Ok(self.define(format!("{how}{shape:?}"), loaded));
        }
        let [zero, one] = [0.0, 1.0].map(Constant::float64);
        let normal = Distribution::Normal { mean: zero, deviation: one };
        let uniform = Distribution::Uniform { low: zero, high: one };
        let random = |distribution| Creation::Random { distribution, seed: 1, stream: array.0 };
        let (how, formula) = self.numbers.choose(&[
            ("normal", random(normal)),
            ("uniform", random(uniform)),
            ("full", Creation::Full(one)),
            ("arange", Creation::Arange { start: zero, next: one }),
        ]);
        let made = create(&mut self.graph, array, formula, &spec)?;
        Ok(self.define(format!("{how}{shape:?}"), made))
    }

    /// Gives an array a name; one in three is held by the user and so is a result.
    pub(super) fn define(&mut self, says: String, array: BlockArray) -> Variable {
        let name = format!("v{}", self.variables.len());
        let held = self.below(3) == 0;
        if held {
            array.keep(&mut self.graph);
        }
        let shape = array.spec.shape();
        let note = if held { ", held" } else { "" };
        self.lines.push(format!("{name} = {says}  # {shape} in {}{note}", array.blocks.len()));
        let variable = Variable { name, array };
        self.variables.push(variable.clone());
        variable
    }

    /// The last array is what the program is for.
    pub(super) fn finish(mut self) -> Result<(Vec<String>, TaskGraph), WorkloadError> {
        if let Some(last) = self.variables.last() {
            last.array.keep(&mut self.graph);
        }
        Ok((self.lines, self.graph.without_dead()?))
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.numbers.below(bound as u64) as usize
    }

    pub(super) fn choose<T: Copy>(&mut self, values: &[T]) -> T {
        self.numbers.choose(values)
    }

    /// An array that fits, the newest one half of the time; none where none fits.
    pub(super) fn pick(&mut self, fits: impl Fn(&Variable) -> bool) -> Option<Variable> {
        let fitting: Vec<Variable> =
            self.variables.iter().filter(|variable| fits(variable)).cloned().collect();
        let newest = fitting.last()?.clone();
        let any = self.below(2 * fitting.len());
        Some(fitting.get(any).cloned().unwrap_or(newest))
    }
}
