//! A page to read and try the API. Everything it loads is in the binary: it works offline.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use http::{HeaderValue, header};
use utoipa_swagger_ui::Config;

use crate::api::problem_sets::AssetProblems;
use crate::problem::{Code, Problem};

/// Documentation page
///
/// Swagger UI over `/openapi.json`.
#[utoipa::path(
    get,
    path = "/docs",
    operation_id = "get_docs",
    tag = "system",
    responses((status = 200, description = "The page.", content_type = "text/html", body = String)),
    security(()),
)]
pub(crate) async fn get_docs() -> Result<Response, Box<Problem>> {
    let (page, content_type) = file("index.html")?;
    // The page stands at /docs, not /docs/, so what it loads is named from there.
    let page = String::from_utf8_lossy(&page)
        .replace("href=\"./", "href=\"docs/")
        .replace("src=\"./", "src=\"docs/")
        .replace("href=\"index.css", "href=\"docs/index.css")
        .replace("<title>Swagger UI</title>", "<title>Rollcall API</title>");
    Ok(respond(Body::from(page), &content_type))
}

/// Documentation asset
///
/// A file that the documentation page loads.
#[utoipa::path(
    get,
    path = "/docs/{asset}",
    operation_id = "get_docs_asset",
    tag = "system",
    params(("asset" = String, Path, description = "The name of the file.")),
    responses((status = 200, description = "The file, of whatever type it is."), AssetProblems),
    security(()),
)]
pub(crate) async fn get_docs_asset(
    asset: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Box<Problem>> {
    let Ok(Path(asset)) = asset else { return Err(Box::new(no_such_file())) };
    let (bytes, content_type) = file(&asset)?;
    Ok(respond(Body::from(bytes), &content_type))
}

fn file(name: &str) -> Result<(Vec<u8>, String), Box<Problem>> {
    // No validator: it is a foreign host that would be sent the document's address.
    let config = Config::from("/openapi.json").validator_url("none").try_it_out_enabled(true);
    match utoipa_swagger_ui::serve(name, Arc::new(config)) {
        Ok(Some(file)) if !name.is_empty() => Ok((file.bytes.into_owned(), file.content_type)),
        Ok(_) => Err(Box::new(no_such_file())),
        Err(error) => {
            tracing::error!(%error, "a file of the documentation page could not be made");
            Err(Box::new(Problem::new(Code::Internal, "The file could not be made; this is our bug.")))
        }
    }
}

fn no_such_file() -> Problem {
    Problem::new(Code::RouteNotFound, "The documentation page has no such file.")
}

fn respond(body: Body, content_type: &str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}
