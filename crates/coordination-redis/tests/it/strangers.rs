//! Values of somebody else under our keys: a miss or an error, and nothing else breaks.

use std::time::Duration;

use coordination::{
    After, AnswerClaim, Appended, Found, KeyState, Lease, LotRate, Name, PutAnswer, Question, ReplicaId, Scope, Store,
    Swapped, Touch, Wanted,
};

use crate::server::Server;

const KEEP: Duration = Duration::from_secs(600);
const REPLICA: ReplicaId = ReplicaId::of(255);

fn one() -> Name {
    Name::of([b"one".as_slice()])
}

#[tokio::test]
async fn no_step_breaks_over_any_value() {
    let Some(server) = Server::start(&[]).await else { return };
    let (store, name) = (server.store(), one());
    let of_scope = |what: &str| format!("rollcall:{{{name}}}:{what}");
    let mut keys = ["state", "feed", "replicas", "events"].map(of_scope).to_vec();
    keys.extend(["answer", "claim", "seen"].map(|what| of_scope(&format!("{what}:{name}"))));
    keys.extend(["key", "budget", "limit"].map(|what| format!("rollcall:{what}:{{{name}}}")));
    let strangers: [&[&str]; 9] = [
        &["SET", "KEY", ""],
        &["SET", "KEY", "somebody else's \u{1f600}"],
        &["SET", "KEY", "99999999999999999999999 -1 nan inf 1"],
        &["RPUSH", "KEY", "", "x", "1 x y", "99999999999999999999 ff z", "1 1 99999999999999999999 e"],
        &["ZADD", "KEY", "1", "x", "inf", "y"],
        &["HSET", "KEY", "generation", "x", "epoch", "x", "latest", "x", "event", "x", "loads", "x", "leases", "x"],
        &[
            "HSET",
            "KEY",
            "generation",
            "",
            "holder",
            "",
            "lease",
            "",
            "until",
            "x",
            "cursor",
            "x",
            "m/x",
            "x",
            "m/*",
            "y",
        ],
        &["HSET", "KEY", "version", "1", "generation", "1", "number", "x", "began", "x", "about", "9:x", "body", ""],
        &[
            "HSET",
            "KEY",
            "generation",
            "1",
            "latest",
            "99999999999999999",
            "event",
            "-7",
            "loads",
            "9223372036854775807",
        ],
    ];
    for command in strangers {
        for key in &keys {
            server.say(&["FLUSHALL"]).await;
            let said: Vec<&str> = command.iter().map(|part| if *part == "KEY" { key } else { *part }).collect();
            assert!(!server.say(&said).await.starts_with('-'), "{said:?}");
            every_step(&*store).await;
        }
    }
    server.say(&["FLUSHALL"]).await;
    assert!(store.remember(Scope(name), name, KEEP).await.unwrap());
}

/// Whatever comes of it.
async fn every_step(store: &dyn Store) {
    let (name, scope, question) = (one(), Scope(one()), Question(one()));
    let claim = AnswerClaim { number: 1, began: 0, epoch: 0 };
    let put = PutAnswer { about: vec![], age: KEEP, body: "body".into(), keep: KEEP };
    let touch = Touch { marks: vec![], said: "said".into() };
    let _ = store.news(scope, REPLICA, After { number: 0, propose: 1, announce: true }).await;
    let _ = store.find(scope, question, REPLICA, Wanted::default(), KEEP).await;
    let _ = store.touch(scope, REPLICA, &touch, KEEP).await;
    let _ = store.renew(scope, question, REPLICA, claim, KEEP).await;
    let _ = store.put(scope, question, REPLICA, claim, put).await;
    let _ = store.release(scope, question, REPLICA, claim).await;
    let _ = store.enter_key(name, name, REPLICA, KEEP).await;
    let _ = store.settle_key(name, name, REPLICA, None, KEEP).await;
    let _ = store.swap(name, 0, "state".into(), KEEP).await;
    let _ = store.take_lot(name, LotRate { quota: 1, per: KEEP }, 1).await;
    let _ = store.remember(scope, name, KEEP).await;
    let _ = store.events(scope, 0, 10).await;
    let _ = store.lease(scope, REPLICA, KEEP).await;
    let _ = store.append(scope, REPLICA, Lease(1), vec!["event".into()], 10, KEEP).await;
    let _ = store.end_lease(scope, REPLICA, Lease(1)).await;
}

