//! The fixtures whose status alone says what they are, sent over a socket.

use session_provider::{ErrorKind, SessionProvider};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

#[tokio::test]
async fn every_refusal_and_failure_is_classified() {
    let index: serde_json::Value = serde_json::from_slice(&fixture("huddle01.index.json")).unwrap();
    let mut seen = 0;
    for entry in index["fixtures"].as_array().unwrap() {
        let status = u16::try_from(entry["status"].as_u64().unwrap()).unwrap();
        if !matches!(status, 401 | 403 | 429 | 500..) || entry["path"] != "/api/v2/sdk/live-sessions" {
            continue;
        }
        let file = entry["file"].as_str().unwrap();
        let headers = entry["headers"].as_object().unwrap();
        let server = MockServer::start().await;
        let content_type = headers["content-type"].as_str().unwrap();
        let mut answer = ResponseTemplate::new(status).set_body_raw(fixture(file), content_type);
        for (name, value) in headers.iter().filter(|(name, _)| *name != "content-type") {
            answer = answer.insert_header(name.as_str(), value.as_str().unwrap());
        }
        Mock::given(any()).respond_with(answer).mount(&server).await;

        let error = provider(&server, 1).list_live_sessions(&call()).await.unwrap_err();
        let expected = match entry["expect"].as_str().unwrap() {
            "unauthorized" | "forbidden" => ErrorKind::ProviderAuthFailed,
            "rate_limited" => ErrorKind::ProviderRateLimited,
            "upstream_error" => ErrorKind::ProviderError,
            other => panic!("{file}: {other}"),
        };
        assert_eq!((error.kind(), error.upstream_status()), (expected, Some(status)), "{file}");
        if let Some(wait) = headers.get("retry-after") {
            let wait = Duration::from_secs(wait.as_str().unwrap().parse().unwrap());
            assert_eq!(error.retry_after(), Some(wait), "{file}");
        }
        seen += 1;
    }
    assert_eq!(seen, 8);
}
