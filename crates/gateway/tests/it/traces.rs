//! What a collector of OpenTelemetry is sent: a span of each request and of each attempt at a provider, and nothing to providers.

use std::collections::BTreeMap;
use std::process::Command;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{Span, status::StatusCode};
use prost::Message;

use crate::collector::answering;
use crate::commands::TempFile;
use crate::program::{Running, ask};

/// What a span says of itself, as texts.
fn attributes(span: &Span) -> BTreeMap<&str, String> {
    let text = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    span.attributes
        .iter()
        .map(|one| (one.key.as_str(), text(one.value.as_ref().unwrap().value.as_ref().unwrap())))
        .collect()
}

/// The spans of what was asked with these headers, and the access line of it.
fn traced(header: &str) -> (Vec<Span>, serde_json::Value) {
    let (upstream, asked) = answering("500 Internal Server Error");
    let (collector, exported) = answering("200 OK");
    let file = TempFile::with(&format!(
        "[server]\nlisten = \"127.0.0.1:0\"\nadmin_listen = \"127.0.0.1:0\"\n\
         [auth]\nissuer = \"i\"\naudience = \"a\"\nhs256_secret = \"0123456789abcdef0123456789abcdef\"\n\
         [providers.huddle01]\nkind = \"huddle01\"\napi_key = \"canary\"\nbase_url = \"http://{upstream}/api\"\n\
         [telemetry]\notlp_endpoint = \"http://{collector}\"\n"
    ));
    let config = file.0.to_str().unwrap();
    let mut running = Running::start(&["serve", "--config", config]);
    let line: serde_json::Value = serde_json::from_str(&running.until("\n")).unwrap();
    let listen = line["listen"].as_str().unwrap();
    let token = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["token", "--config", config, "--sub", "s", "--scope", "sessions:read"])
        .output()
        .unwrap();
    let token = String::from_utf8(token.stdout).unwrap();
    let request = format!(
        "GET /v1/live-sessions/huddle01/a-room?include=session_id HTTP/1.1\r\nhost: {listen}\r\nconnection: close\r\n\
         authorization: Bearer {}\r\nx-request-id: r-1\r\n{header}\r\n",
        token.trim()
    );
    let answer = ask(listen, &request);
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    let log = running.until("\"target\":\"access\"");
    let access = log.lines().find(|line| line.contains("\"target\":\"access\"")).unwrap();
    assert_eq!(running.stop("-TERM"), Some(0));
    for _ in 0..2 {
        let (head, _) = asked.recv().unwrap();
        let head = head.to_lowercase();
        assert!(!head.contains("traceparent") && !head.contains("tracestate") && !head.contains("r-1"), "{head}");
    }
    let mut spans = Vec::new();
    while let Ok((head, body)) = exported.try_recv() {
        assert!(head.starts_with("POST /v1/traces "), "{head}");
        let request = ExportTraceServiceRequest::decode(&*body).unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("canary"), "a credential was sent to the collector");
        for of_resource in request.resource_spans {
            let resource = of_resource.resource.unwrap().attributes;
            assert!(resource.iter().any(|one| one.key == "service.name"));
            spans.extend(of_resource.scope_spans.into_iter().flat_map(|of_scope| of_scope.spans));
        }
    }
    (spans, serde_json::from_str(access).unwrap())
}

#[test]
fn a_request_and_each_attempt_are_spans_of_the_callers_trace() {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let (spans, access) = traced(&format!("traceparent: 00-{trace}-00f067aa0ba902b7-01\r\n"));
    assert_eq!(
        (&access["span"]["trace_id"], &access["span"]["parent_span_id"]),
        (&trace.into(), &"00f067aa0ba902b7".into())
    );
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(spans.iter().all(|span| hex(&span.trace_id) == trace), "{spans:?}");
    let of_kind = |kind: SpanKind| spans.iter().filter(move |span| span.kind() == kind).collect::<Vec<_>>();
    let [server] = of_kind(SpanKind::Server)[..] else { panic!("{spans:?}") };
    assert_eq!(server.name, "GET /v1/live-sessions/{provider}/{room_id}");
    assert_eq!(hex(&server.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(server.status.as_ref().unwrap().code(), StatusCode::Error);
    let said = attributes(server);
    for (key, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/v1/live-sessions/{provider}/{room_id}"),
        ("http.response.status_code", "502"),
        ("error.type", "provider_error"),
        ("url.path", "/v1/live-sessions/huddle01/a-room"),
        ("url.scheme", "http"),
        ("server.address", "127.0.0.1"),
        ("network.protocol.version", "1.1"),
        ("rollcall.request_id", "r-1"),
    ] {
        assert_eq!(said.get(key).map(String::as_str), Some(value), "{key}: {said:?}");
    }
    let attempts = of_kind(SpanKind::Client);
    assert_eq!(attempts.len(), 2, "a read is tried twice: {spans:?}");
    for (attempt, resent) in attempts.iter().zip([None, Some("1")]) {
        assert_eq!((attempt.name.as_str(), &attempt.parent_span_id), ("GET", &server.span_id));
        let said = attributes(attempt);
        let port: &str = &said["server.port"];
        for (key, value) in [
            ("http.request.method", "GET"),
            ("http.response.status_code", "500"),
            ("error.type", "provider_error"),
            ("url.full", &format!("http://127.0.0.1:{port}/api/live-sessions/a-room")),
            ("server.address", "127.0.0.1"),
            ("network.protocol.version", "1.1"),
            ("rollcall.provider", "huddle01"),
            ("rollcall.operation", "get_live_session"),
        ] {
            assert_eq!(said.get(key).map(String::as_str), Some(value), "{key}: {said:?}");
        }
        assert_eq!(said.get("http.request.resend_count").map(String::as_str), resent);
    }
}

#[test]
fn a_trace_that_begins_here_is_sampled_and_the_access_line_names_it() {
    let (spans, access) = traced("");
    let [server] = spans.iter().filter(|span| span.kind() == SpanKind::Server).collect::<Vec<_>>()[..] else {
        panic!("{spans:?}")
    };
    let trace: String = server.trace_id.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(access["span"]["trace_id"], trace);
    assert!(access["span"].get("parent_span_id").is_none() && server.parent_span_id.is_empty());
    assert_eq!(spans.len(), 3);
}

#[test]
fn what_the_caller_does_not_sample_is_not_sent() {
    let (spans, access) = traced("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00\r\n");
    assert_eq!(spans, []);
    assert_eq!(
        access["span"]["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736",
        "the log is in the caller's trace all the same"
    );
}
