//! The lazy expression graph: what an array is computed from.
//!
//! A node is lazy until a plan that computes it is submitted; then its blocks live on the cluster under its name and
//! it lets its operands go, so nothing is computed twice and loops do not build chains.

use crate::session::SessionInner;
use nums_lshs::build::{ArraySpec, NewtonModel, Selection};
use nums_lshs::{
    ArrayId, Creation, DType, Einsum, GlmFamily, Grid, LinalgStep, Program, Reduction,
};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A node of the expression graph.
pub(crate) struct Expression {
    pub(crate) id: ArrayId,
    pub(crate) spec: ArraySpec,
    pub(crate) session: Arc<SessionInner>,
    /// How many arrays in the user's hands are this node: its blocks are kept when it is computed on the way.
    pub(crate) handles: AtomicUsize,
    state: Mutex<State>,
}

/// Where a node stands.
pub(crate) enum State {
    /// It was not computed yet.
    Lazy(Operation),
    /// A plan that computes it was submitted, or its blocks were; they are or will be on the cluster.
    Submitted,
}

/// How a node follows from others.
#[derive(Clone)]
pub(crate) enum Operation {
    Create(Creation),
    Elementwise {
        program: Program,
        operands: Vec<Arc<Expression>>,
    },
    MatMul {
        left: Arc<Expression>,
        right: Arc<Expression>,
    },
    Reduce {
        operand: Arc<Expression>,
        kind: Reduction,
        axes: Vec<usize>,
    },
    Transpose {
        operand: Arc<Expression>,
        order: Vec<usize>,
    },
    Gather {
        operand: Arc<Expression>,
        selections: Vec<Selection>,
        working: Grid,
    },
    Reshape {
        operand: Arc<Expression>,
    },
    /// The family, and whether there are an intercept and a Hessian; of X, y and the coefficients.
    GlmSum {
        sums: (GlmFamily, bool, bool),
        operands: Vec<Arc<Expression>>,
    },
    /// Of the sums with their Hessian, and the coefficients.
    NewtonUpdate {
        model: NewtonModel,
        operands: Vec<Arc<Expression>>,
    },
    /// Other cuts; `pinned` demands that each block lies on the node of its place.
    Rechunk {
        operand: Arc<Expression>,
        pinned: bool,
    },
    Concatenate {
        operands: Vec<Arc<Expression>>,
        axis: usize,
    },
    Contract {
        operands: Vec<Arc<Expression>>,
        einsum: Einsum,
    },
    /// Of the array, and what is put into it.
    Assign {
        operands: Vec<Arc<Expression>>,
        selections: Vec<Selection>,
    },
    /// The slices along an axis that the indices name.
    Take {
        operand: Arc<Expression>,
        axis: usize,
        indices: Arc<[usize]>,
    },
    /// How many elements of each block are true.
    CountTrue {
        operand: Arc<Expression>,
    },
    /// Of the array and the mask, of which each block has so many true elements.
    Compress {
        operands: Vec<Arc<Expression>>,
        counts: Arc<[usize]>,
    },
    /// The elements sorted along an axis, or their indices.
    Sort {
        operand: Arc<Expression>,
        axis: usize,
        indices: bool,
    },
    /// Of the sorted line and the values.
    SearchSorted {
        operands: Vec<Arc<Expression>>,
        right: bool,
    },
    /// Of a symmetric positive definite matrix.
    Cholesky {
        operand: Arc<Expression>,
    },
    /// Of a square matrix, and right-hand sides where the step has them.
    Linalg {
        operands: Vec<Arc<Expression>>,
        step: LinalgStep,
    },
    /// A factor of a tall matrix.
    Qr {
        operand: Arc<Expression>,
        factor: QrFactor,
    },
}

/// The factors of a QR factorisation.
#[derive(Clone, Copy)]
pub(crate) enum QrFactor {
    Q,
    R,
}

impl Expression {
    pub(crate) fn new(
        session: &Arc<SessionInner>,
        spec: ArraySpec,
        operation: Operation,
    ) -> Arc<Expression> {
        Expression::in_state(session, spec, State::Lazy(operation))
    }

