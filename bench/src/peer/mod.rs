//! The peers: what else one could write, doing less than Rollcall.

mod bare;
mod hs256;
mod relay;

use std::net::SocketAddr;

use anyhow::Result;
use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::answer::Answer;
use crate::arguments::{PeerKind, PeerOrder};

pub(crate) async fn serve(order: PeerOrder) -> Result<()> {
    let router = match order.kind {
        PeerKind::Bare => bare::router(Answer::load(&order.answer)?),
        PeerKind::Hs256 => hs256::router(Answer::load(&order.answer)?, &order.secret),
        PeerKind::Relay => relay::router(order.upstream)?,
    };
    listen(router, order.listen).await
}

/// Serves as axum does, without the delay of small packets.
pub(crate) async fn listen(router: Router, address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address).await?.tap_io(|stream| drop(stream.set_nodelay(true)));
    Ok(axum::serve(listener, router).await?)
}
