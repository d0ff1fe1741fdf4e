//! Recordings and live streams.

use crate::state::{Livestream, Recording, World, WorldError};

impl World {
    /// Starts a recording of the running session and gives its id.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn start_recording(&self, room: &str) -> Result<String, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let id = state.ids.uuid();
        let session = state.live(room)?;
        session.recordings.push(Recording { id: id.clone(), started_ms: now, stopped_ms: None });
        session.updated_ms = now;
        Ok(id)
    }

    /// Stops the running recordings and gives their number.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn stop_recordings(&self, room: &str) -> Result<usize, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let running = state.live(room)?.recordings.iter_mut().filter(|r| r.stopped_ms.is_none());
        Ok(running.map(|r| r.stopped_ms = Some(now)).count())
    }

    /// Starts a live stream of the running session and gives its id.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn start_livestream(&self, room: &str) -> Result<String, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let id = state.ids.uuid();
        let session = state.live(room)?;
        session.livestreams.push(Livestream { id: id.clone(), started_ms: now, stopped_ms: None });
        session.updated_ms = now;
        Ok(id)
    }

    /// Stops the running live streams and gives their number.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn stop_livestreams(&self, room: &str) -> Result<usize, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let running = state.live(room)?.livestreams.iter_mut().filter(|l| l.stopped_ms.is_none());
        Ok(running.map(|l| l.stopped_ms = Some(now)).count())
    }
}
