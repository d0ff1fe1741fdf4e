//! The whole router, layers included, driven without a socket.

mod at_hand;
mod audited;
mod board;
mod browsers;
mod counted;
mod document;
mod document_quality;
mod heads;
mod isolation;
mod limit_headers;
mod mutations;
mod problem_types;
mod providers;
mod reads;
mod repeats;
mod replicas;
mod rubbish;
mod support;
mod webhooks;
