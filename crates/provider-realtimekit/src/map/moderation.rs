//! What was kicked, and polls.

use serde_json::value::RawValue;
use session_provider::{KickedParticipant, ParticipantId, Poll, PollOption, PollVote, Result};
use upstream_http::Response;

use super::list;
use crate::envelope;
use crate::raw;
use crate::refusal::Asked;
use crate::wire::{Data, KickedRow, PollOptionRow, PollRow, PollVoteRow};

/// Who was removed. People whose row has no usable id were removed too but cannot be named: they are left out.
///
/// # Errors
/// `ProviderBadResponse`, effect unknown, without `data.participants` or when not one row has a usable id.
pub(crate) fn kicked(response: &Response) -> Result<Vec<KickedParticipant>> {
    let success = envelope::open(response, Asked::Mutation)?;
    let data = success.object::<Data<'_>>().unwrap_or_default();
    let (kicked, dropped) = list(response, data.participants, |element| {
        let row = raw::object::<KickedRow<'_>>(element.get().as_bytes())?;
        Some(KickedParticipant {
            participant_id: ParticipantId::new(&raw::text(row.id)?).ok()?,
            display_name: raw::text(row.name),
            email: raw::nonempty(row.email),
            picture_url: raw::nonempty(row.picture),
            created_at: raw::time(row.created_at),
            updated_at: raw::time(row.updated_at),
        })
    })?;
    if kicked.is_empty() && dropped > 0 {
        return Err(response.bad("Not one of the people whom the provider says it removed has a usable id."));
    }
    Ok(kicked)
}

/// How many were removed, where the provider says so.
///
/// # Errors
/// What a refusal means; `ProviderBadResponse`, effect unknown, for no success.
pub(crate) fn kicked_count(response: &Response) -> Result<Option<u64>> {
    let success = envelope::open(response, Asked::Mutation)?;
    Ok(success.object::<Data<'_>>().and_then(|data| raw::count(data.kicked_participants_count)))
}

/// The poll as the provider keeps it: `data.poll` if it is an object, else `data`.
///
/// # Errors
/// `ProviderBadResponse`, effect unknown, without id, question and options, each with its text and a number of votes.
pub(crate) fn poll(response: &Response) -> Result<Poll> {
    let success = envelope::open(response, Asked::Mutation)?;
    let bad = || response.bad("The provider's answer holds no complete poll.");
    let nested = success.object::<Data<'_>>().and_then(|data| raw::object(data.poll?.get().as_bytes()));
    let row: PollRow<'_> = nested.or_else(|| success.object()).ok_or_else(bad)?;
    let (options, unusable) = list(response, row.options, |element| option(response, element))?;
    if unusable > 0 {
        return Err(bad());
    }
    let voted = match row.voted {
        Some(voted) if voted.get().starts_with('[') => Some(list(response, Some(voted), |who| raw::text(Some(who)))?.0),
        _ => None,
    };
    Ok(Poll {
        poll_id: raw::nonempty(row.id).ok_or_else(bad)?,
        question: raw::nonempty(row.question).ok_or_else(bad)?,
        options,
        anonymous: raw::flag(row.anonymous),
        hide_votes: raw::flag(row.hide_votes),
        created_by: raw::text(row.created_by),
        voted,
    })
}

/// An option needs a text, and a count or the votes to count. Votes that are hidden, or name nobody, are not listed.
fn option(response: &Response, element: &RawValue) -> Option<PollOption> {
    let row = raw::object::<PollOptionRow<'_>>(element.get().as_bytes())?;
    let votes = list(response, row.votes, |element| {
        let vote = raw::object::<PollVoteRow<'_>>(element.get().as_bytes())?;
        Some(PollVote { id: raw::text(vote.id)?, name: raw::text(vote.name)? })
    })
    .ok();
    let count =
        raw::count(row.count).or_else(|| votes.as_ref().map(|(votes, unnamed)| votes.len() as u64 + unnamed))?;
    Some(PollOption { text: raw::text(row.text)?, count, votes: votes.map(|(votes, _)| votes).unwrap_or_default() })
}

#[cfg(test)]
mod tests;
