//! Requests for arrays: they are admitted in order, and what only one of them needs is given up when it is cancelled.

use crate::Error;
use crate::expression::{Claim, Expression};
use crate::session::SessionInner;
use nums_actors::ClusterError;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// Requests of a session that are submitted and not answered. The others wait, without a graph.
pub(crate) const REQUESTS_MAX: usize = 256;

/// A request for arrays of a session.
pub(crate) struct Request {
    session: Arc<SessionInner>,
    roots: Vec<Arc<Expression>>,
    permit: Option<OwnedSemaphorePermit>,
    /// The outcome of the submission, if there was one.
    submitted: Option<Result<(), Error>>,
    claims: Vec<Claim>,
}

impl Request {
    /// Submits the arrays, if the session has room.
    pub(crate) fn new(session: &Arc<SessionInner>, roots: Vec<Arc<Expression>>) -> Request {
        let permit = session.admission.clone().try_acquire_owned().ok();
        let mut request = Request {
            session: session.clone(),
            roots,
            permit,
            submitted: None,
            claims: Vec::new(),
        };
        if request.permit.is_some() {
            request.submit();
        }
        request
    }

    /// A request that failed before it began.
    pub(crate) fn refused(session: &Arc<SessionInner>, error: Error) -> Request {
        let (roots, claims) = (Vec::new(), Vec::new());
        Request {
            session: session.clone(),
            roots,
            permit: None,
            submitted: Some(Err(error)),
            claims,
        }
    }

    fn submit(&mut self) {
        match self.session.submit(&self.roots, true) {
            Err(Error::Cluster(ClusterError::Busy)) => {}
            Ok(claims) => (self.claims, self.submitted) = (claims, Some(Ok(()))),
            Err(error) => self.submitted = Some(Err(error)),
        }
    }

    /// Waits until the arrays are submitted.
    ///
    /// # Errors
    /// When they cannot be lowered, or the session has ended.
    pub(crate) async fn submitted(&mut self) -> Result<(), Error> {
        if self.submitted.is_none() && self.permit.is_none() {
            let admitted = self.session.admission.clone().acquire_owned().await;
            self.permit = Some(admitted.map_err(|_| ClusterError::SessionEnded)?);
            self.submit();
        }
        loop {
            match &self.submitted {
                Some(outcome) => return outcome.clone(),
                None => {
                    self.session.client().room().await?;
                    self.submit();
                }
            }
        }
    }

    /// The outcome of the request is known: nothing can be given up any more.
    pub(crate) fn finish(&mut self) {
        self.claims.drain(..).for_each(|claim| claim.finish());
        self.permit = None;
    }
}

impl Drop for Request {
    /// A request that ends before it is finished was cancelled.
    fn drop(&mut self) {
        if self.claims.is_empty() {
            return;
        }
        // Nobody submits meanwhile what reads the same arrays.
        let _alone = self.session.submission();
        self.claims.drain(..).for_each(|claim| claim.give_up(&self.session));
    }
}
