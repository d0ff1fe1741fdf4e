//! Webhooks: what a provider says by itself.

use std::fmt;

use async_trait::async_trait;

use crate::{ProviderId, RoomId, SessionId, Timestamp};

/// A verified webhook, as far as it matters: where something may have happened. Never what is so now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Tells it from other ones; the same again is the same webhook delivered again.
    pub delivery: DeliveryId,
    /// What it is about.
    pub event: NoticeEvent,
    /// The room, under every name that it gives; none where it names no room.
    pub rooms: Vec<RoomId>,
    /// The session, where it names one.
    pub session: Option<SessionId>,
}

/// A SHA-256 over what makes a webhook the same when it is delivered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryId(pub [u8; 32]);

/// What a webhook is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeEvent {
    /// A room became live.
    SessionStarted,
    /// A session ended.
    SessionEnded,
    /// Somebody came.
    ParticipantJoined,
    /// Somebody left.
    ParticipantLeft,
    /// A recording, or at Huddle01 a live stream, began, changed or ended.
    Recording,
    /// A live stream began, changed or ended.
    Livestream,
    /// Something that changes nothing of what is live: a transcript is ready, a camera was turned on.
    Other,
    /// A kind that we do not know.
    Unknown,
}

impl NoticeEvent {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::SessionStarted,
        Self::SessionEnded,
        Self::ParticipantJoined,
        Self::ParticipantLeft,
        Self::Recording,
        Self::Livestream,
        Self::Other,
        Self::Unknown,
    ];

    /// As metrics say it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SessionStarted => "session_started",
            Self::SessionEnded => "session_ended",
            Self::ParticipantJoined => "participant_joined",
            Self::ParticipantLeft => "participant_left",
            Self::Recording => "recording",
            Self::Livestream => "livestream",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

impl Notice {
    /// Whether what is live may have changed. Of a kind that we do not know it may, if it is about a room or a session.
    #[must_use]
    pub fn concerns_what_is_live(&self) -> bool {
        match self.event {
            NoticeEvent::Other => false,
            NoticeEvent::Unknown => !self.rooms.is_empty() || self.session.is_some(),
            _ => true,
        }
    }
}

/// Why a webhook is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookRefusal {
    /// The provider did not sign this.
    Forged,
    /// It was signed too long ago, or is not signed yet by our clock.
    Untimely,
    /// There is no key to check it with.
    NoKey,
}

/// Checks webhooks of one provider and says what they are about.
#[async_trait]
pub trait WebhookVerifier: fmt::Debug + Send + Sync {
    /// Whose webhooks.
    fn provider(&self) -> &ProviderId;

    /// The headers that may hold the signature, in small letters. The first that is there counts.
    fn signature_headers(&self) -> &'static [&'static str];

    /// Whether a text can be a signature at all, and is timely as far as it says when it was made. Costs next to nothing.
    ///
    /// # Errors
    /// [`WebhookRefusal::Forged`] or [`WebhookRefusal::Untimely`].
    fn look_at(&self, signature: &[u8], now: Timestamp) -> Result<(), WebhookRefusal>;

    /// Checks the signature and reads the webhook. Only computes: it never waits.
    ///
    /// # Errors
    /// Why it is not taken; [`WebhookRefusal::NoKey`] also when the key is due to be renewed.
    fn check(&self, signature: &[u8], body: &[u8], now: Timestamp) -> Result<Notice, WebhookRefusal>;

    /// Called after a check that failed: gets a newer key, if keys can change and one may be fetched now. Whether it is
    /// worth checking again.
    async fn renew_key(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: HashSet<_> = NoticeEvent::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(names.len(), NoticeEvent::ALL.len());
    }

    #[test]
    fn what_is_live_may_have_changed() {
        let room = RoomId::new("r").unwrap();
        let about = |event, rooms: &[&RoomId]| {
            let rooms = rooms.iter().copied().cloned().collect();
            Notice { delivery: DeliveryId([0; 32]), event, rooms, session: None }.concerns_what_is_live()
        };
        assert!(about(NoticeEvent::SessionStarted, &[&room]));
        assert!(about(NoticeEvent::Livestream, &[]), "of some room");
        assert!(!about(NoticeEvent::Other, &[&room]));
        assert!(about(NoticeEvent::Unknown, &[&room]));
        assert!(!about(NoticeEvent::Unknown, &[]));
    }
}
