//! Who is in a live session.

use session_provider::{CallContext, Operation, ParticipantList, Result, RoomId, SessionProvider, Timestamp};

use crate::reads::answers::ParticipantRows;
use crate::reads::cache::{Question, Target};
use crate::reads::questions::dropped;

#[derive(Debug, Clone)]
pub(crate) struct ListLiveParticipants(pub(crate) RoomId);

impl Question for ListLiveParticipants {
    const OPERATION: Operation = Operation::ListLiveParticipants;
    const NOT_LIVE_IS_AN_ANSWER: bool = true;
    type Given = ParticipantList;
    type Answer = ParticipantRows;

    fn target(&self) -> Target {
        Target::Room(self.0.clone())
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<ParticipantList> {
        provider.list_live_participants(call, &self.0).await
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
