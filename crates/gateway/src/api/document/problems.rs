//! Problems as responses: one for each status, of all codes that share it.

use std::collections::BTreeMap;

use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::problem::Code;

/// One response for each status: the codes share it, and it refers to the one schema of all problems.
pub(crate) fn problem_responses(codes: impl IntoIterator<Item = Code>) -> BTreeMap<String, RefOr<Response>> {
    let mut responses = BTreeMap::new();
    for code in codes {
        add(&mut responses, code);
    }
    responses
}

/// Adds these to what the operation may answer. A code that it has already is not told twice.
pub(crate) fn add_problems(operation: &mut Operation, codes: &[Code]) {
    for code in codes {
        add(&mut operation.responses.responses, *code);
    }
}

fn add(responses: &mut BTreeMap<String, RefOr<Response>>, code: Code) {
    let told = format!("`{}`", code.as_str());
    match responses.get_mut(code.status().as_str()) {
        Some(RefOr::T(response)) => {
            if !response.description.contains(&told) {
                response.description = format!("{}, {told}", response.description);
            }
        }
        Some(RefOr::Ref(_)) => {}
        None => {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let response =
                ResponseBuilder::new().description(told).content("application/problem+json", content).build();
            responses.insert(code.status().as_str().to_owned(), response.into());
        }
    }
}
