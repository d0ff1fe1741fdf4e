//! Bodies of the video services, read.

use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{BenchmarkId, Criterion, Throughput};
use http::StatusCode;
use session_provider::{Intent, Operation, Timestamp};
use upstream_http::Response;

use crate::bodies;

fn now() -> Timestamp {
    Timestamp::from_unix_ms(1_795_168_800_000).expect("a moment")
}

fn response(body: String) -> Response {
    Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body)
}

/// Huddle01's list as sessions.
pub(crate) fn huddle01(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("map a list, huddle01");
    for sessions in [100, 1000, 10_000] {
        let body = bodies::huddle01_list(sessions, |_| 0);
        group.throughput(Throughput::Bytes(body.len() as u64));
        let (response, now) = (response(body), now());
        group.bench_function(BenchmarkId::from_parameter(sessions), |bencher| {
            bencher.iter(|| provider_huddle01::fuzzing::list(black_box(&response), now).expect("a list"));
        });
    }
}

/// One page of RealtimeKit's list as sessions.
pub(crate) fn realtimekit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("map a page, realtimekit");
    let body = bodies::realtimekit_page(100, 1, 100, |_| 0);
    group.throughput(Throughput::Bytes(body.len() as u64));
    let (response, now) = (response(body), now());
    group.bench_function("100", |bencher| {
        bencher.iter(|| provider_realtimekit::fuzzing::list(black_box(&response), now).expect("a page"));
    });
}

/// The members of each row, looked up and not read.
pub(crate) fn rows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rows of a body, looked up");
    let body = bodies::huddle01_list(1000, |_| 0);
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("1000", |bencher| {
        bencher.iter(|| {
            let [list] = lenient_json::fields(black_box(&body), ["liveSessions"]).expect("an object");
            let mut found = 0;
            let read = lenient_json::elements(list.expect("a list"), |row| {
                found += usize::from(lenient_json::object_fields(row, ["roomId", "startTime"]).is_some());
                ControlFlow::Continue(())
            });
            assert!(read.is_ok() && found == 1000, "{found}");
        });
    });
}
