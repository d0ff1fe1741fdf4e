//! The way of a read: memory, a load that is under way, or the provider.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use coordination::Scope;
use metrics::Counter;
use session_provider::{Clock, Error, ErrorKind};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::changes::{Changes, Since, Tick};
use crate::config::CacheConfig;
use crate::providers::Provider;
use crate::reads::cache::entry::{Held, Origin, is_absence};
use crate::reads::cache::freshness::{Demand, Verdict};
use crate::reads::cache::key::Key;
use crate::reads::cache::lifetime::Phase;
use crate::reads::cache::listener::{AnswerListener, NewAnswer};
use crate::reads::cache::loads::{Joined, Loads, Wanted};
use crate::reads::cache::read::{Read, ReadContext};
use crate::reads::cache::store::Store;
use crate::reads::cache::{Answer, Lookup, Question, Served, Standing};
use crate::sharing::Sharing;
use crate::telemetry::{MetricHandles, metrics as names};

/// The operation and the outcome of a read.
type ReadLabels = (&'static str, &'static str);

fn reads_counter((operation, outcome): ReadLabels) -> Counter {
    metrics::counter!(names::CACHE_READS, "operation" => operation, "outcome" => outcome)
}

/// The cache in front of every provider.
#[derive(Debug)]
pub(crate) struct Cache {
    pub(super) store: Store,
    loads: Loads,
    pub(super) changes: Changes,
    reads: MetricHandles<ReadLabels, Counter>,
    pub(super) config: CacheConfig,
    pub(super) provider_deadline: Duration,
    pub(super) clock: Clock,
    pub(super) tasks: TaskTracker,
    pub(super) abandoned: CancellationToken,
    listener: OnceLock<Arc<dyn AnswerListener>>,
    pub(super) sharing: Option<Sharing>,
}

impl Cache {
    /// An empty one of at most `max_bytes`, whose answers are outdated by these changes.
    pub(crate) fn new(
        changes: Changes,
        config: CacheConfig,
        max_bytes: u64,
        provider_deadline: Duration,
        clock: Clock,
        sharing: Option<Sharing>,
    ) -> Self {
        Self {
            store: Store::new(max_bytes, config.stale_for.max(config.ended_for)),
            loads: Loads::default(),
            changes,
            reads: MetricHandles::default(),
            config,
            provider_deadline,
            clock,
            tasks: TaskTracker::new(),
            abandoned: CancellationToken::new(),
            listener: OnceLock::new(),
            sharing,
        }
    }

