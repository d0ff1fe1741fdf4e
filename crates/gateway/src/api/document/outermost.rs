//! What the layers around all routes do to each of them.

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Required, Type};

use crate::api::document::{HeaderDoc, add_headers, add_problems};
use crate::problem::Code;

const PROBLEMS: &[Code] =
    &[Code::InvalidRequest, Code::UriTooLong, Code::HeadersTooLarge, Code::Internal, Code::Overloaded];

const X_REQUEST_ID: HeaderDoc = HeaderDoc::text("X-Request-Id", "The id of the request.");
const WWW_AUTHENTICATE: HeaderDoc = HeaderDoc::text("WWW-Authenticate", "`Bearer`");
const RETRY_AFTER: HeaderDoc = HeaderDoc::integer("Retry-After", "Seconds to wait.");

/// Adds the problems of the layers, the headers of all problems, and the request's id. The last to describe an operation.
pub(crate) fn describe_outermost(operation: &mut Operation) {
    add_problems(operation, PROBLEMS);
    add_headers(operation, |_| true, &[X_REQUEST_ID]);
    if operation.security != Some(vec![SecurityRequirement::default()]) {
        add_headers(operation, |status| status == "401", &[WWW_AUTHENTICATE]);
    }
    add_headers(operation, |status| matches!(status, "429" | "503"), &[RETRY_AFTER]);
    // Without a pattern: one that does not fit is no fault.
    let schema = ObjectBuilder::new().schema_type(Type::String).build();
    let parameter = ParameterBuilder::new()
        .name("X-Request-Id")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other."))
        .schema(Some(schema))
        .build();
    operation.parameters.get_or_insert_default().push(parameter.into());
}
