//! One provider's live sessions: sorted, rendered and hashed once.

use std::cmp::Reverse;
use std::sync::Arc;

use session_provider::{ProviderId, ProviderKind, RoomId, Session, SessionList, Timestamp};

use crate::digest::Digest;
use crate::reads::answers::weight;
use crate::reads::cache::Answer;
use crate::reads::render::{Freshness, write_said};
use crate::reads::slices::Slices;

/// The sessions of one list answer in the order of the API: newest first.
#[derive(Debug)]
pub(crate) struct SessionRows {
    provider: ProviderId,
    kind: ProviderKind,
    sessions: Vec<Session>,
    said: Vec<Said>,
    fresh: Freshness,
    stale: Freshness,
    settled: bool,
    weight: usize,
}

/// A session's JSON without its freshness, and the hash of that. Cheap to clone.
#[derive(Debug, Clone)]
struct Said {
    json: Arc<[u8]>,
    digest: Digest,
}

/// A session's place among those of one provider: newest first, unknown last, then by room.
pub(crate) fn place(session: &Session) -> (Reverse<Option<Timestamp>>, &RoomId) {
    (Reverse(session.started_at), &session.room_id)
}

impl SessionRows {
    /// The rows of a list. What `before`, the list's answer before this one, has of the same sessions is not made again.
    pub(crate) async fn new(
        provider: ProviderId,
        kind: ProviderKind,
        list: SessionList,
        fetched_at: Timestamp,
        before: Option<&Self>,
    ) -> Self {
        let settled = list.settled && list.dropped == 0;
        let rows = Self::made(provider, kind, in_order(list.sessions), fetched_at, before).await;
        // To know them again the provider keeps them, too.
        let known = rows.sessions.iter().map(weight::of_known).sum::<usize>();
        let weight = rows.weight + known;
        Self { settled, weight, ..rows }
    }

    /// Of sessions that are in an order of their own.
    pub(crate) async fn in_given_order(
        provider: ProviderId,
        kind: ProviderKind,
        sessions: Vec<Session>,
        fetched_at: Timestamp,
    ) -> Self {
        Self::made(provider, kind, sessions.into_iter(), fetched_at, None).await
    }

    async fn made(
        provider: ProviderId,
        kind: ProviderKind,
        given: impl Iterator<Item = Session> + Send,
        fetched_at: Timestamp,
        before: Option<&Self>,
    ) -> Self {
        let mut before = RowsBefore { rows: before, next: 0 };
        let count = given.size_hint().1.unwrap_or(0);
        let mut sessions = Vec::with_capacity(count);
        let mut said: Vec<Said> = Vec::with_capacity(count);
        let mut text = Vec::new();
        let mut weight = size_of::<Self>();
        let mut slices = Slices::default();
        for session in given {
            let row = before.find(&session).cloned().unwrap_or_else(|| {
                text.clear();
                write_said(&provider, kind, &session, &mut text);
                Said { digest: Digest::of(&text), json: Arc::from(&*text) }
            });
            weight += weight::of_session(&session) + size_of::<Said>() + row.json.len();
            said.push(row);
            sessions.push(session);
            slices.row().await;
        }
        let (fresh, stale) = (Freshness::new(false, fetched_at), Freshness::new(true, fetched_at));
        Self { provider, kind, sessions, said, fresh, stale, settled: false, weight }
    }

    /// Whether a session that is not among them has ended for sure.
    pub(crate) fn is_settled(&self) -> bool {
        self.settled
    }

    /// The sessions, in order.
    pub(crate) fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// How many bytes the JSON of one session takes.
    pub(crate) fn size(&self, row: usize) -> usize {
        self.said.get(row).map_or(0, |said| said.json.len()) + self.stale.as_bytes().len()
    }

    /// Appends the JSON of one session and answers its hash, without `stale` and `fetched_at`.
    pub(crate) fn write(&self, row: usize, stale: bool, out: &mut Vec<u8>) -> Digest {
        let Some(said) = self.said.get(row) else { return Digest::of(&[]) };
        out.extend_from_slice(&said.json);
        out.extend_from_slice(self.freshness(stale));
        said.digest
    }

