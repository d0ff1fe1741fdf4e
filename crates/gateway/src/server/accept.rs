//! The accept loop.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

use crate::server::activity::ConnectionTimeouts;
use crate::server::connection;
use crate::server::shutdown::Shutdown;
use crate::telemetry::metrics as names;

/// How long to wait when the process is out of file descriptors or memory for sockets.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The bounds of one listener.
#[derive(Debug, Clone, Copy)]
pub struct ListenerOptions {
    /// What the listener is called in log and metrics.
    pub name: &'static str,
    /// Connections at once. One more waits in the system's queue until another ends: nobody is turned away, and
    /// those that keep us waiting are closed by their timeouts.
    pub max_connections: NonZeroU32,
    /// How long a connection may keep us waiting.
    pub timeouts: ConnectionTimeouts,
}

/// Serves until the shutdown, then until the last connection has ended.
pub async fn serve(listener: TcpListener, router: Router, options: ListenerOptions, shutdown: Shutdown) {
    let most = usize::try_from(options.max_connections.get()).unwrap_or(usize::MAX);
    let permits = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
    let mut fullness = Fullness { name: options.name, most, told: false };
    let tasks = TaskTracker::new();
    loop {
        let next = tokio::select! {
            biased;
            () = shutdown.drain.cancelled() => break,
            () = shutdown.kill.cancelled() => break,
            next = accept(&listener, &permits, &mut fullness) => next,
        };
        let Some((socket, permit)) = next else { continue };
        // Small answers should leave at once; a socket that refuses the option still works.
        let _ = socket.set_nodelay(true);
        let served = connection::serve(socket, router.clone(), options.timeouts, tasks.clone(), shutdown.clone());
        let open = OpenConnection::count(options.name);
        tasks.spawn(async move {
            served.await;
            drop((permit, open));
        });
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
    fullness: &mut Fullness,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    fullness.note(permits.available_permits());
    let name = fullness.name;
    let permit = permits.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((socket, _)) => Some((socket, permit)),
        Err(error) if is_of_one_connection(&error) => None,
        Err(error) => {
            tracing::warn!(listener = name, %error, "cannot accept; trying again");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

/// Tells when a listener is full: once, until a tenth of it is free again.
struct Fullness {
    name: &'static str,
    most: usize,
    told: bool,
}

impl Fullness {
    fn note(&mut self, free: usize) {
        if free > self.most / 10 {
            self.told = false;
        } else if free == 0 && !self.told {
            self.told = true;
            metrics::counter!(names::CONNECTIONS_FULL, "listener" => self.name).increment(1);
            tracing::warn!(listener = self.name, most = self.most, "all connections are taken; new ones wait");
        }
    }
}

/// Whether the failure is of the one connection that was to be accepted.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Counts an open connection until it is dropped.
struct OpenConnection(&'static str);

impl OpenConnection {
    fn count(listener: &'static str) -> Self {
        metrics::gauge!(names::CONNECTIONS, "listener" => listener).increment(1.0);
        Self(listener)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        metrics::gauge!(names::CONNECTIONS, "listener" => self.0).decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_listener_is_told_once_until_it_has_room_again() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            let mut fullness = Fullness { name: "test", most: 20, told: false };
            for free in [20, 0, 1, 0, 2, 0, 3, 0] {
                fullness.note(free);
            }
        });
        let shown = recorder.handle().render();
        assert!(shown.contains("rollcall_connections_full_total{listener=\"test\"} 2"), "{shown}");
    }
}
