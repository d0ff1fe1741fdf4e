//! The reads.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use session_provider::{Clock, Error, ProviderId, RoomId, SessionId, SessionProvider};
use tokio::time::Instant;

use crate::auth::Caller;
use crate::config::CacheConfig;
use crate::problem::Problem;
use crate::providers::Providers;
use crate::reads::cache::{Cache, CacheRequest, Digest, Query, Served, UNDATED, render};
use crate::reads::cursor::ListId;
use crate::reads::include::Extras;
use crate::reads::pages::Pages;
use crate::reads::{Include, ListQuery, PageQuery, ReadCall, ReadReply, list, participants};

/// Every read of the API over every provider, with the cache in between. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reads(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    providers: Providers,
    cache: Arc<Cache>,
    pages: Pages,
    provider_deadline: Duration,
}

/// The part of `max_bytes` that assembled pages may take; the answers they are made of take the rest.
const PAGES_PART: u64 = 8;

fn told(error: Error) -> Problem {
    Problem::from(&error)
}

impl Reads {
    /// An empty cache in front of these providers. `provider_deadline` is what one provider may take for one
    /// operation: 85 % of the request's timeout.
    #[must_use]
    pub fn new(providers: Providers, config: &CacheConfig, provider_deadline: Duration, clock: Clock) -> Self {
        let for_pages = config.max_bytes.as_u64() / PAGES_PART;
        let for_answers = config.max_bytes.as_u64() - for_pages;
        let ids = providers.iter().map(|provider| provider.id().clone());
        let cache = Arc::new(Cache::new(ids, *config, for_answers, provider_deadline, clock));
        let pages = Pages::new(for_pages, config.stale_for);
        Self(Arc::new(Inner { providers, cache, pages, provider_deadline }))
    }

    /// The providers.
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
        let request = CacheRequest { wait_when_stale: query.forbid_partial, ..self.request(call) };
        let Inner { providers, cache, pages, .. } = &*self.0;
        list::live_sessions(cache, pages, providers.iter(), &request, caller, query).await
    }

    /// `get_live_session`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn live_session(
        &self,
        call: ReadCall,
        provider: &Arc<dyn SessionProvider>,
        room: &RoomId,
        include: &BTreeSet<Include>,
    ) -> Result<ReadReply, Problem> {
        let request = self.request(call);
        let cache = &self.0.cache;
        let served = cache.read(&request, provider, Query::LiveSession(room.clone())).await.map_err(told)?;
        if include.is_empty() {
            return one_session(&served).map_err(told);
        }
        let document = served.session().map_err(told)?;
        let extras = Extras::new(cache, &request, include).add(provider, [document.session()]).await;
        let session = extras.first().unwrap_or(document.session());
        let body = |at| render(&document.model(session, at, served.is_stale()));
        let etag = Digest::of(&body(UNDATED)).to_etag();
        Ok(reply(body(served.entry.fetched_at).into(), etag, &served))
    }

    /// `list_live_participants`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn live_participants(
        &self,
        call: ReadCall,
        provider: &Arc<dyn SessionProvider>,
        room: &RoomId,
        page: &PageQuery,
    ) -> Result<ReadReply, Problem> {
        let list = ListId::new(["live-participants", provider.id().as_str(), room.as_str()]);
        self.participants(call, provider, list, page, Query::LiveParticipants(room.clone())).await
    }

    /// `get_session`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn session(
        &self,
        call: ReadCall,
        provider: &Arc<dyn SessionProvider>,
        session: &SessionId,
        include_breakout_rooms: bool,
    ) -> Result<ReadReply, Problem> {
        let query = Query::Session { id: session.clone(), breakout_rooms: include_breakout_rooms };
        let served = self.0.cache.read(&self.request(call), provider, query).await.map_err(told)?;
        one_session(&served).map_err(told)
    }

    /// `list_session_participants`
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn session_participants(
        &self,
        call: ReadCall,
        provider: &Arc<dyn SessionProvider>,
        session: &SessionId,
        page: &PageQuery,
    ) -> Result<ReadReply, Problem> {
        let list = ListId::new(["session-participants", provider.id().as_str(), session.as_str()]);
        self.participants(call, provider, list, page, Query::SessionParticipants(session.clone())).await
    }

    /// Forgets, after a mutation and before its answer is sent, everything that was fetched before it: the room, its
    /// sessions, the list and the media counts of the provider. From then on nothing that was fetched before is
    /// served, to whomever it may be; a load that is under way is begun again.
    pub fn forget_room(&self, provider: &ProviderId, room: &RoomId, session: Option<&SessionId>) {
        self.0.cache.forget(provider, room, session);
    }

    async fn participants(
        &self,
        call: ReadCall,
        provider: &Arc<dyn SessionProvider>,
        list: ListId,
        page: &PageQuery,
        query: Query,
    ) -> Result<ReadReply, Problem> {
        let start = participants::start(&list, page)?;
        let served = self.0.cache.read(&self.request(call), provider, query).await.map_err(told)?;
        participants::page(&self.0.pages, list, page, &start, &served).map_err(told)
    }

    fn request(&self, call: ReadCall) -> CacheRequest {
        CacheRequest {
            arrived: self.0.cache.arrival(),
            deadline: call.arrival + self.0.provider_deadline,
            request_id: call.request_id,
            payer: call.payer,
            no_cache: call.no_cache,
            wait_when_stale: false,
            extra: false,
        }
    }

    #[cfg(test)]
    pub(super) fn cache(&self) -> &Arc<Cache> {
        &self.0.cache
    }

    #[cfg(test)]
    pub(super) fn pages(&self) -> &Pages {
        &self.0.pages
    }
}

fn one_session(served: &Served) -> Result<ReadReply, Error> {
    let document = served.session()?.document(served.is_stale());
    Ok(reply(document.body.clone(), document.etag.clone(), served))
}

fn reply(body: bytes::Bytes, etag: String, served: &Served) -> ReadReply {
    let now = Instant::now();
    ReadReply {
        body,
        etag,
        age: served.entry.age(now),
        cache_status: served.cache_status(now),
        no_store: served.is_stale(),
    }
}
