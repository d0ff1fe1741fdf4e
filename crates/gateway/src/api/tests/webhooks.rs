//! The route that providers send to: in which order what is looked at, and what each finding is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use axum::body::{Body, Bytes};
use http::{HeaderMap, Request};
use session_provider::{
    Clock, DeliveryId, Notice, NoticeEvent, ProviderId, RoomId, Timestamp, WebhookRefusal, WebhookVerifier,
};
use tokio::sync::broadcast::Receiver;

use crate::api::tests::support::{Answer, Gateway, moderator, undocumented_answer};
use crate::changes::{Changes, Hint};
use crate::webhooks::{MAX_BODY_BYTES, Webhooks};

/// Does as the header and the body say.
#[derive(Debug)]
struct Obedient {
    provider: ProviderId,
    renewals: Arc<AtomicU32>,
}

#[async_trait]
impl WebhookVerifier for Obedient {
    fn provider(&self) -> &ProviderId {
        &self.provider
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["x-signature", "x-old-signature"]
    }

    fn look_at(&self, signature: &[u8], _now: Timestamp) -> Result<(), WebhookRefusal> {
        match signature {
            b"good" | b"forged" | b"no key" | b"new key" => Ok(()),
            b"old" => Err(WebhookRefusal::Untimely),
            _ => Err(WebhookRefusal::Forged),
        }
    }

    fn check(&self, signature: &[u8], body: &[u8], _now: Timestamp) -> Result<Notice, WebhookRefusal> {
        match signature {
            b"forged" => return Err(WebhookRefusal::Forged),
            b"no key" => return Err(WebhookRefusal::NoKey),
            b"new key" if self.renewals.load(Ordering::SeqCst) == 0 => return Err(WebhookRefusal::NoKey),
            _ => {}
        }
        let mut delivery = [0; 32];
        delivery.iter_mut().zip(body).for_each(|(to, from)| *to = *from);
        let event = if body == b"other" { NoticeEvent::Other } else { NoticeEvent::SessionStarted };
        let rooms = vec![RoomId::new("room").unwrap()];
        Ok(Notice { delivery: DeliveryId(delivery), event, rooms, session: None })
    }

    async fn renew_key(&self) -> bool {
        self.renewals.fetch_add(1, Ordering::SeqCst) == 0
    }
}

struct Desk {
    gateway: Gateway,
    hints: Receiver<Arc<Hint>>,
    renewals: Arc<AtomicU32>,
}

impl Desk {
    fn new(has_own_listener: bool) -> Self {
        let provider = ProviderId::new("able").unwrap();
        let changes = Changes::new([provider.clone()]);
        let (hints, renewals) = (changes.subscribe_to_hints(), Arc::default());
        let verifier: Arc<dyn WebhookVerifier> = Arc::new(Obedient { provider, renewals: Arc::clone(&renewals) });
        let webhooks = Webhooks::new([verifier], &changes, Clock::system(), has_own_listener);
        Self { gateway: Gateway::changed(|app| app.webhooks = webhooks), hints, renewals }
    }

    async fn send(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method("POST").uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.gateway.send(request.body(body.into()).unwrap()).await
    }

    /// With this signature to the provider that takes them.
    async fn signed(&self, signature: &str, body: impl Into<Body>) -> Answer {
        self.send("/v1/webhooks/able", &[("x-signature", signature)], body).await
    }
}

fn code(answer: &Answer) -> String {
    let problem: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
    problem["code"].as_str().unwrap().to_owned()
}

/// A body that says so when it is read, and never ends.
fn unread() -> (Body, Arc<AtomicU32>) {
    let reads = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&reads);
    let pieces = futures_util::stream::poll_fn(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        std::task::Poll::<Option<Result<Bytes, std::io::Error>>>::Pending
    });
    (Body::from_stream(pieces), reads)
}

#[tokio::test]
async fn what_is_signed_is_taken_without_a_token_and_becomes_a_hint_once() {
    let mut desk = Desk::new(false);
    for _ in 0..3 {
        let answer = desk.signed("good", "first").await;
        assert_eq!((answer.status.as_u16(), answer.bytes.len()), (204, 0));
    }
    let hint = desk.hints.try_recv().unwrap();
    assert_eq!((hint.provider.as_str(), hint.rooms.as_slice()), ("able", &[RoomId::new("room").unwrap()][..]));
    assert!(desk.hints.try_recv().is_err(), "the same again has no effect");
    assert_eq!(desk.signed("good", "other").await.status, 204);
    assert!(desk.hints.try_recv().is_err(), "what says nothing of what is live is no hint");
    let headers = [("x-old-signature", "good"), ("authorization", &moderator()), ("content-type", "text/plain")];
    assert_eq!(desk.send("/v1/webhooks/able", &headers, "second").await.status, 204);
    assert!(desk.hints.try_recv().is_ok());
    desk.gateway.assert_untouched("no provider is asked");
}

/// Path, headers, status and code.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], u16, &'a str);

