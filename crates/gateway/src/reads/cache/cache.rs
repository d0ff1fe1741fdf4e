//! The read path: memory, a load that is under way, or the provider.

use std::sync::Arc;
use std::time::Duration;

use session_provider::{
    CallContext, Clock, Error, ErrorKind, Payer, ProviderId, RequestId, RoomId, SessionId, SessionProvider,
};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::CacheConfig;
use crate::reads::cache::age::{Lifetime, Phase};
use crate::reads::cache::fetch::fetch;
use crate::reads::cache::flight::{Flight, Flights, MAX_FLIGHTS, Outcome};
use crate::reads::cache::landing::{Landing, is_absence};
use crate::reads::cache::mutations::{Counter, Mutations};
use crate::reads::cache::store::Store;
use crate::reads::cache::{Answer, Entry, Key, Query, Served, Standing};

/// What a read wants of the cache.
#[derive(Debug, Clone)]
pub(crate) struct CacheRequest {
    /// The request it is part of.
    pub(crate) request_id: RequestId,
    /// Whose share of the budgets pays.
    pub(crate) payer: Payer,
    /// The number it took when it arrived.
    pub(crate) arrived: u64,
    /// When it stops waiting.
    pub(crate) deadline: Instant,
    /// The answer must not be older than the request.
    pub(crate) no_cache: bool,
    /// Wait for a refresh rather than take a stale answer at once.
    pub(crate) wait_when_stale: bool,
    /// An extra: ask the provider only while at least half of its budget is left.
    pub(crate) extra: bool,
}

/// The cache in front of every provider.
#[derive(Debug)]
pub(crate) struct Cache {
    pub(super) store: Store,
    pub(super) flights: Flights,
    pub(super) mutations: Mutations,
    counter: Counter,
    config: CacheConfig,
    provider_deadline: Duration,
    clock: Clock,
    tasks: TaskTracker,
    abandoned: CancellationToken,
}

/// A way to an answer that is not in memory.
enum Boarding {
    /// Wait for this load; whether somebody else began it.
    On(Flight, bool),
    /// Wait for this load to end, then look again: it began before the request, which wants a newer answer.
    After(Flight),
    /// Look again: an answer has come since.
    Landed,
}

/// Whether at least half of the provider's budget is left.
fn has_spare(provider: &Arc<dyn SessionProvider>) -> bool {
    provider.health().budget.is_none_or(|budget| budget.at_least_half())
}

impl Cache {
    /// An empty one for these providers, of at most `max_bytes`.
    pub(crate) fn new(
        providers: impl Iterator<Item = ProviderId>,
        config: CacheConfig,
        max_bytes: u64,
        provider_deadline: Duration,
        clock: Clock,
    ) -> Self {
        Self {
            store: Store::new(max_bytes, config.stale_for.max(config.ended_for)),
            flights: Flights::default(),
            mutations: Mutations::new(providers),
            counter: Counter::default(),
            config,
            provider_deadline,
            clock,
            tasks: TaskTracker::new(),
            abandoned: CancellationToken::new(),
        }
    }

