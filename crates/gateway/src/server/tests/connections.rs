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
async fn the_connection_idle_longest_is_closed_for_a_new_one() {
    let server = Running::start(hello(), PATIENT, 2).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut socket = server.connect().await;
        send(&mut socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        read_hello(&mut socket).await;
        open.push(socket);
    }
    assert_eq!(read_all(&mut open[0]).await, "");
    for socket in &mut open[1..] {
        send(socket, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        read_hello(socket).await;
    }
}

#[tokio::test]
async fn when_none_is_idle_the_new_one_is_closed() {
    let gate = Gate::default();
    let server = Running::start(gate.router(), PATIENT, 1).await;
    let mut busy = server.connect().await;
    send(&mut busy, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    in_time(gate.reached.notified()).await;
    assert_eq!(read_all(&mut server.connect().await).await, "");
    // One that comes while another ends gets its place.
    let mut waiting = server.connect().await;
    send(&mut waiting, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    gate.open.notify_one();
    read_hello(&mut busy).await;
    read_hello(&mut waiting).await;
    assert_eq!(read_all(&mut busy).await, "");
}

#[tokio::test]
async fn silent_strangers_and_http2_connections_that_do_not_listen_make_room_too() {
    let server = Running::start(hello(), PATIENT, 3).await;
    let mut strangers = Vec::new();
    for n in 0..6 {
        let mut stranger = server.connect().await;
        if n % 2 == 0 {
            stranger.write_all(HTTP2).await.unwrap();
        }
        strangers.push(stranger);
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
