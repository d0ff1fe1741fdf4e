//! The suite over every shape in which the services answer, besides the documented ones.
//!
//! Failures have no shape: of the suite only what reads good answers is run.

use provider_conformance::{CHECKS, Check, Harness, run};
use provider_simulator::{
    Counts, Huddle01Options, Metadata, Paging, RealtimeKitOptions, SessionDetails, SingleSession, UnsetTime,
};

use crate::huddle01::Huddle01Harness;
use crate::realtimekit::RealtimeKitHarness;
use crate::wrapping::BARE;

/// Fewer rows on a page than the provider asks for.
const SMALL_PAGE: usize = 30;

async fn reads_good_answers(harness: &impl Harness) {
    let reads = |check: &&Check| {
        let themes = [
            "capabilities",
            "live_sessions",
            "participants",
            "sessions",
            "moderation",
            "media",
            "paging",
            "moving_pages",
            "oddities",
        ];
        themes.contains(&check.name().split("::").next().unwrap())
    };
    let report = run(CHECKS.iter().filter(reads), harness).await;
    assert!(report.failed.is_empty(), "{report}");
    assert!(report.passed.len() > 25, "{report}");
}

async fn huddle01(options: Huddle01Options) {
    reads_good_answers(&Huddle01Harness { options, wrapping: BARE }).await;
}

async fn realtimekit(options: RealtimeKitOptions) {
    reads_good_answers(&RealtimeKitHarness { options, wrapping: BARE }).await;
}

#[tokio::test]
async fn huddle01_single_session_in_an_array() {
    huddle01(Huddle01Options { single_session: SingleSession::Array, ..Huddle01Options::default() }).await;
}

#[tokio::test]
async fn huddle01_lower_case() {
    let single_session = SingleSession::LowercaseArray;
    huddle01(Huddle01Options { single_session, lowercase_keys: true, ..Huddle01Options::default() }).await;
}

#[tokio::test]
async fn huddle01_counts_and_metadata_as_text() {
    let options = Huddle01Options { counts: Counts::Text, metadata: Metadata::Text, ..Huddle01Options::default() };
    huddle01(options).await;
}

#[tokio::test]
async fn huddle01_without_counts() {
    huddle01(Huddle01Options { counts: Counts::Null, ..Huddle01Options::default() }).await;
}

#[tokio::test]
async fn realtimekit_paging_beside_data_on_small_pages() {
    let options = RealtimeKitOptions { paging: Paging::Beside, max_per_page: SMALL_PAGE, ..Default::default() };
    realtimekit(RealtimeKitOptions { session_details: SessionDetails::Wrapped, ..options }).await;
}

#[tokio::test]
async fn realtimekit_paging_inside_data_on_small_pages() {
    let options = RealtimeKitOptions { paging: Paging::Inside, max_per_page: SMALL_PAGE, ..Default::default() };
    realtimekit(RealtimeKitOptions { unset_time: UnsetTime::NullText, ..options }).await;
}

#[tokio::test]
async fn realtimekit_without_paging() {
    let options = RealtimeKitOptions { paging: Paging::Absent, unset_time: UnsetTime::Null, ..Default::default() };
    reads_good_answers(&RealtimeKitHarness { options, wrapping: BARE }).await;
}

#[tokio::test]
async fn realtimekit_without_paging_on_small_pages() {
    let options = RealtimeKitOptions { paging: Paging::Absent, max_per_page: SMALL_PAGE, ..Default::default() };
    let harness = RealtimeKitHarness { options, wrapping: BARE };
    reads_good_answers(&harness).await;
    // To see that the list is over costs another call.
    let whole = |check: &&Check| check.name().starts_with("history::") && !check.name().contains("costs");
    let report = run(CHECKS.iter().filter(whole), &harness).await;
    assert!(report.failed.is_empty() && report.passed.len() >= 5, "{report}");
}

#[tokio::test]
async fn times_that_are_not_set() {
    for unset_time in [UnsetTime::Zero, UnsetTime::InvalidDate, UnsetTime::YearOne] {
        huddle01(Huddle01Options { unset_time, ..Huddle01Options::default() }).await;
        realtimekit(RealtimeKitOptions { unset_time, ..RealtimeKitOptions::default() }).await;
    }
}
