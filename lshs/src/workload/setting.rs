//! The size of a workload and of the cluster that holds its sources.

use super::Skew;
use crate::array_op::{ArraySpec, BlockArray};
use crate::{
    ArrayId, Cluster, DType, GraphError, Grid, Layout, NodeId, PlaceMap, Shape, ShapeError,
    TaskGraph,
};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use thiserror::Error;

/// The parameters of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The number Q of blocks along each blocked axis.
    pub blocks: usize,
    /// The number K of nodes.
    pub nodes: usize,
    /// The number V of places. Default: the number of nodes.
    pub places: Option<u32>,
    /// The grid of nodes over the axes of the largest array; chosen by the layout when it is empty.
    pub node_grid: Vec<usize>,
    /// The number N of elements of a block.
    pub block_elements: usize,
    /// The length F of the dimension that tensor workloads do not cut.
    pub rank: usize,
    /// Worker threads of a node.
    pub workers: u32,
    /// What node 0 has half of.
    pub skew: Option<Skew>,
}

/// A setting with the owner of each place.
pub(super) struct Site<'a> {
    setting: &'a Setting,
    owners: Vec<NodeId>,
    /// The block counts of the arrays that go in and come out, as they are added.
    block_counts: RefCell<BTreeMap<ArrayId, Vec<usize>>>,
}

/// A setting that does not describe a workload.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WorkloadError {
    /// No workload has this name.
    #[error("unknown workload {name:?}; expected one of {known}")]
    Unknown {
        /// The given name.
        name: String,
        /// The known names.
        known: String,
    },
    /// A count is outside its range.
    #[error("{what} must be between 1 and {most}, got {found}")]
    Count {
        /// The count.
        what: &'static str,
        /// The given value.
        found: usize,
        /// The largest supported value.
        most: usize,
    },
    /// The node grid has a different number of nodes than the cluster.
    #[error(
        "expected a node grid of {nodes} nodes, got {grid:?} with {} nodes",
        product_text(grid)
    )]
    NodeGrid {
        /// The grid.
        grid: Vec<usize>,
        /// The number of nodes of the cluster.
        nodes: usize,
    },
    /// The node grid has more axes than the array.
    #[error("expected a node grid of at most {axes} axes, got {grid:?}")]
    NodeGridAxes {
        /// The grid.
        grid: Vec<usize>,
        /// The axes of the array.
        axes: usize,
    },
    /// A node grid is a grid of places, so it needs as many places as nodes.
    #[error("a node grid needs as many places as nodes: expected {nodes} places, got {places}")]
    NodeGridPlaces {
        /// The number of places.
        places: u32,
        /// The number of nodes.
        nodes: usize,
    },
    /// A square block needs a square number of elements.
    #[error("expected a square number of elements for square blocks, got {elements}; the nearest is {}", nearest_square(*elements))]
    NotSquare {
        /// The given number of elements.
        elements: usize,
    },
    /// The graph would be too large to plan.
    #[error("{blocks} blocks along an axis give more than {tasks_max} tasks")]
    TooManyTasks {
        /// The blocks along an axis.
        blocks: usize,
        /// The most tasks that a workload may have.
        tasks_max: usize,
    },
    /// The bytes or flops of the whole workload overflow.
    #[error("with {elements} elements per block, the bytes or flops of the workload overflow")]
    TooLarge {
        /// The elements of a block.
        elements: usize,
    },
    /// An array is too large to address.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A builder refused its inputs.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

impl Default for Setting {
    /// 16 blocks an axis on 4 nodes, blocks of 4,096 elements (64 squared, 16 cubed), rank 8.
    fn default() -> Setting {
        Setting {
            blocks: 16,
            nodes: 4,
            places: None,
            node_grid: Vec::new(),
            block_elements: 4096,
            rank: 8,
            workers: 1,
            skew: None,
        }
    }
}

impl Setting {
    /// The most nodes of a workload's cluster.
    pub const NODES_MAX: usize = 1 << 16;
    /// The most tasks of a workload: about 4 GB of graph and plan.
    pub const TASKS_MAX: usize = 1 << 24;
    /// The rows of a block of rows for each of its columns, and of a block that is summed: tall, so that moving
    /// partial results is cheaper than moving the block.
    pub(super) const TALL: usize = 16;

    /// The number of places.
    pub fn places(&self) -> u32 {
        self.places.unwrap_or(self.nodes as u32)
    }

    /// Typical nodes with the workers, skew and places of the setting.
    pub fn cluster(&self) -> Cluster {
        let mut cluster = Cluster::uniform(self.nodes, self.places());
        cluster.nodes.iter_mut().for_each(|spec| spec.workers = self.workers);
        if let Some(skew) = self.skew {
            skew.apply(&mut cluster);
        }
        cluster
    }

