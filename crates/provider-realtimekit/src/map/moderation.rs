//! What was kicked, and polls.

use std::ops::ControlFlow;

use serde_json::value::RawValue;
use session_provider::{KickedParticipant, NewPoll, ParticipantId, Poll, PollOption, PollVote, Result};
use upstream_http::Response;

use crate::envelope;
use crate::pages::MAX_HELD;
use crate::raw::{self, Raw};
use crate::refusal::Asked;
use crate::rows::{self, Unread};
use crate::wire::{Data, KickedRow, PollOptionRow, PollRow, PollVoteRow};

/// Who was removed, as far as the answer says.
///
/// # Errors
/// What a refusal means; `ProviderBadResponse`, effect unknown, for no success.
pub(crate) fn kicked(response: &Response) -> Result<Vec<KickedParticipant>> {
    let success = envelope::open(response, Asked::Mutation)?;
    let data = success.object::<Data<'_>>().unwrap_or_default();
    let person = |element: &RawValue| {
        let row = raw::object::<KickedRow<'_>>(element.get().as_bytes())?;
        Some(KickedParticipant {
            participant_id: raw::text(row.id).and_then(|id| ParticipantId::new(&id).ok()),
            display_name: raw::text(row.name),
            email: raw::nonempty(row.email),
            picture_url: raw::nonempty(row.picture),
            created_at: raw::time(row.created_at),
            updated_at: raw::time(row.updated_at),
        })
    };
    Ok(accepted(data.participants, person).unwrap_or_default())
}

/// How many were removed, where the provider says so.
///
/// # Errors
/// What a refusal means; `ProviderBadResponse`, effect unknown, for no success.
pub(crate) fn kicked_count(response: &Response) -> Result<Option<u64>> {
    let success = envelope::open(response, Asked::Mutation)?;
    Ok(success.object::<Data<'_>>().and_then(|data| raw::count(data.kicked_participants_count)))
}

/// The poll as the provider keeps it: `data.poll` if it is an object, else `data`. Its question and its answers are the
/// ones that were `asked`, where the answer lacks them.
///
/// # Errors
/// What a refusal means; `ProviderBadResponse`, effect unknown, for no success.
pub(crate) fn poll(response: &Response, asked: &NewPoll) -> Result<Poll> {
    let success = envelope::open(response, Asked::Mutation)?;
    let nested = success.object::<Data<'_>>().and_then(|data| raw::object(data.poll?.get().as_bytes()));
    let row: PollRow<'_> = nested.or_else(|| success.object()).unwrap_or_default();
    let mut place = 0;
    let options = accepted(row.options, |element| {
        place += 1;
        option(element, asked.options.get(place - 1))
    });
    Ok(Poll {
        poll_id: raw::nonempty(row.id),
        question: raw::nonempty(row.question).unwrap_or_else(|| asked.question.clone()),
        options: options.filter(|options| !options.is_empty()).unwrap_or_else(|| {
            asked.options.iter().map(|text| PollOption { text: text.clone(), count: None, votes: None }).collect()
        }),
        anonymous: raw::flag(row.anonymous),
        hide_votes: raw::flag(row.hide_votes),
        created_by: raw::text(row.created_by),
        voted: accepted(row.voted, |who| raw::text(Some(who))),
    })
}

/// An answer of the poll, of which only the text is needed. Votes that name nobody are not listed.
fn option(element: &RawValue, asked: Option<&String>) -> Option<PollOption> {
    let row = raw::object::<PollOptionRow<'_>>(element.get().as_bytes()).unwrap_or_default();
    let votes = accepted(row.votes, |element| {
        let vote = raw::object::<PollVoteRow<'_>>(element.get().as_bytes())?;
        Some(PollVote { id: raw::nonempty(vote.id)?, name: raw::text(vote.name) })
    });
    Some(PollOption { text: raw::nonempty(row.text).or_else(|| asked.cloned())?, count: raw::count(row.count), votes })
}

/// What a list of an accepted change says, at most [`MAX_HELD`] of it; `None` when it is no list.
fn accepted<'a, T>(array: Raw<'a>, mut item: impl FnMut(&'a RawValue) -> Option<T>) -> Option<Vec<T>> {
    let mut items = Vec::new();
    let read = rows::each(array?, |element| {
        items.extend(item(element));
        if items.len() as u64 >= MAX_HELD { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (read != Err(Unread::NotAnArray)).then_some(items)
}

#[cfg(test)]
mod tests;
