use proptest::prelude::*;

use super::*;
use crate::rate_limit_headers::Item;

fn budget(requests: u32, seconds: u64) -> Budget {
    Budget::new(BudgetSettings { requests, per: Duration::from_secs(seconds) })
}

/// How many calls of this kind go through at this moment.
fn burst(budget: &Budget, intent: Intent, payer: Option<u64>) -> u32 {
    (0..100_000).take_while(|_| budget.take(intent, payer.map(Payer)).is_ok()).count() as u32
}

async fn pass(ms: u64) {
    tokio::time::advance(Duration::from_millis(ms)).await;
}

fn says(remaining: &[(&str, u32, u64)], policies: &[(&str, u32, u64)]) -> RateLimits {
    let items = |list: &[(&str, u32, u64)]| {
        list.iter()
            .map(|(name, calls, seconds)| Item {
                name: (*name).to_owned(),
                calls: *calls,
                window: Duration::from_secs(*seconds),
            })
            .collect()
    };
    RateLimits { remaining: items(remaining), policies: items(policies) }
}

#[tokio::test(start_paused = true)]
async fn huddle01s_default_gives_reads_four_of_five_and_mutations_all() {
    let budget = budget(5, 1);
    assert_eq!(burst(&budget, Intent::Read, None), 4);
    assert_eq!(burst(&budget, Intent::Mutation, None), 1);
    assert_eq!(budget.state().remaining, 0);
    pass(200).await;
    assert!(budget.take(Intent::Read, None).is_err(), "the first token belongs to mutations");
    pass(200).await;
    assert_eq!(burst(&budget, Intent::Read, None), 1);
    pass(60_000).await;
    assert_eq!(burst(&budget, Intent::Mutation, None), 5, "it never holds more than its size");
}

