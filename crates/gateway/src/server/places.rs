//! The connections that a listener may have at once, and which of them makes room for a new one.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use crate::server::activity::Activity;
use crate::server::connection_state::ConnectionEnd;
use crate::server::room::RoomWanted;
use crate::server::timeouts::ConnectionTimeouts;
use crate::telemetry::metrics as names;

/// How long a new connection waits for a place when every other has a request under way.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long the connection that makes room may take to say goodbye.
const HASTY_GOODBYE: Duration = Duration::from_millis(100);

/// How often it looks whether another has become idle by doing nothing.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The places of one listener. Cheap to clone; clones are the same places.
#[derive(Debug, Clone)]
pub(super) struct Places(Arc<PlacesInner>);

#[derive(Debug)]
struct PlacesInner {
    listener: &'static str,
    most: usize,
    timeouts: ConnectionTimeouts,
    free: Arc<Semaphore>,
    open: Mutex<Occupants>,
    room: Arc<RoomWanted>,
}

#[derive(Debug, Default)]
struct Occupants {
    next: u64,
    connections: HashMap<u64, Activity>,
    /// How all of them were asked to end, which holds for those who come later too.
    asked: Option<ConnectionEnd>,
    /// Whether the log was told that all places are taken.
    told: bool,
}

/// The place of one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct HeldPlace {
    number: u64,
    activity: Activity,
    places: Places,
    _permit: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(listener: &'static str, most: NonZeroU32, timeouts: ConnectionTimeouts) -> Self {
        let most = usize::try_from(most.get()).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        let free = Arc::new(Semaphore::new(most));
        // An alert on its growth has something to compare the first time with.
        metrics::counter!(names::CONNECTIONS_FULL, "listener" => listener).increment(0);
        Self(Arc::new(PlacesInner { listener, most, timeouts, free, open: Mutex::default(), room: Arc::default() }))
    }

    fn open(&self) -> MutexGuard<'_, Occupants> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a new connection. When all are taken, the connection idle longest is closed for it; when none is
    /// idle, it waits for a second. `None` after that.
    pub(super) async fn take(&self) -> Option<HeldPlace> {
        if let Ok(permit) = self.0.free.clone().try_acquire_owned() {
            return Some(self.occupy(permit));
        }
        self.tell();
        let mut permit = std::pin::pin!(self.0.free.clone().acquire_owned());
        let mut patience = std::pin::pin!(sleep_until(Instant::now() + PATIENCE));
        let room = self.0.room.wait();
        let mut asked: Option<u64> = None;
        loop {
            let mut became_idle = std::pin::pin!(room.idle());
            became_idle.as_mut().enable();
            // One makes room for one. Another is asked only if a request came in before the first one heard of it, or
            // its place went to somebody who has waited longer.
            asked = asked.filter(|number| self.is_making_room(*number)).or_else(|| self.evict_idle());
            tokio::select! {
                biased;
                permit = &mut permit => return permit.ok().map(|permit| self.occupy(permit)),
                () = &mut patience, if asked.is_none() => return None,
                () = became_idle => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Whether the connection has only to say goodbye.
    fn is_making_room(&self, number: u64) -> bool {
        self.open().connections.get(&number).is_some_and(|connection| !connection.is_busy())
    }

    /// Has the connection closed that has been idle longest, if one is.
    pub(super) fn make_room(&self) {
        let _ = self.evict_idle();
    }

    /// Has all connections end, and those that come later.
    pub(super) fn end(&self, ending: ConnectionEnd) {
        let mut open = self.open();
        open.asked = Some(ending);
        for connection in open.connections.values() {
            connection.end(ending);
        }
    }

    fn evict_idle(&self) -> Option<u64> {
        let open = self.open();
        let staying = open.connections.iter().filter(|(_, connection)| !connection.is_asked_to_end());
        let idle = staying.filter_map(|(number, one)| Some((one.idle_rank()?, *number, one)));
        let (_, number, connection) = idle.min_by_key(|(rank, number, _)| (*rank, *number))?;
        connection.end(ConnectionEnd::Leave(HASTY_GOODBYE));
        Some(number)
    }

    fn occupy(&self, permit: OwnedSemaphorePermit) -> HeldPlace {
        let activity = Activity::begin(self.0.timeouts, self.0.room.clone());
        let mut open = self.open();
        let number = open.next;
        open.next += 1;
        open.connections.insert(number, activity.clone());
        if let Some(ending) = open.asked {
            activity.end(ending);
        }
        drop(open);
        metrics::gauge!(names::CONNECTIONS, "listener" => self.0.listener).increment(1.0);
        HeldPlace { number, activity, places: self.clone(), _permit: permit }
    }

    /// Tells that all places are taken: once, until a tenth of them is free again.
    fn tell(&self) {
        if std::mem::replace(&mut self.open().told, true) {
            return;
        }
        metrics::counter!(names::CONNECTIONS_FULL, "listener" => self.0.listener).increment(1);
        tracing::warn!(
            listener = self.0.listener,
            most = self.0.most,
            "all connections are taken; the one idle longest is closed for a new one"
        );
    }
}

impl HeldPlace {
    pub(super) fn activity(&self) -> &Activity {
        &self.activity
    }
}

impl Drop for HeldPlace {
    fn drop(&mut self) {
        let mut open = self.places.open();
        open.connections.remove(&self.number);
        let taken = open.connections.len();
        if taken < self.places.0.most - self.places.0.most / 10 {
            open.told = false;
        }
        drop(open);
        metrics::gauge!(names::CONNECTIONS, "listener" => self.places.0.listener).decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(most: u32) -> Places {
        Places::new("test", NonZeroU32::new(most).unwrap(), ConnectionTimeouts::default())
    }

    #[test]
    fn a_full_listener_is_told_once_until_it_has_room_again() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        metrics::with_local_recorder(&recorder, || {
            runtime.block_on(async {
                let places = places(10);
                let mut taken = Vec::new();
                for _ in 0..10 {
                    taken.push(places.take().await.unwrap());
                }
                let busy: Vec<_> = taken.iter().map(|place| place.activity().request_began(false)).collect();
                assert!(places.take().await.is_none() && places.take().await.is_none());
                drop(busy);
                taken.pop();
                taken.push(places.take().await.unwrap());
                let _busy: Vec<_> = taken.iter().map(|place| place.activity().request_began(false)).collect();
                assert!(places.take().await.is_none(), "still told");
                taken.truncate(8);
                taken.push(places.take().await.unwrap());
                taken.push(places.take().await.unwrap());
                let _busy: Vec<_> = taken.iter().map(|place| place.activity().request_began(false)).collect();
                assert!(places.take().await.is_none());
            });
        });
        let shown = recorder.handle().render();
        assert!(shown.contains("rollcall_connections_full_total{listener=\"test\"} 2"), "{shown}");
        assert!(shown.contains("rollcall_connections{listener=\"test\"} 0"), "{shown}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_idle_longest_makes_room_and_only_one() {
        let places = places(3);
        let busy = places.take().await.unwrap();
        let _request = busy.activity().request_began(false);
        let long = places.take().await.unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        let short = places.take().await.unwrap();
        let (left, newcomer) = tokio::join!(
            async {
                long.activity().asked_to_end().await;
                drop(long);
            },
            places.take()
        );
        let () = left;
        assert!(newcomer.is_some());
        for stays in [&busy, &short] {
            assert!(!stays.activity().is_asked_to_end());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_becomes_idle_meanwhile_makes_room_and_after_a_second_it_is_too_late() {
        let places = places(1);
        let only = places.take().await.unwrap();
        let request = only.activity().request_began(true);
        let begun = Instant::now();
        assert!(places.take().await.is_none());
        assert_eq!(begun.elapsed(), PATIENCE);
        let ends = async {
            tokio::time::sleep(PATIENCE / 2).await;
            drop(request);
            only.activity().asked_to_end().await;
            drop(only);
        };
        let ((), newcomer) = tokio::join!(ends, places.take());
        assert!(newcomer.is_some());
        assert_eq!(begun.elapsed(), PATIENCE + PATIENCE / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_head_makes_room_after_those_that_say_nothing_and_not_at_once() {
        let places = places(2);
        let half = places.take().await.unwrap();
        half.activity().bytes_arrived();
        assert_eq!(half.activity().idle_rank(), None, "it has only begun");
        tokio::time::advance(Duration::from_secs(2)).await;
        let silent = places.take().await.unwrap();
        assert_eq!(silent.activity().idle_rank(), None, "it may be about to ask");
        tokio::time::advance(Duration::from_millis(100)).await;
        places.make_room();
        assert!(silent.activity().is_asked_to_end() && !half.activity().is_asked_to_end());
        places.make_room();
        assert!(half.activity().is_asked_to_end());
    }
}
