//! One provider's live sessions: sorted, rendered and hashed once.

use std::cmp::Reverse;
use std::sync::OnceLock;

use session_provider::{ProviderId, ProviderKind, RoomId, Session, SessionList, Timestamp};

use crate::digest::Digest;
use crate::model;
use crate::reads::answers::weight;
use crate::reads::cache::Answer;
use crate::reads::render::{Fragments, UNDATED, render};

/// The sessions of one list answer in the order of the API: newest first.
#[derive(Debug)]
pub(crate) struct SessionRows {
    provider: ProviderId,
    kind: ProviderKind,
    fetched_at: Timestamp,
    sessions: Vec<Session>,
    digests: Vec<Digest>,
    ok: Fragments,
    stale: OnceLock<Fragments>,
}

/// A session's place among those of one provider: newest first, unknown last, then by room.
pub(crate) fn place(session: &Session) -> (Reverse<Option<Timestamp>>, &RoomId) {
    (Reverse(session.started_at), &session.room_id)
}

impl SessionRows {
    pub(crate) fn new(provider: ProviderId, kind: ProviderKind, list: SessionList, fetched_at: Timestamp) -> Self {
        let mut sessions = list.sessions;
        sessions.sort_unstable_by(|a, b| place(a).cmp(&place(b)));
        Self::in_order(provider, kind, sessions, fetched_at)
    }

    /// Of sessions that are in their order already.
    pub(crate) fn in_order(
        provider: ProviderId,
        kind: ProviderKind,
        sessions: Vec<Session>,
        fetched_at: Timestamp,
    ) -> Self {
        let model = |session, at| model::SessionJson::new(&provider, kind, session, at, false);
        let digests = sessions.iter().map(|session| Digest::of(&render(&model(session, UNDATED)))).collect();
        let ok = Fragments::render(sessions.iter().map(|session| model(session, fetched_at)));
        Self { provider, kind, fetched_at, sessions, digests, ok, stale: OnceLock::new() }
    }

    /// The sessions, in order.
    pub(crate) fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// One session as callers read it.
    pub(crate) fn model<'a>(&'a self, session: &'a Session, at: Timestamp, stale: bool) -> model::SessionJson<'a> {
        model::SessionJson::new(&self.provider, self.kind, session, at, stale)
    }

    /// The JSON of one session.
    pub(crate) fn fragment(&self, row: usize, stale: bool) -> &[u8] {
        let fragments = if stale { self.stale.get_or_init(|| self.render_stale()) } else { &self.ok };
        fragments.run(row..row + 1)
    }

    /// The hash of one session, without `stale` and `fetched_at`.
    pub(crate) fn digest(&self, row: usize) -> &[u8] {
        self.digests.get(row).map(Digest::as_bytes).unwrap_or_default()
    }

    fn render_stale(&self) -> Fragments {
        Fragments::render(self.sessions.iter().map(|session| self.model(session, self.fetched_at, true)))
    }
}

impl Answer for SessionRows {
    /// The stale form included, whether or not it was needed yet.
    fn weight(&self) -> usize {
        let values: usize = self.sessions.iter().map(weight::of_session).sum();
        values + 2 * self.ok.weight() + self.digests.len() * size_of::<Digest>()
    }
}
