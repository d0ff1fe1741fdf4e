//! Polls.

use session_provider::{ErrorKind, Operation};

use crate::asking::{a_poll, changing};
use crate::checks::{good, is_absence, need};
use crate::stage::{LiveRoom, idle_rooms};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Verdict};

/// The poll that was made is the one asked for, with its options in their order and nobody's vote.
///
/// # Errors
/// What differs.
pub async fn a_poll_is_made_as_asked(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, CreatePoll);
    let live = LiveRoom::new(&*service, 2)?;
    let asked = a_poll();
    let poll = good!(provider.create_poll(&changing(), &live.room, &asked).await, "a poll");
    ensure!(poll.poll_id.as_ref().is_some_and(|id| !id.is_empty()), "a poll without an id: {poll:?}");
    ensure_eq!(poll.question, asked.question, "the question");
    let texts: Vec<_> = poll.options.iter().map(|option| option.text.clone()).collect();
    ensure_eq!(texts, asked.options, "the options");
    ensure!(
        poll.options.iter().all(|o| o.count == Some(0) && o.votes.as_ref().is_none_or(Vec::is_empty)),
        "votes in a new poll: {poll:?}"
    );
    ensure!(poll.anonymous.is_none_or(|said| said == asked.anonymous), "anonymous in {poll:?}");
    ensure!(poll.hide_votes.is_none_or(|said| said == asked.hide_votes), "hide_votes in {poll:?}");
    Ok(())
}

/// Values that the service refuses are the caller's mistake, and had no effect.
///
/// # Errors
/// What they are taken for.
pub async fn refused_values_are_an_invalid_request(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, CreatePoll);
    let live = LiveRoom::new(&*service, 2)?;
    let Some(poll) = service.refused_poll() else { return Ok(()) };
    let answer = provider.create_poll(&changing(), &live.room, &poll).await;
    is_absence(&*provider, Operation::CreatePoll, answer, ErrorKind::InvalidRequest)
}

/// An idle, a used, an unknown room: not live.
///
/// # Errors
/// The room that is answered otherwise.
pub async fn an_idle_room_takes_no_poll(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, CreatePoll);
    for (what, room) in idle_rooms(&*service)? {
        let answer = provider.create_poll(&changing(), &room, &a_poll()).await;
        is_absence(&*provider, Operation::CreatePoll, answer, ErrorKind::SessionNotLive)
            .map_err(|violation| violation.when(what))?;
    }
    Ok(())
}
