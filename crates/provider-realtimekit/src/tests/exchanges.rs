//! Whole operations over a socket.

use std::collections::BTreeSet;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use session_provider::{
    CallContext, Capability, Clock, CustomParticipantId, Effect, Error, ErrorKind, KickTargets, NewPoll, Operation,
    ParticipantId, Passed, PassedOfMoment, ProviderId, RequestId, RoomId, SessionFilter, SessionId, SessionProvider,
    SessionQuery, Timestamp, UpstreamPosition, WantedStatus,
};
use tokio::time::Instant;
use upstream_http::{BaseUrl, BudgetSettings, Budgets, Segment, UpstreamSettings};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::tests::fixtures;
use crate::{RealtimeKit, RealtimeKitConfig};

const APP: &str = "/client/v4/accounts/acc/realtime/kit/app";

fn provider(server: &MockServer) -> RealtimeKit {
    let upstream = UpstreamSettings {
        base_url: BaseUrl::parse(&format!("{}/client/v4", server.uri()), false).unwrap(),
        timeout: Duration::from_secs(20),
        max_concurrency: 8,
        max_body_bytes: 1 << 20,
    };
    let config = RealtimeKitConfig {
        account_id: Segment::new("acc").unwrap(),
        app_id: Segment::new("app").unwrap(),
        api_token: SecretString::from("token"),
        max_pages: 3,
        upstream,
        budget: BudgetSettings { requests: 1_000, per: Duration::from_secs(1) },
    };
    RealtimeKit::new(ProviderId::new("rtk-eu").unwrap(), config, &Budgets::default(), Clock::system()).unwrap()
}

fn read() -> CallContext {
    CallContext::read(RequestId::generate(), Instant::now() + Duration::from_secs(30))
}

fn mutation() -> CallContext {
    CallContext::mutation(RequestId::generate(), Instant::now() + Duration::from_secs(30))
}

fn room() -> RoomId {
    RoomId::new("room-1").unwrap()
}

fn session() -> SessionId {
    SessionId::new("s-1").unwrap()
}

async fn answers(server: &MockServer, verb: &str, route: &str, status: u16, body: Value) {
    let template = ResponseTemplate::new(status).set_body_json(body);
    Mock::given(method(verb)).and(path(format!("{APP}/{route}"))).respond_with(template).mount(server).await;
}

/// What was sent, as `METHOD path?query body`.
async fn sent(server: &MockServer) -> Vec<String> {
    let line = |request: wiremock::Request| {
        assert_eq!(request.headers["authorization"], "Bearer token");
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = request.url.path().strip_prefix(APP).unwrap();
        format!("{} {path}{query} {}", request.method, String::from_utf8(request.body).unwrap()).trim_end().to_owned()
    };
    server.received_requests().await.unwrap().into_iter().map(line).collect()
}

#[tokio::test]
async fn the_live_list_walks_its_pages() {
    let server = MockServer::start().await;
    let paging = |page: u64| json!({"total_count": 2, "start_offset": page, "end_offset": page});
    for page in 1..=2 {
        let body = json!({"success": true, "paging": paging(page),
            "data": {"sessions": [{"id": format!("s-{page}"), "associated_id": format!("r-{page}"), "status": "LIVE"}]}});
        Mock::given(path(format!("{APP}/sessions")))
            .and(query_param("page_no", page.to_string()))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
            .await;
    }
    let call = read();
    let list = provider(&server).list_live_sessions(&call).await.unwrap();
    let rooms: BTreeSet<_> = list.sessions.iter().map(|session| session.room_id.as_str()).collect();
    assert_eq!(rooms, BTreeSet::from(["r-1", "r-2"]));
    assert_eq!(
        sent(&server).await,
        [1, 2, 1].map(|page| format!(
            "GET /sessions?status=LIVE&sort_by=createdAt&sort_order=ASC&page_no={page}&per_page=100"
        ))
    );
    assert_eq!(call.exchanges(), 3);
}

