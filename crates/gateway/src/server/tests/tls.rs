//! TLS: handshakes, protocols, clients' certificates, files that change.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::*;
use crate::config::TlsConfig;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// The PEM of a certificate for `name` and of its key.
fn issued(authority: &Authority, name: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    (certificate.pem(), key.serialize_pem())
}

struct Folder {
    _folder: TempDir,
    config: TlsConfig,
}

impl Folder {
    fn with((certificate, key): (String, String), client_ca: Option<&Authority>) -> Self {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        let config = TlsConfig {
            table: TlsConfig::OF_SERVER,
            cert_file: path("tls.crt"),
            key_file: path("tls.key"),
            client_ca_file: client_ca.map(|_| path("ca.crt")),
        };
        if let Some(authority) = client_ca {
            std::fs::write(path("ca.crt"), authority.as_ref().pem()).unwrap();
        }
        let folder = Self { _folder: folder, config };
        folder.write(&certificate, &key);
        folder
    }

    fn write(&self, certificate: &str, key: &str) {
        std::fs::write(&self.config.cert_file, certificate).unwrap();
        std::fs::write(&self.config.key_file, key).unwrap();
    }

    async fn load(&self) -> Tls {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Tls::load(&self.config).await.unwrap()
    }
}

/// A client that trusts the authority, perhaps with a certificate of its own.
async fn connect(
    server: &Running,
    authority: &Authority,
    protocols: &[&str],
    own: Option<&(String, String)>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.as_ref().der().clone()).unwrap();
    let builder = ClientConfig::builder().with_root_certificates(roots);
    let mut config = match own {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => builder
            .with_client_auth_cert(
                vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
                PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
            )
            .unwrap(),
    };
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from("localhost").unwrap();
    in_time(TlsConnector::from(Arc::new(config)).connect(name, server.connect().await)).await
}

async fn ask(stream: &mut TlsStream<TcpStream>) -> std::io::Result<String> {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    in_time(stream.read_to_string(&mut answer)).await?;
    Ok(answer)
}

#[tokio::test]
async fn both_protocols_are_spoken_over_tls_and_the_client_chooses() {
    let authority = authority();
    let tls = Folder::with(issued(&authority, "localhost"), None).load().await;
    let server = Running::start_with(hello(), PATIENT, 10, Some(tls)).await;
    for (offered, chosen) in [
        (&["http/1.1"][..], Some("http/1.1")),
        (&["h2", "http/1.1"], Some("h2")),
        (&["http/1.1", "h2"], Some("h2")),
        (&[], None),
    ] {
        let mut stream = connect(&server, &authority, offered, None).await.unwrap();
        let protocol = stream.get_ref().1.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
        assert_eq!(protocol.as_deref(), chosen);
        if chosen != Some("h2") {
            let answer = ask(&mut stream).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"), "{answer}");
        }
    }
    // Who speaks plain HTTP gets nowhere, and disturbs nobody.
    let mut plain = server.connect().await;
    send(&mut plain, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(!read_all(&mut plain).await.contains("HTTP/"));
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_cut_counts_and_makes_room() {
    let authority = authority();
    let folder = Folder::with(issued(&authority, "localhost"), None);
    let timeouts = ConnectionTimeouts { first_byte: SOON, ..PATIENT };
    let server = Running::start_with(hello(), timeouts, 10, Some(folder.load().await)).await;
    let mut silent = server.connect().await;
    assert_eq!(read_all(&mut silent).await, "");

    let full = Running::start_with(hello(), PATIENT, 1, Some(folder.load().await)).await;
    let mut silent = full.connect().await;
    let mut stream = connect(&full, &authority, &[], None).await.unwrap();
    assert_eq!(read_all(&mut silent).await, "", "it had the only place");
    assert!(ask(&mut stream).await.unwrap().ends_with("hello"));
}

#[tokio::test]
async fn a_handshake_does_not_hold_the_drain_up() {
    let authority = authority();
    let tls = Folder::with(issued(&authority, "localhost"), None).load().await;
    let mut server = Running::start_with(hello(), PATIENT, 10, Some(tls)).await;
    let mut silent = server.connect().await;
    let mut idle = connect(&server, &authority, &["h2"], None).await.unwrap();
    server.shutdown.drain.cancel();
    assert_eq!(read_all(&mut silent).await, "");
    let mut rest = Vec::new();
    let _ = in_time(idle.read_to_end(&mut rest)).await;
    server.ended().await;
}

#[tokio::test]
async fn clients_must_show_a_certificate_of_the_right_authority() {
    let (own, strange) = (authority(), authority());
    let tls = Folder::with(issued(&own, "localhost"), Some(&own)).load().await;
    let server = Running::start_with(hello(), PATIENT, 10, Some(tls)).await;
    let (good, bad) = (issued(&own, "client"), issued(&strange, "client"));
    let mut stream = connect(&server, &own, &[], Some(&good)).await.unwrap();
    assert!(ask(&mut stream).await.unwrap().ends_with("hello"));
    for client in [None, Some(&bad)] {
        // With TLS 1.3 the client hears of it after its own part of the handshake.
        let refused = match connect(&server, &own, &[], client).await {
            Ok(mut stream) => ask(&mut stream).await,
            Err(error) => Err(error),
        };
        assert!(refused.is_err(), "{refused:?}");
    }
}

#[tokio::test]
async fn new_files_are_taken_and_bad_ones_leave_the_old_in_force() {
    let (old, new) = (authority(), authority());
    let folder = Folder::with(issued(&old, "localhost"), None);
    let mut tls = folder.load().await;
    let server = Running::start_with(hello(), PATIENT, 10, Some(tls.clone())).await;
    assert_eq!(tls.look().await, Ok(false));

    let (certificate, key) = issued(&new, "localhost");
    std::fs::write(&folder.config.cert_file, &certificate).unwrap();
    let error = tls.look().await.unwrap_err();
    assert_eq!(error.to_string(), "server.tls.key_file: is not the key of the certificate in cert_file");
    assert_eq!(tls.look().await, Ok(false), "told once");
    assert!(connect(&server, &old, &[], None).await.is_ok());

    folder.write(&certificate, &key);
    assert_eq!(tls.look().await, Ok(true));
    assert!(connect(&server, &new, &[], None).await.is_ok());
    assert!(connect(&server, &old, &[], None).await.is_err());

    for (certificate, key, fault) in [
        ("", key.as_str(), "cert_file: holds no certificate"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &key, "cert_file: holds a certificate that"),
        (&certificate, "canary", "key_file: holds no private key"),
    ] {
        folder.write(certificate, key);
        let error = tls.look().await.unwrap_err().to_string();
        assert!(error.contains(fault) && !error.contains("canary"), "{error}");
    }
    std::fs::remove_file(&folder.config.key_file).unwrap();
    assert!(tls.look().await.unwrap_err().to_string().contains("cannot be read"));
    assert_eq!(tls.look().await, Ok(false), "told once");
    assert!(connect(&server, &new, &[], None).await.is_ok());
}
