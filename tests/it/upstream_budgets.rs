//! What callers get of a provider's budget: all of it alone, half each together, and a tenth is kept for mutations.

use provider_simulator::Service;
use rollcall_tests::{Reply, Setup, Stack, Token};
use serde_json::json;

/// Ten calls, and the next in a hundred seconds.
async fn ten_calls() -> Stack {
    let budget = Some("{ requests = 10, per = \"1000s\" }".to_owned());
    Stack::start_with(Setup { budget, ..Setup::default() }).await
}

/// How many of so many questions about different rooms reach the provider.
async fn asked(stack: &Stack, caller: &str, times: usize) -> usize {
    let token = Token::default().claim("sub", json!(caller)).sign();
    let mut passed = 0;
    for n in 0..times {
        let path = format!("/v1/live-sessions/realtimekit/{caller}-{times}-{n}");
        let reply: Reply = stack.get_as(&path, Some(&token)).await;
        if reply.status == 404 {
            passed += 1;
        } else {
            let problem = reply.problem(503, "provider_rate_limited");
            assert_eq!(problem["retryable"], true);
            assert!(reply.header("retry-after").parse::<u64>().is_ok_and(|wait| wait <= 300), "{reply:?}");
        }
    }
    passed
}

#[tokio::test]
async fn one_who_asks_alone_gets_all_but_what_is_kept_for_mutations() {
    let stack = ten_calls().await;
    assert_eq!(asked(&stack, "ada", 12).await, 9);
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let poll = json!({ "question": "Lunch?", "options": ["Yes", "No"] });
    let path = format!("/v1/live-sessions/realtimekit/{room}/polls");
    let _ = stack.post(&path, &poll).await.expect(201);
    let _ = stack.post(&path, &poll).await.problem(503, "provider_rate_limited");
}

#[tokio::test]
async fn while_another_asks_too_one_gets_half() {
    let stack = ten_calls().await;
    assert_eq!(asked(&stack, "bob", 1).await, 1);
    assert_eq!(asked(&stack, "ada", 8).await, 5);
    assert_eq!(asked(&stack, "bob", 8).await, 3, "what is left but the tenth");
}
