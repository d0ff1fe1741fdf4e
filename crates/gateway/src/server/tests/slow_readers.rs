//! Clients that ask and do not read.

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::{StreamExt, stream};

use super::*;
use crate::long_answer::LongAnswer;

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
    let long = answer.clone();
    let long = move || async move {
        let mut response = long().await;
        response.extensions_mut().insert(LongAnswer);
        response
    };
    (Router::new().route("/large", get(answer)).route("/long", get(long)).route("/", get(|| async { "hello" })), told)
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

/// A request of HTTP/2.
fn http2_get(stream: u8, path: &str) -> Vec<u8> {
    let block =
        [&[0x82, 0x86, 0x04, u8::try_from(path.len()).unwrap()][..], path.as_bytes(), &[0x01, 1], b"x"].concat();
    let mut bytes = vec![0, 0, u8::try_from(block.len()).unwrap(), 1, 5, 0, 0, 0, stream];
    bytes.extend(block);
    bytes
}

#[tokio::test]
async fn a_long_answer_that_is_not_read_over_http2_is_given_up_alone() {
    let (router, mut gone) = large();
    let server = Running::start(router, ConnectionTimeouts { long_answer: SOON, ..PATIENT }, 10).await;
    let mut socket = server.connect().await;
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    // SETTINGS: a stream may send 1 KiB, so that there is room for another.
    bytes.extend([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0]);
    bytes.extend(http2_get(1, "/long"));
    socket.write_all(&bytes).await.unwrap();
    in_time(gone.recv()).await.unwrap();
    socket.write_all(&http2_get(3, "/")).await.unwrap();
    let mut sent = Vec::new();
    while !sent.ends_with(b"hello") {
        assert_ne!(in_time(socket.read_buf(&mut sent)).await.unwrap(), 0, "the connection goes on");
    }
    // WINDOW_UPDATE: it reads on, and learns that there is nothing more to come.
    socket.write_all(&[0, 0, 4, 8, 0, 0, 0, 0, 1, 0, 0, 0x70, 0]).await.unwrap();
    let reset = [0, 0, 4, 3, 0, 0, 0, 0, 1];
    while !sent.windows(reset.len()).any(|bytes| bytes == reset) {
        assert_ne!(in_time(socket.read_buf(&mut sent)).await.unwrap(), 0, "no reset");
    }
}

#[tokio::test]
async fn a_long_answer_that_is_not_read_over_http2_does_not_hold_the_drain_up() {
    let (router, mut gone) = large();
    let mut server = Running::start(router, PATIENT, 10).await;
    let mut socket = server.connect().await;
    socket.write_all(&[HTTP2, &http2_get(1, "/long")].concat()).await.unwrap();
    let mut sent = Vec::new();
    while sent.len() < 65_535 {
        in_time(socket.read_buf(&mut sent)).await.unwrap();
    }
    server.shutdown.drain.cancel();
    in_time(gone.recv()).await.unwrap();
    server.ended().await;
}

#[tokio::test]
async fn of_a_long_answer_that_is_not_read_little_is_taken() {
    let taken = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let (gone, mut told) = tokio::sync::mpsc::unbounded_channel::<()>();
    let counted = Arc::clone(&taken);
    let answer = move || {
        let (gone, counted) = (Told(gone.clone()), Arc::clone(&counted));
        async move {
            let pieces = stream::iter(0..4096).map(move |_| {
                let _ = &gone;
                counted.fetch_add(16 * 1024, std::sync::atomic::Ordering::Relaxed);
                Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b'x'; 16 * 1024]))
            });
            let mut response = Response::new(Body::from_stream(pieces));
            response.extensions_mut().insert(LongAnswer);
            response
        }
    };
    let mut server = Running::start(Router::new().route("/", get(answer)), PATIENT, 10).await;
    let mut socket = server.connect().await;
    send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    socket.readable().await.unwrap();
    server.shutdown.drain.cancel();
    in_time(told.recv()).await.unwrap();
    server.ended().await;
    // What hyper holds and what the client's own system took before it gave no more room are among them.
    let taken = taken.load(std::sync::atomic::Ordering::Relaxed);
    assert!(taken < 1024 * 1024, "{taken}");
}

#[tokio::test]
async fn a_goodbye_that_is_not_read_is_cut_hard() {
    let farewell = || async {
        let mut response = Response::new(Body::from(vec![b'x'; 8 * 1024 * 1024]));
        response.extensions_mut().insert(LongAnswer);
        response
    };
    let router = Router::new().route("/", get(farewell));
    let server = Running::start(router, ConnectionTimeouts { farewell: SOON, ..PATIENT }, 10).await;
    let mut socket = server.connect().await;
    send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    // It has read nothing, and learns of the reset.
    in_time(socket.ready(tokio::io::Interest::ERROR)).await.unwrap();
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
