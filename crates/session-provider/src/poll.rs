//! Polls.

/// A poll to put to a live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPoll {
    /// 1 to 1000 characters, as the API checks.
    pub question: String,
    /// At least two answers to choose from.
    pub options: Vec<String>,
    /// Whether who voted what is hidden.
    pub anonymous: bool,
    /// Whether the votes are hidden until the end.
    pub hide_votes: bool,
}

/// A poll as the provider keeps it. `None` always means that the provider did not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// The provider's id of it.
    pub poll_id: Option<String>,
    /// The question as the provider says it, else as it was asked.
    pub question: String,
    /// The answers and their votes.
    pub options: Vec<PollOption>,
    /// Whether who voted what is hidden.
    pub anonymous: Option<bool>,
    /// Whether the votes are hidden until the end.
    pub hide_votes: Option<bool>,
    /// Who made it, as the provider writes it.
    pub created_by: Option<String>,
    /// Who has voted, as the provider writes it.
    pub voted: Option<Vec<String>>,
}

/// One answer of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollOption {
    /// The answer as the provider says it, else as it was asked.
    pub text: String,
    /// How many chose it.
    pub count: Option<u64>,
    /// Who chose it; empty when nobody did, or when the votes are hidden.
    pub votes: Option<Vec<PollVote>>,
}

/// One vote for one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollVote {
    /// The voter's id, as the provider writes it.
    pub id: String,
    /// The voter's name, as it is shown to others.
    pub name: Option<String>,
}
