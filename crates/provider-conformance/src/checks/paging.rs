//! Lists longer than a page.

use std::collections::BTreeSet;

use session_provider::{ErrorKind, MediaCounts, Operation, RoomId};

use crate::asking::{AMPLE, ask, offered, reading, within};
use crate::checks::participants::are_the_connections;
use crate::checks::{good, is_in_context, need};
use crate::stage::{LiveRoom, live_rooms, visitor};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Verdict, Violation};

/// More rows than two pages of any service have; on the border of pages of 10, 20, 50 and 100.
const MANY: usize = 300;

/// Every live session once, wherever the pages end.
///
/// # Errors
/// What differs.
pub async fn all_live_sessions_of_all_pages_come(harness: &dyn Harness) -> Verdict {
    for count in [MANY, MANY + 1] {
        let service = harness.start().await;
        let provider = service.provider(Bounds::default());
        need!(provider, ListLiveSessions);
        let expected = live_rooms(&*service, count)?;
        let list = good!(provider.list_live_sessions(&reading()).await, "a long live list");
        ensure_eq!(list.sessions.len(), count, "number of live sessions");
        let rooms: BTreeSet<RoomId> = list.sessions.into_iter().map(|session| session.room_id).collect();
        ensure!(rooms == expected, "the rooms of a long live list are others than those that are live");
    }
    Ok(())
}

/// Every connection that lasts, once, with those that ended between them.
///
/// # Errors
/// What differs.
pub async fn all_live_participants_of_all_pages_come(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListLiveParticipants);
    // The first page and a half has left.
    let mut live = LiveRoom::new(&*service, MANY)?;
    for (visitor, visit) in live.present.drain(..MANY / 2) {
        service.leave(&live.room, &visit);
        live.left.push((visitor, visit));
    }
    let list = good!(provider.list_live_participants(&reading(), &live.room).await, "many live participants");
    are_the_connections(&list, &live.present_ids(), &live.present)
}

/// Every connection that ever was, once.
///
/// # Errors
/// What differs.
pub async fn all_participants_of_all_pages_come(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListSessionParticipants);
    let live = LiveRoom::new(&*service, MANY)?;
    let list = good!(provider.list_session_participants(&reading(), &live.session).await, "many participants");
    are_the_connections(&list, &live.all_ids(), live.present.iter().chain(&live.left))
}

/// Every recording and every live stream, each in its room.
///
/// # Errors
/// What differs.
pub async fn all_media_of_all_pages_is_counted(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, CountLiveMedia);
    let rooms = live_rooms(&*service, MANY)?;
    rooms.iter().for_each(|room| service.start_recording(room));
    rooms.iter().take(MANY / 2).for_each(|room| service.start_livestream(room));
    let media = good!(provider.count_live_media(&reading()).await, "much media");
    ensure_eq!(media.len(), MANY, "rooms with anything running");
    for (number, room) in rooms.iter().enumerate() {
        let expected = MediaCounts { recordings: 1, livestreams: u64::from(number < MANY / 2) };
        ensure_eq!(media.in_room(room), expected, "media in {room}");
    }
    Ok(())
}

/// A room that was used often: the session that runs is found, and after its end nothing is.
///
/// # Errors
/// What differs.
pub async fn a_long_history_is_walked(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, FindLiveSessionId);
    let (room, person) = (service.add_room(), visitor("regular")?);
    for _ in 0..MANY {
        service.join(&room, &person);
        service.end(&room);
    }
    let found = good!(provider.find_live_session_id(&reading(), &room).await, "an idle room with a long history");
    ensure_eq!(found, None, "an idle room with a long history");
    let running = service.join(&room, &person).session_id;
    let found = good!(provider.find_live_session_id(&reading(), &room).await, "a live room with a long history");
    ensure_eq!(found, Some(running), "a live room with a long history");
    Ok(())
}

/// A list of more pages than may be walked is refused, never cut. What comes in one answer may come.
///
/// # Errors
/// The operations that answer a part.
pub async fn too_many_pages_are_no_shortened_list(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let live = LiveRoom::new(&*service, MANY)?;
    let many = live_rooms(&*service, MANY)?;
    many.iter().for_each(|room| service.start_recording(room));
    let targets = live.targets()?;
    let full = service.provider(Bounds::default());
    let lists = [Operation::ListLiveSessions, Operation::ListLiveParticipants, Operation::ListSessionParticipants];
    let mut verdicts = Vec::new();
    for operation in offered(&*full).filter(|o| lists.contains(o) || *o == Operation::CountLiveMedia) {
        let provider = service.provider(Bounds { max_pages: 2, ..Bounds::default() });
        let verdict = match ask(&*provider, operation, &within(operation, AMPLE), &targets).await {
            Err(error) if error.kind() == ErrorKind::ProviderBadResponse => {
                is_in_context(&*provider, operation, &error)
            }
            Err(error) => Err(Violation::new(format!("{error:?}"))),
            Ok(short) => {
                let whole = good!(ask(&*full, operation, &reading(), &targets).await, "{operation} with enough pages");
                let (short, whole) = (short.rows(), whole.rows());
                if short == whole { Ok(()) } else { Err(Violation::new(format!("{short:?} rows of {whole:?}"))) }
            }
        };
        verdicts.push(verdict.map_err(|violation| violation.when(operation)));
    }
    Violation::all(verdicts)
}
