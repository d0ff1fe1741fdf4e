//! Sends what happens, one after the other.

use std::time::Duration;

use axum::body::Body;
use http::uri::Scheme;
use http::{Request, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::SimClock;
use crate::state::{Happening, Service, World};
use crate::webhooks::delivery::Delivery;
use crate::webhooks::signing::Signing;
use crate::webhooks::{huddle01, realtimekit};

/// How often one is sent at most, and the pause before it is sent again.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(500);

/// The longest that a receiver may take; the older documents of RealtimeKit say so.
const TIMEOUT: Duration = Duration::from_secs(3);

/// A URL that webhooks cannot be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be http:// with a host: simulated webhooks are not sent over TLS")]
pub struct UnusableUrl;

/// Sends webhooks until it is dropped.
#[derive(Debug)]
pub struct WebhookSender {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl WebhookSender {
    pub(crate) fn start(world: &World, service: Service, signing: Signing, url: &str) -> Result<Self, UnusableUrl> {
        let url: Uri = url.parse().map_err(|_| UnusableUrl)?;
        if url.scheme() != Some(&Scheme::HTTP) || url.host().is_none() {
            return Err(UnusableUrl);
        }
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let sending = Sending { clock: world.clock(), service, signing, url, number: 0 };
        tasks.spawn(stop.clone().run_until_cancelled_owned(sending.run(world.happenings())));
        tasks.close();
        Ok(Self { stop, tasks })
    }

    /// Stops, and waits until nothing is under way.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for WebhookSender {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

struct Sending {
    clock: SimClock,
    service: Service,
    signing: Signing,
    url: Uri,
    number: u64,
}

impl Sending {
    async fn run(mut self, mut happenings: Receiver<Happening>) {
        loop {
            match happenings.recv().await {
                Ok(happening) if happening.service == self.service => self.tell(&happening).await,
                Ok(_) => {}
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "webhooks were not sent: too much happened"),
                Err(RecvError::Closed) => return,
            }
        }
    }

    /// Again after a 5xx or no answer, as RealtimeKit does it; anything else is the end of it.
    async fn tell(&mut self, happening: &Happening) {
        self.number += 1;
        let id = format!("whk_{:04}_{}", self.number, uuid::Uuid::new_v4().simple());
        for _ in 0..TRIES {
            let sent = tokio::time::timeout(TIMEOUT, self.send(self.delivery(happening, &id))).await;
            match sent {
                Ok(Ok(status)) if !status.is_server_error() => {
                    if !status.is_success() {
                        tracing::warn!(%status, "a webhook was not taken");
                    }
                    return;
                }
                Ok(Ok(status)) => tracing::debug!(%status, "a webhook will be sent again"),
                Ok(Err(error)) => tracing::debug!(%error, "a webhook will be sent again"),
                Err(_) => tracing::debug!("no answer in time; a webhook will be sent again"),
            }
            tokio::time::sleep(PAUSE).await;
        }
        tracing::warn!("a webhook was given up");
    }

    fn delivery(&self, happening: &Happening, id: &str) -> Delivery {
        match self.service {
            Service::Huddle01 => {
                huddle01::delivery(happening, id, &self.signing.huddle01_secret(), self.clock.now_ms())
            }
            Service::RealtimeKit => realtimekit::delivery(happening, id, self.signing.realtimekit_key()),
        }
    }

    async fn send(&self, delivery: Delivery) -> Result<StatusCode, Box<dyn std::error::Error + Send + Sync>> {
        let (host, port) = (self.url.host().unwrap_or_default(), self.url.port_u16().unwrap_or(80));
        let socket = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(socket)).await?;
        let path = self.url.path_and_query().map_or("/", |path| path.as_str());
        let mut request = Request::builder().method("POST").uri(path);
        request = request.header(header::HOST, self.url.authority().map_or(host, |it| it.as_str()));
        for (name, value) in &delivery.headers {
            request = request.header(*name, value);
        }
        let answer = sender.send_request(request.body(Body::from(delivery.body))?);
        tokio::select! {
            answer = answer => Ok(answer?.status()),
            ended = connection => {
                ended?;
                Err("the connection ended before the answer".into())
            }
        }
    }
}
