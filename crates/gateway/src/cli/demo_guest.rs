//! The guest whom the demo's kick line removes.

use std::time::Duration;

use provider_simulator::{Person, Service, World, WorldError};
use tokio_util::sync::CancellationToken;

/// The name by which the printed line kicks.
pub(super) const CUSTOM_ID: &str = "rowdy-guest";

/// How long the guest stays away after a kick, long enough to see that it worked.
const AWAY: Duration = Duration::from_secs(10);

/// Brings the guest into the RealtimeKit room with the most people; answers the room.
pub(super) fn arrive(world: &World) -> Result<Option<String>, WorldError> {
    let sessions = world.live_sessions(Service::RealtimeKit);
    let fullest = sessions.iter().filter(|session| session.parent.is_none()).max_by_key(|s| s.present_count());
    let Some(room) = fullest.map(|session| session.room_id.clone()) else { return Ok(None) };
    join(world, &room)?;
    Ok(Some(room))
}

/// Lets the guest come back whenever they are gone, so that the printed line works for as long as the demo runs.
pub(super) async fn keep_coming(world: World, room: String, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(AWAY)).await.is_some() {
        let here = world.live_session(&room).is_some_and(|s| s.present().any(|one| one.custom_id == CUSTOM_ID));
        if !here && let Err(error) = join(&world, &room) {
            tracing::debug!(%error, "the guest could not come back");
        }
    }
}

fn join(world: &World, room: &str) -> Result<(), WorldError> {
    world.join(room, Person::named("Rowdy Guest").custom_id(CUSTOM_ID)).map(drop)
}
