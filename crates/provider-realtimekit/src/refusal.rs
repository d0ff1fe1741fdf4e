//! The three error envelopes, and what a refusal means for what was asked.

use std::ops::ControlFlow;

use http::StatusCode;
use lenient_json::{Raw, code, elements, fields, flag, object_fields, text};
use session_provider::{Error, ErrorKind};
use upstream_http::Response;

/// What a request was about: it decides what "not found" means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Account,
    /// The sessions of a room, which need not be there.
    RoomSessions,
    /// The live session of a room.
    LiveSession,
    /// The participants of a session that was live a moment ago.
    LiveParticipants,
    /// A session by its id.
    Session,
    /// A change of a live session.
    Mutation,
}

/// Wrong account or app: `Could not route to …`.
const NO_ROUTE: i64 = 7003;
/// A credential that is no header value to Cloudflare, disguised as 400.
const BAD_HEADERS: i64 = 6003;

/// Reads an answer, whose body is `text`, that is neither a 2xx nor classified by its status alone (`docs/upstream/realtimekit.md` §5, quirk 10).
/// Nothing of the body goes into the error.
pub(crate) fn read(response: &Response, text: &str, asked: Asked) -> Error {
    let status = response.status();
    let unknown = || response.bad("The provider refused in a way that Rollcall does not know.");
    let Some(refusal) = Refusal::read(text) else {
        return unknown();
    };
    let routing = matches!(status, StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
    if routing && refusal.has_code(NO_ROUTE) {
        return response.error(ErrorKind::ProviderAuthFailed).with_detail(
            "The provider knows no such account or app; Rollcall's operator must check account_id and app_id.",
        );
    }
    if status == StatusCode::BAD_REQUEST && refusal.has_code(BAD_HEADERS) {
        return response.error(ErrorKind::ProviderAuthFailed);
    }
    let Some(message) = refusal.product_message() else {
        return unknown();
    };
    match meaning(status, asked, &message) {
        Some(kind) => response.error(kind),
        None => unknown(),
    }
}

/// What a product refusal means; `None` where it says nothing we may rely on.
fn meaning(status: StatusCode, asked: Asked, message: &str) -> Option<ErrorKind> {
    match (status, asked) {
        (StatusCode::NOT_FOUND, Asked::LiveSession | Asked::LiveParticipants) => Some(ErrorKind::SessionNotLive),
        (StatusCode::NOT_FOUND, Asked::Session | Asked::RoomSessions) => Some(ErrorKind::SessionNotFound),
        (StatusCode::NOT_FOUND, Asked::Mutation) if names_a_person(message) => Some(ErrorKind::ParticipantNotFound),
        (StatusCode::NOT_FOUND, Asked::Mutation) => Some(ErrorKind::SessionNotLive),
        (StatusCode::BAD_REQUEST, Asked::Mutation) => Some(ErrorKind::InvalidRequest),
        // A malformed id is 400 here, unless the complaint is about a parameter that Rollcall itself chose.
        (StatusCode::BAD_REQUEST, Asked::LiveSession) if !names_a_parameter(message) => Some(ErrorKind::SessionNotLive),
        (StatusCode::BAD_REQUEST, Asked::Session | Asked::RoomSessions) if !names_a_parameter(message) => {
            Some(ErrorKind::SessionNotFound)
        }
        _ => None,
    }
}

/// Whether what was not found is a person: the first thing the message names. "No user found with id …" is about one,
/// "No active session found for meeting_id …" is not, whatever the id is.
fn names_a_person(message: &str) -> bool {
    message
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find_map(|word| {
            let is = |stem: &str| word.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem));
            if is("user") || is("participant") { Some(true) } else { (is("session") || is("meeting")).then_some(false) }
        })
        .unwrap_or(false)
}

/// Whether the message is about one of the query parameters that [`requests`](crate::requests) sends.
fn names_a_parameter(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["page_no", "per_page", "sort_by", "sort_order", "include_breakout_rooms", "start_time", "end_time"]
        .iter()
        .any(|name| message.contains(name))
}

/// The members of the three envelopes: the product's own (`success`, `error`), Cloudflare's v4 (`errors`), and the older v4
/// shape without `errors`.
struct Refusal<'a> {
    success: Raw<'a>,
    error: Raw<'a>,
    errors: Raw<'a>,
    code: Raw<'a>,
    error_chain: Raw<'a>,
}

impl<'a> Refusal<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let names = ["success", "error", "errors", "code", "error_chain"];
        let [success, error, errors, code, error_chain] = fields(text, names).ok()?;
        Some(Self { success, error, errors, code, error_chain })
    }

    /// Whether a code stands anywhere in a v4 envelope: at the top, in `errors`, or in a chain of either.
    fn has_code(&self, wanted: i64) -> bool {
        code(self.code) == Some(wanted) || listed(self.errors, wanted, true) || listed(self.error_chain, wanted, false)
    }

    /// The message of the product's own envelope, empty if it has none; `None` when this is another envelope.
    fn product_message(&self) -> Option<String> {
        if flag(self.success) != Some(false) {
            return None;
        }
        let [message] = object_fields(self.error?, ["message"])?;
        Some(text(message).unwrap_or_default())
    }
}

fn listed(list: Raw<'_>, wanted: i64, chains_too: bool) -> bool {
    let Some(list) = list else { return false };
    let mut found = false;
    let _ = elements(list, |entry| {
        found = object_fields(entry, ["code", "error_chain"])
            .is_some_and(|[said, chain]| code(said) == Some(wanted) || (chains_too && listed(chain, wanted, false)));
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found
}

#[cfg(test)]
mod tests;
