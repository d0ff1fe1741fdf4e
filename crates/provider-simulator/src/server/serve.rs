//! Serving on a socket, with an accept loop of our own so that a fault can break a connection.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::faults::{CloseConnection, ConnectionControl, Script};
use crate::log::RequestLog;
use crate::server::Simulator;
use crate::state::World;
use crate::webhooks::{UnusableUrl, WebhookSender};

/// A port that answers by a router. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(super) struct Port {
    address: SocketAddr,
    connections: Arc<AtomicU64>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Port {
    pub(super) fn open(router: Router, listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (tasks, stop, connections) = (TaskTracker::new(), CancellationToken::new(), Arc::new(AtomicU64::new(0)));
        let accept =
            Accept { listener, router, connections: connections.clone(), tasks: tasks.clone(), stop: stop.clone() };
        tasks.spawn(accept.run());
        Ok(Self { address, connections, tasks, stop })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A simulator that serves. Dropping it stops it.
#[derive(Debug)]
pub struct RunningSimulator {
    port: Port,
    simulator: Simulator,
}

impl RunningSimulator {
    pub(super) fn start(simulator: Simulator, listener: TcpListener) -> io::Result<Self> {
        Ok(Self { port: Port::open(simulator.router(), listener)?, simulator })
    }

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

    /// The base URL a provider is configured with: the origin and the API's path, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}{}", self.origin(), self.simulator.base_path())
    }

    /// The world it shows.
    #[must_use]
    pub fn world(&self) -> &World {
        self.simulator.world()
    }

    /// Its faults.
    #[must_use]
    pub fn script(&self) -> &Script {
        self.simulator.script()
    }

    /// What it was asked.
    #[must_use]
    pub fn log(&self) -> &RequestLog {
        self.simulator.log()
    }

    /// As [`Simulator::send_webhooks`].
    ///
    /// # Errors
    /// For a URL that is not plain `http`.
    pub fn send_webhooks(&self, url: &str) -> Result<WebhookSender, UnusableUrl> {
        self.simulator.send_webhooks(url)
    }

    /// The public key of a simulated RealtimeKit's webhooks, in PEM; it is at `/.well-known/webhooks.json` too.
    #[must_use]
    pub fn webhook_public_key(&self) -> String {
        self.simulator.webhook_public_key()
    }

    /// How often that key was fetched.
    #[must_use]
    pub fn key_fetches(&self) -> u64 {
        self.simulator.key_fetches()
    }

    /// How many connections were accepted since the start.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.port.connections.load(Ordering::Relaxed)
    }

    /// Closes the port and every connection, and waits until that is done.
    pub async fn shutdown(self) {
        self.port.close().await;
    }
}

struct Accept {
    listener: TcpListener,
    router: Router,
    connections: Arc<AtomicU64>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Accept {
    async fn run(self) {
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    self.connections.fetch_add(1, Ordering::Relaxed);
                    self.tasks.spawn(connection(stream, self.router.clone(), self.stop.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "the simulator could not accept a connection");
                    // Out of file descriptors, most likely: wait for some to come back.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        }
    }
}

async fn connection(stream: TcpStream, router: Router, stop: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let control = ConnectionControl::default();
    let stream = Resettable { stream, control: control.clone() };
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(control.clone());
        let answer = router.clone().oneshot(request.map(Body::new) as Request);
        async move {
            let Ok(response) = answer.await;
            if response.extensions().get::<CloseConnection>().is_some() {
                return Err(io::Error::new(io::ErrorKind::ConnectionReset, "the script resets the connection here"));
            }
            Ok(response)
        }
    });
    let serving = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        () = stop.cancelled() => {}
        ended = serving => if let Err(error) = ended {
            tracing::debug!(%error, "a connection to the simulator broke");
        },
    }
}

/// A connection that can end with a reset instead of an orderly close.
struct Resettable {
    stream: TcpStream,
    control: ConnectionControl,
}

impl Drop for Resettable {
    fn drop(&mut self) {
        if self.control.is_reset() && self.stream.set_zero_linger().is_err() {
            tracing::debug!("the connection was gone before it could be reset");
        }
    }
}

impl AsyncRead for Resettable {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Resettable {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.control.is_reset() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
