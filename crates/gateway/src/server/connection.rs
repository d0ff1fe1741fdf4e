//! One connection: HTTP/1 or HTTP/2 by what the client sends, closed when it keeps us waiting too long.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio_util::task::TaskTracker;

use crate::long_answer::LongAnswer;
use crate::server::activity::Activity;
use crate::server::connection_state::{Next, Waiting};
use crate::server::http_service::HttpService;
use crate::server::http2_stream::until_stalled;
use crate::server::socket::Socket;
use crate::server::stream::{AnswerBody, Watched};
use crate::server::timeouts::{ConnectionTimeouts, GOODBYE};
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

/// Runs what hyper spawns (the streams of an HTTP/2 connection) where the drain waits for it.
#[derive(Debug, Clone)]
struct Tracked(TaskTracker);

impl<F> hyper::rt::Executor<F> for Tracked
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, future: F) {
        self.0.spawn(until_stalled(future));
    }
}

/// What all connections of a listener share.
#[derive(Debug)]
pub(super) struct Serving<S> {
    service: S,
    /// How long a connection may keep us waiting.
    timeouts: ConnectionTimeouts,
    /// Who we are, if the listener speaks TLS.
    tls: Option<Tls>,
    http: auto::Builder<Tracked>,
}

impl<S: HttpService> Serving<S> {
    /// What hyper spawns runs on `tasks`.
    pub(super) fn new(service: S, timeouts: ConnectionTimeouts, tls: Option<Tls>, tasks: TaskTracker) -> Self {
        let mut http = auto::Builder::new(Tracked(tasks));
        // hyper's own head timeout counts idle time too, so the activity keeps that clock.
        http.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(MAX_HEAD_BUFFER);
        http.http1().max_headers(MAX_HEADERS);
        http.http2().timer(TokioTimer::new()).max_header_list_size(MAX_HEADER_LIST).max_concurrent_streams(MAX_STREAMS);
        http.http2().initial_stream_window_size(STREAM_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
        http.http2().max_send_buf_size(STREAM_SEND_BUFFER);
        Self { service, timeouts, tls, http }
    }

    /// Serves the connection until it ends, times out, or is asked to end.
    pub(super) async fn serve(&self, socket: TcpStream, activity: &Activity) {
        let Some(tls) = &self.tls else { return self.serve_stream(socket, activity).await };
        let handshake = tokio::time::timeout(self.timeouts.first_byte, tls.accept(socket));
        let shaken = tokio::select! {
            biased;
            () = activity.asked_to_end() => return,
            shaken = handshake => shaken,
        };
        match shaken {
            Ok(Ok(stream)) => self.serve_stream(stream, activity).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS handshake"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn serve_stream<T>(&self, stream: T, activity: &Activity)
    where
        T: Socket,
    {
        let (service, noted, unread) = (self.service.of_connection(), activity.clone(), self.timeouts.long_answer);
        let service = service_fn(move |request| answer(&service, &noted, unread, request));
        let io = TokioIo::new(Watched::new(stream, activity.clone()));
        let mut connection = pin!(self.http.serve_connection(io, service));
        let mut timer = pin!(sleep_until(Instant::now() + self.timeouts.first_byte));
        poll_fn(|cx| {
            loop {
                if let Poll::Ready(result) = connection.as_mut().poll(cx) {
                    if let Err(error) = result {
                        tracing::debug!(%error, "connection ended early");
                    }
                    return Poll::Ready(());
                }
                let (deadline, waiting) = match activity.next(cx) {
                    Next::Wait(None) => return Poll::Pending,
                    Next::Wait(Some(deadline)) => deadline,
                    Next::Leave => {
                        connection.as_mut().graceful_shutdown();
                        continue;
                    }
                    Next::Cut => return Poll::Ready(()),
                };
                // The deadline of an idle connection moves on with every request: the timer follows when it rings.
                if deadline < timer.deadline() || timer.is_elapsed() {
                    timer.as_mut().reset(deadline);
                }
                if timer.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                if timer.deadline() < deadline {
                    continue;
                }
                match waiting {
                    Waiting::Request => {
                        activity.leave(GOODBYE);
                        connection.as_mut().graceful_shutdown();
                    }
                    // A goodbye would not be read either; what is cut is seen to be cut.
                    Waiting::Head | Waiting::Reader | Waiting::Goodbye => return Poll::Ready(()),
                }
            }
        })
        .await;
    }
}

/// Notes the request's beginning and end around the service. `unread` is how long a piece of a long answer may wait for its
/// reader.
fn answer<S: HttpService>(
    service: &S,
    activity: &Activity,
    unread: Duration,
    request: Request<Incoming>,
) -> impl Future<Output = Result<Response<AnswerBody>, Infallible>> + Send + use<S> {
    let under_way = activity.request_began(request.version() == Version::HTTP_2);
    service.clone().call(request).map(move |answered| {
        answered.map(|response| {
            let is_long = response.extensions().get::<LongAnswer>().is_some();
            if is_long {
                under_way.long_answer_began()
            } else {
                under_way.answer_began()
            }
            response.map(|body| AnswerBody::new(body, under_way, is_long.then_some(unread)))
        })
    })
}
