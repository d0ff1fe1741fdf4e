//! A ledger as it lies in a store. Frozen: replicas of two versions share it.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use session_provider::Payer;
use tokio::time::Instant;

use crate::budget::askers::Askers;
use crate::budget::bucket::{Bucket, Rate};
use crate::budget::ledger::Ledger;
use crate::budget::payers::Payers;
use crate::budget::provider_limits::{LimitWindow, ProviderLimits};
use crate::budget::settings::BudgetSettings;

/// The most payers that are told.
const MOST_PAYERS: usize = 1024;

/// Times are microseconds before or after the moment at which it is put there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct LedgerState {
    tokens: f64,
    at: u64,
    #[serde(default)]
    payers: Vec<(u64, f64, u64)>,
    #[serde(default)]
    latest: Option<(u64, u64)>,
    #[serde(default)]
    by_another: Option<u64>,
    #[serde(default)]
    throttled: Option<u64>,
    #[serde(default)]
    throttles: u32,
    #[serde(default)]
    windows: Vec<(String, u32, u32, u64)>,
    #[serde(default)]
    policy: Option<(f64, f64, u64)>,
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// A moment before `then`; whoever can write to the store can write any number.
fn before(then: Instant, micros: u64) -> Instant {
    then.checked_sub(Duration::from_micros(micros)).unwrap_or(then)
}

/// A moment after `then`, at most ten minutes: no provider is left alone for longer.
fn after(then: Instant, micros: u64) -> Instant {
    then + Duration::from_micros(micros).min(Duration::from_secs(600))
}

impl LedgerState {
    /// As it is at `now`.
    pub(super) fn of(ledger: &Ledger, now: Instant) -> Self {
        let ago = |at: Instant| micros(now.saturating_duration_since(at));
        let ahead = |at: Instant| micros(at.saturating_duration_since(now));
        let Ledger { bucket, payers, askers, limits, .. } = ledger;
        let payers = payers.0.iter().take(MOST_PAYERS);
        Self {
            tokens: bucket.tokens,
            at: ago(bucket.at),
            payers: payers.map(|(payer, bucket)| (payer.0, bucket.tokens, ago(bucket.at))).collect(),
            latest: askers.latest.map(|(payer, at)| (payer.0, ago(at))),
            by_another: askers.by_another.map(ago),
            throttled: limits.throttled_until.filter(|until| *until > now).map(ahead),
            throttles: limits.throttles,
            windows: limits
                .windows
                .iter()
                .filter(|window| window.until > now)
                .map(|window| (window.name.clone(), window.left, window.for_mutations, ahead(window.until)))
                .collect(),
            policy: limits
                .policy
                .filter(|(_, until)| *until > now)
                .map(|(rate, until)| (rate.capacity, rate.per_second, ahead(until))),
        }
    }

    /// What was put there at `then`.
    pub(super) fn ledger(self, settings: BudgetSettings, then: Instant) -> Ledger {
        let bucket =
            |tokens: f64, ago| Bucket { tokens: if tokens.is_finite() { tokens } else { 0.0 }, at: before(then, ago) };
        let payers = self.payers.into_iter().take(MOST_PAYERS);
        let window =
            |(name, left, for_mutations, ahead)| LimitWindow { name, left, for_mutations, until: after(then, ahead) };
        let mut ledger = Ledger::new(settings, then);
        ledger.bucket = bucket(self.tokens, self.at);
        ledger.payers = Payers(payers.map(|(payer, tokens, ago)| (Payer(payer), bucket(tokens, ago))).collect());
        ledger.askers = Askers {
            latest: self.latest.map(|(payer, ago)| (Payer(payer), before(then, ago))),
            by_another: self.by_another.map(|ago| before(then, ago)),
        };
        ledger.limits = ProviderLimits {
            throttled_until: self.throttled.map(|ahead| after(then, ahead)),
            throttles: self.throttles,
            windows: self.windows.into_iter().take(8).map(window).collect(),
            policy: self
                .policy
                .filter(|(capacity, per_second, _)| *capacity >= 1.0 && *per_second > 0.0)
                .map(|(capacity, per_second, ahead)| (Rate { capacity, per_second }, after(then, ahead))),
        };
        ledger
    }

    pub(super) fn encode(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    /// `None` for what is not ours.
    pub(super) fn decode(state: &[u8]) -> Option<Self> {
        serde_json::from_slice(state).ok()
    }
}

#[cfg(test)]
mod tests {
    use session_provider::Intent;

    use super::*;
    use crate::rate_limit_headers::{Item, RateLimits};

    const SETTINGS: BudgetSettings = BudgetSettings { requests: 10, per: Duration::from_secs(10) };

    #[tokio::test(start_paused = true)]
    async fn the_format_is_frozen_and_read_as_it_was() {
        let start = Instant::now();
        let mut ledger = Ledger::new(SETTINGS, start);
        ledger.take(Intent::Read, Some(Payer(7)), start).unwrap();
        let left = Item { name: "default".to_owned(), calls: 30, window: Duration::from_secs(30) };
        ledger.limits.heed(&RateLimits { remaining: vec![left], policies: vec![] }, start);
        ledger.limits.throttled(Some(Duration::from_secs(2)), start);
        let now = start + Duration::from_secs(1);
        let state = LedgerState::of(&ledger, now);
        let text = concat!(
            r#"{"tokens":9.0,"at":1000000,"payers":[[7,4.0,1000000]],"latest":[7,1000000],"by_another":null,"#,
            r#""throttled":1000000,"throttles":0,"windows":[["default",30,3,29000000]],"policy":null}"#
        );
        assert_eq!(state.encode(), text);
        let read = LedgerState::decode(text.as_bytes()).unwrap();
        assert_eq!(read, state);
        let again = LedgerState::of(&read.ledger(SETTINGS, now), now);
        assert_eq!(again, state);
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_stands_there_it_is_read_as_something_or_nothing() {
        let now = Instant::now();
        for text in [
            "",
            "{}",
            "[]",
            "{\"tokens\":1e999,\"at\":0}",
            "{\"tokens\":-5,\"at\":18446744073709551615,\"throttled\":18446744073709551615}",
            "{\"tokens\":1e300,\"at\":0,\"policy\":[0,0,1]}",
        ] {
            if let Some(state) = LedgerState::decode(text.as_bytes()) {
                let mut ledger = state.ledger(SETTINGS, now);
                assert!(ledger.state(now).remaining <= 10, "{text}");
                let _ = ledger.take(Intent::Read, Some(Payer(1)), now + Duration::from_secs(1));
            }
        }
    }
}
