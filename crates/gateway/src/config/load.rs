//! From a file and the environment to a whole configuration.

use std::ffi::OsString;
use std::path::Path;

use caller_auth::AuthConfig;

use crate::config::error::{ConfigError, Problems};
use crate::config::node::{Table, from_toml};
use crate::config::section::Section;
use crate::config::{
    AuditConfig, CacheConfig, ClusterConfig, EventsConfig, LimitsConfig, LogConfig, ProviderConfig, ServerConfig,
    TelemetryConfig, WebhooksConfig, auth, environment, providers,
};

/// Everything the operator says, checked: values of this type can be used as they are.
#[derive(Debug, Clone)]
pub struct Config {
    pub server: ServerConfig,
    pub auth: AuthConfig,
    /// `[providers.*]`, by id; at least one.
    pub providers: Vec<ProviderConfig>,
    pub webhooks: WebhooksConfig,
    pub cluster: Option<ClusterConfig>,
    pub cache: CacheConfig,
    pub events: EventsConfig,
    pub limits: LimitsConfig,
    pub audit: AuditConfig,
    pub log: LogConfig,
    pub telemetry: TelemetryConfig,
}

impl Config {
    /// Reads the file, lays the environment over it and checks the whole.
    ///
    /// # Errors
    /// Everything that is wrong, each under the path of its key. Holds no configured value.
    pub fn load(file: &Path, environment: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let reason = format!("cannot be read ({}); give the path of a TOML file to --config", error.kind());
            ConfigError::one(file.display().to_string(), reason)
        })?;
        let folder = file.parent().unwrap_or(Path::new(""));
        Self::parse(&text, folder, environment)
    }

    /// The same with the text of the file at hand. Relative paths in it start at `folder`.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn parse(
        text: &str,
        folder: &Path,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let mut root = from_toml(parse_toml(text)?);
        let problems = Problems::default();
        environment::apply(&mut root, environment, &problems);
        let mut root = Section::new("", root, folder, &problems);
        let mut open = |name: &'static str| {
            root.section(name, &format!("[{name}]"))
                .unwrap_or_else(|| Section::new(name, Table::new(), folder, &problems))
        };
        let server = ServerConfig::read(open("server"));
        let auth = auth::read(open("auth"));
        let providers = providers::read_all(open("providers"), server.time());
        let webhooks = WebhooksConfig::read(open("webhooks"), &server);
        known_providers(auth.as_ref(), &providers, &problems);
        let cluster = ClusterConfig::read(open("cluster"));
        let cache = CacheConfig::read(open("cache"));
        let limits = LimitsConfig::read(open("limits"));
        let events = EventsConfig::read(open("events"), limits.max_connections);
        let audit = AuditConfig::read(open("audit"));
        let log = LogConfig::read(open("log"));
        let telemetry = TelemetryConfig::read(open("telemetry"));
        root.finish();
        match auth {
            Some(auth) if problems.count() == 0 => {
                Ok(Self { server, auth, providers, webhooks, cluster, cache, events, limits, audit, log, telemetry })
            }
            _ => Err(problems.into_error()),
        }
    }
}

/// Every provider that an issuer's table names must be configured: a slip of the pen would hide it from that issuer.
fn known_providers(auth: Option<&AuthConfig>, providers: &[ProviderConfig], problems: &Problems) {
    for issuer in auth.iter().flat_map(|auth| &auth.issuers) {
        for id in issuer.providers.iter().flatten() {
            if !providers.iter().any(|provider| provider.id == *id) {
                problems.report(issuer.key("providers"), format!("names {id}, which is not configured"));
            }
        }
    }
}

/// The document, or where and how it breaks. The parser's own message would quote the line, which may hold a secret.
fn parse_toml(text: &str) -> Result<toml::Table, ConfigError> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        ConfigError::one(format!("line {line}, column {column}"), format!("is not TOML: {}", error.message()))
    })
}
