//! What shared parts of the document are called: names to choose from, the best first.

use http::StatusCode;
use serde_json::Value;

/// A header keeps its own.
pub(super) fn header_names(name: &str, _header: &Value) -> Vec<String> {
    vec![name.to_owned()]
}

/// A parameter's own name, with its place where another has the same.
pub(super) fn parameter_names(_key: &str, parameter: &Value) -> Vec<String> {
    let text = |member: &str| pascal(parameter[member].as_str().unwrap_or_default());
    vec![text("name"), text("name") + &text("in")]
}

/// A problem is called by its codes, as long as those are few; any other answer by its body. Else the status speaks.
pub(super) fn response_names(status: &str, response: &Value) -> Vec<String> {
    let codes = codes_of(response);
    let reason =
        pascal(status.parse::<StatusCode>().ok().and_then(|status| status.canonical_reason()).unwrap_or(status));
    let mut names = match &codes[..] {
        [] => vec![body_of(response).unwrap_or(reason)],
        [only] => vec![pascal(only)],
        [one, other] => vec![format!("{}Or{}", pascal(one), pascal(other))],
        [first, ..] => vec![reason.clone(), format!("{reason}Or{}", pascal(first))],
    };
    if response["headers"].get("RateLimit").is_none() {
        let plain = names.first().cloned().unwrap_or_default();
        names.push(plain + "WithoutRateLimit");
    }
    names
}

/// An example of a problem is called by its code, any other by its schema.
pub(super) fn example_name(media: &Value) -> String {
    match (media["example"]["code"].as_str(), schema_of(media)) {
        (Some(code), Some("Problem")) => pascal(code),
        (_, schema) => schema.unwrap_or("Example").to_owned(),
    }
}

/// The codes that the description of a problem names.
pub(super) fn codes_of(response: &Value) -> Vec<&str> {
    if response["content"].get("application/problem+json").is_none() {
        return Vec::new();
    }
    response["description"].as_str().unwrap_or_default().split('`').skip(1).step_by(2).collect()
}

fn body_of(response: &Value) -> Option<String> {
    schema_of(&response["content"]["application/json"]).map(str::to_owned)
}

fn schema_of(media: &Value) -> Option<&str> {
    media["schema"]["$ref"].as_str()?.rsplit('/').next()
}

/// `room_id`, `If-None-Match` and `Not Found` as `RoomId`, `IfNoneMatch` and `NotFound`.
pub(super) fn pascal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| match word.split_at_checked(1) {
            Some((first, rest)) => first.to_ascii_uppercase() + rest,
            None => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_says_what_the_part_is() {
        let content = json!({ "application/problem+json": {} });
        let limited = json!({ "RateLimit": {} });
        for (status, response, names) in [
            ("404", json!({ "description": "`a_b`", "content": content, "headers": limited }), &["AB"][..]),
            ("404", json!({ "description": "`a`", "content": content }), &["A", "AWithoutRateLimit"]),
            ("404", json!({ "description": "`a`, `b_c`", "content": content, "headers": limited }), &["AOrBC"]),
            (
                "503",
                json!({ "description": "`a`, `b`, `c`", "content": content }),
                &["ServiceUnavailable", "ServiceUnavailableOrA", "ServiceUnavailableWithoutRateLimit"],
            ),
            ("304", json!({ "description": "Nothing of `it`." }), &["NotModified", "NotModifiedWithoutRateLimit"]),
            (
                "200",
                json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } }),
                &["Thing", "ThingWithoutRateLimit"],
            ),
        ] {
            assert_eq!(response_names(status, &response), names, "{response}");
        }
        assert_eq!(parameter_names("", &json!({ "name": "If-None-Match", "in": "header" }))[0], "IfNoneMatch");
        assert_eq!(parameter_names("", &json!({ "name": "room_id", "in": "query" }))[1], "RoomIdQuery");
        let body =
            |schema: &str| json!({ "schema": { "$ref": format!("#/x/{schema}") }, "example": { "code": "a_b" } });
        assert_eq!(example_name(&body("Problem")), "AB");
        assert_eq!(example_name(&body("Thing")), "Thing");
        assert_eq!(header_names("X-Request-Id", &json!({})), ["X-Request-Id"]);
    }
}
