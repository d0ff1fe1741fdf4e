//! All sessions of a room, of a provider that lists those of one room only.

use session_provider::{CallContext, Operation, Result, RoomId, SessionList, SessionProvider, Timestamp};

use crate::reads::answers::HistoryRows;
use crate::reads::cache::{Question, Target};
use crate::reads::questions::dropped;

#[derive(Debug, Clone)]
pub(crate) struct ListRoomSessions(pub(crate) RoomId);

impl Question for ListRoomSessions {
    const OPERATION: Operation = Operation::ListRoomSessions;
    type Given = SessionList;
    type Answer = HistoryRows;

    fn target(&self) -> Target {
        Target::Room(self.0.clone())
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<SessionList> {
        provider.list_room_sessions(call, &self.0).await
    }

    async fn keep(
        provider: &dyn SessionProvider,
        list: SessionList,
        fetched_at: Timestamp,
        _before: Option<&HistoryRows>,
    ) -> HistoryRows {
        dropped::count(provider.id(), list.dropped);
        HistoryRows::of_room(provider.id().clone(), provider.kind(), list, fetched_at).await
    }
}
