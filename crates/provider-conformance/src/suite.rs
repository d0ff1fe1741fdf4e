//! The list of the checks, and running them.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::{Harness, Verdict, Violation};

/// No check of a provider that is not wedged takes nearly as long.
const LONGEST_CHECK: Duration = Duration::from_secs(180);

/// One rule, to be asked of any harness.
#[derive(Clone, Copy)]
pub struct Check {
    name: &'static str,
    run: for<'a> fn(&'a dyn Harness) -> BoxFuture<'a, Verdict>,
}

impl Check {
    /// A check with a name.
    #[must_use]
    pub const fn new(name: &'static str, run: for<'a> fn(&'a dyn Harness) -> BoxFuture<'a, Verdict>) -> Self {
        Self { name, run }
    }

    /// `theme::rule`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Asks. A check that does not end is a violation, too.
    ///
    /// # Errors
    /// The rules that were broken.
    pub async fn run(&self, harness: &dyn Harness) -> Verdict {
        match tokio::time::timeout(LONGEST_CHECK, (self.run)(harness)).await {
            Ok(verdict) => verdict,
            Err(_) => Err(Violation::new(format!("not over after {LONGEST_CHECK:?}: something is wedged"))),
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What running all checks came to.
#[derive(Debug)]
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

/// Runs every check, one after the other.
pub async fn run_all(harness: &impl Harness) -> Report {
    run(CHECKS, harness).await
}

/// Runs these checks, one after the other.
pub async fn run(checks: impl IntoIterator<Item = &Check>, harness: &impl Harness) -> Report {
    let mut report = Report { passed: Vec::new(), failed: Vec::new() };
    for check in checks {
        match check.run(harness).await {
            Ok(()) => report.passed.push(check.name),
            Err(violation) => report.failed.push((check.name, violation)),
        }
    }
    report
}

/// Hands the list of all checks to a macro of this crate.
#[doc(hidden)]
#[macro_export]
macro_rules! for_every_check {
    ($then:ident $($argument:tt)*) => {
        $crate::$then! {
            { $($argument)* }
            capabilities { offered_operations_are_carried_out others_are_refused_without_a_call }
            live_sessions {
                the_list_holds_what_is_live_and_nothing_else
                an_empty_account_has_an_empty_list
                one_live_session_is_told
                an_idle_room_is_not_live
                a_session_without_people_is_live
            }
            participants {
                only_who_is_present_is_listed
                an_idle_room_has_no_live_participants
                everybody_who_was_in_a_live_session_is_listed
                everybody_who_was_in_an_ended_session_is_listed
                an_unknown_session_has_no_participants
            }
            rows { a_row_without_an_id_is_left_out_and_counted a_list_of_one_row_without_an_id_is_no_empty_list }
            sessions {
                a_live_session_is_told_by_its_id
                an_ended_session_is_told_by_its_id
                breakout_rooms_are_told_when_asked_for
                an_unknown_session_is_not_found
                the_id_of_a_live_session_is_found
                an_idle_room_has_no_session_id
            }
            moderation {
                a_kick_is_visible_in_the_next_read
                a_kick_by_custom_ids_takes_every_connection
                an_unknown_participant_is_not_found
                nobody_is_kicked_from_an_idle_room
                kicking_all_ends_the_session
                an_idle_room_cannot_be_emptied
            }
            oddities {
                an_odd_connection_id_costs_nobody_the_row
                broken_text_costs_a_character
                another_session_is_no_answer
                an_accepted_change_is_no_error
            }
            polls { a_poll_is_made_as_asked refused_values_are_an_invalid_request an_idle_room_takes_no_poll }
            media { what_runs_is_counted_per_room an_account_without_media_counts_nothing }
            misbehaviour {
                html_success success_false missing_array empty_object truncated_json redirect huge_body gzip_bomb
                deep_json plain_text_not_found html_not_found unauthorized forbidden too_many_requests server_error
                bad_gateway edge_error reset reset_mid_body short_body hang drip rows_without_ids
            }
            exchanges {
                a_failure_of_any_later_exchange_fails_the_operation
                a_mutation_on_a_connection_in_use_is_sent_once
                a_read_survives_one_failed_exchange
            }
            paging {
                all_live_sessions_of_all_pages_come
                all_live_participants_of_all_pages_come
                all_participants_of_all_pages_come
                all_media_of_all_pages_is_counted
                a_long_history_is_walked
                too_many_pages_are_no_shortened_list
            }
            moving_pages {
                live_sessions_last_while_others_end_and_begin
                participants_last_while_others_leave_and_join
                media_lasts_while_other_media_ends_and_begins
            }
            history {
                a_walk_gives_each_session_once_newest_first
                a_walk_loses_nothing_while_sessions_begin_end_and_vanish
                what_is_not_asked_for_is_left_out
                a_page_costs_a_call_or_two
                a_room_that_is_unknown_has_no_history
                the_sessions_of_a_room_come_whole
                too_long_a_history_of_a_room_is_no_shortened_one
            }
            cancellation {
                every_operation_can_be_dropped_at_every_await
                dropped_operations_hold_nothing
                dropped_operations_do_not_count_against_the_provider
            }
            deadlines {
                after_the_deadline_nothing_is_sent
                the_deadline_ends_what_hangs
                the_deadline_ends_what_drips
            }
        }
    };
}

/// One test for each check of the harness that the expression makes. The expression is evaluated in a module two levels
/// below: name what it uses from the crate's root. The caller needs tokio with its macros.
#[macro_export]
macro_rules! conformance_tests {
    ($harness:expr) => {
        $crate::for_every_check! { __conformance_tests $harness }
    };
}

/// What [`conformance_tests!`] makes of the list.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    ({ $harness:expr } $($theme:ident { $($check:ident)* })*) => {
        $(mod $theme {
            $(#[tokio::test]
            async fn $check() {
                let name = concat!(stringify!($theme), "::", stringify!($check));
                let check = $crate::Check::new(name, |harness| Box::pin($crate::checks::$theme::$check(harness)));
                if let Err(violation) = check.run(&$harness).await {
                    panic!("{name}: {violation}");
                }
            })*
        })*
    };
}

/// What [`CHECKS`] is made of.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_list {
    ({} $($theme:ident { $($check:ident)* })*) => {
        &[$($(Check::new(concat!(stringify!($theme), "::", stringify!($check)), |harness| {
            Box::pin($crate::checks::$theme::$check(harness))
        }),)*)*]
    };
}

/// Every check.
pub const CHECKS: &[Check] = for_every_check!(__conformance_list);