#[tokio::test]
async fn more_pages_than_max_pages_are_a_bad_response_at_this_provider() {
    let server = MockServer::start().await;
    let rows = |page: usize| json!([{"id": format!("s-{page}"), "associated_id": "r"}]);
    for page in 1..=4 {
        let body = json!({"success": true, "data": {"sessions": rows(page)}, "paging": {"total_count": 99}});
        Mock::given(query_param("page_no", page.to_string()))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
            .await;
    }
    let error = provider(&server).list_live_sessions(&read()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ProviderBadResponse);
    assert_eq!(error.provider().map(ProviderId::as_str), Some("rtk-eu"));
    assert_eq!(error.operation(), Some(Operation::ListLiveSessions));
    assert_eq!(sent(&server).await.len(), 2, "the first, and whether there is a second");
}

#[tokio::test]
async fn live_participants_are_those_present_in_the_session_of_the_room() {
    let server = MockServer::start().await;
    let live = json!({"success": true, "data": {"id": "s-1", "status": "LIVE", "live_participants": 5}});
    answers(&server, "GET", "meetings/room-1/active-session", 200, live).await;
    let rows = json!([{"id": "p", "user_id": "u"}, {"id": "q", "left_at": "2026-03-14T10:06:56Z"}, {}]);
    let body = json!({"success": true, "data": {"participants": rows, "paging": {"total_count": 3}}});
    answers(&server, "GET", "sessions/s-1/participants", 200, body).await;

    let list = provider(&server).list_live_participants(&read(), &room()).await.unwrap();
    assert_eq!(list.participants.iter().map(|row| row.connection_id.as_str()).collect::<Vec<_>>(), ["p"]);
    assert_eq!((list.reported_count, list.dropped), (Some(5), 1));
    let participants = "GET /sessions/s-1/participants?sort_by=joinedAt&sort_order=ASC&page_no=1&per_page=100";
    assert_eq!(sent(&server).await, ["GET /meetings/room-1/active-session", participants]);

    let list = provider(&server).list_session_participants(&read(), &session()).await.unwrap();
    assert_eq!((list.participants.len(), list.reported_count), (2, Some(3)));
}

#[tokio::test]
async fn a_session_that_vanishes_between_the_two_calls_is_not_live() {
    let server = MockServer::start().await;
    answers(&server, "GET", "meetings/room-1/active-session", 200, json!({"success": true, "data": {"id": "s-1"}}))
        .await;
    let gone = json!({"success": false, "error": {"code": 404, "message": "No session found"}});
    answers(&server, "GET", "sessions/s-1/participants", 404, gone).await;
    let provider = provider(&server);
    let error = provider.list_live_participants(&read(), &room()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SessionNotLive);
    let error = provider.list_session_participants(&read(), &session()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SessionNotFound);
}

#[tokio::test]
async fn mutations_send_what_the_service_wants() {
    let server = MockServer::start().await;
    let route = |action: &str| format!("meetings/room-1/active-session/{action}");
    answers(&server, "POST", &route("kick"), 200, json!({"success": true, "data": {"participants": [{"id": "u"}]}}))
        .await;
    answers(&server, "POST", &route("kick-all"), 200, json!({"success": true, "data": {}})).await;
    let poll = json!({"poll": {"id": "p", "question": "Q?", "options": []}});
    answers(&server, "POST", &route("poll"), 201, json!({"success": true, "data": poll})).await;

    let provider = provider(&server);
    let by_id = KickTargets::new(vec![ParticipantId::new("u").unwrap()], vec![]).unwrap();
    let by_custom_id = KickTargets::new(vec![], vec![CustomParticipantId::new("a \"b\"").unwrap()]).unwrap();
    assert_eq!(provider.kick_participants(&mutation(), &room(), &by_id).await.unwrap().len(), 1);
    assert_eq!(provider.kick_participants(&mutation(), &room(), &by_custom_id).await.unwrap().len(), 1);
    assert_eq!(provider.kick_all_participants(&mutation(), &room()).await.unwrap(), None);
    let poll =
        NewPoll { question: "Q?".into(), options: vec!["A".into(), "B".into()], anonymous: true, hide_votes: false };
    assert_eq!(provider.create_poll(&mutation(), &room(), &poll).await.unwrap().poll_id.as_deref(), Some("p"));
    assert_eq!(
        sent(&server).await,
        [
            r#"POST /meetings/room-1/active-session/kick {"participant_ids":["u"],"custom_participant_ids":[]}"#,
            r#"POST /meetings/room-1/active-session/kick {"participant_ids":[],"custom_participant_ids":["a \"b\""]}"#,
            "POST /meetings/room-1/active-session/kick-all",
            r#"POST /meetings/room-1/active-session/poll {"question":"Q?","options":["A","B"],"anonymous":true,"hide_votes":false}"#,
        ]
    );
}

