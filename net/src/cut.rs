//! A stream that ends when this side says so.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::{AsyncRead, FutureExt};
use tokio::sync::oneshot;

/// A stream that also ends when this side says so, after what has already arrived.
///
/// The multiplexer need not end the streams of a connection whose other side is frozen.
pub(crate) struct Cuttable<S> {
    stream: S,
    cut: Option<oneshot::Receiver<()>>,
}

impl<S> Cuttable<S> {
    /// The stream, and what ends it when dropped.
    pub(crate) fn new(stream: S) -> (Self, oneshot::Sender<()>) {
        let (sender, cut) = oneshot::channel();
        (Cuttable { stream, cut: Some(cut) }, sender)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Cuttable<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if let Poll::Ready(outcome) = Pin::new(&mut this.stream).poll_read(context, room) {
            return Poll::Ready(outcome);
        }
        if this.cut.as_mut().is_some_and(|cut| cut.poll_unpin(context).is_pending()) {
            return Poll::Pending;
        }
        this.cut = None;
        Poll::Ready(Ok(0))
    }
}
