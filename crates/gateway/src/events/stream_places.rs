//! How many streams there may be: of one caller, and of all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use caller_auth::Caller;

use crate::telemetry::metrics as names;

/// The most streams of rooms that one caller may have, within the limit of all their streams.
const MAX_ROOMS_OF_A_CALLER: u32 = 5;

/// What a stream follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamKind {
    Account,
    Room,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// The caller has as many as one may have.
    Caller,
    /// All of them are taken.
    Full,
    /// As many rooms are followed as may be.
    Rooms,
    /// The provider's budget does not let one more room be asked often enough.
    Budget,
}

/// The places of all streams. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct StreamPlaces(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: u32,
    most_of_a_caller: u32,
    taken: Mutex<TakenPlaces>,
}

#[derive(Debug, Default)]
struct TakenPlaces {
    all: u32,
    callers: HashMap<(Box<str>, Box<str>), CallerStreams>,
}

#[derive(Debug, Default, Clone, Copy)]
struct CallerStreams {
    all: u32,
    rooms: u32,
}

/// The place of one stream, free again when it is dropped.
#[derive(Debug)]
pub(super) struct StreamPlace {
    places: StreamPlaces,
    key: (Box<str>, Box<str>),
    kind: StreamKind,
}

impl StreamKind {
    /// As the metric of streams names it.
    fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Room => "room",
        }
    }
}

impl StreamPlaces {
    pub(super) fn new(most: u32, most_of_a_caller: u32) -> Self {
        Self(Arc::new(Inner { most, most_of_a_caller, taken: Mutex::default() }))
    }

    /// A place for one more stream of this caller.
    pub(super) fn take(&self, caller: &Caller, kind: StreamKind) -> Result<StreamPlace, NoPlace> {
        let key: (Box<str>, Box<str>) = (caller.issuer().into(), caller.subject().into());
        let is_room = u32::from(kind == StreamKind::Room);
        let mut taken = self.lock();
        let theirs = taken.callers.get(&key).copied().unwrap_or_default();
        if theirs.all >= self.0.most_of_a_caller || theirs.rooms + is_room > MAX_ROOMS_OF_A_CALLER {
            metrics::counter!(names::LIMITED, "limit" => "streams").increment(1);
            return Err(NoPlace::Caller);
        }
        if taken.all >= self.0.most {
            return Err(NoPlace::Full);
        }
        taken.all += 1;
        let theirs = taken.callers.entry(key.clone()).or_default();
        *theirs = CallerStreams { all: theirs.all + 1, rooms: theirs.rooms + is_room };
        metrics::gauge!(names::STREAMS, "kind" => kind.as_str()).increment(1.0);
        Ok(StreamPlace { places: self.clone(), key, kind })
    }

    fn lock(&self) -> MutexGuard<'_, TakenPlaces> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all -= 1;
        if let Some(theirs) = taken.callers.get_mut(&self.key) {
            theirs.all -= 1;
            theirs.rooms -= u32::from(self.kind == StreamKind::Room);
            if theirs.all == 0 {
                taken.callers.remove(&self.key);
            }
        }
        metrics::gauge!(names::STREAMS, "kind" => self.kind.as_str()).decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use caller_auth::VisibleProviders;

    use super::*;

    fn caller(subject: &str) -> Caller {
        Caller::new("iss".into(), subject.into(), Default::default(), VisibleProviders::All)
    }

    #[test]
    fn places_are_bounded_for_each_and_for_all_and_come_back() {
        let places = StreamPlaces::new(12, 10);
        let (one, other) = (caller("one"), caller("other"));
        let mut held: Vec<_> = (0..5).map(|_| places.take(&one, StreamKind::Room).unwrap()).collect();
        assert_eq!(places.take(&one, StreamKind::Room).err(), Some(NoPlace::Caller));
        held.extend((0..5).map(|_| places.take(&one, StreamKind::Account).unwrap()));
        assert_eq!(places.take(&one, StreamKind::Account).err(), Some(NoPlace::Caller));
        held.extend((0..2).map(|_| places.take(&other, StreamKind::Account).unwrap()));
        assert_eq!(places.take(&other, StreamKind::Account).err(), Some(NoPlace::Full));
        held.remove(0);
        assert!(places.take(&one, StreamKind::Room).is_ok());
        drop(held);
        assert!(places.lock().callers.is_empty() && places.lock().all == 0);
    }
}
