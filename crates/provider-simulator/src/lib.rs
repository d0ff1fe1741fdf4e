//! Both upstream APIs as small stateful servers, for `rollcall demo`, `rollcall simulate`, tests and benches.
//!
//! A [`World`] holds rooms, sessions and people; a [`Simulator`] shows it through one upstream API, records every request
//! in its [`RequestLog`] and breaks what its [`Script`] says. Nothing here knows Rollcall: the wire facts come from
//! `docs/upstream/huddle01.md` and `docs/upstream/realtimekit.md` alone. Two things keep it honest: its answers validate against
//! the OpenAPI twins of those notes, and the official SDKs run against it. A [`ScriptedApi`] does the same around routes of your
//! own, for a service that is not simulated here.
//!
//! ```
//! use provider_simulator::{Fault, Service, Simulator, World};
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let world = World::empty();
//! let room = world.add_room(Service::RealtimeKit, "Weekly sync");
//! let ada = world.join(&room, "Ada")?;
//! let simulator = Simulator::realtimekit(world).start().await?;
//! println!("{} shows {}", simulator.base_url(), ada.session_id);
//! simulator.script().once("GET sessions", Fault::hang());
//! assert_eq!(simulator.log().count("sessions"), 0);
//! simulator.shutdown().await;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod clock;
mod faults;
mod huddle01;
mod life;
mod log;
mod options;
mod pattern;
mod realtimekit;
mod server;
mod state;
mod webhooks;

pub use clock::SimClock;
pub use faults::{Fault, RuleId, Script, Times};
pub use life::{Life, run_demo_life};
pub use log::{Credential, REMEMBERED_REQUESTS, RecordedRequest, RequestLog};
pub use options::{
    Counts, Credentials, Huddle01Options, Metadata, Paging, RateLimit, RealtimeKitOptions, SessionDetails,
    SingleSession, UnsetTime,
};
pub use pattern::Pattern;
pub use server::{RunningApi, RunningSimulator, ScriptedApi, Simulator};
pub use state::{
    Connection, Enrolled, Happening, Joined, Livestream, NewPoll, Person, Poll, Recording, Room, Service, Session,
    SessionType, What, World, WorldError,
};
pub use webhooks::{UnusableUrl, WebhookSender};
