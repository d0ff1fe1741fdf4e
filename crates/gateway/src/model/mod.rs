//! The normalized schema: what callers read. Every field is always present; `null` means the provider did not say.
//!
//! These types borrow from the domain, are rendered once per answer of a provider, and are the source of the OpenAPI
//! document.

mod absent;
mod kind;
mod list;
mod moderation;
mod participant;
mod poll;
mod provider;
mod session;
mod system;

pub use kind::{KindName, SessionExtensions};
pub use list::{LiveSessionPage, Page, ParticipantPage};
pub use moderation::{KickAllRequest, KickAllResult, KickRequest, KickResult, KickedParticipant};
pub use participant::Participant;
pub use poll::{CreatePollRequest, Poll, PollOption, PollVote};
pub use provider::{ProviderCapabilities, ProviderHealth, ProviderHealthStatus, ProviderInfo, ProviderList};
pub use session::{BreakoutRoom, Session, SessionStatus, SessionType};
pub use system::{SystemState, SystemStatus};
