//! The merged list of the sessions of all times, walked page by page.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use caller_auth::Caller;
use futures_util::future::join_all;
use session_provider::{
    Error, Operation, Passed, PassedOfMoment, SessionId, SessionQuery, Timestamp, UpstreamPosition, WantedStatus,
};
use tokio::time::Instant;

use crate::model::PageJson;
use crate::problem::Problem;
use crate::providers::Provider;
use crate::reads::answers::{HistoryPlace, HistoryRows};
use crate::reads::cache::{Cache, Lookup, Question, ReadContext, Served};
use crate::reads::cursor::{self, InvalidCursor, ListId};
use crate::reads::outcome::{self, Needs, Part};
use crate::reads::page_body::PageBody;
use crate::reads::pages::RenderedPage;
use crate::reads::questions::{ListRoomSessions, ListSessions};
use crate::reads::{HistoryQuery, ReadReply};

/// The last session's moment in Unix milliseconds, its provider and its id; and where each provider's own list was.
type HistoryPosition = (Option<i64>, String, String, Vec<(String, UpstreamPosition)>);

/// Where a page starts: after a session, wherever it has gone.
#[derive(Debug)]
pub(super) struct HistoryStart {
    moment: Option<Timestamp>,
    provider: String,
    session: SessionId,
    positions: BTreeMap<String, UpstreamPosition>,
}

/// The list that a query asks for.
pub(super) fn list_id(query: &HistoryQuery) -> ListId {
    let filter = &query.filter;
    let moment = |moment: Option<Timestamp>| moment.map(|moment| moment.unix_ms().to_string());
    let status = filter.status.map(|status| match status {
        WantedStatus::Live => "live".to_owned(),
        WantedStatus::Ended => "ended".to_owned(),
    });
    let room = filter.room.as_ref().map(ToString::to_string);
    let given = [("room", room), ("status", status), ("since", moment(filter.since)), ("until", moment(filter.until))];
    let given: Vec<(&str, String)> = given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let only = query.providers.iter().flatten().flat_map(|id| ["only", id.as_str()]);
    let given = given.iter().flat_map(|(name, value)| [*name, value.as_str()]);
    ListId::new(std::iter::once("sessions").chain(only).chain(given))
}

/// Where the page starts: checked before anybody is asked.
pub(super) fn start(list: &ListId, query: &HistoryQuery) -> Result<Option<HistoryStart>, InvalidCursor> {
    let Some(text) = &query.page.cursor else { return Ok(None) };
    let (moment, provider, session, positions): HistoryPosition = list.position(text)?;
    let session = SessionId::new(&session).map_err(|_| InvalidCursor::Undecodable)?;
    Ok(Some(HistoryStart {
        moment: cursor::moment(moment)?,
        provider,
        session,
        positions: positions.into_iter().collect(),
    }))
}

impl HistoryStart {
    /// What was given of this provider: of one moment, providers come by id.
    fn passed(&self, provider: &str) -> Passed {
        let of_moment = match provider.cmp(&self.provider) {
            std::cmp::Ordering::Less => PassedOfMoment::All,
            std::cmp::Ordering::Equal => PassedOfMoment::UpTo(self.session.clone()),
            std::cmp::Ordering::Greater => PassedOfMoment::None,
        };
        Passed { moment: self.moment, of_moment }
    }
}

/// Asks every provider that the caller sees and the query names, all at once, each for one page from where the walk is, and
/// merges what they have. Each page has as many rows as are wanted or all that are left, so the first ones of all together
/// are the page.
pub(crate) async fn sessions(
    cache: &Arc<Cache>,
    providers: impl Iterator<Item = &Provider>,
    context: &ReadContext,
    caller: &Caller,
    query: &HistoryQuery,
) -> Result<ReadReply, Problem> {
    let list = list_id(query);
    let start = start(&list, query)?;
    let named = |id| query.providers.as_ref().is_none_or(|ids| ids.contains(id));
    let asked: Vec<_> = providers.filter(|provider| caller.sees(provider.id()) && named(provider.id())).collect();
    let found = join_all(asked.iter().map(|provider| ask(cache, context, provider, query, start.as_ref()))).await;
    let parts: Vec<Part<'_, HistoryRows>> =
        asked.iter().zip(found).map(|(provider, result)| Part { provider: provider.id(), result }).collect();
    let needs = match &start {
        _ if query.forbid_partial => Needs::EachOk,
        Some(_) => Needs::Each,
        None => Needs::One,
    };
    if let Some(problem) = outcome::problem(&parts, needs) {
        return Err(problem);
    }
    Ok(MergedHistory { parts: &parts, list, query, start: start.as_ref() }.reply())
}

