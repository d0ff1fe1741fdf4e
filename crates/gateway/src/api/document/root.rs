//! What the document says of the API as a whole.

use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::api::document::finish::finish;
use crate::api::params::{Partial, SessionStatusFilter};
use crate::problem::Problem;
use crate::reads::Include;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rollcall",
        description = "Who is live, right now, on which video provider? One API over Huddle01 and Cloudflare RealtimeKit.\n\n\
            Every documented field is always present; `null` means that the provider did not say. Every 4xx and 5xx is \
            a problem (RFC 9457) with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem, Include, Partial, SessionStatusFilter)),
    servers((url = "/", description = "The instance that serves this document.")),
    tags(
        (name = "providers", description = "The configured accounts at video services."),
        (name = "live sessions", description = "What is live now."),
        (name = "events", description = "What is live, and how it changes: server-sent events."),
        (name = "moderation", description = "Changes to a live session. Needs the scope `sessions:moderate`."),
        (name = "sessions", description = "Sessions by their own id, live or ended."),
        (name = "webhooks", description = "Where the providers themselves say that something happened."),
        (name = "system", description = "The gateway itself. Open to everybody."),
    ),
)]
struct Root;

/// The document of these routes, 3.1, as pretty-printed JSON with sorted keys and a final newline.
pub(crate) fn document_of(routes: utoipa::openapi::OpenApi) -> String {
    let mut document = Root::openapi();
    document.info.version = "1.0.0".to_owned();
    document.merge(routes);
    let mut bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    bearer.description = Some(
        "A signed token with `exp`, `iat`, `iss`, `aud` and `sub`; `scope` holds `sessions:read` or \
         `sessions:moderate`; `providers`, where present, limits what it sees."
            .to_owned(),
    );
    let components = document.components.get_or_insert_default();
    components.security_schemes.insert("bearer".to_owned(), utoipa::openapi::RefOr::T(SecurityScheme::Http(bearer)));
    finish(document)
}
