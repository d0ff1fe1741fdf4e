//! `rollcall check`

use std::fmt::Write;
use std::path::Path;

use caller_auth::{Authenticator, KeySource};
use session_provider::{Clock, Timestamp};
use upstream_http::Budgets;

use crate::cli::runtime::runtime;
use crate::cli::{Environment, Failure, load};
use crate::config::{Config, ConfigError, ProviderWebhooks, PublicKey, RateConfig, TlsConfig};
use crate::providers;
use crate::server::Tls;

/// What is configured, in words; or everything that is wrong.
pub(super) fn run(file: &Path, environment: Environment) -> Result<String, Failure> {
    let config = load(file, environment)?;
    // The keys are only as good as the verifier that reads them, and the providers as the clients they are built on.
    Authenticator::new(&config.auth, Clock::system())
        .map_err(|error| Failure::config(&ConfigError::one(error.key, error.reason)))?;
    let runtime = runtime()?;
    let inside = runtime.enter();
    providers::build(&config.providers, &Budgets::default(), Clock::system())
        .map_err(|error| Failure::config(&error))?;
    providers::build_webhooks(&config.providers).map_err(|error| Failure::config(&error))?;
    drop(inside);
    audit_folder(&config)?;
    let load_tls = |files: &Option<TlsConfig>| {
        let loaded = files.as_ref().map(|files| runtime.block_on(Tls::load(files))).transpose();
        loaded.map_err(|error| Failure::usage(error.to_string()))
    };
    let tls = load_tls(&config.server.tls)?;
    let webhooks_tls = load_tls(&config.webhooks.tls)?;
    let mut text = format!("{} is fine.\n\n", file.display());
    // Writing to a text does not fail.
    let _ = describe(&config, tls.as_ref(), webhooks_tls.as_ref(), &mut text);
    Ok(text)
}

/// The audit log is opened, and made, by `serve` alone; where it is to lie must be there before.
fn audit_folder(config: &Config) -> Result<(), Failure> {
    let folder = config.audit.file.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.is_dir()) {
        Some(folder) => {
            let reason = format!("there is no folder {}; make it, writable by the user that serves", folder.display());
            Err(Failure::config(&ConfigError::one("audit.file", reason)))
        }
        None => Ok(()),
    }
}

fn describe(config: &Config, tls: Option<&Tls>, webhooks_tls: Option<&Tls>, out: &mut String) -> std::fmt::Result {
    let server = &config.server;
    let scheme = if tls.is_some() { "https" } else { "http" };
    writeln!(out, "server     {scheme}://{} (admin: http://{})", server.listen, server.admin_listen)?;
    if let Some(tls) = tls {
        writeln!(out, "           its certificate {}", validity(tls.expires(), Clock::system().now()))?;
    }
    if server.tls.as_ref().is_some_and(|tls| tls.client_ca_file.is_some()) {
        writeln!(out, "           every client must show a certificate")?;
    }
    writeln!(
        out,
        "           a request may take {}, one provider {}, the drain {}",
        humantime::format_duration(server.request_timeout),
        humantime::format_duration(server.time().of_provider()),
        humantime::format_duration(server.drain_timeout)
    )?;
    if !server.cors_origins.is_empty() {
        writeln!(out, "           browsers may call from {}", server.cors_origins.join(", "))?;
    }
    for issuer in &config.auth.issuers {
        let audiences = issuer.audiences.join(" or ");
        writeln!(out, "auth       tokens of {} for {audiences}, {}", issuer.issuer, keys(&issuer.keys))?;
    }
    for provider in &config.providers {
        let (upstream, budget) = (provider.upstream(), provider.budget());
        writeln!(
            out,
            "provider   {} ({}) at {}: {} calls per {}, {} at once, {} each",
            provider.id,
            provider.kind().as_str(),
            upstream.base_url.as_url(),
            budget.requests,
            humantime::format_duration(budget.per),
            upstream.max_concurrency,
            humantime::format_duration(upstream.timeout)
        )?;
    }
    describe_webhooks(config, webhooks_tls, out)?;
    let cache = &config.cache;
    writeln!(
        out,
        "cache      fresh {}, refreshed in the background until {}, stale until {}; at most {}",
        humantime::format_duration(cache.fresh_for),
        humantime::format_duration(cache.revalidate_for),
        humantime::format_duration(cache.stale_for),
        cache.max_bytes
    )?;
    let limits = &config.limits;
    writeln!(
        out,
        "limits     per caller: requests {}, moderation {}, at once {}; {} connections in all",
        rate(limits.requests),
        rate(limits.moderation),
        limits.concurrent.map_or_else(|| "without limit".to_owned(), |most| most.to_string()),
        limits.max_connections
    )?;
    match &config.audit.file {
        Some(file) => writeln!(out, "audit      {}", file.display())?,
        None => writeln!(out, "audit      standard output")?,
    }
    let telemetry = &config.telemetry;
    match &telemetry.otlp_endpoint {
        Some(endpoint) => writeln!(out, "traces     {endpoint}")?,
        None => writeln!(out, "traces     none")?,
    }
    match telemetry.otlp_endpoint.as_ref().zip(telemetry.otlp_metrics_every) {
        Some((endpoint, every)) => {
            writeln!(out, "metrics    to be scraped; to {endpoint} every {}", humantime::format_duration(every))
        }
        None => writeln!(out, "metrics    to be scraped"),
    }
}

fn describe_webhooks(config: &Config, tls: Option<&Tls>, out: &mut String) -> std::fmt::Result {
    let taken = config.providers.iter().filter_map(|provider| Some((&provider.id, provider.webhooks.as_ref()?)));
    for (id, webhooks) in taken {
        let checked = match webhooks {
            ProviderWebhooks::Huddle01(settings) => {
                let (secrets, age) = (settings.secrets.len(), humantime::format_duration(settings.tolerance));
                format!("signed with one of {secrets} secrets, at most {age} ago")
            }
            ProviderWebhooks::RealtimeKit(PublicKey::Pem(_)) => "checked with the configured public key".to_owned(),
            ProviderWebhooks::RealtimeKit(PublicKey::Url(url)) => format!("checked with the public key from {url}"),
        };
        writeln!(out, "webhooks   /v1/webhooks/{id}: {checked}")?;
    }
    if let Some(listen) = config.webhooks.listen {
        let scheme = if tls.is_some() { "https" } else { "http" };
        writeln!(out, "           taken at {scheme}://{listen} alone")?;
    }
    if let Some(tls) = tls {
        writeln!(out, "           its certificate {}", validity(tls.expires(), Clock::system().now()))?;
    }
    Ok(())
}

fn validity(expires: Timestamp, now: Timestamp) -> String {
    const DAY: u64 = 24 * 3600;
    if expires <= now {
        format!("HAS EXPIRED: it was good until {expires}")
    } else {
        format!("expires {expires}, in {} days", expires.since(now).as_secs() / DAY)
    }
}

fn keys(source: &KeySource) -> String {
    match source {
        KeySource::Hs256(_) => "signed with the shared HS256 secret".to_owned(),
        KeySource::Pem(keys) => {
            let keys: Vec<String> =
                keys.iter().map(|key| format!("{} ({})", key.kid, key.algorithm.as_str())).collect();
            format!("signed with one of the keys {}", keys.join(", "))
        }
        KeySource::Jwks(url) => format!("signed with a key from {url}"),
    }
}

fn rate(rate: Option<RateConfig>) -> String {
    rate.map_or_else(
        || "without limit".to_owned(),
        |rate| format!("{} per {}", rate.requests, humantime::format_duration(rate.per)),
    )
}
