//! The whole router, layers included, driven without a socket.

mod at_hand;
mod audited;
mod board;
mod browsers;
mod counted;
mod document;
mod heads;
mod isolation;
mod mutations;
mod providers;
mod reads;
mod repeats;
mod rubbish;
mod support;
mod webhooks;
