//! The OpenAPI document: made from the handlers and the types; guards, answers and layers add what they do to a route.

mod component_names;
mod examples;
mod finish;
mod headers;
mod openapi30;
mod outermost;
mod problems;
mod root;
mod served;
mod share;
mod share_examples;
mod text;
mod tidy;

pub(crate) use headers::{CACHE_CONTROL, ETAG, HeaderDoc, add_headers};
pub(crate) use outermost::describe_outermost;
pub(crate) use problems::{add_problems, problem_responses};
pub(crate) use root::document_of;
pub(crate) use served::ServedDocument;

use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::path::Operation;

pub(crate) fn add_not_modified(operation: &mut Operation) {
    let description = "The caller holds the answer already. No body.";
    let response = ResponseBuilder::new().description(description).build();
    operation.responses.responses.insert("304".to_owned(), response.into());
}
