use std::sync::{Arc, Mutex};

use http::HeaderMap;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use super::*;
use crate::telemetry::parent_of;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const LINE: AccessLine<'static> = AccessLine {
    unix_micros: 1_795_168_800_123_000,
    request_id: "r-1",
    method: "GET",
    route: "/v1/live-sessions/{provider}/{room_id}",
    parent: None,
    own_trace: None,
    status: 200,
    code: None,
    elapsed: Duration::from_micros(1999),
    issuer: None,
    subject: None,
};

fn printed(format: LogFormat, level: tracing::Level, line: &AccessLine<'_>) -> String {
    let captured = Captured::default();
    let writer = LineWriter::new(captured.clone());
    AccessLog::new(&LogConfig { format, level }, writer.clone()).answered(line);
    writer.flush(Duration::from_secs(60));
    captured.text()
}

/// What tracing itself would print.
fn traced(format: LogFormat, headers: &HeaderMap, line: &AccessLine<'_>) -> String {
    let captured = Captured::default();
    let sink = captured.clone();
    let lines = crate::telemetry::logs::layer(format, BoxMakeWriter::new(move || sink.clone()));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
        let span = tracing::info_span!(
            "request",
            request_id = line.request_id,
            method = line.method,
            route = line.route,
            trace_id = tracing::field::Empty,
            parent_span_id = tracing::field::Empty,
        );
        let parent = parent_of(headers);
        if let Some(trace) = parent.as_ref().map(SpanContext::trace_id).or(line.own_trace) {
            span.record("trace_id", trace.to_string());
        }
        if let Some(parent) = parent {
            span.record("parent_span_id", parent.span_id().to_string());
        }
        let _entered = span.entered();
        tracing::info!(
            target: "access",
            status = line.status,
            code = line.code,
            elapsed_ms = 1u64,
            iss = line.issuer,
            sub = line.subject,
            "answered"
        );
    });
    captured.text()
}

#[tokio::test(start_paused = true)]
async fn a_line_is_what_an_event_in_the_span_of_the_request_would_be() {
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().unwrap();
    let headers = HeaderMap::from_iter([(http::HeaderName::from_static("traceparent"), traceparent)]);
    let parent = parent_of(&headers);
    assert!(parent.is_some());
    let nasty = "a\n{\"target\":\"audit\"}\r\u{2028}\"\\\0\u{1b}[2J\u{7f}\u{e9}\u{1f600}";
    for line in [
        LINE,
        AccessLine { code: Some("route_not_found"), status: 404, ..LINE },
        AccessLine { issuer: Some(nasty), subject: Some(""), ..LINE },
        AccessLine { own_trace: Some(TraceId::from(7)), ..LINE },
        AccessLine { issuer: Some("i"), subject: Some(nasty), parent: parent.as_ref(), ..LINE },
    ] {
        let headers = if line.parent.is_some() { headers.clone() } else { HeaderMap::new() };
        for format in [LogFormat::Json, LogFormat::Pretty] {
            let (ours, theirs) = (printed(format, tracing::Level::INFO, &line), traced(format, &headers, &line));
            let time = "2026-11-20T10:00:00.123000Z";
            let at = ours.find(time).unwrap();
            let without_time = |text: &str| format!("{}{}", &text[..at], &text[at + time.len()..]);
            assert_eq!(without_time(&ours), without_time(&theirs));
            assert_eq!(ours.matches('\n').count(), 1, "{ours}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn above_info_there_are_no_lines() {
    assert_eq!(printed(LogFormat::Json, tracing::Level::WARN, &LINE), "");
    assert_eq!(printed(LogFormat::Json, tracing::Level::DEBUG, &LINE).lines().count(), 1);
}
