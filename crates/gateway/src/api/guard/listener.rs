//! Who may follow events.

use caller_auth::{Caller, Scope};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, header};
use session_provider::Intent;
use utoipa::IntoParams;

use crate::api::guard::{Admitted, Guard};
use crate::problem::Problem;

const LAST_EVENT_ID: &str = "last-event-id";

/// The caller of a stream, and on what terms.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) caller: Caller,
    /// As it came: the token goes on being looked at.
    pub(crate) authorization: HeaderMap,
    /// Only the headers are asked for.
    pub(crate) is_head: bool,
    last_event_id: Option<HeaderValue>,
}

/// The headers of a stream.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct ListenerHeaders {
    /// The `id` of the last event that was read of a stream with the same filter: this one goes on behind it, if that
    /// is still kept, else it begins with snapshots. Any value is taken.
    #[param(rename = "Last-Event-ID", value_type = Option<String>, nullable = false)]
    #[expect(dead_code, reason = "stands for the header in the document")]
    last_event_id: Option<HeaderValue>,
}

impl Listener {
    /// The header's value; an odd one is none.
    pub(crate) fn last_event_id(&self) -> Option<&str> {
        self.last_event_id.as_ref()?.to_str().ok()
    }
}

impl Guard for Listener {
    const SCOPE: Scope = Scope::Read;
    const INTENT: Intent = Intent::Read;

    fn of(admitted: Admitted, parts: &Parts) -> Result<Self, Box<Problem>> {
        let (caller, _context) = admitted.into_parts();
        let tokens = parts.headers.get_all(header::AUTHORIZATION).iter().cloned();
        Ok(Self {
            caller,
            authorization: tokens.map(|token| (header::AUTHORIZATION, token)).collect(),
            is_head: parts.method == Method::HEAD,
            last_event_id: parts.headers.get(LAST_EVENT_ID).cloned(),
        })
    }
}
