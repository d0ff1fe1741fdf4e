//! A real gateway on a socket, in front of both simulators.

use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use document_conformance::OpenApiDocument;
use gateway::api;
use gateway::assemble::assemble;
use gateway::config::Config;
use gateway::server::{Listeners, OwnListener, Service as Gateway};
use gateway::telemetry::metrics;
use http::{Method, StatusCode};
use metrics_exporter_prometheus::PrometheusHandle;
use provider_simulator::{Huddle01Options, RealtimeKitOptions, RunningSimulator, Service, Simulator, World};
use serde_json::Value;
use session_provider::Clock;
use tempfile::TempDir;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::{Reply, Setup, Token};

/// A running gateway, its simulators and a client. Everything ends when it is dropped.
#[derive(Debug)]
pub struct Stack {
    /// The world that both simulators show.
    pub world: World,
    /// The simulated Huddle01.
    pub huddle01: RunningSimulator,
    /// The simulated RealtimeKit.
    pub realtimekit: RunningSimulator,
    base: String,
    /// Of the listener that takes webhooks.
    webhooks: String,
    admin: String,
    pub(crate) token: String,
    client: reqwest::Client,
    pub(crate) documents: Arc<Documents>,
    folder: TempDir,
    gateway: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    pub(crate) shared_store: Option<watch::Receiver<bool>>,
}

impl Stack {
    /// With the defaults.
    ///
    /// # Panics
    /// When anything fails to start.
    pub async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    /// With a setup.
    ///
    /// # Panics
    /// When anything fails to start.
    pub async fn start_with(setup: Setup) -> Self {
        let world = World::empty();
        let unset_time = setup.unset_time;
        let options = Huddle01Options { unset_time, ..Huddle01Options::default() };
        let huddle01 = Simulator::huddle01_with(world.clone(), options).start().await.expect("a free port");
        let rate_limit = setup.allowed;
        let options = RealtimeKitOptions { unset_time, rate_limit, ..RealtimeKitOptions::default() };
        let realtimekit = Simulator::realtimekit_with(world.clone(), options).start().await.expect("a free port");
        let folder = TempDir::new().expect("a temporary folder");
        let audit = folder.path().join("audit");
        std::fs::create_dir(&audit).expect("a folder in a new folder");
        let text = setup.configuration(&huddle01, &realtimekit, &audit.join("audit.jsonl"));
        let config = Config::parse(&text, Path::new(""), []).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let listeners = Listeners::bind(&config.server).await.expect("free ports");
        let listeners = listeners.with_webhooks(&config.webhooks).await.expect("a free port");
        let webhooks = listeners.webhooks_addr.map(|address| format!("http://{address}"));
        let (base, admin) = (format!("http://{}", listeners.public_addr), format!("http://{}", listeners.admin_addr));
        let assembled = assemble(&config, Clock::system()).unwrap_or_else(|error| panic!("{error}"));
        let gateway = Gateway {
            public: api::public(assembled.app.clone()),
            admin: api::admin(assembled.app.clone(), recorder()),
            webhooks: webhooks
                .as_ref()
                .map(|_| OwnListener { service: api::webhooks(assembled.app.clone()), tls: None }),
            app: assembled.app,
            max_connections: config.limits.max_connections,
            tls: None,
            timeouts: setup.connections,
            drain_timeout: config.server.drain_timeout,
            background: assembled.background,
        };
        let (stop, stopped) = oneshot::channel::<()>();
        #[expect(clippy::disallowed_methods, reason = "joined in `stop`")]
        let running = tokio::spawn(async move {
            let stop = async {
                // An error means that the stack was dropped, which is a stop too.
                drop(stopped.await);
            };
            gateway.run(listeners, stop, std::future::pending()).await;
        });
        Self {
            world,
            huddle01,
            realtimekit,
            webhooks: webhooks.unwrap_or_else(|| base.clone()),
            base,
            admin,
            token: Token::default().sign(),
            client: plain_client(),
            documents: DOCUMENTS.clone(),
            folder,
            gateway: Some((stop, running)),
            shared_store: assembled.shared_store,
        }
    }

