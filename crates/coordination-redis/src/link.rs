//! One connection to the store, which many steps share.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, ErrorKind, RedisError, ServerErrorKind, Value, cmd};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::address::Address;
use crate::arguments::Arguments;
use crate::bounded_stream::{BoundedStream, Unanswered};
use crate::fault::Fault;
use crate::reply::Reply;
use crate::scripts::Script;

/// Steps that are handed to the connection and not yet written; more wait for their turn.
const WAITING_STEPS: usize = 1024;

/// Whom to call, and over what.
pub(crate) struct Peer {
    pub(crate) address: Address,
    /// With the name that the certificate must have.
    pub(crate) tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}

/// A connection that was greeted. It ends when nobody has it any more.
#[derive(Debug)]
pub(crate) struct Link {
    connection: MultiplexedConnection,
    driver: AbortOnDropHandle<()>,
    unanswered: Arc<Unanswered>,
    calls: AtomicU64,
}

impl Link {
    pub(crate) async fn open(peer: &Peer, tasks: &TaskTracker) -> Result<Self, Fault> {
        let Address { host, port, .. } = &peer.address;
        let stream = TcpStream::connect((host.as_str(), *port)).await.map_err(Fault::unreachable)?;
        stream.set_nodelay(true).map_err(Fault::unreachable)?;
        match &peer.tls {
            None => Self::greet(peer, stream, tasks).await,
            Some((connector, name)) => {
                let stream = connector.connect(name.clone(), stream).await.map_err(Fault::unreachable)?;
                Self::greet(peer, stream, tasks).await
            }
        }
    }

    async fn greet(
        peer: &Peer,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        tasks: &TaskTracker,
    ) -> Result<Self, Fault> {
        let unanswered = Arc::new(Unanswered::default());
        let stream = BoundedStream { stream, unanswered: unanswered.clone() };
        let config = AsyncConnectionConfig::new()
            .set_response_timeout(None) // a step's time is the runner's
            .set_pipeline_buffer_size(WAITING_STEPS);
        let greeting = peer.address.greeting();
        let (connection, driver) = MultiplexedConnection::new_with_config(&greeting, stream, config)
            .await
            .map_err(|error| Fault::of(&error))?;
        let driver = AbortOnDropHandle::new(tasks.spawn(driver));
        Ok(Self { connection, driver, unanswered, calls: AtomicU64::new(0) })
    }

    /// Whether the other side has ended it.
    pub(crate) fn is_closed(&self) -> bool {
        self.driver.is_finished()
    }

    /// Runs a script: one round trip, and a second one where the server does not know it yet.
    pub(crate) async fn run(
        &self,
        script: &Script,
        keys: &[String],
        arguments: &Arguments<'_>,
    ) -> Result<Reply, Fault> {
        let _waiting = self.unanswered.step();
        let call = self.calls.fetch_add(1, Relaxed);
        let unknown = ErrorKind::Server(ServerErrorKind::NoScript);
        let value = match self.call("EVALSHA", &script.digest, keys, arguments, call).await {
            Err(error) if error.kind() == unknown => self.call("EVAL", script.text, keys, arguments, call).await,
            outcome => outcome,
        };
        Reply::of_call(value.map_err(|error| Fault::of(&error))?, call).ok_or_else(Fault::wrong_reply)
    }

    async fn call(
        &self,
        how: &str,
        script: &str,
        keys: &[String],
        arguments: &Arguments<'_>,
        call: u64,
    ) -> Result<Value, RedisError> {
        let mut command = cmd(how);
        command.arg(script).arg(keys.len()).arg(keys);
        for argument in &arguments.0 {
            command.arg(argument.as_ref());
        }
        command.arg(call).query_async(&mut self.connection.clone()).await
    }
}
