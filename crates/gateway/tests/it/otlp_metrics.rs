//! Metrics that are pushed: what a collector is sent is what a scraper reads.

use std::collections::BTreeMap;
use std::process::Command;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, HistogramDataPoint, Metric, NumberDataPoint};
use prost::Message;

use crate::collector::answering;
use crate::commands::TempFile;
use crate::program::{Running, ask};

/// A series as Prometheus writes its name and labels, and its value.
type Written = BTreeMap<String, f64>;

/// What was pushed last, and what could be scraped before.
struct Told {
    pushed: Vec<Metric>,
    scraped: String,
}

/// Asks for a live session that the provider fails to give, reads `/metrics`, and ends.
fn told() -> Told {
    let (upstream, _asked) = answering("500 Internal Server Error");
    let (collector, exported) = answering("200 OK");
    let file = TempFile::with(&format!(
        "[server]\nlisten = \"127.0.0.1:0\"\nadmin_listen = \"127.0.0.1:0\"\n\
         [auth]\nissuer = \"i\"\naudience = \"a\"\nhs256_secret = \"0123456789abcdef0123456789abcdef\"\n\
         [providers.huddle01]\nkind = \"huddle01\"\napi_key = \"canary\"\nbase_url = \"http://{upstream}/api\"\n\
         [telemetry]\notlp_endpoint = \"http://{collector}\"\notlp_metrics_every = \"1h\"\n"
    ));
    let config = file.0.to_str().unwrap();
    let mut running = Running::start(&["serve", "--config", config]);
    let line: serde_json::Value = serde_json::from_str(&running.until("\n")).unwrap();
    let (listen, admin) = (line["listen"].as_str().unwrap(), line["admin_listen"].as_str().unwrap());
    let token = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["token", "--config", config, "--sub", "s", "--scope", "sessions:read"])
        .output()
        .unwrap();
    let token = String::from_utf8(token.stdout).unwrap();
    let get = |path: &str| {
        let token = token.trim();
        format!("GET {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n")
    };
    let answer = ask(listen, &get("/v1/live-sessions/huddle01/a-room"));
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    running.until("\"target\":\"access\"");
    let scraped = ask(admin, &get("/metrics"));
    assert_eq!(running.stop("-TERM"), Some(0));
    let mut pushed = Vec::new();
    while let Ok((head, body)) = exported.try_recv() {
        if !head.starts_with("POST /v1/metrics ") {
            continue;
        }
        assert!(!String::from_utf8_lossy(&body).contains("canary"), "a credential was sent to the collector");
        for of_resource in ExportMetricsServiceRequest::decode(&*body).unwrap().resource_metrics {
            let resource = of_resource.resource.unwrap().attributes;
            for key in ["service.name", "service.version", "service.instance.id"] {
                assert!(resource.iter().any(|one| one.key == key), "{key}: {resource:?}");
            }
            pushed = of_resource.scope_metrics.into_iter().flat_map(|of_scope| of_scope.metrics).collect();
        }
    }
    Told { pushed, scraped }
}

/// The name and the labels as Prometheus writes them.
fn series(name: &str, attributes: &[KeyValue]) -> String {
    let text = |one: &KeyValue| match one.value.as_ref().unwrap().value.as_ref().unwrap() {
        any_value::Value::StringValue(text) => format!("{}=\"{text}\"", one.key),
        other => panic!("{other:?}"),
    };
    let labels: std::collections::BTreeSet<_> = attributes.iter().map(text).collect();
    let labels: Vec<_> = labels.into_iter().collect();
    if labels.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", labels.join(",")) }
}

fn number(point: &NumberDataPoint) -> f64 {
    match point.value.as_ref().unwrap() {
        Value::AsInt(value) => *value as f64,
        Value::AsDouble(value) => *value,
    }
}

/// The series of a scrape, labels in order, without those of buckets.
fn scraped(text: &str) -> Written {
    let body = text.split("\r\n\r\n").nth(1).unwrap();
    let lines = body.lines().filter(|line| line.starts_with("rollcall_") && !line.contains("_bucket{"));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let name = match name.strip_suffix('}').and_then(|name| name.split_once('{')) {
                Some((name, labels)) => {
                    let mut labels: Vec<_> = labels.split(',').collect();
                    labels.sort_unstable();
                    format!("{name}{{{}}}", labels.join(","))
                }
                None => name.to_owned(),
            };
            (name, value.parse().unwrap())
        })
        .collect()
}