    /// Gives up the loads under way and returns when they are gone. Reads that wait for one fail.
    pub(crate) async fn abandon_loads(&self) {
        self.abandoned.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// The loads under way, as tasks.
    #[cfg(test)]
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Bytes held.
    #[cfg(test)]
    pub(crate) fn weight(&self) -> u64 {
        self.store.settle()
    }

    /// How many loads are under way.
    #[cfg(test)]
    pub(crate) fn flights(&self) -> usize {
        self.flights.lock().len()
    }

    /// A number for a read that arrives now.
    pub(crate) fn arrival(&self) -> u64 {
        self.counter.next()
    }

    /// Makes everything old that a mutation, which is over by now, touches.
    pub(crate) fn forget(&self, provider: &ProviderId, room: &RoomId, session: Option<&SessionId>) {
        self.mutations.note(self.counter.next(), provider, room, session);
    }

    /// Answers a read by the age table of contract §5. "Nothing is live here" comes as the error it is.
    pub(crate) async fn read(
        self: &Arc<Self>,
        request: &CacheRequest,
        provider: &Arc<dyn SessionProvider>,
        query: Query,
    ) -> Result<Served, Error> {
        let key = Key { provider: provider.id().clone(), query };
        let found = self.find(request, provider, &key).await;
        let outcome = found.as_ref().map_or("miss", Served::outcome);
        let operation = key.query.operation().as_str();
        metrics::counter!("rollcall_cache_reads_total", "operation" => operation, "outcome" => outcome).increment(1);
        let served = found?;
        match &served.entry.answer {
            Answer::NotLive(error) => Err(error.clone()),
            _ => Ok(served),
        }
    }

    async fn find(
        self: &Arc<Self>,
        request: &CacheRequest,
        provider: &Arc<dyn SessionProvider>,
        key: &Key,
    ) -> Result<Served, Error> {
        let newer_than = if request.no_cache && has_spare(provider) { request.arrived } else { 0 };
        let mut on_own_account = false;
        loop {
            let held = self.usable(key);
            if let Some(served) =
                held.as_ref().and_then(|held| self.from_memory(held, newer_than, request, provider, key))
            {
                return Ok(served);
            }
            if Instant::now() >= request.deadline {
                return self.fall_back(key, newer_than, Error::new(ErrorKind::ProviderTimeout));
            }
            if request.extra && !has_spare(provider) {
                return self.fall_back(key, newer_than, Error::new(ErrorKind::ProviderRateLimited));
            }
            let seen = held.map_or(0, |held| held.began);
            let (flight, collapsed) = match self.board(request, provider, key, newer_than, seen) {
                Ok(Boarding::Landed) => continue,
                Ok(Boarding::On(flight, collapsed)) => (flight, collapsed),
                Ok(Boarding::After(flight)) => {
                    // How it ends does not matter: its answer would be too old. If it never does, the look at the
                    // deadline above ends the wait.
                    drop(timeout_at(request.deadline, flight.outcome).await);
                    continue;
                }
                Err(error) => return self.fall_back(key, newer_than, error),
            };
            let ended = timeout_at(request.deadline, flight.outcome).await;
            match ended.unwrap_or_else(|_| Err(Error::new(ErrorKind::ProviderTimeout))) {
                // A mutation came in between: nothing fetched before it may be shown after it.
                Ok(entry) if !self.mutations.allow(key, entry.began, &entry.answer) => {}
                Ok(entry) => {
                    let stored = self.store.admits(&entry);
                    return Ok(Served { entry, standing: Standing::Loaded { collapsed, stored } });
                }
                // Refused for another caller's share of the budget, which says nothing about this one's.
                Err(error)
                    if error.kind() == ErrorKind::ProviderRateLimited
                        && flight.payer != request.payer
                        && !on_own_account =>
                {
                    on_own_account = true;
                }
                Err(error) => return self.fall_back(key, newer_than, error),
            }
        }
    }

    /// What is kept under the key and may be served, at least when a refresh has failed.
    fn usable(&self, key: &Key) -> Option<Arc<Entry>> {
        let held = self.store.get(key)?;
        let gone = held.lifetime.phase(held.age(Instant::now())) == Phase::Gone;
        (!gone && self.mutations.allow(key, held.began, &held.answer)).then_some(held)
    }

    /// The answer that can be given without waiting, if there is one.
    fn from_memory(
        self: &Arc<Self>,
        held: &Arc<Entry>,
        newer_than: u64,
        request: &CacheRequest,
        provider: &Arc<dyn SessionProvider>,
        key: &Key,
    ) -> Option<Served> {
        let now = Instant::now();
        let phase = held.lifetime.phase(held.age(now));
        if phase == Phase::Fresh && held.began > newer_than {
            return Some(Served { entry: Arc::clone(held), standing: Standing::Hit });
        }
        let failure = held.failure_for(request.payer);
        let ago = |at| now.saturating_duration_since(at);
        let may_try = failure.as_ref().is_none_or(|failure| !held.lifetime.too_soon_after_failure(ago(failure.at)));
        let refresh = || {
            let allowed = may_try && (!request.extra || has_spare(provider));
            // Whether it could be begun, or is under way already, changes nothing for this read.
            allowed.then(|| drop(self.board(request, provider, key, 0, held.began)))
        };
        let standing = if phase == Phase::Revalidate && held.began > newer_than {
            refresh();
            Standing::Revalidated
        } else {
            let failure = failure?;
            if may_try {
                if request.wait_when_stale || newer_than > 0 || !held.lifetime.keeps_failing(ago(failure.at)) {
                    return None;
                }
                refresh();
            }
            Standing::Stale(failure.error)
        };
        Some(Served { entry: Arc::clone(held), standing })
    }

    /// The older answer in the place of an error, where there is one and the error is a failure.
    fn fall_back(&self, key: &Key, newer_than: u64, error: Error) -> Result<Served, Error> {
        let error = if error.provider().is_none() { error.at_provider(&key.provider) } else { error };
        let error = if error.operation().is_none() { error.in_operation(key.query.operation()) } else { error };
        if is_absence(error.kind()) {
            return Err(error);
        }
        let Some(entry) = self.usable(key) else { return Err(error) };
        // "Nothing is live" carries no mark of being old: to a read that wants a newer answer it would be a lie.
        if entry.answer.is_absence() && entry.began <= newer_than {
            return Err(error);
        }
        // A load that somebody else began may have succeeded since.
        let fresh = entry.began > newer_than && entry.lifetime.phase(entry.age(Instant::now())) == Phase::Fresh;
        let standing = if fresh { Standing::Hit } else { Standing::Stale(error) };
        Ok(Served { entry, standing })
    }

    /// Joins the load of the key that is under way, or begins one. `seen` is the number of the entry that the read
    /// has found to be no answer, 0 if there was none.
    fn board(
        self: &Arc<Self>,
        request: &CacheRequest,
        provider: &Arc<dyn SessionProvider>,
        key: &Key,
        newer_than: u64,
        seen: u64,
    ) -> Result<Boarding, Error> {
        let mut flights = self.flights.lock();
        let touched = self.mutations.last_touching(key, None);
        if let Some(flight) = flights.get(key).filter(|flight| flight.began > touched) {
            let flight = flight.clone();
            return Ok(if flight.began > newer_than { Boarding::On(flight, true) } else { Boarding::After(flight) });
        }
        if self.usable(key).is_some_and(|held| held.began > seen) {
            return Ok(Boarding::Landed);
        }
        if flights.len() >= MAX_FLIGHTS {
            return Err(Error::new(ErrorKind::Overloaded));
        }
        let began = self.counter.next();
        let (flight, waiters) = Flight::new(began, request.payer);
        flights.insert(key.clone(), flight.clone());
        metrics::gauge!("rollcall_flights").set(flights.len() as f64);
        drop(flights);
        let landing = Landing::new(Arc::clone(self), key.clone(), began, request.payer, waiters);
        let call = CallContext::read(request.request_id.clone(), Instant::now() + self.provider_deadline)
            .paid_by(request.payer);
        let (cache, provider, key) = (Arc::clone(self), Arc::clone(provider), key.clone());
        let load = async move { landing.end(cache.load(provider.as_ref(), &key, began, &call).await) };
        self.tasks.spawn(self.abandoned.clone().run_until_cancelled_owned(load));
        Ok(Boarding::On(flight, false))
    }

    async fn load(&self, provider: &dyn SessionProvider, key: &Key, began: u64, call: &CallContext) -> Outcome {
        let fetched = fetch(provider, key, call, self.clock).await?;
        let lifetime = if fetched.answer.is_absence() {
            Lifetime::of_absence(&self.config)
        } else {
            let ordinary = Lifetime::of_answer(&self.config, call.exchanges(), provider.health().budget);
            let ended = fetched.answer.is_ended_session().then_some(self.config.ended_for);
            ended.map_or(ordinary, |ended| ordinary.fresh_at_least(ended))
        };
        Ok(Arc::new(Entry::new(began, fetched.answered, fetched.fetched_at, lifetime, fetched.answer)))
    }
}
