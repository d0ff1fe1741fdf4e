//! Routes of your own, with faults and a log: for a service that is not simulated here.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, StatusCode, header};
use tokio::net::TcpListener;

use crate::SimClock;
use crate::faults::Script;
use crate::log::{Credential, RequestLog};
use crate::server::limiter::{Limiter, Quota};
use crate::server::pipeline::{self, Api, Pipeline};
use crate::server::serve::Port;

/// An API that answers by routes of your own, records every request and breaks what its [`Script`] says. Clones share the
/// script and the log.
#[derive(Debug, Clone)]
pub struct ScriptedApi {
    routes: Router,
    admission: Option<Admission>,
    script: Script,
    log: RequestLog,
}

impl ScriptedApi {
    /// Lets everybody in.
    #[must_use]
    pub fn new(routes: Router) -> Self {
        Self { routes, admission: None, script: Script::default(), log: RequestLog::default() }
    }

    /// Lets in who sends exactly this value of this header; all others get 401 and reach no route.
    #[must_use]
    pub fn admitting(mut self, header: HeaderName, value: impl Into<String>) -> Self {
        self.admission = Some(Admission { header, value: value.into() });
        self
    }

    /// Its faults.
    #[must_use]
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// What it was asked.
    #[must_use]
    pub fn log(&self) -> &RequestLog {
        &self.log
    }

    /// Serves on a free port of 127.0.0.1 until the result is dropped.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(&self) -> io::Result<RunningApi> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let pipeline = Pipeline {
            clock: SimClock::system(),
            script: self.script.clone(),
            log: self.log.clone(),
            limiter: Limiter::new(None),
            api: Arc::new(self.admission.clone()),
        };
        let routes = self.routes.clone().layer(from_fn_with_state(Arc::new(pipeline), pipeline::pass));
        Ok(RunningApi { port: Port::open(routes, listener)? })
    }
}

/// A [`ScriptedApi`] that serves. Dropping it stops it.
#[derive(Debug)]
pub struct RunningApi {
    port: Port,
}

impl RunningApi {
    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.port.address()
    }

    /// `http://host:port`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.addr())
    }
}

#[derive(Clone)]
struct Admission {
    header: HeaderName,
    value: String,
}

impl std::fmt::Debug for Admission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admission").field("header", &self.header).finish_non_exhaustive()
    }
}

impl Api for Option<Admission> {
    fn credential(&self, headers: &HeaderMap) -> Credential {
        let asked = self.as_ref().map_or(&header::AUTHORIZATION, |admission| &admission.header);
        match (headers.get(asked), self) {
            (None, _) => Credential::Absent,
            (Some(given), Some(admission)) if given.as_bytes() != admission.value.as_bytes() => Credential::Wrong,
            (Some(_), _) => Credential::Right,
        }
    }

    fn refusal(&self, _path: &str, credential: Credential) -> Option<Response> {
        let is_refused = self.is_some() && credential != Credential::Right;
        is_refused.then(|| StatusCode::UNAUTHORIZED.into_response())
    }

    fn too_many(&self, _quota: Quota) -> Response {
        StatusCode::TOO_MANY_REQUESTS.into_response()
    }

    fn decorate(&self, _headers: &mut HeaderMap, _quota: Quota) {}
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::Fault;

    async fn answer(api: &RunningApi, credential: &str) -> String {
        let mut stream = TcpStream::connect(api.addr()).await.unwrap();
        let head = format!("GET /boards HTTP/1.1\r\nhost: h\r\nx-key: {credential}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut got = String::new();
        stream.read_to_string(&mut got).await.unwrap();
        got
    }

    #[tokio::test]
    async fn routes_of_ones_own_are_recorded_faulted_and_guarded() {
        let routes = Router::new().route("/boards", get(|| async { r#"{"boards":[]}"# }));
        let api = ScriptedApi::new(routes).admitting(HeaderName::from_static("x-key"), "canary");
        let running = api.start().await.unwrap();
        assert!(answer(&running, "canary").await.ends_with(r#"{"boards":[]}"#));
        assert!(answer(&running, "another").await.starts_with("HTTP/1.1 401 "));
        api.script().once("boards", Fault::status(StatusCode::BAD_GATEWAY));
        assert!(answer(&running, "canary").await.starts_with("HTTP/1.1 502 "));
        let credentials: Vec<_> = api.log().requests().into_iter().map(|request| request.credential).collect();
        assert_eq!(credentials, [Credential::Right, Credential::Wrong, Credential::Right]);
        assert!(!format!("{api:?}").contains("canary"));
    }
}
