//! The search for the running session in a room's history, `GET /rooms/session-details`.

use session_provider::{Error, ErrorKind, Operation, Result, SessionId, Timestamp};
use upstream_http::Response;

use crate::map::answer::{Answer, body, each_row, read, some_usable};
use crate::requests::HISTORY_PAGE;
use crate::wire::HistoryRow;

/// What a page of the history leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Found(SessionId),
    /// The history is over and nothing in it runs.
    NotRunning,
    /// Ask for the next page.
    Next,
}

/// A walk over the pages, ended by the first that holds a running session.
#[derive(Debug)]
pub(crate) struct HistoryWalk {
    now: Timestamp,
    previous: Vec<SessionId>,
}

impl HistoryWalk {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { now, previous: Vec::new() }
    }

    /// Takes the next page. The row whose `endTime` is not set runs; of several the one that started last. The answer has
    /// no next cursor, so a page of any other length than was asked for is the last: a shorter one is the end, a
    /// longer one was not paged at all. The product's 404 is a room that is unknown or was never used: nothing runs.
    ///
    /// # Errors
    /// `ProviderBadResponse` for a page that cannot be read, or that repeats the one before: what comes after it is
    /// then out of reach, and whether something runs is not known.
    pub(crate) fn take(&mut self, response: &Response) -> Result<Step> {
        let body = body(response)?;
        let Answer::Body(envelope) = read(response, &body)? else { return Ok(Step::NotRunning) };
        let (mut rows, mut dropped, mut nameless) = (0, 0, false);
        let mut ids = Vec::new();
        let mut running: Option<(Option<Timestamp>, SessionId)> = None;
        each_row(response, envelope.sessions, |raw| {
            rows += 1;
            let row = HistoryRow::read(raw, self.now);
            let runs = row.as_ref().is_some_and(|row| !row.end_time.is_set());
            let Some((id, row)) = row.and_then(|row| Some((row.session_id.clone()?, row))) else {
                dropped += 1;
                nameless |= runs;
                return;
            };
            if runs && running.as_ref().is_none_or(|(start, _)| row.start_time > *start) {
                running = Some((row.start_time, id.clone()));
            }
            if ids.len() < HISTORY_PAGE {
                ids.push(id); // enough to tell a repeated page
            }
        })?;
        some_usable(response, ids.len(), dropped)?;
        if let Some((_, id)) = running {
            return Ok(Step::Found(id));
        }
        if nameless {
            return Err(response.bad("The running session in the provider's answer has no usable id."));
        }
        if rows != HISTORY_PAGE {
            return Ok(Step::NotRunning);
        }
        if ids == self.previous {
            return Err(response.bad("The provider repeats a page of the room's history."));
        }
        self.previous = ids;
        Ok(Step::Next)
    }

    /// The walk was given up before the history was over.
    pub(crate) fn too_long() -> Error {
        Error::new(ErrorKind::ProviderBadResponse)
            .in_operation(Operation::FindLiveSessionId)
            .with_detail("The room's history has more pages than the provider's max_pages allows.")
    }
}
