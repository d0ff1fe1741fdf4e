//! The live session of a room.

use session_provider::{CallContext, Operation, Result, RoomId, Session, SessionProvider, Timestamp};

use crate::reads::answers::SessionDocument;
use crate::reads::cache::{Question, Target};

#[derive(Debug, Clone)]
pub(crate) struct GetLiveSession(pub(crate) RoomId);

impl Question for GetLiveSession {
    const OPERATION: Operation = Operation::GetLiveSession;
    const NOT_LIVE_IS_AN_ANSWER: bool = true;
    type Given = Session;
    type Answer = SessionDocument;

    fn target(&self) -> Target {
        Target::Room(self.0.clone())
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<Session> {
        provider.get_live_session(call, &self.0).await
    }

    async fn keep(
        provider: &dyn SessionProvider,
        session: Session,
        fetched_at: Timestamp,
        _before: Option<&SessionDocument>,
    ) -> SessionDocument {
        SessionDocument::new(provider.id().clone(), provider.kind(), session, fetched_at)
    }
}
