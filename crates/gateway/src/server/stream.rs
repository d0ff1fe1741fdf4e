//! A socket that tells when bytes come in, and a body that tells when it is over.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use crate::server::activity::{Activity, RequestUnderWay};
use crate::server::http2_stream::must_be_taken_by;
use crate::server::socket::{Socket, hold_little_back};
use crate::server::timeouts::GOODBYE;

/// A connection whose bytes are noted: that they come in, and that they cannot go out.
#[derive(Debug)]
pub(super) struct Watched<T: Socket> {
    inner: T,
    activity: Activity,
    /// Whether the latest write found no room.
    is_unread: bool,
    /// Whether little is held back in the system for a client that does not read.
    is_bounded: bool,
}

impl<T: Socket> Watched<T> {
    pub(super) fn new(inner: T, activity: Activity) -> Self {
        Self { inner, activity, is_unread: false, is_bounded: false }
    }

    /// Before a write. Ordinary answers are handed over whole, however large; of those that go on for ever no more than
    /// their readers take.
    fn bound(&mut self) {
        if !self.is_bounded && self.activity.has_streamed() {
            self.is_bounded = true;
            hold_little_back(self.inner.tcp());
        }
    }

    /// After a write.
    fn note<R>(&mut self, written: Poll<R>) -> Poll<R> {
        if self.is_unread != written.is_pending() {
            self.is_unread = written.is_pending();
            self.activity.unread(self.is_unread);
        }
        written
    }
}

impl<T: Socket> Drop for Watched<T> {
    fn drop(&mut self) {
        if self.is_unread {
            // Nobody takes what is left: the system need not keep it, nor wait for its reader. One that refuses waits.
            let _ = self.inner.tcp().set_zero_linger();
        }
    }
}

impl<T: Socket> AsyncRead for Watched<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let result = Pin::new(&mut self.inner).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.bytes_arrived();
        }
        result
    }
}

impl<T: Socket> AsyncWrite for Watched<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.bound();
        let written = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.note(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.note(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.bound();
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

/// An answer's body; its request is under way until it is dropped, which hyper does once all of it is written or
/// buffered.
#[derive(Debug)]
pub(super) struct AnswerBody {
    inner: Body,
    _under_way: RequestUnderWay,
    /// Of an answer that goes on by design: how long a piece of it may wait for its reader.
    unread: Option<Duration>,
}

impl AnswerBody {
    pub(super) fn new(inner: Body, under_way: RequestUnderWay, unread: Option<Duration>) -> Self {
        Self { inner, _under_way: under_way, unread }
    }
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Some(unread) = self.unread {
            // The last piece says goodbye to one who may not listen.
            let unread = if self.inner.is_end_stream() { GOODBYE } else { unread };
            must_be_taken_by(polled.is_ready().then(|| Instant::now() + unread));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
