//! What identity providers put into tokens, with invented values. Times and keys come from whoever signs them.

use serde_json::{Value, json};

/// What a token of a shape is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    Read,
    /// It may read and moderate.
    Moderate,
    /// It is a good token and grants nothing.
    Nothing,
    Refused,
}

/// A token before it is dated and signed.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// The table of `docs/identity-providers.md` that is for it.
    pub(crate) table: &'static str,
    pub(crate) what: &'static str,
    /// Without `alg` and `kid`.
    pub(crate) header: Value,
    /// Without `iat` and `exp`.
    pub(crate) claims: Value,
    /// How many seconds ago it was issued, and how many it lives in all.
    pub(crate) times: (i64, i64),
    pub(crate) worth: Worth,
}

const HOUR: (i64, i64) = (0, 3600);
const TENANT: &str = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const API: &str = "00001111-aaaa-2222-bbbb-3333cccc4444";
const CLIENT: &str = "55556666-dddd-7777-eeee-8888ffff9999";

pub(crate) fn all() -> Vec<Shape> {
    [entra_v2(), entra_v1(), okta(), auth0(), keycloak(), cognito(), google()].concat()
}

/// The members of both; the second has the last word.
fn merged(base: &Value, more: Value) -> Value {
    let mut all = base.clone();
    if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
        all.extend(more);
    }
    all
}

fn entra_v2() -> Vec<Shape> {
    let base = json!({
        "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"), "aud": API, "nbf": 1_700_000_000, "tid": TENANT,
        "aio": "ATQAy/8TAAAA", "azp": CLIENT, "azpacr": "1", "oid": "11112222-bbbb-3333-cccc-4444dddd5555",
        "rh": "0.AAAAxyz.", "sub": "hKd4LMsLTQ0tCQ", "uti": "abcDEF123", "ver": "2.0",
    });
    let shape = |what, claims, worth| Shape {
        table: "entra-v2",
        what,
        header: json!({ "typ": "JWT" }),
        claims: merged(&base, claims),
        times: (300, 5400),
        worth,
    };
    let user = json!({ "name": "Ada Example", "preferred_username": "ada@example.com" });
    vec![
        shape("a user's", merged(&user, json!({ "scp": "User.Read Sessions.Read" })), Worth::Read),
        shape(
            "a moderating user's",
            merged(&user, json!({ "scp": "Sessions.Moderate Sessions.Read" })),
            Worth::Moderate,
        ),
        shape("an app's", json!({ "roles": ["Sessions.Read.All"], "idtyp": "app" }), Worth::Read),
        shape(
            "an app's, moderating",
            json!({ "roles": ["Sessions.Read.All", "Sessions.Moderate.All"] }),
            Worth::Moderate,
        ),
        shape("an app's without a role", json!({}), Worth::Nothing),
        shape("an ID token", merged(&user, json!({ "aud": CLIENT, "nonce": "n" })), Worth::Refused),
        shape("of another tenant", json!({ "iss": "https://login.microsoftonline.com/other/v2.0" }), Worth::Refused),
    ]
}

fn entra_v1() -> Vec<Shape> {
    let base = json!({
        "iss": format!("https://sts.windows.net/{TENANT}/"), "aud": "api://rollcall", "nbf": 1_700_000_000, "acr": "1",
        "aio": "AUQAu/8TAAAA", "appid": CLIENT, "appidacr": "1", "oid": "11112222-bbbb-3333-cccc-4444dddd5555",
        "rh": "0.AAAAxyz.", "sub": "11112222-bbbb-3333-cccc-4444dddd5555", "tid": TENANT, "uti": "abcDEF123", "ver": "1.0",
    });
    let shape = |what, claims, worth| Shape {
        table: "entra-v1",
        what,
        header: json!({ "typ": "JWT", "x5t": "entra-v1" }),
        claims: merged(&base, claims),
        times: (300, 5100),
        worth,
    };
    let user = json!({
        "amr": ["pwd", "mfa"], "family_name": "Example", "given_name": "Ada", "ipaddr": "203.0.113.7", "name": "Ada Example",
        "unique_name": "ada@example.com", "upn": "ada@example.com", "scp": "Sessions.Read"
    });
    vec![
        shape("a user's", user.clone(), Worth::Read),
        shape(
            "a user's, for the other name of the API",
            merged(&user, json!({ "aud": format!("api://{API}") })),
            Worth::Read,
        ),
        shape(
            "an app's",
            json!({ "roles": ["Sessions.Read.All", "Sessions.Moderate.All"], "idp": "x" }),
            Worth::Moderate,
        ),
        shape(
            "for Microsoft Graph",
            json!({ "aud": "https://graph.microsoft.com", "scp": "Sessions.Read" }),
            Worth::Refused,
        ),
    ]
}

