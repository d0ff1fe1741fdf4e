//! Many callers on one connection, as a proxy in front has it: each is answered as themselves.

use futures_util::future::join_all;
use provider_simulator::Service;
use rollcall_tests::{Stack, Token};

/// What a caller asks, and the status and providers of what they get.
struct Caller {
    token: String,
    status: u16,
    sees: &'static str,
}

/// The status, and the providers in the answer.
async fn ask(client: &reqwest::Client, stack: &Stack, token: &str) -> (u16, String) {
    let request = client.get(format!("{}/v1/live-sessions", stack.base_url())).bearer_auth(token);
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let body: serde_json::Value = answer.json().await.expect("JSON");
    let providers = body["providers"].as_array().into_iter().flatten().filter_map(|it| it["provider"].as_str());
    (status, providers.collect::<Vec<_>>().join(" "))
}

/// Callers who may see one provider, the other, both and none, one without the scope, and a stranger whose token differs from a
/// good one in its last letters alone.
fn callers() -> Vec<Caller> {
    let caller = |token: Token, status, sees| Caller { token: token.sign(), status, sees };
    let mut stranger = Token::default().claim("sub", "victim".into()).sign();
    let victim = Caller { token: stranger.clone(), status: 200, sees: "huddle01 realtimekit" };
    let end = if stranger.ends_with("AAAA") { "BBBB" } else { "AAAA" };
    stranger.replace_range(stranger.len() - 4.., end);
    vec![
        caller(Token::default().claim("sub", "one".into()).providers(&["huddle01"]), 200, "huddle01"),
        victim,
        Caller { token: stranger, status: 401, sees: "" },
        caller(Token::default().claim("sub", "other".into()).providers(&["realtimekit"]), 200, "realtimekit"),
        caller(Token::default().claim("sub", "none".into()).providers(&[]), 200, ""),
        caller(Token::default().claim("sub", "no scope".into()).scope("sessions:moderate"), 403, ""),
        caller(Token::default().claim("sub", "late".into()).times(-700, -60), 401, ""),
    ]
}

#[tokio::test]
async fn callers_who_share_a_connection_are_answered_as_themselves() {
    let stack = Stack::start().await;
    stack.live_room(Service::Huddle01, "Sync", &["Chen"]);
    let callers = callers();
    // One after the other over one connection of HTTP/1, each several times, so that they are known.
    let http1 = stack.http1_client();
    for round in 0..6 {
        for caller in &callers {
            for _ in 0..=round % 3 {
                assert_eq!(ask(&http1, &stack, &caller.token).await, (caller.status, caller.sees.to_owned()));
            }
        }
    }
    // All at once over one connection of HTTP/2.
    let http2 = stack.http2_client();
    for _ in 0..6 {
        let all = callers.iter().cycle().take(8 * callers.len());
        let answers = all.map(async |caller| (ask(&http2, &stack, &caller.token).await, caller));
        for (answer, caller) in join_all(answers).await {
            assert_eq!(answer, (caller.status, caller.sees.to_owned()));
        }
    }
}
