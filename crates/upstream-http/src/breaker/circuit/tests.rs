use super::*;

fn fail(breaker: &Arc<Breaker>) -> Change {
    breaker.permit().unwrap().failed()
}

fn succeed(breaker: &Arc<Breaker>) -> Change {
    breaker.permit().unwrap().succeeded()
}

fn opened() -> Arc<Breaker> {
    let breaker = Breaker::new();
    for _ in 0..IN_A_ROW {
        fail(&breaker);
    }
    assert!(breaker.is_open());
    breaker
}

async fn pass(seconds: u64) {
    tokio::time::advance(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn five_failures_in_a_row_open_it_and_a_success_between_starts_the_count_again() {
    let breaker = Breaker::new();
    for _ in 0..4 {
        assert_eq!(fail(&breaker), Change::None);
    }
    succeed(&breaker);
    for _ in 0..4 {
        assert_eq!(fail(&breaker), Change::None);
    }
    assert!(!breaker.is_open());
    assert_eq!(fail(&breaker), Change::Opened(FIRST_WAIT));
    pass(2).await;
    assert_eq!(breaker.permit().unwrap_err(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn half_of_twenty_within_ten_seconds_open_it() {
    let breaker = Breaker::new();
    for _ in 0..9 {
        succeed(&breaker);
        assert_eq!(fail(&breaker), Change::None);
    }
    succeed(&breaker);
    assert_eq!(fail(&breaker), Change::Opened(FIRST_WAIT), "the tenth failure of twenty exchanges");
}

#[tokio::test(start_paused = true)]
async fn less_than_half_and_older_than_ten_seconds_do_not_open_it() {
    let breaker = Breaker::new();
    for _ in 0..100 {
        succeed(&breaker);
        succeed(&breaker);
        fail(&breaker);
    }
    assert!(!breaker.is_open());
    let breaker = Breaker::new();
    for _ in 0..9 {
        succeed(&breaker);
        fail(&breaker);
    }
    pass(10).await;
    succeed(&breaker);
    fail(&breaker);
    assert!(!breaker.is_open());
}

#[tokio::test(start_paused = true)]
async fn after_its_wait_exactly_one_probe_passes_and_its_success_closes() {
    let breaker = opened();
    pass(5).await;
    let probe = breaker.permit().unwrap();
    for _ in 0..3 {
        assert_eq!(breaker.permit().unwrap_err(), WHILE_PROBING);
    }
    assert!(breaker.is_open());
    assert_eq!(probe.succeeded(), Change::Closed);
    assert!(breaker.permit().is_ok() && !breaker.is_open());
}

#[tokio::test(start_paused = true)]
async fn failed_probes_double_the_wait_up_to_a_minute() {
    let breaker = opened();
    let mut wait = 5;
    for next in [10, 20, 40, 60, 60] {
        pass(wait - 1).await;
        assert!(breaker.permit().is_err());
        pass(1).await;
        assert_eq!(fail(&breaker), Change::Opened(Duration::from_secs(next)));
        wait = next;
    }
    pass(60).await;
    succeed(&breaker);
    for _ in 0..4 {
        fail(&breaker);
    }
    assert_eq!(fail(&breaker), Change::Opened(FIRST_WAIT), "a closed breaker has forgotten its long waits");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_probe_frees_its_place() {
    let breaker = opened();
    pass(5).await;
    drop(breaker.permit().unwrap());
    assert!(breaker.is_open());
    let probe = breaker.permit().unwrap();
    assert!(breaker.permit().is_err());
    assert_eq!(probe.failed(), Change::Opened(Duration::from_secs(10)), "a dropped probe does not double the wait");
}

#[tokio::test(start_paused = true)]
async fn an_exchange_begun_in_an_earlier_era_has_no_say() {
    let breaker = Breaker::new();
    let late_success = breaker.permit().unwrap();
    let late_failure = breaker.permit().unwrap();
    let dropped = breaker.permit().unwrap();
    for _ in 0..IN_A_ROW {
        fail(&breaker);
    }
    assert_eq!(late_success.succeeded(), Change::None);
    assert!(breaker.is_open(), "a late success does not close it");
    pass(5).await;
    let probe = breaker.permit().unwrap();
    assert_eq!(late_failure.failed(), Change::None);
    drop(dropped);
    assert!(breaker.permit().is_err(), "a late permit does not free the probe's place");
    assert_eq!(probe.succeeded(), Change::Closed);
}

#[tokio::test(start_paused = true)]
async fn dropped_permits_of_a_closed_breaker_count_for_nothing() {
    let breaker = Breaker::new();
    for _ in 0..4 {
        fail(&breaker);
    }
    for _ in 0..100 {
        drop(breaker.permit().unwrap());
    }
    assert!(!breaker.is_open());
    assert_eq!(fail(&breaker), Change::Opened(FIRST_WAIT));
}
