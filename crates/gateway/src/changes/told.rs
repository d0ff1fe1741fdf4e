//! The way of a change to other replicas.

use std::fmt::Debug;

use session_provider::{ProviderId, RoomId, SessionId};

use crate::changes::{Hint, RoomChange};

/// Tells other replicas what happens here.
pub(crate) trait OtherReplicas: Debug + Send + Sync {
    /// Has them told of a change; it must not wait for that.
    fn tell(&self, change: &RoomChange);

    /// Has nothing of them taken from before what was seen just now of these rooms.
    fn outdate(&self, provider: &ProviderId, rooms: &[&RoomId], sessions: &[&SessionId]);

    /// Has them told that a new answer has come to the provider's list.
    fn tell_answer(&self, provider: &ProviderId);

    /// The same of a hint.
    fn tell_hint(&self, hint: &Hint);
}
