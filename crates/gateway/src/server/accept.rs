//! The accept loop.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::server::connection::Serving;
use crate::server::connection_state::ConnectionEnd;
use crate::server::http_service::HttpService;
use crate::server::places::Places;
use crate::server::shutdown::Shutdown;
use crate::server::timeouts::{ConnectionTimeouts, GOODBYE};
use crate::server::tls::Tls;

/// How long to wait when the process is out of file descriptors or memory for sockets.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepted connections of one listener that may wait for a place; further ones wait in the system's queue.
pub(super) const MAX_NEWCOMERS: usize = 64;

/// The bounds of one listener.
#[derive(Debug, Clone)]
pub struct ListenerOptions {
    /// What the listener is called in log and metrics.
    pub name: &'static str,
    /// Connections at once. For one more, the one idle longest is closed; if none is idle, the new one is, after a
    /// second.
    pub max_connections: NonZeroU32,
    /// How long a connection may keep us waiting.
    pub timeouts: ConnectionTimeouts,
    /// Who we are, if the listener speaks TLS.
    pub tls: Option<Tls>,
}

/// Serves until the shutdown, then until the last connection has ended.
pub async fn serve(listener: TcpListener, service: impl HttpService, options: ListenerOptions, shutdown: Shutdown) {
    let places = Places::new(options.name, options.max_connections, options.timeouts);
    let newcomers = Arc::new(Semaphore::new(MAX_NEWCOMERS));
    let tasks = TaskTracker::new();
    let serving = Arc::new(Serving::new(service, options.timeouts, options.tls, tasks.clone()));
    let Shutdown { drain, kill } = shutdown;
    loop {
        let next = tokio::select! {
            biased;
            () = drain.cancelled() => break,
            () = kill.cancelled() => break,
            next = async {
                let turn = newcomers.clone().acquire_owned().await.ok()?;
                Some((accept(&listener, options.name, &places).await?, turn))
            } => next,
        };
        let Some((socket, turn)) = next else { continue };
        // Small answers should leave at once; a socket that refuses the option still works.
        let _ = socket.set_nodelay(true);
        let (places, serving, drain) = (places.clone(), serving.clone(), drain.clone());
        tasks.spawn(async move {
            let place = drain.run_until_cancelled(places.take()).await.flatten();
            drop(turn);
            if let Some(place) = place {
                serving.serve(socket, place.activity()).await;
            }
        });
    }
    drop(listener);
    tasks.close();
    // The shutdown comes to each connection from here: none has to look at it, or share its lock with the others.
    places.end(ConnectionEnd::Leave(GOODBYE));
    if kill.run_until_cancelled(tasks.wait()).await.is_none() {
        places.end(ConnectionEnd::Cut);
        tasks.wait().await;
    }
}

async fn accept(listener: &TcpListener, name: &'static str, places: &Places) -> Option<TcpStream> {
    match listener.accept().await {
        Ok((socket, _)) => Some(socket),
        Err(error) if is_of_one_connection(&error) => None,
        Err(error) => {
            tracing::warn!(listener = name, %error, "cannot accept; closing an idle connection and trying again");
            places.make_room();
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

/// Whether the failure is of the one connection that was to be accepted.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
