//! The configured accounts at the video services.

use std::time::Duration;

use bytesize::ByteSize;
use provider_huddle01::{Huddle01, Huddle01Config};
use provider_realtimekit::{RealtimeKit, RealtimeKitConfig};
use secrecy::{ExposeSecret, SecretString};
use session_provider::{ProviderId, ProviderKind};
use upstream_http::{BaseUrl, BudgetSettings, Segment, UpstreamSettings};

use crate::config::provider_webhooks::{self, ProviderWebhooks};
use crate::config::section::Section;
use crate::time_budget::TimeBudget;

#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// The operator's name for the account.
    pub id: ProviderId,
    pub account: Account,
    /// How its webhooks are checked; without it none are taken.
    pub webhooks: Option<ProviderWebhooks>,
}

/// An account, by the service it is at.
#[derive(Debug, Clone)]
pub enum Account {
    Huddle01(Huddle01Config),
    RealtimeKit(RealtimeKitConfig),
}

impl ProviderConfig {
    /// Which service it is.
    #[must_use]
    pub fn kind(&self) -> ProviderKind {
        match self.account {
            Account::Huddle01(_) => Huddle01::KIND,
            Account::RealtimeKit(_) => RealtimeKit::KIND,
        }
    }

    /// Where and within which bounds it is called.
    #[must_use]
    pub fn upstream(&self) -> &UpstreamSettings {
        match &self.account {
            Account::Huddle01(config) => &config.upstream,
            Account::RealtimeKit(config) => &config.upstream,
        }
    }

    /// How many calls may be made with its credential.
    #[must_use]
    pub fn budget(&self) -> BudgetSettings {
        match &self.account {
            Account::Huddle01(config) => config.budget,
            Account::RealtimeKit(config) => config.budget,
        }
    }

    fn credential(&self) -> &SecretString {
        match &self.account {
            Account::Huddle01(config) => &config.api_key,
            Account::RealtimeKit(config) => &config.api_token,
        }
    }
}

pub(super) const TABLE_EXAMPLE: &str = "[providers.huddle01] with kind = \"huddle01\"";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(2);
const DEFAULT_CONCURRENCY: u32 = 32;
const DEFAULT_BODY: ByteSize = ByteSize::mib(16);
const DEFAULT_PAGES: u32 = 200;

/// Reads every provider, in the order of their ids.
pub(super) fn read_all(mut section: Section<'_>, time: TimeBudget) -> Vec<ProviderConfig> {
    let tables = section.all_sections(TABLE_EXAMPLE);
    if tables.is_empty() && section.is_sound() {
        section.report_whole(format!("none is configured, so there is nothing to ask; add {TABLE_EXAMPLE}"));
    }
    let mut providers: Vec<ProviderConfig> = Vec::new();
    for (name, table) in tables {
        let Some(provider) = read_one(&name, table, time) else { continue };
        let shares = |other: &&ProviderConfig| {
            other.kind() == provider.kind()
                && other.credential().expose_secret() == provider.credential().expose_secret()
                && other.budget() != provider.budget()
        };
        if let Some(other) = providers.iter().find(shares) {
            let key = format!("{name}.budget");
            section.report(&key, format!("differs from providers.{}, which has the same credential", other.id));
        }
        providers.push(provider);
    }
    providers
}

fn read_one(name: &str, mut section: Section<'_>, time: TimeBudget) -> Option<ProviderConfig> {
    let id = ProviderId::new(name).map_err(|error| section.report_whole(error.to_string())).ok();
    let (account, webhooks) = match section.required_text("kind", "huddle01").as_deref() {
        Some("huddle01") => {
            let account = read_huddle01(&mut section, time);
            let api_key = account.as_ref().map(|account| &account.api_key);
            let webhooks = provider_webhooks::read_huddle01(&mut section, api_key);
            (account.map(Account::Huddle01), webhooks)
        }
        Some("realtimekit") => {
            let account = read_realtimekit(&mut section, time);
            (account.map(Account::RealtimeKit), provider_webhooks::read_realtimekit(&mut section))
        }
        other => {
            if other.is_some() {
                section.report("kind", "must be \"huddle01\" or \"realtimekit\"");
            }
            return None;
        }
    };
    section.finish();
    Some(ProviderConfig { id: id?, account: account?, webhooks })
}

