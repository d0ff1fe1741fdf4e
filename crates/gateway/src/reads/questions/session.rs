//! A session by its own id.

use session_provider::{CallContext, Operation, Result, Session, SessionId, SessionProvider, Timestamp};

use crate::reads::answers::SessionDocument;
use crate::reads::cache::{Question, Target};

#[derive(Debug, Clone)]
pub(crate) struct GetSession {
    pub(crate) id: SessionId,
    pub(crate) include_breakout_rooms: bool,
}

impl Question for GetSession {
    const OPERATION: Operation = Operation::GetSession;
    type Given = Session;
    type Answer = SessionDocument;

    fn target(&self) -> Target {
        let of = if self.include_breakout_rooms { Target::SessionWithBreakoutRooms } else { Target::Session };
        of(self.id.clone())
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<Session> {
        provider.get_session(call, &self.id, self.include_breakout_rooms).await
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
