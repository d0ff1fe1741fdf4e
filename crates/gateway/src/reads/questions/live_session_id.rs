//! The session id of what runs in a room, where the provider's live answers do not carry it.

use session_provider::{CallContext, Operation, Result, RoomId, SessionId, SessionProvider, Timestamp};

use crate::reads::cache::{Answer, Permanence, Question, Target};

#[derive(Debug, Clone)]
pub(crate) struct FindLiveSessionId(pub(crate) RoomId);

/// `None` when nothing runs there.
type Found = Option<SessionId>;

impl Question for FindLiveSessionId {
    const OPERATION: Operation = Operation::FindLiveSessionId;
    type Given = Found;
    type Answer = Found;

    fn target(&self) -> Target {
        Target::Room(self.0.clone())
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<Found> {
        provider.find_live_session_id(call, &self.0).await
    }

    async fn keep(
        _provider: &dyn SessionProvider,
        found: Found,
        _fetched_at: Timestamp,
        _before: Option<&Found>,
    ) -> Found {
        found
    }
}

impl Answer for Found {
    fn weight(&self) -> usize {
        512
    }

    fn permanence(&self) -> Permanence {
        if self.is_some() { Permanence::Changing } else { Permanence::Absent }
    }
}
