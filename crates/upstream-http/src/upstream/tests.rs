//! Over real sockets: what a hostile or broken server can do to us.

use std::time::Duration;

use http::HeaderName;
use session_provider::{Effect, Error, ErrorKind, HealthStatus, Operation, RequestId, Timestamp};
use tokio::time::Instant;

use super::*;
use crate::testing::{Act, Server, brotli, gzipped, path};
use crate::{BaseUrl, BudgetSettings, Budgets};

const SECRET: &str = "canary-7f3a";
const CAP: usize = 64 * 1024;

fn upstream(base: &str, timeout: Duration) -> Upstream {
    let credential = Credential::Header(HeaderName::from_static("x-api-key"), SECRET.into());
    let budget = Budgets::default().of(&credential, BudgetSettings { requests: 1000, per: Duration::from_secs(1) });
    let settings = UpstreamSettings {
        base_url: BaseUrl::parse(base, false).unwrap(),
        timeout,
        max_concurrency: 8,
        max_body_bytes: CAP,
    };
    let clock = Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap());
    Upstream::new(ProviderId::new("p").unwrap(), settings, credential, budget, clock).unwrap()
}

fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

fn get() -> Request {
    Request::get(Operation::GetLiveSession, path(&["live-sessions", "kad-mwxe-pfo"])).query("status", "LIVE")
}

async fn read_from(server: &Server) -> Result<Response> {
    let call = CallContext::read(RequestId::generate(), deadline());
    upstream(&server.url(), Duration::from_secs(10)).send(&call, get()).await
}

async fn mutate_at(server: &Server) -> Result<Response> {
    let call = CallContext::mutation(RequestId::generate(), deadline());
    let request = Request::post(Operation::KickParticipants, path(&["kick"])).json(&["a"]).unwrap();
    upstream(&server.url(), Duration::from_secs(10)).send(&call, request).await
}

fn assert_tells_no_secret(error: &Error, server: &Server) {
    let text =
        format!("{error} {error:?} {}", std::error::Error::source(error).map_or(String::new(), ToString::to_string));
    assert!(!text.contains(SECRET) && !text.contains("kad-mwxe-pfo"), "{text}");
    assert!(!text.contains(&server.url()), "{text}");
    assert_eq!(error.provider().unwrap().as_str(), "p");
    assert!(error.operation().is_some());
}

