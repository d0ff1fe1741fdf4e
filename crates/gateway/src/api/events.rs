//! `/v1/events` and `/v1/live-sessions/{provider}/{room_id}/events`

use std::collections::BTreeSet;
use std::time::Duration;

use caller_auth::HeldToken;
use session_provider::Operation;

use crate::api::answer::EventStreamAnswer;
use crate::api::guard::{Listener, ListenerHeaders};
use crate::api::params::{NoQuery, RoomPath, query_params};
use crate::api::problem_sets::{StreamEventsProblems, StreamRoomEventsProblems};
use crate::api::state::Api;
use crate::events::{NoPlace, Subscriber};
use crate::model::{AccountEvent, RoomEvent};
use crate::problem::{Code, Problem};

query_params! {
    /// The query of the stream.
    pub(crate) struct EventsParams {
        /// Only these providers; by default all that the caller may see. Repeatable.
        provider: Vec<String>,
    }
}

/// Follow live sessions
///
/// A stream (server-sent events) of what is live on every provider that this caller may see, and how it changes. It
/// begins with a `snapshot` of each provider, whose pieces but the last have no `id`. `event` names the schema of
/// `data`: `snapshot`, `session_started`, `session_updated`, `session_ended`, `provider_changed`, `bye`.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "stream_events",
    tag = "events",
    params(EventsParams, ListenerHeaders),
    responses(
        (
            status = 200,
            description = "Events, until `bye` or the end of the connection.",
            content_type = "text/event-stream",
            body = AccountEvent<'static>,
        ),
        StreamEventsProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn stream_events(
    api: Api,
    listener: Listener,
    query: EventsParams,
) -> Result<EventStreamAnswer, Box<Problem>> {
    let named: Vec<_> = query
        .provider
        .iter()
        .map(|name| Ok(api.provider(&listener.caller, name)?.id().clone()))
        .collect::<Result<_, Box<Problem>>>()?;
    let visible = api.app.providers.ids().filter(|id| listener.caller.sees(id));
    let providers: BTreeSet<_> = if named.is_empty() { visible.collect() } else { named.into_iter().collect() };
    if listener.is_head {
        return Ok(EventStreamAnswer(None));
    }
    let providers: Vec<_> = providers.into_iter().collect();
    let subscriber = Subscriber {
        caller: &listener.caller,
        token: hold(&api, &listener).await?,
        last_event_id: listener.last_event_id(),
    };
    api.app.events.follow_account(&providers, subscriber).map(|stream| EventStreamAnswer(Some(stream))).map_err(refusal)
}

/// Follow a room
///
/// A stream (server-sent events) of what runs in a room and who is in it. It begins with a `snapshot`, whose `session` is
/// null while the room is idle. `event` names the schema of `data`: `snapshot`, `session_started`, `session_updated`,
/// `session_ended`, `participant_joined`, `participant_updated`, `participant_left`, `provider_changed`, `bye`.
#[utoipa::path(
    get,
    path = "/v1/live-sessions/{provider}/{room_id}/events",
    operation_id = "stream_room_events",
    tag = "events",
    params(RoomPath, ListenerHeaders),
    responses(
        (
            status = 200,
            description = "Events, until `bye` or the end of the connection.",
            content_type = "text/event-stream",
            body = RoomEvent<'static>,
        ),
        StreamRoomEventsProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn stream_room_events(
    api: Api,
    listener: Listener,
    path: RoomPath,
    _query: NoQuery,
) -> Result<EventStreamAnswer, Box<Problem>> {
    let provider = api.provider_for(Operation::ListLiveParticipants, &listener.caller, &path.provider)?;
    if listener.is_head {
        return Ok(EventStreamAnswer(None));
    }
    let subscriber = Subscriber {
        caller: &listener.caller,
        token: hold(&api, &listener).await?,
        last_event_id: listener.last_event_id(),
    };
    let stream = api.app.events.follow_room(&provider, &path.room_id, subscriber);
    stream.map(|stream| EventStreamAnswer(Some(stream))).map_err(refusal)
}

/// The caller's token, to be looked at again.
async fn hold(api: &Api, listener: &Listener) -> Result<HeldToken, Box<Problem>> {
    let authenticator = &api.app.authenticator;
    if let Some(token) = authenticator.hold(&listener.authorization) {
        return Ok(token);
    }
    // Verified a moment ago, and forgotten since.
    let again = authenticator.authenticate(&listener.authorization).await.ok();
    again
        .and_then(|_| authenticator.hold(&listener.authorization))
        .ok_or_else(|| Box::new(Problem::new(Code::Unauthenticated, "A valid bearer token is required.")))
}

fn refusal(no_place: NoPlace) -> Box<Problem> {
    /// When a stream may have ended.
    const LATER: Duration = Duration::from_secs(10);
    let (code, detail) = match no_place {
        NoPlace::Caller => (Code::RateLimited, "This caller has as many streams as one may have; close one first."),
        NoPlace::Full => (
            Code::Overloaded,
            "There are as many streams as this instance takes (events.max_streams); try again later.",
        ),
        NoPlace::Rooms => (
            Code::Overloaded,
            "As many rooms are followed as this instance takes (events.max_rooms); follow /v1/events, or try again later.",
        ),
        NoPlace::Budget => (
            Code::Overloaded,
            "The provider's budget does not allow one more room to be asked every 30 s; follow /v1/events, read the \
             room, or try again later. Whoever runs this instance can raise the provider's budget.",
        ),
    };
    Box::new(Problem::new(code, detail).with_retry_after(LATER))
}
