//! The program as a user runs it: what it prints and how it exits.

#[cfg(test)]
mod audit_places;
#[cfg(test)]
mod canaries;
#[cfg(test)]
mod collector;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod live;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod otlp_metrics;
#[cfg(test)]
mod program;
#[cfg(test)]
mod running;
#[cfg(test)]
mod rust_client;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod unread;
#[cfg(test)]
mod webhooks;
