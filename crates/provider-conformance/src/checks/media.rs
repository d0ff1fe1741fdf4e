//! Running recordings and live streams.

use session_provider::MediaCounts;

use crate::asking::reading;
use crate::checks::{good, need};
use crate::stage::{LiveRoom, busy_room};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Verdict};

/// What runs is counted for its own room; what has ended is not.
///
/// # Errors
/// What differs.
pub async fn what_runs_is_counted_per_room(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, CountLiveMedia);
    let (both, ended, none) = (busy_room(&*service)?, busy_room(&*service)?, LiveRoom::new(&*service, 1)?);
    service.start_recording(&both.room);
    let recorded = LiveRoom::new(&*service, 1)?;
    service.start_recording(&recorded.room);
    service.end(&ended.room);
    let media = good!(provider.count_live_media(&reading()).await, "live media");
    for (what, room, recordings, livestreams) in [
        ("a room with both", &both.room, 2, 1),
        ("a recorded room", &recorded.room, 1, 0),
        ("a room that ended", &ended.room, 0, 0),
        ("a room without", &none.room, 0, 0),
    ] {
        ensure_eq!(media.in_room(room), MediaCounts { recordings, livestreams }, "{what}");
    }
    ensure_eq!(media.len(), 2, "rooms with anything running");
    Ok(())
}

/// Where nothing runs nothing is counted, and that is no error.
///
/// # Errors
/// What it is instead.
pub async fn an_account_without_media_counts_nothing(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, CountLiveMedia);
    LiveRoom::new(&*service, 1)?;
    let media = good!(provider.count_live_media(&reading()).await, "live media");
    ensure!(media.is_empty(), "{media:?} where nothing runs");
    Ok(())
}
