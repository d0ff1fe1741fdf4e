//! The list of the checks, and running them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use tokio::task::JoinSet;

use crate::conformance::stage::Stage;
use crate::conformance::verdict::{Verdict, Violation};
use crate::conformance::{
    answers, budgets, claims, deliveries, events, feed, keys, leases, limits, marks, races, waiting,
};

/// One rule, to be asked of any store.
#[derive(Clone, Copy)]
pub struct Check {
    /// `theme::rule`.
    pub name: &'static str,
    run: for<'a> fn(&'a Stage) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>>,
}

impl Check {
    /// Asks.
    ///
    /// # Errors
    /// The rule that was broken.
    pub async fn run(&self, stage: &Stage) -> Verdict {
        (self.run)(stage).await
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What running the checks came to.
#[derive(Debug, Default)]
#[must_use]
pub struct Report {
    /// The names of the checks that passed.
    pub passed: Vec<&'static str>,
    /// The others, with what was wrong.
    pub failed: Vec<(&'static str, Violation)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed.len(), self.failed.len())?;
        self.failed.iter().try_for_each(|(name, violation)| write!(f, "\n{name}: {violation}"))
    }
}

/// Runs every check, all at once.
pub async fn run_all(stage: &Stage) -> Report {
    let mut running = JoinSet::new();
    for check in CHECKS {
        let stage = stage.clone();
        running.spawn(async move { (check.name, check.run(&stage).await) });
    }
    let mut report = Report::default();
    while let Some(outcome) = running.join_next().await {
        match outcome {
            Ok((name, Ok(()))) => report.passed.push(name),
            Ok((name, Err(violation))) => report.failed.push((name, violation)),
            Err(error) => report.failed.push(("a check", Violation::new(error.to_string()))),
        }
    }
    report.failed.sort_by_key(|(name, _)| *name);
    report
}

macro_rules! checks {
    ($($theme:ident { $($rule:ident)+ })+) => {
        /// All of them.
        pub const CHECKS: &[Check] = &[$($(Check {
            name: concat!(stringify!($theme), "::", stringify!($rule)),
            run: |stage| Box::pin($theme::$rule(stage)),
        }),+),+];
    };
}

checks! {
    feed {
        entries_are_numbered_from_one_and_read_as_they_were_said
        only_entries_after_the_number_asked_for_are_read
        the_epoch_is_what_the_first_replica_proposed
        the_latest_entries_stay_and_the_first_are_forgotten
        replicas_that_announce_themselves_count_for_some_seconds
        scopes_do_not_see_each_other
    }
    marks {
        what_is_touched_is_not_found_again
        what_else_there_is_stays
        an_answer_of_a_load_that_began_before_is_not_kept
        an_answer_of_a_load_that_began_after_is_kept
        marks_end
    }
    claims {
        one_replica_loads_and_the_others_are_held_off
        a_claim_says_where_its_load_stands
        who_loads_alone_gets_the_claim
        a_claim_that_is_not_renewed_is_free
        a_claim_that_is_renewed_is_held
        nobody_else_renews_a_claim
        a_released_claim_is_free
        nobody_else_releases_a_claim
    }
    answers {
        what_was_put_is_found_as_it_was
        its_age_is_told_by_the_store
        it_must_be_newer_than_asked
        it_ends
        none_of_another_epoch_is_kept
        the_later_load_wins
        who_lost_the_claim_still_puts_and_ends_no_other
        an_outdated_put_ends_the_claim_too
    }
    waiting {
        the_end_of_a_load_is_said_where_somebody_waits
        nothing_is_said_where_nobody_waits
        a_release_is_said_too
        who_waits_is_known_to_the_next_holder
    }
    keys {
        a_key_is_claimed_once
        its_outcome_is_told
        without_an_outcome_it_is_free_again
        nobody_else_settles_it
        it_is_settled_once
        it_ends
    }
    budgets {
        a_state_is_put_where_none_is
        only_the_version_that_was_seen_is_replaced
        its_age_is_told_by_the_store
        it_ends
    }
    limits {
        the_quota_is_there_at_once_and_no_more
        what_is_taken_comes_again
        none_wanted_is_none_taken
    }
    deliveries {
        one_is_new_once
        it_is_forgotten
    }
    leases {
        one_replica_has_it
        it_is_renewed_under_its_number
        given_back_it_is_free
        nobody_else_gives_it_back
        it_ends
    }
    events {
        they_are_numbered_from_one_and_read_as_they_were
        pages_are_bounded
        no_other_lease_writes
        the_latest_are_kept
        old_ones_go
        news_and_pages_tell_the_epoch_and_the_last_number
    }
    races {
        one_claim
        one_key
        one_delivery
        one_lease
        one_swap_wins
        no_swap_is_lost
        the_feed_has_no_gap_and_no_number_twice
        the_log_has_no_gap_and_no_number_twice
        never_more_than_the_quota
        no_answer_outlives_a_touch
    }
}