#[tokio::test]
async fn what_is_refused_before_the_body_is_read() {
    let desk = Desk::new(false);
    let two = [("x-signature", "good"), ("x-signature", "good")];
    let cases: &[Case<'_>] = &[
        ("/v1/webhooks/able", &[], 401, "invalid_signature"),
        ("/v1/webhooks/able", &[("authorization", "Bearer x")], 401, "invalid_signature"),
        ("/v1/webhooks/able", &[("x-signature", "rubbish")], 401, "invalid_signature"),
        ("/v1/webhooks/able", &[("x-signature", "old")], 401, "invalid_signature"),
        ("/v1/webhooks/able", &[("x-signature", "rubbish"), ("x-old-signature", "good")], 401, "invalid_signature"),
        ("/v1/webhooks/able", &two, 401, "invalid_signature"),
        ("/v1/webhooks/reading", &[("x-signature", "good")], 404, "provider_not_found"),
        ("/v1/webhooks/nobody", &[], 404, "provider_not_found"),
        ("/v1/webhooks/..%2fable", &[], 404, "provider_not_found"),
    ];
    for (path, headers, status, told) in cases {
        let (body, reads) = unread();
        let answer = desk.send(path, headers, body).await;
        assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (*status, *told), "{path} {headers:?}");
        assert_eq!(reads.load(Ordering::SeqCst), 0, "{path} {headers:?}");
        assert!(!answer.headers.contains_key("www-authenticate"), "no token would help");
    }
    let get = Request::builder().uri("/v1/webhooks/able").body(Body::empty()).unwrap();
    let answer = desk.gateway.send(get).await;
    assert_eq!((answer.status.as_u16(), &answer.headers["allow"]), (405, &"POST".parse().unwrap()));
}

#[tokio::test]
async fn the_key_is_renewed_after_a_failed_check_and_then_it_is_checked_again() {
    let mut desk = Desk::new(false);
    assert_eq!(desk.signed("new key", "body").await.status, 204);
    assert_eq!(desk.renewals.load(Ordering::SeqCst), 1);
    assert!(desk.hints.try_recv().is_ok());
    let forged = desk.signed("forged", "body 2").await;
    assert_eq!((forged.status.as_u16(), code(&forged).as_str()), (401, "invalid_signature"));
    let no_key = desk.signed("no key", "body 3").await;
    assert_eq!((no_key.status.as_u16(), code(&no_key).as_str()), (503, "webhook_key_unavailable"));
    assert_eq!(no_key.headers["retry-after"], "5");
    assert_eq!(desk.signed("good", "body 2").await.status, 204);
    assert!(desk.hints.try_recv().is_ok(), "only what is verified is remembered");
}

#[tokio::test]
async fn a_body_has_256_kib_at_most() {
    let mut desk = Desk::new(false);
    assert_eq!(desk.signed("good", vec![b'x'; MAX_BODY_BYTES]).await.status, 204);
    assert!(desk.hints.try_recv().is_ok());
    let large = desk.signed("good", vec![b'x'; MAX_BODY_BYTES + 1]).await;
    assert_eq!((large.status.as_u16(), code(&large).as_str()), (413, "payload_too_large"));
    let pieces = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 4096])));
    assert_eq!(desk.signed("good", Body::from_stream(pieces)).await.status, 413);
}

#[tokio::test(start_paused = true)]
async fn thirty_two_at_once_and_a_slow_one_gives_its_place_back() {
    let desk = Desk::new(false);
    let slow: Vec<_> = (0..32).map(|_| desk.signed("good", unread().0)).collect();
    let slow = futures_util::future::join_all(slow);
    let more = async {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        let refused = desk.signed("good", "body").await;
        assert_eq!((refused.status.as_u16(), code(&refused).as_str()), (503, "overloaded"));
        assert_eq!(refused.headers["retry-after"], "1");
        assert_eq!(desk.signed("rubbish", "body").await.status, 401, "this takes no place");
    };
    let (slow, ()) = tokio::join!(slow, more);
    assert!(slow.iter().all(|answer| answer.status == 408));
    assert_eq!(desk.signed("good", "body").await.status, 204);
}

#[tokio::test]
async fn where_webhooks_have_a_listener_of_their_own_there_is_nothing_else_on_it() {
    let desk = Desk::new(true);
    assert_eq!(code(&desk.signed("good", "body").await), "route_not_found");
    let own = crate::api::webhooks(desk.gateway.app.clone());
    let ask = async |method: &str, path: &str, headers: HeaderMap| {
        let mut request = Request::builder().method(method).uri(path).body(Body::from("body")).unwrap();
        *request.headers_mut() = headers;
        undocumented_answer(&own, request).await.status.as_u16()
    };
    let signed = HeaderMap::from_iter([("x-signature".parse().unwrap(), "good".parse().unwrap())]);
    assert_eq!(ask("POST", "/v1/webhooks/able", signed).await, 204);
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 404),
        ("/v1/providers", 404),
        ("/v1/live-sessions", 404),
        ("/docs", 404),
        ("/openapi.json", 404),
    ] {
        let token = HeaderMap::from_iter([("authorization".parse().unwrap(), moderator().parse().unwrap())]);
        assert_eq!(ask("GET", path, token).await, status, "{path}");
    }
}

#[tokio::test]
async fn going_down_it_is_for_another_instance() {
    let desk = Desk::new(false);
    desk.gateway.app.draining.begin();
    let answer = desk.signed("good", "body").await;
    assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (503, "draining"));
}
