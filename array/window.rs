//! When work is submitted: expensive operations at once, the rest when something needs it.
//!
//! Products, factorizations and sorts are submitted when they are called. Element-wise results, formulas, views and the
//! reductions that read them are deferred. So a result that the program drops meanwhile is never stored, and one pass over
//! an array gives all its deferred reductions.

use crate::expression::{Claim, Expression, Submission};
use crate::lower::{Lowered, in_order, lower};
use crate::session::SessionInner;
use crate::{Error, Session};
use nums_lshs::ArrayId;
use nums_lshs::array_op::{ArrayOp, Cost};
use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Weak};

/// The size of the window. When one more node would be deferred, all deferred nodes with a handle are submitted. This
/// bounds the chain of expressions that a loop builds.
const WAITING_MAX: usize = 256;

/// The deferred nodes of a session.
#[derive(Default)]
pub(crate) struct Window {
    waiting: Vec<Weak<Expression>>,
}

impl Window {
    /// The nodes with a handle that no plan keeps.
    fn live(&mut self) -> Vec<Arc<Expression>> {
        self.waiting.retain(|own| own.strong_count() > 0);
        let live = self.waiting.iter().filter_map(Weak::upgrade);
        live.filter(|own| own.has_handles() && own.lazy().is_some()).collect()
    }
}

/// A guard that defers all operations. While it exists, products, factorizations and sorts are deferred too. Results that
/// the program waits for run as usual. When the last guard is dropped, the deferred expensive operations are submitted as
/// one graph.
///
/// See [`Session::defer`].
#[must_use = "work is deferred for as long as this lives"]
#[derive(Debug)]
pub struct Deferred {
    session: Session,
}

impl Session {
    /// Defers expensive operations until the returned guard is dropped. Use it to combine several of them in one plan, or
    /// to see them with [`explain`](crate::DistArray::explain) before they run.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.ones(&[300, 200])?;
    /// let deferred = session.defer();
    /// let y = x.dot(&x.t()).dot(&x);
    /// println!("{}", y.explain().wait()?);
    /// drop(deferred);
    /// y.eval().wait()?;
    /// assert_eq!(session.plans().wait()?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn defer(&self) -> Deferred {
        self.inner.deferred.fetch_add(1, Relaxed);
        Deferred { session: self.clone() }
    }
}

impl Drop for Deferred {
    fn drop(&mut self) {
        let session = &self.session.inner;
        if session.deferred.fetch_sub(1, Relaxed) > 1 {
            return;
        }
        let mut dear = session.window().live();
        dear.retain(|own| own.cost == Cost::Dear);
        // Errors go to the callers that request the arrays, which stay lazy.
        let _ = session.submit(&dear, false);
    }
}

impl SessionInner {
    /// Handles a new node with a handle: submits it or defers it.
    pub(crate) fn made(&self, expression: &Arc<Expression>) {
        let is_formula = || expression.lazy().is_some_and(|lazy| lazy.op.creation().is_some());
        if expression.cost == Cost::View || is_formula() {
            return;
        }
        if expression.cost == Cost::Dear && self.deferred.load(Relaxed) == 0 {
            // As above.
            let _ = self.submit(std::slice::from_ref(expression), false);
            return;
        }
        let full = {
            let mut window = self.window();
            window.waiting.push(Arc::downgrade(expression));
            if window.waiting.len() < WAITING_MAX {
                return;
            }
            let full = window.live();
            if window.waiting.len() < WAITING_MAX {
                return;
            }
            window.waiting.clear();
            full
        };
        // As above.
        let _ = self.submit(&full, false);
    }

    /// Lowers and submits nodes that are not on the cluster yet as one graph, together with the deferred reductions of the
    /// arrays that it reads.
    pub(crate) fn submit(
        &self,
        roots: &[Arc<Expression>],
        by_request: bool,
    ) -> Result<Vec<Claim>, Error> {
        let mut temporary = self.submission();
        roots.iter().for_each(|root| root.revive());
        let lazy: Vec<_> = roots.iter().filter(|root| root.lazy().is_some()).cloned().collect();
        if lazy.is_empty() {
            return Ok(Submission::claims(if by_request { roots } else { &[] }));
        }
        let Lowered { graph, kept, passed, sources } = lower(&self.together(lazy), &mut temporary)?;
        let own = Submission::new(self, &sources, by_request);
        self.client().submit(graph)?;
        kept.iter().for_each(|expression| own.takes(expression, by_request));
        passed.iter().for_each(|expression| expression.was_needed());
        Ok(Submission::claims(if by_request { roots } else { &[] }))
    }

    /// Some nodes, and the deferred reductions of arrays that these nodes read or compute.
    pub(crate) fn together(&self, mut roots: Vec<Arc<Expression>>) -> Vec<Arc<Expression>> {
        let waiting = self.window().live();
        let reduced = waiting.into_iter().filter_map(|own| match own.lazy() {
            Some(lazy) if matches!(*lazy.op, ArrayOp::Reduce(_)) => {
                let base = lazy.operands.first().map(|operand| operand.base().id)?;
                Some((own, base))
            }
            _ => None,
        });
        let reduced: Vec<_> = reduced.collect();
        if reduced.is_empty() {
            return roots;
        }
        let read: HashSet<ArrayId> = in_order(&roots).iter().map(|own| own.id).collect();
        let same_pass = reduced
            .into_iter()
            .filter(|(own, base)| read.contains(base) && !read.contains(&own.id));
        roots.extend(same_pass.map(|(own, _)| own));
        roots
    }
}
