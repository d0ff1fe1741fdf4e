//! The streams over a real cache in front of scripted providers.

mod consumer;
mod endings;
mod histories;
mod paces;
mod replica_histories;
mod replicas;
mod room_people;
mod rooms;
mod several;
mod snapshots;
mod support;
