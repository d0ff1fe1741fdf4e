//! What `fuzz/` does to cursors.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use session_provider::SessionFilter;

use crate::reads::cursor::ListId;
use crate::reads::{HistoryQuery, ListQuery, PageQuery, history, list, participants};

/// Reads the input as the cursor of every kind of list: as it is, as the JSON in a cursor, and as the position in a
/// cursor of the very list.
///
/// # Panics
/// When a cursor is accepted that does not say its list, or an input makes the decoder panic.
pub fn cursor(input: &[u8]) {
    let list_id = list::list_id(&list_query(None));
    let own = |input: &[u8]| [format!("[1,\"{}\",", list_id.as_str()).as_bytes(), input, b"]"].concat();
    let texts = [
        std::str::from_utf8(input).ok().map(str::to_owned),
        Some(URL_SAFE_NO_PAD.encode(input)),
        Some(URL_SAFE_NO_PAD.encode(own(input))),
    ];
    for text in texts.into_iter().flatten() {
        let sessions = list::start(&list_id, &list_query(Some(text.clone()))).is_ok();
        let page = PageQuery { limit: 100, cursor: Some(text.clone()) };
        let people = participants::start(&list_id, &page).is_ok();
        let history = history::start(&list_id, &history_query(text.clone())).is_ok();
        if sessions || people || history {
            assert!(says_list(&text, &list_id), "a cursor was accepted that is not of the list: {text}");
        }
        let other = ListId::new(["another list"]);
        assert!(list::start(&other, &list_query(Some(text))).is_err() || !sessions, "a cursor of two lists");
    }
}

fn says_list(cursor: &str, list: &ListId) -> bool {
    let json = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    let Ok(Value::Array(parts)) = serde_json::from_slice(&json) else { return false };
    matches!(parts.as_slice(), [version, name, Value::Array(_)] if *version == 1 && name.as_str() == Some(list.as_str()))
}

fn history_query(cursor: String) -> HistoryQuery {
    let page = PageQuery { limit: 50, cursor: Some(cursor) };
    HistoryQuery { providers: None, filter: SessionFilter::default(), page, forbid_partial: false }
}

fn list_query(cursor: Option<String>) -> ListQuery {
    let page = PageQuery { limit: 100, cursor };
    ListQuery { providers: None, page, forbid_partial: false, include: BTreeSet::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_clean_and_some_of_it_is_accepted() {
        crate::fuzzing::replay("cursor", 10, cursor);
        let list_id = list::list_id(&list_query(None));
        let text = list_id.cursor(&(Some(1), "huddle01", "room"));
        assert!(list::start(&list_id, &list_query(Some(text.clone()))).is_ok());
        assert!(says_list(&text, &list_id));
        assert!(!says_list(&text, &ListId::new(["another list"])));
    }
}