    /// A node whose blocks are given to the cluster under its name.
    pub(crate) fn on_cluster(session: &Arc<SessionInner>, spec: ArraySpec) -> Arc<Expression> {
        Expression::in_state(session, spec, State::Submitted)
    }

    fn in_state(session: &Arc<SessionInner>, spec: ArraySpec, state: State) -> Arc<Expression> {
        Arc::new(Expression {
            id: session.next_array(),
            spec,
            session: session.clone(),
            handles: AtomicUsize::new(0),
            state: Mutex::new(state),
        })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the node is computed, or `None` when it is on the cluster.
    pub(crate) fn operation(&self) -> Option<Operation> {
        match &*self.state() {
            State::Lazy(operation) => Some(operation.clone()),
            State::Submitted => None,
        }
    }

    /// The node is on the cluster from now on; its operands are let go.
    pub(crate) fn submitted(&self) {
        let before = std::mem::replace(&mut *self.state(), State::Submitted);
        drop_iteratively(before);
    }

    pub(crate) fn has_handles(&self) -> bool {
        self.handles.load(Relaxed) > 0
    }
}

impl Operation {
    /// The nodes that it reads.
    pub(crate) fn operands(&self) -> Vec<&Arc<Expression>> {
        match self {
            Operation::Create(_) => Vec::new(),
            Operation::Elementwise { operands, .. }
            | Operation::GlmSum { operands, .. }
            | Operation::NewtonUpdate { operands, .. }
            | Operation::Concatenate { operands, .. }
            | Operation::Contract { operands, .. }
            | Operation::Assign { operands, .. }
            | Operation::Compress { operands, .. }
            | Operation::SearchSorted { operands, .. }
            | Operation::Linalg { operands, .. } => operands.iter().collect(),
            Operation::MatMul { left, right } => vec![left, right],
            Operation::Reduce { operand, .. }
            | Operation::Transpose { operand, .. }
            | Operation::Gather { operand, .. }
            | Operation::Reshape { operand }
            | Operation::Rechunk { operand, .. }
            | Operation::Take { operand, .. }
            | Operation::CountTrue { operand }
            | Operation::Cholesky { operand }
            | Operation::Qr { operand, .. }
            | Operation::Sort { operand, .. } => vec![operand],
        }
    }

    fn into_operands(self) -> Vec<Arc<Expression>> {
        match self {
            Operation::Create(_) => Vec::new(),
            Operation::Elementwise { operands, .. }
            | Operation::GlmSum { operands, .. }
            | Operation::NewtonUpdate { operands, .. }
            | Operation::Concatenate { operands, .. }
            | Operation::Contract { operands, .. }
            | Operation::Assign { operands, .. }
            | Operation::Compress { operands, .. }
            | Operation::SearchSorted { operands, .. }
            | Operation::Linalg { operands, .. } => operands,
            Operation::MatMul { left, right } => vec![left, right],
            Operation::Reduce { operand, .. }
            | Operation::Transpose { operand, .. }
            | Operation::Gather { operand, .. }
            | Operation::Reshape { operand }
            | Operation::Rechunk { operand, .. }
            | Operation::Take { operand, .. }
            | Operation::CountTrue { operand }
            | Operation::Cholesky { operand }
            | Operation::Qr { operand, .. }
            | Operation::Sort { operand, .. } => vec![operand],
        }
    }
}

impl Drop for Expression {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut *self.state(), State::Submitted);
        match state {
            State::Submitted => self.session.release(self.id),
            lazy => drop_iteratively(lazy),
        }
    }
}

/// Drops what a node was computed from without recursion: a chain may be longer than a stack is deep.
fn drop_iteratively(state: State) {
    let mut waiting = match state {
        State::Lazy(operation) => operation.into_operands(),
        State::Submitted => Vec::new(),
    };
    while let Some(operand) = waiting.pop() {
        // Only the last owner takes the operands out, so the drop that follows finds none.
        let Some(last) = Arc::into_inner(operand) else { continue };
        let mut state = last.state();
        if let State::Lazy(operation) = &mut *state {
            let operation = std::mem::replace(
                operation,
                Operation::Elementwise {
                    program: Program::identity(DType::Float64),
                    operands: Vec::new(),
                },
            );
            waiting.extend(operation.into_operands());
        }
    }
}
