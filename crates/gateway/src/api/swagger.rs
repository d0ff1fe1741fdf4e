//! A page to read and try the API. Everything it loads is in the binary: it works offline. It is for people: the document
//! does not speak of it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderValue, header};
use utoipa_swagger_ui::Config;

use crate::api::state::Api;
use crate::problem::{Code, Problem};

/// What is left out of the page so that it can be read, after what Swagger UI itself says.
const STYLE: &str = include_str!("swagger.css");

/// The routes of the page.
pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/docs", get(get_docs)).route("/docs/{asset}", get(get_docs_asset))
}

async fn get_docs() -> Result<Response, Box<Problem>> {
    let (page, content_type) = file("index.html")?;
    // The page stands at /docs, not /docs/, so what it loads is named from there.
    let page = String::from_utf8_lossy(&page)
        .replace("href=\"./", "href=\"docs/")
        .replace("src=\"./", "src=\"docs/")
        .replace("href=\"index.css", "href=\"docs/index.css")
        .replace("<title>Swagger UI</title>", "<title>Rollcall API</title>");
    Ok(respond(Body::from(page), &content_type))
}

async fn get_docs_asset(asset: Result<Path<String>, PathRejection>) -> Result<Response, Box<Problem>> {
    let Ok(Path(asset)) = asset else { return Err(Box::new(no_such_file())) };
    let (mut bytes, content_type) = file(&asset)?;
    if asset == "index.css" {
        bytes.extend_from_slice(STYLE.as_bytes());
    }
    Ok(respond(Body::from(bytes), &content_type))
}

fn config() -> Config<'static> {
    Config::from("/openapi.json")
        // No validator: it is a foreign host that would be sent the document's address.
        .validator_url("none")
        // No bar that asks for the address of another document.
        .use_base_layout()
        // Operations one line each, schemas closed, bodies as examples: it opens as a page, not as a book.
        .doc_expansion("list")
        .default_models_expand_depth(0)
        .default_model_rendering("example")
        .deep_linking(true)
        .display_request_duration(true)
        .try_it_out_enabled(true)
        // The token stays in the memory of the page.
        .persist_authorization(false)
}

fn file(name: &str) -> Result<(Vec<u8>, String), Box<Problem>> {
    match utoipa_swagger_ui::serve(name, Arc::new(config())) {
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
