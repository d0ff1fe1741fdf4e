//! Traces, sent to a collector by OTLP over HTTP.

use opentelemetry::global;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::trace::SdkTracerProvider;
use url::Url;

use crate::telemetry::collector::{END_TIMEOUT, EXPORT_TIMEOUT, own_resource, url_of};

/// A running export. Its thread uses a blocking client, so it is started before the async runtime and shut down after
/// it.
#[derive(Debug)]
pub struct TraceExport {
    provider: SdkTracerProvider,
}

impl TraceExport {
    /// Starts to export to the collector at `endpoint`; `/v1/traces` is added to it.
    ///
    /// # Errors
    /// When the exporter cannot be made.
    pub fn start(endpoint: &Url) -> Result<Self, ExporterBuildError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(url_of(endpoint, "traces"))
            .with_timeout(EXPORT_TIMEOUT)
            .build()?;
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(own_resource()).build();
        // The exchanges with providers find it there.
        global::set_tracer_provider(provider.clone());
        Ok(Self { provider })
    }

    pub(super) fn provider(&self) -> &SdkTracerProvider {
        &self.provider
    }

    /// Sends what is left, for at most a second: a silent collector must not hold the end up.
    pub fn shut_down(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(END_TIMEOUT) {
            tracing::warn!(%error, "some traces could not be sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use http::HeaderMap;
    use session_provider::RequestId;

    use super::*;
    use crate::telemetry::ServerSpans;

    /// Answers one request with 200 and gives back what it was.
    fn collect_one(listener: TcpListener) -> Vec<u8> {
        let (mut socket, _) = listener.accept().unwrap();
        let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
        loop {
            let head_end = request.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = head_end {
                let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
                let length = head.split("content-length:").nth(1).unwrap().lines().next().unwrap().trim();
                if request.len() >= end + 4 + length.parse::<usize>().unwrap() {
                    break;
                }
            }
            let read = socket.read(&mut chunk).unwrap();
            assert!(read > 0, "the exporter hung up");
            request.extend_from_slice(&chunk[..read]);
        }
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        request
    }

    /// The span of a request with these headers.
    fn begun(export: &TraceExport, headers: &HeaderMap) -> Option<crate::telemetry::ServerSpan> {
        let (parts, ()) = http::Request::new(()).into_parts();
        let parent = crate::telemetry::parent_of(headers);
        ServerSpans::to(export).begin(&parts, parent.as_ref(), "GET", &RequestId::generate())
    }

    #[test]
    fn what_the_caller_does_not_sample_is_not_made() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let export = TraceExport::start(&endpoint).unwrap();
        let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00".parse().unwrap();
        let headers = HeaderMap::from_iter([(http::HeaderName::from_static("traceparent"), traceparent)]);
        assert!(begun(&export, &headers).is_none());
        export.shut_down();
    }

    #[test]
    fn a_silent_collector_does_not_hold_the_end_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let export = TraceExport::start(&endpoint).unwrap();
        drop(begun(&export, &HeaderMap::new()).unwrap());
        let began = tokio::time::Instant::now();
        export.shut_down();
        assert!(began.elapsed() < 2 * END_TIMEOUT, "{:?}", began.elapsed());
    }

    #[test]
    fn a_span_arrives_at_the_collector_as_a_child_of_the_callers() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let collector = std::thread::spawn(move || collect_one(listener));
        let export = TraceExport::start(&endpoint).unwrap();
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static("traceparent"),
            format!("00-{trace}-00f067aa0ba902b7-01").parse().unwrap(),
        )]);
        begun(&export, &headers).unwrap().end(Some("/request".to_owned()), http::StatusCode::OK, None);
        export.shut_down();
        let request = collector.join().unwrap();
        assert!(request.starts_with(b"POST /v1/traces "));
        let trace: Vec<u8> = (0..16).map(|i| u8::from_str_radix(&trace[2 * i..2 * i + 2], 16).unwrap()).collect();
        assert!(request.windows(16).any(|bytes| bytes == trace), "the caller's trace id is not in the export");
        assert!(request.windows(7).any(|bytes| bytes == b"request"));
    }
}
