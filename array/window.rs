//! When work begins: what is dear at once, the rest when it is needed.
//!
//! Products, factorisations and sorts are submitted when they are called. Element-wise results, formulas, views and the
//! reductions that read them wait, so that what is dropped meanwhile is never stored, and what one pass over an array can
//! give together is given together.

use crate::expression::{Expression, Submission};
use crate::lower::{Lowered, in_order, lower};
use crate::session::SessionInner;
use crate::{Error, Session};
use nums_lshs::ArrayId;
use nums_lshs::array_op::{ArrayOp, Cost};
use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Weak};

/// So many nodes wait; one more, and all that somebody holds are submitted. It bounds the chain that a loop builds.
const WAITING_MAX: usize = 256;

/// The nodes of a session that were not submitted when they were made.
#[derive(Default)]
pub(crate) struct Window {
    waiting: Vec<Weak<Expression>>,
}

impl Window {
    /// The nodes that somebody holds and that no plan keeps.
    fn live(&mut self) -> Vec<Arc<Expression>> {
        self.waiting.retain(|own| own.strong_count() > 0);
        let live = self.waiting.iter().filter_map(Weak::upgrade);
        live.filter(|own| own.has_handles() && own.lazy().is_some()).collect()
    }
}

/// While it lives, the session submits nothing by itself: products, factorisations and sorts wait as everything else
/// does. What somebody asks for runs as always. When the last one goes, what is dear is submitted as one graph.
///
/// See [`Session::defer`].
#[must_use = "work is deferred for as long as this lives"]
#[derive(Debug)]
pub struct Deferred {
    session: Session,
}

impl Session {
    /// Lets dear operations wait until the value that this gives is dropped, so that several become one plan, and
    /// [`explain`](crate::DistArray::explain) shows them before they run.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.ones(&[300, 200])?;
    /// let deferred = session.defer();
    /// let y = x.dot(&x.t()).dot(&x);
    /// println!("{}", y.explain()?);
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
        // What goes wrong is told to whoever asks for the arrays, which stay lazy.
        let _ = session.submit(&dear);
    }
}

impl SessionInner {
    /// A node was made that somebody holds: it is submitted, or it waits.
    pub(crate) fn made(&self, expression: &Arc<Expression>) {
        let is_formula = || expression.lazy().is_some_and(|lazy| lazy.op.creation().is_some());
        if expression.cost == Cost::View || is_formula() {
            return;
        }
        if expression.cost == Cost::Dear && self.deferred.load(Relaxed) == 0 {
            // As above.
            let _ = self.submit(std::slice::from_ref(expression));
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
        let _ = self.submit(&full);
    }

    /// Lowers and submits nodes that are not on the cluster yet, as one graph, with the reductions that wait for a pass
    /// over what it reads.
    pub(crate) fn submit(&self, roots: &[Arc<Expression>]) -> Result<(), Error> {
        let mut temporary = self.submission();
        roots.iter().for_each(|root| root.revive());
        let lazy: Vec<_> = roots.iter().filter(|root| root.lazy().is_some()).cloned().collect();
        if lazy.is_empty() {
            return Ok(());
        }
        let own = Submission::new(self);
        let Lowered { graph, kept, passed } = lower(&self.together(lazy), &mut temporary)?;
        self.client().submit(graph)?;
        kept.iter().for_each(|expression| expression.submitted(&own));
        passed.iter().for_each(|expression| expression.was_needed());
        Ok(())
    }

    /// Some nodes, and the reductions that wait for a pass over an array that these read or compute.
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
