//! What the metrics of requests say, and what they do not.

use metrics_exporter_prometheus::PrometheusBuilder;

use crate::api::tests::support::{Gateway, anonymous};

#[test]
fn requests_are_counted_by_their_route_and_never_by_their_path() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let gateway = Gateway::new();
            gateway.get("/v1/live-sessions/able/private-room").await;
            gateway.send(anonymous("GET", "/private-path")).await;
            gateway.send(anonymous("BREW", "/healthz")).await;
        });
    });
    let text = handle.render();
    for (route, method, status) in
        [("/v1/live-sessions/{provider}/{room_id}", "GET", 404), ("unmatched", "GET", 404), ("/healthz", "other", 405)]
    {
        let line = format!(r#"rollcall_http_requests_total{{route="{route}",method="{method}",status="{status}"}} 1"#);
        assert!(text.contains(&line), "{line} in {text}");
    }
    assert!(text.contains("rollcall_http_request_duration_seconds"), "{text}");
    assert!(!text.contains("private"), "{text}");
}
