//! Drain and kill.

use session_provider::Clock;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::assemble::assemble;
use crate::config::Config;
use crate::server::{End, Listeners, Service};

#[tokio::test]
async fn a_drain_finishes_what_runs_closes_what_is_idle_and_refuses_what_is_new() {
    let gate = Gate::default();
    let mut server = Running::start(gate.router(), PATIENT, 10).await;
    let mut idle = server.connect().await;
    send(&mut idle, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    read_hello(&mut idle).await;
    let mut running = server.connect().await;
    send(&mut running, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    in_time(gate.reached.notified()).await;

    server.shutdown.drain.cancel();
    assert_eq!(read_all(&mut idle).await, "");
    while TcpStream::connect(server.addr).await.is_ok() {
        tokio::task::yield_now().await;
    }
    gate.open.notify_one();
    let answer = read_all(&mut running).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"), "{answer}");
    server.ended().await;
}

#[tokio::test]
async fn http2_connections_that_do_not_read_do_not_hold_the_drain_up() {
    let gate = Gate::default();
    let mut server = Running::start(gate.router(), PATIENT, 10).await;
    let mut idle = server.connect().await;
    idle.write_all(HTTP2).await.unwrap();
    // One that had a request, and does not read the answer.
    let mut used = server.connect().await;
    let block = [&[0x82, 0x86, 0x04, 5][..], b"/slow", &[0x01, 1], b"x"].concat();
    used.write_all(HTTP2).await.unwrap();
    used.write_all(&[0, 0, u8::try_from(block.len()).unwrap(), 1, 5, 0, 0, 0, 1]).await.unwrap();
    used.write_all(&block).await.unwrap();
    in_time(gate.reached.notified()).await;
    // And half a head, and nothing at all.
    let mut half = server.connect().await;
    send(&mut half, "GET / HTTP/1.1\r\nhost").await;
    let _silent = server.connect().await;
    server.shutdown.drain.cancel();
    assert_eq!(read_all(&mut half).await, "");
    gate.open.notify_one();
    // Far sooner than any of the timeouts.
    server.ended().await;
    let mut bytes = Vec::new();
    let _ = in_time(used.read_to_end(&mut bytes)).await;
    assert!(bytes.windows(5).any(|five| five == b"hello"), "what was under way is answered");
}

#[tokio::test]
async fn a_kill_cuts_what_runs() {
    let gate = Gate::default();
    let mut server = Running::start(gate.router(), PATIENT, 10).await;
    let mut running = server.connect().await;
    send(&mut running, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    in_time(gate.reached.notified()).await;
    server.shutdown.drain.cancel();
    server.shutdown.kill.cancel();
    server.ended().await;
    assert_eq!(read_all(&mut running).await, "");
}

struct Whole {
    gate: Gate,
    stop: CancellationToken,
    hurry: CancellationToken,
    app: crate::app::App,
    public: SocketAddr,
    ended: JoinSet<End>,
}

/// The whole service around a gate instead of the API.
async fn whole(drain_timeout: Duration) -> Whole {
    let config = Config::parse(
        "[server]\nlisten = '127.0.0.1:0'\nadmin_listen = '127.0.0.1:0'\n\
         [auth]\nissuer = 'i'\naudience = 'a'\nhs256_secret = '0123456789abcdef0123456789abcdef'\n\
         [providers.huddle01]\nkind = 'huddle01'\napi_key = 'k'\n",
        std::path::Path::new(""),
        [],
    )
    .unwrap();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let assembled = assemble(&config, Clock::system()).unwrap();
    let app = assembled.app.clone();
    let background = assembled.background.clone();
    // Like all of the gateway's own tasks: runs until the background is told to end.
    app.tasks.spawn(async move { background.cancelled().await });
    let gate = Gate::default();
    let service = Service::<_, _> {
        webhooks: None,
        app: assembled.app,
        public: gate.router(),
        admin: hello(),
        max_connections: NonZeroU32::new(10).unwrap(),
        tls: None,
        timeouts: PATIENT,
        drain_timeout,
        background: assembled.background,
    };
    let listeners = Listeners::bind(&config.server).await.unwrap();
    let public = listeners.public_addr;
    let (stop, hurry) = (CancellationToken::new(), CancellationToken::new());
    let mut ended = JoinSet::new();
    ended.spawn(service.run(listeners, stop.clone().cancelled_owned(), hurry.clone().cancelled_owned()));
    Whole { gate, stop, hurry, app, public, ended }
}

impl Whole {
    async fn with_a_request_under_way(drain_timeout: Duration) -> (Self, TcpStream) {
        let whole = whole(drain_timeout).await;
        let mut socket = TcpStream::connect(whole.public).await.unwrap();
        send(&mut socket, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
        in_time(whole.gate.reached.notified()).await;
        assert!(!whole.app.draining.is_on());
        whole.stop.cancel();
        (whole, socket)
    }

    async fn end(&mut self) -> End {
        in_time(self.ended.join_next()).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn the_service_ends_clean_once_requests_and_tasks_are_done() {
    let (mut whole, mut socket) = Whole::with_a_request_under_way(LONG).await;
    while !whole.app.draining.is_on() {
        tokio::task::yield_now().await;
    }
    whole.gate.open.notify_one();
    assert!(read_all(&mut socket).await.ends_with("hello"));
    assert_eq!(whole.end().await, End::Clean);
    assert!(whole.app.tasks.is_closed() && whole.app.tasks.is_empty());
}

#[tokio::test]
async fn a_request_that_outlasts_the_drain_is_cut() {
    let (mut whole, mut socket) = Whole::with_a_request_under_way(SOON).await;
    assert_eq!(whole.end().await, End::Cut);
    assert_eq!(read_all(&mut socket).await, "");
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let (mut whole, mut socket) = Whole::with_a_request_under_way(LONG).await;
    whole.hurry.cancel();
    assert_eq!(whole.end().await, End::Cut);
    assert_eq!(read_all(&mut socket).await, "");
}

#[tokio::test]
async fn a_taken_address_is_named_with_its_key() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = crate::config::ServerConfig { listen: taken.local_addr().unwrap(), ..Default::default() };
    let error = Listeners::bind(&config).await.unwrap_err().to_string();
    assert!(error.starts_with("server.listen: cannot listen on 127.0.0.1:"), "{error}");
    assert!(error.contains("another program uses it"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn upkeep_ends_with_the_background() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    crate::telemetry::metrics::keep_up(recorder.handle(), None, &tasks, stop.clone());
    tasks.close();
    assert!(tokio::time::timeout(Duration::from_secs(60), tasks.wait()).await.is_err(), "it ended by itself");
    stop.cancel();
    tasks.wait().await;
}
