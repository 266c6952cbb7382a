//! Removing tasks that no result needs: a slice of an array needs a few of its blocks, and the others are not computed.

use crate::{GraphError, Op, TaskGraph, VertexId};

impl TaskGraph {
    /// The graph without the tasks and sources that no result needs. A task runs when any of its outputs is needed, and
    /// gives up those that are not where that spares work. It costs O(vertices + edges).
    ///
    /// ```
    /// use nums_lshs::*;
    /// let mut graph = TaskGraph::new(ArrayId(1));
    /// let spec = BlockSpec::new(DType::Float64, Shape::new([4])?);
    /// let name = |index| BlockName { array: ArrayId(0), index };
    /// let source = graph.source(spec, name(0), Place(0), vec![NodeId(0)]);
    /// let exp = || Op::Map(Program::unary(UnaryOp::Exp, DType::Float64));
    /// let needed = graph.task(exp(), &[source], Place(0), name(1))?;
    /// graph.task(exp(), &[source], Place(0), name(2))?;
    /// graph.keep(needed);
    /// assert_eq!(graph.without_dead()?.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// None for a graph whose operations fit their inputs.
    pub fn without_dead(self) -> Result<TaskGraph, GraphError> {
        let live = self.live();
        let task_lives = |task: VertexId| self.outputs(task).any(|output| live[output.index()]);
        // What nobody needs of a task that gives more stays where its operation cannot do without.
        let spared = |task: VertexId| {
            let wanted: Vec<_> = self.outputs(task).map(|output| live[output.index()]).collect();
            if wanted.contains(&false) { self.op(task).giving(&wanted) } else { None }
        };
        if self.vertices().all(|vertex| live[vertex.index()]) {
            return Ok(self);
        }
        let mut smaller = self.successor();
        let mut renamed = vec![VertexId(0); self.len()];
        for vertex in self.vertices() {
            let inputs: Vec<_> =
                self.inputs(vertex).iter().map(|input| renamed[input.index()]).collect();
            if self.is_source(vertex) && live[vertex.index()] {
                let adopted = smaller.adopt(&self, vertex, Op::Source, &inputs)?;
                renamed[vertex.index()] = adopted;
            } else if self.is_task(vertex) && task_lives(vertex) {
                let spared = spared(vertex);
                let stays = |output: &VertexId| spared.is_none() || live[output.index()];
                let outputs: Vec<_> = self.outputs(vertex).filter(stays).collect();
                let op = spared.as_ref().unwrap_or(self.op(vertex));
                let adopted = smaller.adopt_outputs(&self, &outputs, op, &inputs)?;
                for (slot, output) in outputs.into_iter().enumerate() {
                    renamed[output.index()] = smaller.output(adopted, slot);
                }
            }
        }
        Ok(smaller)
    }

    /// Whether each block is a result or is read on the way to one.
    fn live(&self) -> Vec<bool> {
        let mut live = vec![false; self.len()];
        // Whether any output of a task is needed.
        let mut runs = vec![false; self.len()];
        for vertex in self.vertices().rev() {
            let result = self.is_kept(vertex) && !self.is_source(vertex);
            live[vertex.index()] |= result;
            runs[self.task_of(vertex).index()] |= live[vertex.index()];
            if runs[vertex.index()] {
                self.inputs(vertex).iter().for_each(|input| live[input.index()] = true);
            }
        }
        live
    }
}

#[cfg(test)]
mod tests {
    use crate::array_op::{self, ArraySpec, Selection};
    use crate::{
        ArrayId, BlockName, BlockSpec, Constant, Creation, DType, GridRule, NodeId, Op, Place,
        QrStep, Shape, SortStep, TaskGraph,
    };

    #[test]
    fn a_slice_of_a_formula_makes_only_the_blocks_that_it_reads() {
        let rule = GridRule { block_bytes_min: 8, ..GridRule::with_places(64) };
        let spec =
            |len: usize| ArraySpec::automatic(&Shape::new([len]).unwrap(), DType::Float64, &rule);
        let (whole, part) = (spec(6400), spec(3));
        let mut graph = TaskGraph::new(ArrayId(2));
        let creation = Creation::Full(Constant::float64(1.0));
        let input = array_op::create(&mut graph, ArrayId(0), creation, &whole).unwrap();
        let taken = [Selection { start: 150, step: 100, len: 3 }];
        let slice = array_op::gather(&mut graph, ArrayId(1), &input, &taken, &part.grid, &part);
        slice.unwrap().keep(&mut graph);
        let created = |graph: &TaskGraph| {
            graph.tasks().filter(|&task| matches!(graph.op(task), Op::Create { .. })).count()
        };
        let before = created(&graph);
        let graph = graph.without_dead().unwrap();
        assert_eq!((before, created(&graph)), (64, 3));
        graph.validate().unwrap();
    }

    #[test]
    fn a_task_gives_up_what_nobody_needs_where_that_spares_work() {
        let (block, triangle) = (Shape::new([9, 4]).unwrap(), Shape::new([10]).unwrap());
        let name = |index| BlockName { array: ArrayId(1), index };
        let pair = |index| [(Place(0), name(index)), (Place(0), name(index + 1))];
        let merge = Op::Sort(SortStep::Merge);
        for (op, shape, inputs, needed, stay) in [
            // R without Q is another operation; Q comes with R; a merge gives both halves.
            (Op::Qr(QrStep::Factor { q: true }), &block, 1, 0, 1),
            (Op::Qr(QrStep::Factor { q: true }), &block, 1, 1, 2),
            (merge.clone(), &triangle, 2, 0, 2),
            (merge, &triangle, 2, 1, 2),
        ] {
            let mut graph = TaskGraph::new(ArrayId(2));
            let spec = BlockSpec::new(DType::Float64, shape.clone());
            let sources: Vec<_> = (0..inputs)
                .map(|at| graph.source(spec.clone(), name(10 + at), Place(0), vec![NodeId(0)]))
                .collect();
            graph.task_giving(&op, &sources, &pair(2)).unwrap();
            let task = graph.task_giving(&op, &sources, &pair(0)).unwrap();
            graph.keep(graph.output(task, needed));
            let graph = graph.without_dead().unwrap();
            graph.validate().unwrap();
            assert_eq!((graph.tasks().count(), graph.made().count()), (1, stay), "{op}");
            let kept: Vec<_> = graph.made().filter(|&made| graph.is_kept(made)).collect();
            assert_eq!(kept.len(), 1);
            assert_eq!(graph.name(kept[0]), name(needed as u32));
        }
    }
}
