//! A server that is gone, hangs, is full or comes back.

use std::net::TcpListener;
use std::time::Duration;

use coordination::{Mark, Name, ReplicaId, Scope, Store, StoreError, Touch};
use coordination_redis::{RedisConfig, RedisStore};
use tokio::time::{sleep, timeout};

use crate::server::{PATIENT, Server, config};

const SHORT: Duration = Duration::from_millis(100);

async fn touch(store: &RedisStore) -> Result<u64, StoreError> {
    let touch = Touch { marks: vec![Mark::account()], said: "said".into() };
    let step = store.touch(Scope(Name::of([])), ReplicaId::of(1), &touch, Duration::from_secs(60));
    timeout(PATIENT, step).await.expect("no step waits for longer than its time")
}

/// Until the store is used again, which takes some steps at most.
async fn works_again(store: &RedisStore) {
    for _ in 0..200 {
        if touch(store).await.is_ok() {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("it is not used again: {:?}", touch(store).await);
}

#[tokio::test]
async fn nobody_is_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let store = RedisStore::new(&config(&format!("redis://127.0.0.1:{port}"))).unwrap();
    for _ in 0..3 {
        assert_eq!(touch(&store).await.unwrap_err().to_string(), "the shared store cannot be reached");
    }
}

/// The kernel takes the connection, and nobody ever says a word on it.
#[tokio::test]
async fn who_never_says_a_word_costs_no_more_than_the_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let store = RedisStore::new(&RedisConfig { timeout: SHORT, ..config(&url) }).unwrap();
    assert_eq!(touch(&store).await.unwrap_err().to_string(), "the shared store did not answer in time");
}

#[tokio::test]
async fn a_server_that_hangs_is_used_again_when_it_goes_on() {
    let Some(server) = Server::start(&[]).await else { return };
    let store = RedisStore::new(&RedisConfig { timeout: SHORT, ..server.config() }).unwrap();
    works_again(&store).await;
    server.signal("STOP");
    for _ in 0..3 {
        assert_eq!(touch(&store).await.unwrap_err().to_string(), "the shared store did not answer in time");
    }
    server.signal("CONT");
    works_again(&store).await;
}

#[tokio::test]
async fn a_server_that_was_gone_is_used_again() {
    let Some(mut server) = Server::start(&[]).await else { return };
    let store = server.store();
    assert_eq!(touch(&store).await.unwrap(), 1);
    server.kill();
    for _ in 0..3 {
        assert!(touch(&store).await.is_err());
    }
    server.restart().await;
    works_again(&store).await;
}

#[tokio::test]
async fn a_full_server_says_so_and_what_is_there_is_read() {
    let Some(server) = Server::start(&[]).await else { return };
    let store = server.store();
    assert_eq!(touch(&store).await.unwrap(), 1);
    server.say(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let error = touch(&store).await.unwrap_err();
    assert_eq!(error.to_string(), "the shared store is out of memory");
    assert_eq!(error.cause().unwrap().to_string(), "the server says OOM");
    let page = store.events(Scope(Name::of([])), 0, 1).await.unwrap();
    assert_eq!(page.latest, 0);
    server.say(&["CONFIG", "SET", "maxmemory", "0"]).await;
    assert_eq!(touch(&store).await.unwrap(), 2, "nothing of the refused step is there");
}

#[tokio::test]
async fn a_server_that_forgot_its_scripts_is_told_them() {
    let Some(server) = Server::start(&[]).await else { return };
    let store = server.store();
    assert_eq!(touch(&store).await.unwrap(), 1);
    server.say(&["SCRIPT", "FLUSH"]).await;
    assert_eq!(touch(&store).await.unwrap(), 2);
}

/// A replica takes no writes: the name may lead to another server by now.
#[tokio::test]
async fn a_server_that_only_reads_is_left() {
    let Some(server) = Server::start(&[]).await else { return };
    let store = server.store();
    assert_eq!(touch(&store).await.unwrap(), 1);
    server.say(&["REPLICAOF", "127.0.0.1", "1"]).await;
    assert_eq!(touch(&store).await.unwrap_err().to_string(), "the shared store is not ready");
    server.say(&["REPLICAOF", "NO", "ONE"]).await;
    assert_eq!(touch(&store).await.unwrap(), 2);
    let seen = server.say(&["INFO", "stats"]).await;
    let connections = seen.lines().find_map(|line| line.strip_prefix("total_connections_received:")).unwrap();
    assert!(connections.parse::<u32>().unwrap() >= 6, "two of the store's, and the others: {connections}");
}
