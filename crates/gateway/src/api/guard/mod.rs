//! Who may call a route: authentication, then the caller's limits, then the scope. Nothing else of a request is looked
//! at before, not even its body.
//!
//! What a guarded route's handler takes as `who` is made here and nowhere else, so a route without its guard does not
//! compile.

mod admission;
mod admit;
mod document;
#[expect(clippy::module_inception, reason = "the trait is what the folder is about")]
mod guard;
mod guarded_route;
mod handler;
mod listener;
mod moderator;
mod reader;

pub(crate) use admission::Admission;
pub(crate) use admit::going_down;
pub(crate) use document::describe;
pub(crate) use guard::{Admitted, Guard};
pub(crate) use guarded_route::GuardedRoute;
pub(crate) use handler::GuardedHandler;
pub(crate) use listener::{Listener, ListenerHeaders};
pub(crate) use moderator::{Moderator, MutationHeaders};
pub(crate) use reader::{ReadHeaders, Reader};
