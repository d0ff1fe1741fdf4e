//! Assembled pages, so that a hit copies nothing.

use std::sync::Arc;
use std::time::Duration;

use ahash::RandomState;
use bytes::Bytes;
use http::HeaderValue;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::changes::Tick;
use crate::reads::cursor::ListId;

/// What a page is made of: equal keys make equal pages. Only pages without a stale or missing part are kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    pub(crate) list: ListId,
    /// The answers it is merged from, by when their loads began, which no two answers share.
    pub(crate) answers: Vec<Tick>,
    pub(crate) limit: u16,
    pub(crate) cursor: Option<String>,
}

#[derive(Debug)]
pub(crate) struct RenderedPage {
    pub(crate) body: Bytes,
    pub(crate) etag: HeaderValue,
}

/// The latest pages, bounded by bytes.
#[derive(Debug)]
pub(crate) struct Pages(Cache<PageKey, Arc<RenderedPage>, RandomState>);

impl Pages {
    /// None yet, never more than `max_bytes`. A page that was not read for `idle` is dropped: the answers it is made
    /// of have been replaced.
    pub(crate) fn new(max_bytes: u64, idle: Duration) -> Self {
        let weigh = |key: &PageKey, page: &Arc<RenderedPage>| {
            let key = key.answers.len() * 8 + key.cursor.as_ref().map_or(0, String::len);
            u32::try_from(512 + key + page.body.len()).unwrap_or(u32::MAX)
        };
        let pages = Cache::builder()
            .max_capacity(max_bytes)
            .weigher(weigh)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(idle.max(Duration::from_secs(1)));
        Self(pages.build_with_hasher(RandomState::new()))
    }

    /// The page of that key, if it is kept.
    pub(crate) fn get(&self, key: &PageKey) -> Option<Arc<RenderedPage>> {
        self.0.get(key)
    }

    pub(crate) fn insert(&self, key: PageKey, page: Arc<RenderedPage>) {
        self.0.insert(key, page);
        self.0.run_pending_tasks();
    }

    #[cfg(test)]
    pub(crate) fn weight(&self) -> u64 {
        self.0.weighted_size()
    }
}