    pub(super) fn validate(&self) -> Result<(), WorkloadError> {
        let count = |what, found, most| match (1..=most).contains(&found) {
            true => Ok(()),
            false => Err(WorkloadError::Count { what, found, most }),
        };
        count("blocks", self.blocks, Setting::TASKS_MAX)?;
        count("nodes", self.nodes, Setting::NODES_MAX)?;
        count("places", self.places() as usize, Setting::NODES_MAX)?;
        count("workers", self.workers as usize, Setting::NODES_MAX)?;
        let grid = self.node_grid.clone();
        if grid.is_empty() {
            return Ok(());
        }
        if product(&grid) != Some(self.nodes) {
            return Err(WorkloadError::NodeGrid { grid, nodes: self.nodes });
        }
        if self.places() as usize != self.nodes {
            let (places, nodes) = (self.places(), self.nodes);
            return Err(WorkloadError::NodeGridPlaces { places, nodes });
        }
        Ok(())
    }
}

impl Deref for Site<'_> {
    type Target = Setting;
    fn deref(&self) -> &Setting {
        self.setting
    }
}

impl<'a> Site<'a> {
    pub(super) fn new(setting: &'a Setting) -> Site<'a> {
        let block_counts = RefCell::new(BTreeMap::new());
        Site { setting, owners: setting.cluster().owners(), block_counts }
    }

    /// Refuses a workload of about Q to some power tasks (times a few) that would be too many.
    pub(super) fn bound_tasks(&self, power: u32, times: usize) -> Result<(), WorkloadError> {
        let tasks = self.blocks.checked_pow(power).and_then(|tasks| tasks.checked_mul(times));
        match tasks {
            Some(tasks) if tasks <= Setting::TASKS_MAX => Ok(()),
            _ => {
                let (blocks, tasks_max) = (self.blocks, Setting::TASKS_MAX);
                Err(WorkloadError::TooManyTasks { blocks, tasks_max })
            }
        }
    }

    /// The side of a square block.
    pub(super) fn side(&self) -> Result<usize, WorkloadError> {
        let side = self.block_elements.isqrt();
        if side * side == self.block_elements {
            Ok(side)
        } else {
            Err(WorkloadError::NotSquare { elements: self.block_elements })
        }
    }

    /// An array of some counts of equal blocks, laid out as the session does it.
    pub(super) fn spec(
        &self,
        counts: &[usize],
        block: &[usize],
    ) -> Result<ArraySpec, WorkloadError> {
        let grid = equal_blocks(counts, block)?;
        Ok(ArraySpec::with_grid(DType::Float64, grid, self.places()))
    }

    /// The same for the array that the node grid is meant for: the largest one.
    pub(super) fn spec_on_node_grid(
        &self,
        counts: &[usize],
        block: &[usize],
    ) -> Result<ArraySpec, WorkloadError> {
        let mut spec = self.spec(counts, block)?;
        if self.node_grid.is_empty() {
            return Ok(spec);
        }
        let mut grid = self.node_grid.clone();
        // A trailing axis of one node says nothing, and a missing one is not divided.
        while grid.len() > counts.len() && grid.last() == Some(&1) {
            grid.pop();
        }
        if grid.len() > counts.len() {
            return Err(WorkloadError::NodeGridAxes { grid, axes: counts.len() });
        }
        grid.resize(counts.len(), 1);
        spec.layout = Layout::new(self.places(), &grid, PlaceMap::Contiguous);
        Ok(spec)
    }

    /// The node that holds a block of a source when the plan starts: that of its place.
    pub(super) fn home(&self, spec: &ArraySpec, index: usize) -> NodeId {
        self.owners[spec.place(index).0 as usize]
    }

    /// An array whose blocks exist on the nodes of their places.
    pub(super) fn source(&self, graph: &mut TaskGraph, spec: &ArraySpec) -> BlockArray {
        let array = graph.next_array();
        self.block_counts.borrow_mut().insert(array, spec.grid.counts());
        BlockArray::source(graph, array, spec, |index| vec![self.home(spec, index)])
    }

    /// Keeps an array as a result.
    pub(super) fn keep(&self, graph: &mut TaskGraph, array: &BlockArray) {
        array.keep(graph);
        if let Some(&first) = array.blocks.first() {
            let name = graph.name(first).array;
            self.block_counts.borrow_mut().insert(name, array.spec.grid.counts());
        }
    }

    /// The block counts of all sources and results.
    pub(super) fn into_block_counts(self) -> BTreeMap<ArrayId, Vec<usize>> {
        self.block_counts.into_inner()
    }
}

/// A grid of equal blocks; also of empty ones, which a uniform grid would merge.
fn equal_blocks(counts: &[usize], block: &[usize]) -> Result<Grid, ShapeError> {
    let lengths: Vec<_> =
        counts.iter().zip(block).map(|(&count, &len)| count.saturating_mul(len)).collect();
    Shape::new(lengths)?;
    let bounds = counts
        .iter()
        .zip(block)
        .map(|(&count, &len)| (0..=count).map(|index| index * len).collect());
    Grid::from_bounds(bounds.collect())
}

fn product(grid: &[usize]) -> Option<usize> {
    grid.iter().try_fold(1, |all: usize, &len| all.checked_mul(len))
}

fn product_text(grid: &[usize]) -> String {
    product(grid).map_or_else(|| "too many".to_owned(), |nodes| nodes.to_string())
}

fn nearest_square(elements: usize) -> String {
    let side = elements.isqrt();
    (side * side).to_string()
}
