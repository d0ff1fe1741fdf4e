//! From a file and the environment to a whole configuration.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;

use caller_auth::AuthConfig;

use crate::config::error::{ConfigError, Problems};
use crate::config::node::{Table, from_toml};
use crate::config::section::Section;
use crate::config::{
    AuditConfig, CacheConfig, ClusterConfig, EventsConfig, LimitsConfig, LogConfig, ProviderConfig, ServerConfig,
    TelemetryConfig, WebhooksConfig, auth, environment, providers, unreadable,
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
            let advice = match error.kind() {
                ErrorKind::NotFound | ErrorKind::IsADirectory => "; give the path of a TOML file to --config",
                _ => "",
            };
            let reason = format!("cannot be read: {}{advice}", unreadable(&error));
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
            let example = if name == "providers" { providers::TABLE_EXAMPLE.to_owned() } else { format!("[{name}]") };
            root.section(name, &example).unwrap_or_else(|| Section::new(name, Table::new(), folder, &problems))
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
                let all: Vec<_> = providers.iter().map(|provider| provider.id.as_str()).collect();
                let reason = format!("names {id}, which is not configured; configured are: {}", all.join(", "));
                problems.report(issuer.key("providers"), reason);
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
        let reason = match error.message() {
            "duplicate key" => twice(text, before.len()),
            message => format!("is not TOML: {message}"),
        };
        ConfigError::one(format!("line {line}, column {column}"), reason)
    })
}

/// What stands a second time at this place: the head of a table, or a key. Nothing of a value, which may be a secret.
fn twice(text: &str, at: usize) -> String {
    let is_of_a_name = |c: &char| c.is_ascii_alphanumeric() || "_-.".contains(*c);
    let name = |text: &str| text.chars().take_while(is_of_a_name).collect::<String>();
    let line = text[..at].rfind('\n').map_or(text, |end| &text[end + 1..]).trim_start();
    match line.strip_prefix('[') {
        Some(head) => {
            let table = name(head);
            let other = if table.starts_with("providers.") { "; another account needs another name" } else { "" };
            format!("the table [{table}] stands here for the second time; put both into one{other}")
        }
        None => format!("the key {} stands here for the second time; keep one", name(&text[at..])),
    }
}
