//! Lists that have more than one page.

use crate::generated::types::{LiveSessionPage, Problem};
use crate::generated::{Client, Error};

/// What is live on these providers, or on all that the token may see when none is named: every page as one. `providers`
/// and `complete` are of the last page, `complete` only if it held for every page.
///
/// # Errors
/// When a page fails. A provider that fails alone is no error: its entry in `providers` says so.
pub async fn all_live_sessions(client: &Client, providers: &[String]) -> Result<LiveSessionPage, Error<Problem>> {
    let mut whole: Option<LiveSessionPage> = None;
    loop {
        let mut request = client.list_live_sessions().limit(1000);
        if !providers.is_empty() {
            request = request.provider(providers.to_vec());
        }
        if let Some(cursor) = whole.as_ref().and_then(|page| page.page.next_cursor.clone()) {
            request = request.cursor(cursor);
        }
        let mut page = request.send().await?.into_inner();
        if let Some(before) = whole.take() {
            let mut data = before.data;
            data.append(&mut page.data);
            page = LiveSessionPage { data, complete: page.complete && before.complete, ..page };
        }
        if page.page.next_cursor.is_none() {
            return Ok(page);
        }
        whole = Some(page);
    }
}
