//! The lazy expression graph: what an array is computed from.
//!
//! A node is lazy until a plan that keeps it is submitted; then its blocks live on the cluster under its name and it lets
//! its operands go, so nothing dear is computed twice and loops do not build chains. A view stays lazy for good: it has no
//! blocks of its own, so whoever reads it sees its operand, whatever was looked at before.

use crate::session::SessionInner;
use nums_lshs::array_op::{ArrayOp, ArraySpec, Cost};
use nums_lshs::{ArrayId, Creation};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A node of the expression graph.
pub(crate) struct Expression {
    pub(crate) id: ArrayId,
    pub(crate) spec: ArraySpec,
    pub(crate) session: Arc<SessionInner>,
    /// What it costs to compute it once more.
    pub(crate) cost: Cost,
    /// How many arrays in the user's hands are this node.
    pub(crate) handles: AtomicUsize,
    /// It, or what was lazy when it was made of it, may refuse the numbers that it reads.
    may_refuse: bool,
    /// Somebody has asked how computing it ends.
    asked: AtomicBool,
    /// A plan that keeps it was submitted once, and may have been given up.
    was_submitted: AtomicBool,
    /// A plan has computed it on the way and not kept it.
    needed: AtomicBool,
    /// It is kept when it is computed on the way.
    persists: AtomicBool,
    state: Mutex<State>,
}

/// Where a node stands.
enum State {
    /// No plan that keeps it was submitted.
    Lazy(Lazy),
    /// A plan that keeps it was submitted, or its blocks were; they are or will be on the cluster.
    Submitted(Submitted),
}

/// What is known of a node that was submitted.
#[derive(Default)]
struct Submitted {
    /// The submission; nothing for blocks that were given to the cluster.
    submission: Option<Arc<Submission>>,
    /// What makes it again, for a node that reads nothing of the cluster: a plan that fails or is given up takes all with
    /// it that it was to make, also what had no part in the failure.
    formula: Option<Lazy>,
}

/// What was submitted at once.
#[derive(Debug)]
pub(crate) struct Submission {
    /// How often the session had given up its work before.
    cancels: u64,
    /// Whether somebody has heard that it failed.
    failed: AtomicBool,
}

impl Submission {
    pub(crate) fn new(session: &SessionInner) -> Arc<Submission> {
        let cancels = session.cancels.load(Relaxed);
        Arc::new(Submission { cancels, failed: AtomicBool::new(false) })
    }

    /// Whether its arrays may never be there.
    fn ended_early(&self, session: &SessionInner) -> bool {
        self.failed.load(Relaxed) || self.cancels != session.cancels.load(Relaxed)
    }
}

/// How a node follows from others.
#[derive(Clone)]
pub(crate) struct Lazy {
    pub(crate) op: Arc<ArrayOp>,
    pub(crate) operands: Vec<Arc<Expression>>,
}

/// Steps of a formula: a draw is a creation of which a part is taken, shaped, scaled and shifted.
const FORMULA_DEPTH_MAX: usize = 8;

impl Lazy {
    /// Whether it reads nothing of the cluster and nothing that somebody holds: a creation, or a few steps from one.
    fn is_formula(&self, depth: usize) -> bool {
        let formula = |operand: &Arc<Expression>| match &*operand.state() {
            State::Lazy(lazy) => !operand.has_handles() && lazy.is_formula(depth - 1),
            State::Submitted(_) => false,
        };
        depth > 0 && self.operands.iter().all(formula)
    }
}

impl Expression {
    /// A node of a spec that the operation gives for its operands.
    pub(crate) fn new(session: &Arc<SessionInner>, spec: ArraySpec, lazy: Lazy) -> Arc<Expression> {
        let operands: Vec<_> = lazy.operands.iter().map(|operand| &operand.spec).collect();
        let cost = lazy.op.cost(&operands);
        Expression::in_state(session, spec, cost, State::Lazy(lazy))
    }

    /// A node whose blocks are given to the cluster under its name.
    pub(crate) fn on_cluster(session: &Arc<SessionInner>, spec: ArraySpec) -> Arc<Expression> {
        Expression::in_state(session, spec, Cost::Dear, State::Submitted(Submitted::default()))
    }

    /// The elements of a view as an array with blocks of its own; any other node is that already.
    pub(crate) fn stored(self: &Arc<Expression>) -> Arc<Expression> {
        match self.lazy() {
            Some(lazy) if self.cost == Cost::View => {
                let (spec, cost) = (self.spec.clone(), Cost::Moderate);
                Expression::in_state(&self.session, spec, cost, State::Lazy(lazy))
            }
            _ => self.clone(),
        }
    }