/// The same of what was pushed, a histogram's as its `_sum` and `_count`.
fn pushed(metrics: &[Metric]) -> Written {
    let mut written = Written::new();
    let mut histogram = |name: &str, point: &HistogramDataPoint| {
        written.insert(series(&format!("{name}_sum"), &point.attributes), point.sum.unwrap());
        written.insert(series(&format!("{name}_count"), &point.attributes), point.count as f64);
    };
    for metric in metrics {
        if let Data::Histogram(data) = metric.data.as_ref().unwrap() {
            data.data_points.iter().for_each(|point| histogram(&metric.name, point));
        }
    }
    for metric in metrics {
        let points = match metric.data.as_ref().unwrap() {
            Data::Sum(data) => &data.data_points,
            Data::Gauge(data) => &data.data_points,
            _ => continue,
        };
        written.extend(points.iter().map(|point| (series(&metric.name, &point.attributes), number(point))));
    }
    written
}

#[test]
fn a_collector_is_sent_the_series_that_a_scraper_reads() {
    let told = told();
    let (scraped, pushed) = (scraped(&told.scraped), pushed(&told.pushed));
    assert!(scraped.len() > 20, "{scraped:?}");
    let request =
        "rollcall_http_requests_total{method=\"GET\",route=\"/v1/live-sessions/{provider}/{room_id}\",status=\"502\"}";
    assert_eq!(pushed.get(request), Some(&1.0), "{pushed:?}");
    let exchanges: f64 = pushed
        .iter()
        .filter(|(name, _)| name.starts_with("rollcall_upstream_exchanges_total{"))
        .map(|(_, it)| it)
        .sum();
    assert_eq!(exchanges, 2.0, "each attempt once: {pushed:?}");
    for (name, value) in &scraped {
        let sent = pushed.get(name).unwrap_or_else(|| panic!("{name} is not sent: {pushed:?}"));
        // The scrape itself, and the end, come between the two.
        let moves = ["rollcall_connections", "rollcall_cache_weight", "rollcall_budget_remaining"];
        let is_same = sent == value || moves.iter().any(|moving| name.starts_with(moving));
        let is_of_the_scrape = name.contains("route=\"/metrics\"");
        assert!(is_same || is_of_the_scrape, "{name}: {sent} sent, {value} scraped");
    }
}

#[test]
fn sums_are_cumulative_and_monotonic_and_durations_have_the_same_buckets() {
    let told = told();
    let metric = |name: &str| told.pushed.iter().find(|metric| metric.name == name).unwrap();
    let counter = metric("rollcall_http_requests_total");
    let Some(Data::Sum(sum)) = &counter.data else { panic!("{counter:?}") };
    assert!(sum.is_monotonic && sum.aggregation_temporality() == AggregationTemporality::Cumulative, "{sum:?}");
    assert!(sum.data_points.iter().all(|point| point.start_time_unix_nano > 0), "{sum:?}");
    assert_eq!(counter.description, "Requests answered.");
    let durations = metric("rollcall_http_request_duration_seconds");
    let Some(Data::Histogram(histogram)) = &durations.data else { panic!("{durations:?}") };
    assert_eq!(
        (durations.unit.as_str(), histogram.aggregation_temporality()),
        ("s", AggregationTemporality::Cumulative)
    );
    let of_buckets = told.scraped.lines().filter(|line| {
        line.starts_with("rollcall_http_request_duration_seconds_bucket{") && line.contains("/{room_id}\"")
    });
    let of_buckets: Vec<_> = of_buckets.filter_map(|line| line.split("le=\"").nth(1)?.split('"').next()).collect();
    let bounds: Vec<_> = histogram.data_points[0].explicit_bounds.iter().map(ToString::to_string).collect();
    assert_eq!([bounds, vec!["+Inf".to_owned()]].concat(), of_buckets);
    assert!(matches!(metric("rollcall_build_info").data, Some(Data::Gauge(_))));
}