#[tokio::test]
async fn a_get_carries_the_credential_and_the_query_and_brings_the_body() {
    let server = Server::start([Act::answer(200, "content-type: application/json\r\n", r#"{"a":1}"#)]).await;
    let upstream = upstream(&format!("{}/api/v2", server.url()), Duration::from_secs(10));
    let call = CallContext::read(RequestId::generate(), deadline());
    let answer = upstream.send(&call, get()).await.unwrap();
    assert_eq!(answer.json::<serde_json::Value>().unwrap(), serde_json::json!({"a": 1}));
    assert_eq!(call.exchanges(), 1);
    let request = server.requests().remove(0);
    let head = request.to_lowercase();
    assert!(request.starts_with("GET /api/v2/live-sessions/kad-mwxe-pfo?status=LIVE HTTP/1.1\r\n"), "{request}");
    for header in [
        "x-api-key: canary-7f3a\r\n",
        "accept: application/json\r\n",
        "accept-encoding: gzip\r\n",
        &format!("user-agent: rollcall/{}\r\n", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(head.contains(header), "{header}: {head}");
    }
    assert!(!head.contains("content-type"), "{head}");
    let health = upstream.health();
    assert_eq!(health.status, HealthStatus::Ok);
    assert_eq!(health.budget.unwrap().requests, 1000);
}

#[tokio::test]
async fn a_post_carries_json() {
    let server = Server::start([Act::answer(201, "", "{}")]).await;
    assert_eq!(mutate_at(&server).await.unwrap().status(), 201);
    let request = server.requests().remove(0).to_lowercase();
    assert!(request.starts_with("post /kick http/1.1\r\n") && request.ends_with("\r\n\r\n[\"a\"]"), "{request}");
    assert!(request.contains("content-type: application/json\r\n"), "{request}");
}

#[tokio::test]
async fn any_2xx_and_any_other_4xx_is_for_the_provider_to_read_html_too() {
    for status in [200, 201, 204, 400, 404, 409, 422] {
        let body = if status == 204 { "" } else { "<html>login</html>" };
        let server = Server::start([Act::answer(status, "content-type: text/html\r\n", body)]).await;
        let answer = read_from(&server).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (status, body.as_bytes()));
    }
}

#[tokio::test]
async fn refusals_and_failures_are_classified_with_their_retry_after() {
    let date = "retry-after: Fri, 20 Nov 2026 10:01:00 GMT\r\n";
    for (status, header, kind, wait) in [
        (401, "", ErrorKind::ProviderAuthFailed, None),
        (403, "retry-after: 9\r\n", ErrorKind::ProviderAuthFailed, None),
        (429, "retry-after: 30\r\n", ErrorKind::ProviderRateLimited, Some(30..=30)),
        (429, "", ErrorKind::ProviderRateLimited, Some(1..=1)),
        (500, "", ErrorKind::ProviderError, None),
        (503, date, ErrorKind::ProviderError, Some(55..=60)),
        (520, "", ErrorKind::ProviderError, None),
        (302, "location: https://elsewhere.example/\r\n", ErrorKind::ProviderBadResponse, None),
    ] {
        let server = Server::start([Act::answer(status, header, "secret body")]).await;
        let error = read_from(&server).await.unwrap_err();
        assert_eq!((error.kind(), error.upstream_status()), (kind, Some(status)));
        let told = error.retry_after().map(|wait| wait.as_secs());
        assert!(
            wait.clone().map_or(told.is_none(), |wait| told.is_some_and(|told| wait.contains(&told))),
            "{status}: {told:?}"
        );
        assert!(!format!("{error:?}").contains("secret body"));
        assert_tells_no_secret(&error, &server);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_other_host_gets_no_credential() {
    let other = Server::start([Act::answer(200, "", "{}")]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/stolen\r\n", other.url());
        let server = Server::start([Act::answer(status, &location, "")]).await;
        let error = read_from(&server).await.unwrap_err();
        assert_eq!((error.kind(), error.upstream_status()), (ErrorKind::ProviderBadResponse, Some(status)));
        assert_eq!(server.requests().len(), 1);
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn compressed_bodies_are_read_and_a_bomb_is_cut_at_the_cap() {
    let bad = Some(ErrorKind::ProviderBadResponse);
    for (bytes, outcome) in [(1, None), (CAP, None), (CAP + 1, bad), (16 << 20, bad)] {
        let server = Server::start([Act::answer(200, "content-encoding: gzip\r\n", gzipped(&vec![b'x'; bytes]))]).await;
        let answer = read_from(&server).await;
        assert_eq!(answer.as_ref().err().map(Error::kind), outcome, "{bytes}");
        if let Ok(answer) = answer {
            assert_eq!(answer.body().len(), bytes);
        }
    }
}

#[tokio::test]
async fn a_body_is_read_whatever_letters_its_encoding_is_written_in_and_however_many_members_it_has() {
    let several = [gzipped(b"{\"a\":"), gzipped(b"1}")].concat();
    let plain = br#"{"a":1}"#.to_vec();
    for (headers, body) in [
        ("content-encoding: GZIP\r\n", gzipped(&plain)),
        ("content-encoding: x-gzip\r\n", gzipped(&plain)),
        ("content-encoding: gzip\r\n", several),
        ("content-encoding: identity\r\ncontent-encoding: gzip\r\n", gzipped(&plain)),
        ("content-encoding: Br\r\n", brotli(&plain)),
        ("content-encoding: identity\r\n", plain.clone()),
        ("content-encoding: \r\n", plain.clone()),
        ("", plain.clone()),
    ] {
        let server = Server::start([Act::answer(200, headers, body)]).await;
        assert_eq!(read_from(&server).await.unwrap().body().as_ref(), plain, "{headers}");
    }
    let server = Server::start([Act::answer(204, "content-encoding: gzip\r\n", "")]).await;
    assert!(read_from(&server).await.unwrap().body().is_empty());
    for headers in ["content-encoding: zstd\r\n", "content-encoding: deflate\r\n", "content-encoding: gzip, br\r\n"] {
        let server = Server::start([Act::answer(200, headers, plain.clone())]).await;
        assert_eq!(read_from(&server).await.unwrap_err().kind(), ErrorKind::ProviderBadResponse, "{headers}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_its_encoding_says_is_a_bad_answer() {
    let half = gzipped(&[b'x'; 5000]);
    for body in [&b"{\"plain\":true}"[..], &half[..half.len() / 2]] {
        let server = Server::start([Act::answer(200, "content-encoding: gzip\r\n", body)]).await;
        let error = read_from(&server).await.unwrap_err();
        assert_eq!((error.kind(), error.upstream_status()), (ErrorKind::ProviderBadResponse, Some(200)));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_body_over_the_cap_is_refused_and_a_huge_declared_one_is_not_even_read() {
    let server = Server::start([Act::answer(200, "", vec![b'x'; CAP])]).await;
    assert_eq!(read_from(&server).await.unwrap().body().len(), CAP);
    let chunk = [format!("{:x}\r\n", CAP + 1).as_bytes(), &vec![b'x'; CAP + 1], b"\r\n0\r\n\r\n"].concat();
    let chunked = [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", &chunk[..]].concat();
    // The server sends no byte of the body and keeps the connection open: only the declaration can be the reason.
    let declared = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 300 << 20).into_bytes();
    for act in [Act::answer(200, "", vec![b'x'; CAP + 1]), Act::Send(chunked), Act::Send(declared)] {
        let server = Server::start([act]).await;
        let error = read_from(&server).await.unwrap_err();
        assert_eq!((error.kind(), error.upstream_status()), (ErrorKind::ProviderBadResponse, Some(200)));
        assert_tells_no_secret(&error, &server);
    }
}

#[tokio::test]
async fn an_endless_drip_and_silence_end_at_the_timeout() {
    let drip = Act::Drip(b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n".to_vec());
    for (act, status) in [(drip, Some(200)), (Act::Hang, None)] {
        let server = Server::start([act]).await;
        let upstream = upstream(&server.url(), Duration::from_millis(500));
        let call = CallContext::mutation(RequestId::generate(), deadline());
        let error = upstream.send(&call, get()).await.unwrap_err();
        assert_eq!((error.kind(), error.upstream_status()), (ErrorKind::ProviderTimeout, status));
        assert_eq!((error.effect(), server.requests().len()), (Effect::Unknown, 1));
        assert_eq!(upstream.health().last_error, Some(ErrorKind::ProviderTimeout));
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_failure_of_the_provider_and_a_read_is_repeated_once() {
    let head = |extra: &str| format!("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n{extra}\r\n").into_bytes();
    let half = gzipped(&[b'x'; 5000]);
    let gzip = [&head("content-encoding: gzip\r\n")[..], &half[..half.len() / 2]].concat();
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nabc".to_vec();
    for act in [
        Act::truncated(200, 5000, "{\"a\":"),
        Act::SendAndReset([head(""), b"{\"a\":".to_vec()].concat()),
        Act::SendAndClose(gzip),
        Act::SendAndClose(chunked),
    ] {
        let server = Server::start([act.clone()]).await;
        let error = read_from(&server).await.unwrap_err();
        assert_eq!((error.kind(), server.requests().len()), (ErrorKind::ProviderError, 2), "{act:?}");
        assert_tells_no_secret(&error, &server);
        let server = Server::start([act, Act::answer(200, "", "{}")]).await;
        assert!(read_from(&server).await.is_ok());
    }
}

#[tokio::test]
async fn what_is_not_http_is_a_failure_of_the_provider() {
    for bytes in [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"HTTP/1.1 abc\r\n\r\n", b"\0\0\0\0"] {
        let server = Server::start([Act::SendAndClose(bytes.to_vec())]).await;
        let error = read_from(&server).await.unwrap_err();
        assert_eq!((error.kind(), error.upstream_status()), (ErrorKind::ProviderError, None));
    }
}

#[tokio::test]
async fn a_mutation_is_sent_exactly_once_whatever_happens() {
    for act in [
        Act::SendAndClose(Vec::new()),
        Act::SendAndReset(Vec::new()),
        Act::truncated(200, 100, "{"),
        Act::answer(500, "retry-after: 0\r\n", ""),
        Act::answer(302, "location: /elsewhere\r\n", ""),
    ] {
        let server = Server::start([act.clone(), Act::answer(200, "", "{}")]).await;
        let error = mutate_at(&server).await.unwrap_err();
        assert_eq!((error.effect(), error.is_retryable()), (Effect::Unknown, false), "{act:?}");
        assert_eq!(server.requests().len(), 1, "{act:?}");
    }
    for status in [401, 403, 429] {
        let server = Server::start([Act::answer(status, "", "")]).await;
        assert_eq!(mutate_at(&server).await.unwrap_err().effect(), Effect::None, "{status}");
    }
}

/// A pooled connection that the server closes just as we use it again is where clients repeat requests on their own.
#[tokio::test]
async fn a_mutation_on_a_connection_used_before_is_sent_exactly_once_too() {
    let server =
        Server::start([Act::answer(200, "", "{}"), Act::SendAndClose(Vec::new()), Act::answer(200, "", "{}")]).await;
    let upstream = upstream(&server.url(), Duration::from_secs(10));
    let read = CallContext::read(RequestId::generate(), deadline());
    assert!(upstream.send(&read, get()).await.is_ok());
    let mutation = CallContext::mutation(RequestId::generate(), deadline());
    let request = Request::post(Operation::KickParticipants, path(&["kick"])).json(&["a"]).unwrap();
    let error = upstream.send(&mutation, request).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ProviderError, Effect::Unknown));
    assert_eq!((server.requests().len(), mutation.exchanges()), (2, 1));
}

#[tokio::test]
async fn a_refused_connection_proves_that_nothing_was_sent() {
    let server = Server::start([Act::Hang]).await;
    let (url, probe) = (server.url(), server.address);
    drop(server);
    // The listener is gone when its task is; until then a connection might still be taken.
    while tokio::net::TcpStream::connect(probe).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let upstream = upstream(&url, Duration::from_secs(10));
    let call = CallContext::mutation(RequestId::generate(), deadline());
    let error = upstream.send(&call, get()).await.unwrap_err();
    assert_eq!((error.kind(), error.effect(), error.is_retryable()), (ErrorKind::ProviderError, Effect::None, true));
    assert_eq!(upstream.health().status, HealthStatus::Degraded);
}

#[tokio::test]
async fn tls_that_fails_or_never_ends_proves_that_nothing_was_sent() {
    let speaks_no_tls = Server::start_greeting(b"220 mail.example ESMTP\r\n").await;
    let says_nothing = Server::start([Act::Hang]).await;
    for (server, timeout, kind) in
        [(speaks_no_tls, 10_000, ErrorKind::ProviderError), (says_nothing, 400, ErrorKind::ProviderTimeout)]
    {
        let timeout = Duration::from_millis(timeout);
        let upstream = upstream(&server.url().replace("http://", "https://"), timeout);
        let call = CallContext::mutation(RequestId::generate(), deadline());
        let error = upstream.send(&call, get()).await.unwrap_err();
        assert_eq!((error.kind(), error.effect(), error.is_retryable()), (kind, Effect::None, true), "{error:?}");
        assert!(server.requests().is_empty());
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_proves_that_nothing_was_sent() {
    let upstream = upstream("https://rollcall.invalid", Duration::from_secs(2));
    let call = CallContext::mutation(RequestId::generate(), deadline());
    let error = upstream.send(&call, get()).await.unwrap_err();
    // Where nobody answers for names either, the time for the connection ends first: it covers them, too.
    assert!(matches!(error.kind(), ErrorKind::ProviderError | ErrorKind::ProviderTimeout), "{error:?}");
    assert_eq!((error.effect(), error.is_retryable()), (Effect::None, true), "{error:?}");
}

/// Runs itself again under an environment that names a proxy, since a test must not change its own.
#[tokio::test]
async fn proxies_from_the_environment_are_ignored() {
    const MARK: &str = "UPSTREAM_HTTP_TEST_OF";
    if let Ok(url) = std::env::var(MARK) {
        let call = CallContext::read(RequestId::generate(), deadline());
        upstream(&url, Duration::from_secs(10)).send(&call, get()).await.unwrap();
        return;
    }
    let server = Server::start([Act::answer(200, "", "{}")]).await;
    let proxy = Server::start([Act::answer(200, "", "{}")]).await;
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "upstream::tests::proxies_from_the_environment_are_ignored"]).env(MARK, server.url());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"] {
        child.env(name, proxy.url());
    }
    child.env_remove("NO_PROXY").env_remove("no_proxy").env_remove("REQUEST_METHOD");
    let done = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0));
}

#[tokio::test]
async fn a_dropped_call_leaves_the_upstream_usable() {
    let server = Server::start([Act::Hang, Act::answer(200, "", "{}")]).await;
    let upstream = upstream(&server.url(), Duration::from_secs(10));
    let call = CallContext::read(RequestId::generate(), deadline());
    let mut hanging = Box::pin(upstream.send(&call, get()));
    while server.requests().is_empty() {
        assert!(futures_util::poll!(&mut hanging).is_pending());
        tokio::task::yield_now().await;
    }
    drop(hanging);
    assert!(upstream.send(&call, get()).await.is_ok());
}

#[test]
fn an_unusable_credential_stops_the_set_up_without_being_told() {
    let credential = Credential::Bearer("canary\n7f3a".into());
    let settings = UpstreamSettings {
        base_url: BaseUrl::parse("https://h", false).unwrap(),
        timeout: Duration::from_secs(1),
        max_concurrency: 1,
        max_body_bytes: 1,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _entered = runtime.enter();
    let budget = Budgets::default().of(&credential, BudgetSettings { requests: 1, per: Duration::from_secs(1) });
    let made = Upstream::new(ProviderId::new("p").unwrap(), settings, credential, budget, Clock::system());
    let error = made.unwrap_err().to_string();
    assert!(error.contains("credential") && !error.contains("canary"), "{error}");
}
