//! One connection: HTTP/1 or HTTP/2 by what the client sends, closed when it keeps us waiting too long.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::TaskTracker;
use tower::Service;

use crate::server::activity::{Activity, ConnectionTimeouts, Waiting};
use crate::server::shutdown::Shutdown;
use crate::server::stream::{AnswerBody, Watched};

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
/// How long a connection that was asked to close may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

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

/// Serves the connection until it ends, times out, or is shut down.
pub(super) async fn serve<T>(
    socket: T,
    router: Router,
    timeouts: ConnectionTimeouts,
    tasks: TaskTracker,
    shutdown: Shutdown,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let activity = Activity::begin(timeouts);
    let mut builder = auto::Builder::new(Tracked(tasks));
    // hyper's own head timeout counts idle time too, so the activity keeps that clock.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(MAX_HEAD_BUFFER);
    builder.http1().max_headers(MAX_HEADERS);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(MAX_HEADER_LIST).max_concurrent_streams(MAX_STREAMS);
    builder.http2().initial_stream_window_size(STREAM_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
    builder.http2().max_send_buf_size(STREAM_SEND_BUFFER);
    let noted = activity.clone();
    let service = service_fn(move |request| answer(router.clone(), noted.clone(), request));
    let io = TokioIo::new(Watched::new(socket, activity.clone()));
    let mut connection = pin!(builder.serve_connection(io, service));

    let mut drain = pin!(shutdown.drain.cancelled());
    let mut kill = pin!(shutdown.kill.cancelled());
    let mut timer = pin!(sleep_until(Instant::now() + timeouts.first_byte));
    let mut leaving = false;
    let mut goodbye: Option<Instant> = None;
    poll_fn(|cx| {
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
            if !leaving && drain.as_mut().poll(cx).is_ready() {
                leaving = true;
                connection.as_mut().graceful_shutdown();
                continue;
            }
            let (deadline, waiting) = match (goodbye, activity.deadline()) {
                (Some(at), _) => (at, Waiting::Head),
                (None, Some(deadline)) => deadline,
                (None, None) => return Poll::Pending,
            };
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
            goodbye = Some(Instant::now() + GOODBYE);
            connection.as_mut().graceful_shutdown();
        }
    })
    .await;
}

async fn answer(
    mut router: Router,
    activity: Activity,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Infallible> {
    let under_way = activity.request_began(request.version() == Version::HTTP_2);
    let response = router.call(request.map(Body::new)).await?;
    under_way.answer_began();
    Ok(response.map(|body| AnswerBody::new(body, under_way)))
}
