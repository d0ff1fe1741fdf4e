//! Running recordings and live streams of an account.

use session_provider::{CallContext, LiveMedia, Operation, Result, SessionProvider, Timestamp};

use crate::reads::cache::{Answer, Question, Target};

#[derive(Debug, Clone)]
pub(crate) struct CountLiveMedia;

impl Question for CountLiveMedia {
    const OPERATION: Operation = Operation::CountLiveMedia;
    type Given = LiveMedia;
    type Answer = LiveMedia;

    fn target(&self) -> Target {
        Target::Account
    }

    async fn ask(&self, provider: &dyn SessionProvider, call: &CallContext) -> Result<LiveMedia> {
        provider.count_live_media(call).await
    }

    async fn keep(
        _provider: &dyn SessionProvider,
        media: LiveMedia,
        _fetched_at: Timestamp,
        _before: Option<&LiveMedia>,
    ) -> LiveMedia {
        media
    }
}

impl Answer for LiveMedia {
    fn weight(&self) -> usize {
        self.len() * 256
    }
}
