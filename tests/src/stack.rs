//! A real gateway on a socket, in front of both simulators.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use gateway::api;
use gateway::assemble::assemble;
use gateway::config::Config;
use gateway::server::{ConnectionTimeouts, Listeners, Service as Gateway};
use gateway::telemetry::metrics;
use http::Method;
use metrics_exporter_prometheus::PrometheusHandle;
use provider_simulator::{RunningSimulator, Service, Simulator, World};
use serde_json::Value;
use session_provider::Clock;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::{AUDIENCE, ISSUER, Reply, SECRET, Token};

/// What a test wants otherwise than the defaults: lines of TOML for a section.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Lines of `[server]`.
    pub server: String,
    /// Lines of `[cache]`.
    pub cache: String,
    /// Lines of `[limits]`.
    pub limits: String,
    /// The `budget` of both providers; generous unless given.
    pub budget: Option<String>,
    /// The `timeout` of both providers; the default unless given.
    pub provider_timeout: Option<String>,
    /// The key source, a line of `[auth]`; the secret of the tests' tokens unless given.
    pub keys: Option<String>,
    /// How long a connection may keep the gateway waiting.
    pub connections: ConnectionTimeouts,
}

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
    admin: String,
    token: String,
    client: reqwest::Client,
    folder: TempDir,
    gateway: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
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
        let huddle01 = Simulator::huddle01(world.clone()).start().await.expect("a free port");
        let realtimekit = Simulator::realtimekit(world.clone()).start().await.expect("a free port");
        let folder = TempDir::new().expect("a temporary folder");
        let audit = folder.path().join("audit");
        std::fs::create_dir(&audit).expect("a folder in a new folder");
        let text = configuration(&setup, &huddle01, &realtimekit, &audit.join("audit.jsonl"));
        let config = Config::parse(&text, Path::new(""), []).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let listeners = Listeners::bind(&config.server).await.expect("free ports");
        let (base, admin) = (format!("http://{}", listeners.public_addr), format!("http://{}", listeners.admin_addr));
        let assembled = assemble(&config, Clock::system()).unwrap_or_else(|error| panic!("{error}"));
        let gateway = Gateway {
            public: api::router(assembled.app.clone()),
            admin: api::admin(assembled.app.clone(), recorder()),
            app: assembled.app,
            max_connections: config.limits.max_connections,
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
            base,
            admin,
            token: Token::default().sign(),
            client: plain_client(),
            folder,
            gateway: Some((stop, running)),
        }
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
        let response = self.client.get(format!("{}{path}", self.admin)).send().await.expect("the admin listener");
        Reply::read(response).await.expect("a whole answer")
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
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        Reply::read(response).await.expect("a whole answer")
    }

    /// Any request to the admin listener.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn send_admin(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = self.client.request(method, format!("{}{path}", self.admin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the admin listener");
        Reply::read(response).await.expect("a whole answer")
    }

    /// The base URL of the public listener.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base
    }
}

/// The recorder of this process: there can be only one.
fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| metrics::install().expect("no other recorder")).clone()
}

/// A client that follows nothing and asks no proxy.
fn plain_client() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "the tests are a caller, not an upstream client")]
    let builder = reqwest::Client::builder();
    let builder = builder.no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(60));
    builder.build().expect("a client")
}

fn configuration(setup: &Setup, huddle01: &RunningSimulator, realtimekit: &RunningSimulator, audit: &Path) -> String {
    let timeout = setup.provider_timeout.as_deref().unwrap_or("2s");
    let own_secret = format!("hs256_secret = \"{SECRET}\"");
    let keys = setup.keys.as_deref().unwrap_or(&own_secret);
    let budget = setup.budget.as_deref().unwrap_or("{ requests = 100000, per = \"1s\" }");
    format!(
        r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
{server}

[auth]
issuer = "{ISSUER}"
audience = "{AUDIENCE}"
{keys}

[providers.huddle01]
kind = "huddle01"
api_key = "canary-huddle01-api-key"
base_url = "{huddle01}"
budget = {budget}
timeout = "{timeout}"

[providers.realtimekit]
kind = "realtimekit"
account_id = "account"
app_id = "app"
api_token = "canary-realtimekit-token"
base_url = "{realtimekit}"
budget = {budget}
timeout = "{timeout}"

[cache]
{cache}

[limits]
{limits}

[audit]
file = {audit:?}
"#,
        server = setup.server,
        huddle01 = huddle01.base_url(),
        realtimekit = realtimekit.base_url(),
        cache = setup.cache,
        limits = setup.limits,
    )
}