#[tokio::test]
async fn a_mutation_answered_with_rubbish_is_unknown_and_sent_once() {
    let server = MockServer::start().await;
    let html = ResponseTemplate::new(200).set_body_string("<html></html>");
    Mock::given(method("POST")).respond_with(html).mount(&server).await;
    let error = provider(&server).kick_all_participants(&mutation(), &room()).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ProviderBadResponse, Effect::Unknown));
    assert_eq!(sent(&server).await.len(), 1);
}

#[tokio::test]
async fn a_session_is_asked_for_with_or_without_its_breakout_rooms() {
    let server = MockServer::start().await;
    let body = json!({"success": true, "data": {"id": "s-1", "associated_id": "r", "status": "ENDED"}});
    answers(&server, "GET", "sessions/s-1", 200, body).await;
    let provider = provider(&server);
    for include in [true, false] {
        assert_eq!(provider.get_session(&read(), &session(), include).await.unwrap().session_id, Some(session()));
    }
    assert_eq!(
        sent(&server).await,
        [true, false].map(|include| format!("GET /sessions/s-1?include_breakout_rooms={include}"))
    );
}

#[tokio::test]
async fn media_are_counted_from_both_lists() {
    let server = MockServer::start().await;
    let recordings = json!([{"id": "a", "status": "RECORDING", "meeting": {"id": "room-1"}}]);
    answers(&server, "GET", "recordings", 200, json!({"success": true, "data": recordings})).await;
    let streams = json!([{"id": "b", "status": "LIVE", "meeting_id": "room-1"}, {"id": "c", "status": "LIVE"}]);
    answers(&server, "GET", "livestreams", 200, json!({"success": true, "data": streams})).await;
    let media = provider(&server).count_live_media(&read()).await.unwrap();
    assert_eq!((media.in_room(&room()).recordings, media.in_room(&room()).livestreams, media.len()), (1, 1, 1));
    let mut sent = sent(&server).await;
    sent.sort();
    assert_eq!(
        sent,
        [
            "GET /livestreams?status=LIVE&sort_order=ASC&page_no=1&per_page=100",
            "GET /livestreams?status=LIVE&sort_order=ASC&page_no=2&per_page=100",
            "GET /recordings?status=INVOKED%2CRECORDING%2CPAUSED&sort_by=invokedTime&sort_order=ASC&page_no=1&per_page=100",
            "GET /recordings?status=INVOKED%2CRECORDING%2CPAUSED&sort_by=invokedTime&sort_order=ASC&page_no=2&per_page=100",
        ]
    );
}

#[tokio::test]
async fn capabilities_are_exactly_what_is_implemented() {
    let server = MockServer::start().await;
    let provider = provider(&server);
    assert!(provider.capabilities().has(Capability::ExpectedSessionId));
    for operation in Operation::ALL {
        let kind = outcome(&provider, operation).await.unwrap_err().kind();
        let unsupported = kind == ErrorKind::CapabilityUnsupported;
        assert_ne!(provider.capabilities().supports(operation), unsupported, "{operation}");
    }
    let unsupported: Vec<_> =
        Operation::ALL.into_iter().filter(|one| !provider.capabilities().supports(*one)).collect();
    assert_eq!(unsupported, [Operation::FindLiveSessionId]);
}

