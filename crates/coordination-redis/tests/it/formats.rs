//! What lies in the store, byte for byte: replicas of two versions share it. Readings of the clock are written `T`.

use std::time::Duration;

use bytes::Bytes;
use coordination::{
    After, Found, LotRate, Mark, Name, PutAnswer, Question, ReplicaId, Scope, Store, Swapped, Touch, Wanted,
};

use crate::server::Server;

const KEEP: Duration = Duration::from_secs(600);

fn name(text: &str) -> Name {
    Name::of([text.as_bytes()])
}

/// Every run of at least 13 digits, which only clocks give here, as `T`.
fn without_time(answer: &str) -> String {
    let mut seen = String::new();
    let mut rest = answer;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        seen.push_str(&rest[..at]);
        let digits = rest[at..].chars().take_while(char::is_ascii_digit).count();
        let run = &rest[at..at + digits];
        let is_of_a_name = seen.ends_with(|c: char| c.is_ascii_hexdigit())
            || rest[at + digits..].starts_with(|c: char| c.is_ascii_hexdigit());
        seen.push_str(if digits >= 16 && !run.starts_with('0') && !is_of_a_name { "T" } else { run });
        rest = &rest[at + digits..];
    }
    seen + rest
}

/// The texts of an answer, without their lengths.
async fn texts(server: &Server, command: &[&str]) -> Vec<String> {
    let answer = server.say(command).await;
    let is_length = |line: &&str| !line.starts_with(['$', '*']);
    answer.split("\r\n").filter(is_length).filter(|line| !line.is_empty()).map(without_time).collect()
}

async fn state(server: &Server, scope: Scope) -> Vec<String> {
    let fields = texts(server, &["HGETALL", &format!("rollcall:{{{}}}:state", scope.0)]).await;
    let mut fields: Vec<_> = fields.chunks(2).map(|pair| format!("{} = {}", pair[0], pair[1])).collect();
    fields.sort();
    fields
}

#[tokio::test]
async fn of_a_scope() {
    let Some(server) = Server::start(&[]).await else { return };
    let (store, replica) = (server.store(), ReplicaId::of(255));
    let (scope, question) = (Scope(name("scope")), Question(name("question")));
    let key = |what: &str| format!("rollcall:{{{}}}:{what}", scope.0);

    store.news(scope, replica, After { number: 0, propose: 77, announce: true }).await.unwrap();
    let touch = Touch { marks: vec![Mark::account(), Mark::room("r 1")], said: "{\"kind\":\"changed\"}".into() };
    store.touch(scope, replica, &touch, KEEP).await.unwrap();
    let lease = store.lease(scope, replica, KEEP).await.unwrap().unwrap();
    store.append(scope, replica, lease, vec!["event one".into()], 10, KEEP).await.unwrap();
    let Found::Claimed(claim) = store.find(scope, question, replica, Wanted::default(), KEEP).await.unwrap() else {
        panic!("nobody else is there");
    };
    assert_eq!(texts(&server, &["GET", &key(&format!("claim:{}", question.0))]).await, ["T 00000000000000ff T T 0"]);
    store.find(scope, question, ReplicaId::of(1), Wanted::default(), KEEP).await.unwrap();
    assert_eq!(texts(&server, &["GET", &key(&format!("claim:{}", question.0))]).await, ["T 00000000000000ff T T 1"]);
    let about = vec![Mark::account(), Mark::session("é,s")];
    let answer = PutAnswer { about, age: Duration::from_secs(1), body: "the body".into(), keep: KEEP };
    store.put(scope, question, replica, claim, answer).await.unwrap();
    store.remember(scope, name("delivery"), KEEP).await.unwrap();

    assert_eq!(
        state(&server, scope).await,
        [
            "cursor = 0",
            "epoch = 77",
            "event = 1",
            "generation = T",
            "holder = 00000000000000ff",
            "latest = 2",
            "lease = T",
            "leases = T",
            "loads = T",
            "m/* = 1 T",
            "m/r/r 1 = 1 T",
            "until = T",
        ]
    );
    let ended = format!("2 00000000000000ff {{\"kind\":\"load_ended\",\"question\":\"{}\"}}", question.0);
    assert_eq!(
        texts(&server, &["LRANGE", &key("feed"), "0", "-1"]).await,
        ["1 00000000000000ff {\"kind\":\"changed\"}", &ended]
    );
    assert_eq!(texts(&server, &["ZRANGE", &key("replicas"), "0", "-1"]).await, ["00000000000000ff"]);
    assert_eq!(texts(&server, &["LRANGE", &key("events"), "0", "-1"]).await, ["1 1 T event one"]);
    assert_eq!(
        texts(&server, &["HGETALL", &key(&format!("answer:{}", question.0))]).await,
        [
            "version",
            "1",
            "generation",
            "T",
            "number",
            "T",
            "began",
            "1",
            "answered",
            "T",
            "about",
            "1:*,6:s/é,s,",
            "body",
            "the body",
        ]
    );
    assert_eq!(texts(&server, &["GET", &key(&format!("seen:{}", name("delivery")))]).await, ["1"]);
    assert_eq!(scope.0.to_string(), "4fa662165e94468fdcb21ee553826b3e");
    everything_ends(&server, 6).await;
}

/// Nothing stays for ever.
async fn everything_ends(server: &Server, keys: usize) {
    let names = texts(server, &["KEYS", "*"]).await;
    assert_eq!(names.len(), keys, "{names:?}");
    for name in names {
        let left = server.say(&["PTTL", &name]).await;
        let left: i64 = left.trim_start_matches(':').trim().parse().unwrap();
        assert!(left > 0 && left <= 2 * 86_400_000, "{name} ends in {left} ms");
    }
}

#[tokio::test]
async fn of_keys_budgets_and_limits() {
    let Some(server) = Server::start(&[]).await else { return };
    let (store, replica) = (server.store(), ReplicaId::of(255));
    let (one, print) = (name("one"), name("print"));
    let key = |what: &str| format!("rollcall:{what}:{{{one}}}");

    store.enter_key(one, print, replica, KEEP).await.unwrap();
    assert_eq!(texts(&server, &["GET", &key("key")]).await, [format!("c {print} 00000000000000ff")]);
    store.settle_key(one, print, replica, Some(Bytes::from_static(b"the outcome")), KEEP).await.unwrap();
    assert_eq!(texts(&server, &["GET", &key("key")]).await, [format!("s {print} 00000000000000ff the outcome")]);

    let swapped = store.swap(one, 0, "the state".into(), KEEP).await.unwrap();
    assert!(matches!(swapped, Swapped::Yes { .. }), "{swapped:?}");
    assert_eq!(texts(&server, &["GET", &key("budget")]).await, ["T T the state"]);

    store.take_lot(one, LotRate { quota: 60, per: KEEP }, 5).await.unwrap();
    assert_eq!(texts(&server, &["GET", &key("limit")]).await, ["T 3000000000 60"]);
    everything_ends(&server, 3).await;
}
