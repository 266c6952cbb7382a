//! Tasks that nothing needs: a slice of an array needs a few of its blocks, and the others are not computed.

use crate::{GraphError, TaskGraph, VertexId};

impl TaskGraph {
    /// The graph without the tasks and sources that no result needs. It costs O(vertices + edges).
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
        if live.iter().all(|&live| live) {
            return Ok(self);
        }
        let mut smaller = self.successor();
        let mut renamed = vec![VertexId(0); self.len()];
        for vertex in self.vertices().filter(|vertex| live[vertex.index()]) {
            let inputs: Vec<_> =
                self.inputs(vertex).iter().map(|input| renamed[input.index()]).collect();
            renamed[vertex.index()] =
                smaller.adopt(&self, vertex, self.op(vertex).clone(), &inputs)?;
        }
        Ok(smaller)
    }

    /// Whether each vertex is a result or is read on the way to one.
    fn live(&self) -> Vec<bool> {
        let mut live = vec![false; self.len()];
        for vertex in self.vertices().rev() {
            let result = self.is_kept(vertex) && !self.is_source(vertex);
            live[vertex.index()] |= result;
            if live[vertex.index()] {
                self.inputs(vertex).iter().for_each(|input| live[input.index()] = true);
            }
        }
        live
    }
}

#[cfg(test)]
mod tests {
    use crate::array_op::{self, ArraySpec, Selection};
    use crate::{ArrayId, Constant, Creation, DType, GridRule, Op, Shape, TaskGraph};

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
}
