//! Everybody who was in a session.

use session_provider::{CallContext, Operation, ParticipantList, Result, SessionId, SessionProvider, Timestamp};

use crate::reads::answers::ParticipantRows;
use crate::reads::cache::{Question, Target};
use crate::reads::questions::dropped;

#[derive(Debug, Clone)]
pub(crate) struct ListSessionParticipants(pub(crate) SessionId);

impl Question for ListSessionParticipants {
    const OPERATION: Operation = Operation::ListSessionParticipants;
    type Given = ParticipantList;
    type Answer = ParticipantRows;

    fn target(&self) -> Target {
        Target::Session(self.0.clone())
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<ParticipantList> {
        provider.list_session_participants(call, &self.0).await
    }

    async fn keep(
        provider: &dyn SessionProvider,
        list: ParticipantList,
        _fetched_at: Timestamp,
        _before: Option<&ParticipantRows>,
    ) -> ParticipantRows {
        dropped::count(provider.id(), list.dropped);
        ParticipantRows::new(list).await
    }
}
