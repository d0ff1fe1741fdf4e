//! A stream that fails when far more comes than anything asked for: a server that never ends its reply fills no memory.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// More than any reply is long: scripts answer 5 MiB and a little.
const LONGEST_REPLY: u64 = 8 << 20;

/// What came since a step was last answered, and how many steps wait.
#[derive(Debug, Default)]
pub(crate) struct Unanswered {
    bytes: AtomicU64,
    steps: AtomicU64,
}

impl Unanswered {
    /// A step waits until this is dropped.
    pub(crate) fn step(self: &Arc<Self>) -> WaitingStep {
        self.steps.fetch_add(1, Relaxed);
        WaitingStep(self.clone())
    }

    fn is_too_much(&self, more: u64) -> bool {
        let bytes = self.bytes.fetch_add(more, Relaxed) + more;
        bytes > LONGEST_REPLY * self.steps.load(Relaxed).max(1)
    }
}

/// A step that waits for its reply.
#[derive(Debug)]
pub(crate) struct WaitingStep(Arc<Unanswered>);

impl Drop for WaitingStep {
    fn drop(&mut self) {
        self.0.bytes.store(0, Relaxed);
        self.0.steps.fetch_sub(1, Relaxed);
    }
}

/// The stream, and what is counted of it.
#[derive(Debug)]
pub(crate) struct BoundedStream<S> {
    pub(crate) stream: S,
    pub(crate) unanswered: Arc<Unanswered>,
}

impl<S: AsyncRead + Unpin> AsyncRead for BoundedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let read = buffer.filled().len() - before;
        if self.unanswered.is_too_much(read as u64) {
            return Poll::Ready(Err(io::Error::other("it answers more than anything asked for")));
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for BoundedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    async fn read(stream: &mut BoundedStream<tokio::io::Repeat>, mebibytes: u64) -> io::Result<()> {
        let mut sink = vec![0; 1 << 20];
        for _ in 0..mebibytes {
            stream.read_exact(&mut sink).await?;
        }
        Ok(())
    }

    #[tokio::test]
    async fn more_than_all_steps_may_be_answered_ends_the_stream() {
        let unanswered = Arc::new(Unanswered::default());
        let steps = [unanswered.step(), unanswered.step()];
        let mut stream = BoundedStream { stream: tokio::io::repeat(0), unanswered: unanswered.clone() };
        read(&mut stream, 16).await.unwrap();
        drop(steps); // answered: what comes next counts from nothing
        read(&mut stream, 8).await.unwrap();
        assert!(read(&mut stream, 1).await.unwrap_err().to_string().contains("more than anything"));
    }
}