    /// Holds every later answer against another document than the one that is served.
    ///
    /// # Panics
    /// When it is none.
    pub fn hold_against(&mut self, document: &str) {
        self.documents = Arc::new(Documents::parse(document));
    }

    /// Makes a room of a service with these people in it: live.
    ///
    /// # Panics
    /// Never: the room was just made.
    pub fn live_room(&self, service: Service, title: &str, people: &[&str]) -> String {
        let room = self.world.add_room(service, title);
        self.world.start_session(&room).expect("the room was just made");
        for person in people {
            self.world.join(&room, *person).expect("the room was just made");
        }
        room
    }

    /// How many requests both simulators have seen.
    #[must_use]
    pub fn upstream_requests(&self) -> u64 {
        self.huddle01.log().total() + self.realtimekit.log().total()
    }

    /// Kills the simulated RealtimeKit: its port refuses connections from now on.
    pub async fn stop_realtimekit(&mut self) {
        let world = self.world.clone();
        let other = Simulator::realtimekit(world).start().await.expect("a free port");
        std::mem::replace(&mut self.realtimekit, other).shutdown().await;
    }

    /// Tells the gateway to end as SIGTERM does. Answers what to wait for.
    ///
    /// # Panics
    /// When it was told before.
    pub fn begin_to_stop(&mut self) -> JoinHandle<()> {
        let (stop, running) = self.gateway.take().expect("it runs");
        stop.send(()).expect("it runs");
        running
    }

    /// Ends the gateway as SIGTERM does and waits for it.
    ///
    /// # Panics
    /// When it panicked.
    pub async fn stop(&mut self) {
        if let Some((stop, running)) = self.gateway.take() {
            // It may have ended already.
            let _ = stop.send(());
            running.await.expect("the gateway ends without a panic");
        }
    }

    /// The lines of the audit log so far.
    ///
    /// # Panics
    /// When a line is not JSON.
    #[must_use]
    pub fn audit_lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("audit/audit.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }

    /// Takes the folder of the audit log away, so that nothing can be written to it.
    ///
    /// # Panics
    /// When it is away already.
    pub fn remove_audit_folder(&self) {
        std::fs::rename(self.folder.path().join("audit"), self.folder.path().join("away")).expect("it is there");
    }

    /// Puts it back as it was.
    ///
    /// # Panics
    /// When it was not away.
    pub fn restore_audit_folder(&self) {
        std::fs::rename(self.folder.path().join("away"), self.folder.path().join("audit")).expect("it is away");
    }

    /// GET with a token that may do everything.
    pub async fn get(&self, path: &str) -> Reply {
        self.get_as(path, Some(&self.token)).await
    }

    /// GET with more headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(Method::GET, path, Some(&self.token), None, headers).await
    }

    /// GET with this token, or none.
    pub async fn get_as(&self, path: &str, token: Option<&str>) -> Reply {
        self.send(Method::GET, path, token, None, &[]).await
    }

