//! A page of sessions, put together from rows that are rendered already.

use crate::digest::{Digest, Digester};
use crate::model::PageJson;
use crate::problem::ProviderOutcome;
use crate::reads::pages::RenderedPage;
use crate::reads::render::write_json;

/// The page under way.
pub(crate) struct PageBody {
    text: Vec<u8>,
    digester: Digester,
    rows: usize,
}

impl PageBody {
    /// Without a row yet, with room for rows of so many bytes in all.
    pub(crate) fn with_capacity(rows: usize) -> Self {
        let mut text = Vec::with_capacity(rows + 1024);
        text.extend_from_slice(b"{\"data\":[");
        Self { text, digester: Digester::new(), rows: 0 }
    }

    /// Adds the row that `write` appends, and whose hash it answers.
    pub(crate) fn row(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Digest) {
        if self.rows > 0 {
            self.text.push(b',');
        }
        self.digester.add(write(&mut self.text).as_bytes());
        self.rows += 1;
    }

    /// Adds what stands after the rows. When the providers answered is no part of the tag.
    pub(crate) fn finish(
        mut self,
        page: &PageJson,
        complete: bool,
        mut outcomes: Vec<ProviderOutcome>,
    ) -> RenderedPage {
        let mut tail = b"],\"page\":".to_vec();
        write_json(page, &mut tail);
        tail.extend_from_slice(b",\"complete\":");
        write_json(&complete, &mut tail);
        tail.extend_from_slice(b",\"providers\":");
        self.text.extend_from_slice(&tail);
        write_json(&outcomes, &mut self.text);
        self.text.push(b'}');
        outcomes.iter_mut().for_each(|outcome| outcome.fetched_at = None);
        write_json(&outcomes, &mut tail);
        self.digester.add(&tail);
        RenderedPage { body: self.text.into(), etag: self.digester.finish().to_etag() }
    }
}
