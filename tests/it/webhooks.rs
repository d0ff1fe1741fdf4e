//! Webhooks from the simulators to the gateway, over sockets: what they make fresh, and what floods of them cost.

use std::time::Duration;

use aws_lc_rs::hmac;
use provider_simulator::Service;
use rollcall_tests::{EventReader, Setup, Stack, Token};
use serde_json::Value;
use tokio::time::Instant;

/// Answers stay fresh for long, so that only webhooks end it.
fn setup() -> Setup {
    let cache = "fresh_for = \"300s\"\nnot_live_for = \"200s\"".to_owned();
    Setup { cache, ..Setup::default() }
}

/// As Huddle01 signs, with the API key of the stack.
fn signed(id: &str, body: &str, key: &str) -> String {
    let t = unix_ms();
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let tag = hmac::sign(&key, format!("{id}.{t}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={t},sha256={hex}")
}

fn unix_ms() -> i64 {
    session_provider::Clock::system().now().unix_ms()
}

fn started(id: &str, room: &str) -> String {
    format!(
        r#"{{"id":"{id}","event":"meeting:started","payload":{{"sessionId":"s-{id}","roomId":"{room}","createdAt":1}}}}"#
    )
}

const KEY: &str = "canary-huddle01-api-key";

async fn rooms(stack: &Stack) -> usize {
    stack.get("/v1/live-sessions").await.expect(200)["data"].as_array().map_or(0, Vec::len)
}

/// Asks until it is so. Without webhooks nothing would change for minutes.
async fn until(stack: &Stack, what: &str, is_so: impl AsyncFn(&Stack) -> bool) {
    let begun = Instant::now();
    while !is_so(stack).await {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_happens_at_a_provider_is_seen_by_the_next_reads() {
    for setup in [setup(), Setup { webhooks: "listen = \"127.0.0.1:0\"".to_owned(), ..setup() }] {
        let stack = Stack::start_with(setup).await;
        let _senders = [
            stack.huddle01.send_webhooks(&stack.webhooks_url("huddle01")).expect("a URL"),
            stack.realtimekit.send_webhooks(&stack.webhooks_url("realtimekit")).expect("a URL"),
        ];
        assert_eq!(rooms(&stack).await, 0);
        let room = stack.world.add_room(Service::RealtimeKit, "New");
        let path = format!("/v1/live-sessions/realtimekit/{room}");
        let _ = stack.get(&path).await.problem(404, "session_not_live");
        stack.world.join(&room, "Ada").expect("a room");
        until(&stack, "the list shows it", async |stack| rooms(stack).await == 1).await;
        until(&stack, "the room shows it", async |stack| stack.get(&path).await.status == 200).await;
        stack.live_room(Service::Huddle01, "Other", &["Grace"]);
        until(&stack, "the list shows both", async |stack| rooms(stack).await == 2).await;
        stack.world.end_session(&room).expect("it runs");
        until(&stack, "the list shows the end", async |stack| rooms(stack).await == 1).await;
        until(&stack, "the room shows the end", async |stack| stack.get(&path).await.status == 404).await;
        assert_eq!(stack.realtimekit.key_fetches(), 1);
    }
}

#[tokio::test]
async fn a_hint_is_answered_at_once_and_once() {
    let stack = Stack::start_with(setup()).await;
    assert_eq!(rooms(&stack).await, 0);
    let room = stack.live_room(Service::Huddle01, "Room", &["Ada"]);
    let before = stack.upstream_requests();
    let body = started("one", &room);
    let signature = signed("one", &body, KEY);
    let send = async || stack.send_webhook("huddle01", &[("huddle01-signature", &signature)], &body).await;
    assert_eq!(send().await.status, 204);
    assert_eq!(stack.upstream_requests(), before, "a webhook asks nobody");
    let reply = stack.get("/v1/live-sessions").await;
    assert!(reply.header("cache-status").starts_with("rollcall; hit; ttl=-"), "{reply:?}");
    assert_eq!(reply.json()["data"], Value::Array(vec![]), "at once, what was known");
    until(&stack, "the refresh", async |stack| rooms(stack).await == 1).await;
    let seen = stack.upstream_requests();
    for _ in 0..20 {
        assert_eq!(send().await.status, 204, "the same again");
        assert_eq!(rooms(&stack).await, 1);
    }
    assert_eq!(stack.upstream_requests(), seen, "without effect");
    let metrics = stack.get_admin("/metrics").await.text;
    for outcome in ["hinted", "repeated"] {
        let line =
            format!(r#"rollcall_webhooks_total{{provider="huddle01",event="session_started",outcome="{outcome}"}}"#);
        assert!(metrics.contains(&line), "{metrics}");
    }
}

#[tokio::test]
async fn a_flood_of_forged_ones_costs_no_call() {
    let stack = Stack::start_with(setup()).await;
    assert_eq!(rooms(&stack).await, 0);
    let before = stack.upstream_requests();
    let rubbish = "A".repeat(342) + "==";
    for number in 0..200 {
        let body = started(&format!("f{number}"), "abc-defg-hij");
        let forged = signed(&format!("f{number}"), &body, "another key");
        for (provider, header, value) in [
            ("huddle01", "huddle01-signature", forged.as_str()),
            ("realtimekit", "rtk-signature", rubbish.as_str()),
            ("realtimekit", "dyte-signature", "no base64"),
        ] {
            let reply = stack.send_webhook(provider, &[(header, value)], &body).await;
            let _ = reply.problem(401, "invalid_signature");
            assert!(!reply.headers.contains_key("www-authenticate"));
        }
        assert!(!stack.get("/v1/live-sessions").await.header("cache-status").contains("ttl=-"));
    }
    assert_eq!(stack.upstream_requests(), before);
    assert!(stack.realtimekit.key_fetches() <= 1, "{}", stack.realtimekit.key_fetches());
}

#[tokio::test]
async fn a_flood_of_true_ones_costs_a_quarter_of_the_budget() {
    let budget = Some("{ requests = 8, per = \"1s\" }".to_owned());
    let stack = Stack::start_with(Setup { budget, ..setup() }).await;
    assert_eq!(rooms(&stack).await, 0);
    let (begun, before) = (Instant::now(), stack.huddle01.log().total());
    for number in 0..1000 {
        let id = format!("t{number}");
        let body = started(&id, "abc-defg-hij");
        let signature = signed(&id, &body, KEY);
        assert_eq!(stack.send_webhook("huddle01", &[("huddle01-signature", &signature)], &body).await.status, 204);
        rooms(&stack).await;
    }
    // One call is 4 · 1 · 1 s / 8 = 500 ms of a quarter of the budget.
    let most = begun.elapsed().as_millis() / 500 + 2;
    let calls = stack.huddle01.log().total() - before;
    assert!((1..=most).contains(&u128::from(calls)), "{calls} calls, {most} would be fine");
}

#[tokio::test]
async fn floods_cost_no_more_where_somebody_follows() {
    let budget = Some("{ requests = 8, per = \"1s\" }".to_owned());
    let stack = Stack::start_with(Setup { budget, events: "poll_for = \"300s\"".to_owned(), ..setup() }).await;
    let token = Token::default().sign();
    let mut events = EventReader::open(&stack, "/v1/events?provider=huddle01", &token, None).await;
    let _ = events.until("snapshot").await;
    let room = stack.live_room(Service::Huddle01, "Room", &["Ada"]);
    let send = async |id: String, key: &str| {
        let body = started(&id, &room);
        let signature = signed(&id, &body, key);
        stack.send_webhook("huddle01", &[("huddle01-signature", &signature)], &body).await.status
    };
    let before = stack.huddle01.log().total();
    for number in 0..1000 {
        assert_eq!(send(format!("f{number}"), "another key").await, 401);
    }
    assert_eq!(stack.huddle01.log().total(), before, "nobody is asked for what is forged");
    let begun = Instant::now();
    for number in 0..1000 {
        assert_eq!(send(format!("t{number}"), KEY).await, 204);
    }
    let most = begun.elapsed().as_millis() / 500 + 2;
    let calls = stack.huddle01.log().total() - before;
    assert!(u128::from(calls) <= most, "{calls} calls, {most} would be fine");
    assert_eq!(events.until("session_started").await.data["session"]["room_id"], room);
}

#[tokio::test]
async fn no_payload_is_in_a_metric() {
    let stack = Stack::start().await;
    let body = r#"{"id":"c1","event":"canary-event","payload":{"roomId":"canary-room","sessionId":"canary-session"}}"#;
    let signature = signed("c1", body, KEY);
    assert_eq!(stack.send_webhook("huddle01", &[("huddle01-signature", &signature)], body).await.status, 204);
    let metrics = stack.get_admin("/metrics").await.text;
    assert!(metrics.contains(r#"event="unknown""#) && !metrics.contains("canary-event"), "{metrics}");
    assert!(!metrics.contains("canary-room") && !metrics.contains("canary-session"));
}

#[tokio::test]
async fn on_a_listener_of_their_own_there_is_nothing_but_webhooks_and_probes() {
    let stack = Stack::start_with(Setup { webhooks: "listen = \"127.0.0.1:0\"".to_owned(), ..setup() }).await;
    let at = |path: &str| stack.webhooks_url("").replace("/v1/webhooks/", path);
    let client = stack.http1_client();
    for (path, status) in
        [("/healthz", 200), ("/readyz", 200), ("/v1/live-sessions", 404), ("/docs", 404), ("/metrics", 404)]
    {
        assert_eq!(client.get(at(path)).send().await.expect("an answer").status(), status, "{path}");
    }
    let body = started("one", "abc-defg-hij");
    let headers = signed("one", &body, KEY);
    let headers = [("huddle01-signature", headers.as_str())];
    let on_the_public_one = stack.post_as("/v1/webhooks/huddle01", None, &Value::Null, &headers);
    let _ = on_the_public_one.await.problem(404, "route_not_found");
}
