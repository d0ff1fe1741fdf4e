//! The sockets.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::config::{ServerConfig, WebhooksConfig};

/// A listener that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("{key}: cannot listen on {address}: {reason}")]
pub struct BindError {
    /// The configuration key of the address.
    pub key: &'static str,
    pub address: SocketAddr,
    /// Why, and what to do.
    pub reason: String,
}

/// The public and the admin socket, and perhaps that of webhooks, open.
#[derive(Debug)]
pub struct Listeners {
    pub public: TcpListener,
    pub admin: TcpListener,
    /// For webhooks alone.
    pub webhooks: Option<TcpListener>,
    /// Where the public one listens.
    pub public_addr: SocketAddr,
    /// Where the operator's listens.
    pub admin_addr: SocketAddr,
    /// Where that of webhooks listens.
    pub webhooks_addr: Option<SocketAddr>,
}

impl Listeners {
    /// Opens the public and the admin one.
    ///
    /// # Errors
    /// [`BindError`] for the first that cannot be opened.
    pub async fn bind(config: &ServerConfig) -> Result<Self, BindError> {
        let (public, public_addr) = bind("server.listen", config.listen).await?;
        let (admin, admin_addr) = bind("server.admin_listen", config.admin_listen).await?;
        Ok(Self { public, admin, webhooks: None, public_addr, admin_addr, webhooks_addr: None })
    }

    /// Opens that of webhooks too, if they are to have one.
    ///
    /// # Errors
    /// [`BindError`] when it cannot be opened.
    pub async fn with_webhooks(self, config: &WebhooksConfig) -> Result<Self, BindError> {
        let Some(listen) = config.listen else { return Ok(self) };
        let (webhooks, address) = bind("webhooks.listen", listen).await?;
        Ok(Self { webhooks: Some(webhooks), webhooks_addr: Some(address), ..self })
    }
}

async fn bind(key: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), BindError> {
    let failed = |error: std::io::Error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another program uses it; choose a free port".to_owned(),
            std::io::ErrorKind::PermissionDenied => "not allowed; ports below 1024 need a privilege".to_owned(),
            _ => error.to_string(),
        };
        BindError { key, address, reason }
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}
