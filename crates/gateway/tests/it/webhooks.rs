//! The listener of webhooks, as the program opens it.

use std::process::Command;

use aws_lc_rs::hmac;
use session_provider::Clock;

use crate::commands::{GOOD, TempFile};
use crate::program::{Running, ask, get};

const KEY: &str = "canary-key";
const BODY: &str = r#"{"id":"canary-delivery","event":"meeting:started","payload":{"sessionId":"canary-session","roomId":"canary-room"}}"#;

/// As Huddle01 signs it.
fn request(host: &str) -> String {
    let t = Clock::system().now().unix_ms();
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    let tag = hmac::sign(&key, format!("canary-delivery.{t}.{BODY}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "POST /v1/webhooks/huddle01 HTTP/1.1\r\nhost: {host}\r\nhuddle01-signature: t={t},sha256={hex}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{BODY}",
        BODY.len()
    )
}

fn configuration(webhooks: &str) -> String {
    GOOD.replace("api_key =", "webhooks = {}\napi_key =")
        + &format!("[webhooks]\n{webhooks}\n[log]\nlevel = \"trace\"\n")
}

#[test]
fn it_takes_them_alone_and_no_payload_is_logged() {
    let file = TempFile::with(&configuration("listen = \"127.0.0.1:0\""));
    let mut running = Running::start(&["serve", "--config", file.0.to_str().unwrap()]);
    let mut said = running.until("\"serving\"");
    let line: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    let at = |key: &str| line[key].as_str().unwrap().to_owned();
    let (listen, webhooks) = (at("listen"), at("webhooks_listen"));
    assert!(ask(&webhooks, &request(&webhooks)).starts_with("HTTP/1.1 204 "));
    let forged = request(&webhooks).replace("canary-room", "canary-rook");
    assert!(ask(&webhooks, &forged).starts_with("HTTP/1.1 401 "));
    assert!(ask(&listen, &request(&listen)).starts_with("HTTP/1.1 404 "), "not on the public one");
    assert!(get(&format!("http://{webhooks}/readyz")).starts_with("HTTP/1.1 200 OK"));
    assert!(get(&format!("http://{webhooks}/v1/providers")).starts_with("HTTP/1.1 404 "));
    let metrics = get(&format!("http://{}/metrics", at("admin_listen")));
    assert!(metrics.contains(r#"event="session_started",outcome="hinted"} 1"#), "{metrics}");
    assert_eq!(running.stop("-TERM"), Some(0));
    said.push_str(&running.until("\"ended\""));
    assert!(said.contains("/v1/webhooks/{provider}"), "the access lines are there");
    assert!(!said.contains("canary"), "{said}");
}

#[test]
fn it_speaks_tls_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    write("tls.crt", &certificate.pem());
    write("tls.key", &key.serialize_pem());
    let tls = "listen = \"127.0.0.1:0\"\ntls = { cert_file = \"tls.crt\", key_file = \"tls.key\" }";
    write("rollcall.toml", &configuration(tls));
    let config = folder.path().join("rollcall.toml");
    let config = config.to_str().unwrap();

    let check = || Command::new(env!("CARGO_BIN_EXE_rollcall")).args(["check", "--config", config]).output().unwrap();
    let shown = String::from_utf8(check().stdout).unwrap();
    assert!(shown.contains("/v1/webhooks/huddle01") && shown.contains("https://127.0.0.1:0 alone"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");

    let mut running = Running::start(&["serve", "--config", config]);
    let said = running.until("\"serving\"");
    let line: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    let address: std::net::SocketAddr = line["webhooks_listen"].as_str().unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    #[expect(clippy::disallowed_methods, reason = "a client of the test")]
    let status = runtime.block_on(async {
        let root = reqwest::Certificate::from_pem(certificate.pem().as_bytes()).unwrap();
        let client = reqwest::Client::builder().tls_certs_only([root]).resolve("localhost", address).build().unwrap();
        client.get(format!("https://localhost:{}/healthz", address.port())).send().await.unwrap().status()
    });
    assert_eq!(status, 200);
    assert_eq!(running.stop("-TERM"), Some(0));

    write("tls.key", &rcgen::KeyPair::generate().unwrap().serialize_pem());
    let wrong = check();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().starts_with("webhooks.tls.key_file: "));
}
