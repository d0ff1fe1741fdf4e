//! Each way in which an answer and a document may disagree.

use http::HeaderMap;

use super::*;

fn document() -> OpenApiDocument {
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    let document = json!({
        "paths": {
            "/things": { "post": {
                "requestBody": {
                    "required": true,
                    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } },
                },
                "responses": { "201": { "description": "Made." }, "404": { "description": "`no_thing`" } },
            }, "get": { "responses": { "200": {
                "description": "All.", "content": { "application/json": { "schema": { "type": "array" } } },
            } } } },
            "/things/{id}": { "get": { "responses": {
                "200": {
                    "description": "One.",
                    "headers": {
                        "ETag": { "required": true, "schema": { "type": "string" } },
                        "Age": { "schema": { "type": "integer" } },
                    },
                    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } },
                },
                "304": { "description": "The same." },
                "404": { "description": "`no_thing`", "content": { PROBLEM: { "schema": problem } } },
            } } },
        },
        "components": { "schemas": {
            "Thing": {
                "type": "object", "required": ["name", "since"],
                "properties": {
                    "name": { "type": ["string", "null"] },
                    "since": { "type": "string", "format": "date-time" },
                },
            },
            "Problem": {
                "type": "object", "required": ["code"], "properties": { "code": { "$ref": "#/components/schemas/Code" } },
            },
            "Code": { "type": "string", "enum": ["no_thing", "no_route"] },
        } },
    });
    OpenApiDocument::parse(&document.to_string()).unwrap()
}

const GOOD: &str = r#"{"name":null,"since":"2026-11-20T10:00:00.000Z"}"#;

fn faults_of_request(body: &str, status: u16) -> String {
    let answer = SeenAnswer {
        method: &Method::POST,
        path: "/things",
        request_body: body.as_bytes(),
        status: StatusCode::from_u16(status).unwrap(),
        headers: &HeaderMap::new(),
        body: b"",
    };
    document().check(&answer).err().unwrap_or_default()
}

#[test]
fn what_is_accepted_is_what_may_be_sent() {
    assert_eq!(faults_of_request(GOOD, 201), "");
    assert_eq!(faults_of_request("{}", 404), "", "it was refused");
    for (body, fault) in [
        ("", "the request was accepted, but there is none"),
        ("{}", "the request was accepted, but body: \"name\" is a required property"),
    ] {
        let told = faults_of_request(body, 201);
        assert!(told.contains(fault), "{told}");
    }
}

fn faults(method: &str, path: &str, status: u16, headers: &[(&'static str, &str)], body: &str) -> String {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let answer = SeenAnswer {
        method: &method.parse().unwrap(),
        path,
        request_body: b"",
        status: StatusCode::from_u16(status).unwrap(),
        headers: &headers,
        body: body.as_bytes(),
    };
    document().check(&answer).err().unwrap_or_default()
}

#[test]
fn what_is_documented_is_allowed() {
    let json = ("content-type", "application/json; charset=utf-8");
    for (method, path, status, headers, body) in [
        ("GET", "/things/a%2Fb", 200, &[json, ("etag", "W/\"1\""), ("age", "3")][..], GOOD),
        ("GET", "/things", 200, &[json], "[]"),
        ("HEAD", "/things/a", 200, &[json, ("etag", "W/\"1\""), ("content-length", "48")], ""),
        ("GET", "/things/a", 304, &[("etag", "W/\"1\"")], ""),
        ("GET", "/things/a", 404, &[("content-type", PROBLEM)], r#"{"code":"no_thing"}"#),
        ("GET", "/nothing", 404, &[("content-type", PROBLEM)], r#"{"code":"no_route"}"#),
        ("PUT", "/things", 405, &[("content-type", PROBLEM)], r#"{"code":"no_route"}"#),
        ("OPTIONS", "/things", 200, &[], ""),
    ] {
        assert_eq!(faults(method, path, status, headers, body), "", "{method} {path} {status}");
    }
}

#[test]
fn whatever_is_not_documented_is_told() {
    let json = ("content-type", "application/json");
    let tag = ("etag", "W/\"1\"");
    let problem = ("content-type", PROBLEM);
    for (method, path, status, headers, body, fault) in [
        ("GET", "/things/a", 500, &[problem][..], r#"{"code":"no_thing"}"#, "status 500 Internal Server Error is not"),
        ("GET", "/things/a", 200, &[json], GOOD, "ETag is required and missing"),
        ("GET", "/things/a", 200, &[json, tag, ("age", "soon")], GOOD, "Age is no integer"),
        ("GET", "/things/a", 200, &[tag, ("content-type", "text/plain")], GOOD, "Content-Type is \"text/plain\""),
        ("GET", "/things/a", 200, &[json, tag], "{", "the body is not JSON"),
        ("GET", "/things/a", 200, &[json, tag], r#"{"name":1,"since":"2026-11-20T10:00:00Z"}"#, "body/name: 1 is not"),
        ("GET", "/things/a", 200, &[json, tag], r#"{"name":"x"}"#, "\"since\" is a required property"),
        ("GET", "/things/a", 200, &[json, tag], r#"{"name":"x","since":"today"}"#, "is not a \"date-time\""),
        ("GET", "/things/a", 200, &[json, tag], &GOOD.replace("null", "null,\"more\":1"), "'more' was unexpected"),
        ("GET", "/things/a", 404, &[problem], r#"{"code":"no_such_code"}"#, "is not one of"),
        ("GET", "/things/a", 404, &[problem], r#"{"code":"no_route"}"#, "the code no_route is not told for status 404"),
        ("GET", "/things/a", 304, &[tag, ("content-length", "0")], "", "Content-Length: 0"),
        ("GET", "/things/a", 304, &[tag], "x", "there is a body"),
        ("HEAD", "/things/a", 200, &[json, tag, ("content-length", "0")], "", "Content-Length: 0"),
        ("GET", "/things", 200, &[json, ("content-length", "3")], "[]", "Content-Length: 3, but"),
        ("GET", "/things/", 200, &[json], "[]", "200 OK for what the document does not have"),
        ("GET", "/nothing", 404, &[("content-type", "text/plain")], "no", "Content-Type is \"text/plain\""),
        ("OPTIONS", "/things", 204, &[], "", "204 No Content for what the document does not have"),
    ] {
        let told = faults(method, path, status, headers, body);
        assert!(told.contains(fault), "{method} {path} {status}: {told}");
    }
}

#[test]
fn a_page_for_people_is_not_held_against_it_but_what_is_refused_there_is() {
    let document = document().with_pages(&["/page", "/page/{file}"]);
    let check = |method: &str, path: &str, status: u16, media_type: &str| {
        let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, media_type.parse().unwrap())]);
        let answer = SeenAnswer {
            method: &method.parse().unwrap(),
            path,
            request_body: b"",
            status: StatusCode::from_u16(status).unwrap(),
            headers: &headers,
            body: b"<html>",
        };
        document.check(&answer).is_ok()
    };
    assert!(check("GET", "/page", 200, "text/html") && check("GET", "/page/a.js", 200, "text/javascript"));
    assert!(!check("GET", "/page/a.js", 404, "text/html"), "no problem");
    assert!(!check("POST", "/page", 200, "text/html") && !check("GET", "/pages", 200, "text/html"));
}
