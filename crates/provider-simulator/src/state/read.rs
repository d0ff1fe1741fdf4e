//! Looking at the world.

use crate::state::{Room, Service, Session, World};

impl World {
    /// A copy of a room.
    #[must_use]
    pub fn room(&self, room: &str) -> Option<Room> {
        self.state().rooms.get(room).cloned()
    }

    /// Copies of a service's rooms, in the order of creation.
    #[must_use]
    pub fn rooms(&self, service: Service) -> Vec<Room> {
        let state = self.state();
        state.room_order.iter().filter_map(|id| state.rooms.get(id)).filter(|r| r.service == service).cloned().collect()
    }

    /// A copy of a session, live or ended.
    #[must_use]
    pub fn session(&self, session: &str) -> Option<Session> {
        self.state().sessions.get(session).cloned()
    }

    /// A copy of the session that runs in a room.
    #[must_use]
    pub fn live_session(&self, room: &str) -> Option<Session> {
        let state = self.state();
        state.sessions.get(state.rooms.get(room)?.live_session.as_ref()?).cloned()
    }

    /// Copies of a service's running sessions, in the order of their start, breakout rooms included.
    #[must_use]
    pub fn live_sessions(&self, service: Service) -> Vec<Session> {
        self.map_sessions(service, |s| s.is_live().then(|| s.clone()))
    }

    /// Copies of all sessions a service knows, in the order of their start.
    #[must_use]
    pub fn sessions(&self, service: Service) -> Vec<Session> {
        self.map_sessions(service, |s| Some(s.clone()))
    }

    /// What `pick` makes of each session of a service, without copying those it leaves out.
    pub(crate) fn map_sessions<T>(&self, service: Service, pick: impl FnMut(&Session) -> Option<T>) -> Vec<T> {
        let state = self.state();
        let all = state.session_order.iter().filter_map(|id| state.sessions.get(id));
        all.filter(|s| s.service == service).filter_map(pick).collect()
    }
}
