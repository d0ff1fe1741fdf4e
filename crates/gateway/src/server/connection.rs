//! One connection: HTTP/1 or HTTP/2 by what the client sends, closed when it keeps us waiting too long.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio_util::task::TaskTracker;

use crate::server::activity::{Activity, ConnectionTimeouts, Waiting};
use crate::server::http_service::HttpService;
use crate::server::places::HeldPlace;
use crate::server::shutdown::Shutdown;
use crate::server::stream::{AnswerBody, Watched};
use crate::server::tls::Tls;

/// Room for a head over our own limits, so that the limits are answered with a problem; beyond it hyper answers itself.
const MAX_HEAD_BUFFER: usize = 160 * 1024;
/// The same for HTTP/2, by RFC 9113's way of counting.
const MAX_HEADER_LIST: u32 = 160 * 1024;
/// The most headers that are read. hyper's own 100 would be answered without a body although our limit is on bytes.
const MAX_HEADERS: usize = 1024;
/// Requests at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 100;
/// How much of a request body an HTTP/2 stream may send before anybody reads it: the largest body.
const STREAM_WINDOW: u32 = 64 * 1024;
/// The same for all streams of a connection together; the default would be a MiB for whoever connects.
const CONNECTION_WINDOW: u32 = 128 * 1024;
/// How much of an answer an HTTP/2 stream holds for a client that does not read.
const STREAM_SEND_BUFFER: usize = 64 * 1024;
/// How long a connection that was asked to end may take to say goodbye once nothing is under way on it. With it, a drain
/// takes less than a second for those who do not listen.
const GOODBYE: Duration = Duration::from_millis(500);
/// The same when another connection waits for the place.
const HASTY_GOODBYE: Duration = Duration::from_millis(100);

/// Runs what hyper spawns (the streams of an HTTP/2 connection) where the drain waits for it.
#[derive(Debug, Clone)]
struct Tracked(TaskTracker);

impl<F> hyper::rt::Executor<F> for Tracked
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        self.0.spawn(future);
    }
}

/// What all connections of a listener share.
#[derive(Debug, Clone)]
pub(super) struct Serving<S> {
    pub(super) service: S,
    /// How long a connection may keep us waiting.
    pub(super) timeouts: ConnectionTimeouts,
    /// Who we are, if the listener speaks TLS.
    pub(super) tls: Option<Tls>,
    /// Where the tasks of connections run.
    pub(super) tasks: TaskTracker,
    /// How the listener ends.
    pub(super) shutdown: Shutdown,
}

/// Serves the connection until it ends, times out, has to make room, or is shut down.
pub(super) async fn serve(socket: TcpStream, place: &HeldPlace, shared: Serving<impl HttpService>) {
    let Some(tls) = shared.tls.clone() else { return serve_stream(socket, place, shared).await };
    let handshake = tokio::time::timeout(shared.timeouts.first_byte, tls.accept(socket));
    let shaken = tokio::select! {
        biased;
        () = shared.shutdown.drain.cancelled() => return,
        () = shared.shutdown.kill.cancelled() => return,
        () = place.evicted() => return,
        shaken = handshake => shaken,
    };
    match shaken {
        Ok(Ok(stream)) => serve_stream(stream, place, shared).await,
        Ok(Err(error)) => tracing::debug!(%error, "no TLS handshake"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn serve_stream<T>(stream: T, place: &HeldPlace, shared: Serving<impl HttpService>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Serving { service, timeouts, tasks, shutdown, .. } = shared;
    let activity = place.activity().clone();
    let mut builder = auto::Builder::new(Tracked(tasks));
    // hyper's own head timeout counts idle time too, so the activity keeps that clock.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(MAX_HEAD_BUFFER);
    builder.http1().max_headers(MAX_HEADERS);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(MAX_HEADER_LIST).max_concurrent_streams(MAX_STREAMS);
    builder.http2().initial_stream_window_size(STREAM_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
    builder.http2().max_send_buf_size(STREAM_SEND_BUFFER);
    let noted = activity.clone();
    let service = service_fn(move |request| answer(service.clone(), noted.clone(), request));
    let io = TokioIo::new(Watched::new(stream, activity.clone()));
    let mut connection = pin!(builder.serve_connection(io, service));

    let mut drain = pin!(shutdown.drain.cancelled());
    let mut kill = pin!(shutdown.kill.cancelled());
    let mut timer = pin!(sleep_until(Instant::now() + timeouts.first_byte));
    let mut evicted = pin!(place.evicted());
    let mut leaving = false;
    poll_fn(|cx| {
        activity.watch(cx.waker());
        loop {
            if let Poll::Ready(result) = connection.as_mut().poll(cx) {
                if let Err(error) = result {
                    tracing::debug!(%error, "connection ended early");
                }
                return Poll::Ready(());
            }
            if kill.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            if !leaving && let Some(grace) = asked_to_end(drain.as_mut(), evicted.as_mut(), cx) {
                leaving = true;
                activity.leave(grace);
                connection.as_mut().graceful_shutdown();
                continue;
            }
            let Some((deadline, waiting)) = activity.deadline() else { return Poll::Pending };
            if timer.deadline() != deadline {
                timer.as_mut().reset(deadline);
            }
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            // A goodbye would not be read either; what is cut is seen to be cut.
            if leaving || waiting != Waiting::Request {
                return Poll::Ready(());
            }
            leaving = true;
            activity.leave(GOODBYE);
            connection.as_mut().graceful_shutdown();
        }
    })
    .await;
}

/// How long the goodbye may take, once the connection has to end.
fn asked_to_end(
    drain: Pin<&mut impl Future<Output = ()>>,
    evicted: Pin<&mut impl Future<Output = ()>>,
    cx: &mut Context<'_>,
) -> Option<Duration> {
    // Both are asked, so that either wakes the connection.
    let (drain, evicted) = (drain.poll(cx).is_ready(), evicted.poll(cx).is_ready());
    if evicted { Some(HASTY_GOODBYE) } else { drain.then_some(GOODBYE) }
}

async fn answer(
    mut service: impl HttpService,
    activity: Activity,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Infallible> {
    let under_way = activity.request_began(request.version() == Version::HTTP_2);
    let response = service.call(request).await?;
    under_way.answer_began();
    Ok(response.map(|body| AnswerBody::new(body, under_way)))
}