    /// GET of the admin listener.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn get_admin(&self, path: &str) -> Reply {
        self.send_admin(Method::GET, path, &[]).await
    }

    /// POST of a JSON body with a token that may do everything.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_with(path, body, &[]).await
    }

    /// POST of a JSON body with more headers.
    pub async fn post_with(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        self.post_as(path, Some(&self.token), body, headers).await
    }

    /// POST with this token; a null body is none.
    pub async fn post_as(&self, path: &str, token: Option<&str>, body: &Value, headers: &[(&str, &str)]) -> Reply {
        let mut headers = headers.to_vec();
        let body = (!body.is_null()).then(|| body.to_string());
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.send(Method::POST, path, token, body, &headers).await
    }

    /// POST without a body.
    pub async fn post_empty(&self, path: &str) -> Reply {
        self.post_as(path, Some(&self.token), &Value::Null, &[]).await
    }

    /// Any request.
    ///
    /// # Panics
    /// When the gateway does not answer.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let authorization = token.map(|token| format!("Bearer {token}"));
        let mut headers = headers.to_vec();
        headers.extend(authorization.as_deref().map(|value| ("authorization", value)));
        self.send_by_with(&self.client, method, path, body, &headers).await
    }

    /// A request without a body, with a token that may do everything, by another client.
    ///
    /// # Panics
    /// When the gateway does not answer.
    pub async fn send_by(
        &self,
        client: &reqwest::Client,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Reply {
        let authorization = format!("Bearer {}", self.token);
        let mut headers = headers.to_vec();
        headers.push(("authorization", &authorization));
        self.send_by_with(client, method, path, None, &headers).await
    }

    /// What makes every request, and so holds every answer against the document.
    async fn send_by_with(
        &self,
        client: &reqwest::Client,
        method: Method,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let sent = body.clone().unwrap_or_default().into_bytes();
        let mut request = client.request(method.clone(), format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        Reply::read((&method, &sent), response, &self.documents.public).await.expect("a whole answer")
    }

    /// Any request to the admin listener.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn send_admin(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.admin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the admin listener");
        let reply = if path == "/metrics" && response.status() == StatusCode::OK {
            Reply::read_undocumented(response).await
        } else {
            Reply::read((&method, b""), response, &self.documents.admin).await
        };
        reply.expect("a whole answer")
    }

    /// A client that speaks HTTP/1.1 and undoes no compression.
    ///
    /// # Panics
    /// Never: it takes no files.
    #[must_use]
    pub fn http1_client(&self) -> reqwest::Client {
        builder().no_gzip().no_brotli().http1_only().build().expect("a client")
    }

    /// A client that speaks HTTP/2 from the first byte and undoes no compression.
    ///
    /// # Panics
    /// Never: it takes no files.
    #[must_use]
    pub fn http2_client(&self) -> reqwest::Client {
        builder().no_gzip().no_brotli().http2_prior_knowledge().build().expect("a client")
    }

    /// Where this provider is to send its webhooks.
    #[must_use]
    pub fn webhooks_url(&self, provider: &str) -> String {
        format!("{}/v1/webhooks/{provider}", self.webhooks)
    }

    /// A webhook, by anybody: these headers, and no token.
    ///
    /// # Panics
    /// When the gateway does not answer.
    pub async fn send_webhook(&self, provider: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = self.client.post(self.webhooks_url(provider)).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the listener of webhooks");
        let whole = Reply::read((&Method::POST, body.as_bytes()), response, &self.documents.public).await;
        whole.expect("a whole answer")
    }

    /// The base URL of the public listener.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base
    }
}

/// What each listener's answers are held against.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(crate) public: OpenApiDocument,
    admin: OpenApiDocument,
}

impl Documents {
    fn parse(document: &str) -> Self {
        let parse = || OpenApiDocument::parse(document).expect("a document");
        // The page to read it is for people.
        let public = parse().with_pages(&["/docs", "/docs/{asset}"]);
        // `/metrics` is no part of it: its answer is not for callers.
        Self { public, admin: parse().limited_to(&["/healthz", "/readyz"]) }
    }
}

/// The document that is served, read once.
static DOCUMENTS: LazyLock<Arc<Documents>> = LazyLock::new(|| Arc::new(Documents::parse(&api::openapi_json())));

/// The recorder of this process: there can be only one.
fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| metrics::install(None).expect("no other recorder")).clone()
}

/// A client that follows nothing and asks no proxy.
pub(crate) fn plain_client() -> reqwest::Client {
    builder().build().expect("a client")
}

fn builder() -> reqwest::ClientBuilder {
    #[expect(clippy::disallowed_methods, reason = "the tests are a caller, not an upstream client")]
    let builder = reqwest::Client::builder();
    builder.no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(60))
}
