//! What a connection may and may not do.

use super::*;

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let server = Running::start(hello(), ConnectionTimeouts { first_byte: SOON, ..PATIENT }, 10).await;
    assert_eq!(read_all(&mut server.connect().await).await, "");
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut() {
    let server = Running::start(hello(), ConnectionTimeouts { head: SOON, ..PATIENT }, 10).await;
    let mut socket = server.connect().await;
    send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
    assert_eq!(read_all(&mut socket).await, "");
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_on_a_connection_in_use_too() {
    let server = Running::start(hello(), ConnectionTimeouts { head: SOON, ..PATIENT }, 10).await;
    let mut socket = server.connect().await;
    send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    read_hello(&mut socket).await;
    send(&mut socket, "GET / HTT").await;
    assert_eq!(read_all(&mut socket).await, "");
}

#[tokio::test]
async fn half_a_preface_of_http2_is_cut() {
    let server = Running::start(hello(), ConnectionTimeouts { head: SOON, ..PATIENT }, 10).await;
    for text in ["PRI * HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut socket = server.connect().await;
        send(&mut socket, text).await;
        // The server may send its settings first; what counts is that it hangs up.
        read_all(&mut socket).await;
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = Running::start(hello(), ConnectionTimeouts { idle: SOON, ..PATIENT }, 10).await;
    let mut socket = server.connect().await;
    send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    read_hello(&mut socket).await;
    assert_eq!(read_all(&mut socket).await, "");
}

#[tokio::test]
async fn a_connection_serves_one_request_after_the_other() {
    let server = Running::start(hello(), PATIENT, 10).await;
    let mut socket = server.connect().await;
    for _ in 0..3 {
        send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        read_hello(&mut socket).await;
    }
}

#[tokio::test]
async fn a_slow_handler_is_not_idle() {
    let router = Router::new().route(
        "/",
        get(|| async {
            tokio::time::sleep(SOON * 4).await;
            "hello"
        }),
    );
    let server = Running::start(router, ConnectionTimeouts { idle: SOON, ..PATIENT }, 10).await;
    let mut socket = server.connect().await;
    send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    read_hello(&mut socket).await;
}

#[tokio::test]
async fn one_connection_too_many_waits_for_its_turn() {
    let server = Running::start(hello(), PATIENT, 1).await;
    let mut first = server.connect().await;
    send(&mut first, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    read_hello(&mut first).await;
    let mut second = server.connect().await;
    send(&mut second, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut byte = [0];
    assert!(tokio::time::timeout(SOON, second.peek(&mut byte)).await.is_err(), "it was served");
    drop(first);
    read_hello(&mut second).await;
}

#[tokio::test]
async fn silent_strangers_do_not_keep_others_out_for_ever() {
    let server = Running::start(hello(), ConnectionTimeouts { first_byte: SOON, ..PATIENT }, 2).await;
    let mut strangers = Vec::new();
    for _ in 0..6 {
        strangers.push(server.connect().await);
    }
    let mut socket = server.connect().await;
    send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    read_hello(&mut socket).await;
}

#[tokio::test]
async fn heads_over_our_own_limits_still_reach_the_layers_that_answer_them() {
    let router = Router::new().fallback(|request: http::Request<axum::body::Body>| async move {
        let headers: usize = request.headers().values().map(http::HeaderValue::len).sum();
        format!("{} {headers}", request.uri().path().len())
    });
    let server = Running::start(router, PATIENT, 10).await;
    let mut socket = server.connect().await;
    let (path, header) = ("p".repeat(9_000), "h".repeat(120_000));
    send(&mut socket, &format!("GET /{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: {header}\r\n\r\n")).await;
    assert!(read_all(&mut socket).await.ends_with("\r\n\r\n9001 120006"));
    let mut socket = server.connect().await;
    let many: String = (0..1000).map(|n| format!("x-{n}: 1\r\n")).collect();
    send(&mut socket, &format!("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{many}\r\n")).await;
    assert!(read_all(&mut socket).await.ends_with("\r\n\r\n1 1006"), "many small ones are no reason either");
    let mut socket = server.connect().await;
    send(&mut socket, &format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "h".repeat(200_000))).await;
    assert!(read_all(&mut socket).await.starts_with("HTTP/1.1 431 "));
}
