//! The ids in a path. They are decoded once; what is not an id after that reaches no provider.

use std::convert::Infallible;
use std::fmt::Display;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use session_provider::{RoomId, SessionId};
use utoipa::IntoParams;

use crate::id_schemas::{ProviderIdJson, RoomIdJson, SessionIdJson};
use crate::problem::Problem;

/// A provider.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ProviderPath {
    /// The provider.
    // As it came: a name that no provider can have is just unknown.
    #[param(value_type = ProviderIdJson)]
    pub(crate) provider: String,
}

/// A provider and a room of it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct RoomPath {
    /// The provider.
    // As it came: whether there is such a provider depends on the caller.
    #[param(value_type = ProviderIdJson)]
    pub(crate) provider: String,
    /// The room, as the provider names it.
    #[param(value_type = RoomIdJson)]
    pub(crate) room_id: RoomId,
}

/// A provider and a session of it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SessionPath {
    /// The provider.
    // As it came: whether there is such a provider depends on the caller.
    #[param(value_type = ProviderIdJson)]
    pub(crate) provider: String,
    /// The session, as the provider names it.
    #[param(value_type = SessionIdJson)]
    pub(crate) session_id: SessionId,
}

impl RoomPath {
    /// Of two segments as they stand in a path where nothing is encoded.
    pub(crate) fn plain(provider: &str, room_id: &str) -> Option<Self> {
        Some(Self { provider: plain(provider)?, room_id: RoomId::new(room_id).ok()? })
    }
}

impl SessionPath {
    /// Of two segments as they stand in a path where nothing is encoded.
    pub(crate) fn plain(provider: &str, session_id: &str) -> Option<Self> {
        Some(Self { provider: plain(provider)?, session_id: SessionId::new(session_id).ok()? })
    }
}

fn plain(provider: &str) -> Option<String> {
    let is_plain = !provider.is_empty() && !provider.contains('%');
    is_plain.then(|| provider.to_owned())
}

impl<S: Send + Sync> FromRequestParts<S> for ProviderPath {
    type Rejection = Box<Problem>;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let (provider, ()) = ids(parts, state, "", |_| Ok::<_, Infallible>(())).await?;
        Ok(Self { provider })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RoomPath {
    type Rejection = Box<Problem>;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let (provider, room_id) = ids(parts, state, "room_id", RoomId::new).await?;
        Ok(Self { provider, room_id })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SessionPath {
    type Rejection = Box<Problem>;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let (provider, session_id) = ids(parts, state, "session_id", SessionId::new).await?;
        Ok(Self { provider, session_id })
    }
}

async fn ids<S: Send + Sync, Id, E: Display>(
    parts: &mut Parts,
    state: &S,
    name: &'static str,
    parse: impl Fn(&str) -> Result<Id, E>,
) -> Result<(String, Id), Box<Problem>> {
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|rejection| {
        // The text names the parameter that is not UTF-8.
        let field = if rejection.body_text().contains("provider") { "provider" } else { name };
        Problem::invalid(field, "is not percent-encoded UTF-8")
    })?;
    let (mut provider, mut id) = (String::new(), "");
    for (key, value) in &params {
        match key {
            "provider" => value.clone_into(&mut provider),
            key if key == name => id = value,
            _ => {}
        }
    }
    let id = parse(id).map_err(|error| Problem::invalid(name, error.to_string()))?;
    Ok((provider, id))
}
