//! The envelope of a success: `{success: true, data, paging?}`.

use std::borrow::Cow;

use http::StatusCode;
use lenient_json::{Broken, Raw, Shape, Walk, fields_around, fields_or_null, flag};
use session_provider::Result;
use upstream_http::Response;

use crate::pages::Paging;
use crate::refusal::{self, Asked};
use crate::wire::Data;

/// What a 2xx holds.
#[derive(Debug)]
pub(crate) struct Success<'a> {
    /// `data`, `null` included; `None` when the name is absent.
    pub(crate) data: Raw<'a>,
    /// `paging` beside `data`, where it is usable.
    pub(crate) paging: Option<Paging>,
}

impl<'a> Success<'a> {
    /// The members of `data`; none if it is no object.
    pub(crate) fn data(&self) -> Data<'a> {
        self.data.and_then(Data::read).unwrap_or_default()
    }

    /// Whether `data` is there and `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.data.is_some_and(|data| Shape::of(data) == Shape::Null)
    }
}

/// What a 2xx holds that promises a list.
#[derive(Debug, Default)]
pub(crate) struct List {
    /// Whether there is an array in its place.
    pub(crate) is_there: bool,
    /// `paging` beside `data` or in it, where it is usable.
    pub(crate) paging: Option<Paging>,
}

/// The body as text, for [`open`].
///
/// # Errors
/// `ProviderBadResponse` when it is none.
pub(crate) fn body(response: &Response) -> Result<Cow<'_, str>> {
    lenient_json::body(response.body()).ok_or_else(|| response.bad(NOT_JSON))
}

/// Why an answer that is no JSON object is refused.
pub(crate) const NOT_JSON: &str = "The provider's answer is not the JSON object it promises.";

/// Opens an answer, whose [`body`] is `text`. A 2xx must be an object whose `success` is `true`; where `success` is
/// missing, `data` must say something and no `error` may stand beside it. A change answered 204 was accepted without a word.
/// Everything that is not a 2xx is read as a refusal of what was asked.
///
/// # Errors
/// `ProviderBadResponse` for a 2xx that is no success (`docs/upstream/realtimekit.md` quirk 11), else what
/// [`refusal::read`] makes of it.
pub(crate) fn open<'a>(response: &Response, text: &'a str, asked: Asked) -> Result<Success<'a>> {
    if !response.status().is_success() {
        return Err(refusal::read(response, text, asked));
    }
    if asked == Asked::Mutation && response.status() == StatusCode::NO_CONTENT {
        return Ok(Success { data: None, paging: None });
    }
    let members = fields_or_null(text, ["success", "data", "paging", "error"]);
    let [success, data, paging, error] = members.map_err(|_| response.bad(NOT_JSON))?;
    succeeded(response, success, says(data), error)?;
    Ok(Success { data, paging: paging.and_then(Paging::read) })
}

/// Opens an answer that promises a list under `name` in `data`, as [`open`] does, in one pass in which `elements` reads the
/// rows and answers whether they are an array. What they say is good only if this is.
///
/// # Errors
/// Those of [`open`]; and as for what is no JSON when `elements` says so.
pub(crate) fn open_list<'a>(
    response: &Response,
    text: &'a str,
    asked: Asked,
    name: &str,
    elements: impl FnMut(&mut Walk<'a>) -> std::result::Result<bool, Broken>,
) -> Result<List> {
    if !response.status().is_success() {
        return Err(refusal::read(response, text, asked));
    }
    let walked = walk_list(text, name, elements).map_err(|Broken| response.bad(NOT_JSON))?;
    let ([success, beside, error], data) = walked;
    succeeded(response, success, data.is_some(), error)?;
    let ([inside], is_there) = data.unwrap_or_default();
    let usable = |paging: Raw<'_>| paging.and_then(Paging::read);
    Ok(List { is_there: is_there.unwrap_or(false), paging: usable(beside).or_else(|| usable(inside)) })
}

/// `success`, `paging` and `error`; and of `data`, unless it says nothing, `paging` and whether there is an array.
type ListedMembers<'a> = ([Raw<'a>; 3], Option<([Raw<'a>; 1], Option<bool>)>);

fn walk_list<'a>(
    text: &'a str,
    name: &str,
    mut elements: impl FnMut(&mut Walk<'a>) -> std::result::Result<bool, Broken>,
) -> std::result::Result<ListedMembers<'a>, Broken> {
    let mut walk = Walk::new(text);
    let listed = fields_around(&mut walk, ["success", "paging", "error"], "data", |walk| {
        if walk.shape() == Some(Shape::Object) {
            fields_around(walk, ["paging"], name, &mut elements)
        } else {
            walk.value().map(|_| ([None], None))
        }
    })?;
    walk.end()?;
    Ok(listed)
}

fn says(value: Raw<'_>) -> bool {
    value.is_some_and(|value| Shape::of(value) != Shape::Null)
}

fn succeeded(response: &Response, success: Raw<'_>, data_says: bool, error: Raw<'_>) -> Result<()> {
    let succeeded = if says(success) { flag(success) == Some(true) } else { data_says && !says(error) };
    if succeeded { Ok(()) } else { Err(response.bad("The provider's answer says success and failure at once.")) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::value::RawValue;
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
        let success = open(&response, body, Asked::Mutation).unwrap();
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
        let error = open(&made(body), body, Asked::Mutation).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ProviderBadResponse);
        assert_eq!(error.effect(), Effect::Unknown, "a 2xx that cannot be read may have taken effect");
    }

    #[test]
    fn broken_text_costs_what_holds_it_and_noise_is_no_text() {
        let made = |body: Vec<u8>| Response::made(Operation::KickParticipants, Intent::Mutation, StatusCode::OK, body);
        let response = made(b"{\"success\":true,\"\xff\":\"\xff\",\"data\":{}}".to_vec());
        assert!(open(&response, &body(&response).unwrap(), Asked::Mutation).is_ok());
        let noise = body(&made(vec![0xff; 1 << 20])).unwrap_err();
        assert_eq!((noise.kind(), noise.effect()), (ErrorKind::ProviderBadResponse, Effect::Unknown));
    }

    #[test]
    fn a_change_may_be_accepted_without_a_word() {
        let response = |intent| Response::made(Operation::KickAllParticipants, intent, StatusCode::NO_CONTENT, "");
        assert!(open(&response(Intent::Mutation), "", Asked::Mutation).unwrap().data.is_none());
        assert!(open(&response(Intent::Read), "", Asked::Account).is_err());
    }

    #[test]
    fn ten_thousand_levels_neither_overflow_nor_spoil_what_is_beside_them() {
        let body = format!(r#"{{"deep":{}{},"success":true,"data":1}}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert!(open(&made(&body), &body, Asked::Mutation).is_ok());
    }
}
