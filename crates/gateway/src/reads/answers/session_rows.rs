//! One provider's live sessions: sorted, rendered and hashed once.

use std::cmp::Reverse;
use std::sync::Arc;

use session_provider::{ProviderId, ProviderKind, RoomId, Session, SessionList, Timestamp};

use tokio::runtime::Handle;
use tokio::task::yield_now;
use upstream_http::Turns;

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
    rows: Rows,
    fresh: Freshness,
    stale: Freshness,
    settled: bool,
    weight: usize,
}

/// The sessions, and what is said of each.
#[derive(Debug)]
struct Rows {
    sessions: Vec<Session>,
    said: Vec<Said>,
}

/// A session's JSON without its freshness, the hash of that, and the memory that all of it takes. Cheap to clone.
#[derive(Debug, Clone)]
struct Said {
    json: Arc<[u8]>,
    digest: Digest,
    weight: usize,
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
        // To know them again the provider keeps them, too.
        let weigh = |session: &Session| weight::of_session(session) + weight::of_known(session);
        let rows = Self::made(provider, kind, in_order(list.sessions).await, fetched_at, before, weigh).await;
        Self { settled, ..rows }
    }

    /// Of sessions that are in an order of their own.
    pub(crate) async fn in_given_order(
        provider: ProviderId,
        kind: ProviderKind,
        sessions: Vec<Session>,
        fetched_at: Timestamp,
    ) -> Self {
        Self::made(provider, kind, sessions.into_iter(), fetched_at, None, weight::of_session).await
    }

    async fn made(
        provider: ProviderId,
        kind: ProviderKind,
        given: impl Iterator<Item = Session> + Send,
        fetched_at: Timestamp,
        before: Option<&Self>,
        weigh: impl Fn(&Session) -> usize + Send,
    ) -> Self {
        let mut before = RowsBefore { rows: before.map(|before| &before.rows), next: 0 };
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
                let weight = weigh(&session) + size_of::<Said>() + text.len();
                Said { digest: Digest::of(&text), json: Arc::from(&*text), weight }
            });
            weight += row.weight;
            said.push(row);
            sessions.push(session);
            slices.row().await;
        }
        let (fresh, stale) = (Freshness::new(false, fetched_at), Freshness::new(true, fetched_at));
        Self { provider, kind, rows: Rows { sessions, said }, fresh, stale, settled: false, weight }
    }

    /// Whether a session that is not among them has ended for sure.
    pub(crate) fn is_settled(&self) -> bool {
        self.settled
    }

    /// The sessions, in order.
    pub(crate) fn sessions(&self) -> &[Session] {
        &self.rows.sessions
    }

    /// Whether a session is known to be the same as one of an earlier answer, since its JSON was taken from there. That it
    /// is not known says nothing.
    pub(crate) fn is_row_of(&self, row: usize, earlier: &Self, earlier_row: usize) -> bool {
        let rows = self.rows.said.get(row).zip(earlier.rows.said.get(earlier_row));
        rows.is_some_and(|(said, earlier)| Arc::ptr_eq(&said.json, &earlier.json))
    }

    /// The most bytes that the JSON of one session takes, stale or not: a page that has room for so many never moves.
    pub(crate) fn size(&self, row: usize) -> usize {
        let freshness = self.fresh.as_bytes().len().max(self.stale.as_bytes().len());
        self.rows.said.get(row).map_or(0, |said| said.json.len()) + freshness
    }

    /// Appends the JSON of one session and answers its hash, without `stale` and `fetched_at`.
    pub(crate) fn write(&self, row: usize, stale: bool, out: &mut Vec<u8>) -> Digest {
        let Some(said) = self.rows.said.get(row) else { return Digest::of(&[]) };
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

/// How many sessions are sorted in one go: some 30 µs of work.
const RUN: usize = 256;

/// The sessions in the order of the API. Only their places are sorted: a session is large.
async fn in_order(sessions: Vec<Session>) -> impl Iterator<Item = Session> + Send {
    let mut order: Vec<(Reverse<Option<Timestamp>>, usize)> =
        sessions.iter().enumerate().map(|(at, session)| (Reverse(session.started_at), at)).collect();
    let room = |at: usize| sessions.get(at).map(|session| &session.room_id);
    let by_place =
        |a: &(Reverse<_>, usize), b: &(Reverse<_>, usize)| a.0.cmp(&b.0).then_with(|| room(a.1).cmp(&room(b.1)));
    // What comes oldest first only has to be turned round.
    if order.first() > order.last() {
        order.reverse();
    }
    for run in order.chunks_mut(RUN) {
        run.sort_by(by_place);
        yield_now().await;
    }
    // What is sorted in runs only has to be merged.
    order.sort_by(by_place);
    let mut sessions: Vec<Option<Session>> = sessions.into_iter().map(Some).collect();
    order.into_iter().filter_map(move |(_, at)| sessions.get_mut(at)?.take())
}

/// The rows of an earlier answer, gone through beside the new ones: both are in the same order.
struct RowsBefore<'a> {
    rows: Option<&'a Rows>,
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

impl Drop for Rows {
    /// Many are dropped beside those who answer: what they hold lies all over the memory.
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else { return };
        if self.sessions.len() > RUN {
            let (sessions, said) = (std::mem::take(&mut self.sessions), std::mem::take(&mut self.said));
            runtime.spawn_blocking(move || {
                let mut turns = Turns::default();
                for row in sessions.into_iter().zip(said) {
                    drop(row);
                    turns.row();
                }
            });
        }
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
    async fn rows_that_are_taken_from_the_answer_before_are_known_to_be_the_same() {
        let session = |room: &str, people| Session {
            participant_count: Some(people),
            ..Session::of_room(RoomId::new(room).unwrap(), SessionStatus::Live)
        };
        let list = |sessions: &[Session]| SessionList { sessions: sessions.to_vec(), ..SessionList::default() };
        let before = rows(list(&[session("b", 1), session("c", 1)]), 0, None).await;
        let list = list(&[session("c", 2), session("b", 1), session("a", 1)]);
        let now = rows(list.clone(), 1, Some(&before)).await;
        let known = |row| (0..2).filter(|old| now.is_row_of(row, &before, *old)).collect::<Vec<_>>();
        assert_eq!([known(0), known(1), known(2), known(9)], [vec![], vec![0], vec![], vec![]]);
        assert_eq!(now.weight, rows(list, 1, None).await.weight);
    }

    #[tokio::test]
    async fn a_row_takes_no_more_bytes_than_was_said() {
        let session = Session::of_room(RoomId::new("a").unwrap(), SessionStatus::Live);
        let rows = rows(SessionList { sessions: vec![session], ..SessionList::default() }, 0, None).await;
        let written = |stale| {
            let mut text = Vec::new();
            rows.write(0, stale, &mut text);
            text.len()
        };
        assert_eq!(rows.size(0), written(false).max(written(true)));
    }

    #[tokio::test]
    async fn many_rows_are_in_order_whatever_order_they_come_in() {
        let session = |row: i64| Session {
            started_at: Timestamp::from_unix_ms(row * 7919 % 1000),
            ..Session::of_room(RoomId::new(&format!("r{row}")).unwrap(), SessionStatus::Live)
        };
        let list = SessionList { sessions: (0..3000).map(session).collect(), ..SessionList::default() };
        let rows = rows(list, 0, None).await;
        assert!(rows.sessions().len() == 3000 && rows.sessions().is_sorted_by(|a, b| place(a) < place(b)));
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
