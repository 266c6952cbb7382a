//! Random graphs and clusters from a seed.

use nums_lshs::{
    ArrayId, BlockName, BlockSpec, Cluster, DType, NodeId, NodeSpec, Op, Place, Shape, TaskGraph,
    VertexId, node_of_place,
};

/// A small generator of numbers; the same seed gives the same ones everywhere.
pub struct Numbers(u64);

impl Numbers {
    /// Numbers of a seed.
    pub fn new(seed: u64) -> Numbers {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    /// A number in `0..bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        // xorshift64* (S. Vigna, 2016).
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }

    /// One of some values.
    pub fn choose<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }
}

/// A graph of opaque tasks with one to four inputs, shared vertices, blocks of many sizes and layouts that do not
/// fit together. Every task gives one block.
pub fn graph(numbers: &mut Numbers, tasks: usize, nodes: usize, places: u32) -> TaskGraph {
    graph_of_outputs(numbers, tasks, nodes, places, 1)
}

/// As [`graph`], of tasks that give up to so many blocks, some of which nobody reads.
pub fn graph_of_outputs(
    numbers: &mut Numbers,
    tasks: usize,
    nodes: usize,
    places: u32,
    outputs_max: u64,
) -> TaskGraph {
    let mut graph = TaskGraph::new(ArrayId(1));
    let name = |index: usize| BlockName { array: ArrayId(0), index: index as u32 };
    // Whether computing or moving dominates differs from graph to graph.
    let flops_per_byte = numbers.choose(&[0, 1, 20, 50, 100, 1000]);
    // In some graphs the sources lie by their layout, in some of these tasks are laid out as their first input.
    let (aligned, following) = (numbers.below(3) == 0, numbers.below(2) == 0);
    let sources = 1 + numbers.below(tasks as u64 / 2 + 2) as usize;
    let mut vertices: Vec<VertexId> = Vec::new();
    let mut further = 0;
    for index in 0..sources {
        let elements = 1 + numbers.below(200) as usize * 100;
        let spec = BlockSpec::new(DType::Float64, Shape::new([elements]).unwrap());
        let place = Place(numbers.below(u64::from(places)) as u32);
        let anywhere = NodeId(numbers.below(nodes as u64) as u32);
        let first = if aligned { node_of_place(place, places, nodes) } else { anywhere };
        let mut holders = vec![first];
        if numbers.below(8) == 0 {
            holders.push(NodeId((first.0 + 1) % nodes as u32));
            holders.dedup();
        }
        vertices.push(graph.source(spec, name(index), place, holders));
    }
    for index in 0..tasks {
        let mut inputs = Vec::new();
        for _ in 0..=numbers.below(4) {
            // Half of the reads are of recent vertices, so that there are chains as well as fans.
            let recent = vertices.len().saturating_sub(6);
            let from = if numbers.below(2) == 0 { recent } else { 0 };
            let at = from + numbers.below((vertices.len() - from) as u64) as usize;
            if !inputs.contains(&vertices[at]) {
                inputs.push(vertices[at]);
            }
        }
        let mut output_bytes = vec![8 * (1 + numbers.below(200) * 100)];
        let flops = flops_per_byte * (output_bytes[0] / 2 + numbers.below(output_bytes[0]));
        let anywhere = Place(numbers.below(u64::from(places)) as u32);
        let place = if aligned && following { graph.place(inputs[0]) } else { anywhere };
        let mut outputs = vec![(place, name(sources + index))];
        if outputs_max > 1 {
            for _ in 0..numbers.below(outputs_max) {
                output_bytes.push(8 * numbers.below(200) * 100);
                let place = Place(numbers.below(u64::from(places)) as u32);
                outputs.push((place, BlockName { array: ArrayId(1), index: further }));
                further += 1;
            }
        }
        let op = Op::Opaque { kind: "task".into(), flops, output_bytes };
        let vertex = graph.task_giving(op, &inputs, &outputs).unwrap();
        vertices.extend(graph.outputs(vertex));
    }
    let is_read: Vec<bool> = {
        let mut is_read = vec![false; graph.len()];
        for task in graph.tasks() {
            graph.inputs(task).iter().for_each(|input| is_read[input.index()] = true);
        }
        is_read
    };
    let made: Vec<_> = graph.made().collect();
    for vertex in made {
        let task = graph.task_of(vertex);
        let needed = graph.outputs(task).any(|output| is_read[output.index()]);
        if (task == vertex && !needed) || numbers.below(6) == 0 {
            graph.keep(vertex);
        }
    }
    graph
}

/// A cluster whose nodes differ in one graph of two.
pub fn cluster(numbers: &mut Numbers, nodes: usize, places: u32) -> Cluster {
    let mut cluster = Cluster::uniform(nodes, places);
    if numbers.below(2) == 0 {
        let slow = numbers.below(nodes as u64) as usize;
        let spec: &mut NodeSpec = &mut cluster.nodes[slow];
        match numbers.below(3) {
            0 => spec.flops_per_s /= 2.0,
            1 => spec.bandwidth_in_bytes_per_s /= 2.0,
            _ => spec.bandwidth_out_bytes_per_s /= 2.0,
        }
    }
    if numbers.below(4) == 0 {
        cluster.nodes.iter_mut().enumerate().for_each(|(index, spec)| spec.host = index as u32 / 2);
    }
    cluster
}
