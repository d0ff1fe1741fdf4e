//! Readers who have read all there is, woken in turns when there is more.
//!
//! Ten thousand who are woken at once stand in the runtime's queue before everybody who comes meanwhile. Woken a few at a
//! time, they let those through who ask for something else.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use tokio::sync::Notify;
use tokio::task::yield_now;

use crate::events::event_log::StreamReader;

/// How many are woken at a time. Each is polled about three times for an event, and the runtime looks for what else has
/// come after 61 polls.
const TURN: usize = 16;

/// The readers of one log.
#[derive(Debug, Default)]
pub(super) struct WaitingReaders {
    readers: Mutex<Readers>,
    /// Told when somebody's turn is still to come.
    called: Notify,
}

#[derive(Debug, Default)]
struct Readers {
    waiting: BTreeMap<u64, Waker>,
    /// Those for whom there is more.
    called: BTreeMap<u64, Waker>,
    /// Whether all who wait are called once nobody is: those who wait again do not stand before others whose turn is still
    /// to come.
    again: bool,
}

impl WaitingReaders {
    /// One more who waits.
    pub(super) fn add(&self, reader: StreamReader, cx: &Context<'_>) {
        let mut readers = self.lock();
        readers.called.remove(&reader.number);
        readers.waiting.insert(reader.number, cx.waker().clone());
    }

    /// One who waits no longer. Says whether others do.
    pub(super) fn remove(&self, reader: StreamReader) -> bool {
        let mut readers = self.lock();
        readers.called.remove(&reader.number);
        readers.waiting.remove(&reader.number);
        !(readers.waiting.is_empty() && readers.called.is_empty())
    }

    /// Wakes all who wait: a few at once, the others in their turns.
    pub(super) fn wake(&self) {
        let mut readers = self.lock();
        let is_quiet = readers.called.is_empty();
        readers.again = true;
        if is_quiet {
            let turn = readers.take_turn();
            let are_all = readers.called.is_empty();
            drop(readers);
            turn.into_iter().for_each(Waker::wake);
            if are_all {
                return;
            }
        }
        self.called.notify_one();
    }

    /// Wakes the others, for as long as it runs.
    pub(super) async fn wake_in_turns(&self) {
        loop {
            self.called.notified().await;
            loop {
                yield_now().await;
                let turn = self.lock().take_turn();
                if turn.is_empty() {
                    break;
                }
                turn.into_iter().for_each(Waker::wake);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Readers {
    fn take_turn(&mut self) -> Vec<Waker> {
        if self.called.is_empty() && std::mem::take(&mut self.again) {
            self.called.append(&mut self.waiting);
        }
        std::iter::from_fn(|| self.called.pop_first()).take(TURN).map(|(_, waker)| waker).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use tokio::time::Instant;
    use tokio_util::task::TaskTracker;

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn reader(number: u64) -> StreamReader {
        StreamReader { number, came: Instant::now() }
    }

    /// So many who wait.
    fn waiting(count: u64) -> (Arc<WaitingReaders>, Arc<Woken>) {
        let (readers, woken) = (Arc::<WaitingReaders>::default(), Arc::<Woken>::default());
        let waker = Waker::from(Arc::clone(&woken));
        (0..count).for_each(|number| readers.add(reader(number), &Context::from_waker(&waker)));
        (readers, woken)
    }

    #[tokio::test]
    async fn a_few_are_woken_at_once_and_many_in_turns_between_which_others_run() {
        let (readers, woken) = waiting(1000);
        let turns = Arc::clone(&readers);
        let turns = TaskTracker::new().spawn(async move { turns.wake_in_turns().await });
        yield_now().await;
        readers.wake();
        let count = || woken.0.load(Ordering::Relaxed);
        assert_eq!(count(), TURN);
        let mut before = count();
        while before < 1000 {
            yield_now().await;
            assert!(count() - before <= TURN, "{} at once", count() - before);
            before = count();
        }
        yield_now().await;
        assert_eq!(count(), 1000);
        let waker = Waker::from(Arc::clone(&woken));
        readers.add(reader(7), &Context::from_waker(&waker));
        readers.wake();
        assert_eq!(count(), 1001, "one needs no turn");
        turns.abort();
    }

    #[test]
    fn who_waits_again_does_not_stand_before_those_whose_turn_is_still_to_come() {
        let readers = WaitingReaders::default();
        let woken: Vec<Arc<Woken>> = (0..40).map(|_| Arc::default()).collect();
        let add = |number: usize| {
            let waker = Waker::from(Arc::clone(&woken[number]));
            readers.add(reader(number as u64), &Context::from_waker(&waker));
        };
        let are_woken = |numbers: std::ops::Range<usize>, times| {
            woken[numbers].iter().all(|reader| reader.0.load(Ordering::Relaxed) == times)
        };
        (0..40).for_each(add);
        readers.wake();
        assert!(are_woken(0..TURN, 1) && are_woken(TURN..40, 0));
        (0..TURN).for_each(add);
        readers.wake();
        let turn = || readers.lock().take_turn().into_iter().for_each(Waker::wake);
        turn();
        turn();
        assert!(are_woken(0..40, 1), "everybody once");
        turn();
        assert!(are_woken(0..TURN, 2) && are_woken(TURN..40, 1));
        turn();
        assert!(are_woken(0..TURN, 2), "there is no more");
    }

    #[tokio::test]
    async fn who_has_gone_or_read_on_before_the_turn_came_is_not_woken() {
        let (readers, woken) = waiting(100);
        readers.wake();
        assert!((20..100).all(|number| readers.remove(reader(number))));
        let other = Waker::from(Arc::<Woken>::default());
        (16..19).for_each(|number| readers.add(reader(number), &Context::from_waker(&other)));
        assert!(tokio::time::timeout(std::time::Duration::from_millis(10), readers.wake_in_turns()).await.is_err());
        assert_eq!(woken.0.load(Ordering::Relaxed), TURN + 1);
        assert!((16..18).all(|number| readers.remove(reader(number))) && !readers.remove(reader(18)));
    }
}
