//! One provider's sessions of all times, as far as one answer has them: in order, rendered and hashed once.

use std::cmp::Reverse;

use session_provider::{
    ProviderId, ProviderKind, Session, SessionId, SessionList, SessionPage, Timestamp, UpstreamPosition,
};

use crate::reads::answers::SessionRows;
use crate::reads::cache::Answer;

/// The sessions of one answer in the order of the API: newest first, unknown last, then by session id.
#[derive(Debug)]
pub(crate) struct HistoryRows {
    rows: SessionRows,
    places: Vec<HistoryPlace>,
    start: UpstreamPosition,
    more: bool,
}

/// Where a session stands.
#[derive(Debug)]
pub(crate) struct HistoryPlace {
    pub(crate) moment: Option<Timestamp>,
    pub(crate) id: SessionId,
    /// Where the provider's list is once this session is passed.
    pub(crate) position: UpstreamPosition,
}

impl HistoryRows {
    /// Of one page of the provider's list.
    pub(crate) async fn of_page(
        provider: ProviderId,
        kind: ProviderKind,
        page: SessionPage,
        fetched_at: Timestamp,
    ) -> Self {
        let SessionPage { rows, start, more, .. } = page;
        let place = |row: session_provider::ListedSession| {
            (HistoryPlace { moment: row.moment, id: row.id, position: row.position }, row.session)
        };
        let (places, sessions) = rows.into_iter().map(place).unzip();
        let rows = SessionRows::in_given_order(provider, kind, sessions, fetched_at).await;
        Self { rows, places, start, more }
    }

    /// Of all sessions of a room.
    pub(crate) async fn of_room(
        provider: ProviderId,
        kind: ProviderKind,
        list: SessionList,
        fetched_at: Timestamp,
    ) -> Self {
        let identified = |session: Session| Some((session.session_id.clone()?, session));
        let mut identified: Vec<(SessionId, Session)> = list.sessions.into_iter().filter_map(identified).collect();
        identified
            .sort_unstable_by(|(a, one), (b, other)| (Reverse(one.moment()), a).cmp(&(Reverse(other.moment()), b)));
        let place = |(id, session): (SessionId, Session)| {
            (HistoryPlace { moment: session.moment(), id, position: UpstreamPosition::default() }, session)
        };
        let (places, sessions) = identified.into_iter().map(place).unzip();
        let (start, more) = (UpstreamPosition::default(), false);
        let rows = SessionRows::in_given_order(provider, kind, sessions, fetched_at).await;
        Self { rows, places, start, more }
    }

    /// The sessions' places, in order.
    pub(crate) fn places(&self) -> &[HistoryPlace] {
        &self.places
    }

    /// The sessions, rendered.
    pub(crate) fn rows(&self) -> &SessionRows {
        &self.rows
    }

    /// Where the provider's list is while none of them is passed.
    pub(crate) fn start(&self) -> &UpstreamPosition {
        &self.start
    }

    /// Whether the provider has more after them.
    pub(crate) fn more(&self) -> bool {
        self.more
    }
}

impl Answer for HistoryRows {
    fn weight(&self) -> usize {
        let positions: usize = self.places.iter().map(|place| 4 * place.position.numbers().len()).sum();
        self.rows.weight() + positions + self.places.len() * size_of::<HistoryPlace>()
    }
}
