//! What only RealtimeKit says.

use serde::Serialize;

/// What only RealtimeKit says of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RealtimeKitExtensions<'a> {
    /// The organization, which is the app.
    #[cfg_attr(feature = "schema", schema(required))]
    pub organization_id: Option<&'a str>,
    /// The meeting's UUID, or a V1 room name.
    #[cfg_attr(feature = "schema", schema(required))]
    pub associated_id: Option<&'a str>,
}