fn okta() -> Vec<Shape> {
    let base = json!({
        "ver": 1, "jti": "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE", "iss": "https://example.okta.com/oauth2/default",
        "aud": "api://rollcall", "cid": "0oa1example2345678",
    });
    let shape = |what, claims, worth| Shape {
        table: "okta",
        what,
        header: json!({}),
        claims: merged(&base, claims),
        times: HOUR,
        worth,
    };
    let user = json!({ "sub": "ada@example.com", "uid": "00u1example2345678", "auth_time": 1_700_000_000 });
    vec![
        shape("a user's", merged(&user, json!({ "scp": ["openid", "rollcall.read"] })), Worth::Read),
        shape(
            "a service's",
            json!({ "sub": "0oa1example2345678", "scp": ["rollcall.moderate", "rollcall.read"] }),
            Worth::Moderate,
        ),
        shape("a user's without ours", merged(&user, json!({ "scp": ["openid", "sessions:read"] })), Worth::Nothing),
        shape(
            "an ID token",
            merged(&user, json!({ "aud": "0oa1example2345678", "amr": ["pwd"], "idp": "00o1" })),
            Worth::Refused,
        ),
    ]
}

fn auth0() -> Vec<Shape> {
    let base = json!({ "iss": "https://example.eu.auth0.com/", "azp": "EXAMPLEclientid0000000000000000" });
    let shape = |what, typ: &str, claims, worth| Shape {
        table: "auth0",
        what,
        header: json!({ "typ": typ }),
        claims: merged(&base, claims),
        times: (0, 86_400),
        worth,
    };
    let both = json!(["https://rollcall.example.com", "https://example.eu.auth0.com/userinfo"]);
    let user =
        json!({ "sub": "auth0|0123456789abcdef01234567", "aud": both, "scope": "openid profile moderate:sessions" });
    let app = json!({ "sub": "EXAMPLEclientid0000000000000000@clients", "aud": "https://rollcall.example.com" });
    let moderating = json!({
        "gty": "client-credentials", "permissions": ["read:sessions", "moderate:sessions"],
        "scope": "read:sessions moderate:sessions"
    });
    vec![
        shape("a user's", "JWT", merged(&user, json!({ "permissions": ["read:sessions"] })), Worth::Read),
        shape("an app's", "JWT", merged(&app, moderating), Worth::Moderate),
        shape(
            "of the profile of RFC 9068",
            "at+jwt",
            merged(&user, json!({ "permissions": ["read:sessions"], "client_id": "x" })),
            Worth::Read,
        ),
        shape(
            "a user's who asked for more than is assigned",
            "JWT",
            merged(&user, json!({ "permissions": [] })),
            Worth::Nothing,
        ),
    ]
}

