//! The domain of Rollcall: what a video service is asked, and what it may answer.
//!
//! Everything above this crate speaks of rooms, sessions and participants and never of a particular service;
//! everything below it maps one service's wire format to these types. The crate does no I/O.
#![forbid(unsafe_code)]

mod as_text;
mod capability;
mod clock;
mod connection_id;
mod context;
mod error;
mod health;
mod history;
mod ids;
mod kind;
mod media;
mod moderation;
mod operation;
mod participant;
mod poll;
mod provider;
mod raw_json;
mod session;
mod timestamp;
mod trace_parent;
mod webhook;

pub use capability::{Capabilities, Capability};
pub use clock::Clock;
pub use connection_id::ConnectionId;
pub use context::{CallContext, Intent, Payer, RequestId};
pub use error::{Effect, Error, ErrorKind, Result};
pub use health::{BudgetState, HealthStatus, ProviderHealth};
pub use history::{
    ListedSession, Passed, PassedOfMoment, SessionFilter, SessionPage, SessionQuery, UpstreamPosition, WantedStatus,
};
pub use ids::{CustomParticipantId, InvalidId, ParticipantId, ProviderId, RoomId, SessionId};
pub use kind::ProviderKind;
pub use media::{LiveMedia, MediaCounts};
pub use moderation::{KickTargets, KickedParticipant, TooManyTargets};
pub use operation::Operation;
pub use participant::{Participant, ParticipantList};
pub use poll::{NewPoll, Poll, PollOption, PollVote};
pub use provider::SessionProvider;
pub use raw_json::RawJson;
pub use session::{BreakoutRoom, Session, SessionList, SessionStatus, SessionType};
pub use timestamp::Timestamp;
pub use trace_parent::TraceParent;
pub use webhook::{DeliveryId, Notice, NoticeEvent, WebhookRefusal, WebhookVerifier};
