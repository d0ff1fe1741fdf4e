//! One session: rendered and hashed once.

use std::sync::OnceLock;

use bytes::Bytes;
use http::HeaderValue;
use session_provider::{ProviderId, ProviderKind, RoomId, Session, SessionStatus, Timestamp};

use crate::changes::Subject;
use crate::digest::Digest;
use crate::model;
use crate::reads::answers::weight;
use crate::reads::cache::{Answer, Permanence, Target};
use crate::reads::render::{UNDATED, render};

/// The answer to a read of one session.
#[derive(Debug)]
pub(crate) struct SessionDocument {
    provider: ProviderId,
    kind: ProviderKind,
    fetched_at: Timestamp,
    session: Session,
    ok: Document,
    stale: OnceLock<Document>,
}

/// A body and its entity tag.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) body: Bytes,
    /// Weak, over the body without `fetched_at`.
    pub(crate) etag: HeaderValue,
}

impl Document {
    /// Renders a session twice: with its date for the body, without for the tag.
    pub(crate) fn render<'a>(at: Timestamp, model: impl Fn(Timestamp) -> model::SessionJson<'a>) -> Self {
        let etag = Digest::of(&render(&model(UNDATED))).to_etag();
        Self { body: render(&model(at)).into(), etag }
    }
}

impl SessionDocument {
    pub(crate) fn new(provider: ProviderId, kind: ProviderKind, session: Session, fetched_at: Timestamp) -> Self {
        let ok = Document::render(fetched_at, |at| model::SessionJson::new(&provider, kind, &session, at, false));
        Self { provider, kind, fetched_at, session, ok, stale: OnceLock::new() }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// The session, or another that was made from it, as callers read it.
    pub(crate) fn model<'a>(&'a self, session: &'a Session, at: Timestamp, stale: bool) -> model::SessionJson<'a> {
        model::SessionJson::new(&self.provider, self.kind, session, at, stale)
    }

    pub(crate) fn document(&self, stale: bool) -> &Document {
        if !stale {
            return &self.ok;
        }
        self.stale.get_or_init(|| Document::render(self.fetched_at, |at| self.model(&self.session, at, true)))
    }
}

impl Answer for SessionDocument {
    /// The stale form included, whether or not it was needed yet.
    fn weight(&self) -> usize {
        size_of::<Self>() + weight::of_session(&self.session) + 2 * (self.ok.body.len() + self.ok.etag.len())
    }

    fn permanence(&self) -> Permanence {
        if self.session.status == SessionStatus::Ended { Permanence::Ended } else { Permanence::Changing }
    }

    /// The room that was asked for and the session's own under all of their names, and its breakout rooms.
    fn subject<'a>(&'a self, target: &'a Target) -> Subject<'a> {
        let session = &self.session;
        let breakouts = session.breakout_rooms.iter().flatten().filter_map(|breakout| breakout.room_id.as_ref());
        let mut rooms: Vec<&str> = breakouts.map(RoomId::as_str).collect();
        rooms.push(session.room_id.as_str());
        rooms.extend(session.aliases.iter().map(RoomId::as_str));
        if let Target::Room(asked) = target {
            rooms.push(asked.as_str());
        }
        Subject::Rooms { rooms, session: target.session().or(session.session_id.as_ref()) }
    }
}
