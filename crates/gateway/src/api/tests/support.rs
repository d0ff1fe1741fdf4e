//! A gateway over scripted providers, and requests to it.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use caller_auth::{AuthConfig, Authenticator, IssuerConfig, KeySource, SharedSecret};
use document_conformance::OpenApiDocument;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Frame;
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};
use session_provider::{Capabilities, Clock, Operation, SessionProvider};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::api::ApiService;
use crate::app::App;
use crate::audit::AuditLog;
use crate::changes::Changes;
use crate::config::{AuditConfig, CacheConfig, EventsConfig, LimitsConfig};
use crate::draining::Draining;
use crate::events::Events;
use crate::limits::CallerLimits;
use crate::moderation::Moderation;
use crate::providers::Providers;
use crate::reads::Reads;
use crate::telemetry::{AccessLog, ServerSpans};
use crate::testing::{Behaviour, Scripted};
use crate::time_budget::TimeBudget;
use crate::webhooks::Webhooks;

const TIME: TimeBudget = TimeBudget::new(Duration::from_secs(6));

const SECRET: &str = "a secret of these tests, long enough for HS256";

/// A gateway whose providers are `able` (everything) and `reading` (what Huddle01 can).
pub(super) struct Gateway {
    pub(super) app: App,
    pub(super) able: Arc<Scripted>,
    pub(super) reading: Arc<Scripted>,
    pub(super) router: ApiService,
}

fn what_huddle01_can() -> Capabilities {
    Capabilities::none()
        .with(Operation::ListLiveSessions)
        .with(Operation::GetLiveSession)
        .with(Operation::ListLiveParticipants)
        .with(Operation::ListSessionParticipants)
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
}

/// Pages for people, which the document does not speak of.
const PAGES: &[&str] = &["/docs", "/docs/{asset}"];

/// The document that is served, read once.
static DOCUMENT: LazyLock<OpenApiDocument> =
    LazyLock::new(|| OpenApiDocument::parse(&crate::api::openapi_json()).unwrap().with_pages(PAGES));

/// The router's answer, which the document must allow.
pub(super) async fn answer(router: &ApiService, request: Request<Body>) -> Answer {
    answer_as(&DOCUMENT, router, request).await
}

/// The router's answer, which this document must allow.
pub(super) async fn answer_as(document: &OpenApiDocument, router: &ApiService, request: Request<Body>) -> Answer {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let (request, sent) = remembered(request);
    let answer = undocumented_answer(router, request).await;
    let request_body = &sent.lock().unwrap().clone();
    let Answer { status, headers, bytes } = &answer;
    let seen = document_conformance::SeenAnswer {
        method: &method,
        path: &path,
        request_body,
        status: *status,
        headers,
        body: bytes,
    };
    document.check(&seen).unwrap_or_else(|fault| panic!("{fault}"));
    answer
}

/// The request, and what of its body will have been read.
fn remembered(request: Request<Body>) -> (Request<Body>, Arc<Mutex<Vec<u8>>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let noted = sent.clone();
    let note = move |frame: Frame<Bytes>| {
        noted.lock().unwrap().extend(frame.data_ref().into_iter().flatten());
        frame
    };
    (request.map(|body| Body::new(body.map_frame(note))), sent)
}