    /// Appends the JSON of another session that was made from one of these, and answers its hash.
    pub(crate) fn write_other(&self, session: &Session, stale: bool, out: &mut Vec<u8>) -> Digest {
        let start = out.len();
        write_said(&self.provider, self.kind, session, out);
        let digest = Digest::of(out.get(start..).unwrap_or_default());
        out.extend_from_slice(self.freshness(stale));
        digest
    }

    fn freshness(&self, stale: bool) -> &[u8] {
        if stale { self.stale.as_bytes() } else { self.fresh.as_bytes() }
    }
}

/// The sessions in the order of the API. Only their places are sorted: a session is large.
fn in_order(sessions: Vec<Session>) -> impl Iterator<Item = Session> + Send {
    let mut order: Vec<(Reverse<Option<Timestamp>>, usize)> =
        sessions.iter().enumerate().map(|(at, session)| (Reverse(session.started_at), at)).collect();
    let room = |at: usize| sessions.get(at).map(|session| &session.room_id);
    order.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| room(a.1).cmp(&room(b.1))));
    let mut sessions: Vec<Option<Session>> = sessions.into_iter().map(Some).collect();
    order.into_iter().filter_map(move |(_, at)| sessions.get_mut(at)?.take())
}

/// The rows of an earlier answer, gone through beside the new ones: both are in the same order.
struct RowsBefore<'a> {
    rows: Option<&'a SessionRows>,
    next: usize,
}

impl<'a> RowsBefore<'a> {
    /// What was said of an equal session.
    fn find(&mut self, session: &Session) -> Option<&'a Said> {
        let rows = self.rows?;
        while rows.sessions.get(self.next).is_some_and(|known| place(known) < place(session)) {
            self.next += 1;
        }
        rows.sessions.get(self.next).filter(|known| *known == session)?;
        rows.said.get(self.next)
    }
}

impl Answer for SessionRows {
    fn weight(&self) -> usize {
        self.weight
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use session_provider::SessionStatus;

    use super::*;

    /// A list in which each room is once.
    fn lists() -> impl Strategy<Value = SessionList> {
        let rows = proptest::collection::btree_map("[a-f]", (proptest::option::of(0_i64..3), 0_u64..2), 0..6);
        rows.prop_map(|rows| SessionList {
            sessions: rows
                .into_iter()
                .map(|(room, (started, people))| Session {
                    started_at: started.and_then(Timestamp::from_unix_ms),
                    participant_count: Some(people),
                    ..Session::of_room(RoomId::new(&room).unwrap(), SessionStatus::Live)
                })
                .collect(),
            dropped: 0,
            settled: true,
        })
    }

    async fn rows(list: SessionList, at: i64, before: Option<&SessionRows>) -> SessionRows {
        let (provider, kind) = (ProviderId::new("p").unwrap(), ProviderKind::new("huddle01"));
        SessionRows::new(provider, kind, list, Timestamp::from_unix_ms(at).unwrap(), before).await
    }

    fn read(rows: &SessionRows) -> Vec<(String, Digest)> {
        let read = |row| {
            let mut text = Vec::new();
            let digest = rows.write(row, false, &mut text);
            (String::from_utf8(text).unwrap(), digest)
        };
        (0..rows.sessions().len()).map(read).collect()
    }

    proptest! {
        #[test]
        fn what_is_taken_from_the_answer_before_is_what_would_be_made_anew(one in lists(), other in lists()) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let before = rows(one, 0, None).await;
                let with = rows(other.clone(), 1, Some(&before)).await;
                let without = rows(other, 1, None).await;
                assert_eq!(read(&with), read(&without));
                assert!(with.sessions().is_sorted_by_key(|session| (Reverse(session.started_at), session.room_id.clone())));
            });
        }
    }

    #[tokio::test]
    async fn others_run_while_many_rows_are_made() {
        let session = |row: i64| Session::of_room(RoomId::new(&format!("r{row}")).unwrap(), SessionStatus::Live);
        let list = SessionList { sessions: (0..1000).map(session).collect(), dropped: 0, settled: true };
        let turns = std::cell::Cell::new(0);
        let other = async {
            loop {
                turns.set(turns.get() + 1);
                tokio::task::yield_now().await;
            }
        };
        tokio::select! { biased; () = other => {}, _ = rows(list, 0, None) => {} }
        assert!(turns.get() > 10, "{}", turns.get());
    }
}
