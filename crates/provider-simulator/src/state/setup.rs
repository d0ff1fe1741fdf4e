//! Making rooms, running sessions, people coming and going.

use serde_json::{Value, json};

use crate::state::{
    Connection, Enrolled, Joined, Person, Room, Service, Session, SessionType, State, What, World, WorldError,
};

impl World {
    /// Makes a room with an id of the service's form and gives the id.
    pub fn add_room(&self, service: Service, title: &str) -> String {
        let mut state = self.state();
        let id = state.ids.room(service);
        state.insert_room(service, id, title, self.clock.now_ms())
    }

    /// Makes a room with this id, for example a V1 room name of RealtimeKit.
    ///
    /// # Errors
    /// [`WorldError::RoomExists`].
    pub fn add_room_as(&self, service: Service, id: &str, title: &str) -> Result<(), WorldError> {
        let mut state = self.state();
        if state.rooms.contains_key(id) {
            return Err(WorldError::RoomExists(id.to_owned()));
        }
        state.insert_room(service, id.to_owned(), title, self.clock.now_ms());
        Ok(())
    }

    /// Changes a room, for example its lock, title or metadata.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`].
    pub fn change_room<T>(&self, room: &str, change: impl FnOnce(&mut Room) -> T) -> Result<T, WorldError> {
        Ok(change(self.state().room(room)?))
    }

    /// Changes the running session of a room, for what no other method does.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn change_live<T>(&self, room: &str, change: impl FnOnce(&mut Session) -> T) -> Result<T, WorldError> {
        Ok(change(self.state().live(room)?))
    }

    /// Starts a session with nobody in it and gives its id.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::AlreadyLive`]: at most one session runs per room.
    pub fn start_session(&self, room: &str) -> Result<String, WorldError> {
        self.state().start(room, None, self.clock.now_ms())
    }

    /// Ends the room's session and its breakout rooms: everybody leaves, recordings and streams stop. Gives its id.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn end_session(&self, room: &str) -> Result<String, WorldError> {
        let mut state = self.state();
        let session = state.live(room)?.id.clone();
        state.end(&session, self.clock.now_ms());
        Ok(session)
    }

    /// Takes the record of a session that has ended out of the history, as if it had never been.
    ///
    /// # Errors
    /// [`WorldError::UnknownSession`] for a session that is not there or runs.
    pub fn forget_session(&self, session: &str) -> Result<(), WorldError> {
        let mut state = self.state();
        if state.sessions.get(session).is_none_or(Session::is_live) {
            return Err(WorldError::UnknownSession(session.to_owned()));
        }
        state.sessions.remove(session);
        state.session_order.retain(|id| id != session);
        Ok(())
    }

    /// Lets a person into a room; the first one starts the session. In RealtimeKit the same custom id is the same
    /// participant with a new peer id (`docs/upstream/realtimekit.md` quirk 28).
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`].
    pub fn join(&self, room: &str, person: impl Into<Person>) -> Result<Joined, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        if state.room(room)?.live_session.is_none() {
            state.start(room, None, now)?;
        }
        state.join(room, &person.into(), now)
    }

    /// Closes one connection. The session stays, as under RealtimeKit's keep-alive, until it is ended.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`], [`WorldError::UnknownParticipant`].
    pub fn leave(&self, room: &str, connection: &str) -> Result<(), WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let session = state.live(room)?;
        let leaver = session.connections.iter_mut().find(|c| c.id == connection && c.left_ms.is_none());
        let leaver = leaver.ok_or_else(|| WorldError::UnknownParticipant(connection.to_owned()))?;
        leaver.left_ms = Some(now);
        let left = What::Left(leaver.clone());
        session.updated_ms = now;
        let session = session.id.clone();
        state.tell(&session, now, [left]);
        Ok(())
    }

    /// Adds a breakout room to a live room and gives the ids of the new room and its session.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn add_breakout(&self, room: &str, title: &str) -> Result<(String, String), WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let parent = state.live(room)?;
        let (parent, service) = (parent.id.clone(), parent.service);
        let id = state.ids.room(service);
        let breakout_room = state.insert_room(service, id, title, now);
        let session = state.start(&breakout_room, Some(parent.clone()), now)?;
        if let Some(parent) = state.sessions.get_mut(&parent) {
            parent.breakouts.push(session.clone());
        }
        Ok((breakout_room, session))
    }

    /// Adds a person to a room without letting them in (RealtimeKit). A known custom id gives the known person.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`].
    pub fn enrol(&self, room: &str, person: impl Into<Person>) -> Result<Enrolled, WorldError> {
        self.state().enrol(room, &person.into(), self.clock.now_ms())
    }

    /// Makes `count` live rooms with `people` in each and gives the rooms' ids. Rooms start one millisecond apart, the
    /// last one now.
    pub fn seed_live(&self, service: Service, count: usize, people: usize) -> Vec<String> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let mut rooms = Vec::with_capacity(count);
        for n in 0..count {
            let at = now.saturating_sub(i64::try_from(count - 1 - n).unwrap_or(0));
            let id = state.ids.room(service);
            let room = state.insert_room(service, id, &format!("Room {}", n + 1), at);
            if state.start(&room, None, at).is_ok() {
                for person in 0..people {
                    let name = format!("Person {}", person + 1);
                    if state.join(&room, &Person::named(name), at).is_err() {
                        break;
                    }
                }
            }
            rooms.push(room);
        }
        rooms
    }
}

