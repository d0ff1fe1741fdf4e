//! Recordings and live streams.

use crate::state::{Livestream, Recording, Session, What, World, WorldError};

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
        let session = session.id.clone();
        state.tell(&session, now, [What::RecordingStarted(id.clone(), now)]);
        Ok(id)
    }

    /// Stops the running recordings and gives their number.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn stop_recordings(&self, room: &str) -> Result<usize, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let session = state.live(room)?;
        let (session, stopped) = (session.id.clone(), session.stop_recordings(now));
        let count = stopped.len();
        state.tell(&session, now, stopped);
        Ok(count)
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
        let session = session.id.clone();
        state.tell(&session, now, [What::LivestreamStarted(id.clone())]);
        Ok(id)
    }

    /// Stops the running live streams and gives their number.
    ///
    /// # Errors
    /// [`WorldError::UnknownRoom`], [`WorldError::NotLive`].
    pub fn stop_livestreams(&self, room: &str) -> Result<usize, WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        let session = state.live(room)?;
        let (session, stopped) = (session.id.clone(), session.stop_livestreams(now));
        let count = stopped.len();
        state.tell(&session, now, stopped);
        Ok(count)
    }
}

impl Session {
    pub(super) fn stop_recordings(&mut self, now: i64) -> Vec<What> {
        let running = self.recordings.iter_mut().filter(|r| r.stopped_ms.is_none());
        let stop = |r: &mut Recording| {
            r.stopped_ms = Some(now);
            What::RecordingStopped(r.id.clone(), r.started_ms)
        };
        running.map(stop).collect()
    }

    pub(super) fn stop_livestreams(&mut self, now: i64) -> Vec<What> {
        let running = self.livestreams.iter_mut().filter(|l| l.stopped_ms.is_none());
        let stop = |l: &mut Livestream| {
            l.stopped_ms = Some(now);
            What::LivestreamStopped(l.id.clone())
        };
        running.map(stop).collect()
    }
}
