//! Request bodies: bounded in size and time, JSON, read strictly.

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::api::request_context::RequestContext;
use crate::api::state::Api;
use crate::problem::{Code, Problem};

const MAX_BYTES: usize = 64 * 1024;

/// A body that must be there.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

/// A body that may be left out; `null` leaves it out too.
#[derive(Debug)]
pub(crate) struct OptionalJsonBody<T>(pub(crate) Option<T>);

impl<T: DeserializeOwned> FromRequest<Api> for JsonBody<T> {
    type Rejection = axum::response::Response;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Self::Rejection> {
        let OptionalJsonBody(body) = OptionalJsonBody::from_request(request, api).await?;
        body.map(Self).ok_or_else(|| refuse(Problem::invalid("body", "is missing: this route takes a JSON object")))
    }
}

impl<T: DeserializeOwned> FromRequest<Api> for OptionalJsonBody<T> {
    type Rejection = axum::response::Response;

    async fn from_request(mut request: Request, api: &Api) -> Result<Self, Self::Rejection> {
        let arrival = RequestContext::of(&mut request).arrival;
        let (parts, body) = request.into_parts();
        let bytes = read(body, MAX_BYTES, api.app.time.body_deadline(arrival)).await?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        demand_json(&parts.headers).map_err(refuse)?;
        // Some clients begin their UTF-8 with a byte order mark. RFC 8259 §8.1 lets readers ignore it.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if bytes.trim_ascii() == b"null" {
            return Ok(Self(None));
        }
        parse(bytes).map(|value| Self(Some(value))).map_err(refuse)
    }
}

fn refuse(problem: impl axum::response::IntoResponse) -> axum::response::Response {
    problem.into_response()
}

/// The whole body, of at most `max_bytes`.
pub(crate) async fn read(
    body: Body,
    max_bytes: usize,
    until: tokio::time::Instant,
) -> Result<Bytes, axum::response::Response> {
    let too_large = || Problem::new(Code::PayloadTooLarge, format!("The body may have {max_bytes} bytes."));
    if body.size_hint().lower() > max_bytes as u64 {
        // Its Content-Length says so: no need to wait for it, and a caller that expects `100 Continue` need not send it.
        return Err(closing(too_large()));
    }
    let refused = match tokio::time::timeout_at(until, Limited::new(body, max_bytes).collect()).await {
        Ok(Ok(collected)) => return Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => too_large(),
        Ok(Err(_)) => Problem::invalid("body", "ended before it was complete"),
        Err(_) => Problem::new(Code::RequestTimeout, "The body came too slowly; send it at once."),
    };
    Err(closing(refused))
}

/// What is left of the body is not worth reading.
fn closing(problem: Problem) -> axum::response::Response {
    let mut response = refuse(problem);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn demand_json(headers: &HeaderMap) -> Result<(), Box<Problem>> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let is_json = match (types.next(), types.next()) {
        (Some(value), None) => value.to_str().is_ok_and(is_json),
        _ => false,
    };
    let is_plain = headers.get_all(header::CONTENT_ENCODING).iter().all(|coding| coding == "identity");
    if is_json && is_plain {
        return Ok(());
    }
    let detail = "The body must be sent as Content-Type: application/json, in UTF-8 and without a Content-Encoding.";
    Err(Box::new(Problem::new(Code::UnsupportedMediaType, detail)))
}

fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    is_json
        && parts.filter(|parameter| !parameter.is_empty()).all(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

/// Reads one JSON object. The types refuse unknown and repeated fields themselves.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Box<Problem>> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        // A derived struct would read an array as well.
        return Err(Box::new(Problem::invalid("body", "must be a JSON object")));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        fault(&path, error.inner())
    })?;
    json.end().map_err(|error| fault("body", &error))?;
    Ok(value)
}

fn fault(path: &str, error: &serde_json::Error) -> Box<Problem> {
    let message = error.to_string();
    if !error.is_data() {
        return Box::new(Problem::invalid("body", format!("is not valid JSON: {}", short(&message))));
    }
    for (prefix, detail) in [
        ("unknown field `", "is not a field of this body"),
        ("duplicate field `", "is given twice"),
        ("missing field `", "is missing"),
    ] {
        if let Some(name) = message.strip_prefix(prefix).and_then(|rest| rest.split('`').next()) {
            return Box::new(Problem::invalid(short(name), detail));
        }
    }
    let field = if path.is_empty() || path == "." { "body" } else { path };
    Box::new(Problem::invalid(short(field), short(&message)))
}

/// A caller's own text, cut before it is sent back.
fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(160)]
}

#[cfg(test)]
mod tests {
    use crate::model::{CreatePollRequest, KickRequest};

    use super::*;

    #[test]
    fn every_fault_of_a_body_names_its_field() {
        for (body, field) in [
            (r#"{"participant_ids":["a"]}x"#, "body"),
            ("{", "body"),
            ("[[],[],null]", "body"),
            ("null", "body"),
            ("\u{feff}{}", "body"),
            (r#"{"participant_ids":"a"}"#, "participant_ids"),
            (r#"{"participant_ids":[1]}"#, "participant_ids[0]"),
            (r#"{"participant_ids":[null]}"#, "participant_ids[0]"),
            (r#"{"participant_ids":null,"participant_ids":["a"]}"#, "participant_ids"),
            (r#"{"participant_ids":[],"participant_ids":[]}"#, "participant_ids"),
            (r#"{"participant_id":["a"]}"#, "participant_id"),
            (r#"{"participant_ids":["\ud800"]}"#, "body"),
        ] {
            let problem = parse::<KickRequest>(body.as_bytes()).unwrap_err();
            assert_eq!((problem.status, problem.errors[0].field.as_str()), (400, field), "{body}: {}", problem.detail);
        }
        let missing = parse::<CreatePollRequest>(br#"{"question":"?"}"#).unwrap_err();
        assert_eq!(missing.errors[0].field, "options");
        assert!(parse::<KickRequest>(b" {} \n").is_ok());
        let nothing = parse::<KickRequest>(
            br#"{"participant_ids":null,"custom_participant_ids":null,"expected_session_id":null}"#,
        );
        assert!(nothing.is_ok_and(|it| it.participant_ids.is_empty() && it.custom_participant_ids.is_empty()));
        let poll =
            br#"{"question":"?","options":["a","b"],"anonymous":null,"hide_votes":null,"expected_session_id":null}"#;
        assert!(parse::<CreatePollRequest>(poll).is_ok_and(|it| !it.anonymous && !it.hide_votes));
        for missing in [r#"{"question":null,"options":["a","b"]}"#, r#"{"question":"?","options":null}"#] {
            assert_eq!(parse::<CreatePollRequest>(missing.as_bytes()).unwrap_err().status, 400);
        }
        let deep = format!("{{\"participant_ids\":{}", "[".repeat(60_000));
        assert_eq!(parse::<KickRequest>(deep.as_bytes()).unwrap_err().status, 400);
    }

    #[test]
    fn only_plain_json_is_taken() {
        for (good, text) in [
            (true, "application/json"),
            (true, "Application/JSON; charset=UTF-8"),
            (true, "application/json;charset=\"utf-8\""),
            (false, "application/json; charset=latin1"),
            (false, "text/json"),
            (false, "application/jsonp"),
            (false, "application/x-www-form-urlencoded"),
            (false, ""),
        ] {
            assert_eq!(is_json(text), good, "{text}");
        }
    }
}
