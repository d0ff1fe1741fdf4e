//! Keys from a key server: fetched in the background, kept while it is down.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::jwk;
use crate::key_set::KeySet;
use crate::metric;

/// How long a set is taken for current.
const REFRESH_EVERY: Duration = Duration::from_secs(600);

/// How often an unknown `kid` may cause a fetch.
const REFETCH_EVERY: Duration = Duration::from_secs(30);

/// How long the last good set is used while no newer one can be had.
const KEEP_FOR: Duration = Duration::from_secs(24 * 3600);

/// The longest that one fetch may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(2);

/// The longest that a request waits for a fetch: one may be under way when its own is asked for.
const WAIT_FOR_FETCH: Duration = Duration::from_secs(5);

/// The pauses after failed fetches double between these: without any key nobody gets in, so it is tried hard.
const RETRY_WITHOUT_KEYS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));
const RETRY_WITH_KEYS: (Duration, Duration) = (REFETCH_EVERY, REFRESH_EVERY);

/// Gets the JWKS document. One try, no redirects, bounded in size.
#[async_trait]
pub(crate) trait KeyFetcher: fmt::Debug + Send + Sync {
    /// The document, or why not, fit for a log: no URL, no body.
    async fn fetch(&self) -> Result<Bytes, String>;
}

/// The current keys of a key server.
#[derive(Debug)]
pub(crate) struct Jwks {
    fetcher: Box<dyn KeyFetcher>,
    /// The path of the configuration's key that names the key server, for the log.
    key: String,
    current: ArcSwap<Fetched>,
    /// Stands for no keys once the fetched ones are too old.
    none: Arc<KeySet>,
    refetch: Mutex<Refetch>,
    /// Tells the loop that a refetch is wanted.
    wanted: Notify,
    /// Changes when a wanted refetch is over.
    served: watch::Sender<u64>,
}

#[derive(Debug)]
struct Fetched {
    keys: Arc<KeySet>,
    at: Instant,
}

/// What is known of fetches that unknown `kid`s asked for.
#[derive(Debug, Default)]
struct Refetch {
    running: bool,
    last: Option<Instant>,
    pending: bool,
}

impl Jwks {
    pub(crate) fn new(fetcher: Box<dyn KeyFetcher>, key: String) -> Self {
        let none = Arc::new(KeySet::default());
        Self {
            fetcher,
            key,
            current: ArcSwap::from_pointee(Fetched { keys: Arc::clone(&none), at: Instant::now() }),
            none,
            refetch: Mutex::default(),
            wanted: Notify::new(),
            served: watch::Sender::new(0),
        }
    }

    /// The keys in force: none before the first fetch succeeded, none when the last success was a day ago.
    pub(crate) fn current(&self) -> Arc<KeySet> {
        let fetched = self.current.load();
        Arc::clone(if fetched.at.elapsed() < KEEP_FOR { &fetched.keys } else { &self.none })
    }

    /// Asks for newer keys because a token names one that is not known, and waits for them. However many ask, there
    /// is one fetch, and at most one in 30 s; `false` says that no fetch was due, so nothing changed.
    pub(crate) async fn refetch(&self) -> bool {
        let mut served = self.served.subscribe();
        if !self.join_refetch() {
            return false;
        }
        matches!(timeout(WAIT_FOR_FETCH, served.changed()).await, Ok(Ok(())))
    }

    fn join_refetch(&self) -> bool {
        let mut refetch = self.lock();
        if !refetch.running {
            return false;
        }
        if refetch.pending {
            return true;
        }
        if refetch.last.is_some_and(|last| last.elapsed() < REFETCH_EVERY) {
            return false;
        }
        refetch.last = Some(Instant::now());
        refetch.pending = true;
        self.wanted.notify_one();
        true
    }

    /// Keeps the keys current until `stop`.
    pub(crate) async fn run(self: Arc<Self>, stop: CancellationToken) {
        self.lock().running = true;
        let mut failures = 0;
        loop {
            let pause = tokio::select! {
                () = stop.cancelled() => break,
                fetched = self.round() => {
                    failures = if fetched { 0 } else { failures + 1 };
                    self.pause(failures)
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.wanted.notified() => {}
                () = sleep(pause) => {}
            }
        }
        let mut refetch = self.lock();
        refetch.running = false;
        refetch.pending = false;
        self.served.send_modify(|rounds| *rounds += 1);
    }

    fn pause(&self, failures: u32) -> Duration {
        let (first, longest) = if self.current().is_empty() { RETRY_WITHOUT_KEYS } else { RETRY_WITH_KEYS };
        match failures {
            0 => REFRESH_EVERY,
            _ => first.saturating_mul(1 << (failures - 1).min(10)).min(longest),
        }
    }

    /// One fetch; whether it gave keys. Serves the refetch that was wanted before it began, not one wanted meanwhile.
    async fn round(&self) -> bool {
        let serves = self.lock().pending;
        let outcome = match timeout(FETCH_TIMEOUT, self.fetcher.fetch()).await {
            Ok(Ok(document)) => jwk::keys(&document).map_err(str::to_owned),
            Ok(Err(reason)) => Err(reason),
            Err(_) => Err("no answer in time".to_owned()),
        };
        metrics::counter!(metric::JWKS_FETCHES, "outcome" => if outcome.is_ok() { "ok" } else { "failed" })
            .increment(1);
        let fetched = outcome.is_ok();
        match outcome {
            Ok(keys) => {
                let old = &self.current.load().keys;
                let keys = if old.holds_exactly(&keys) {
                    Arc::clone(old)
                } else {
                    tracing::info!(from = self.key, keys = keys.len(), "the keys of the key server changed");
                    Arc::new(KeySet::new(old.generation() + 1, keys))
                };
                self.current.store(Arc::new(Fetched { keys, at: Instant::now() }));
            }
            Err(reason) => {
                tracing::warn!(from = self.key, reason, "cannot fetch keys; the last good ones stay in force")
            }
        }
        if serves {
            self.lock().pending = false;
            self.served.send_modify(|rounds| *rounds += 1);
        }
        fetched
    }

    fn lock(&self) -> MutexGuard<'_, Refetch> {
        self.refetch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
