//! A TCP server that does what a script says, byte by byte.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What to do with one request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Send these bytes, then wait for the next request on the connection.
    Send(Vec<u8>),
    /// Send these bytes, then close.
    SendAndClose(Vec<u8>),
    /// Send these bytes, then reset the connection.
    SendAndReset(Vec<u8>),
    /// Send this head, then a byte every 10 ms for ever.
    Drip(Vec<u8>),
    Hang,
}

impl Act {
    pub(crate) fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        Self::Send(bytes(status, headers, body.as_ref().len(), body))
    }

    /// An answer that declares more bytes than it sends, and then closes.
    pub(crate) fn truncated(status: u16, declared: usize, body: &str) -> Self {
        Self::SendAndClose(bytes(status, "", declared, body))
    }
}

fn bytes(status: u16, headers: &str, declared: usize, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} Whatever\r\ncontent-length: {declared}\r\n{headers}\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}

/// The server; the n-th request gets the n-th act, the last act is repeated. Ends when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    _accepting: JoinSet<()>,
}

impl Server {
    pub(crate) async fn start(acts: impl Into<Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let mut accepting = JoinSet::new();
        let (acts, seen) = (Arc::new(acts.into()), Arc::clone(&requests));
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                connections.spawn(serve(stream, Arc::clone(&acts), Arc::clone(&seen)));
            }
        });
        Self { address, requests, _accepting: accepting }
    }

    /// One that says this at once to whoever connects, and closes.
    pub(crate) async fn start_greeting(greeting: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(greeting).await;
            }
        });
        Self { address, requests: Arc::default(), _accepting: accepting }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that arrived, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, acts: Arc<Vec<Act>>, requests: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = next_request(&mut stream).await {
        let act = {
            let mut requests = requests.lock().unwrap();
            requests.push(request);
            acts[(requests.len() - 1).min(acts.len() - 1)].clone()
        };
        match act {
            Act::Send(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Act::SendAndClose(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Act::SendAndReset(bytes) => {
                let _ = stream.write_all(&bytes).await;
                // Whoever drops a socket with a linger time of zero sends a reset.
                let _ = stream.set_zero_linger();
                return;
            }
            Act::Drip(head) => {
                let _ = stream.write_all(&head).await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                return;
            }
            Act::Hang => std::future::pending().await,
        }
    }
}

/// The next request with its body, by its `content-length`; `None` when the client has closed.
async fn next_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let byte = stream.read_u8().await.ok()?;
        request.push(byte);
        if request.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let head = String::from_utf8_lossy(&request).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    request.extend(body);
    Some(String::from_utf8_lossy(&request).into_owned())
}
