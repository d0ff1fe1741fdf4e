//! `GET /v1/providers`

use axum::body::Body;
use http::StatusCode;
use serde_json::json;

use crate::api::tests::support::{Gateway, caller, request};

#[tokio::test]
async fn each_caller_sees_their_own_and_nothing_is_called() {
    let gateway = Gateway::new();
    let all = gateway.get("/v1/providers").await;
    assert_eq!((all.status, all.header("cache-control")), (StatusCode::OK, "private, no-store"));
    assert_eq!(all.header("vary"), "authorization");
    let body = all.json();
    assert_eq!(body["data"][0]["provider"], "able");
    assert_eq!(
        body["data"][1],
        json!({
            "provider": "reading",
            "kind": "huddle01",
            "capabilities": {
                "list_live_sessions": true, "get_live_session": true, "list_live_participants": true,
                "kick_participants": false, "kick_all_participants": false, "create_poll": false,
                "get_session": false, "list_session_participants": true, "list_sessions": false,
                "list_room_sessions": false, "expected_session_id": false,
            },
            "health": {
                "status": "unknown", "last_success_at": null, "last_error_at": null, "last_error_code": null,
                "budget_remaining": null,
            },
        })
    );
    for (ids, count) in [(&["reading"][..], 1), (&[], 0), (&["nobody"], 0)] {
        let request = request("GET", "/v1/providers", &caller("sessions:read", Some(ids)));
        let answer = gateway.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.json()["data"].as_array().unwrap().len(), count, "{ids:?}");
    }
    gateway.assert_untouched("never upstream");
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let gateway = Gateway::new();
    let get = gateway.get("/v1/providers").await;
    let head = request("HEAD", "/v1/providers", &caller("sessions:read", None));
    let head = gateway.send(head.body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), get.bytes.len().to_string());
}
