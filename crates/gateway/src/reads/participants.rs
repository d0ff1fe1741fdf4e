//! Pages of participants lists.

use std::sync::Arc;

use tokio::time::Instant;

use crate::digest::Digester;
use crate::model::PageJson;
use crate::reads::answers::{ParticipantPlace, ParticipantRows};
use crate::reads::cache::Served;
use crate::reads::cursor::{self, InvalidCursor, ListId};
use crate::reads::pages::{PageKey, Pages, RenderedPage};
use crate::reads::render::write_json;
use crate::reads::{PageQuery, ReadReply};

/// `joined_at` in Unix milliseconds and `connection_id`.
type ParticipantPosition = (Option<i64>, String);

/// Where a page starts, read from its cursor before anybody is asked.
pub(crate) struct Start(Option<ParticipantPlace>);

/// Reads the cursor.
///
/// # Errors
/// `invalid_cursor`.
pub(crate) fn start(list: &ListId, query: &PageQuery) -> Result<Start, InvalidCursor> {
    let Some(text) = &query.cursor else { return Ok(Start(None)) };
    let (joined_at, connection): ParticipantPosition = list.position(text)?;
    Ok(Start(Some(ParticipantPlace::new(cursor::moment(joined_at)?, &connection))))
}

/// One page of an answer, as of `now`.
pub(crate) fn page(
    pages: &Pages,
    list: ListId,
    query: &PageQuery,
    start: &Start,
    served: &Served<ParticipantRows>,
    now: Instant,
) -> ReadReply {
    let stale = served.is_stale();
    let key = PageKey { list, answers: vec![served.times().began], limit: query.limit, cursor: query.cursor.clone() };
    let page = match pages.get(&key).filter(|_| !stale) {
        Some(page) => page,
        None => {
            let page = Arc::new(assemble(&key, start, served));
            if !stale {
                pages.insert(key, Arc::clone(&page));
            }
            page
        }
    };
    ReadReply {
        body: page.body.clone(),
        etag: page.etag.clone(),
        age: served.times().age(now),
        cache_status: served.cache_status(now),
        no_store: stale,
    }
}

fn assemble(key: &PageKey, start: &Start, served: &Served<ParticipantRows>) -> RenderedPage {
    let rows = served.answer();
    let first = start.0.as_ref().map_or(0, |place| rows.first_after(place));
    let end = first.saturating_add(key.limit.into()).min(rows.len());
    let last = end.checked_sub(1).and_then(|last| rows.place(last)).filter(|_| end < rows.len());
    let position = |place: &ParticipantPlace| -> ParticipantPosition {
        (place.joined_at().map(session_provider::Timestamp::unix_ms), place.connection_id().to_owned())
    };
    let page = PageJson {
        limit: key.limit.into(),
        next_cursor: last.map(|place| key.list.cursor(&position(place))),
        total_count: Some(rows.len() as u64),
    };
    let data = rows.run(first..end);
    let mut tail = b"],\"page\":".to_vec();
    write_json(&page, &mut tail);
    tail.extend_from_slice(b",\"reported_count\":");
    write_json(&rows.reported_count(), &mut tail);
    tail.extend_from_slice(b",\"stale\":");
    write_json(&served.is_stale(), &mut tail);
    let mut digester = Digester::new();
    digester.add(rows.digest().as_bytes());
    digester.add(&(first as u64).to_be_bytes());
    digester.add(&tail);
    let mut body = Vec::with_capacity(data.len() + tail.len() + 64);
    body.extend_from_slice(b"{\"data\":[");
    body.extend_from_slice(data);
    body.extend_from_slice(&tail);
    body.extend_from_slice(b",\"fetched_at\":");
    write_json(&served.times().fetched_at, &mut body);
    body.push(b'}');
    RenderedPage { body: body.into(), etag: digester.finish().to_etag() }
}