impl State {
    fn insert_room(&mut self, service: Service, id: String, title: &str, now: i64) -> String {
        let metadata = if service == Service::Huddle01 { json!({ "title": title }) } else { Value::Null };
        let room = Room {
            id: id.clone(),
            service,
            title: title.to_owned(),
            locked: false,
            metadata,
            created_ms: now,
            enrolled: Vec::new(),
            live_session: None,
        };
        self.rooms.insert(id.clone(), room);
        self.room_order.push(id.clone());
        id
    }

    pub(super) fn start(&mut self, room: &str, parent: Option<String>, now: i64) -> Result<String, WorldError> {
        let id = self.ids.uuid();
        let room = self.room(room)?;
        if room.live_session.is_some() {
            return Err(WorldError::AlreadyLive(room.id.clone()));
        }
        room.live_session = Some(id.clone());
        let session = Session {
            id: id.clone(),
            room_id: room.id.clone(),
            service: room.service,
            title: room.title.clone(),
            session_type: SessionType::Meeting,
            started_ms: now,
            ended_ms: None,
            updated_ms: now,
            max_concurrent: 0,
            connections: Vec::new(),
            polls: Vec::new(),
            recordings: Vec::new(),
            livestreams: Vec::new(),
            parent,
            breakouts: Vec::new(),
        };
        self.sessions.insert(id.clone(), session);
        self.session_order.push(id.clone());
        self.tell(&id, now, [What::Started]);
        Ok(id)
    }

    pub(super) fn join(&mut self, room: &str, person: &Person, now: i64) -> Result<Joined, WorldError> {
        let enrolled = self.enrol(room, person, now)?;
        let service = self.room(room)?.service;
        let connection_id = self.ids.connection(service);
        let session = self.live(room)?;
        let participant_id = match service {
            Service::Huddle01 => connection_id.clone(),
            Service::RealtimeKit => enrolled.participant_id,
        };
        let joined = Connection {
            id: connection_id.clone(),
            participant_id: participant_id.clone(),
            custom_id: enrolled.custom_id,
            name: person.name.clone().or(enrolled.name),
            role: enrolled.role,
            metadata: person.metadata_or_default(),
            joined_ms: now,
            left_ms: None,
        };
        session.connections.push(joined.clone());
        session.max_concurrent = session.max_concurrent.max(session.present_count());
        session.updated_ms = now;
        let session_id = session.id.clone();
        self.tell(&session_id, now, [What::Joined(joined)]);
        Ok(Joined { session_id, participant_id, connection_id })
    }

    fn enrol(&mut self, room: &str, person: &Person, now: i64) -> Result<Enrolled, WorldError> {
        let (participant_id, made_up) = (self.ids.uuid(), self.ids.uuid());
        let room = self.room(room)?;
        let role = person.role.clone().unwrap_or_else(|| match room.service {
            Service::Huddle01 => "guest".to_owned(),
            Service::RealtimeKit => "group_call_participant".to_owned(),
        });
        let custom_id = person.custom_id.clone().unwrap_or(made_up);
        if let Some(known) = room.enrolled.iter().find(|e| e.custom_id == custom_id) {
            return Ok(known.clone());
        }
        let enrolled = Enrolled { participant_id, custom_id, name: person.name.clone(), role, created_ms: now };
        room.enrolled.push(enrolled.clone());
        Ok(enrolled)
    }

    pub(super) fn end(&mut self, session: &str, now: i64) {
        let Some(session) = self.sessions.get_mut(session).filter(|s| s.is_live()) else { return };
        session.ended_ms = Some(now);
        session.updated_ms = now;
        let mut happened = Vec::new();
        for connection in session.connections.iter_mut().filter(|c| c.left_ms.is_none()) {
            connection.left_ms = Some(now);
            happened.push(What::Left(connection.clone()));
        }
        happened.extend(session.stop_recordings(now));
        happened.extend(session.stop_livestreams(now));
        happened.push(What::Ended);
        let id = session.id.clone();
        let (room, breakouts) = (session.room_id.clone(), session.breakouts.clone());
        if let Some(room) = self.rooms.get_mut(&room) {
            room.live_session = None;
        }
        self.tell(&id, now, happened);
        for breakout in breakouts {
            self.end(&breakout, now);
        }
    }
}
