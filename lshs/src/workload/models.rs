//! Factorisations and models of a tall matrix: TSQR, Newton's method.

use super::bounds::nodes_of;
use super::{Bounds, Setting, Site, WorkloadError};
use crate::array_op::{ArraySpec, NewtonModel, create, newton_step, tsqr_r};
use crate::{ArrayId, Constant, Creation, GlmFamily, TaskGraph, packed_len};

/// The R of Q row blocks by a tree; R has d x d = N elements and travels packed.
pub(super) fn tsqr(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(1, 2)?;
    let columns = site.side()?;
    let mut graph = TaskGraph::new(ArrayId(0));
    let spec = rows(site, columns)?;
    let x = site.source(&mut graph, &spec);
    let array = graph.next_array();
    let kept = tsqr_r(&mut graph, array, &x)?;
    site.keep(&mut graph, &kept);
    let packed = packed_len(columns).unwrap_or(0);
    Ok((graph, Bounds::tree(nodes_of(site, &spec).len(), packed)))
}

/// One step of Newton's method for logistic regression with d coefficients, d x d = N.
pub(super) fn newton(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(1, 2)?;
    let columns = site.side()?;
    let mut graph = TaskGraph::new(ArrayId(0));
    let spec = rows(site, columns)?;
    let x = site.source(&mut graph, &spec);
    let y = site.source(&mut graph, &labels(site, columns)?);
    let beta = site.source(&mut graph, &site.spec(&[1], &[columns])?);
    let array = graph.next_array();
    let kept = newton_step(&mut graph, array, LOGISTIC, &x, &y, &beta)?;
    site.keep(&mut graph, &kept);
    // The volume that the literature counts: beta out, the full Hessian, the gradient and four scalars in.
    let nodes = nodes_of(site, &spec).len();
    let sums = Bounds::tree(nodes, columns * columns + columns + 4);
    let broadcast = Bounds::broadcast(nodes - 1, columns);
    let both = |left: Option<u64>, right: Option<u64>| Some(left? + right?);
    let bounds = Bounds {
        total_bytes: both(sums.total_bytes, broadcast.total_bytes),
        max_bytes_in: both(sums.max_bytes_in, broadcast.max_bytes_in),
    };
    Ok((graph, bounds))
}

/// The ablation of the NumS paper: X and y are made on the cluster, so that a policy also decides where the data
/// lives, and logistic regression takes a few steps of Newton's method.
pub(super) fn logistic_regression(site: &Site<'_>) -> Result<(TaskGraph, Bounds), WorkloadError> {
    site.bound_tasks(1, 2 + 2 * NEWTON_STEPS)?;
    let columns = site.side()?;
    let mut graph = TaskGraph::new(ArrayId(0));
    let mut constant = |spec: &ArraySpec, value| {
        let array = graph.next_array();
        create(&mut graph, array, Creation::Full(Constant::float64(value)), spec)
    };
    let x = constant(&rows(site, columns)?, 1.0)?;
    let y = constant(&labels(site, columns)?, 1.0)?;
    let mut beta = constant(&site.spec(&[1], &[columns])?, 0.0)?;
    for _ in 0..NEWTON_STEPS {
        let array = graph.next_array();
        beta = newton_step(&mut graph, array, LOGISTIC, &x, &y, &beta)?;
    }
    site.keep(&mut graph, &beta);
    Ok((graph, Bounds::UNKNOWN))
}

/// Enough steps for the cost of making the data not to be all that counts.
const NEWTON_STEPS: usize = 3;

const LOGISTIC: NewtonModel =
    NewtonModel { family: GlmFamily::Bernoulli, intercept: false, ridge: Constant::float64(0.0) };

/// Q row blocks of a matrix.
fn rows(site: &Site<'_>, columns: usize) -> Result<ArraySpec, WorkloadError> {
    let block = [columns.saturating_mul(Setting::TALL), columns];
    site.spec_on_node_grid(&[site.blocks, 1], &block)
}

/// A vector that lies beside the rows.
fn labels(site: &Site<'_>, columns: usize) -> Result<ArraySpec, WorkloadError> {
    site.spec(&[site.blocks], &[columns.saturating_mul(Setting::TALL)])
}
