//! Clients that ask and do not read.

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::{StreamExt, stream};

use super::*;

/// Timeouts that never strike, but for answers that are not read.
const UNREAD: ConnectionTimeouts = ConnectionTimeouts { answer: SOON, ..PATIENT };

/// More than the sockets' buffers take, in pieces, as a compressed answer comes. Tells when it is dropped.
fn large() -> (Router, tokio::sync::mpsc::UnboundedReceiver<()>) {
    let (gone, told) = tokio::sync::mpsc::unbounded_channel::<()>();
    let answer = move || {
        let gone = Told(gone.clone());
        async move {
            let pieces = stream::iter(0..4096).map(move |_| {
                let _ = &gone;
                Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b'x'; 16 * 1024]))
            });
            Response::new(Body::from_stream(pieces))
        }
    };
    (Router::new().route("/large", get(answer)).route("/", get(|| async { "hello" })), told)
}

struct Told(tokio::sync::mpsc::UnboundedSender<()>);

impl Drop for Told {
    fn drop(&mut self) {
        // The test may be over.
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn an_answer_that_is_not_read_is_given_up() {
    let (router, mut gone) = large();
    let server = Running::start(router, UNREAD, 10).await;
    let mut socket = server.connect().await;
    send(&mut socket, "GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await;
    in_time(gone.recv()).await.unwrap();
    let mut byte = [0; 1 << 16];
    let mut read = 0;
    // What had been sent is there, and then the end, whether in order or by a reset.
    while let Ok(more @ 1..) = in_time(socket.read(&mut byte)).await {
        read += more;
    }
    assert!(read < 4096 * 16 * 1024, "{read}");
}

#[tokio::test]
async fn an_answer_that_is_not_read_over_http2_is_given_up() {
    let (router, mut gone) = large();
    let server = Running::start(router, UNREAD, 10).await;
    let mut socket = server.connect().await;
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]); // SETTINGS, empty
    // HEADERS on stream 1, the end of it: GET, http, "/large", "x"; no window is ever given.
    let block = [&[0x82, 0x86, 0x04, 6][..], b"/large", &[0x01, 1], b"x"].concat();
    bytes.extend([0, 0, u8::try_from(block.len()).unwrap(), 1, 5, 0, 0, 0, 1]);
    bytes.extend(block);
    socket.write_all(&bytes).await.unwrap();
    in_time(gone.recv()).await.unwrap();
    let mut sent = Vec::new();
    // The window of 64 KiB, and then the end.
    let _ = in_time(socket.read_to_end(&mut sent)).await;
    assert!((65_535..80_000).contains(&sent.len()), "{}", sent.len());
}

#[tokio::test]
async fn requests_whose_answers_are_not_read_stop_being_taken() {
    let (router, _gone) = large();
    let timeouts = ConnectionTimeouts { idle: SOON, answer: SOON, ..PATIENT };
    let server = Running::start(router, timeouts, 10).await;
    let mut socket = server.connect().await;
    let request = "GET / HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1000);
    // Ends with an error once the server has hung up; it would never end if the server took them all.
    in_time(async { while socket.write_all(request.as_bytes()).await.is_ok() {} }).await;
}

#[tokio::test]
async fn a_slow_handler_is_no_slow_reader() {
    let router = Router::new().route(
        "/",
        get(|| async {
            tokio::time::sleep(SOON * 4).await;
            "hello"
        }),
    );
    let server = Running::start(router, UNREAD, 10).await;
    let mut socket = server.connect().await;
    send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    read_hello(&mut socket).await;
}