    /// Gives up the loads under way and returns when they are gone. Reads that wait for one fail.
    pub(crate) async fn abandon_loads(&self) {
        self.abandoned.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Tells this one of every answer from now on. The first who asks is told.
    pub(crate) fn listen(&self, listener: Arc<dyn AnswerListener>) {
        // An error says that another is told already.
        let _ = self.listener.set(listener);
    }

    pub(super) fn is_listened_to(&self) -> bool {
        self.listener.get().is_some()
    }

    /// Tells whoever listens of an answer, unless a change has outdated it meanwhile.
    pub(super) fn tell<A: Answer>(&self, key: &Key, held: &Held<A>) {
        if let Some(listener) = self.listener.get().filter(|_| self.is_untouched(key, held)) {
            listener.answered(&NewAnswer::new(key, held.clone()));
        }
    }

    /// Answers a read. "Nothing is live here" comes as the error it is.
    pub(crate) async fn read<Q: Question>(
        self: &Arc<Self>,
        context: &ReadContext,
        provider: &Provider,
        question: &Q,
    ) -> Result<Served<Q::Answer>, Error> {
        let found = self.find(context, provider, question).await;
        self.count::<Q>(&found);
        found?.served()
    }

    /// The same for one of the reads that a request needs together, not counted before all of them are there.
    pub(crate) async fn find<Q: Question>(
        self: &Arc<Self>,
        context: &ReadContext,
        provider: &Provider,
        question: &Q,
    ) -> Result<Lookup<Q::Answer>, Error> {
        let (held, standing) = self.find_held(&Read::new(context, provider, question)).await?;
        Ok(Lookup { held, standing })
    }

    /// Counts what [`find`](Self::find) has found.
    pub(crate) fn count<Q: Question>(&self, found: &Result<Lookup<Q::Answer>, Error>) {
        let outcome = found.as_ref().map_or("miss", Lookup::label);
        let labels = (Q::OPERATION.as_str(), outcome);
        self.reads.with(&labels, || reads_counter(labels), |counter| counter.increment(1));
    }

    async fn find_held<Q: Question>(
        self: &Arc<Self>,
        read: &Read<'_, Q>,
    ) -> Result<(Held<Q::Answer>, Standing), Error> {
        let (payer, deadline) = (read.context.payer, read.context.deadline);
        let demand = Demand { newer_than: read.newer_than, wait_when_stale: read.context.wait_when_stale, payer };
        let mut on_own_account = false;
        // Asked before memory is looked at: what other replicas have changed is not served here.
        let is_confirmed = self.is_confirmed(read).await;
        loop {
            let now = read.context.now();
            let held = self.usable(read, now);
            if let Some((held, hinted)) = &held {
                match held.times().verdict(demand, *hinted, now).unless_fresh_only(is_confirmed) {
                    Verdict::Serve(standing) => return Ok((held.clone(), standing)),
                    Verdict::ServeAndRefresh(standing) => {
                        self.refresh(read, held.times().began);
                        return Ok((held.clone(), standing));
                    }
                    Verdict::Wait => {}
                }
            }
            if read.context.at_hand {
                // Who asks so looks once and goes.
                return std::future::pending().await;
            }
            if now >= deadline {
                return self.fall_back(read, read.refuse(ErrorKind::ProviderTimeout));
            }
            if !read.may_ask() {
                return self.fall_back(read, read.refuse(ErrorKind::ProviderRateLimited));
            }
            let seen = held.map(|(held, _)| held.times().began);
            let (load, collapsed) = match self.join(read, read.newer_than, seen) {
                Joined::Running(load) => (load, true),
                Joined::Began(load, ending) => {
                    // Work of our own is a poll, and keeps the pace that polls and hints share.
                    self.start(read, ending, read.context.payer.is_none());
                    (load, false)
                }
                Joined::TooEarly(load) => {
                    // How it ends does not matter: its answer would be too old. If it never does, the look at the
                    // deadline above ends the wait.
                    drop(timeout_at(deadline, load.outcome()).await);
                    continue;
                }
                Joined::Answered => continue,
                Joined::Full => return self.fall_back(read, read.refuse(ErrorKind::Overloaded)),
            };
            let paid_by = load.payer();
            match timeout_at(deadline, load.outcome()).await {
                Err(_) => return self.fall_back(read, read.refuse(ErrorKind::ProviderTimeout)),
                Ok(Ok(held)) => {
                    // Unless a change came in between: nothing fetched before it may be shown after it.
                    if self.is_untouched(&read.key, &held) {
                        return Ok(self.loaded(read, held, collapsed));
                    }
                }
                // Refused for another caller's share of the budget, which says nothing about this one's.
                Ok(Err(error))
                    if error.kind() == ErrorKind::ProviderRateLimited && paid_by != payer && !on_own_account =>
                {
                    on_own_account = true;
                }
                Ok(Err(error)) => return self.fall_back(read, error),
            }
        }
    }

    /// How a read stands for which a load has brought this answer.
    fn loaded<Q: Question>(
        self: &Arc<Self>,
        read: &Read<'_, Q>,
        held: Held<Q::Answer>,
        collapsed: bool,
    ) -> (Held<Q::Answer>, Standing) {
        let stored = self.store.admits(&held);
        let standing = match held.times().origin() {
            Origin::Asked | Origin::Claimed(_) => Standing::Loaded { collapsed, stored },
            Origin::LoadedElsewhere(_) => Standing::Loaded { collapsed: true, stored },
            // As if it had been in memory all the time.
            Origin::Found(_) if held.times().phase(None, Instant::now()).0 == Phase::Fresh => Standing::Hit,
            Origin::Found(_) => {
                self.refresh(read, held.times().began);
                Standing::Revalidated { hinted: None }
            }
        };
        (held, standing)
    }

    /// Whether what other replicas have changed is known here; asks if need be.
    async fn is_confirmed<Q: Question>(&self, read: &Read<'_, Q>) -> bool {
        let Some((sharing, scope)) = self.shared(&read.key) else { return true };
        if sharing.cluster().is_confirmed(scope, read.context.now()) {
            return true;
        }
        if read.context.at_hand {
            return std::future::pending().await;
        }
        sharing.cluster().confirm(scope).await
    }

    /// What is shared with other replicas, and the account that the key is about.
    pub(super) fn shared(&self, key: &Key) -> Option<(&Sharing, Scope)> {
        let sharing = self.sharing.as_ref()?;
        Some((sharing, sharing.scope(&key.provider)?))
    }

    /// What is kept for the read and may be served, at least when a refresh has failed; and when the latest hint about it
    /// came, of those since its load began.
    fn usable<Q: Question>(&self, read: &Read<'_, Q>, now: Instant) -> Option<(Held<Q::Answer>, Option<Instant>)> {
        let held: Held<Q::Answer> = self.store.get(&read.key)?;
        let times = held.times();
        if times.lifetime.phase(times.age(now)) == Phase::Gone {
            return None;
        }
        let hinted = match self.since(&read.key, &held) {
            Since::Changed => return None,
            Since::Hinted(at) => Some(at),
            Since::Nothing => None,
        };
        Some((held, hinted))
    }

    /// Whether nothing that the answer is about has changed since its load began.
    pub(super) fn is_untouched<A: Answer>(&self, key: &Key, held: &Held<A>) -> bool {
        self.since(key, held) != Since::Changed
    }

    fn since<A: Answer>(&self, key: &Key, held: &Held<A>) -> Since {
        self.changes.since(held.times().began, &key.provider, || held.subject(&key.target))
    }

    /// The older answer in the place of an error, where there is one and the error is a failure.
    fn fall_back<Q: Question>(&self, read: &Read<'_, Q>, error: Error) -> Result<(Held<Q::Answer>, Standing), Error> {
        if is_absence(error.kind()) {
            return Err(error);
        }
        let now = Instant::now();
        let Some((held, _)) = self.usable(read, now) else { return Err(error) };
        let times = held.times();
        let is_new_enough = read.takes(times.began);
        // "Nothing is live" carries no mark of being old: to a read that wants a newer answer it would be a lie.
        if held.is_absence() && !is_new_enough {
            return Err(error);
        }
        // A load that somebody else began may have succeeded since.
        let is_fresh = is_new_enough && times.lifetime.phase(times.age(now)) == Phase::Fresh;
        let standing = if is_fresh { Standing::Hit } else { Standing::Stale(error) };
        Ok((held, standing))
    }

    /// Begins a load in the background, unless one is under way, there are too many, or the read may not ask.
    fn refresh<Q: Question>(self: &Arc<Self>, read: &Read<'_, Q>, seen: Tick) {
        if read.may_ask()
            && let Joined::Began(_, ending) = self.join(read, None, Some(seen))
        {
            self.start(read, ending, true);
        }
    }

    /// Joins the load of the read's question. `seen` is the answer that the read has found to be of no use.
    fn join<Q: Question>(&self, read: &Read<'_, Q>, newer_than: Option<Tick>, seen: Option<Tick>) -> Joined<Q::Answer> {
        let Key { provider, target, .. } = &read.key;
        self.loads.join(
            &read.key,
            &Wanted {
                payer: read.context.payer,
                newer_than,
                is_valid: &|began| {
                    self.changes.is_quiet_since(began, provider)
                        || self.changes.leave_untouched(began, provider, &target.subject())
                },
                is_answered: &|| {
                    self.usable(read, Instant::now()).is_some_and(|(held, _)| Some(held.times().began) > seen)
                },
                now: &|| self.changes.tick(),
            },
        )
    }
}

#[cfg(test)]
impl Cache {
    /// The loads under way, as tasks.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    pub(crate) fn weight(&self) -> u64 {
        self.store.settle()
    }

    /// How many loads are under way.
    pub(crate) fn loads(&self) -> usize {
        self.loads.len()
    }
}
