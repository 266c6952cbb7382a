//! The lazy expression graph behind arrays.
//!
//! A node is lazy until a plan that keeps it is submitted. Then its blocks are on the cluster under its name, and it drops
//! its operands, so expensive results are computed once and loops do not build chains. A view stays lazy: it has no blocks
//! of its own, and its readers read its operand, whatever was evaluated before.

use crate::session::SessionInner;
use nums_lshs::array_op::{ArrayOp, ArraySpec, Cost};
use nums_lshs::{ArrayId, Creation};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A node of the expression graph.
pub(crate) struct Expression {
    pub(crate) id: ArrayId,
    pub(crate) spec: ArraySpec,
    pub(crate) session: Arc<SessionInner>,
    /// The cost of computing the node again.
    pub(crate) cost: Cost,
    /// The number of array handles that refer to this node.
    pub(crate) handles: AtomicUsize,
    /// The computation of this node, or of an operand that was lazy when the node was made, can fail because of its input
    /// values.
    may_refuse: bool,
    /// The outcome of the computation was requested.
    asked: AtomicBool,
    /// A plan that keeps the node was submitted before; it may have been cancelled.
    was_submitted: AtomicBool,
    /// A plan has computed the node without keeping it.
    needed: AtomicBool,
    /// The node is kept when a plan computes it.
    persists: AtomicBool,
    state: Mutex<State>,
}

/// The state of a node.
enum State {
    /// No plan that keeps it was submitted.
    Lazy(Lazy),
    /// A plan that keeps the node, or the blocks of the node, were submitted: the blocks are or will be on the cluster.
    Submitted(Submitted),
}

/// The facts about a submitted node.
#[derive(Default)]
struct Submitted {
    /// The submission, or `None` for uploaded blocks.
    submission: Option<Arc<Submission>>,
    /// The operation that makes the node again, for a node that reads no blocks of the cluster. When a plan fails or is
    /// cancelled, all its results are lost, including those that did not fail.
    formula: Option<Lazy>,
}

/// The nodes that were submitted together.
pub(crate) struct Submission {
    /// The session's number of cancellations before the submission.
    cancels: u64,
    /// Whether its failure was reported.
    failed: AtomicBool,
    /// Requests that wait for it, and submissions that read what it makes.
    claims: AtomicUsize,
    /// What a cancellation needs. `None` when it can no longer be given up: it is finished, or the program submitted it
    /// and not a request.
    open: Mutex<Option<Open>>,
}

/// What a submission needs to be given up.
struct Open {
    /// How its nodes are computed.
    recipes: Vec<(ArrayId, Weak<Expression>, Lazy)>,
    /// The submissions that make what it reads.
    reads: Vec<Claim>,
}

/// Somebody needs what a submission makes.
pub(crate) struct Claim {
    submission: Arc<Submission>,
}

impl Claim {
    fn new(submission: Arc<Submission>) -> Claim {
        submission.claims.fetch_add(1, Relaxed);
        Claim { submission }
    }

    /// What the submission makes is there.
    pub(crate) fn finish(self) {
        let open = self.submission.open().take();
        for (.., lazy) in open.into_iter().flat_map(|open| open.recipes) {
            drop_iteratively(State::Lazy(lazy));
        }
    }

    /// Cancels the submission if nobody else needs it. Its nodes are lazy again. Called under the submission lock.
    pub(crate) fn give_up(self, session: &SessionInner) {
        let mut given_up = vec![self];
        while let Some(claim) = given_up.pop() {
            let submission = claim.submission.clone();
            drop(claim);
            if submission.claims.load(Relaxed) > 0 {
                continue;
            }
            let mut slot = submission.open();
            let Some(open) = slot.take() else { continue };
            let made = open.recipes.iter().map(|(array, ..)| *array).collect();
            if session.client().cancel(made).is_err() {
                // The queue of the driver is full: the work goes on.
                *slot = Some(open);
                continue;
            }
            drop(slot);
            for (_, expression, lazy) in open.recipes {
                match expression.upgrade() {
                    Some(expression) => expression.restore(&submission, lazy),
                    None => drop_iteratively(State::Lazy(lazy)),
                }
            }
            given_up.extend(open.reads);
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.submission.claims.fetch_sub(1, Relaxed);
    }
}

impl Submission {
    /// A submission of nodes that reads others, by a request or by the program itself.
    pub(crate) fn new(
        session: &SessionInner,
        sources: &[Arc<Expression>],
        by_request: bool,
    ) -> Arc<Submission> {
        let cancels = session.cancels.load(Relaxed);
        let mut reads: Vec<Claim> = Vec::new();
        for submission in sources.iter().filter_map(|source| source.open_submission()) {
            if !reads.iter().any(|read| Arc::ptr_eq(&read.submission, &submission)) {
                reads.push(Claim::new(submission));
            }
        }
        let open = Mutex::new(Some(Open { recipes: Vec::new(), reads }));
        // Nobody gives up what the program submitted: one claim stays for ever.
        let claims = AtomicUsize::new(usize::from(!by_request));
        Arc::new(Submission { cancels, failed: AtomicBool::new(false), claims, open })
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks a node as submitted.
    pub(crate) fn takes(self: &Arc<Submission>, expression: &Arc<Expression>, by_request: bool) {
        let Some(lazy) = expression.submitted(self) else { return };
        match &mut *self.open() {
            Some(open) if by_request => {
                open.recipes.push((expression.id, Arc::downgrade(expression), lazy));
            }
            _ => drop_iteratively(State::Lazy(lazy)),
        }
    }

    /// Claims of a request on the submissions of its arrays that can be given up.
    pub(crate) fn claims(roots: &[Arc<Expression>]) -> Vec<Claim> {
        roots.iter().filter_map(|root| root.open_submission()).map(Claim::new).collect()
    }

    /// Whether its arrays can be missing because of a failure or a cancellation.
    fn ended_early(&self, session: &SessionInner) -> bool {
        self.failed.load(Relaxed) || self.cancels != session.cancels.load(Relaxed)
    }
}

/// How a node is computed.
#[derive(Clone)]
pub(crate) struct Lazy {
    pub(crate) op: Arc<ArrayOp>,
    pub(crate) operands: Vec<Arc<Expression>>,
}

/// Steps of a formula. A random draw is a creation, of which a part is taken, reshaped, scaled and shifted.
const FORMULA_DEPTH_MAX: usize = 8;

impl Lazy {
    /// Whether the node reads no blocks of the cluster and no node with a handle: it is a creation, or a few steps from one.
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

