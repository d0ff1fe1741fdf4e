//! Who we are at the store.

use std::time::Duration;

use coordination::conformance::{Stage, run_all};
use coordination::{Name, Scope, Store, StoreError};
use coordination_redis::{RedisConfig, RedisStore};

use crate::server::{Server, config};

async fn step(config: &RedisConfig) -> Result<bool, StoreError> {
    let store = RedisStore::new(config).unwrap();
    store.remember(Scope(Name::of([])), Name::of([]), Duration::from_secs(1)).await
}

/// What the documentation tells operators to allow.
const RIGHTS: [&str; 6] = ["~rollcall:*", "-@all", "+@read", "+@write", "+@scripting", "+time"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_with_few_rights_is_enough() {
    let Some(server) = Server::start(&[]).await else { return };
    let mut command = vec!["ACL", "SETUSER", "app", "on", ">hunter2"];
    command.extend(RIGHTS);
    assert_eq!(server.say(&command).await, "+OK\r\n");
    let url = |user: &str| format!("redis://{user}127.0.0.1:{}", server.port);
    let app = config(&url("app:hunter2@"));
    let report =
        run_all(&Stage::new(std::sync::Arc::new(RedisStore::new(&app).unwrap()), Duration::from_millis(60))).await;
    assert!(report.failed.is_empty(), "{report}");

    let beside = RedisConfig { password: Some("hunter2".into()), ..config(&url("app@")) };
    assert!(step(&beside).await.is_ok());
    let staging = RedisConfig { namespace: "staging".to_owned(), ..app };
    let refused = step(&staging).await.unwrap_err();
    assert_eq!(refused.to_string(), "the shared store does not let this user do what it must", "keys of others");
    let wrong = step(&config(&url("app:hunter3@"))).await.unwrap_err();
    assert_eq!(wrong.to_string(), "the shared store refuses the user or the password");
    assert!(!format!("{wrong:?} {}", wrong.cause().unwrap()).contains("hunter"), "{wrong:?}");
}

#[tokio::test]
async fn a_password_alone_is_the_usual_users() {
    let Some(server) = Server::start(&["--requirepass", "hunter2"]).await else { return };
    let url = format!("redis://:hunter2@127.0.0.1:{}", server.port);
    assert!(step(&config(&url)).await.unwrap());
    let without = step(&server.config()).await.unwrap_err();
    assert_eq!(without.to_string(), "the shared store refuses the user or the password");
}
