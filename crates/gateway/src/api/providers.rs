//! `/v1/providers`

use crate::api::answer::UncachedAnswer;
use crate::api::guard::Reader;
use crate::api::params::NoQuery;
use crate::api::problem_sets::ListProvidersProblems;
use crate::api::state::Api;
use crate::model::{KindName, ProviderInfo, ProviderList};
use crate::problem::Problem;

/// List providers
///
/// The providers that this caller may see, by id: what each can do, and what was seen of it lately. Never calls a
/// provider.
#[utoipa::path(
    get,
    path = "/v1/providers",
    operation_id = "list_providers",
    tag = "providers",
    responses((status = 200, description = "The providers.", body = ProviderList), ListProvidersProblems),
    security(("bearer" = [])),
)]
pub(crate) async fn list_providers(
    api: Api,
    reader: Reader,
    _query: NoQuery,
) -> Result<UncachedAnswer<ProviderList>, Box<Problem>> {
    let visible = api.app.providers.iter().filter(|provider| reader.caller.sees(provider.id()));
    Ok(UncachedAnswer(ProviderList {
        data: visible
            .map(|provider| ProviderInfo {
                provider: provider.id().to_string(),
                kind: KindName(provider.kind()),
                capabilities: provider.capabilities().into(),
                health: provider.health().into(),
            })
            .collect(),
    }))
}
