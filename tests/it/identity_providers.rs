//! The tables of `docs/identity-providers.md`, shown the tokens that identity providers really send.

mod shapes;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use axum::Router;
use axum::extract::Path as UrlPath;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rollcall_tests::{Setup, Stack};
use serde_json::{Value, json};
use session_provider::Clock;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::identity_providers::shapes::{Shape, Worth, all};

/// The key of each table. Entra's two issuers share theirs, as they really do.
static KEYS: LazyLock<BTreeMap<&'static str, SigningKey>> = LazyLock::new(|| {
    let make = |table| (table, SigningKey::new(table));
    let mut keys: BTreeMap<_, _> =
        ["entra-v2", "okta", "auth0", "keycloak", "cognito", "google", "google-board"].map(make).into();
    let entra = keys["entra-v2"].clone();
    keys.insert("entra-v1", entra);
    keys
});

#[derive(Clone)]
struct SigningKey {
    kid: String,
    key: EncodingKey,
    n: String,
}

impl SigningKey {
    fn new(table: &str) -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let private = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("PKCS #8");
        let pem =
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(private.as_ref()));
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        Self {
            kid: format!("{table}-key="),
            key: EncodingKey::from_rsa_pem(pem.as_bytes()).expect("an RSA key"),
            n: URL_SAFE_NO_PAD.encode(public.n),
        }
    }

    fn sign(&self, kid: &str, shape: &Shape) -> String {
        let now = Clock::system().now().unix_seconds();
        let (mut header, mut claims) = (shape.header.clone(), shape.claims.clone());
        (header["alg"], header["kid"]) = (json!("RS256"), json!(kid));
        let (issued, lives) = shape.times;
        (claims["iat"], claims["exp"]) = (json!(now - issued), json!(now - issued + lives));
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature = crypto::sign(signed.as_bytes(), &self.key, Algorithm::RS256).expect("a signature");
        format!("{signed}.{signature}")
    }
}

/// A token of the shape, signed by whom it says.
fn token(shape: &Shape) -> String {
    let key = &KEYS[shape.table];
    key.sign(&key.kid, shape)
}

/// The key set as that identity provider publishes it.
fn key_set(table: &str) -> Value {
    let key = &KEYS[table];
    let mut jwk = json!({ "kty": "RSA", "use": "sig", "kid": key.kid, "n": key.n, "e": "AQAB" });
    let keys = match table {
        "entra-v1" | "entra-v2" => {
            jwk["x5t"] = json!(key.kid);
            jwk["x5c"] = json!(["MIIC"]);
            jwk["issuer"] = json!("https://login.microsoftonline.com/{tenantid}/v2.0");
            vec![jwk]
        }
        "keycloak" => {
            let mut encrypts = jwk.clone();
            (encrypts["alg"], encrypts["use"], encrypts["kid"]) = (json!("RSA-OAEP"), json!("enc"), json!("enc"));
            jwk["alg"] = json!("RS256");
            vec![encrypts, jwk]
        }
        _ => {
            jwk["alg"] = json!("RS256");
            vec![jwk]
        }
    };
    json!({ "keys": keys })
}

/// The tables that the page shows, by their names.
fn tables() -> BTreeMap<String, String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace");
    let page = std::fs::read_to_string(page.join("docs/identity-providers.md")).expect("the page");
    let blocks = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let named = blocks.map(|block| {
        let name = block.strip_prefix("[auth.issuers.").and_then(|rest| rest.split(']').next());
        (name.unwrap_or_else(|| panic!("no table of an issuer: {block}")).to_owned(), block.to_owned())
    });
    named.collect()
}

/// A gateway with these tables as they stand on the page, but for where the keys are. The set keeps the key server.
async fn gateway(tables: impl Iterator<Item = (&String, &String)>) -> (Stack, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let serve = |UrlPath(table): UrlPath<String>| async move { axum::Json(key_set(&table)) };
    let router = Router::new().route("/{table}", get(serve));
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    let local = |(name, block): (&String, &String)| {
        let line = |line: &str| match line.starts_with("jwks_url = ") {
            true => format!("jwks_url = \"{base}/{name}\"\n"),
            false => format!("{line}\n"),
        };
        block.lines().map(line).collect::<String>()
    };
    let auth = tables.map(local).collect();
    let stack = Stack::start_with(Setup { auth: Some(auth), ..Setup::default() }).await;
    while stack.get_as("/readyz", None).await.status != StatusCode::OK {
        tokio::task::yield_now().await;
    }
    (stack, tasks)
}

/// What the gateway takes the token to be worth.
async fn worth(stack: &Stack, token: &str) -> Worth {
    let kick = json!({ "participant_ids": ["somebody"] });
    let reads = stack.get_as("/v1/providers", Some(token)).await.status.as_u16();
    let moderates =
        stack.post_as("/v1/live-sessions/huddle01/room/kick", Some(token), &kick, &[]).await.status.as_u16();
    match (reads, moderates) {
        (401, 401) => Worth::Refused,
        (403, 403) => Worth::Nothing,
        (200, 403) => Worth::Read,
        (200, 501) => Worth::Moderate, // Huddle01 has no kick: whoever may moderate is told so
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_token_is_worth_what_the_page_says_with_all_tables_side_by_side() {
    let tables = tables();
    let (stack, _keys) = gateway(tables.iter()).await;
    let shapes = all();
    for shape in &shapes {
        assert_eq!(worth(&stack, &token(shape)).await, shape.worth, "{}: {}", shape.table, shape.what);
    }
    for table in tables.keys() {
        let shown = shapes.iter().any(|shape| shape.table == table && shape.worth != Worth::Refused);
        assert!(shown, "the page has a table {table} and nothing shows that it works");
    }
}

#[tokio::test]
async fn every_token_is_good_under_its_own_table_alone_and_refused_under_all_others() {
    let tables = tables();
    for (name, block) in &tables {
        let (stack, _keys) = gateway([(name, block)].into_iter()).await;
        for shape in all() {
            let expected = if shape.table == name { shape.worth } else { Worth::Refused };
            assert_eq!(worth(&stack, &token(&shape)).await, expected, "{}: {} under {name}", shape.table, shape.what);
        }
    }
}

#[tokio::test]
async fn no_issuer_vouches_for_another() {
    let tables = tables();
    let (stack, _keys) = gateway(tables.iter()).await;
    let of_table = |table: &&str| all().into_iter().find(|shape| shape.table == *table).expect("a token");
    let good: Vec<Shape> = KEYS.keys().map(of_table).collect();
    for shape in &good {
        for (other, key) in KEYS.iter().filter(|(_, key)| key.kid != KEYS[shape.table].kid) {
            for kid in [&key.kid, &KEYS[shape.table].kid] {
                let forged = key.sign(kid, shape);
                assert_eq!(worth(&stack, &forged).await, Worth::Refused, "{}: {} by {other}", shape.table, shape.what);
            }
        }
        for neighbour in good.iter().filter(|other| KEYS[other.table].kid != KEYS[shape.table].kid) {
            let mut claims = neighbour.claims.clone();
            claims["iss"] = shape.claims["iss"].clone();
            let disguised =
                KEYS[neighbour.table].sign(&KEYS[neighbour.table].kid, &Shape { claims, ..neighbour.clone() });
            assert_eq!(worth(&stack, &disguised).await, Worth::Refused, "{} as {}", neighbour.table, shape.table);
        }
    }
}