async fn outcome(provider: &RealtimeKit, operation: Operation) -> Result<(), Error> {
    let targets = KickTargets::new(vec![ParticipantId::new("u").unwrap()], vec![]).unwrap();
    let poll = NewPoll { question: "Q?".into(), options: vec![], anonymous: false, hide_votes: false };
    match operation {
        Operation::ListLiveSessions => provider.list_live_sessions(&read()).await.map(drop),
        Operation::GetLiveSession => provider.get_live_session(&read(), &room()).await.map(drop),
        Operation::ListLiveParticipants => provider.list_live_participants(&read(), &room()).await.map(drop),
        Operation::KickParticipants => provider.kick_participants(&mutation(), &room(), &targets).await.map(drop),
        Operation::KickAllParticipants => provider.kick_all_participants(&mutation(), &room()).await.map(drop),
        Operation::CreatePoll => provider.create_poll(&mutation(), &room(), &poll).await.map(drop),
        Operation::GetSession => provider.get_session(&read(), &session(), true).await.map(drop),
        Operation::ListSessionParticipants => provider.list_session_participants(&read(), &session()).await.map(drop),
        Operation::ListSessions => {
            let query = SessionQuery {
                filter: SessionFilter::default(),
                passed: None,
                position: UpstreamPosition::default(),
                limit: 50,
            };
            provider.list_sessions(&read(), &query).await.map(drop)
        }
        Operation::ListRoomSessions => provider.list_room_sessions(&read(), &room()).await.map(drop),
        Operation::FindLiveSessionId => provider.find_live_session_id(&read(), &room()).await.map(drop),
        Operation::CountLiveMedia => provider.count_live_media(&read()).await.map(drop),
    }
}

#[tokio::test]
async fn the_history_is_asked_for_newest_first_with_what_is_wanted_and_a_day_more() {
    let server = MockServer::start().await;
    let row = |id: &str, created: &str| json!({ "id": id, "associated_id": "ROOM-1", "status": "ENDED", "created_at": created });
    let rows = [
        row("b", "2026-03-10T12:00:00.000Z"),
        row("a", "2026-03-10T12:00:00.000Z"),
        row("c", "2026-03-09T11:59:59.999Z"),
    ];
    let body = json!({ "success": true, "data": { "sessions": rows }, "paging": { "total_count": 3 } });
    answers(&server, "GET", "sessions", 200, body).await;
    let moment = |text| Timestamp::parse_rfc3339(text);
    let filter = SessionFilter {
        room: Some(room()),
        status: Some(WantedStatus::Ended),
        since: moment("2026-03-09T12:00:00Z"),
        until: moment("2026-03-11T12:00:00Z"),
    };
    let mut query = SessionQuery { filter, passed: None, position: UpstreamPosition::default(), limit: 5 };
    let page = provider(&server).list_sessions(&read(), &query).await.unwrap();
    let ids = |page: &session_provider::SessionPage| page.rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>();
    assert_eq!((ids(&page), page.more), (vec!["a".to_owned(), "b".to_owned()], false));
    let passed = PassedOfMoment::UpTo(SessionId::new("a").unwrap());
    query.passed = Some(Passed { moment: moment("2026-03-10T12:00:00Z"), of_moment: passed });
    query.filter.status = None;
    query.filter.since = None;
    query.filter.until = None;
    query.filter.room = None;
    assert_eq!(ids(&provider(&server).list_sessions(&read(), &query).await.unwrap()), ["b", "c"]);
    provider(&server).list_room_sessions(&read(), &room()).await.unwrap();
    assert_eq!(
        sent(&server).await,
        [
            "GET /sessions?status=ENDED&associated_id=room-1&start_time=2026-03-08T12%3A00%3A00.000Z\
             &end_time=2026-03-12T12%3A00%3A00.000Z&sort_by=createdAt&sort_order=DESC&page_no=1&per_page=100",
            "GET /sessions?sort_by=createdAt&sort_order=DESC&page_no=1&per_page=100",
            "GET /sessions?associated_id=room-1&sort_by=createdAt&sort_order=ASC&page_no=1&per_page=100",
        ]
    );
}

