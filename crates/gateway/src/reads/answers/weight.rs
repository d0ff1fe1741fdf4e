//! How much memory an answer takes.

use session_provider::{RawJson, RoomId, Session};

/// Bytes of another copy of a session, which has its ids and its JSON in common with the first, and of the text that it was
/// read from.
pub(super) fn of_known(session: &Session) -> usize {
    /// Of a row without its title and metadata: RealtimeKit's take as much, Huddle01's less.
    const ROW: usize = 480;
    let title = session.title.as_ref().map_or(0, String::capacity);
    let metadata = session.metadata.as_ref().map_or(0, |metadata| metadata.get().len());
    64 + size_of::<Session>() + title + ROW + title + metadata
}

/// Bytes of a session's value.
pub(super) fn of_session(session: &Session) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::capacity);
    let json = |json: &Option<RawJson>| json.as_ref().map_or(0, |json| json.get().len());
    let aliases = session.aliases.iter().map(|alias| size_of::<RoomId>() + alias.as_str().len());
    let breakouts = session.breakout_rooms.iter().flatten();
    size_of::<Session>()
        + 160 // room and session id
        + text(&session.title)
        + aliases.sum::<usize>()
        + json(&session.extensions)
        + json(&session.metadata)
        + breakouts.map(|room| 512 + text(&room.title) + json(&room.metadata)).sum::<usize>()
}