/// What one provider has.
async fn ask(
    cache: &Arc<Cache>,
    context: &ReadContext,
    provider: &Provider,
    query: &HistoryQuery,
    start: Option<&HistoryStart>,
) -> Result<Served<HistoryRows>, Error> {
    let id = provider.id();
    let capabilities = provider.capabilities();
    if capabilities.supports(Operation::ListSessions) {
        let position = start.and_then(|start| start.positions.get(id.as_str())).cloned().unwrap_or_default();
        let passed = start.map(|start| start.passed(id.as_str()));
        let query = SessionQuery { filter: query.filter.clone(), passed, position, limit: query.page.limit };
        return read(cache, context, provider, &ListSessions(Arc::new(query))).await;
    }
    match &query.filter.room {
        Some(room) if capabilities.supports(Operation::ListRoomSessions) => {
            read(cache, context, provider, &ListRoomSessions(room.clone())).await
        }
        None if capabilities.supports(Operation::ListRoomSessions) => {
            let detail = format!("The provider '{id}' lists the sessions of one room only: name it with room_id.");
            Err(Error::unsupported(Operation::ListSessions).at_provider(id).with_detail(detail))
        }
        _ => Err(Error::unsupported(Operation::ListSessions).at_provider(id)),
    }
}

async fn read<Q: Question<Answer = HistoryRows>>(
    cache: &Arc<Cache>,
    context: &ReadContext,
    provider: &Provider,
    question: &Q,
) -> Result<Served<HistoryRows>, Error> {
    let found = cache.find(context, provider, question).await;
    cache.count::<Q>(&found);
    found.and_then(Lookup::served)
}

/// The answers of all providers to one query.
struct MergedHistory<'a> {
    parts: &'a [Part<'a, HistoryRows>],
    list: ListId,
    query: &'a HistoryQuery,
    start: Option<&'a HistoryStart>,
}

/// A row of one of the parts.
#[derive(Clone, Copy)]
struct Selected<'a> {
    part: usize,
    row: usize,
    place: &'a HistoryPlace,
}

impl<'a> MergedHistory<'a> {
    /// All rows that are not passed and are asked for, in the order of the API.
    fn rows(&self) -> Vec<Selected<'a>> {
        let filter = &self.query.filter;
        let mut selected: Vec<Selected<'a>> = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            let Some((rows, _)) = part.rows() else { continue };
            let passed = self.start.map(|start| start.passed(part.provider.as_str()));
            let is_wanted = |row: usize, place: &HistoryPlace| {
                let session = rows.rows().sessions().get(row);
                passed.as_ref().is_none_or(|passed| !passed.holds(place.moment, &place.id))
                    && session.is_some_and(|session| filter.admits(session.status, place.moment))
            };
            let rows = rows.places().iter().enumerate().filter(|(row, place)| is_wanted(*row, place));
            selected.extend(rows.map(|(row, place)| Selected { part: index, row, place }));
        }
        // Parts are in the order of their providers' ids.
        selected.sort_by_key(|selected| (Reverse(selected.place.moment), selected.part, &selected.place.id));
        selected
    }

    fn reply(&self) -> ReadReply {
        let mut rows = self.rows();
        let limit = self.query.page.limit;
        let more =
            rows.len() > usize::from(limit) || self.parts.iter().filter_map(Part::rows).any(|(rows, _)| rows.more());
        rows.truncate(limit.into());
        let next_cursor = rows.last().filter(|_| more).map(|last| self.cursor(&rows, last));
        let page = PageJson { limit: limit.into(), next_cursor, total_count: None };
        let mut body = PageBody::with_capacity(0);
        for selected in &rows {
            if let Some((part, stale)) = self.parts.get(selected.part).and_then(Part::rows) {
                body.row(|text| part.rows().write(selected.row, stale, text));
            }
        }
        let outcomes = self.parts.iter().map(Part::outcome).collect();
        let RenderedPage { body, etag } = body.finish(&page, outcome::complete(self.parts), outcomes);
        let now = Instant::now();
        ReadReply {
            body,
            etag,
            age: outcome::age(self.parts, now),
            cache_status: outcome::cache_status(self.parts, now),
            no_store: outcome::may_recover(self.parts),
        }
    }

    /// The cursor of a page that ends with this row.
    fn cursor(&self, rows: &[Selected<'_>], last: &Selected<'_>) -> String {
        let position = |(index, part): (usize, &Part<'_, HistoryRows>)| {
            let (own, _) = part.rows()?;
            let last = rows.iter().rev().find(|selected| selected.part == index);
            let position = last.map_or(own.start(), |selected| &selected.place.position).clone();
            (!position.numbers().is_empty()).then(|| (part.provider.to_string(), position))
        };
        let mut positions: Vec<_> = self.parts.iter().enumerate().filter_map(position).collect();
        let provider = self.parts.get(last.part).map(|part| part.provider.as_str()).unwrap_or_default();
        let moment = last.place.moment.map(Timestamp::unix_ms);
        loop {
            let cursor = self.list.cursor(&(moment, provider, last.place.id.as_str(), &positions));
            // Without its position a provider's place is still found, though not as soon.
            let longest = positions.iter().enumerate().max_by_key(|(_, (_, position))| position.numbers().len());
            match longest.map(|(index, _)| index).filter(|_| cursor.len() > cursor::MAX_LEN) {
                Some(longest) => drop(positions.remove(longest)),
                None => return cursor,
            }
        }
    }
}
