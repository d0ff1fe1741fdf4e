//! A stream of an HTTP/2 connection, given up alone when nobody takes its answer.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use tokio::time::{Instant, Sleep, sleep_until};

tokio::task_local! {
    /// Until when what the stream's long answer has given must be on its way; `None` while nothing is held back.
    static TAKEN_BY: Cell<Option<Instant>>;
}

/// Notes until when what a long answer has given must be on its way. Over HTTP/1, where an answer has its connection to
/// itself, that is of no account.
pub(super) fn must_be_taken_by(deadline: Option<Instant>) {
    // An error says that this is no stream of HTTP/2.
    let _ = TAKEN_BY.try_with(|taken_by| taken_by.set(deadline));
}

/// Runs a stream to its end, or until its answer is not taken in time: it is dropped then, which resets it, and the others of
/// its connection go on. hyper asks an answer for nothing more while its reader gives no room, so the answer itself cannot
/// end.
pub(super) async fn until_stalled(stream: impl Future<Output = ()>) {
    TAKEN_BY.scope(Cell::new(None), run(stream)).await;
}

async fn run(stream: impl Future<Output = ()>) {
    let mut stream = pin!(stream);
    let mut timer: Option<Pin<Box<Sleep>>> = None;
    poll_fn(|cx| {
        if stream.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        let Some(deadline) = TAKEN_BY.with(Cell::get) else { return Poll::Pending };
        let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(cx)
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_ends_when_what_it_gave_is_not_taken_in_time() {
        let start = Instant::now();
        let mut asked = 0;
        until_stalled(poll_fn(|_| {
            asked += 1;
            must_be_taken_by(Some(start + Duration::from_secs(30)));
            Poll::Pending
        }))
        .await;
        assert_eq!((start.elapsed(), asked), (Duration::from_secs(30), 2));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_holds_nothing_back_goes_on() {
        let quiet = async {
            must_be_taken_by(Some(Instant::now()));
            must_be_taken_by(None);
            tokio::time::sleep(Duration::from_secs(1000)).await;
        };
        let start = Instant::now();
        until_stalled(quiet).await;
        assert_eq!(start.elapsed(), Duration::from_secs(1000));
        must_be_taken_by(Some(start));
    }
}
