//! What every store must do.

use std::sync::Arc;
use std::time::Duration;

use coordination::conformance::{CHECKS, Stage, run_all, survives_a_loss};
use coordination::{Name, Scope, Store};
use coordination_redis::{RedisConfig, RedisStore};
use tokio::task::JoinSet;

use crate::server::Server;

const UNIT: Duration = Duration::from_millis(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_passes_the_suite() {
    let Some(server) = Server::start(&[]).await else { return };
    let report = run_all(&Stage::new(server.store(), UNIT)).await;
    assert!(report.failed.is_empty(), "{report}");
    assert_eq!(report.passed.len(), CHECKS.len());
}

#[tokio::test]
async fn nothing_old_comes_back_after_a_flush_or_a_restart() {
    let Some(mut server) = Server::start(&[]).await else { return };
    let stage = Stage::new(server.store(), UNIT);
    survives_a_loss(&stage, async || assert_eq!(server.say(&["FLUSHALL"]).await, "+OK\r\n")).await.unwrap();
    let forgetful = async || {
        server.say(&["FLUSHALL"]).await;
        server.say(&["SCRIPT", "FLUSH"]).await;
    };
    survives_a_loss(&stage, forgetful).await.unwrap();
    let store = server.store();
    let stage = Stage::new(store.clone(), UNIT);
    survives_a_loss(&stage, async || {
        server.restart().await;
        // The connection is found broken by one step.
        let _ = store.remember(Scope(Name::of([])), Name::of([]), UNIT).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_thousand_steps_at_once_share_one_connection() {
    let Some(server) = Server::start(&[]).await else { return };
    let store = server.store();
    let mut steps = JoinSet::new();
    for number in 0..1000_u32 {
        let store = store.clone();
        steps.spawn(async move {
            let delivery = Name::of([number.to_be_bytes().as_slice()]);
            store.remember(Scope(Name::of([])), delivery, Duration::from_secs(60)).await
        });
    }
    while let Some(outcome) = steps.join_next().await {
        assert!(outcome.unwrap().unwrap(), "each delivery is new");
    }
    let clients = server.say(&["CLIENT", "LIST", "TYPE", "normal"]).await;
    assert_eq!(clients.matches(" addr=").count(), 2, "the store and whoever asks: {clients}");
}

#[tokio::test]
async fn two_namespaces_or_two_databases_do_not_see_each_other() {
    let Some(server) = Server::start(&[]).await else { return };
    let (scope, delivery) = (Scope(Name::of([])), Name::of([]));
    let other_namespace = RedisConfig { namespace: "staging".to_owned(), ..server.config() };
    let other_database = RedisConfig { url: format!("redis://127.0.0.1:{}/1", server.port).into(), ..server.config() };
    for config in [server.config(), other_namespace, other_database] {
        let store: Arc<dyn Store> = Arc::new(RedisStore::new(&config).unwrap());
        assert!(store.remember(scope, delivery, Duration::from_secs(60)).await.unwrap(), "{config:?}");
        assert!(!store.remember(scope, delivery, Duration::from_secs(60)).await.unwrap(), "{config:?}");
    }
}