/// The answer of a route that the document does not speak of: it is for operators, or for people with a browser.
pub(super) async fn undocumented_answer(router: &ApiService, mut request: Request<Body>) -> Answer {
    request.headers_mut().entry("host").or_insert(HeaderValue::from_static("rollcall.example.internal"));
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error}: {} {:?}", self.status, String::from_utf8_lossy(&self.bytes)))
    }

    /// The code of the problem, after a look at everything that all problems have in common.
    pub(super) fn code(&self) -> String {
        let problem = self.json();
        assert_eq!(self.headers["content-type"], "application/problem+json", "{problem}");
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        assert_eq!(problem["request_id"], self.headers["x-request-id"].to_str().unwrap(), "{problem}");
        assert_eq!(self.headers["cache-control"], "no-store", "{problem}");
        assert_eq!(self.header("content-length"), self.bytes.len().to_string());
        let code = problem["code"].as_str().unwrap().to_owned();
        assert_eq!(problem["type"], format!("/problems/{code}"));
        code
    }

    /// The fields that the problem names.
    pub(super) fn fields(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().unwrap();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The value of `Authorization` for a caller with these scopes, who sees all providers or only some.
pub(super) fn caller(scope: &str, providers: Option<&[&str]>) -> String {
    let now = Clock::system().now().unix_seconds();
    let mut claims = json!({
        "iss": "https://id.example", "aud": "rollcall", "sub": "tester", "iat": now, "exp": now + 600, "scope": scope,
    });
    if let Some(providers) = providers {
        claims["providers"] = json!(providers);
    }
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    format!("Bearer {}", jsonwebtoken::encode(&Header::default(), &claims, &key).unwrap())
}

pub(super) fn moderator() -> String {
    caller("sessions:read sessions:moderate", None)
}

impl Gateway {
    pub(super) fn new() -> Self {
        Self::changed(|_| {})
    }

    pub(super) fn changed(change: impl FnOnce(&mut App)) -> Self {
        Self::build(None, change)
    }

    pub(super) fn audited_to(file: PathBuf) -> Self {
        Self::build(Some(file), |_| {})
    }

    fn build(audit_file: Option<PathBuf>, change: impl FnOnce(&mut App)) -> Self {
        let able = Scripted::new("able", Behaviour::idle());
        let reading = Scripted::of_kind("huddle01", "reading", Behaviour::idle(), what_huddle01_can());
        let clock = Clock::system();
        let both: [Arc<dyn SessionProvider>; 2] = [able.clone(), reading.clone()];
        let providers = Providers::new(both, clock);
        let keys = KeySource::Hs256(SharedSecret::new(SECRET.into()).unwrap());
        let issuer = IssuerConfig::new("https://id.example".to_owned(), vec!["rollcall".to_owned()], keys);
        let auth = AuthConfig { leeway: Duration::from_secs(5), issuers: vec![issuer] };
        let audit = AuditLog::open(&AuditConfig { file: audit_file }, clock).unwrap();
        let changes = Changes::new(providers.ids());
        let reads = Reads::new(providers.clone(), changes.clone(), &CacheConfig::default(), TIME.of_provider(), clock);
        let tasks = TaskTracker::new();
        let draining = Draining::default();
        let limits = LimitsConfig::default();
        let events = Events::new(EventsConfig::default(), &limits, reads.clone(), changes.clone(), draining.clone());
        let mut app = App {
            authenticator: Authenticator::new(&auth, clock).unwrap(),
            limits: CallerLimits::new(&limits),
            moderation: Moderation::new(audit.clone(), changes.clone(), tasks.clone(), TIME),
            webhooks: Webhooks::new([], &changes, clock, false),
            audit,
            reads,
            events,
            providers,
            access_log: AccessLog::default(),
            spans: ServerSpans::default(),
            time: TIME,
            cors_origins: Arc::default(),
            board: true,
            clock,
            tasks,
            draining,
        };
        change(&mut app);
        Self { router: crate::api::public(app.clone()), app, able, reading }
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        answer(&self.router, request).await
    }

    /// As a caller who may do everything.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(request("GET", path, &moderator()).body(Body::empty()).unwrap()).await
    }

    /// As a caller who may do everything, with a JSON body.
    pub(super) async fn post(&self, path: &str, body: &str) -> Answer {
        self.post_with(path, body, &[]).await
    }

    pub(super) async fn post_with(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut builder = request("POST", path, &moderator()).header("content-type", "application/json");
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        self.send(builder.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// That neither provider was asked anything.
    pub(super) fn assert_untouched(&self, context: &str) {
        assert_eq!((self.able.asked(), self.reading.asked()), (vec![], vec![]), "{context}");
    }
}

/// A request from this caller.
pub(super) fn request(method: &str, path: &str, caller: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path).header("authorization", caller)
}

/// A request from nobody.
pub(super) fn anonymous(method: &str, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}
