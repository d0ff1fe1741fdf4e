//! Every route of the OpenAPI document × every kind of caller. A route that is added is in it at once.

use http::Method;
use provider_simulator::Service;
use rollcall_tests::{Reply, Stack, Token};
use serde_json::{Value, json};

/// An operation of the document.
#[derive(Debug)]
struct Route {
    id: String,
    method: Method,
    path: String,
    is_open: bool,
    /// It is for whoever has signed the request, not for callers.
    is_signed: bool,
    /// The statuses of the document that are successes.
    good: Vec<u16>,
}

impl Route {
    fn all(document: &Value) -> Vec<Self> {
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods");
            methods.iter().map(move |(method, operation)| Self::of(path, method, operation))
        });
        operations.collect()
    }

    fn of(path: &str, method: &str, operation: &Value) -> Self {
        let security = &operation["security"];
        assert!(security == &json!([{}]) || security == &json!([{ "bearer": [] }]), "{path}: {security}");
        let statuses = operation["responses"].as_object().expect("responses").keys();
        Self {
            id: operation["operationId"].as_str().expect("an operation id").to_owned(),
            method: method.to_uppercase().parse().expect("a method"),
            path: path.to_owned(),
            is_open: security == &json!([{}]),
            is_signed: path.starts_with("/v1/webhooks/"),
            good: statuses.filter_map(|status| status.parse().ok()).filter(|status| *status < 300).collect(),
        }
    }

    fn takes_provider(&self) -> bool {
        self.path.contains("{provider}")
    }

    /// The scope that it needs and the other one.
    fn scopes(&self) -> (&'static str, &'static str) {
        match self.method {
            Method::GET => ("sessions:read", "sessions:moderate"),
            _ => ("sessions:moderate", "sessions:read"),
        }
    }
}

/// A live room with somebody in it, made anew for each request, since some end it.
struct Place {
    provider: &'static str,
    room: String,
    session: String,
    participant: String,
}

impl Place {
    fn new(stack: &Stack, provider: &'static str) -> Self {
        let service = if provider == "huddle01" { Service::Huddle01 } else { Service::RealtimeKit };
        let room = stack.live_room(service, "Room", &["Ada"]);
        let participant = stack.world.join(&room, "Bola").expect("a live room").participant_id;
        let session = stack.world.live_session(&room).expect("a live room").id;
        Self { provider, room, session, participant }
    }

