//! Where the key comes from, and how long it is taken for current.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use upstream_http::{BoundedFetchSettings, BuildError, Fetcher};

use crate::webhook::key::{InvalidKey, WebhookKey};

/// How long a fetched key is taken for current.
const KEEP_FOR: Duration = Duration::from_secs(3600);

/// How often a key may be fetched while there is one.
const REFETCH_EVERY: Duration = Duration::from_secs(30);

/// The same while there is none, so that nobody gets in.
const RETRY_EVERY: Duration = Duration::from_secs(5);

/// The largest document that is read, in bytes.
const MAX_DOCUMENT_BYTES: usize = 64 * 1024;

/// Where the public key is.
pub struct WebhookKeySource(Source);

enum Source {
    Fixed(WebhookKey),
    Fetched(Arc<PublishedKey>),
}

/// A key that is fetched from where it is published.
struct PublishedKey {
    fetcher: Fetcher,
    state: Mutex<Fetched>,
    turn: Arc<tokio::sync::Mutex<()>>,
    /// A fetch goes on when whoever began it hangs up.
    tasks: TaskTracker,
}

#[derive(Debug, Default)]
struct Fetched {
    key: Option<Arc<WebhookKey>>,
    /// From then on it is fetched again before it is used.
    due: Option<Instant>,
    /// When the latest fetch began.
    tried: Option<Instant>,
    /// How many fetches have ended.
    ended: u64,
}

impl WebhookKeySource {
    /// Where the service publishes it (`docs/upstream/realtimekit.md` §6).
    pub const DEFAULT_URL: &'static str = "https://api.realtime.cloudflare.com/.well-known/webhooks.json";

    /// A key that never changes, as one PUBLIC KEY section in PEM.
    ///
    /// # Errors
    /// When it is none.
    pub fn fixed(pem: &str) -> Result<Self, InvalidKey> {
        Ok(Self(Source::Fixed(WebhookKey::from_pem(pem)?)))
    }

    /// The key that is published there: fetched when it is first needed, then every hour, and once more when a check
    /// fails, at most every 30 s. The last good one is used while no newer one can be had. Sends nothing yet.
    ///
    /// # Errors
    /// [`BuildError`] for a URL that may not be fetched from.
    pub fn fetched(url: &str) -> Result<Self, BuildError> {
        let settings = BoundedFetchSettings { max_body_bytes: MAX_DOCUMENT_BYTES, ..BoundedFetchSettings::default() };
        let fetcher = Fetcher::new(url, settings)?;
        let (state, turn, tasks) = (Mutex::default(), Arc::default(), TaskTracker::new());
        Ok(Self(Source::Fetched(Arc::new(PublishedKey { fetcher, state, turn, tasks }))))
    }

    /// Runs `check` with the key that is current; `None` when there is none, or it is due to be renewed.
    pub(super) fn with_current(&self, check: impl FnOnce(&WebhookKey) -> bool) -> Option<bool> {
        match &self.0 {
            Source::Fixed(key) => Some(check(key)),
            Source::Fetched(published) => {
                let key = {
                    let state = published.state();
                    state.key.clone().filter(|_| state.due.is_some_and(|due| Instant::now() < due))
                };
                key.map(|key| check(&key))
            }
        }
    }

    /// Fetches the key, if it may be fetched again already; one fetch at a time. Whether another check may end
    /// otherwise: there is a key that there was not, or that is not due any more.
    pub(super) async fn renew(&self) -> bool {
        let Source::Fetched(published) = &self.0 else { return false };
        let seen = published.state().ended;
        let turn = Arc::clone(&published.turn).lock_owned().await;
        {
            let mut state = published.state();
            if state.ended != seen {
                // Somebody else's fetch has ended while we waited for our turn.
                return state.key.is_some();
            }
            let every = if state.key.is_some() { REFETCH_EVERY } else { RETRY_EVERY };
            if state.tried.is_some_and(|tried| tried.elapsed() < every) {
                return false;
            }
            state.tried = Some(Instant::now());
        }
        let fetching = Arc::clone(published);
        // The turn goes with the fetch: there is one at a time, whoever waits for it.
        let fetched = published.tasks.spawn(async move {
            let _turn = turn;
            fetching.fetch().await
        });
        fetched.await.unwrap_or(false)
    }
}

impl PublishedKey {
    fn state(&self) -> MutexGuard<'_, Fetched> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches the key and says whether another check may end otherwise.
    async fn fetch(&self) -> bool {
        let document = self.fetcher.get().await.map_err(|error| error.to_string());
        let fetched = document.and_then(|it| WebhookKey::from_document(&it).map_err(|error| error.to_string()));
        let mut state = self.state();
        state.ended += 1;
        match fetched {
            Ok(key) => {
                let is_new = state.key.as_deref() != Some(&key);
                let was_due = state.due.is_none_or(|due| Instant::now() >= due);
                state.key = Some(Arc::new(key));
                state.due = Some(Instant::now() + KEEP_FOR);
                is_new || was_due
            }
            Err(reason) => {
                tracing::warn!(reason, "cannot fetch the key of webhooks; the last good one stays in force");
                let is_due = state.due.is_some_and(|due| Instant::now() >= due);
                if is_due {
                    state.due = Some(Instant::now() + REFETCH_EVERY);
                }
                is_due
            }
        }
    }
}

impl fmt::Debug for WebhookKeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::Fixed(_) => "Fixed",
            Source::Fetched(_) => "Fetched",
        })
    }
}
