//! Lists longer than a page whose rows change between two pages.
//!
//! What lasts from the first call to the last is in the answer exactly once, and what never was is not. The changes cost
//! no more calls than another page would.

use std::collections::BTreeSet;
use std::fmt::Debug;

use session_provider::RoomId;

use crate::asking::reading;
use crate::checks::{good, need};
use crate::stage::{LiveRoom, live_rooms, visitor};
use crate::verdict::ensure;
use crate::{Bounds, Change, Harness, Service, Verdict, Violation};

/// More rows than two pages of any service have.
const MANY: usize = 300;

/// Sessions end and begin.
///
/// # Errors
/// What differs.
pub async fn live_sessions_last_while_others_end_and_begin(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListLiveSessions);
    let rooms = live_rooms(&*service, MANY)?;
    good!(provider.list_live_sessions(&reading()).await, "a long live list");
    let turnover = Turnover::of_rooms(&*service, &rooms, false)?;
    let list = good!(provider.list_live_sessions(&reading()).await, "a live list while sessions end and begin");
    let came = list.sessions.into_iter().map(|session| session.room_id).collect();
    each_once(came, &turnover.lasting, &turnover.known, 0)?;
    turnover.costs_little(&*service)
}

/// Recordings and live streams end with their sessions, and others begin.
///
/// # Errors
/// What differs.
pub async fn media_lasts_while_other_media_ends_and_begins(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, CountLiveMedia);
    let rooms = live_rooms(&*service, MANY)?;
    rooms.iter().for_each(|room| service.start_recording(room));
    rooms.iter().for_each(|room| service.start_livestream(room));
    good!(provider.count_live_media(&reading()).await, "much media");
    let turnover = Turnover::of_rooms(&*service, &rooms, true)?;
    let media = good!(provider.count_live_media(&reading()).await, "much media while it ends and begins");
    for room in &turnover.known {
        let counts = media.in_room(room);
        let least = u64::from(turnover.lasting.contains(room));
        let right = |count: u64| (least..=1).contains(&count);
        ensure!(right(counts.recordings) && right(counts.livestreams), "media in {room}: {counts:?}, at least {least}");
    }
    ensure!(media.len() <= turnover.known.len(), "media in {} rooms of {}", media.len(), turnover.known.len());
    turnover.costs_little(&*service)
}

/// People leave and join. Of everybody who ever was in a session nobody vanishes at all.
///
/// # Errors
/// What differs.
pub async fn participants_last_while_others_leave_and_join(harness: &dyn Harness) -> Verdict {
    for of_all_times in [false, true] {
        let service = harness.start().await;
        let provider = service.provider(Bounds::default());
        if of_all_times {
            need!(provider, ListSessionParticipants);
        } else {
            need!(provider, ListLiveParticipants);
        }
        let live = LiveRoom::new(&*service, MANY)?;
        let list = async || match of_all_times {
            true => provider.list_session_participants(&reading(), &live.session).await,
            false => provider.list_live_participants(&reading(), &live.room).await,
        };
        good!(list().await, "many participants");
        let leaving: Vec<_> = live.present.iter().step_by(4).map(|(_, visit)| visit.clone()).collect();
        let gone: BTreeSet<&str> = leaving.iter().map(|visit| visit.connection_id.as_str()).collect();
        let known = live.all_ids();
        let lasting =
            if of_all_times { known.clone() } else { live.present_ids().difference(&gone).copied().collect() };
        let leave = leaving.iter().map(|visit| vec![Change::Leave(live.room.clone(), visit.clone())]).collect();
        let join = |number| Ok(vec![Change::Join(live.room.clone(), visitor(&format!("late {number}"))?)]);
        let joining = (0..leaving.len()).map(join).collect::<Result<Vec<_>, Violation>>()?;
        let begun = joining.len();
        let turnover = Turnover::start(&*service, (lasting, known), leave, joining);
        let list = good!(list().await, "many participants while some leave and others join");
        let came = list.participants.iter().map(|row| row.connection_id.as_str()).collect();
        each_once(came, &turnover.lasting, &turnover.known, begun)?;
        turnover.costs_little(&*service)?;
    }
    Ok(())
}

/// What changes while a list is read.
struct Turnover<T> {
    lasting: BTreeSet<T>,
    known: BTreeSet<T>,
    /// The calls of a reading while nothing changed.
    calls: usize,
}

impl Turnover<RoomId> {
    /// The sessions of every fourth room end, and as many begin in new rooms.
    fn of_rooms(service: &dyn Service, rooms: &BTreeSet<RoomId>, with_media: bool) -> Result<Self, Violation> {
        let person = visitor("one of few")?;
        let ending: Vec<RoomId> = rooms.iter().step_by(4).cloned().collect();
        let beginning: Vec<RoomId> = ending.iter().map(|_| service.add_room()).collect();
        let lasting = rooms.iter().filter(|room| !ending.contains(room)).cloned().collect();
        let known = rooms.iter().chain(&beginning).cloned().collect();
        let end = ending.into_iter().map(|room| vec![Change::End(room)]).collect();
        let begin = |room: RoomId| {
            let media = [Change::StartRecording(room.clone()), Change::StartLivestream(room.clone())];
            let join = Change::Join(room, person.clone());
            [join].into_iter().chain(media.into_iter().filter(|_| with_media)).collect()
        };
        Ok(Self::start(service, (lasting, known), end, beginning.into_iter().map(begin).collect()))
    }
}

impl<T> Turnover<T> {
    /// After each answer five things end and two begin. The requests so far were one reading.
    fn start(
        service: &dyn Service,
        (lasting, known): (BTreeSet<T>, BTreeSet<T>),
        end: Vec<Vec<Change>>,
        begin: Vec<Vec<Change>>,
    ) -> Self {
        let (end, begin) = (end.chunks(5), begin.chunks(2));
        let changes = end.zip(begin).map(|(end, begin)| [end.concat(), begin.concat()].concat()).collect();
        let calls = service.requests().len();
        service.change_between_answers(changes);
        Self { lasting, known, calls }
    }

    /// A list that grows may come to have another page.
    fn costs_little(&self, service: &dyn Service) -> Verdict {
        let calls = service.requests().len() - self.calls;
        ensure!(calls <= self.calls + 2, "{calls} calls while rows moved, {} while they stood still", self.calls);
        Ok(())
    }
}

/// All that last are there, none twice, and at most so many that were not known.
fn each_once<T: Ord + Debug>(came: Vec<T>, lasting: &BTreeSet<T>, known: &BTreeSet<T>, unknown: usize) -> Verdict {
    let count = came.len();
    let came: BTreeSet<T> = came.into_iter().collect();
    ensure!(came.len() == count, "{count} rows, of which {} are different", came.len());
    let lost: Vec<&T> = lasting.difference(&came).collect();
    ensure!(lost.is_empty(), "lost although they last: {lost:?}");
    let others = came.difference(known).count();
    ensure!(others <= unknown, "{others} rows that were never there, {unknown} at most can have begun");
    Ok(())
}
