//! Black-box tests of the running gateway.
#![forbid(unsafe_code)]
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod access_matrix;
mod audit;
mod caching;
mod circles;
mod cluster;
mod compose;
mod connections;
mod document;
mod events;
mod every_route;
mod exposure;
mod history;
mod hostile_upstream;
mod identity_providers;
mod key_server;
mod limits;
mod moderation;
mod moving_pages;
mod names;
mod odd_answers;
mod partial_failure;
mod poller_killed;
mod provider_guide;
mod public_reports;
mod relative_links;
mod replicas;
mod rubbish;
mod runbook;
mod sbom;
mod shared_connections;
mod store_faults;
mod storms;
mod streams;
mod threat_model;
mod tokens;
mod upstream_budgets;
mod upstream_encodings;
mod walls;
mod webhooks;
