//! Streams in front of scripted providers, on the paused clock.

use std::sync::Arc;
use std::time::Duration;

use caller_auth::{AuthConfig, Authenticator, Caller, IssuerConfig, KeySource, SharedSecret, VisibleProviders};
use http::{HeaderMap, HeaderValue, header};
use jsonwebtoken::{EncodingKey, Header};
use serde_json::json;
use session_provider::{
    Clock, Payer, ProviderId, RequestId, RoomId, Session, SessionId, SessionProvider, SessionStatus, Timestamp,
};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::changes::Changes;
use crate::config::{CacheConfig, EventsConfig, LimitsConfig};
use crate::draining::Draining;
use crate::events::tests::consumer::Consumer;
use crate::events::{Events, NoPlace, Subscriber};
use crate::providers::Providers;
use crate::reads::{ListQuery, PageQuery, ReadCall, Reads};
use crate::sharing::Sharing;
use crate::testing::Scripted;

const SECRET: &str = "a secret of these tests, long enough for HS256";

/// How long a token of these tests is good.
pub(super) const TOKEN_LIFE: Duration = Duration::from_secs(600);

pub(super) struct Bench {
    pub(super) events: Events,
    pub(super) reads: Reads,
    pub(super) changes: Changes,
    pub(super) draining: Draining,
    pub(super) authenticator: Authenticator,
    clock: Clock,
    providers: Vec<ProviderId>,
}

impl Bench {
    pub(super) fn new(fakes: &[&Arc<Scripted>], config: EventsConfig) -> Self {
        let clock = Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap());
        let providers = Providers::new(fakes.iter().map(|fake| Arc::clone(fake) as Arc<dyn SessionProvider>), clock);
        let changes = Changes::new(providers.ids());
        let tasks = (&TaskTracker::new(), &CancellationToken::new());
        Self::among_replicas(providers, changes, clock, config, None, tasks)
    }

    /// The same as one of several.
    pub(super) fn among_replicas(
        providers: Providers,
        changes: Changes,
        clock: Clock,
        config: EventsConfig,
        sharing: Option<Sharing>,
        (tasks, stop): (&TaskTracker, &CancellationToken),
    ) -> Self {
        let this = Self::stopped(providers, changes, clock, config, sharing);
        this.events.start(tasks, stop);
        this
    }

    /// The same that does nothing by itself yet.
    pub(super) fn stopped(
        providers: Providers,
        changes: Changes,
        clock: Clock,
        config: EventsConfig,
        sharing: Option<Sharing>,
    ) -> Self {
        let (deadline, cache) = (Duration::from_secs(5), CacheConfig::default());
        let reads = Reads::among_replicas(providers.clone(), changes.clone(), &cache, deadline, clock, sharing.clone());
        let (draining, limits) = (Draining::default(), LimitsConfig::default());
        let (of_reads, of_changes) = (reads.clone(), changes.clone());
        let events = Events::among_replicas(config, &limits, of_reads, of_changes, draining.clone(), sharing);
        let keys = KeySource::Hs256(SharedSecret::new(SECRET.into()).unwrap());
        let issuer = IssuerConfig::new("https://id.example".to_owned(), vec!["rollcall".to_owned()], keys);
        let auth = AuthConfig { leeway: Duration::from_secs(5), issuers: vec![issuer] };
        let authenticator = Authenticator::new(&auth, clock).unwrap();
        Self { events, reads, changes, draining, authenticator, clock, providers: providers.ids().collect() }
    }

    pub(super) async fn follow(&self) -> Consumer {
        self.follow_from(None).await
    }

    pub(super) async fn follow_from(&self, last_event_id: Option<&str>) -> Consumer {
        self.try_follow(last_event_id).await.unwrap()
    }

    pub(super) async fn try_follow(&self, last_event_id: Option<&str>) -> Result<Consumer, NoPlace> {
        self.try_open(None, "tester", last_event_id).await
    }

    /// A room of the provider `p`.
    pub(super) async fn follow_room(&self, room: &str, last_event_id: Option<&str>) -> Consumer {
        self.try_open(Some(room), "tester", last_event_id).await.unwrap()
    }

    pub(super) async fn try_open(
        &self,
        room: Option<&str>,
        subject: &str,
        last_event_id: Option<&str>,
    ) -> Result<Consumer, NoPlace> {
        let now = self.clock.now().unix_seconds();
        let claims = json!({
            "iss": "https://id.example", "aud": "rollcall", "sub": subject, "iat": now,
            "exp": now + i64::try_from(TOKEN_LIFE.as_secs()).unwrap(), "scope": "sessions:read",
        });
        let token = jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes()));
        let value = HeaderValue::try_from(format!("Bearer {}", token.unwrap())).unwrap();
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
        let caller = self.authenticator.authenticate(&headers).await.unwrap();
        let token = self.authenticator.hold(&headers).unwrap();
        let subscriber = Subscriber { caller: &caller, token, last_event_id };
        match room {
            None => self.events.follow_account(&self.providers, subscriber).map(Consumer::new),
            Some(room) => {
                let provider = self.reads.providers().get("p").unwrap();
                let room = RoomId::new(room).unwrap();
                self.events.follow_room(provider, &room, subscriber).map(Consumer::of_room)
            }
        }
    }

    /// What a list that asks for no older answer says.
    pub(super) async fn list(&self) -> serde_json::Value {
        self.list_with(call(true)).await
    }

    /// What a list says.
    pub(super) async fn cached_list(&self) -> serde_json::Value {
        self.list_with(call(false)).await
    }

    /// Whether a read of this room of the provider `p` says that it is live.
    pub(super) async fn is_live(&self, room: &str) -> bool {
        let provider = self.reads.providers().get("p").unwrap().clone();
        let room = RoomId::new(room).unwrap();
        self.reads.live_session(call(false), &provider, &room, &Default::default()).await.is_ok()
    }

    /// Reads who is in this room of the provider `p`, and wants no older answer.
    pub(super) async fn people(&self, room: &str) {
        let provider = self.reads.providers().get("p").unwrap().clone();
        let page = PageQuery { limit: 100, cursor: None };
        self.reads.live_participants(call(true), &provider, &RoomId::new(room).unwrap(), &page).await.unwrap();
    }

    async fn list_with(&self, call: ReadCall) -> serde_json::Value {
        let page = PageQuery { limit: 1000, cursor: None };
        let query = ListQuery { providers: None, page, forbid_partial: false, include: Default::default() };
        let everyone = Caller::new("iss".into(), "sub".into(), Default::default(), VisibleProviders::All);
        let reply = self.reads.live_sessions(call, &everyone, &query).await.unwrap();
        serde_json::from_slice(&reply.body).unwrap()
    }
}

fn call(no_cache: bool) -> ReadCall {
    let (request_id, arrival) = (RequestId::generate(), tokio::time::Instant::now());
    ReadCall { request_id, arrival, payer: Payer(1), no_cache, at_hand: false }
}

/// A session of that room and id.
pub(super) fn live(room: &str, id: &str) -> Session {
    Session {
        session_id: Some(SessionId::new(id).unwrap()),
        ..Session::of_room(RoomId::new(room).unwrap(), SessionStatus::Live)
    }
}
