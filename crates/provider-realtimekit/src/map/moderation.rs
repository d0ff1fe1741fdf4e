//! What was kicked, and polls.

use std::ops::ControlFlow;

use lenient_json::{Raw, Unread, count, elements, flag, id, nonempty, text};
use serde_json::value::RawValue;
use session_provider::{KickedParticipant, NewPoll, ParticipantId, Poll, PollOption, PollVote, Result, Timestamp};
use upstream_http::Response;

use crate::envelope;
use crate::pages::MAX_HELD;
use crate::refusal::Asked;
use crate::wire::{KickedRow, PollOptionRow, PollRow, PollVoteRow, time};

/// Who was removed, as far as the answer says.
///
/// # Errors
/// What a refusal means; `ProviderBadResponse`, effect unknown, for no success.
pub(crate) fn kicked(response: &Response, now: Timestamp) -> Result<Vec<KickedParticipant>> {
    let body = envelope::body(response)?;
    let success = envelope::open(response, &body, Asked::Mutation)?;
    let person = |element: &RawValue| {
        let row = KickedRow::read(element)?;
        Some(KickedParticipant {
            participant_id: id(row.id).and_then(|text| ParticipantId::new(&text).ok()),
            display_name: text(row.name),
            email: nonempty(row.email),
            picture_url: nonempty(row.picture),
            created_at: time(row.created_at, now),
            updated_at: time(row.updated_at, now),
        })
    };
    Ok(accepted(success.data().participants, person).unwrap_or_default())
}

/// How many were removed, where the provider says so.
///
/// # Errors
/// What a refusal means; `ProviderBadResponse`, effect unknown, for no success.
pub(crate) fn kicked_count(response: &Response) -> Result<Option<u64>> {
    let body = envelope::body(response)?;
    let success = envelope::open(response, &body, Asked::Mutation)?;
    Ok(count(success.data().kicked_participants_count))
}

/// The poll as the provider keeps it: `data.poll` if it is an object, else `data`. Its question and its answers are the
/// ones that were `asked`, where the answer lacks them.
///
/// # Errors
/// What a refusal means; `ProviderBadResponse`, effect unknown, for no success.
pub(crate) fn poll(response: &Response, asked: &NewPoll) -> Result<Poll> {
    let body = envelope::body(response)?;
    let success = envelope::open(response, &body, Asked::Mutation)?;
    let nested = success.data().poll.and_then(PollRow::read);
    let row = nested.or_else(|| success.data.and_then(PollRow::read)).unwrap_or_default();
    let mut place = 0;
    let options = accepted(row.options, |element| {
        place += 1;
        option(element, asked.options.get(place - 1))
    });
    Ok(Poll {
        poll_id: id(row.id),
        question: nonempty(row.question).unwrap_or_else(|| asked.question.clone()),
        options: options.filter(|options| !options.is_empty()).unwrap_or_else(|| {
            asked.options.iter().map(|text| PollOption { text: text.clone(), count: None, votes: None }).collect()
        }),
        anonymous: flag(row.anonymous),
        hide_votes: flag(row.hide_votes),
        created_by: text(row.created_by),
        voted: accepted(row.voted, |who| text(Some(who))),
    })
}

/// An answer of the poll, of which only the text is needed. Votes that name nobody are not listed.
fn option(element: &RawValue, asked: Option<&String>) -> Option<PollOption> {
    let row = PollOptionRow::read(element).unwrap_or_default();
    let votes = accepted(row.votes, |element| {
        let vote = PollVoteRow::read(element)?;
        Some(PollVote { id: id(vote.id)?, name: text(vote.name) })
    });
    Some(PollOption { text: nonempty(row.text).or_else(|| asked.cloned())?, count: count(row.count), votes })
}

/// What a list of an accepted change says, at most [`MAX_HELD`] of it; `None` when it is no list.
fn accepted<'a, T>(array: Raw<'a>, mut item: impl FnMut(&'a RawValue) -> Option<T>) -> Option<Vec<T>> {
    let mut items = Vec::new();
    let read = elements(array?, |element| {
        items.extend(item(element));
        if items.len() as u64 >= MAX_HELD { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (read != Err(Unread::NotAnArray)).then_some(items)
}

#[cfg(test)]
mod tests;
