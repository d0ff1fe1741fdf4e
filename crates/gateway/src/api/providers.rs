//! `/v1/providers`

use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, header};

use crate::api::document::{OpenProblems, ReadProblems};
use crate::api::query::RawQuery;
use crate::api::read_call::Reader;
use crate::api::reply;
use crate::api::state::ApiState;
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
    responses((status = 200, description = "The providers.", body = ProviderList), ReadProblems, OpenProblems),
    security(("bearer" = [])),
)]
pub(crate) async fn list_providers(
    State(api): State<ApiState>,
    reader: Reader,
    query: RawQuery,
) -> Result<Response, Box<Problem>> {
    query.none()?;
    let visible = api.app.providers.iter().filter(|provider| reader.caller.sees(provider.id()));
    let list = ProviderList {
        data: visible
            .map(|provider| ProviderInfo {
                provider: provider.id().to_string(),
                kind: KindName(provider.kind()),
                capabilities: provider.capabilities().into(),
                health: provider.health().into(),
            })
            .collect(),
    };
    let mut response = reply::json(&list)?;
    // Health is of this moment; there is nothing to revalidate.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("authorization"));
    Ok(response)
}
