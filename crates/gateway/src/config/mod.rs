//! What the operator says: one TOML file, every key of which the environment can override.
//!
//! The file becomes a tree (`node`), the environment is laid over it (`environment`), and each section reads its keys
//! from it (`section`), so that every problem is found in one go and carries the path of its key.

mod audit;
mod auth;
mod cache;
mod cluster;
mod environment;
mod error;
mod events;
mod limits;
mod load;
mod log;
mod meant;
mod node;
mod provider_webhooks;
mod providers;
mod secret;
mod section;
mod server;
mod telemetry;
#[cfg(test)]
mod tests;
mod tls;
mod unreadable;
mod webhooks;

pub use audit::AuditConfig;
pub use cache::CacheConfig;
pub use cluster::ClusterConfig;
pub use error::{ConfigError, ConfigProblem};
pub use events::EventsConfig;
pub use limits::{LimitsConfig, RateConfig};
pub use load::Config;
pub use log::{LogConfig, LogFormat};
pub use provider_webhooks::{ProviderWebhooks, PublicKey};
pub use providers::{Account, ProviderConfig};
pub use server::ServerConfig;
pub use telemetry::TelemetryConfig;
pub use tls::TlsConfig;
pub use unreadable::unreadable;
pub use webhooks::WebhooksConfig;
