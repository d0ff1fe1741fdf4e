//! A step: a script on the connection, within its time.

use std::time::Duration;

use coordination::StoreError;
use rustls::pki_types::ServerName;
use tokio::time::{Instant, timeout_at};

use crate::address::Address;
use crate::arguments::Arguments;
use crate::config::{ConfigError, RedisConfig};
use crate::connections::Connections;
use crate::fault::Fault;
use crate::link::Peer;
use crate::reply::Reply;
use crate::scripts::Script;
use crate::tls::connector;

/// What runs steps.
#[derive(Debug)]
pub(crate) struct Runner {
    connections: Connections,
    timeout: Duration,
}

impl Runner {
    pub(crate) fn new(config: &RedisConfig) -> Result<Self, ConfigError> {
        if config.timeout.is_zero() {
            return Err(ConfigError::new("timeout", "must be more than zero"));
        }
        let address = Address::parse(&config.url, config.password.as_ref())?;
        let tls = if address.is_tls {
            let name = ServerName::try_from(address.host.clone())
                .map_err(|_| ConfigError::new("url", "names a host that no certificate can have"))?;
            Some((connector(config.authorities.as_deref())?, name))
        } else {
            None
        };
        let connections = Connections::new(Peer { address, tls }, config.timeout);
        Ok(Self { connections, timeout: config.timeout })
    }

    /// Runs a script, and reads what it answers; what does not read is an error, and the connection is not used again.
    pub(crate) async fn run<T>(
        &self,
        script: &Script,
        keys: &[String],
        arguments: Arguments<'_>,
        read: impl FnOnce(&mut Reply) -> Option<T>,
    ) -> Result<T, StoreError> {
        let deadline = Instant::now() + self.timeout;
        let late = |_| Err(Fault::late());
        let (number, link) = timeout_at(deadline, self.connections.link()).await.unwrap_or_else(late)?;
        let outcome =
            timeout_at(deadline, link.run(script, keys, &arguments)).await.unwrap_or_else(|_| Err(Fault::late()));
        let read = outcome.and_then(|mut reply| read(&mut reply).ok_or_else(Fault::wrong_reply));
        if let Err(fault) = &read
            && fault.is_broken
        {
            self.connections.forget(number);
        }
        Ok(read?)
    }
}
