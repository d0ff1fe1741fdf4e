//! What is live in an account.

use session_provider::{CallContext, Operation, Result, SessionList, SessionProvider, Timestamp};

use crate::reads::answers::SessionRows;
use crate::reads::cache::{Question, Target};
use crate::reads::questions::dropped;

#[derive(Debug, Clone)]
pub(crate) struct ListLiveSessions;

impl Question for ListLiveSessions {
    const OPERATION: Operation = Operation::ListLiveSessions;
    type Given = SessionList;
    type Answer = SessionRows;

    fn target(&self) -> Target {
        Target::Account
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<SessionList> {
        provider.list_live_sessions(call).await
    }

    async fn keep(
        provider: &dyn SessionProvider,
        list: SessionList,
        fetched_at: Timestamp,
        before: Option<&SessionRows>,
    ) -> SessionRows {
        dropped::count(provider.id(), list.dropped);
        SessionRows::new(provider.id().clone(), provider.kind(), list, fetched_at, before).await
    }
}