#[tokio::test]
async fn a_room_that_the_service_does_not_know_has_no_history() {
    let server = MockServer::start().await;
    let said =
        json!({ "success": false, "error": { "code": 400, "message": "BAD_REQUEST: \"id\" must be a valid GUID" } });
    answers(&server, "GET", "sessions", 400, said).await;
    let filter = SessionFilter { room: Some(room()), ..SessionFilter::default() };
    let mut query = SessionQuery { filter, passed: None, position: UpstreamPosition::default(), limit: 5 };
    let page = provider(&server).list_sessions(&read(), &query).await.unwrap();
    assert!(page.rows.is_empty() && !page.more);
    assert!(provider(&server).list_room_sessions(&read(), &room()).await.unwrap().sessions.is_empty());
    query.filter.room = None;
    let error = provider(&server).list_sessions(&read(), &query).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ProviderBadResponse);
}

type ByStatus = (&'static str, &'static str, ErrorKind, Option<u64>);

/// What is told by the status alone, with the seconds to wait where the answer's headers say so.
const BY_STATUS: &[ByStatus] = &[
    ("error.401.v4-authentication.json", "unauthorized", ErrorKind::ProviderAuthFailed, None),
    ("error.403.v4-authentication.json", "forbidden", ErrorKind::ProviderAuthFailed, None),
    ("error.403.v4-9109.json", "forbidden", ErrorKind::ProviderAuthFailed, None),
    ("error.429.v4-971.json", "rate_limited retry 22s", ErrorKind::ProviderRateLimited, Some(22)),
    ("error.429.v4-1200.json", "rate_limited", ErrorKind::ProviderRateLimited, Some(300)),
    ("error.429.v4-10429.json", "rate_limited", ErrorKind::ProviderRateLimited, None),
    ("error.429.rtk.json", "rate_limited", ErrorKind::ProviderRateLimited, Some(4)),
    ("error.429.edge-1015.html", "rate_limited retry 30s", ErrorKind::ProviderRateLimited, Some(30)),
    ("error.500.rtk.json", "upstream_error", ErrorKind::ProviderError, None),
    ("error.500.v4.json", "upstream_error", ErrorKind::ProviderError, None),
    ("error.502.edge.html", "upstream_error", ErrorKind::ProviderError, None),
    ("error.520.edge.html", "upstream_error", ErrorKind::ProviderError, None),
    ("error.504.empty.txt", "upstream_error", ErrorKind::ProviderError, None),
    ("meeting.500.json", "upstream_error", ErrorKind::ProviderError, None),
    ("webhook.401.json", "unauthorized", ErrorKind::ProviderAuthFailed, None),
];

/// Every fixture read here.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BY_STATUS.iter().map(|row| row.0)
}

#[tokio::test]
async fn errors_that_the_status_tells() {
    for (name, expect, kind, retry_after) in BY_STATUS {
        let server = MockServer::start().await;
        let recorded = fixtures::recorded(name, expect);
        let mut template = ResponseTemplate::new(recorded.status).set_body_bytes(recorded.body);
        for (header, value) in recorded.headers {
            template = template.append_header(header, value);
        }
        Mock::given(wiremock::matchers::any()).respond_with(template).mount(&server).await;
        // A fresh provider for each operation: a 429 may make it cautious for a while.
        for operation in Operation::ALL.into_iter().filter(|one| *one != Operation::FindLiveSessionId) {
            let error = outcome(&provider(&server), operation).await.unwrap_err();
            assert_eq!((error.kind(), error.upstream_status()), (*kind, Some(recorded.status)), "{name} {operation}");
            if retry_after.is_some() {
                assert_eq!(error.retry_after().map(|wait| wait.as_secs()), *retry_after, "{name} {operation}");
            }
        }
    }
}
