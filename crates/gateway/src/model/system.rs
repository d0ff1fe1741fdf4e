//! What the gateway says of itself.

use serde::Serialize;
use utoipa::ToSchema;

/// The gateway's own condition.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SystemStatus {
    /// The condition; a problem is answered for any other.
    pub status: SystemState,
}

/// A condition in which the gateway answers. Closed: these are all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SystemState {
    /// It runs.
    Ok,
    /// It can be sent requests.
    Ready,
}
