//! A page of the account's sessions of all times.

use std::sync::Arc;

use session_provider::{CallContext, Operation, Result, SessionPage, SessionProvider, SessionQuery, Timestamp};

use crate::reads::answers::HistoryRows;
use crate::reads::cache::{Question, Target};
use crate::reads::questions::dropped;

#[derive(Debug, Clone)]
pub(crate) struct ListSessions(pub(crate) Arc<SessionQuery>);

impl Question for ListSessions {
    const OPERATION: Operation = Operation::ListSessions;
    type Given = SessionPage;
    type Answer = HistoryRows;

    fn target(&self) -> Target {
        Target::Sessions(Arc::clone(&self.0))
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<SessionPage> {
        provider.list_sessions(call, &self.0).await
    }

    async fn keep(
        provider: &dyn SessionProvider,
        page: SessionPage,
        fetched_at: Timestamp,
        _before: Option<&HistoryRows>,
    ) -> HistoryRows {
        dropped::count(provider.id(), page.dropped);
        HistoryRows::of_page(provider.id().clone(), provider.kind(), page, fetched_at).await
    }
}
