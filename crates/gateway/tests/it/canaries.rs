//! Secrets at the highest log level: the real program, every kind of failure, and nothing of them anywhere.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use base64::Engine;
use document_conformance::{OpenApiDocument, SeenAnswer};
use http::{Method, StatusCode, header};
use provider_simulator::{Fault, RunningSimulator, Service, Simulator, World};
use serde_json::{Value, json};
use session_provider::Clock;

const SECRET: &str = "canary-hs256-secret-0123456789abcdef";
const API_KEY: &str = "canary-huddle01-api-key";
const API_TOKEN: &str = "canary-realtimekit-api-token";
/// In the URLs of a provider, which are in no log line.
const ACCOUNT: &str = "canary-account-id";
const APP: &str = "canary-app-id";
/// In what a provider answers where it answers something else than it should.
const UPSTREAM_BODY: &str = "canary-upstream-body";
const UPSTREAM_HEADER: &str = "canary-upstream-header";
/// In what callers send where nothing like it belongs.
const CALLERS_QUERY: &str = "canary-query-value";
const CALLERS_HEADER: &str = "canary-request-header";
/// In the body of a mutation: it is sent on, but no log holds it.
const QUESTION: &str = "canary-question";

/// The program, and everything it says, read to the end so that it never waits for us.
struct Program {
    child: Child,
    output: Vec<JoinHandle<String>>,
    base: String,
    admin: String,
    audit: PathBuf,
    config: PathBuf,
}

impl Program {
    fn start(huddle01: &RunningSimulator, realtimekit: &RunningSimulator) -> Self {
        let name = uuid::Uuid::now_v7();
        let audit = std::env::temp_dir().join(format!("rollcall-canary-{name}.jsonl"));
        let config = std::env::temp_dir().join(format!("rollcall-canary-{name}.toml"));
        std::fs::write(&config, configuration(huddle01, realtimekit, &audit)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["serve", "--config"]).arg(&config).env_clear();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut errors = child.stderr.take().unwrap();
        let mut said = String::new();
        let line: Value = loop {
            let mut line = String::new();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended; it said:\n{said}");
            said.push_str(&line);
            let line: Value = serde_json::from_str(&line).unwrap();
            if line["message"] == "serving" {
                break line;
            }
        };
        let rest = std::thread::spawn(move || {
            out.read_to_string(&mut said).unwrap();
            said
        });
        let complaints = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).unwrap();
            text
        });
        let url = |key: &str| format!("http://{}", line[key].as_str().unwrap());
        let (base, admin) = (url("listen"), url("admin_listen"));
        Self { child, output: vec![rest, complaints], base, admin, audit, config }
    }

    /// Ends it and gives everything that it printed.
    fn stop(mut self) -> (String, String) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        let errors = self.output.pop().unwrap().join().unwrap();
        (self.output.pop().unwrap().join().unwrap(), errors)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.audit);
        let _ = std::fs::remove_file(&self.config);
    }
}

fn configuration(huddle01: &RunningSimulator, realtimekit: &RunningSimulator, audit: &std::path::Path) -> String {
    // Each fault gets providers of its own: a breaker that the fault before has opened would hide it.
    let sections = (0..=faults().len()).map(|n| {
        let own = |kind| provider_section(kind, n, if kind == "huddle01" { huddle01 } else { realtimekit });
        own("huddle01") + &own("realtimekit")
    });
    let providers: String = sections.collect();
    format!(
        r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "https://id.example.internal"
audience = "rollcall"
hs256_secret = "{SECRET}"
{providers}
[cache]
fresh_for = "1ms"
revalidate_for = "1ms"
stale_for = "60s"
[limits]
moderation = {{ requests = 500, per = "1s" }}
[audit]
file = {audit:?}
[log]
level = "trace"
"#
    )
}

fn provider_section(kind: &str, n: usize, simulator: &RunningSimulator) -> String {
    let credential = if kind == "huddle01" {
        format!("api_key = \"{API_KEY}-{n}\"")
    } else {
        format!("account_id = \"{ACCOUNT}\"\napp_id = \"{APP}\"\napi_token = \"{API_TOKEN}-{n}\"")
    };
    format!(
        r#"
[providers.{kind}-{n}]
kind = "{kind}"
{credential}
base_url = "{}"
timeout = "300ms"
max_body_bytes = "64KiB"
budget = {{ requests = 100000, per = "1s" }}
"#,
        simulator.base_url()
    )
}