#[tokio::test(start_paused = true)]
async fn a_tenth_is_kept_and_a_budget_of_one_keeps_nothing() {
    for (requests, reads) in [(1, 1), (2, 1), (10, 9), (11, 9), (600, 540)] {
        assert_eq!(burst(&budget(requests, 300), Intent::Read, None), reads, "{requests}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_when_the_next_call_fits() {
    let budget = budget(600, 300);
    burst(&budget, Intent::Read, None);
    let wait = budget.take(Intent::Read, None).unwrap_err();
    assert!((499..=500).contains(&wait.as_millis()), "{wait:?}");
    tokio::time::advance(wait).await;
    assert!(budget.take(Intent::Read, None).is_ok());
}

#[tokio::test(start_paused = true)]
async fn while_another_asks_no_payer_gets_more_than_half() {
    let budget = budget(600, 300);
    assert!(budget.take(Intent::Read, Some(Payer(2))).is_ok());
    assert_eq!(burst(&budget, Intent::Read, Some(1)), 300);
    let wait = budget.take(Intent::Read, Some(Payer(1))).unwrap_err();
    assert!((999..=1000).contains(&wait.as_millis()), "half the rate: {wait:?}");
    assert_eq!(burst(&budget, Intent::Read, Some(2)), 239, "the rest but the tenth");
    let small = Budget::new(BudgetSettings { requests: 1, per: Duration::from_secs(1) });
    assert!(small.take(Intent::Read, Some(Payer(2))).is_ok());
    pass(999).await;
    let _ = small.take(Intent::Read, Some(Payer(2)));
    pass(1).await;
    assert_eq!(burst(&small, Intent::Read, Some(1)), 1, "a payer can always make one call");
}

#[tokio::test(start_paused = true)]
async fn who_asks_alone_gets_all_but_the_tenth_until_another_asks_even_in_vain() {
    let budget = budget(600, 300);
    assert_eq!(burst(&budget, Intent::Read, Some(1)), 540);
    assert_eq!(burst(&budget, Intent::Mutation, Some(1)), 60);
    pass(2_000).await;
    assert!(budget.take(Intent::Read, Some(Payer(2))).is_err(), "there is nothing, but it asked");
    let alone = |budget: &Budget| burst(budget, Intent::Mutation, Some(1));
    assert_eq!(alone(&budget), 2, "what grew at half the rate");
    pass(9_900).await;
    assert!(alone(&budget) < 11);
    pass(100).await;
    let (left, took) = (budget.state().remaining, alone(&budget));
    assert_eq!(took, left, "the other asked ten seconds ago: it does not ask any more");
}

#[tokio::test(start_paused = true)]
async fn our_own_work_neither_asks_nor_is_limited() {
    let budget = budget(600, 300);
    assert!(budget.take(Intent::Read, None).is_ok());
    assert_eq!(burst(&budget, Intent::Read, Some(1)), 539);
    pass(300_000).await;
    assert!(budget.take(Intent::Read, Some(Payer(1))).is_ok());
    assert_eq!(burst(&budget, Intent::Read, None), 539);
}

#[tokio::test(start_paused = true)]
async fn over_a_window_one_payer_gets_half_of_what_all_get_while_another_asks() {
    let (alone, shared) = (budget(100, 10), budget(100, 10));
    let (mut one, mut all, mut other) = (0, 0, 0);
    for round in 0..1000 {
        other += u32::from(round % 50 == 0 && shared.take(Intent::Mutation, Some(Payer(2))).is_ok());
        one += burst(&shared, Intent::Mutation, Some(1));
        all += burst(&alone, Intent::Mutation, Some(1));
        pass(100).await;
    }
    assert_eq!((one, all, other), (50 + 499, 100 + 999, 20));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_not_made_is_put_back() {
    let budget = budget(10, 10);
    assert!(budget.take(Intent::Mutation, Some(Payer(2))).is_ok());
    assert_eq!(burst(&budget, Intent::Mutation, Some(1)), 5);
    budget.put_back(Some(Payer(1)));
    assert_eq!(burst(&budget, Intent::Mutation, Some(1)), 1);
    for _ in 0..100 {
        budget.put_back(None);
    }
    assert_eq!(budget.state().remaining, 10);
}

#[tokio::test(start_paused = true)]
async fn the_providers_remaining_calls_bound_ours_until_the_window_ends() {
    let budget = budget(600, 300);
    budget.heed(&says(&[("default", 20, 30)], &[]));
    assert_eq!(budget.state().remaining, 20);
    assert_eq!(burst(&budget, Intent::Read, None), 18, "a tenth of the window is kept, too");
    assert_eq!(budget.take(Intent::Read, None), Err(Duration::from_secs(30)));
    assert_eq!(burst(&budget, Intent::Mutation, None), 2);
    budget.heed(&says(&[("default", 500, 30)], &[]));
    assert_eq!(budget.state().remaining, 0, "an answer that was overtaken does not open the window again");
    pass(30_000).await;
    assert_eq!(budget.state().remaining, 600);
}

#[tokio::test(start_paused = true)]
async fn the_narrowest_of_several_windows_counts_and_none_widens_us() {
    let budget = budget(10, 10);
    budget.heed(&says(&[("a", 5000, 60), ("b", 3, 5)], &[("c", 1_000_000, 1)]));
    assert_eq!(budget.state().remaining, 3);
    pass(5_000).await;
    let state = budget.state();
    assert_eq!((state.remaining, state.requests, state.per), (10, 10, Duration::from_secs(10)));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_always_moves_the_window_on_does_not_hold_us_down_for_ever() {
    let budget = budget(600, 300);
    let mut reads = 0;
    for _ in 0..120 {
        if budget.take(Intent::Read, None).is_ok() {
            reads += 1;
            budget.heed(&says(&[("default", 0, 10)], &[]));
        }
        pass(1_000).await;
    }
    assert_eq!(reads, 12, "one each ten seconds");
}

#[tokio::test(start_paused = true)]
async fn a_narrower_policy_narrows_size_and_rate_until_it_is_forgotten() {
    let budget = budget(600, 300);
    budget.heed(&says(&[], &[("burst", 100, 60), ("x", 3000, 300)]));
    let state = budget.state();
    assert_eq!((state.remaining, state.requests, state.per), (100, 100, Duration::from_secs(60)));
    burst(&budget, Intent::Mutation, None);
    pass(6_000).await;
    assert_eq!(budget.state().remaining, 10);
    pass(294_000).await;
    assert_eq!(budget.state().requests, 600);
}

#[tokio::test(start_paused = true)]
async fn after_a_429_nobody_calls_until_retry_after_has_passed() {
    let budget = budget(600, 300);
    assert_eq!(budget.throttled(Some(Duration::from_secs(30))), Duration::from_secs(30));
    assert_eq!(budget.throttled(Some(Duration::from_secs(2))), Duration::from_secs(30), "the longer one stands");
    assert_eq!(budget.take(Intent::Mutation, None), Err(Duration::from_secs(30)));
    assert_eq!(budget.state().remaining, 0);
    pass(30_000).await;
    assert!(budget.take(Intent::Read, None).is_ok());
    assert!(budget.state().remaining > 0);
}

#[tokio::test(start_paused = true)]
async fn without_retry_after_the_wait_doubles_until_an_answer_is_good_again() {
    let budget = budget(600, 300);
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
        assert_eq!(budget.throttled(None), Duration::from_secs(seconds));
        assert_eq!(budget.throttled(None), Duration::from_secs(seconds), "those under way together are one");
        budget.not_throttled();
        assert!(budget.take(Intent::Read, None).is_err(), "a late good answer does not end the wait");
        pass(seconds * 1000).await;
    }
    budget.not_throttled();
    assert_eq!(budget.throttled(None), Duration::from_secs(1));
}

proptest! {
    /// Whatever a provider says, no run of calls exceeds what the settings alone would allow.
    #[test]
    fn nothing_widens_it_beyond_its_settings(
        requests in 1_u32..50,
        words in proptest::collection::vec((any::<u32>(), 1_u64..3600, any::<u32>(), 1_u64..3600), 0..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let budget = budget(requests, 10);
            let mut calls = burst(&budget, Intent::Mutation, None);
            for (left, window, quota, per) in &words {
                budget.heed(&says(&[("a", *left, *window)], &[("b", (*quota).max(1), *per)]));
                let state = budget.state();
                prop_assert!(state.remaining <= requests && state.requests <= requests);
                pass(1_000).await;
                calls += burst(&budget, Intent::Mutation, None);
            }
            let most = f64::from(requests) * (1.0 + words.len() as f64 / 10.0) + 1.0;
            prop_assert!(f64::from(calls) <= most, "{calls} > {most}");
            Ok(())
        })?;
    }
}

proptest! {
    /// Whoever asks and when: in no stretch of time in which another keeps asking does one get more than half (and the one
    /// call that always fits), and never do all together get more than the whole.
    #[test]
    fn nobody_gets_more_than_half_while_another_keeps_asking(
        requests in 1_u32..40,
        greedy in proptest::collection::vec(0_u32..20, 1..200),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let budget = budget(requests, 10);
            let (mut one, mut all) = (0, 0);
            for asks in &greedy {
                all += u32::from(budget.take(Intent::Read, Some(Payer(2))).is_ok());
                let got = (0..*asks).filter(|_| budget.take(Intent::Read, Some(Payer(1))).is_ok()).count() as u32;
                (one, all) = (one + got, all + got);
                pass(100).await;
            }
            let periods = greedy.len() as f64 / 100.0;
            let half = (f64::from(requests) / 2.0).max(1.0) + f64::from(requests) / 2.0 * periods;
            prop_assert!(f64::from(one) <= half + 1e-3, "{one} > {half}");
            prop_assert!(f64::from(all) <= f64::from(requests) * (1.0 + periods) + 1e-3, "{all}");
            Ok(())
        })?;
    }
}
