//! What a provider gives only by further calls, bought for the rows of one page.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use session_provider::{LiveMedia, Operation, Session};

use crate::providers::Provider;
use crate::reads::Include;
use crate::reads::cache::{Cache, Question, ReadContext, Served};
use crate::reads::questions::{CountLiveMedia, FindLiveSessionId, GetLiveSession};

/// The most further calls under way at once for one request and provider.
const AT_ONCE: usize = 8;

/// Buys what is asked for. What cannot be had within the deadline and half of the budget stays null: an extra never
/// fails a read, and never makes a list incomplete.
pub(crate) struct Extras<'a> {
    cache: &'a Arc<Cache>,
    context: ReadContext,
    include: &'a BTreeSet<Include>,
}

impl<'a> Extras<'a> {
    /// For the request that `context` is of. Extras are ordinary reads, also of a `no-cache` request.
    pub(crate) fn new(cache: &'a Arc<Cache>, context: &ReadContext, include: &'a BTreeSet<Include>) -> Self {
        let context = ReadContext { no_cache: false, wait_when_stale: false, extra: true, ..context.clone() };
        Self { cache, context, include }
    }

    /// The sessions with their unknown figures filled in where they could be had, in the same order.
    pub(crate) async fn add(&self, provider: &Provider, sessions: impl IntoIterator<Item = &Session>) -> Vec<Session> {
        let sessions: Vec<Session> = sessions.into_iter().cloned().collect();
        let lacks_media = |session: &Session| session.recording_count.is_none() || session.livestream_count.is_none();
        let media = if self.wants(Include::MediaCounts, provider) && sessions.iter().any(lacks_media) {
            self.read(provider, &CountLiveMedia).await
        } else {
            None
        };
        let media = media.as_ref().map(Served::answer);
        let filled = sessions.into_iter().map(|session| self.fill(provider, session, media));
        stream::iter(filled).buffered(AT_ONCE).collect().await
    }

    async fn fill(&self, provider: &Provider, mut session: Session, media: Option<&LiveMedia>) -> Session {
        if let Some(counts) = media.map(|media| media.in_room(&session.room_id)) {
            session.recording_count = session.recording_count.or(Some(counts.recordings));
            session.livestream_count = session.livestream_count.or(Some(counts.livestreams));
        }
        if session.participant_count.is_none() && self.wants(Include::ParticipantCount, provider) {
            let served = self.read(provider, &GetLiveSession(session.room_id.clone())).await;
            let single = served.as_ref().map(|served| served.answer().session());
            session.participant_count =
                single.filter(|single| same_occupancy(single, &session)).and_then(|single| single.participant_count);
        }
        if session.session_id.is_none() && self.wants(Include::SessionId, provider) {
            let served = self.read(provider, &FindLiveSessionId(session.room_id.clone())).await;
            session.session_id = served.and_then(|served| served.answer().clone());
        }
        session
    }

    /// Whether it is asked for and the provider can do it.
    fn wants(&self, include: Include, provider: &Provider) -> bool {
        let operation = match include {
            Include::ParticipantCount => Operation::GetLiveSession,
            Include::SessionId => Operation::FindLiveSessionId,
            Include::MediaCounts => Operation::CountLiveMedia,
        };
        self.include.contains(&include) && provider.capabilities().supports(operation)
    }

    /// An answer that is not stale, or nothing: the row it goes into does not say that a part of it is.
    async fn read<Q: Question>(&self, provider: &Provider, question: &Q) -> Option<Served<Q::Answer>> {
        self.cache.read(&self.context, provider, question).await.ok().filter(|served| !served.is_stale())
    }
}

/// Whether two answers about a room are about the same session, as far as they say.
fn same_occupancy(one: &Session, other: &Session) -> bool {
    let differ = |known: bool, equal: bool| known && !equal;
    let ids = differ(one.session_id.is_some() && other.session_id.is_some(), one.session_id == other.session_id);
    let starts = differ(one.started_at.is_some() && other.started_at.is_some(), one.started_at == other.started_at);
    !ids && !starts
}
