//! Every question that a read may put to a provider.

mod dropped;
mod live_media;
mod live_participants;
mod live_session;
mod live_session_id;
mod live_sessions;
mod room_sessions;
mod session;
mod session_participants;
mod sessions;

pub(crate) use live_media::CountLiveMedia;
pub(crate) use live_participants::ListLiveParticipants;
pub(crate) use live_session::GetLiveSession;
pub(crate) use live_session_id::FindLiveSessionId;
pub(crate) use live_sessions::ListLiveSessions;
pub(crate) use room_sessions::ListRoomSessions;
pub(crate) use session::GetSession;
pub(crate) use session_participants::ListSessionParticipants;
pub(crate) use sessions::ListSessions;