    fn in_state(
        session: &Arc<SessionInner>,
        spec: ArraySpec,
        cost: Cost,
        state: State,
    ) -> Arc<Expression> {
        let may_refuse = match &state {
            State::Lazy(Lazy { op, operands }) => {
                let inherited = |read: &Arc<Expression>| read.may_refuse && read.is_lazy();
                op.may_refuse() || operands.iter().any(inherited)
            }
            State::Submitted(_) => false,
        };
        Arc::new(Expression {
            id: session.next_array(),
            spec,
            session: session.clone(),
            cost,
            handles: AtomicUsize::new(0),
            may_refuse,
            asked: AtomicBool::new(false),
            was_submitted: AtomicBool::new(false),
            needed: AtomicBool::new(false),
            persists: AtomicBool::new(false),
            state: Mutex::new(state),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the node is computed, or `None` when it is on the cluster.
    pub(crate) fn lazy(&self) -> Option<Lazy> {
        match &*self.state() {
            State::Lazy(lazy) => Some(lazy.clone()),
            State::Submitted(_) => None,
        }
    }

    fn is_lazy(&self) -> bool {
        matches!(*self.state(), State::Lazy(_))
    }

    /// Whether computing it may fail by the numbers that it reads, and nobody has asked yet how that ends.
    pub(crate) fn may_fail(&self) -> bool {
        self.may_refuse && !self.asked.load(Relaxed)
    }

    /// Somebody asks how computing the node ends.
    pub(crate) fn asked(&self) {
        self.asked.store(true, Relaxed);
    }

    /// The node that has the blocks: of a view its operand's, and so on.
    pub(crate) fn base(self: &Arc<Expression>) -> Arc<Expression> {
        let mut base = self.clone();
        while base.cost == Cost::View {
            match base.lazy().and_then(|lazy| lazy.operands.into_iter().next()) {
                Some(operand) => base = operand,
                None => break,
            }
        }
        base
    }

    /// The node is on the cluster from now on; its operands are let go, unless they are steps of a formula.
    pub(crate) fn submitted(&self, submission: &Arc<Submission>) {
        let mut state = self.state();
        let mut own = Submitted { submission: Some(submission.clone()), formula: None };
        if let State::Lazy(lazy) = &*state
            && lazy.is_formula(FORMULA_DEPTH_MAX)
        {
            own.formula = Some(lazy.clone());
        }
        let before = std::mem::replace(&mut *state, State::Submitted(own));
        self.was_submitted.store(true, Relaxed);
        drop(state);
        drop_iteratively(before);
    }

    /// Somebody has heard that the node will not be there.
    pub(crate) fn failed(&self) {
        if let State::Submitted(Submitted { submission: Some(submission), .. }) = &*self.state() {
            submission.failed.store(true, Relaxed);
        }
    }

    /// A formula whose plan has ended early is lazy again. Called where plans are made, under the lock of submissions.
    pub(crate) fn revive(&self) {
        let mut state = self.state();
        if let State::Submitted(Submitted { submission: Some(submission), formula }) = &mut *state
            && submission.ended_early(&self.session)
            && let Some(formula) = formula.take()
        {
            *state = State::Lazy(formula);
        }
    }

    pub(crate) fn has_handles(&self) -> bool {
        self.handles.load(Relaxed) > 0
    }

    /// Whether the blocks stay when the node is computed on the way to another one. What is dear stays while somebody
    /// holds it. What is cheap stays when it was needed before, so that a loop builds no chain, unless it is
    /// a formula other than a random draw: these are made again for less than reading them takes.
    pub(crate) fn is_kept_on_the_way(&self) -> bool {
        let again = match self.cost {
            Cost::View => false,
            Cost::Cheap => self.needed.load(Relaxed) && self.session.may_keep(self.spec.bytes()),
            Cost::Moderate | Cost::Dear => true,
        };
        self.has_handles() && (again || self.persists.load(Relaxed))
    }

    /// A plan was submitted that computes the node and does not keep it.
    pub(crate) fn was_needed(&self) {
        let creation = match &*self.state() {
            State::Lazy(lazy) => lazy.op.creation(),
            State::Submitted(_) => None,
        };
        let costs_nothing =
            creation.is_some_and(|creation| !matches!(creation, Creation::Random { .. }));
        self.needed.store(!costs_nothing, Relaxed);
    }

    /// The node is kept by the first plan that computes it.
    pub(crate) fn persist(&self) {
        self.persists.store(true, Relaxed);
    }
}

impl Drop for Expression {
    fn drop(&mut self) {
        let gone = State::Submitted(Submitted::default());
        let state = std::mem::replace(&mut *self.state(), gone);
        // A plan that was given up may have made it all the same.
        if matches!(state, State::Submitted(_)) || self.was_submitted.load(Relaxed) {
            self.session.release(self.id);
        }
        drop_iteratively(state);
    }
}

/// Drops what a node was computed from without recursion: a chain may be longer than a stack is deep.
fn drop_iteratively(state: State) {
    let mut waiting = match state {
        State::Lazy(lazy) => lazy.operands,
        State::Submitted(_) => Vec::new(),
    };
    while let Some(operand) = waiting.pop() {
        // Only the last owner takes the operands out, so the drop that follows finds none.
        let Some(last) = Arc::into_inner(operand) else { continue };
        if let State::Lazy(lazy) = &mut *last.state() {
            waiting.append(&mut lazy.operands);
        }
    }
}