fn read_huddle01(section: &mut Section<'_>, time: TimeBudget) -> Option<Huddle01Config> {
    for key in ["account_id", "app_id", "api_token", "api_token_file"] {
        section.refuse(key, "belongs to kind \"realtimekit\"; a huddle01 provider takes api_key alone");
    }
    let api_key = section.required_secret("api_key", "api_key_file");
    let upstream = read_upstream(section, Huddle01Config::DEFAULT_BASE_URL, time);
    let budget = read_budget(section, BudgetSettings { requests: 5, per: Duration::from_secs(1) });
    let max_pages = section.count("max_pages").map_or(DEFAULT_PAGES, u32::from);
    Some(Huddle01Config { api_key: api_key?, max_pages, upstream: upstream?, budget })
}

fn read_realtimekit(section: &mut Section<'_>, time: TimeBudget) -> Option<RealtimeKitConfig> {
    for key in ["api_key", "api_key_file"] {
        section.refuse(key, "belongs to kind \"huddle01\"; a realtimekit provider takes api_token");
    }
    let account_id = segment(section, "account_id");
    let app_id = segment(section, "app_id");
    let api_token = section.required_secret("api_token", "api_token_file");
    let upstream = read_upstream(section, RealtimeKitConfig::DEFAULT_BASE_URL, time);
    let budget = read_budget(section, BudgetSettings { requests: 600, per: Duration::from_secs(300) });
    let max_pages = section.count("max_pages").map_or(DEFAULT_PAGES, u32::from);
    Some(RealtimeKitConfig {
        account_id: account_id?,
        app_id: app_id?,
        api_token: api_token?,
        max_pages,
        upstream: upstream?,
        budget,
    })
}

fn segment(section: &mut Section<'_>, key: &'static str) -> Option<Segment> {
    let text = section.required_text(key, "0123456789abcdef0123456789abcdef")?;
    Segment::new(&text).map_err(|error| section.report(key, error.to_string())).ok()
}

fn read_budget(section: &mut Section<'_>, default: BudgetSettings) -> BudgetSettings {
    section.rate("budget").map_or(default, |(requests, per)| BudgetSettings { requests: requests.get(), per })
}

fn read_upstream(section: &mut Section<'_>, default_base_url: &str, time: TimeBudget) -> Option<UpstreamSettings> {
    let allow_insecure = section.boolean("allow_insecure_base_url", false);
    let base_url = section.text("base_url").unwrap_or_else(|| default_base_url.to_owned());
    let base_url =
        BaseUrl::parse(&base_url, allow_insecure).map_err(|error| section.report("base_url", error.to_string())).ok();
    let most = time.of_provider();
    let timeout = section.duration("timeout", DEFAULT_TIMEOUT.min(most));
    if timeout > most {
        let most = humantime::format_duration(Duration::from_millis(u64::try_from(most.as_millis()).unwrap_or(0)));
        let reason =
            format!("must be at most {most}, 85 % of server.request_timeout, so that a request can answer in time");
        section.report("timeout", reason);
    }
    let max_concurrency = section.count("max_concurrency").map_or(DEFAULT_CONCURRENCY, u32::from);
    let max_body_bytes = section.size("max_body_bytes", DEFAULT_BODY).as_u64();
    Some(UpstreamSettings {
        base_url: base_url?,
        timeout,
        max_concurrency: usize::try_from(max_concurrency).unwrap_or(usize::MAX),
        max_body_bytes: usize::try_from(max_body_bytes).unwrap_or(usize::MAX),
    })
}
