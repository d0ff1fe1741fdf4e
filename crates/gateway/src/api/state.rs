//! What every handler may use.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use caller_auth::Caller;
use session_provider::{Error, Operation, ProviderId};
use tower_http::cors::CorsLayer;

use crate::api::cors;
use crate::api::document::ServedDocument;
use crate::app::App;
use crate::problem::{Code, Problem};
use crate::providers::Provider;

/// The state of every handler.
pub(crate) type Api = Arc<ApiState>;

/// The gateway's parts, and the document.
#[derive(Debug)]
pub(crate) struct ApiState {
    pub(crate) app: App,
    /// If pages of other origins may read answers.
    pub(crate) cors: Option<CorsLayer>,
    /// Made when it is first asked for.
    pub(crate) document: &'static LazyLock<ServedDocument>,
}

impl ApiState {
    pub(crate) fn new(app: App, document: &'static LazyLock<ServedDocument>) -> Api {
        Arc::new(Self { cors: cors::allow(&app.cors_origins), app, document })
    }

    /// The provider of that name, if this caller may know of it. A name that no provider can have is just unknown.
    pub(crate) fn provider(&self, caller: &Caller, name: &str) -> Result<Provider, Box<Problem>> {
        let visible = self.app.providers.get(name).filter(|provider| caller.sees(provider.id()));
        visible.cloned().ok_or_else(|| Box::new(provider_not_found()))
    }

    /// The providers of these names, each of which this caller may know of; `None` for no names: all that the caller sees.
    pub(crate) fn named(
        &self,
        caller: &Caller,
        names: &[String],
    ) -> Result<Option<BTreeSet<ProviderId>>, Box<Problem>> {
        let visible = names.iter().map(|name| Ok(self.provider(caller, name)?.id().clone()));
        if names.is_empty() { Ok(None) } else { visible.collect::<Result<_, _>>().map(Some) }
    }

    /// The provider of that name, if this caller may know of it and it can do this.
    pub(crate) fn provider_for(
        &self,
        operation: Operation,
        caller: &Caller,
        name: &str,
    ) -> Result<Provider, Box<Problem>> {
        let provider = self.provider(caller, name)?;
        if provider.capabilities().supports(operation) {
            return Ok(provider);
        }
        let detail = format!("The provider '{}' does not offer {operation}; nothing was sent to it.", provider.id());
        let error = Error::unsupported(operation).with_detail(detail).at_provider(provider.id());
        Err(Box::new(Problem::from(&error)))
    }
}

/// One answer for a provider that does not exist and for one that the caller may not know of.
fn provider_not_found() -> Problem {
    Problem::new(
        Code::ProviderNotFound,
        "No provider of this id is configured, or this token may not see it. GET /v1/providers lists those it may see.",
    )
}
