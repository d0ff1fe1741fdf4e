//! What a mutation is to do, checked before anything else happens.

use session_provider::{CustomParticipantId, KickTargets, NewPoll, Operation, ParticipantId, SessionId};

use crate::idempotency::Fingerprint;
use crate::model::{CreatePollRequest, KickAllRequest, KickRequest};
use crate::problem::{Faults, Problem};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Kick(KickTargets),
    KickAll,
    CreatePoll(NewPoll),
}

/// A valid request for a mutation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModerationCommand {
    pub(super) action: Action,
    expected_session: Option<SessionId>,
    fingerprint: Fingerprint,
}

impl ModerationCommand {
    /// Removes some people.
    ///
    /// # Errors
    /// A 400 that names every id at fault, e.g. `participant_ids[3]`.
    pub fn kick(request: &KickRequest) -> Result<Self, Box<Problem>> {
        let mut faults = Faults::none();
        let mut participants = Vec::new();
        for (at, id) in request.participant_ids.iter().enumerate() {
            participants.extend(faults.take(format!("participant_ids[{at}]"), ParticipantId::new(id)));
        }
        let mut custom = Vec::new();
        for (at, id) in request.custom_participant_ids.iter().enumerate() {
            custom.extend(faults.take(format!("custom_participant_ids[{at}]"), CustomParticipantId::new(id)));
        }
        let expected_session = expected(&mut faults, request.expected_session_id.as_deref());
        let named = request.participant_ids.len() + request.custom_participant_ids.len();
        let targets = if (1..=KickTargets::MAX).contains(&named) {
            KickTargets::new(participants, custom).ok()
        } else {
            let rule = format!("name at least 1 and at most {} participants in both lists together", KickTargets::MAX);
            faults.add("participant_ids", rule);
            None
        };
        let targets = faults.or(targets)?;
        Ok(Self { action: Action::Kick(targets), expected_session, fingerprint: Fingerprint::of(request) })
    }

    /// Removes everybody.
    ///
    /// # Errors
    /// A 400 that names the field at fault.
    pub fn kick_all(request: &KickAllRequest) -> Result<Self, Box<Problem>> {
        let mut faults = Faults::none();
        let expected_session = expected(&mut faults, request.expected_session_id.as_deref());
        faults.or(Some(()))?;
        Ok(Self { action: Action::KickAll, expected_session, fingerprint: Fingerprint::of(request) })
    }

    /// Puts a poll.
    ///
    /// # Errors
    /// A 400 that names every field at fault.
    pub fn create_poll(request: &CreatePollRequest) -> Result<Self, Box<Problem>> {
        let mut faults = Faults::none();
        text(&mut faults, "question", &request.question, CreatePollRequest::MAX_QUESTION);
        if !(2..=CreatePollRequest::MAX_OPTIONS).contains(&request.options.len()) {
            faults.add("options", format!("must hold 2 to {} answers", CreatePollRequest::MAX_OPTIONS));
        } else {
            for (at, option) in request.options.iter().enumerate() {
                text(&mut faults, &format!("options[{at}]"), option, CreatePollRequest::MAX_OPTION);
            }
        }
        let expected_session = expected(&mut faults, request.expected_session_id.as_deref());
        faults.or(Some(()))?;
        let poll = NewPoll {
            question: request.question.clone(),
            options: request.options.clone(),
            anonymous: request.anonymous,
            hide_votes: request.hide_votes,
        };
        Ok(Self { action: Action::CreatePoll(poll), expected_session, fingerprint: Fingerprint::of(request) })
    }

    /// What it needs a provider to offer.
    #[must_use]
    pub fn operation(&self) -> Operation {
        match self.action {
            Action::Kick(_) => Operation::KickParticipants,
            Action::KickAll => Operation::KickAllParticipants,
            Action::CreatePoll(_) => Operation::CreatePoll,
        }
    }

    /// The session that must be the one running.
    #[must_use]
    pub fn expected_session(&self) -> Option<&SessionId> {
        self.expected_session.as_ref()
    }

