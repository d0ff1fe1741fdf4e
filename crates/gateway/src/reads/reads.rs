//! The reads.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use caller_auth::Caller;
use http::HeaderValue;
use session_provider::{Clock, Error, ErrorKind, RequestId, RoomId, SessionId};
use tokio::time::Instant;

use crate::changes::Changes;
use crate::config::CacheConfig;
use crate::problem::Problem;
use crate::providers::{Provider, Providers};
use crate::reads::answers::{Document, ParticipantRows, SessionDocument};
use crate::reads::cache::{Answer, AnswerListener, Cache, Given, Question, ReadContext, Served};
use crate::reads::cursor::ListId;
use crate::reads::followed::{KeptList, ListAnswer, NewerThan, PeopleAnswer, PeoplePolled, Polled};
use crate::reads::include::Extras;
use crate::reads::outcome::Part;
use crate::reads::pages::Pages;
use crate::reads::questions::{
    GetLiveSession, GetSession, ListLiveParticipants, ListLiveSessions, ListSessionParticipants,
};
use crate::reads::{HistoryQuery, Include, ListQuery, PageQuery, ReadCall, ReadReply, history, list, participants};
use crate::sharing::Sharing;

/// Every read of the API over every provider, with the cache in between. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reads(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    providers: Providers,
    cache: Arc<Cache>,
    pages: Pages,
    changes: Changes,
    provider_deadline: Duration,
}

/// The part of `max_bytes` that assembled pages may take; the answers they are made of take the rest.
const PAGES_PART: u64 = 8;

fn told(error: Error) -> Problem {
    Problem::from(&error)
}

impl Reads {
    /// An empty cache in front of these providers, whose answers are outdated by these changes. `provider_deadline` is
    /// what one provider may take for one operation.
    #[must_use]
    pub fn new(
        providers: Providers,
        changes: Changes,
        config: &CacheConfig,
        provider_deadline: Duration,
        clock: Clock,
    ) -> Self {
        Self::among_replicas(providers, changes, config, provider_deadline, clock, None)
    }

    /// The same with what other replicas share, if there are any.
    #[must_use]
    pub fn among_replicas(
        providers: Providers,
        changes: Changes,
        config: &CacheConfig,
        provider_deadline: Duration,
        clock: Clock,
        sharing: Option<Sharing>,
    ) -> Self {
        let for_pages = config.max_bytes.as_u64() / PAGES_PART;
        let for_answers = config.max_bytes.as_u64() - for_pages;
        let cache = Arc::new(Cache::new(changes.clone(), *config, for_answers, provider_deadline, clock, sharing));
        let pages = Pages::new(for_pages, config.stale_for);
        Self(Arc::new(Inner { providers, cache, pages, changes, provider_deadline }))
    }

    #[must_use]
    pub fn providers(&self) -> &Providers {
        &self.0.providers
    }

    /// Gives up the calls to providers that are under way, for the end of the process: they outlive the requests that
    /// began them, up to the provider's deadline, but once nobody waits for an answer it is of no use.
    pub async fn abandon_loads(&self) {
        self.0.cache.abandon_loads().await;
    }

