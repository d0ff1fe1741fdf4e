//! From what utoipa made to the document as it is published.

use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::api::document::examples::add_examples;
use crate::api::document::openapi30::to_openapi_30;
use crate::api::document::share::share;
use crate::api::document::share_examples::share_examples;
use crate::api::document::text::{PropertyOrder, write};
use crate::api::document::tidy::tidy;

/// A document, and in which order its schemas declare their properties.
#[derive(Debug)]
pub(crate) struct Published {
    value: Value,
    order: PropertyOrder,
}

impl Published {
    pub(super) fn of(document: OpenApi) -> Self {
        let order = PropertyOrder::of(&document);
        let mut value = serde_json::to_value(document).unwrap_or_default();
        tidy(&mut value);
        add_examples(&mut value);
        share(&mut value);
        share_examples(&mut value);
        Self { value, order }
    }

    /// The same for generators that know no 3.1.
    pub(crate) fn into_30(self) -> Self {
        Self { value: to_openapi_30(self.value), order: self.order }
    }

    /// As its file has it, with a final newline.
    pub(crate) fn text(&self) -> String {
        write(&self.value, &self.order)
    }
}
