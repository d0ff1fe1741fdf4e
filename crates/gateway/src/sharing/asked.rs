//! What is asked: by it the accounts of several replicas are the same, whatever each calls them.

use coordination::{Name, Scope};
use secrecy::ExposeSecret;

use crate::config::{Account, ProviderConfig};

/// The scope of a provider: its kind, base URL, account, app and the digest of its credential. Frozen.
pub(crate) fn scope(config: &ProviderConfig) -> Scope {
    let kind = config.kind();
    let base_url = config.upstream().base_url.as_url().as_str();
    let (account, app, secret) = match &config.account {
        Account::Huddle01(account) => ("", "", &account.api_key),
        Account::RealtimeKit(account) => (account.account_id.as_str(), account.app_id.as_str(), &account.api_token),
    };
    let credential = Name::of([secret.expose_secret().as_bytes()]).to_string();
    Scope(Name::of([kind.as_str(), base_url, account, app, &credential].map(str::as_bytes)))
}
