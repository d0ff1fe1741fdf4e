//! Who is let in.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;

use crate::huddle01::answers;
use crate::log::Credential;
use crate::options::{Credentials, Huddle01Options};
use crate::server::{Api, Quota};
use crate::webhooks::Signing;

pub(crate) struct Huddle01Api {
    credentials: Credentials,
    signing: Signing,
}

impl Huddle01Api {
    pub(crate) fn new(options: &Huddle01Options, signing: Signing) -> Self {
        Self { credentials: options.credentials.clone(), signing }
    }
}

impl Api for Huddle01Api {
    fn credential(&self, headers: &HeaderMap) -> Credential {
        match headers.get("x-api-key").map(HeaderValue::to_str) {
            None => Credential::Absent,
            Some(Err(_)) => Credential::Malformed,
            Some(Ok(key)) if self.credentials.accepts(key) => {
                self.signing.called_with(key);
                Credential::Right
            }
            Some(Ok(_)) => Credential::Wrong,
        }
    }

    fn refusal(&self, _path: &str, credential: Credential) -> Option<Response> {
        (credential != Credential::Right).then(answers::unauthorized)
    }

    fn too_many(&self, quota: Quota) -> Response {
        let body = json!({ "ok": false, "message": "Too many requests" });
        let mut response = answers::json_answer(StatusCode::TOO_MANY_REQUESTS, body);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(quota.reset_seconds));
        response
    }

    /// No header about limits is known (`docs/upstream/huddle01.md` §5).
    fn decorate(&self, _headers: &mut HeaderMap, _quota: Quota) {}
}