    /// `list_live_sessions`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn live_sessions(
        &self,
        call: ReadCall,
        caller: &Caller,
        query: &ListQuery,
    ) -> Result<ReadReply, Problem> {
        let context = ReadContext { wait_when_stale: query.forbid_partial, ..self.context(call) };
        let Inner { providers, cache, pages, .. } = &*self.0;
        list::live_sessions(cache, pages, providers.iter(), &context, caller, query).await
    }

    /// `list_sessions`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn sessions(&self, call: ReadCall, caller: &Caller, query: &HistoryQuery) -> Result<ReadReply, Problem> {
        let context = ReadContext { wait_when_stale: query.forbid_partial, ..self.context(call) };
        let Inner { providers, cache, .. } = &*self.0;
        history::sessions(cache, providers.iter(), &context, caller, query).await
    }

    /// `get_live_session`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn live_session(
        &self,
        call: ReadCall,
        provider: &Provider,
        room: &RoomId,
        include: &BTreeSet<Include>,
    ) -> Result<ReadReply, Problem> {
        let context = self.context(call);
        let cache = &self.0.cache;
        let served = cache.read(&context, provider, &GetLiveSession(room.clone())).await.map_err(told)?;
        if include.is_empty() {
            return Ok(one_session(&served, &context));
        }
        let document = served.answer();
        let extras = Extras::new(cache, &context, include).add(provider, [document.session()]).await;
        let session = extras.first().unwrap_or(document.session());
        let Document { body, etag } = document.document_of(session, served.is_stale());
        Ok(reply(body, etag, &served, &context))
    }

    /// `list_live_participants`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn live_participants(
        &self,
        call: ReadCall,
        provider: &Provider,
        room: &RoomId,
        page: &PageQuery,
    ) -> Result<ReadReply, Problem> {
        let list = ListId::new(["live-participants", provider.id().as_str(), room.as_str()]);
        self.participants(call, provider, list, page, &ListLiveParticipants(room.clone())).await
    }

    /// `get_session`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn session(
        &self,
        call: ReadCall,
        provider: &Provider,
        session: &SessionId,
        include_breakout_rooms: bool,
    ) -> Result<ReadReply, Problem> {
        let question = GetSession { id: session.clone(), include_breakout_rooms };
        let context = self.context(call);
        let served = self.0.cache.read(&context, provider, &question).await.map_err(told)?;
        Ok(one_session(&served, &context))
    }

    /// `list_session_participants`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn session_participants(
        &self,
        call: ReadCall,
        provider: &Provider,
        session: &SessionId,
        page: &PageQuery,
    ) -> Result<ReadReply, Problem> {
        let list = ListId::new(["session-participants", provider.id().as_str(), session.as_str()]);
        self.participants(call, provider, list, page, &ListSessionParticipants(session.clone())).await
    }

    async fn participants<Q: Question<Answer = ParticipantRows>>(
        &self,
        call: ReadCall,
        provider: &Provider,
        list: ListId,
        page: &PageQuery,
        question: &Q,
    ) -> Result<ReadReply, Problem> {
        let start = participants::start(&list, page)?;
        let context = self.context(call);
        let served = self.0.cache.read(&context, provider, question).await.map_err(told)?;
        Ok(participants::page(&self.0.pages, list, page, &start, &served, context.now()))
    }

    /// Tells this one of every answer from now on.
    pub(crate) fn listen(&self, listener: Arc<dyn AnswerListener>) {
        self.0.cache.listen(listener);
    }

    /// Asks what is live on a provider, on our own account: for an answer newer than that, by default one whose load begins
    /// from now on, as long as the provider's budget lasts.
    pub(crate) async fn poll_live_sessions(&self, provider: &Provider, newer_than: Option<NewerThan>) -> Polled {
        let context = self.own_context(newer_than);
        let result = self.0.cache.read(&context, provider, &ListLiveSessions).await;
        let part = Part { provider: provider.id(), result };
        let outcome = part.outcome();
        Polled { outcome, answer: part.result.ok().map(|served| ListAnswer::new(Arc::clone(served.entry()))) }
    }

    /// The same about who is in a room.
    pub(crate) async fn poll_live_participants(
        &self,
        provider: &Provider,
        room: &RoomId,
        newer_than: Option<NewerThan>,
    ) -> PeoplePolled {
        let context = self.own_context(newer_than);
        match self.0.cache.read(&context, provider, &ListLiveParticipants(room.clone())).await {
            Ok(served) => {
                PeoplePolled::People(PeopleAnswer::new(Arc::clone(served.entry())), served.failure().map(Into::into))
            }
            Err(error) if error.kind() == ErrorKind::SessionNotLive => PeoplePolled::NotLive,
            Err(error) => PeoplePolled::Failed((&error).into()),
        }
    }

    /// The list that another replica has asked for, if it is there and its load has a greater number than this. Asks nobody.
    pub(crate) async fn take_live_sessions(&self, provider: &Provider, after: u64) -> Option<ListAnswer> {
        self.0.cache.take_shared(provider, &ListLiveSessions, after).await.map(ListAnswer::new)
    }

    /// The list as another replica has kept it for those who follow.
    pub(crate) async fn kept_live_sessions(&self, provider: &Provider, kept: KeptList) -> Option<ListAnswer> {
        let KeptList { began, list, fetched_at, answered, number } = kept;
        let given = Given { what: Ok(list), answered, fetched_at, exchanges: 1, fresh_until: None };
        self.0.cache.made(provider, &ListLiveSessions, given, (began, number)).await.map(ListAnswer::new)
    }

    fn own_context(&self, newer_than: Option<NewerThan>) -> ReadContext {
        let NewerThan { load, shared_load } = newer_than.unwrap_or_default();
        let now = Instant::now();
        ReadContext {
            arrived: load.unwrap_or_else(|| self.0.changes.tick()),
            arrival: now,
            deadline: now + self.0.provider_deadline,
            request_id: RequestId::generate(),
            payer: None,
            no_cache: true,
            at_hand: false,
            wait_when_stale: false,
            shared_after: shared_load,
            extra: false,
        }
    }

    fn context(&self, call: ReadCall) -> ReadContext {
        ReadContext {
            arrived: self.0.changes.tick(),
            arrival: call.arrival,
            deadline: call.arrival + self.0.provider_deadline,
            request_id: call.request_id,
            payer: Some(call.payer),
            no_cache: call.no_cache,
            at_hand: call.at_hand,
            wait_when_stale: false,
            shared_after: None,
            extra: false,
        }
    }

    #[cfg(test)]
    pub(super) fn cache(&self) -> &Arc<Cache> {
        &self.0.cache
    }

    #[cfg(test)]
    pub(super) fn changes(&self) -> &Changes {
        &self.0.changes
    }

    #[cfg(test)]
    pub(super) fn pages(&self) -> &Pages {
        &self.0.pages
    }
}

fn one_session(served: &Served<SessionDocument>, context: &ReadContext) -> ReadReply {
    let document = served.answer().document(served.is_stale());
    reply(document.body.clone(), document.etag.clone(), served, context)
}

fn reply<A: Answer>(body: Bytes, etag: HeaderValue, served: &Served<A>, context: &ReadContext) -> ReadReply {
    let now = context.now();
    ReadReply {
        body,
        etag,
        age: served.times().age(now),
        cache_status: served.cache_status(now),
        no_store: served.is_stale(),
    }
}
