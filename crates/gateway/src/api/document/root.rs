//! What the document says of the API as a whole.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Components, Schema};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{OpenApi, ToSchema};

use crate::api::document::finish::Published;
use crate::api::params::{Partial, SessionStatusFilter};
use crate::id_schemas::{ProviderIdJson, RoomIdJson, SessionIdJson};
use crate::problem::{Code, Problem, ProblemType};
use crate::reads::Include;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rollcall",
        description = include_str!("about.md"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem, Include, Partial, SessionStatusFilter, ProviderIdJson, RoomIdJson, SessionIdJson)),
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

/// The document of these routes, 3.1.
pub(crate) fn document_of(routes: utoipa::openapi::OpenApi) -> Published {
    let mut document = Root::openapi();
    document.info.version = "1.0.0".to_owned();
    document.merge(routes);
    let mut bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    bearer.description = Some(
        "A signed token with `exp`, `iat`, `iss`, `aud`, `sub` and `scope`; `providers`, where present, limits what it sees."
            .to_owned(),
    );
    let components = document.components.get_or_insert_default();
    components.security_schemes.insert("bearer".to_owned(), RefOr::T(SecurityScheme::Http(bearer)));
    describe_codes(components);
    Published::of(document)
}

/// What each code means, where readers of the document look for it.
fn describe_codes(components: &mut Components) {
    if let Some(RefOr::T(Schema::Object(codes))) = components.schemas.get_mut(&*Code::name()) {
        let about = "A stable name for a cause. The status says who must act. Closed: these are all.";
        codes.description = Some(format!("{about}\n\n{}", ProblemType::short_table().trim_end()));
    }
}
