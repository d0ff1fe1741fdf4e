//! Reading bodies without holding up who answers.

use std::panic::resume_unwind;
use std::sync::Arc;

use session_provider::{Error, ErrorKind, Result};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tracing::Span;

use crate::Response;

/// The largest body that is read where it came, in bytes: some 200 µs of work.
const SMALL: usize = 64 * 1024;

/// How many large bodies of one upstream are read at once: one for each core but that of a worker, since more would not be
/// read sooner. Not one number for the whole process: a runtime whose clock stands still would wait for another, and go on.
#[derive(Debug, Clone)]
pub(crate) struct Readers(Arc<Semaphore>);

impl Default for Readers {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))))
    }
}

/// The most rows of a list that are gone over where they are: some 200 µs of work.
pub const MANY_ROWS: usize = 1000;

/// Does work that may be long: then on a thread of its own, so that the worker goes on with what else it has to answer, which
/// would wait for milliseconds, and within the span it was begun in. Dropped, what it has begun comes to its end unseen.
///
/// # Errors
/// `Internal`, when the runtime ends meanwhile.
///
/// # Panics
/// When `work` does.
pub async fn beside<T: Send + 'static>(is_long: bool, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    if !is_long {
        return Ok(work());
    }
    let span = Span::current();
    match spawn_blocking(move || span.in_scope(work)).await {
        Ok(done) => Ok(done),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Err(Error::new(ErrorKind::Internal)),
        },
    }
}

impl Response {
    /// Has `read` read the answer, a large one [`beside`] the workers.
    ///
    /// # Errors
    /// Those of `read` and [`beside`].
    ///
    /// # Panics
    /// When `read` does.
    pub async fn read_by<T: Send + 'static>(self, read: impl FnOnce(&Self) -> Result<T> + Send + 'static) -> Result<T> {
        if self.body().len() <= SMALL {
            return read(&self);
        }
        // Never closed; were it, the bound would be of no use and the answer still would.
        let Readers(readers) = self.readers.clone();
        let _permit = readers.acquire().await;
        beside(true, move || read(&self)).await?
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;
    use std::thread;

    use futures_util::FutureExt;
    use http::StatusCode;
    use session_provider::{Intent, Operation};

    use super::*;

    fn response(bytes: usize) -> Response {
        Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, vec![b' '; bytes])
    }

    #[tokio::test]
    async fn large_bodies_are_read_on_another_thread_and_small_ones_on_this_one() {
        let here = thread::current().id();
        let thread_of = |bytes| response(bytes).read_by(move |it| Ok((it.body().len(), thread::current().id())));
        assert_eq!(thread_of(SMALL).await.unwrap(), (SMALL, here));
        let (bytes, thread) = thread_of(SMALL + 1).await.unwrap();
        assert!(bytes == SMALL + 1 && thread != here);
    }

    #[tokio::test]
    async fn long_work_alone_is_done_on_another_thread() {
        let here = thread::current().id();
        for is_long in [false, true] {
            let thread = beside(is_long, || thread::current().id()).await.unwrap();
            assert_eq!(thread != here, is_long);
        }
    }

    #[test]
    fn long_work_of_a_runtime_that_ends_fails() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let handle = runtime.handle().clone();
        drop(runtime);
        let _entered = handle.enter();
        let failed = beside(true, || ()).now_or_never().unwrap().unwrap_err();
        assert_eq!(failed.kind(), ErrorKind::Internal);
    }

    #[tokio::test]
    async fn how_it_fails_is_seen_from_both() {
        for bytes in [0, SMALL + 1] {
            let failed = response(bytes).read_by(|it| Err::<(), _>(it.bad("odd"))).await.unwrap_err();
            assert_eq!(failed.kind(), ErrorKind::ProviderBadResponse);
            let panicking = response(bytes).read_by(|_| -> Result<()> { panic!("a bug") });
            assert!(AssertUnwindSafe(panicking).catch_unwind().await.is_err());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_takes_no_time_of_a_clock_that_stands_still_whoever_else_reads() {
        let (finish, until) = std::sync::mpsc::channel::<()>();
        let (begin, begun) = std::sync::mpsc::channel();
        let elsewhere = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let readers = std::thread::available_parallelism().unwrap().get();
            let reads = (0..readers).map(|_| response(SMALL + 1)).map(|it| it.read_by(|_| Ok(())));
            let slow = response(SMALL + 1).read_by(move |_| {
                begin.send(()).unwrap();
                until.recv().unwrap_err();
                Ok(())
            });
            runtime.block_on(futures_util::future::join(slow, futures_util::future::join_all(reads)))
        });
        begun.recv().unwrap();
        let before = tokio::time::Instant::now();
        let wait = tokio::time::sleep(std::time::Duration::from_secs(5));
        let read = response(SMALL + 1).read_by(|_| Ok(()));
        tokio::select! {
            () = wait => panic!("the clock went on"),
            read = read => read.unwrap(),
        }
        assert_eq!(before.elapsed(), std::time::Duration::ZERO);
        drop(finish);
        elsewhere.join().unwrap().0.unwrap();
    }
}
