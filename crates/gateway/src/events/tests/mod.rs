//! The streams over a real cache in front of scripted providers.

mod consumer;
mod endings;
mod histories;
mod paces;
mod rooms;
mod snapshots;
mod support;
