//! The merged list of live sessions.

use std::sync::{Arc, LazyLock};

use caller_auth::Caller;
use futures_util::future::join_all;
use session_provider::{RoomId, Timestamp};

use crate::model::PageJson;
use crate::problem::Problem;
use crate::providers::Provider;
use crate::reads::cache::{Cache, Lookup, ReadContext};
use crate::reads::cursor::{self, InvalidCursor, ListId};
use crate::reads::include::Extras;
use crate::reads::merge::{self, Selection, SessionPlace, Source};
use crate::reads::outcome::{self, Needs, Part};
use crate::reads::page_body::PageBody;
use crate::reads::pages::{PageKey, Pages, RenderedPage};
use crate::reads::questions::ListLiveSessions;
use crate::reads::slices::Slices;
use crate::reads::{ListQuery, ReadReply};

/// `started_at` in Unix milliseconds, provider and `room_id`.
type SessionPosition = (Option<i64>, String, String);

/// The list without a filter, which is nearly every one: a hit hashes nothing to name it.
static UNFILTERED: LazyLock<ListId> = LazyLock::new(|| ListId::new(["live-sessions"]));

/// The list that a query asks for.
pub(super) fn list_id(query: &ListQuery) -> ListId {
    let Some(ids) = &query.providers else { return UNFILTERED.clone() };
    ListId::new(["live-sessions", "only"].into_iter().chain(ids.iter().map(|id| id.as_str())))
}

/// Where the page starts: checked before anybody is asked.
pub(super) fn start(
    list: &ListId,
    query: &ListQuery,
) -> Result<Option<(Option<Timestamp>, String, String)>, InvalidCursor> {
    let Some(text) = &query.page.cursor else { return Ok(None) };
    let (started_at, provider, room): SessionPosition = list.position(text)?;
    RoomId::new(&room).map_err(|_| InvalidCursor::Undecodable)?;
    Ok(Some((cursor::moment(started_at)?, provider, room)))
}

/// Asks every provider that the caller sees and the query names, all at once, and merges what they have.
pub(crate) async fn live_sessions(
    cache: &Arc<Cache>,
    pages: &Pages,
    providers: impl Iterator<Item = &Provider>,
    context: &ReadContext,
    caller: &Caller,
    query: &ListQuery,
) -> Result<ReadReply, Problem> {
    let list = list_id(query);
    let start = start(&list, query)?;
    let named = |id| query.providers.as_ref().is_none_or(|ids| ids.contains(id));
    let asked: Vec<_> = providers.filter(|provider| caller.sees(provider.id()) && named(provider.id())).collect();
    let find = |provider| cache.find(context, provider, &ListLiveSessions);
    let found = if context.at_hand {
        one_by_one(asked.iter().copied().map(find)).await
    } else {
        join_all(asked.iter().copied().map(find)).await
    };
    let parts: Vec<Part<'_>> = asked
        .iter()
        .zip(found)
        .map(|(provider, found)| {
            cache.count::<ListLiveSessions>(&found);
            Part { provider: provider.id(), result: found.and_then(Lookup::served) }
        })
        .collect();
    let needs = if query.forbid_partial { Needs::EachOk } else { Needs::One };
    if let Some(problem) = outcome::problem(&parts, needs) {
        return Err(problem);
    }
    let merged = Merged {
        parts: &parts,
        list,
        query,
        after: start.as_ref().map(|(at, provider, room)| (std::cmp::Reverse(*at), provider.as_str(), room.as_str())),
    };
    let page = if query.include.is_empty() {
        merged.remembered(pages)
    } else {
        Arc::new(merged.with_extras(&Extras::new(cache, context, &query.include), &asked).await)
    };
    let now = context.now();
    Ok(ReadReply {
        body: page.body.clone(),
        etag: page.etag.clone(),
        age: outcome::age(&parts, now),
        cache_status: outcome::cache_status(&parts, now),
        no_store: !outcome::complete(&parts),
    })
}

/// The results of what need not wait, or waits for ever: to run them side by side would only cost.
async fn one_by_one<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut results = Vec::with_capacity(futures.size_hint().0);
    for future in futures {
        results.push(future.await);
    }
    results
}

