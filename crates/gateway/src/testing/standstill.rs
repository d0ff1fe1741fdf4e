//! A replica that stands still for a while and goes on as if nothing had been: a machine that was suspended.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use tokio::time::{Instant, sleep_until};

/// When a replica stands still. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standstill(Arc<Mutex<Option<Instant>>>);

impl Standstill {
    /// From now on until then.
    pub(crate) fn begin(&self, until: Instant) {
        let mut end = self.0.lock().unwrap();
        *end = (*end).max(Some(until));
    }

    /// Whether it stands still now.
    pub(crate) fn is_on(&self) -> bool {
        self.end().is_some()
    }

    /// Whether it has gone since then.
    pub(crate) fn was_off_since(&self, then: Instant) -> bool {
        self.0.lock().unwrap().is_none_or(|end| end < then)
    }

    /// Returns when it goes.
    pub(crate) async fn over(&self) {
        while let Some(end) = self.end() {
            sleep_until(end).await;
        }
    }

    /// Does this work, which does not come on while the replica stands still.
    pub(crate) async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut over: Option<Pin<Box<dyn Future<Output = ()> + Send>>> = None;
        std::future::poll_fn(move |context| {
            if over.is_none() && self.is_on() {
                let this = self.clone();
                over = Some(Box::pin(async move { this.over().await }));
            }
            if over.as_mut().is_some_and(|over| over.as_mut().poll(context).is_pending()) {
                return Poll::Pending;
            }
            over = None;
            work.as_mut().poll(context)
        })
        .await
    }

    fn end(&self) -> Option<Instant> {
        self.0.lock().unwrap().filter(|end| *end > Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_due_meanwhile_is_done_when_it_goes_again() {
        let (standstill, begin) = (Standstill::default(), Instant::now());
        let work = standstill.during(async {
            sleep(Duration::from_secs(1)).await;
            begin.elapsed()
        });
        let stopped = async {
            sleep(Duration::from_millis(500)).await;
            standstill.begin(begin + Duration::from_secs(10));
        };
        let (took, ()) = tokio::join!(work, stopped);
        assert_eq!(took.as_secs(), 10);
        assert!(!standstill.is_on() && !standstill.was_off_since(begin + Duration::from_secs(10)));
        assert!(standstill.was_off_since(begin + Duration::from_secs(11)));
    }
}
