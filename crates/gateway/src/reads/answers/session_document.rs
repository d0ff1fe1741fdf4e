//! One session: rendered and hashed once.

use std::sync::OnceLock;

use bytes::Bytes;
use http::HeaderValue;
use session_provider::{ProviderId, ProviderKind, RoomId, Session, SessionStatus, Timestamp};

use crate::changes::Subject;
use crate::digest::Digester;
use crate::reads::answers::weight;
use crate::reads::cache::{Answer, Permanence, Target};
use crate::reads::render::{Freshness, write_said};

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

impl SessionDocument {
    pub(crate) fn new(provider: ProviderId, kind: ProviderKind, session: Session, fetched_at: Timestamp) -> Self {
        let ok = document(&provider, kind, &session, fetched_at, false);
        Self { provider, kind, fetched_at, session, ok, stale: OnceLock::new() }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// The session as callers read it.
    pub(crate) fn document(&self, stale: bool) -> &Document {
        if stale { self.stale.get_or_init(|| self.document_of(&self.session, true)) } else { &self.ok }
    }

    /// Another session that was made from it, as callers read it.
    pub(crate) fn document_of(&self, session: &Session, stale: bool) -> Document {
        document(&self.provider, self.kind, session, self.fetched_at, stale)
    }
}

fn document(
    provider: &ProviderId,
    kind: ProviderKind,
    session: &Session,
    fetched_at: Timestamp,
    stale: bool,
) -> Document {
    let mut body = Vec::with_capacity(1024);
    write_said(provider, kind, session, &mut body);
    let mut digester = Digester::new();
    digester.add(&body);
    digester.add(&[u8::from(stale)]);
    body.extend_from_slice(Freshness::new(stale, fetched_at).as_bytes());
    body.shrink_to_fit();
    Document { body: body.into(), etag: digester.finish().to_etag() }
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
