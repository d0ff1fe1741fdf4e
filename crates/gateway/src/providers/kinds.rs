//! The kinds of provider that can be configured, and what only one of them says.

use std::borrow::Cow;

use provider_huddle01::Huddle01;
use provider_realtimekit::{RealtimeKit, RealtimeKitExtensions};
use session_provider::ProviderKind;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A kind of provider.
#[derive(Debug)]
pub struct Kind {
    /// Its name in configuration and answers.
    pub name: ProviderKind,
    /// The service's own name for itself.
    pub title: &'static str,
    /// What only it says of a session.
    pub extension: Option<Extension>,
}

/// How the `extensions` of a session of one kind are described.
#[derive(Debug)]
pub struct Extension {
    /// The name of the schema in the document.
    pub name: fn() -> Cow<'static, str>,
    pub schema: fn() -> RefOr<Schema>,
}

pub const KINDS: &[Kind] = &[
    Kind { name: Huddle01::KIND, title: "Huddle01", extension: None },
    Kind {
        name: RealtimeKit::KIND,
        title: "RealtimeKit",
        extension: Some(Extension::of::<RealtimeKitExtensions<'static>>()),
    },
];

impl Extension {
    const fn of<T: ToSchema + PartialSchema>() -> Self {
        Self { name: T::name, schema: T::schema }
    }
}