fn token(change: impl FnOnce(&mut Value), secret: &str) -> String {
    let now = Clock::system().now().unix_seconds();
    let mut claims = json!({
        "iss": "https://id.example.internal", "aud": "rollcall", "sub": "svc", "iat": now, "exp": now + 600,
        "scope": "sessions:read sessions:moderate", "private": "canary-private-claim",
    });
    change(&mut claims);
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

/// A caller that keeps everything it was answered, each of it something that the document allows.
struct Caller {
    client: reqwest::Client,
    document: OpenApiDocument,
    base: String,
    heard: String,
    statuses: std::collections::BTreeSet<u16>,
}

impl Caller {
    fn new(base: &str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the test is a caller, not an upstream client")]
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        let document = OpenApiDocument::parse(&gateway::api::openapi_json()).unwrap();
        Self {
            client,
            document,
            base: base.to_owned(),
            heard: String::new(),
            statuses: std::collections::BTreeSet::new(),
        }
    }

    async fn ask(&mut self, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> StatusCode {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base));
        request = request.header("x-canary", CALLERS_HEADER).header(header::COOKIE, CALLERS_HEADER);
        request = request.header("x-request-id", format!("{CALLERS_HEADER} is no id"));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let (status, headers, path) = (answer.status(), answer.headers().clone(), answer.url().path().to_owned());
        let text = answer.text().await.unwrap();
        let sent = body.map(ToString::to_string).unwrap_or_default();
        let seen = SeenAnswer {
            method: &method,
            path: &path,
            request_body: sent.as_bytes(),
            status,
            headers: &headers,
            body: text.as_bytes(),
        };
        self.document.check(&seen).unwrap_or_else(|fault| panic!("{fault}"));
        self.heard.push_str(&format!("{status} {headers:?}\n{text}"));
        self.statuses.insert(status.as_u16());
        status
    }
}

fn faults() -> Vec<Fault> {
    let body = json!({ "error": UPSTREAM_BODY, "message": UPSTREAM_BODY, "success": false });
    let mut faults: Vec<Fault> = [400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 502, 503]
        .map(|status| Fault::json(StatusCode::from_u16(status).unwrap(), &body))
        .into();
    faults.extend([
        Fault::json(StatusCode::OK, &body),
        Fault::text(StatusCode::OK, UPSTREAM_BODY),
        Fault::redirect(&format!("http://127.0.0.1:1/{UPSTREAM_BODY}")),
        Fault::rate_limited(Some(1)),
        Fault::html(StatusCode::BAD_GATEWAY),
        Fault::unsuccessful(),
        Fault::missing_array(),
        Fault::truncated_json(),
        Fault::reset(),
        Fault::reset_mid_body(),
        Fault::short_body(),
        Fault::padded(128 * 1024),
        Fault::gzip_bomb(4 * 1024 * 1024),
        Fault::hang(),
    ]);
    let named = || (header::HeaderName::from_static("x-canary"), header::HeaderValue::from_static(UPSTREAM_HEADER));
    faults.into_iter().map(|fault| fault.header(named().0, named().1)).collect()
}

