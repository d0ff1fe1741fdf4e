//! Connections and their end, over real sockets. Waiting is for events; the clock decides nothing but what is tested.

mod connections;
mod endings;
mod slow_readers;
mod tls;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::server::{ConnectionTimeouts, ListenerOptions, Shutdown, Tls, serve};

/// Far more than any of these tests takes; a hang fails instead of hanging.
const LONG: Duration = Duration::from_secs(60);

/// Timeouts that never strike in a test.
const PATIENT: ConnectionTimeouts =
    ConnectionTimeouts { first_byte: LONG, head: LONG, idle: LONG, answer: LONG, long_answer: LONG, farewell: LONG };

/// Timeouts that strike soon.
const SOON: Duration = Duration::from_millis(50);

/// How an HTTP/2 client begins: the preface and empty SETTINGS.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";

/// A route that tells when it was reached and answers when it is let go.
#[derive(Clone, Default)]
struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

impl Gate {
    fn router(&self) -> Router {
        let gate = self.clone();
        let wait = move || async move {
            gate.reached.notify_one();
            gate.open.notified().await;
            "hello"
        };
        Router::new().route("/slow", get(wait)).route("/", get(|| async { "hello" }))
    }
}

struct Running {
    addr: SocketAddr,
    shutdown: Shutdown,
    served: JoinSet<()>,
}

impl Running {
    async fn start(router: Router, timeouts: ConnectionTimeouts, max_connections: u32) -> Self {
        Self::start_with(router, timeouts, max_connections, None).await
    }

    async fn start_with(router: Router, timeouts: ConnectionTimeouts, max_connections: u32, tls: Option<Tls>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let shutdown = Shutdown::default();
        let max_connections = NonZeroU32::new(max_connections).unwrap();
        let options = ListenerOptions { name: "test", max_connections, timeouts, tls };
        let mut served = JoinSet::new();
        served.spawn(serve(listener, router, options, shutdown.clone()));
        Self { addr, shutdown, served }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.unwrap()
    }

    /// Waits until the server has ended.
    async fn ended(&mut self) {
        in_time(self.served.join_next()).await.unwrap().unwrap();
    }
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONG, work).await.expect("it hangs")
}

async fn send(socket: &mut TcpStream, text: &str) {
    socket.write_all(text.as_bytes()).await.unwrap();
}

/// Everything until the other side closes; a reset is an end too.
async fn read_all(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = in_time(socket.read_to_end(&mut bytes)).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer of `hello` on a connection that stays open.
async fn read_hello(socket: &mut TcpStream) {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"hello") {
        assert_ne!(in_time(socket.read_buf(&mut bytes)).await.unwrap(), 0, "closed too early");
    }
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK"));
}
