//! The sessions of several providers in one order: newest first, unknown last, then by provider, then by
//! room.

use std::cmp::Reverse;

use session_provider::{Session, Timestamp};

/// Where a session stands in the merged list.
pub(crate) type SessionPlace<'a> = (Reverse<Option<Timestamp>>, &'a str, &'a str);

/// The sorted sessions of one provider.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) provider: &'a str,
    /// Its sessions, sorted by start, newest first, then by room.
    pub(crate) sessions: &'a [Session],
}

impl<'a> Source<'a> {
    /// The place of one of its sessions.
    pub(crate) fn place(&self, row: usize) -> Option<SessionPlace<'a>> {
        self.sessions.get(row).map(|session| self.place_of(session))
    }

    fn place_of(&self, session: &'a Session) -> SessionPlace<'a> {
        (Reverse(session.started_at), self.provider, session.room_id.as_str())
    }
}

/// Rows of a page as (source, row) and whether more follow.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) rows: Vec<(usize, usize)>,
    /// Whether any row comes after them.
    pub(crate) more: bool,
}

/// The first `limit` rows after a place.
pub(crate) fn select(sources: &[Source<'_>], after: Option<SessionPlace<'_>>, limit: usize) -> Selection {
    let start = |source: &Source<'_>| {
        after.map_or(0, |after| source.sessions.partition_point(|session| source.place_of(session) <= after))
    };
    let mut next: Vec<usize> = sources.iter().map(start).collect();
    let mut rows = Vec::with_capacity(limit.min(sources.iter().map(|source| source.sessions.len()).sum()));
    // Providers are few: a scan beats a heap.
    let first = |next: &[usize]| {
        let heads = sources.iter().zip(next).enumerate();
        heads.filter_map(|(index, (source, row))| Some((source.place(*row)?, index, *row))).min()
    };
    while rows.len() < limit {
        let Some((_, source, row)) = first(&next) else { return Selection { rows, more: false } };
        rows.push((source, row));
        if let Some(next) = next.get_mut(source) {
            *next = row + 1;
        }
    }
    Selection { rows, more: first(&next).is_some() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use session_provider::{RoomId, SessionStatus};

    use super::*;

    fn sessions(rows: &BTreeSet<(Option<i64>, u8)>) -> Vec<Session> {
        let mut sessions: Vec<Session> = rows
            .iter()
            .map(|(started, room)| {
                let room = RoomId::new(&format!("r{room}")).unwrap();
                let started_at = started.and_then(Timestamp::from_unix_ms);
                Session { started_at, ..Session::of_room(room, SessionStatus::Live) }
            })
            .collect();
        sessions.sort_by(|a, b| (Reverse(a.started_at), &a.room_id).cmp(&(Reverse(b.started_at), &b.room_id)));
        sessions
    }

    fn arbitrary() -> impl Strategy<Value = BTreeSet<(Option<i64>, u8)>> {
        proptest::collection::btree_set((proptest::option::of(0_i64..4), 0_u8..30), 0..30)
    }

    proptest! {
        #[test]
        fn pages_are_the_naive_sort_cut_in_pieces(
            lists in proptest::collection::vec(arbitrary(), 0..4),
            limit in 1_usize..20,
        ) {
            let lists: Vec<_> = lists.iter().map(sessions).collect();
            let ids: Vec<String> = (0..lists.len()).map(|index| format!("p{index}")).collect();
            let sources: Vec<_> =
                lists.iter().zip(&ids).map(|(sessions, provider)| Source { provider, sessions }).collect();
            let mut naive: Vec<(bool, i64, &str, &str)> = Vec::new();
            for source in &sources {
                for session in source.sessions {
                    let ms = session.started_at.map_or(0, Timestamp::unix_ms);
                    naive.push((session.started_at.is_none(), -ms, source.provider, session.room_id.as_str()));
                }
            }
            naive.sort_unstable();
            let (mut walked, mut after) = (Vec::new(), None);
            loop {
                let page = select(&sources, after, limit);
                prop_assert!(page.rows.len() <= limit);
                for (source, row) in &page.rows {
                    let place = sources[*source].place(*row).unwrap();
                    after = Some(place);
                    let ms = place.0.0.map_or(0, Timestamp::unix_ms);
                    walked.push((place.0.0.is_none(), -ms, place.1, place.2));
                }
                if !page.more {
                    break;
                }
                prop_assert_eq!(page.rows.len(), limit);
            }
            prop_assert_eq!(walked, naive);
        }
    }
}