/// The routes with every kind of caller.
async fn good_and_bad_callers(caller: &mut Caller, room: &str, session: &str, tokens: &[String]) {
    let live = format!("/v1/live-sessions/realtimekit-0/{room}");
    let paths = [
        "/v1/providers".to_owned(),
        "/v1/live-sessions?provider=huddle01-0&provider=realtimekit-0&include=session_id&include=media_counts"
            .to_owned(),
        live.clone(),
        format!("{live}/participants"),
        format!("/v1/sessions/realtimekit-0/{session}"),
        format!("/v1/sessions/realtimekit-0/{session}/participants"),
        format!("/v1/live-sessions?access_token={CALLERS_QUERY}"),
        format!("/v1/live-sessions?cursor={CALLERS_QUERY}"),
        format!("/v1/live-sessions/huddle01-0/..%2f{CALLERS_QUERY}"),
        format!("/nowhere?{CALLERS_QUERY}"),
        "/readyz".to_owned(),
    ];
    for path in &paths {
        for token in [None].into_iter().chain(tokens.iter().map(|token| Some(token.as_str()))) {
            caller.ask(Method::GET, path, token, None).await;
        }
    }
    let poll = json!({ "question": QUESTION, "options": [QUESTION, "no"] });
    let kick = json!({ "custom_participant_ids": [format!("{CALLERS_QUERY}\u{7}")] });
    for token in tokens {
        caller.ask(Method::POST, &format!("{live}/polls"), Some(token), Some(&poll)).await;
        caller.ask(Method::POST, &format!("{live}/kick"), Some(token), Some(&kick)).await;
        caller.ask(Method::POST, &format!("{live}/polls"), Some(token), Some(&json!({ "question": [QUESTION] }))).await;
        caller.ask(Method::PUT, &live, Some(token), None).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_shows_in_output_metrics_answers_or_the_audit_log() {
    let world = World::empty();
    let huddle01 = Simulator::huddle01(world.clone()).start().await.unwrap();
    let realtimekit = Simulator::realtimekit(world.clone()).start().await.unwrap();
    let room = world.add_room(Service::RealtimeKit, "Sync");
    world.start_session(&room).unwrap();
    world.join(&room, "Chen").unwrap();
    let session = world.live_session(&room).unwrap().id;
    let program = Program::start(&huddle01, &realtimekit);
    let mut caller = Caller::new(&program.base);

    let good = token(|_| {}, SECRET);
    let tokens = [
        good.clone(),
        token(|claims| claims["exp"] = 1.into(), SECRET),
        token(|claims| claims["aud"] = "canary-audience".into(), SECRET),
        token(|claims| claims["providers"] = json!({ "canary-claim": 1 }), SECRET),
        token(|claims| claims["scope"] = "".into(), SECRET),
        token(|_| {}, "canary-another-secret-0123456789abcdef"),
        "canary-no-token-at-all".to_owned(),
    ];
    good_and_bad_callers(&mut caller, &room, &session, &tokens).await;
    let poll = json!({ "question": QUESTION, "options": [QUESTION, "no"] });
    for (n, fault) in (1..).zip(faults()) {
        let rules = [&huddle01, &realtimekit]
            .map(|simulator| (simulator, simulator.script().always(provider_simulator::Pattern::any(), fault.clone())));
        let live = format!("/v1/live-sessions/realtimekit-{n}/{room}");
        caller.ask(Method::POST, &format!("{live}/polls"), Some(&good), Some(&poll)).await;
        for path in [
            format!("/v1/live-sessions?provider=realtimekit-{n}&provider=huddle01-{n}"),
            live.clone(),
            format!("/v1/live-sessions/huddle01-{n}/room"),
        ] {
            caller.ask(Method::GET, &path, Some(&good), None).await;
        }
        for (simulator, rule) in rules {
            assert!(simulator.script().hits(rule) > 0, "fault {n} was not met");
            simulator.script().remove(rule);
        }
    }
    // A request that is none, and a connection to a provider that is gone.
    let mut raw = std::net::TcpStream::connect(program.base.strip_prefix("http://").unwrap()).unwrap();
    raw.write_all(format!("GET / HTTP/9.9\r\nauthorization: Bearer {good}\r\n\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    // It may be cut off by a reset.
    let _ = raw.read_to_end(&mut answer);
    caller.heard.push_str(&String::from_utf8_lossy(&answer));
    huddle01.shutdown().await;
    caller.ask(Method::GET, "/v1/live-sessions?partial=forbid&provider=huddle01-0", Some(&good), None).await;

    for status in [200, 201, 400, 401, 403, 404, 405, 502, 503, 504] {
        assert!(caller.statuses.contains(&status), "{status} did not happen: {:?}", caller.statuses);
    }
    let metrics = caller.client.get(format!("{}/metrics", program.admin)).send().await.unwrap().text().await.unwrap();
    let audit = std::fs::read_to_string(&program.audit).unwrap();
    let (output, errors) = program.stop();
    for (what, text, telling) in [
        ("stdout", &output, "\"answered\""),
        ("metrics", &metrics, "rollcall_http_requests_total"),
        ("answers", &caller.heard, "application/problem+json"),
        ("audit", &audit, "\"outcome\":\"unknown\""),
        ("stderr", &errors, ""),
    ] {
        assert!(text.contains(telling), "{what} holds nothing worth a look");
        for canary in canaries(&tokens, what) {
            let at = text.find(&canary);
            let near = at.map(|at| text[text.floor_char_boundary(at.saturating_sub(300))..].lines().next());
            assert!(at.is_none(), "{canary} is in {what}: {near:?}");
        }
    }
    assert!(output.lines().any(|line| line.contains("\"level\":\"DEBUG\"") || line.contains("\"level\":\"TRACE\"")));
}

fn canaries(tokens: &[String], place: &str) -> Vec<String> {
    let mut all: Vec<String> = [SECRET, API_KEY, API_TOKEN, ACCOUNT, UPSTREAM_BODY, UPSTREAM_HEADER, CALLERS_HEADER]
        .map(ToOwned::to_owned)
        .into();
    all.extend(["Bearer ey", "canary-private-claim", "canary-audience", "canary-claim"].map(ToOwned::to_owned));
    for token in tokens {
        all.extend(token.split('.').skip(1).map(ToOwned::to_owned));
        all.push(token.clone());
    }
    for secret in [SECRET, API_KEY, API_TOKEN] {
        let standard = base64::engine::general_purpose::STANDARD.encode(secret);
        all.extend([standard.trim_end_matches('=').to_owned()]);
    }
    // A caller is told what it sent itself; a poll is answered with its question; the simulated organization is the app.
    if place != "answers" {
        all.extend([CALLERS_QUERY, QUESTION, APP].map(ToOwned::to_owned));
    }
    all
}
