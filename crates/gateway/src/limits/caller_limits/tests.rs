use std::collections::BTreeSet;
use std::num::NonZeroU32;

use tokio::time::advance;

use super::*;
use crate::config::RateConfig;
use caller_auth::VisibleProviders;

const MS: Duration = Duration::from_millis(1);

fn caller(issuer: &str, subject: &str) -> Caller {
    Caller::new(issuer.into(), subject.into(), BTreeSet::new(), VisibleProviders::All)
}

fn rate(requests: u32, per: Duration) -> Option<RateConfig> {
    Some(RateConfig { requests: NonZeroU32::new(requests).unwrap(), per })
}

fn limits(requests: Option<RateConfig>, moderation: Option<RateConfig>, concurrent: Option<u32>) -> CallerLimits {
    let concurrent = concurrent.and_then(NonZeroU32::new);
    CallerLimits::new(&LimitsConfig { requests, moderation, concurrent, ..LimitsConfig::default() })
}

fn passed(limits: &CallerLimits, caller: &Caller, intent: Intent, times: usize) -> usize {
    (0..times).filter(|_| limits.admit(caller, intent).is_ok()).count()
}

#[tokio::test(start_paused = true)]
async fn no_limit_means_no_headers_and_no_memory() {
    let limits = CallerLimits::new(&LimitsConfig::default());
    let anyone = caller("i", "s");
    for _ in 0..10_000 {
        assert_eq!(limits.admit(&anyone, Intent::Mutation).unwrap().state, LimitState::default());
    }
    assert!(limits.inner.lock().standings.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_burst_is_the_quota_and_then_one_per_share_of_the_window() {
    let limits = limits(rate(10, MS * 1000), None, None);
    let one = caller("i", "one");
    assert_eq!(passed(&limits, &one, Intent::Read, 50), 10);
    let refused = limits.admit(&one, Intent::Read).unwrap_err();
    assert_eq!(refused.retry_after, MS * 100);
    advance(MS * 99).await;
    assert_eq!(limits.admit(&one, Intent::Read).unwrap_err().retry_after, MS);
    advance(MS).await;
    assert_eq!(passed(&limits, &one, Intent::Read, 50), 1, "refused requests cost nothing");
    advance(MS * 1000).await;
    assert_eq!(passed(&limits, &one, Intent::Read, 50), 10);
    advance(Duration::from_secs(3600)).await;
    assert_eq!(passed(&limits, &one, Intent::Read, 50), 10, "nothing is saved up");
}

#[tokio::test(start_paused = true)]
async fn callers_do_not_share_and_are_told_apart_by_issuer_and_subject() {
    let limits = limits(rate(1, MS * 1000), None, None);
    for (issuer, subject) in [("i", "s"), ("i", "t"), ("j", "s"), ("is", ""), ("", "is")] {
        assert_eq!(passed(&limits, &caller(issuer, subject), Intent::Read, 2), 1, "{issuer} {subject}");
    }
    let other_token =
        Caller::new("i".into(), "s".into(), BTreeSet::from([caller_auth::Scope::Moderate]), VisibleProviders::All);
    assert_eq!(passed(&limits, &other_token, Intent::Read, 1), 0, "another token is the same caller");
}

#[tokio::test(start_paused = true)]
async fn a_mutation_must_pass_both_limits_and_is_charged_to_both_or_none() {
    let limits = limits(rate(4, MS * 4000), rate(2, MS * 10_000), None);
    let one = caller("i", "one");
    assert_eq!(passed(&limits, &one, Intent::Mutation, 10), 2);
    assert_eq!(limits.admit(&one, Intent::Mutation).unwrap_err().retry_after, MS * 5000);
    assert_eq!(passed(&limits, &one, Intent::Read, 10), 2, "the eight refused mutations took nothing");
    assert_eq!(limits.admit(&one, Intent::Mutation).unwrap_err().retry_after, MS * 5000, "the longer of both");
    advance(MS * 5000).await;
    assert_eq!(passed(&limits, &one, Intent::Mutation, 10), 1);
}

#[tokio::test(start_paused = true)]
async fn the_headers_say_what_is_left_until_when_and_of_what() {
    let limits = limits(rate(100, MS * 60_000), rate(5, MS * 500), None);
    let one = caller("i", "one");
    let state = limits.admit(&one, Intent::Read).unwrap().state;
    assert_eq!(state.rate_limit.as_deref(), Some(r#""default";r=99;t=1"#));
    assert_eq!(state.policy.as_deref(), Some(r#""default";q=100;w=60"#));
    assert_eq!(passed(&limits, &one, Intent::Read, 48), 48);
    let state = limits.admit(&one, Intent::Mutation).unwrap().state;
    assert_eq!(state.rate_limit.as_deref(), Some(r#""default";r=50;t=30, "moderation";r=4;t=1"#));
    assert_eq!(state.policy.as_deref(), Some(r#""default";q=100;w=60, "moderation";q=5;w=1"#));
    assert_eq!(passed(&limits, &one, Intent::Read, 1000), 50);
    let refused = limits.admit(&one, Intent::Read).unwrap_err();
    assert_eq!(refused.state.rate_limit.as_deref(), Some(r#""default";r=0;t=60"#));
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_counts_until_its_permit_is_dropped() {
    let limits = limits(None, None, Some(2));
    let one = caller("i", "one");
    let first = limits.admit(&one, Intent::Read).unwrap();
    let second = limits.admit(&one, Intent::Mutation).unwrap();
    assert_eq!(second.state, LimitState::default());
    assert_eq!(limits.admit(&one, Intent::Read).unwrap_err().retry_after, Duration::from_secs(1));
    assert!(limits.admit(&caller("i", "other"), Intent::Read).is_ok());
    drop(first);
    let _third = limits.admit(&one, Intent::Read).unwrap();
    assert!(limits.admit(&one, Intent::Read).is_err());
}

#[tokio::test(start_paused = true)]
async fn a_request_refused_for_the_rate_takes_no_slot_and_the_other_way_round() {
    let limits = limits(rate(2, MS * 1000), None, Some(1));
    let one = caller("i", "one");
    let permit = limits.admit(&one, Intent::Read).unwrap();
    assert_eq!(passed(&limits, &one, Intent::Read, 10), 0);
    drop(permit);
    assert_eq!(passed(&limits, &one, Intent::Read, 10), 1, "ten refusals for the slot cost no request");
    advance(MS * 1000).await;
    assert_eq!(passed(&limits, &one, Intent::Read, 10), 2, "eight refusals for the rate left no slot taken");
}

#[tokio::test(start_paused = true)]
async fn idle_callers_are_forgotten() {
    let limits = limits(rate(1, MS * 1000), None, Some(5));
    let waiting = caller("i", "waiting");
    let _permit = limits.admit(&waiting, Intent::Read).unwrap();
    for round in 0..100 {
        for n in 0..1000 {
            drop(limits.admit(&caller("i", &format!("{round}-{n}")), Intent::Read));
        }
        advance(MS * 1000).await;
    }
    let callers = limits.inner.lock();
    assert!(callers.standings.len() <= 2 * FEW_CALLERS, "{}", callers.standings.len());
    let key = CallerKey { issuer: "i".into(), subject: "waiting".into() };
    assert_eq!(callers.standings[&key].under_way, 1, "a request under way keeps its caller");
}

#[tokio::test(start_paused = true)]
async fn beyond_the_cap_new_callers_wait_and_known_ones_go_on() {
    let config = LimitsConfig { requests: rate(2, MS * 1000), ..LimitsConfig::default() };
    let limits = CallerLimits::with_room(&config, 10);
    for n in 0..10 {
        assert!(limits.admit(&caller("i", &n.to_string()), Intent::Read).is_ok());
    }
    let late = caller("i", "late");
    assert_eq!(limits.admit(&late, Intent::Read).unwrap_err().retry_after, Duration::from_secs(1));
    assert!(limits.admit(&caller("i", "3"), Intent::Read).is_ok());
    assert_eq!(limits.inner.lock().standings.len(), 10);
    advance(MS * 1000).await;
    assert!(limits.admit(&late, Intent::Read).is_ok());
}

#[tokio::test(start_paused = true)]
async fn extreme_rates_neither_panic_nor_let_everybody_in() {
    let quick = limits(rate(u32::MAX, Duration::from_nanos(1)), None, None);
    let slow = limits(rate(1, Duration::MAX), None, None);
    let one = caller("i", "one");
    assert_eq!(passed(&quick, &one, Intent::Read, 100), 100);
    assert_eq!(passed(&slow, &one, Intent::Read, 100), 1);
}

#[test]
fn threads_do_not_get_more_than_the_quota_together() {
    let limits = limits(rate(1000, Duration::from_secs(1_000_000)), None, Some(8));
    let one = caller("i", "one");
    let passed: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| passed(&limits, &one, Intent::Read, 500))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(passed, 1000);
}
