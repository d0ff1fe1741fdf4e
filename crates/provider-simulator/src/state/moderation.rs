//! Removing people, polls.

use crate::state::{Connection, Poll, What, World, WorldError};

/// A poll to put to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPoll {
    /// What is asked.
    pub question: String,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// Whether who voted what is hidden.
    pub anonymous: bool,
    /// Whether the votes are hidden until the end.
    pub hide_votes: bool,
}

impl World {
    /// Removes people with all their connections; an id of somebody who is not present removes nobody. Gives the
    /// removed, one row per person, in the order asked for. The session goes on, also when nobody is left.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`], [`WorldError::UnknownParticipant`].
    pub fn kick(
        &self,
        room: &str,
        participant_ids: &[String],
        custom_ids: &[String],
    ) -> Result<Vec<Connection>, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let session = state.live(room)?;
        let mut found: Vec<Connection> = Vec::new();
        let by_id = participant_ids.iter().map(|id| (id, false));
        for (id, custom) in by_id.chain(custom_ids.iter().map(|id| (id, true))) {
            let person = session.present().find(|c| if custom { c.custom_id == *id } else { c.participant_id == *id });
            let person = person.ok_or_else(|| WorldError::UnknownParticipant(id.clone()))?;
            if found.iter().all(|f| f.participant_id != person.participant_id) {
                found.push(person.clone());
            }
        }
        let mut left = Vec::new();
        for connection in session.connections.iter_mut().filter(|c| c.left_ms.is_none()) {
            if found.iter().any(|f| f.participant_id == connection.participant_id) {
                connection.left_ms = Some(now);
                left.push(What::Left(connection.clone()));
            }
        }
        session.updated_ms = now;
        let session = session.id.clone();
        state.tell(&session, now, left);
        Ok(found)
    }

    /// Removes everybody and ends the session with its recordings (`docs/upstream/realtimekit.md` §3); gives how many
    /// connections were removed.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn kick_all(&self, room: &str) -> Result<usize, WorldError> {
        let mut state = self.state();
        let session = state.live(room)?;
        let (id, present) = (session.id.clone(), session.present_count());
        state.end(&id, self.clock.now_ms());
        Ok(present)
    }

    /// Puts a poll to the running session.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn create_poll(&self, room: &str, poll: NewPoll) -> Result<Poll, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let id = state.ids.uuid();
        let session = state.live(room)?;
        let NewPoll { question, options, anonymous, hide_votes } = poll;
        let poll = Poll { id, question, options, anonymous, hide_votes };
        session.polls.push(poll.clone());
        session.updated_ms = now;
        Ok(poll)
    }
}
