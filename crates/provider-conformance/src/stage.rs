//! Rooms as checks need them.

use std::collections::BTreeSet;

use session_provider::{CustomParticipantId, KickTargets, ParticipantId, RoomId, SessionId};

use crate::asking::Targets;
use crate::{Oddity, Service, Violation, Visit, Visitor};

/// A live room and everything that happened in it.
#[derive(Debug, Clone)]
pub(crate) struct LiveRoom {
    pub(crate) room: RoomId,
    pub(crate) session: SessionId,
    /// Connections that last, with who made them.
    pub(crate) present: Vec<(Visitor, Visit)>,
    pub(crate) left: Vec<(Visitor, Visit)>,
}

impl LiveRoom {
    /// `connections` present, the last of them a person who is in it twice (if there are two), and two more that ended:
    /// one of somebody who came back, one of somebody who did not.
    pub(crate) fn new(service: &dyn Service, connections: usize) -> Result<Self, Violation> {
        let room = service.add_room();
        let gone = visitor("gone")?;
        let first = service.join(&room, &gone);
        service.leave(&room, &first);
        let mut left = vec![(gone, first.clone())];
        let mut present = Vec::new();
        for number in 0..connections {
            let again = number > 0 && number + 1 == connections;
            let visitor = visitor(&format!("{}{}", Oddity::PERSON, if again { 0 } else { number }))?;
            if number == 0 {
                let earlier = service.join(&room, &visitor);
                service.leave(&room, &earlier);
                left.push((visitor.clone(), earlier));
            }
            let visit = service.join(&room, &visitor);
            present.push((visitor, visit));
        }
        Ok(Self { room, session: first.session_id, present, left })
    }

    /// What operations are about that are asked about this room.
    pub(crate) fn targets(&self) -> Result<Targets, Violation> {
        let person = self.present.last().or(self.left.last()).map(|(_, visit)| visit.participant_id.clone());
        let people = targets(person, [])?;
        Ok(Targets { room: self.room.clone(), session: self.session.clone(), people })
    }

    /// The ids of the connections that last.
    pub(crate) fn present_ids(&self) -> BTreeSet<&str> {
        self.present.iter().map(|(_, visit)| visit.connection_id.as_str()).collect()
    }

    /// The ids of all connections there ever were.
    pub(crate) fn all_ids(&self) -> BTreeSet<&str> {
        self.present.iter().chain(&self.left).map(|(_, visit)| visit.connection_id.as_str()).collect()
    }

    pub(crate) fn present_count(&self) -> u64 {
        self.present.len() as u64
    }
}

/// Somebody with this name and a custom id of an unusual form.
pub(crate) fn visitor(name: &str) -> Result<Visitor, Violation> {
    let custom_id = CustomParticipantId::new(&format!("{name} <ä/%2e\"@example.com>"));
    let custom_id = custom_id.map_err(|error| Violation::new(error.to_string()))?;
    Ok(Visitor { name: name.to_owned(), custom_id })
}

pub(crate) fn targets(
    ids: impl IntoIterator<Item = ParticipantId>,
    custom_ids: impl IntoIterator<Item = CustomParticipantId>,
) -> Result<KickTargets, Violation> {
    KickTargets::new(ids.into_iter().collect(), custom_ids.into_iter().collect())
        .map_err(|error| Violation::new(error.to_string()))
}

/// A room of 3 connections in which a recording and a live stream run.
pub(crate) fn busy_room(service: &dyn Service) -> Result<LiveRoom, Violation> {
    let live = LiveRoom::new(service, 3)?;
    service.start_recording(&live.room);
    service.start_livestream(&live.room);
    Ok(live)
}

/// A room whose only session has ended, and that session.
pub(crate) fn ended_room(service: &dyn Service) -> Result<LiveRoom, Violation> {
    let mut ended = LiveRoom::new(service, 2)?;
    service.end(&ended.room);
    ended.left.append(&mut ended.present);
    Ok(ended)
}

/// Rooms in which nothing is live, each with what it is.
pub(crate) fn idle_rooms(service: &dyn Service) -> Result<[(&'static str, RoomId); 4], Violation> {
    let longest = RoomId::new(&"Z9_-".repeat(32)).map_err(|error| Violation::new(error.to_string()))?;
    Ok([
        ("a room that was never used", service.add_room()),
        ("a room whose session has ended", ended_room(service)?.room),
        ("a room that does not exist", service.unknown_room()),
        ("a room with the longest possible id", longest),
    ])
}

/// Live rooms of one person each.
pub(crate) fn live_rooms(service: &dyn Service, count: usize) -> Result<BTreeSet<RoomId>, Violation> {
    let person = visitor("one of many")?;
    let join = |_| {
        let room = service.add_room();
        service.join(&room, &person);
        room
    };
    Ok((0..count).map(join).collect())
}
