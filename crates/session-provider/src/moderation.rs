//! Removing people from a session.

use crate::{CustomParticipantId, ParticipantId, Timestamp};

/// Whom to remove: at least one person, at most [`KickTargets::MAX`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KickTargets {
    participant_ids: Vec<ParticipantId>,
    custom_participant_ids: Vec<CustomParticipantId>,
}

/// The number of targets is not between 1 and [`KickTargets::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("name at least 1 and at most {} participants", KickTargets::MAX)]
pub struct TooManyTargets;

impl KickTargets {
    /// The most people one request may name.
    pub const MAX: usize = 100;

    /// Takes both lists if together they name between 1 and [`MAX`](Self::MAX) people.
    ///
    /// # Errors
    /// [`TooManyTargets`] otherwise.
    pub fn new(
        participant_ids: Vec<ParticipantId>,
        custom_participant_ids: Vec<CustomParticipantId>,
    ) -> Result<Self, TooManyTargets> {
        if (1..=Self::MAX).contains(&(participant_ids.len() + custom_participant_ids.len())) {
            Ok(Self { participant_ids, custom_participant_ids })
        } else {
            Err(TooManyTargets)
        }
    }

    /// By the provider's ids.
    #[must_use]
    pub fn participant_ids(&self) -> &[ParticipantId] {
        &self.participant_ids
    }

    /// By the customer's own ids.
    #[must_use]
    pub fn custom_participant_ids(&self) -> &[CustomParticipantId] {
        &self.custom_participant_ids
    }
}

/// One person who was removed. `None` always means that the provider did not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KickedParticipant {
    /// The provider's id of the person; `None` where it did not say, or said what could not be addressed.
    pub participant_id: Option<ParticipantId>,
    /// The name shown to others.
    pub display_name: Option<String>,
    /// Their mail address, where the provider keeps one.
    pub email: Option<String>,
    /// A picture, where the provider keeps one.
    pub picture_url: Option<String>,
    /// When the provider made the record.
    pub created_at: Option<Timestamp>,
    /// When the provider last changed the record.
    pub updated_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_count_together() {
        let ids = |n: usize| vec![ParticipantId::new("p").unwrap(); n];
        let custom = |n: usize| vec![CustomParticipantId::new("c").unwrap(); n];
        assert_eq!(KickTargets::new(ids(0), custom(0)), Err(TooManyTargets));
        assert!(KickTargets::new(ids(0), custom(1)).is_ok());
        assert!(KickTargets::new(ids(50), custom(50)).is_ok());
        assert_eq!(KickTargets::new(ids(51), custom(50)), Err(TooManyTargets));
    }
}