    /// The same for two requests that say the same.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The ids that the request names.
    #[must_use]
    pub fn targets(&self) -> Vec<String> {
        let Action::Kick(targets) = &self.action else { return Vec::new() };
        let participants = targets.participant_ids().iter().map(ToString::to_string);
        participants.chain(targets.custom_participant_ids().iter().map(ToString::to_string)).collect()
    }
}

fn expected(faults: &mut Faults, id: Option<&str>) -> Option<SessionId> {
    id.and_then(|id| faults.take("expected_session_id", SessionId::new(id)))
}

fn text(faults: &mut Faults, field: &str, text: &str, max: usize) {
    if !(1..=max).contains(&text.chars().count()) || text.chars().any(char::is_control) {
        faults.add(field, format!("must be a text of 1 to {max} characters without control characters"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kick(participants: &[&str], custom: &[&str], expected: Option<&str>) -> KickRequest {
        KickRequest {
            participant_ids: participants.iter().map(ToString::to_string).collect(),
            custom_participant_ids: custom.iter().map(ToString::to_string).collect(),
            expected_session_id: expected.map(ToOwned::to_owned),
        }
    }

    fn fields<T>(result: Result<T, Box<Problem>>) -> Vec<String> {
        result.err().map(|problem| problem.errors.into_iter().map(|error| error.field).collect()).unwrap_or_default()
    }

    #[test]
    fn every_bad_target_is_named() {
        let bad = kick(&["ok", "a/b", "ok", ""], &["fine @ desk", "a\u{7}"], Some("../x"));
        let expected = ["participant_ids[1]", "participant_ids[3]", "custom_participant_ids[1]", "expected_session_id"];
        assert_eq!(fields(ModerationCommand::kick(&bad)), expected);
        assert_eq!(fields(ModerationCommand::kick(&kick(&[], &[], None))), ["participant_ids"]);
        assert_eq!(fields(ModerationCommand::kick(&kick(&["a"; 51], &["b"; 50], None))), ["participant_ids"]);
        let good = ModerationCommand::kick(&kick(&["a"; 50], &["b"; 50], None)).unwrap();
        assert_eq!((good.targets().len(), good.operation()), (100, Operation::KickParticipants));
    }

    #[test]
    fn a_poll_has_a_question_and_answers_of_sensible_length() {
        let poll = |question: &str, options: &[&str]| CreatePollRequest {
            question: question.to_owned(),
            options: options.iter().map(ToString::to_string).collect(),
            anonymous: false,
            hide_votes: false,
            expected_session_id: None,
        };
        for good in [poll("Lunch?", &["yes", "no"]), poll(&"é".repeat(1000), &[" ", &"é".repeat(500)])] {
            assert!(ModerationCommand::create_poll(&good).is_ok(), "{good:?}");
        }
        assert_eq!(fields(ModerationCommand::create_poll(&poll("", &["yes"]))), ["question", "options"]);
        assert_eq!(
            fields(ModerationCommand::create_poll(&poll("?", &["yes", "", "\n"]))),
            ["options[1]", "options[2]"]
        );
        assert_eq!(fields(ModerationCommand::create_poll(&poll(&"?".repeat(1001), &["a", "b"]))), ["question"]);
        assert_eq!(fields(ModerationCommand::create_poll(&poll("?", &["a"; 51]))), ["options"]);
        assert_eq!(fields(ModerationCommand::create_poll(&poll("?", &["a", &"b".repeat(501)]))), ["options[1]"]);
    }

    #[test]
    fn fingerprints_follow_what_is_said() {
        let print = |request: &KickRequest| ModerationCommand::kick(request).unwrap().fingerprint();
        assert_eq!(print(&kick(&["a"], &[], None)), print(&kick(&["a"], &[], None)));
        assert_ne!(print(&kick(&["a"], &[], None)), print(&kick(&["b"], &[], None)));
        assert_ne!(print(&kick(&["a"], &[], None)), print(&kick(&[], &["a"], None)));
        assert_ne!(print(&kick(&["a"], &[], None)), print(&kick(&["a"], &[], Some("s"))));
    }
}
