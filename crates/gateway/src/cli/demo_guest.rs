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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// Every text under one of these names.
    fn named(value: &Value, names: &[&str], found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(name, value)| {
                let is_id = names.contains(&name.as_str());
                found.extend(value.as_str().filter(|_| is_id).map(str::to_owned));
                named(value, names, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| named(item, names, found)),
            _ => {}
        }
    }

    #[test]
    fn whoever_and_whatever_the_examples_of_the_document_name_is_there() {
        let world = World::demo();
        let room = arrive(&world).unwrap().unwrap();
        let sessions: Vec<_> =
            [Service::Huddle01, Service::RealtimeKit].map(|service| world.live_sessions(service)).concat();
        let mut there: BTreeSet<_> = sessions.iter().flat_map(|one| [one.id.clone(), one.room_id.clone()]).collect();
        let people = || sessions.iter().flat_map(provider_simulator::Session::present);
        there.extend(people().flat_map(|one| [&one.id, &one.participant_id, &one.custom_id]).cloned());

        let document: Value = serde_json::from_str(&crate::api::openapi_json()).unwrap();
        let mut named_ids = BTreeSet::new();
        let ids =
            ["room_id", "session_id", "participant_id", "connection_id", "custom_participant_id", "associated_id"];
        let document = document_conformance::inlined(&document);
        named(&document["paths"], &ids, &mut named_ids);
        assert!(named_ids.len() >= 6, "{named_ids:?}");
        let kick = "/paths/~1v1~1live-sessions~1{provider}~1{room_id}~1kick/post/requestBody/content/application~1json";
        let kicked = &document.pointer(kick).unwrap()["example"]["custom_participant_ids"];
        assert_eq!(kicked[0], CUSTOM_ID);
        let parameters = document["components"]["parameters"].as_object().unwrap();
        for (name, parameter) in parameters.iter().filter(|(_, parameter)| parameter["in"] == "path") {
            let example = parameter["example"].as_str().unwrap();
            assert!(name == "Provider" || there.contains(example), "{name}: {example}");
        }
        assert_eq!(document["components"]["parameters"]["RoomId"]["example"], room, "where the guest is");
        let missing: Vec<_> = named_ids.difference(&there).collect();
        assert!(missing.is_empty(), "{missing:?} of the examples are not in the demo");
    }
}
