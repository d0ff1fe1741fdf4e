//! What a load does: it asks the provider, makes an answer of what comes, and stores it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use session_provider::{CallContext, Error, ErrorKind, Payer, Timestamp};
use tokio::time::Instant;

use crate::changes::{Subject, Tick};
use crate::providers::Provider;
use crate::reads::cache::cache::Cache;
use crate::reads::cache::entry::{Entry, Held, Origin, RefreshFailure, Times, is_absence};
use crate::reads::cache::key::Key;
use crate::reads::cache::lifetime::Lifetime;
use crate::reads::cache::loaded::Loaded;
use crate::reads::cache::loads::{Ending, LoadOutcome};
use crate::reads::cache::read::Read;
use crate::reads::cache::{Answer, Permanence, Question};

/// A load under way.
pub(super) struct Loading<'a, Q> {
    pub(super) provider: &'a Provider,
    pub(super) question: &'a Q,
    pub(super) key: &'a Key,
    pub(super) began: Tick,
    pub(super) call: &'a CallContext,
    /// No caller waits for it.
    pub(super) paced: bool,
    /// Nothing that is known already will do.
    pub(super) anew: bool,
    /// Of other replicas' answers only those of loads with a greater number will do.
    pub(super) shared_after: Option<u64>,
}

/// What a provider has given.
pub(crate) struct Given<G> {
    /// An error is its word that nothing is live here.
    pub(crate) what: Result<G, Error>,
    pub(crate) answered: Instant,
    pub(crate) fetched_at: Timestamp,
    pub(crate) exchanges: u32,
    /// When its freshness ends early, as far as another replica knows.
    pub(crate) fresh_until: Option<Instant>,
}

/// A load that has ended.
struct EndedLoad<'a> {
    key: &'a Key,
    began: Tick,
    /// No other load of the key began after it.
    is_latest: bool,
    payer: Option<Payer>,
}

impl Cache {
    /// Runs a load in a task of its own: it comes to its end whoever stops waiting. `paced` is one that no
    /// caller waits for.
    pub(super) fn start<Q: Question>(self: &Arc<Self>, read: &Read<'_, Q>, ending: Ending<Q::Answer>, paced: bool) {
        let (this, key, payer) = (Arc::clone(self), read.key.clone(), read.context.payer);
        let (provider, question) = (read.provider.clone(), read.question.clone());
        let deadline = Instant::now() + self.provider_deadline;
        let call = CallContext::read(read.context.request_id.clone(), deadline);
        let call = payer.into_iter().fold(call, CallContext::paid_by);
        let bug = read.refuse(ErrorKind::Internal);
        let anew = read.newer_than.is_some() && read.context.shared_after.is_none();
        let shared_after = read.context.shared_after;
        let load = async move {
            let began = ending.began();
            let load = Loading {
                provider: &provider,
                question: &question,
                key: &key,
                began,
                call: &call,
                paced,
                anew,
                shared_after,
            };
            let loading = this.load(&load);
            let loaded = AssertUnwindSafe(loading).catch_unwind().await;
            let (outcome, to_share) = match loaded.unwrap_or(Err(bug)) {
                Ok(Loaded { held, to_share }) => (Ok(held), to_share),
                Err(error) => (Err(error), None),
            };
            let is_told = this.is_listened_to() || to_share.is_some();
            let told = is_told.then(|| outcome.as_ref().ok().cloned()).flatten();
            let was_last = ending.end(outcome, |outcome, is_latest| {
                this.record(&EndedLoad { key: &key, began, is_latest, payer }, outcome);
            });
            // Behind the lock of the loads: whoever listens may take its time.
            if let Some(held) = told {
                // Nobody here waits for it. Whoever is told of the answer elsewhere looks for it in the store.
                if let Some(to_share) = to_share {
                    this.share(&key, &held, to_share).await;
                }
                this.tell(&key, &held);
            }
            // While loads go on, once for many: it costs as much as the rest of what is done to store an answer.
            if was_last || this.store.is_due() {
                this.store.settle();
            }
        };
        // In a box, or its tens of kilobytes are moved by each of those who take it.
        self.tasks.spawn(self.abandoned.clone().run_until_cancelled_owned(Box::pin(load)));
    }

