//! The normalized schema: what callers read. Every field is always present; `null` means the provider did not say.
//!
//! These types borrow from the domain, are rendered once per answer of a provider, and are the source of the OpenAPI
//! document. One whose name the domain has too is called `…Json` here and by its plain name in the document.

mod absent;
mod event;
mod kind;
mod list;
mod moderation;
mod participant;
mod poll;
mod provider;
mod session;
mod system;

pub use event::{
    AccountEvent, ByeEvent, ByeReasonJson, ParticipantEvent, ParticipantLeftEvent, ProviderChangedEvent, RoomEvent,
    RoomSnapshotEvent, SessionEndReason, SessionEndedEvent, SessionStartedEvent, SessionUpdatedEvent, SnapshotEvent,
};
pub use kind::{KindName, SessionExtensions};
pub use list::{LiveSessionPage, PageJson, ParticipantPage, SessionPageJson};
pub use moderation::{KickAllRequest, KickAllResult, KickRequest, KickResult, KickedParticipantJson};
pub use participant::ParticipantJson;
pub use poll::{CreatePollRequest, PollJson, PollOptionJson, PollVoteJson};
pub use provider::{ProviderCapabilities, ProviderHealthJson, ProviderHealthStatus, ProviderInfo, ProviderList};
pub use session::{BreakoutRoomJson, SessionJson, SessionStatusJson, SessionTypeJson};
pub use system::{SystemState, SystemStatus};