    /// A node whose blocks are uploaded under its name.
    pub(crate) fn on_cluster(session: &Arc<SessionInner>, spec: ArraySpec) -> Arc<Expression> {
        Expression::in_state(session, spec, Cost::Dear, State::Submitted(Submitted::default()))
    }

    /// A copy of a view with its own blocks; any other node unchanged.
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

    /// How the node is computed, or `None` if it is on the cluster.
    pub(crate) fn lazy(&self) -> Option<Lazy> {
        match &*self.state() {
            State::Lazy(lazy) => Some(lazy.clone()),
            State::Submitted(_) => None,
        }
    }

    fn is_lazy(&self) -> bool {
        matches!(*self.state(), State::Lazy(_))
    }

    /// Whether the computation can fail because of its input values and its outcome was not requested yet.
    pub(crate) fn may_fail(&self) -> bool {
        self.may_refuse && !self.asked.load(Relaxed)
    }

    /// Records that the outcome of the computation was requested.
    pub(crate) fn asked(&self) {
        self.asked.store(true, Relaxed);
    }

    /// The node that has the blocks. For a view, this is the node that its operand resolves to.
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

    /// The submission of the node, if it can be given up.
    fn open_submission(&self) -> Option<Arc<Submission>> {
        match &*self.state() {
            State::Submitted(Submitted { submission: Some(submission), .. })
                if submission.open().as_ref().is_some_and(|open| !open.recipes.is_empty()) =>
            {
                Some(submission.clone())
            }
            _ => None,
        }
    }

    /// Makes the node lazy again after its submission was given up.
    fn restore(&self, submission: &Arc<Submission>, lazy: Lazy) {
        let mut state = self.state();
        let restored = State::Lazy(lazy);
        let before = match &*state {
            State::Submitted(Submitted { submission: Some(own), .. })
                if Arc::ptr_eq(own, submission) =>
            {
                std::mem::replace(&mut *state, restored)
            }
            _ => restored,
        };
        drop(state);
        drop_iteratively(before);
    }

    /// Marks the node as submitted, and returns its operation and operands, of which it keeps the steps of a formula.
    fn submitted(&self, submission: &Arc<Submission>) -> Option<Lazy> {
        let mut state = self.state();
        let mut own = Submitted { submission: Some(submission.clone()), formula: None };
        if let State::Lazy(lazy) = &*state
            && lazy.is_formula(FORMULA_DEPTH_MAX)
        {
            own.formula = Some(lazy.clone());
        }
        let before = std::mem::replace(&mut *state, State::Submitted(own));
        self.was_submitted.store(true, Relaxed);
        match before {
            State::Lazy(lazy) => Some(lazy),
            State::Submitted(_) => None,
        }
    }

    /// Records that the failure of the node was reported.
    pub(crate) fn failed(&self) {
        if let State::Submitted(Submitted { submission: Some(submission), .. }) = &*self.state() {
            submission.failed.store(true, Relaxed);
        }
    }

    /// Makes a formula lazy again if its plan ended early. Called when plans are made, under the submission lock.
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

    /// Whether the blocks are kept when a plan computes the node for another node. An expensive result is kept while it has a
    /// handle. A cheap result is kept when it was needed before, so that a loop builds no chain. A formula other than a random
    /// draw is never kept, because making it again is cheaper than reading it.
    pub(crate) fn is_kept_on_the_way(&self) -> bool {
        let again = match self.cost {
            Cost::View => false,
            Cost::Cheap => self.needed.load(Relaxed) && self.session.may_keep(self.spec.bytes()),
            Cost::Moderate | Cost::Dear => true,
        };
        self.has_handles() && (again || self.persists.load(Relaxed))
    }

    /// Records that a submitted plan computes the node without keeping it.
    pub(crate) fn was_needed(&self) {
        let creation = match &*self.state() {
            State::Lazy(lazy) => lazy.op.creation(),
            State::Submitted(_) => None,
        };
        let costs_nothing =
            creation.is_some_and(|creation| !matches!(creation, Creation::Random { .. }));
        self.needed.store(!costs_nothing, Relaxed);
    }

    /// Makes the first plan that computes the node keep it.
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

/// Drops the operands of a node without recursion, because a chain can be longer than the stack allows.
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