    fn path(&self, route: &Route) -> String {
        let mut path = route.path.replace("{provider}", self.provider);
        for (name, value) in [("room_id", &self.room), ("session_id", &self.session)] {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        // Without a room not every provider can tell.
        let room = if route.id == "list_sessions" { format!("?room_id={}", self.room) } else { String::new() };
        let path = path.replace("{code}", "session_not_live") + &room;
        assert!(!path.contains('{'), "say what a good value is for what is left in {path}");
        path
    }

    fn body(&self, route: &Route) -> Value {
        match route.id.as_str() {
            "kick_participants" => json!({ "participant_ids": [self.participant], "custom_participant_ids": [] }),
            "create_poll" => json!({ "question": "Now?", "options": ["Yes", "No"] }),
            "kick_all_participants" | "receive_webhook" => Value::Null,
            other => panic!("say what a good body of {other} is"),
        }
    }
}

async fn ask(stack: &Stack, route: &Route, place: &Place, token: Option<&str>) -> Reply {
    let path = place.path(route);
    if route.method == Method::GET {
        stack.get_as(&path, token).await
    } else {
        stack.post_as(&path, token, &place.body(route), &[]).await
    }
}

async fn document(stack: &Stack) -> Value {
    let document = stack.get_as("/openapi.json", None).await.expect(200);
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/rollcall.v1.json"));
    let committed: Value = serde_json::from_str(&committed.expect("the document")).expect("JSON");
    assert_eq!(document["paths"], committed["paths"], "served and committed are one");
    document
}

/// Who does not get in, and what they are told.
fn outsiders(route: &Route) -> Vec<(&'static str, Option<String>, u16, &'static str)> {
    let (needed, other) = route.scopes();
    let good = || Token::default().scope(needed);
    let refused = |what, token: Option<String>| (what, token, 401, "unauthenticated");
    let short = |what, scope: &str| (what, Some(Token::default().scope(scope).sign()), 403, "insufficient_scope");
    let mut outsiders = vec![
        refused("no token", None),
        refused("rubbish", Some("a.b.c".to_owned())),
        refused("another key", Some(good().secret("another-secret-that-is-also-32-bytes-long").sign())),
        refused("another audience", Some(good().claim("aud", json!("somebody-else")).sign())),
        refused("another issuer", Some(good().claim("iss", json!("https://evil.example")).sign())),
        refused("expired", Some(good().times(-600, -60)).map(|token| token.sign())),
        short("no scope", ""),
        short("the other scope", other),
        short("a longer scope", &format!("{needed}:all")),
        short("another letter case", &needed.to_uppercase()),
    ];
    if route.takes_provider() {
        let foreign =
            |what, providers: &[&str]| (what, Some(good().providers(providers).sign()), 404, "provider_not_found");
        outsiders.push(foreign("no provider", &[]));
        outsiders.push(foreign("another provider", &["somewhere-else"]));
    }
    outsiders
}

#[tokio::test]
async fn every_route_with_every_kind_of_caller() {
    let stack = Stack::start().await;
    let routes = Route::all(&document(&stack).await);
    assert!(routes.iter().filter(|route| !route.is_open).count() >= 9, "{routes:?}");
    let mut cells = 0;
    for route in &routes {
        for provider in ["huddle01", "realtimekit"] {
            let place = Place::new(&stack, provider);
            let before = stack.upstream_requests();
            for (who, token, status, code) in outsiders(route) {
                let reply = ask(&stack, route, &place, token.as_deref()).await;
                cells += 1;
                if route.is_signed {
                    let _ = reply.problem(401, "invalid_signature");
                    continue;
                }
                if route.is_open {
                    assert!(route.good.contains(&reply.status.as_u16()), "{} for {who}: {reply:?}", route.id);
                    continue;
                }
                let found = (reply.status.as_u16(), reply.json()["code"].clone());
                assert_eq!(found, (status, json!(code)), "{} of {provider} for {who}", route.id);
                let _ = reply.problem(status, code);
            }
            assert_eq!(stack.upstream_requests(), before, "{}: a provider was asked for an outsider", route.id);
        }
    }
    assert!(cells >= routes.len() * 20, "{cells} cells");
}

#[tokio::test]
async fn every_route_answers_those_who_may() {
    let stack = Stack::start().await;
    let capabilities = stack.get("/v1/providers").await.expect(200);
    for route in Route::all(&document(&stack).await).into_iter().filter(|route| !route.is_signed) {
        for provider in ["huddle01", "realtimekit"] {
            let place = Place::new(&stack, provider);
            let token = Token::default().scope(route.scopes().0).providers(&[provider]).sign();
            let reply = ask(&stack, &route, &place, Some(&token)).await;
            // Who follows a room asks for its participants.
            let operation = if route.id == "stream_room_events" { "list_live_participants" } else { &route.id };
            let can = &row(&capabilities, provider)["capabilities"][operation];
            if route.takes_provider() && can == &json!(false) {
                let _ = reply.problem(501, "capability_unsupported");
            } else {
                assert!(!route.takes_provider() || can == &json!(true), "{} is not among {capabilities}", route.id);
                assert!(route.good.contains(&reply.status.as_u16()), "{} of {provider}: {reply:?}", route.id);
            }
        }
    }
}

#[tokio::test]
async fn lists_hold_nothing_of_another_provider() {
    let stack = Stack::start().await;
    let places = ["huddle01", "realtimekit"].map(|provider| Place::new(&stack, provider));
    // Whoever sees everything goes first, so that everything is remembered.
    assert_eq!(stack.get("/v1/live-sessions").await.expect(200)["data"].as_array().map(Vec::len), Some(2));
    for (own, other) in [(&places[0], &places[1]), (&places[1], &places[0])] {
        let token = Token::default().providers(&[own.provider]).sign();
        for path in ["/v1/live-sessions", "/v1/providers"] {
            let reply = stack.get_as(path, Some(&token)).await;
            assert!(reply.text.contains(&format!("\"provider\":\"{}\"", own.provider)), "{reply:?}");
            // Every session has the key `extensions.realtimekit`, whosever it is.
            for foreign in [format!("\"provider\":\"{}\"", other.provider), other.room.clone(), other.session.clone()] {
                assert!(!reply.text.contains(&foreign), "{foreign}: {reply:?}");
            }
        }
        let path = format!("/v1/live-sessions?provider={}", other.provider);
        let _ = stack.get_as(&path, Some(&token)).await.problem(404, "provider_not_found");
    }
}

fn row<'a>(providers: &'a Value, id: &str) -> &'a Value {
    let rows = providers["data"].as_array().expect("data");
    rows.iter().find(|row| row["provider"] == id).expect("a configured provider")
}