/// The answers of all providers to one query.
struct Merged<'a> {
    parts: &'a [Part<'a>],
    list: ListId,
    query: &'a ListQuery,
    after: Option<SessionPlace<'a>>,
}

impl Merged<'_> {
    /// A complete page is remembered by the answers that it is made of.
    fn remembered(&self, pages: &Pages) -> Arc<RenderedPage> {
        if !outcome::complete(self.parts) {
            return Arc::new(self.assemble());
        }
        let answered = self.parts.iter().filter_map(|part| part.result.as_ref().ok());
        let page = &self.query.page;
        let key = PageKey {
            list: self.list.clone(),
            answers: answered.map(|served| served.times().began).collect(),
            limit: page.limit,
            cursor: page.cursor.clone(),
        };
        pages.get(&key).unwrap_or_else(|| {
            let page = Arc::new(self.assemble());
            pages.insert(key, Arc::clone(&page));
            page
        })
    }

    /// The rows of the page, the indices of sources being those of parts.
    fn select(&self) -> (Selection, PageJson) {
        let sources: Vec<Source<'_>> = self
            .parts
            .iter()
            .map(|part| Source {
                provider: part.provider.as_str(),
                sessions: part.rows().map_or(&[][..], |(rows, _)| rows.sessions()),
            })
            .collect();
        let limit = self.query.page.limit;
        let selection = merge::select(&sources, self.after, limit.into());
        let last = selection.rows.last().filter(|_| selection.more);
        let place = last.and_then(|(source, row)| sources.get(*source)?.place(*row));
        let next_cursor = place.map(|(started_at, provider, room)| {
            self.list.cursor(&(started_at.0.map(Timestamp::unix_ms), provider, room))
        });
        let held = sources.iter().map(|source| source.sessions.len() as u64).sum();
        let total_count = outcome::complete(self.parts).then_some(held);
        (selection, PageJson { limit: limit.into(), next_cursor, total_count })
    }

    fn finish(&self, body: PageBody, page: &PageJson) -> RenderedPage {
        body.finish(page, outcome::complete(self.parts), self.parts.iter().map(Part::outcome).collect())
    }

    /// Puts rendered rows together.
    fn assemble(&self) -> RenderedPage {
        let (selection, page) = self.select();
        let parts: Vec<_> = self.parts.iter().map(Part::rows).collect();
        let rows = || selection.rows.iter().filter_map(|(part, row)| Some(((*parts.get(*part)?)?, *row)));
        let mut body = PageBody::with_capacity(rows().map(|((rows, _), row)| rows.size(row) + 1).sum());
        rows().for_each(|((rows, stale), row)| body.row(|text| rows.write(row, stale, text)));
        self.finish(body, &page)
    }

    /// Buys extras for the rows of the page, and renders it.
    async fn with_extras(&self, extras: &Extras<'_>, asked: &[&Provider]) -> RenderedPage {
        let (selection, page) = self.select();
        let of_part = |index: usize| {
            let rows = self.parts.get(index).and_then(Part::rows).map(|(rows, _)| rows);
            selection
                .rows
                .iter()
                .filter(move |(source, _)| *source == index)
                .filter_map(move |(_, row)| rows?.sessions().get(*row))
        };
        let bought = asked.iter().enumerate().map(|(index, provider)| extras.add(provider, of_part(index)));
        // One provider's rows come in the order of the page, so each next row of a source is its next session.
        let mut bought: Vec<_> = join_all(bought).await.into_iter().map(Vec::into_iter).collect();
        let mut body = PageBody::with_capacity(0);
        let mut slices = Slices::default();
        for (source, _) in &selection.rows {
            let rows = self.parts.get(*source).and_then(Part::rows);
            if let Some(((rows, stale), session)) = rows.zip(bought.get_mut(*source).and_then(Iterator::next)) {
                body.row(|text| rows.write_other(&session, stale, text));
            }
            slices.row().await;
        }
        self.finish(body, &page)
    }
}
