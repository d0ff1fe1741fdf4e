//! Who is let in, and the headers about limits.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

use crate::log::Credential;
use crate::options::{Credentials, RealtimeKitOptions};
use crate::realtimekit::answers::{could_not_route, v4_error};
use crate::server::{Api, Quota};

const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Requests per seconds of the published limit (`docs/upstream/realtimekit.md` §5), told while requests are not
/// counted.
const PUBLISHED_LIMIT: (u64, u64) = (1200, 300);

pub(crate) struct RealtimeKitApi {
    credentials: Credentials,
    account_id: Option<String>,
    app_id: Option<String>,
}

impl RealtimeKitApi {
    pub(crate) fn new(options: &RealtimeKitOptions) -> Self {
        let RealtimeKitOptions { credentials, account_id, app_id, .. } = options.clone();
        Self { credentials, account_id, app_id }
    }

    /// Whether the path names the account and app that exist. Paths without them are left to the router.
    fn routes(&self, path: &str) -> bool {
        let segments: Vec<&str> = path.split('/').collect();
        let ["", "client", "v4", "accounts", account, rest @ ..] = segments.as_slice() else { return true };
        let app = match rest {
            ["realtime", "kit", "apps"] => None,
            ["realtime", "kit", app, ..] => Some(*app),
            _ => None,
        };
        let is = |right: &Option<String>, given: &str| right.as_ref().is_none_or(|r| r == given);
        is(&self.account_id, account) && app.is_none_or(|a| is(&self.app_id, a))
    }
}

impl Api for RealtimeKitApi {
    fn credential(&self, headers: &HeaderMap) -> Credential {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Credential::Absent };
        match value.to_str().ok().and_then(|v| v.strip_prefix("Bearer ")).map(str::trim) {
            None | Some("") => Credential::Malformed,
            Some(token) if self.credentials.accepts(token) => Credential::Right,
            Some(_) => Credential::Wrong,
        }
    }

    fn refusal(&self, path: &str, credential: Credential) -> Option<Response> {
        match credential {
            Credential::Malformed => {
                let chain = json!([{ "code": 6111, "message": "Invalid format for Authorization header" }]);
                let error = json!({ "code": 6003, "message": "Invalid request headers", "error_chain": chain });
                Some(v4_error(StatusCode::BAD_REQUEST, error))
            }
            Credential::Wrong | Credential::Absent => {
                let error = json!({ "code": 10000, "message": "Authentication error" });
                Some(v4_error(StatusCode::UNAUTHORIZED, error))
            }
            Credential::Right => (!self.routes(path)).then(|| could_not_route(path)),
        }
    }

    fn too_many(&self, quota: Quota) -> Response {
        let message = "Please wait and consider throttling your request speed";
        let mut response = v4_error(StatusCode::TOO_MANY_REQUESTS, json!({ "code": 971, "message": message }));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(quota.reset_seconds));
        response
    }

    fn decorate(&self, headers: &mut HeaderMap, quota: Quota) {
        let (requests, window, remaining, reset) = match quota.limit {
            Some(limit) => (limit.requests, limit.window.as_secs(), quota.remaining, quota.reset_seconds),
            None => (PUBLISHED_LIMIT.0, PUBLISHED_LIMIT.1, PUBLISHED_LIMIT.0, PUBLISHED_LIMIT.1),
        };
        for (name, text) in [
            (RATELIMIT, format!("\"default\";r={remaining};t={reset}")),
            (RATELIMIT_POLICY, format!("\"default\";q={requests};w={window}")),
        ] {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(name, value);
            }
        }
    }
}
