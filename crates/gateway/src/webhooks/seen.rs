//! Webhooks that have come already.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use session_provider::DeliveryId;
use tokio::time::Instant;

/// How long one is remembered.
pub(super) const REMEMBERED_FOR: Duration = Duration::from_secs(600);

/// The most that are remembered of one provider; beyond that the oldest is forgotten early, and would only be a hint
/// once more.
pub(super) const MOST_REMEMBERED: usize = 65_536;

/// The verified webhooks of one provider in the last ten minutes.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    known: HashSet<DeliveryId>,
    /// In the order in which they came.
    order: VecDeque<(Instant, DeliveryId)>,
}

impl Seen {
    /// Remembers it; whether it is new.
    pub(super) fn is_new(&self, delivery: DeliveryId) -> bool {
        let now = Instant::now();
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.forget_while(|order| {
            order.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) >= REMEMBERED_FOR)
        });
        let is_new = !remembered.known.contains(&delivery);
        if is_new {
            remembered.forget_while(|order| order.len() >= MOST_REMEMBERED);
            remembered.known.insert(delivery);
            remembered.order.push_back((now, delivery));
        }
        is_new
    }
}

impl Remembered {
    /// Forgets the oldest one after the other.
    fn forget_while(&mut self, is_due: impl Fn(&VecDeque<(Instant, DeliveryId)>) -> bool) {
        while is_due(&self.order)
            && let Some((_, oldest)) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn delivery(number: u64) -> DeliveryId {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&number.to_be_bytes());
        DeliveryId(id)
    }

    #[tokio::test(start_paused = true)]
    async fn one_is_remembered_for_ten_minutes_from_when_it_came_first() {
        let seen = Seen::default();
        assert!(seen.is_new(delivery(1)));
        advance(REMEMBERED_FOR / 2).await;
        assert!(!seen.is_new(delivery(1)));
        assert!(seen.is_new(delivery(2)));
        advance(REMEMBERED_FOR / 2).await;
        assert!(seen.is_new(delivery(1)));
        assert!(!seen.is_new(delivery(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_make_room() {
        let seen = Seen::default();
        for number in 0..=MOST_REMEMBERED as u64 {
            assert!(seen.is_new(delivery(number)));
        }
        let held = seen.0.lock().unwrap();
        assert_eq!((held.known.len(), held.order.len()), (MOST_REMEMBERED, MOST_REMEMBERED));
        drop(held);
        assert!(!seen.is_new(delivery(1)));
        assert!(seen.is_new(delivery(0)), "forgotten");
    }
}
