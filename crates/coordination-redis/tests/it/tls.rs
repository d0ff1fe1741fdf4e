//! A store over TLS.

use std::time::Duration;

use coordination::{Name, Scope, Store, StoreError};
use coordination_redis::{RedisConfig, RedisStore};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::server::{PATIENT, Server, config};

/// An authority's certificate, and one of `localhost` that it vouches for, with its key.
fn certificates() -> (String, String, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(params, authority_key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    (authority.pem(), server.pem(), key.serialize_pem())
}

async fn step(config: &RedisConfig) -> Result<bool, StoreError> {
    let store = RedisStore::new(config).unwrap();
    store.remember(Scope(Name::of([])), Name::of([]), Duration::from_secs(1)).await
}

#[tokio::test]
async fn the_server_must_be_vouched_for() {
    let (authority, certificate, key) = certificates();
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (ca_file, cert_file, key_file) =
        (file("ca.pem", &authority), file("cert.pem", &certificate), file("key.pem", &key));
    let arguments = [
        "--port",
        "0",
        "--tls-port",
        "PORT",
        "--tls-auth-clients",
        "no",
        "--tls-ca-cert-file",
        &ca_file,
        "--tls-cert-file",
        &cert_file,
        "--tls-key-file",
        &key_file,
    ];
    let Some(server) = Server::start(&arguments).await else { return };
    let url = format!("rediss://localhost:{}", server.port);
    let trusting = RedisConfig { authorities: Some(authority.clone().into_bytes()), ..config(&url) };
    assert!(step(&trusting).await.unwrap());

    let unreachable = "the shared store cannot be reached";
    let (another, ..) = certificates();
    let other_authority = RedisConfig { authorities: Some(another.into_bytes()), ..config(&url) };
    assert_eq!(step(&other_authority).await.unwrap_err().to_string(), unreachable);
    assert_eq!(step(&config(&url)).await.unwrap_err().to_string(), unreachable, "the system does not trust it");
    let other_name = format!("rediss://127.0.0.1:{}", server.port);
    let other_name = RedisConfig { url: other_name.into(), ..trusting.clone() };
    assert_eq!(step(&other_name).await.unwrap_err().to_string(), unreachable, "the certificate is of another name");
    let plain = RedisConfig { url: format!("redis://localhost:{}", server.port).into(), timeout: PATIENT, ..trusting };
    assert!(step(&plain).await.is_err(), "without TLS");
}
