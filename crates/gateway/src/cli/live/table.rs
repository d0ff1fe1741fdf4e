//! What is live, as a table.

use rollcall_client::types::{ProviderOutcome, ProviderOutcomeStatus, Session};

use crate::cli::live::moment::{age, clock};
use crate::cli::live::text::{fit, plain, width};

const TITLES: [&str; 6] = ["PROVIDER", "ROOM", "TITLE", "PEOPLE", "SINCE", "STATUS"];
const GAP: usize = 2;

/// Which columns give way when there is no room for all, and to which width.
const GIVING_WAY: [(usize, usize); 3] = [(2, 8), (1, 8), (0, 8)];

/// In the order of the list: newest first, unknown last, then by provider and room.
pub(super) fn sort(sessions: &mut [&Session]) {
    sessions.sort_by(|a, b| {
        let key = |session: &Session| (session.started_at.is_none(), std::cmp::Reverse(session.started_at));
        key(a).cmp(&key(b)).then_with(|| (&a.provider, &a.room_id).cmp(&(&b.provider, &b.room_id)))
    });
}

/// The rows of these sessions below a head, each at most so many columns wide.
pub(super) fn rows(sessions: &[&Session], now: i64, columns: Option<usize>) -> Vec<String> {
    let mut cells: Vec<[String; 6]> = vec![TITLES.map(str::to_owned)];
    cells.extend(sessions.iter().map(|session| row(session, now)));
    let widths = widths(&cells, columns);
    let line = |row: &[String; 6]| {
        let mut line = String::new();
        for (cell, wanted) in row.iter().zip(widths) {
            let cell = fit(cell, wanted);
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', wanted - width(&cell) + GAP));
        }
        let line = line.trim_end();
        columns.map_or_else(|| line.to_owned(), |columns| fit(line, columns))
    };
    cells.iter().map(line).collect()
}

fn row(session: &Session, now: i64) -> [String; 6] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let status = if session.stale { format!("{}, old", session.status) } else { session.status.to_string() };
    [
        plain(&session.provider),
        plain(&session.room_id),
        or_dash(session.title.as_deref().map(plain)),
        or_dash(session.participant_count.map(|count| count.to_string())),
        or_dash(session.started_at.map(|since| age(now - since.timestamp()))),
        status,
    ]
}

fn widths(cells: &[[String; 6]], columns: Option<usize>) -> [usize; 6] {
    let mut widths = [0; 6];
    for row in cells {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(cell).max(*widest);
        }
    }
    if let Some(columns) = columns {
        for (column, least) in GIVING_WAY {
            let whole = widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
            let excess = whole.saturating_sub(columns);
            widths[column] = widths[column].min(least.max(widths[column].saturating_sub(excess)));
        }
    }
    widths
}

/// What there is to say of providers that are not `ok`, one line each.
pub(super) fn complaints<'a>(providers: impl Iterator<Item = &'a ProviderOutcome>) -> Vec<String> {
    providers.filter_map(complaint).collect()
}

pub(super) fn complaint(entry: &ProviderOutcome) -> Option<String> {
    let why = entry.problem.as_ref().map(|problem| format!(" {}", plain(&problem.detail))).unwrap_or_default();
    let provider = plain(&entry.provider);
    Some(match entry.status {
        ProviderOutcomeStatus::Ok => return None,
        ProviderOutcomeStatus::Stale => {
            let of = entry.fetched_at.map(|at| format!(" of {}", clock(at.timestamp()))).unwrap_or_default();
            format!("{provider} is stale: what is shown{of} may have changed.{why}")
        }
        ProviderOutcomeStatus::Failed => format!("{provider} failed: what is live there is unknown.{why}"),
        ProviderOutcomeStatus::Unsupported => format!("{provider} cannot tell.{why}"),
    })
}

/// How much is live, in a line.
pub(super) fn summary(sessions: usize, is_complete: bool) -> String {
    let rest = if is_complete { "" } else { ", as far as is known" };
    match sessions {
        0 if is_complete => "Nothing is live.".to_owned(),
        0 => "Nothing is live as far as is known.".to_owned(),
        1 => format!("1 session is live{rest}."),
        sessions => format!("{sessions} sessions are live{rest}."),
    }
}

#[cfg(test)]
mod tests;
