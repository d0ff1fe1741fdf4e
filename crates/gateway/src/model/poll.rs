//! Polls as callers ask for them and read them.

use serde::{Deserialize, Serialize};
use session_provider as domain;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};

use crate::id_schemas::{NO_CONTROLS, SessionIdJson};
use crate::model::absent::null_is_absence;

/// A poll to put to a live session.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePollRequest {
    /// The question, without control characters.
    #[schema(min_length = 1, max_length = 1000, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    pub question: String,
    /// The answers to choose from, without control characters.
    #[schema(schema_with = options_schema)]
    pub options: Vec<String>,
    /// Whether who voted what is hidden.
    #[serde(default, deserialize_with = "null_is_absence")]
    #[schema(nullable, default = false)]
    pub anonymous: bool,
    /// Whether the votes are hidden until the end.
    #[serde(default, deserialize_with = "null_is_absence")]
    #[schema(nullable, default = false)]
    pub hide_votes: bool,
    /// Only if this session is running; else 409 `session_changed`.
    #[serde(default)]
    #[schema(value_type = Option<SessionIdJson>)]
    pub expected_session_id: Option<String>,
}

fn options_schema() -> Schema {
    let option = ObjectBuilder::new().schema_type(Type::String);
    let option = option.min_length(Some(1)).max_length(Some(CreatePollRequest::MAX_OPTION)).pattern(Some(NO_CONTROLS));
    let options = ArrayBuilder::new().items(option).min_items(Some(2)).max_items(Some(CreatePollRequest::MAX_OPTIONS));
    let description = "The answers to choose from, none of them with a control character.";
    options.description(Some(description)).into()
}

impl CreatePollRequest {
    /// The most characters of a question.
    pub const MAX_QUESTION: usize = 1000;
    pub const MAX_OPTIONS: usize = 50;
    /// The most characters of an answer.
    pub const MAX_OPTION: usize = 500;
}

/// A poll as the provider keeps it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Poll)]
pub struct PollJson<'a> {
    /// The provider's id of it.
    #[schema(required)]
    pub poll_id: Option<&'a str>,
    /// The question.
    pub question: &'a str,
    /// The answers and their votes.
    pub options: Vec<PollOptionJson<'a>>,
    /// Whether who voted what is hidden.
    #[schema(required)]
    pub anonymous: Option<bool>,
    /// Whether the votes are hidden until the end.
    #[schema(required)]
    pub hide_votes: Option<bool>,
    /// Who made it, as the provider writes it.
    #[schema(required)]
    pub created_by: Option<&'a str>,
    /// Who has voted, as the provider writes it.
    #[schema(required)]
    pub voted: Option<&'a [String]>,
}

/// One answer of a poll.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PollOption)]
pub struct PollOptionJson<'a> {
    /// The answer.
    pub text: &'a str,
    /// How many chose it.
    #[schema(required, format = Int64)]
    pub count: Option<u64>,
    /// Who chose it.
    #[schema(required)]
    pub votes: Option<Vec<PollVoteJson<'a>>>,
}

/// One vote.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PollVote)]
pub struct PollVoteJson<'a> {
    /// The voter's id.
    pub id: &'a str,
    /// The voter's name.
    #[schema(required)]
    pub name: Option<&'a str>,
}

impl<'a> From<&'a domain::Poll> for PollJson<'a> {
    fn from(poll: &'a domain::Poll) -> Self {
        Self {
            poll_id: poll.poll_id.as_deref(),
            question: &poll.question,
            options: poll.options.iter().map(Into::into).collect(),
            anonymous: poll.anonymous,
            hide_votes: poll.hide_votes,
            created_by: poll.created_by.as_deref(),
            voted: poll.voted.as_deref(),
        }
    }
}

impl<'a> From<&'a domain::PollOption> for PollOptionJson<'a> {
    fn from(option: &'a domain::PollOption) -> Self {
        let vote = |vote: &'a domain::PollVote| PollVoteJson { id: &vote.id, name: vote.name.as_deref() };
        let votes = option.votes.as_ref().map(|votes| votes.iter().map(vote).collect());
        Self { text: &option.text, count: option.count, votes }
    }
}
