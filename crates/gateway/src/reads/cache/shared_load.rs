//! A load where there are other replicas: one of them asks, and the others take what it was given.

use std::sync::Arc;

use coordination::{Cluster, Finding, LoadClaim, PutAnswer, Scope, Wanted};
use session_provider::{CallContext, Error, ErrorKind, RequestId};
use tokio::time::{Instant, timeout_at};

use crate::changes::Tick;
use crate::providers::Provider;
use crate::reads::cache::cache::Cache;
use crate::reads::cache::entry::{Entry, Held, Origin};
use crate::reads::cache::key::Key;
use crate::reads::cache::lifetime::Phase;
use crate::reads::cache::load::{Given, Loading};
use crate::reads::cache::loaded::{Loaded, ToShare};
use crate::reads::cache::{Answer, Question};
use crate::sharing::{SharedAnswer, marks};

impl Cache {
    /// Takes an answer of another replica, waits for one that is on its way, or asks and gives it to the others. While the
    /// store is away it only asks.
    pub(super) async fn load_shared<Q: Question>(
        &self,
        load: &Loading<'_, Q>,
        cluster: &Cluster,
        scope: Scope,
    ) -> Result<Loaded<Q::Answer>, Error> {
        let known: Option<Held<Q::Answer>> = self.store.get(load.key);
        let known = known.filter(|known| self.is_untouched(load.key, known));
        let newer_than = known.as_ref().and_then(|known| known.times().origin().number()).unwrap_or(0);
        let newer_than = newer_than.max(load.shared_after.unwrap_or(0));
        let mut wanted = Wanted { alone: load.anew, newer_than };
        let mut waited = false;
        loop {
            // Since it began it may have waited for others, and changes may have come: what is found or asked for from now on
            // is after them.
            let load = &Loading { began: self.changes.tick(), ..*load };
            let finding = cluster.find(scope, load.key.shared_name(), wanted);
            // In one flight: whoever may load may have to pay for it. After a wait there is an answer, mostly.
            let preparing = async {
                if !waited {
                    load.provider.prepare().await;
                }
            };
            match tokio::join!(finding, preparing).0 {
                Finding::Away => {
                    let given = self.ask(load).await?;
                    return Ok(Loaded::alone(self.keep(load, given, Origin::Asked).await));
                }
                Finding::Load(claim) => return self.load_for_all(load, claim).await,
                Finding::Elsewhere(other) => {
                    waited = true;
                    if timeout_at(load.call.deadline(), other.ended()).await.is_err() {
                        return Err(Error::new(ErrorKind::ProviderTimeout)
                            .at_provider(load.provider.id())
                            .in_operation(Q::OPERATION));
                    }
                }
                Finding::Answer(found, asked) => {
                    // What cannot be read is as if it were not there; what is no newer does not help.
                    wanted.newer_than = found.number;
                    let Some(shared) = SharedAnswer::<Q::Given>::decode(found.body).await else {
                        wanted.alone = true;
                        continue;
                    };
                    let answered = asked.checked_sub(found.age).unwrap_or(asked);
                    if known.as_ref().is_some_and(|known| known.times().answered >= answered) {
                        continue;
                    }
                    let of = if waited { Origin::LoadedElsewhere } else { Origin::Found };
                    let held = self.keep(load, as_given(load, shared, answered), of(found.number)).await;
                    match held.times().phase(None, Instant::now()).0 {
                        Phase::Fresh | Phase::Revalidate => return Ok(Loaded::alone(held)),
                        // Better than nothing, if the provider fails.
                        Phase::Expired if known.is_none() && self.store.admits(&held) => {
                            self.store.insert(load.key, held);
                        }
                        Phase::Expired | Phase::Gone => {}
                    }
                }
            }
        }
    }

