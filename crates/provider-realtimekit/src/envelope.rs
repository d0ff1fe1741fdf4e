//! The envelope of a success: `{success: true, data, paging?}`.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use session_provider::Result;
use upstream_http::Response;

use crate::pages::Paging;
use crate::raw::{self, Raw};
use crate::refusal::{self, Asked};

/// What a 2xx holds.
#[derive(Debug)]
pub(crate) struct Success<'a> {
    /// `data`, `null` included; `None` when the key is absent.
    pub(crate) data: Raw<'a>,
    /// `paging` beside `data`, where it is usable.
    pub(crate) paging: Option<Paging>,
}

impl<'a> Success<'a> {
    /// `data`, if it is an object of the given shape.
    pub(crate) fn object<T: Deserialize<'a>>(&self) -> Option<T> {
        raw::object(self.data?.get().as_bytes())
    }

    /// Whether `data` is there and `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.data.is_some_and(|data| data.get() == "null")
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    success: Raw<'a>,
    #[serde(borrow, deserialize_with = "null_too")]
    data: Raw<'a>,
    #[serde(borrow)]
    paging: Raw<'a>,
    #[serde(borrow)]
    error: Raw<'a>,
}

fn null_too<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Raw<'de>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Opens an answer. A 2xx must be an object whose `success` is `true`; where `success` is missing, `data` must say
/// something and no `error` may stand beside it. Everything that is not a 2xx is read as a refusal of what was asked.
///
/// # Errors
/// `ProviderBadResponse` for a 2xx that is no success (`upstream/realtimekit.md` quirk 11), else what
/// [`refusal::read`] makes of it.
pub(crate) fn open(response: &Response, asked: Asked) -> Result<Success<'_>> {
    if !response.status().is_success() {
        return Err(refusal::read(response, asked));
    }
    let not_json = || response.bad("The provider's answer is not the JSON object it promises.");
    // JSON is UTF-8 (RFC 8259 §8.1), also in what is skipped unread.
    let text = std::str::from_utf8(response.body()).map_err(|_| not_json())?;
    let wire: Wire<'_> = raw::object(text.as_bytes()).ok_or_else(not_json)?;
    let success = match wire.success {
        None => wire.error.is_none() && wire.data.is_some_and(|data| data.get() != "null"),
        said => raw::flag(said) == Some(true),
    };
    if !success {
        return Err(response.bad("The provider's answer says success and failure at once."));
    }
    Ok(Success { data: wire.data, paging: wire.paging.and_then(Paging::read) })
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use rstest::rstest;
    use session_provider::{Effect, ErrorKind, Intent, Operation};

    use super::*;

    fn made(body: &str) -> Response {
        Response::made(Operation::KickParticipants, Intent::Mutation, StatusCode::OK, body.to_owned())
    }

    #[rstest]
    #[case(r#"{"success":true,"data":{}}"#, Some("{}"))]
    #[case(r#"{"success":"true","data":[]}"#, Some("[]"))]
    #[case(r#" {"success":true,"data":null}"#, Some("null"))]
    #[case(r#"{"success":true}"#, None)]
    #[case(r#"{"data":{"a":1}}"#, Some("{\"a\":1}"))]
    fn successes(#[case] body: &str, #[case] data: Option<&str>) {
        let response = made(body);
        let success = open(&response, Asked::Mutation).unwrap();
        assert_eq!(success.data.map(RawValue::get), data);
        assert_eq!(success.is_null(), data == Some("null"));
    }

    #[rstest]
    #[case("")]
    #[case("<html></html>")]
    #[case("[true,{}]")]
    #[case("null")]
    #[case("{}")]
    #[case(r#"{"data":null}"#)]
    #[case(r#"{"success":false,"data":{}}"#)]
    #[case(r#"{"success":"false","data":{}}"#)]
    #[case(r#"{"success":1,"data":{}}"#)]
    #[case(r#"{"data":{},"error":{"code":400}}"#)]
    #[case(r#"{"success":true,"data":{"sessions":[]}"#)]
    fn no_successes(#[case] body: &str) {
        let error = open(&made(body), Asked::Mutation).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ProviderBadResponse);
        assert_eq!(error.effect(), Effect::Unknown, "a 2xx that cannot be read may have taken effect");
    }

    #[test]
    fn bytes_that_are_no_text_are_no_success_even_where_nobody_reads_them() {
        let body = b"{\"success\":true,\"x\":\"\xff\",\"data\":{}}".to_vec();
        let response = Response::made(Operation::KickParticipants, Intent::Mutation, StatusCode::OK, body);
        assert_eq!(open(&response, Asked::Mutation).unwrap_err().kind(), ErrorKind::ProviderBadResponse);
    }

    #[test]
    fn ten_thousand_levels_neither_overflow_nor_spoil_what_is_beside_them() {
        let body = format!(r#"{{"deep":{}{},"success":true,"data":1}}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert!(open(&made(&body), Asked::Mutation).is_ok());
    }
}