    async fn load<Q: Question>(&self, load: &Loading<'_, Q>) -> Result<Loaded<Q::Answer>, Error> {
        if let Some((sharing, scope)) = self.shared(load.key) {
            return Box::pin(self.load_shared(load, sharing.cluster(), scope)).await;
        }
        let given = self.ask(load).await?;
        Ok(Loaded::alone(self.keep(load, given, Origin::Asked).await))
    }

    /// Asks the provider. "Nothing is live here" may be something given, too.
    pub(super) async fn ask<Q: Question>(&self, load: &Loading<'_, Q>) -> Result<Given<Q::Given>, Error> {
        let what = match load.question.ask(&**load.provider, load.call).await {
            Err(error) if !(Q::NOT_LIVE_IS_AN_ANSWER && error.kind() == ErrorKind::SessionNotLive) => {
                return Err(error);
            }
            what => what,
        };
        let (answered, fetched_at) = (Instant::now(), self.clock.now());
        Ok(Given { what, answered, fetched_at, exchanges: load.call.exchanges(), fresh_until: None })
    }

    /// Makes an answer of what was given.
    pub(super) async fn keep<Q: Question>(
        &self,
        load: &Loading<'_, Q>,
        given: Given<Q::Given>,
        origin: Origin,
    ) -> Held<Q::Answer> {
        let Loading { provider, key, began, paced, .. } = *load;
        let Given { what, answered, fetched_at, exchanges, fresh_until } = given;
        let times = |lifetime, subject: &Subject<'_>| {
            let lags_until = self.changes.lags_until(provider.id(), subject).filter(|end| *end > answered);
            let fresh_until = lags_until.into_iter().chain(fresh_until).min();
            Times::new(began, answered, fetched_at, lifetime).fresh_until(fresh_until).paced(paced).of_origin(origin)
        };
        let absence = || Lifetime::of_absence(&self.config);
        let answer = match what {
            Ok(given) => {
                let before: Option<Held<Q::Answer>> = self.store.get(key);
                Q::keep(&**provider, given, fetched_at, before.as_ref().and_then(Held::answer)).await
            }
            Err(error) => {
                let times = times(absence(), &key.target.subject());
                return Held::NotLive(Arc::new(Entry { times, answer: error }));
            }
        };
        let changing = || Lifetime::of_answer(&self.config, exchanges, provider.health().budget);
        let lifetime = match answer.permanence() {
            Permanence::Absent => absence(),
            Permanence::Changing => changing(),
            Permanence::Ended => changing().fresh_at_least(self.config.ended_for),
        };
        Held::Answer(Arc::new(Entry { times: times(lifetime, &answer.subject(&key.target)), answer }))
    }

    /// Stores what a load has led to, or notes that it failed.
    fn record<A: Answer>(&self, ended: &EndedLoad<'_>, outcome: &LoadOutcome<A>) {
        let EndedLoad { key, began, is_latest, payer } = *ended;
        let held = || self.store.get::<A>(key);
        let is_older = |held: &Held<A>| held.times().began < began;
        // Only a later load of the key can have stored a newer answer, or one that waited less for other replicas.
        let is_newest = |answer: &Held<A>| {
            let asked = answer.times().began;
            (is_latest && asked == began) || held().is_none_or(|held| held.times().began < asked)
        };
        match outcome {
            Ok(answer) if !self.is_untouched(key, answer) || !is_newest(answer) => {}
            Ok(answer) if self.store.admits(answer) => self.store.insert(key, answer.clone()),
            Ok(_) => self.store.remove(key),
            Err(error) => {
                let Some(older) = held().filter(is_older) else { return };
                if is_absence(error.kind()) {
                    self.store.remove(key);
                } else {
                    older.times().refresh_failed(RefreshFailure { at: Instant::now(), error: error.clone(), payer });
                }
            }
        }
    }
}
