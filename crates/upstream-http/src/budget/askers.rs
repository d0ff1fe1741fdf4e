//! Whether somebody else asks, too.

use std::time::Duration;

use session_provider::Payer;
use tokio::time::Instant;

/// The latest ask of all, and the latest by anybody else than that one's payer: enough to tell each payer when another
/// last asked, without a list of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Askers {
    pub(super) latest: Option<(Payer, Instant)>,
    pub(super) by_another: Option<Instant>,
}

impl Askers {
    /// This payer asks for a call, whether it gets one or not.
    pub(super) fn note(&mut self, payer: Payer, now: Instant) {
        if let Some((latest, at)) = self.latest
            && latest != payer
        {
            self.by_another = Some(at);
        }
        self.latest = Some((payer, now));
    }

    /// Whether anybody but this payer asked within the last `recently`.
    pub(super) fn another_asks(&self, payer: Payer, recently: Duration, now: Instant) -> bool {
        let asked = match self.latest {
            Some((latest, at)) if latest != payer => Some(at),
            _ => self.by_another,
        };
        asked.is_some_and(|at| now.saturating_duration_since(at) < recently)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RECENTLY: Duration = Duration::from_secs(10);

    proptest! {
        /// It says of every payer what a list of all asks would say.
        #[test]
        fn two_moments_say_what_a_list_of_all_asks_would(asks in proptest::collection::vec((0_u64..4, 0_u64..8), 0..40)) {
            let start = Instant::now();
            let (mut askers, mut list, mut now) = (Askers::default(), Vec::new(), start);
            for (payer, seconds) in asks {
                now += Duration::from_secs(seconds);
                askers.note(Payer(payer), now);
                list.push((payer, now));
                for payer in 0..5 {
                    let expected = list.iter().any(|(other, at)| *other != payer && now - *at < RECENTLY);
                    prop_assert_eq!(askers.another_asks(Payer(payer), RECENTLY, now), expected);
                }
            }
        }
    }
}