    /// The answer that another replica has asked for, if it is there and its load has a greater number than `after`. Asks
    /// nobody.
    pub(crate) async fn take_shared<Q: Question>(
        &self,
        provider: &Provider,
        question: &Q,
        after: u64,
    ) -> Option<Arc<Entry<Q::Answer>>> {
        let key = Key::new(provider.id().clone(), Q::OPERATION, question.target());
        let (sharing, scope) = self.shared(&key)?;
        let began = self.changes.tick();
        let wanted = Wanted { alone: false, newer_than: after };
        // A load that is claimed by looking is not wanted: it is given back at once.
        let Finding::Answer(found, asked) = sharing.cluster().find(scope, key.shared_name(), wanted).await else {
            return None;
        };
        let shared = SharedAnswer::<Q::Given>::decode(found.body).await?;
        let call = CallContext::read(RequestId::generate(), Instant::now());
        let (provider, key, origin) = (provider, &key, Origin::Found(found.number));
        let load =
            Loading { provider, question, key, began, call: &call, paced: true, anew: false, shared_after: None };
        let answered = asked.checked_sub(found.age).unwrap_or(asked);
        let held = self.keep(&load, as_given(&load, shared, answered), origin).await;
        let before: Option<Held<Q::Answer>> = self.store.get(key);
        if before.is_none_or(|before| before.times().began < began)
            && self.is_untouched(key, &held)
            && self.store.admits(&held)
        {
            self.store.insert(key, held.clone());
        }
        held.entry()
    }

    /// An answer of what another replica was given in the load of that number, for one who looked for it at `began`. Not
    /// kept.
    pub(crate) async fn made<Q: Question>(
        &self,
        provider: &Provider,
        question: &Q,
        given: Given<Q::Given>,
        (began, number): (Tick, u64),
    ) -> Option<Arc<Entry<Q::Answer>>> {
        let key = Key::new(provider.id().clone(), Q::OPERATION, question.target());
        let call = CallContext::read(RequestId::generate(), Instant::now());
        let (key, origin) = (&key, Origin::Found(number));
        let load =
            Loading { provider, question, key, began, call: &call, paced: true, anew: false, shared_after: None };
        self.keep(&load, given, origin).await.entry()
    }

    async fn load_for_all<Q: Question>(
        &self,
        load: &Loading<'_, Q>,
        claim: LoadClaim,
    ) -> Result<Loaded<Q::Answer>, Error> {
        let given = self.ask(load).await?;
        let Given { answered, fetched_at, exchanges, .. } = given;
        let (given, status) = match given.what {
            Ok(given) => (Some((given,)), None),
            Err(error) => (None, error.upstream_status()),
        };
        let lags_until = self.changes.lags_until(load.provider.id(), &load.key.target.subject());
        let fresh_for = lags_until.and_then(|end| end.checked_duration_since(answered));
        let shared = SharedAnswer { exchanges, fetched_at, fresh_for, status, given };
        // It may be large: beside the workers that answer from memory.
        let encoding = tokio::task::spawn_blocking(move || (shared.encode(), shared));
        let bug = |_| Error::new(ErrorKind::Internal).at_provider(load.provider.id()).in_operation(Q::OPERATION);
        let (body, shared) = encoding.await.map_err(bug)?;
        let origin = Origin::Claimed(claim.number());
        let held = self.keep(load, as_given(load, shared, answered), origin).await;
        // A hint about another name of the room ends its freshness in a way that the others are not told.
        let is_as_told = held.times().fresh_for() == fresh_for;
        let to_share = body.filter(|_| is_as_told).map(|body| ToShare { claim, body });
        Ok(Loaded { held, to_share })
    }

    /// Gives an answer to the other replicas, unless a change has outdated it meanwhile.
    pub(super) async fn share<A: Answer>(&self, key: &Key, held: &Held<A>, to_share: ToShare) {
        let ToShare { claim, body } = to_share;
        if self.is_untouched(key, held) {
            let answer = PutAnswer {
                about: marks(&held.subject(&key.target)),
                age: held.times().age(Instant::now()),
                body,
                keep: held.times().lifetime.end(),
            };
            claim.put(answer).await;
        }
    }
}

fn as_given<Q: Question>(load: &Loading<'_, Q>, shared: SharedAnswer<Q::Given>, answered: Instant) -> Given<Q::Given> {
    let SharedAnswer { exchanges, fetched_at, fresh_for, status, given } = shared;
    let not_live = || {
        let error = Error::new(ErrorKind::SessionNotLive).at_provider(load.provider.id()).in_operation(Q::OPERATION);
        status.into_iter().fold(error, Error::with_upstream_status)
    };
    let fresh_until = fresh_for.map(|fresh_for| answered + fresh_for);
    let what = given.map(|(given,)| given).ok_or_else(not_live);
    Given { what, answered, fetched_at, exchanges, fresh_until }
}
