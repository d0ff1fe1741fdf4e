//! Whether this process is one of several.

use std::num::NonZeroU32;
use std::time::Duration;

use coordination::ClusterSettings;
use coordination_redis::{RedisConfig, RedisStore};

use crate::config::section::Section;

const NAMESPACE: &str = "rollcall";
const TIMEOUT: Duration = Duration::from_millis(50);
const REPLICAS: u32 = 3;

/// `[cluster]` with a `url`: several replicas act as one.
#[derive(Debug, Clone)]
pub struct ClusterConfig {
    /// The store that they share.
    pub store: RedisConfig,
    pub settings: ClusterSettings,
}

impl ClusterConfig {
    /// `None` without a `url`: this process alone.
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let is_given = section.has("url") || section.has("url_file");
        let url = section.secret("url", "url_file");
        let password = section.secret("password", "password_file");
        let namespace = section.text("namespace").unwrap_or_else(|| NAMESPACE.to_owned());
        let authorities = section.file("ca_file").map(String::into_bytes);
        let timeout = section.duration("timeout", TIMEOUT);
        let replicas = section.count("replicas").map_or(REPLICAS, NonZeroU32::get);
        if !is_given && password.is_some() {
            section.report("password", "is of the store at url, which is not given; add url, or leave it out");
        }
        let config = url.map(|url| Self {
            store: RedisConfig { url, password, namespace, timeout, authorities },
            settings: ClusterSettings { timeout, replicas },
        });
        if let Some(Err(error)) = config.as_ref().filter(|_| section.is_sound()).map(|it| RedisStore::new(&it.store)) {
            let key = if error.at == "authorities" { "ca_file" } else { error.at };
            section.report(key, error.what);
        }
        section.finish();
        config
    }
}