#[tokio::test]
async fn what_does_not_read_is_not_there() {
    let Some(server) = Server::start(&[]).await else { return };
    let (store, name, scope, question) = (server.store(), one(), Scope(one()), Question(one()));
    for what in ["key", "budget", "limit"] {
        server.say(&["SET", &format!("rollcall:{what}:{{{name}}}"), "somebody else's"]).await;
    }
    assert_eq!(store.enter_key(name, name, REPLICA, KEEP).await.unwrap(), KeyState::New);
    assert!(matches!(store.swap(name, 0, "state".into(), KEEP).await.unwrap(), Swapped::Yes { .. }));
    assert_eq!(store.take_lot(name, LotRate { quota: 3, per: KEEP }, 9).await.unwrap().granted, 3);

    // An answer of a newer version, or one that is too long for a reply, is no answer.
    let answer = format!("rollcall:{{{name}}}:answer:{name}");
    let put = |body: &'static str| PutAnswer { about: vec![], age: KEEP, body: body.into(), keep: KEEP };
    for spoil in [["version", "2"], ["about", "3:r/1"], ["number", ""], ["body", &"x".repeat((5 << 20) + 1)]] {
        let alone = Wanted { alone: true, newer_than: 0 };
        let Found::Claimed(claim) = store.find(scope, question, REPLICA, alone, KEEP).await.unwrap() else { panic!() };
        store.put(scope, question, REPLICA, claim, put("body")).await.unwrap();
        let found = store.find(scope, question, REPLICA, Wanted::default(), KEEP).await.unwrap();
        assert!(matches!(found, Found::Answer(_)), "{found:?}");
        server.say(&["HSET", &answer, spoil[0], spoil[1]]).await;
        let found = store.find(scope, question, REPLICA, Wanted::default(), KEEP).await.unwrap();
        assert!(matches!(found, Found::Claimed(_)), "{}: {found:?}", spoil[0]);
    }

    // Entries of somebody else, or of a newer version, are left out.
    let lease = store.lease(scope, REPLICA, KEEP).await.unwrap().unwrap();
    server.say(&["RPUSH", &format!("rollcall:{{{name}}}:events"), "2 1 1700000000000000 newer", "x"]).await;
    let appended = store.append(scope, REPLICA, lease, vec!["one".into(), "two".into()], 10, KEEP).await.unwrap();
    assert_eq!(appended, Appended::Yes(2));
    let page = store.events(scope, 0, 10).await.unwrap();
    assert_eq!(page.entries, [(1, "one".into()), (2, "two".into())]);
    let touch = Touch { marks: vec![], said: "said".into() };
    store.touch(scope, REPLICA, &touch, KEEP).await.unwrap();
    store.touch(scope, REPLICA, &touch, KEEP).await.unwrap();
    server.say(&["LSET", &format!("rollcall:{{{name}}}:feed"), "0", "somebody else's"]).await;
    let news = store.news(scope, REPLICA, After { number: 0, propose: 1, announce: false }).await.unwrap();
    assert_eq!(news.entries.iter().map(|entry| entry.number).collect::<Vec<_>>(), [2]);
}

/// Where a server evicts, it may evict what orders a scope: then what it ordered is not used any more.
#[tokio::test]
async fn an_answer_does_not_outlive_the_marks() {
    let Some(server) = Server::start(&[]).await else { return };
    let (store, name, scope, question) = (server.store(), one(), Scope(one()), Question(one()));
    let Found::Claimed(claim) = store.find(scope, question, REPLICA, Wanted::default(), KEEP).await.unwrap() else {
        panic!("nobody else is there");
    };
    let put = PutAnswer { about: vec![], age: KEEP, body: "body".into(), keep: KEEP };
    store.put(scope, question, REPLICA, claim, put).await.unwrap();
    let before = store.lease(scope, REPLICA, KEEP).await.unwrap().unwrap();
    server.say(&["DEL", &format!("rollcall:{{{name}}}:state")]).await;
    let Found::Claimed(again) = store.find(scope, question, REPLICA, Wanted::default(), KEEP).await.unwrap() else {
        panic!("the answer is found without the marks that may forbid it");
    };
    assert!(again.number > claim.number, "a later load has a greater number, after a loss too");
    let after = store.lease(scope, REPLICA, KEEP).await.unwrap().unwrap();
    assert!(after > before, "a later lease has a greater number, after a loss too");
}
