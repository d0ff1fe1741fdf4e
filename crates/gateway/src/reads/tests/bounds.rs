//! What is counted and what is bounded.

use std::time::Duration;

use futures_util::future::join_all;
use metrics_exporter_prometheus::PrometheusBuilder;
use session_provider::{ErrorKind, Operation};
use tokio::time::advance;

use crate::config::CacheConfig;
use crate::problem::Code;
use crate::reads::testing::*;
use crate::testing::{Behaviour, Scripted};

#[tokio::test(start_paused = true)]
async fn every_way_to_an_answer_is_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let fake = Scripted::new("p", Behaviour { delay: Duration::from_millis(10), ..Behaviour::default() });
    fake.set(|it| it.dropped = 3);
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list, provider, room) = (everyone(), list(), provider(&fake), room("r"));
    let get = || reads.live_sessions(call(), &caller, &list);
    let (first, second) = tokio::join!(get(), get());
    assert!(first.is_ok() && second.is_ok());
    get().await.unwrap();
    advance(Duration::from_secs(3)).await;
    get().await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    fake.set(|it| it.fail = Some(ErrorKind::ProviderError));
    advance(Duration::from_secs(11)).await;
    get().await.unwrap();
    fake.set(|it| it.fail = None);
    for _ in 0..2 {
        reads.live_session(call(), &provider, &room, &Default::default()).await.unwrap_err();
    }
    let text = recorder.handle().render();
    for (operation, outcome, count) in [
        ("list_live_sessions", "miss", 1),
        ("list_live_sessions", "collapsed", 1),
        ("list_live_sessions", "hit", 1),
        ("list_live_sessions", "revalidate", 1),
        ("list_live_sessions", "stale", 1),
        ("get_live_session", "miss", 1),
        ("get_live_session", "negative", 1),
    ] {
        let line = format!("rollcall_cache_reads_total{{operation=\"{operation}\",outcome=\"{outcome}\"}} {count}\n");
        assert!(text.contains(&line), "{line} in {text}");
    }
    assert!(text.contains("rollcall_loads 0\n"), "{text}");
    assert!(text.contains("rollcall_rows_dropped_total{provider=\"p\"} 6\n"), "{text}");
    let weight = text.lines().find_map(|line| line.strip_prefix("rollcall_cache_weight_bytes ")).unwrap();
    assert_eq!(weight.parse::<f64>().unwrap(), reads.cache().weight() as f64);
    assert!(reads.cache().weight() > 0);
}

#[tokio::test(start_paused = true)]
async fn loads_under_way_are_bounded() {
    let fake = Scripted::new("p", Behaviour { delay: Duration::from_millis(10), ..Behaviour::default() });
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let include = Default::default();
    let rooms: Vec<_> = (0..4100).map(|index| room(&format!("r{index}"))).collect();
    let ended = join_all(rooms.iter().map(|room| reads.live_session(call(), &provider, room, &include))).await;
    let refused = ended.iter().filter(|reply| reply.as_ref().unwrap_err().code == Code::Overloaded).count();
    assert_eq!((refused, fake.calls(Operation::GetLiveSession)), (4, 4096));
    assert_eq!(reads.cache().loads(), 0);
}
