//! Headers of answers.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Object, RefOr, Type};

/// A header as the document describes it.
#[derive(Debug, Clone)]
pub(crate) struct HeaderDoc {
    name: &'static str,
    kind: HeaderKind,
    description: &'static str,
    always: bool,
}

/// Names the answer.
pub(crate) const ETAG: HeaderDoc =
    HeaderDoc::text("ETag", "Names the answer, but for `fetched_at`; send it back as `If-None-Match`. Weak.");

/// Of every answer that says it.
pub(crate) const CACHE_CONTROL: HeaderDoc = HeaderDoc::text(
    "Cache-Control",
    "Who may keep the answer, and for how long; `no-store` when it is stale or incomplete.",
);

#[derive(Debug, Clone, Copy)]
enum HeaderKind {
    Text,
    Integer,
}

impl HeaderDoc {
    /// A text that is always there.
    pub(crate) const fn text(name: &'static str, description: &'static str) -> Self {
        Self { name, kind: HeaderKind::Text, description, always: true }
    }

    /// A whole number that is always there.
    pub(crate) const fn integer(name: &'static str, description: &'static str) -> Self {
        Self { name, kind: HeaderKind::Integer, description, always: true }
    }

    /// The same, where there is something to say.
    pub(crate) const fn sometimes(self) -> Self {
        Self { always: false, ..self }
    }
}

/// Stands for `required: true` until the document is written: utoipa's headers have no such member.
pub(super) const REQUIRED: &str = "x-required";

/// Adds headers to the responses of these statuses.
pub(crate) fn add_headers(operation: &mut Operation, statuses: impl Fn(&str) -> bool, headers: &[HeaderDoc]) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if !statuses(status) {
            continue;
        }
        for header in headers {
            let kind = match header.kind {
                HeaderKind::Text => Type::String,
                HeaderKind::Integer => Type::Integer,
            };
            let mut builder =
                HeaderBuilder::new().schema(Some(Object::with_type(kind))).description(Some(header.description));
            if header.always {
                let required = utoipa::openapi::extensions::ExtensionsBuilder::new().add(REQUIRED, true).build();
                builder = builder.extensions(Some(required));
            }
            response.headers.insert(header.name.to_owned(), builder.build().into());
        }
    }
}