fn keycloak() -> Vec<Shape> {
    let base = json!({
        "jti": "trrtcc:1e9d2b5c", "iss": "https://keycloak.example.com/realms/main", "aud": ["rollcall", "account"],
        "sub": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "typ": "Bearer", "azp": "board", "acr": "1",
        "allowed-origins": ["https://board.example.com"], "realm_access": { "roles": ["offline_access"] },
        "resource_access": { "account": { "roles": ["view-profile"] } },
    });
    let shape = |what, claims, worth| Shape {
        table: "keycloak",
        what,
        header: json!({ "typ": "JWT" }),
        claims: merged(&base, claims),
        times: (0, 300),
        worth,
    };
    let service =
        json!({ "scope": "email sessions:read sessions:moderate", "clientHost": "203.0.113.7", "client_id": "board" });
    vec![
        shape(
            "a user's",
            json!({ "scope": "openid sessions:read", "sid": "s", "preferred_username": "ada" }),
            Worth::Read,
        ),
        shape("a service account's", service, Worth::Moderate),
        shape("an ID token", json!({ "typ": "ID", "scope": "sessions:read" }), Worth::Refused),
        shape("a refresh token", json!({ "typ": "Refresh", "scope": "sessions:read" }), Worth::Refused),
        shape(
            "of a client without the audience",
            json!({ "aud": "account", "scope": "sessions:read" }),
            Worth::Refused,
        ),
    ]
}

fn cognito() -> Vec<Shape> {
    let base = json!({
        "sub": "aaaaaaaa-bbbb-cccc-dddd-example", "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE",
        "client_id": "1example23456789", "token_use": "access", "version": 2, "auth_time": 1_700_000_000,
        "jti": "aaaaaaaa-bbbb-cccc-dddd-example",
    });
    let shape = |what, claims, worth| Shape {
        table: "cognito",
        what,
        header: json!({}),
        claims: merged(&base, claims),
        times: HOUR,
        worth,
    };
    let user = json!({
        "cognito:groups": ["staff"], "origin_jti": "x", "event_id": "y", "username": "ada",
        "scope": "openid rollcall/read"
    });
    let id = json!({ "token_use": "id", "aud": "1example23456789", "email_verified": true, "scope": "rollcall/read" });
    vec![
        shape("a user's", user, Worth::Read),
        shape(
            "an app's",
            json!({ "client_id": "2example23456789", "scope": "rollcall/read rollcall/moderate" }),
            Worth::Moderate,
        ),
        shape("a user's of the built-in pages", json!({ "scope": "aws.cognito.signin.user.admin" }), Worth::Nothing),
        shape("an ID token", id, Worth::Refused),
        shape(
            "of an app client that is not listed",
            json!({ "client_id": "3example", "scope": "rollcall/read" }),
            Worth::Refused,
        ),
    ]
}

fn google() -> Vec<Shape> {
    let identity = json!({
        "iss": "https://accounts.google.com", "aud": "https://rollcall.example.com", "azp": "112233445566778899001",
        "sub": "112233445566778899001", "email_verified": true,
    });
    let account = |name: &str| format!("{name}@example-project.iam.gserviceaccount.com");
    let shape = |what, claims, worth| Shape {
        table: "google",
        what,
        header: json!({ "typ": "JWT" }),
        claims: merged(&identity, claims),
        times: HOUR,
        worth,
    };
    let own = |what, claims, worth| Shape {
        table: "google-board",
        what,
        header: json!({ "typ": "JWT" }),
        claims: merged(
            &json!({ "iss": account("board"), "sub": account("board"), "aud": "https://rollcall.example.com" }),
            claims,
        ),
        times: HOUR,
        worth,
    };
    let stranger = json!({ "email": "board@another-project.iam.gserviceaccount.com" });
    vec![
        shape("an account's", json!({ "email": account("board") }), Worth::Read),
        shape("a moderating account's", json!({ "email": account("moderator") }), Worth::Moderate),
        shape("of another project's account", stranger, Worth::Nothing),
        shape(
            "of an address nobody verified",
            json!({ "email": account("board"), "email_verified": false }),
            Worth::Refused,
        ),
        own("signed by the account", json!({}), Worth::Read),
        own("signed by the account, which asks for more", json!({ "scope": "sessions:moderate" }), Worth::Read),
    ]
}
