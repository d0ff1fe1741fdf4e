//! The suite finds what is wrong with a provider: each flaw is found by the check that is meant for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use provider_conformance::{CHECKS, run_all};
use session_provider::{
    CallContext, Capabilities, Error, ErrorKind, KickTargets, KickedParticipant, LiveMedia, NewPoll, Operation,
    ParticipantId, ParticipantList, Poll, ProviderId, ProviderKind, RequestId, Result, RoomId, Session, SessionFilter,
    SessionId, SessionList, SessionPage, SessionProvider, SessionQuery, SessionStatus,
};
use tokio::time::Instant;

use crate::realtimekit::RealtimeKitHarness;
use crate::wrapping::Wrapping;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Flaw {
    EmptyForFailed,
    ShowsWhoLeft,
    ShowsWhatEnded,
    FirstPageOnly,
    RepeatsMutations,
    IsSureOfMutations,
    IgnoresDeadlines,
    ForgetsContext,
    QuotesUpstream,
    ClaimsTooMuch,
    AsksForTheUnsupported,
    StaysBusyWhenDropped,
    KicksByIdOnly,
    MistakesIdleForUnknown,
    IgnoresBreakoutFlag,
    AddsVotes,
    HidesDropped,
    DropsOddIds,
    DropsBrokenNames,
    TakesAnySession,
    WantsWholeAnswers,
    StartsAgain,
    IgnoresFilters,
    OldestFirst,
    ReadsAll,
}

/// RealtimeKit's provider with something wrong about it.
#[derive(Debug)]
struct Flawed {
    inner: Arc<dyn SessionProvider>,
    flaw: Flaw,
    busy: AtomicBool,
}

impl Flawed {
    fn call(&self, call: &CallContext) -> CallContext {
        let deadline = Instant::now() + Duration::from_secs(60);
        match (self.flaw, call.intent()) {
            (Flaw::IgnoresDeadlines, session_provider::Intent::Read) => {
                CallContext::read(RequestId::generate(), deadline)
            }
            _ => call.clone(),
        }
    }

    fn error(&self, error: Error) -> Error {
        let again = |kind| {
            let status = error.upstream_status();
            let made = Error::new(kind).at_provider(self.inner.id());
            let made = error.operation().into_iter().fold(made, Error::in_operation);
            let made = error.retry_after().into_iter().fold(made, Error::with_retry_after);
            status.into_iter().fold(made, Error::with_upstream_status)
        };
        match (self.flaw, error.kind()) {
            (Flaw::IsSureOfMutations, kind) => again(kind),
            (Flaw::ForgetsContext, kind) => Error::new(kind),
            (Flaw::QuotesUpstream, _) => error.with_detail("The provider said: Sign in"),
            (Flaw::MistakesIdleForUnknown, ErrorKind::SessionNotLive) => again(ErrorKind::SessionNotFound),
            _ => error,
        }
    }
}

#[async_trait]
impl SessionProvider for Flawed {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn kind(&self) -> ProviderKind {
        self.inner.kind()
    }

    fn capabilities(&self) -> Capabilities {
        let capabilities = self.inner.capabilities();
        if self.flaw == Flaw::ClaimsTooMuch { capabilities.with(Operation::FindLiveSessionId) } else { capabilities }
    }

    async fn list_live_sessions(&self, call: &CallContext) -> Result<SessionList> {
        if self.flaw == Flaw::StaysBusyWhenDropped && self.busy.swap(true, Ordering::Relaxed) {
            return Err(ErrorKind::Overloaded.into());
        }
        let answer = self.inner.list_live_sessions(&self.call(call)).await.map_err(|error| self.error(error));
        self.busy.store(false, Ordering::Relaxed);
        match (self.flaw, answer) {
            (Flaw::EmptyForFailed, Err(_)) => Ok(SessionList::default()),
            (Flaw::FirstPageOnly, Ok(mut list)) => {
                list.sessions.truncate(100);
                Ok(list)
            }
            (Flaw::HidesDropped, Ok(list)) => Ok(SessionList { dropped: 0, ..list }),
            (Flaw::ShowsWhatEnded, Ok(mut list)) => {
                list.sessions.push(Session::of_room(RoomId::new("ended").unwrap(), SessionStatus::Live));
                Ok(list)
            }
            (_, answer) => answer,
        }
    }

    async fn get_live_session(&self, call: &CallContext, room: &RoomId) -> Result<Session> {
        self.inner.get_live_session(&self.call(call), room).await.map_err(|error| self.error(error))
    }

    async fn list_live_participants(&self, call: &CallContext, room: &RoomId) -> Result<ParticipantList> {
        if self.flaw == Flaw::ShowsWhoLeft {
            let live = self.inner.get_live_session(call, room).await?;
            return self.inner.list_session_participants(call, &live.session_id.unwrap()).await;
        }
        let answer = self.inner.list_live_participants(&self.call(call), room).await;
        let mut list = answer.map_err(|error| self.error(error))?;
        match self.flaw {
            Flaw::DropsOddIds => list.participants.retain(|row| ParticipantId::new(row.connection_id.as_str()).is_ok()),
            Flaw::DropsBrokenNames => {
                let broken = |name: &String| name.contains('\u{fffd}');
                list.participants.retain(|row| !row.display_name.as_ref().is_some_and(broken));
            }
            _ => {}
        }
        Ok(list)
    }

    async fn kick_participants(
        &self,
        call: &CallContext,
        room: &RoomId,
        targets: &KickTargets,
    ) -> Result<Vec<KickedParticipant>> {
        if self.flaw == Flaw::KicksByIdOnly {
            let ids = targets.participant_ids().to_vec();
            let targets = KickTargets::new(ids, vec![]).unwrap_or_else(|_| targets.clone());
            return self.inner.kick_participants(call, room, &targets).await;
        }
        let answer = self.inner.kick_participants(call, room, targets).await;
        match answer {
            Err(_) if self.flaw == Flaw::RepeatsMutations => self.inner.kick_participants(call, room, targets).await,
            Ok(kicked) if self.flaw == Flaw::WantsWholeAnswers && kicked.is_empty() => {
                Err(ErrorKind::ProviderBadResponse.into())
            }
            answer => answer.map_err(|error| self.error(error)),
        }
    }

    async fn kick_all_participants(&self, call: &CallContext, room: &RoomId) -> Result<Option<u64>> {
        self.inner.kick_all_participants(call, room).await.map_err(|error| self.error(error))
    }

    async fn create_poll(&self, call: &CallContext, room: &RoomId, poll: &NewPoll) -> Result<Poll> {
        let mut made = self.inner.create_poll(call, room, poll).await.map_err(|error| self.error(error))?;
        if self.flaw == Flaw::AddsVotes {
            made.options[0].count = Some(1);
        }
        Ok(made)
    }

    async fn get_session(&self, call: &CallContext, session: &SessionId, breakouts: bool) -> Result<Session> {
        let breakouts = breakouts || self.flaw == Flaw::IgnoresBreakoutFlag;
        match self.inner.get_session(&self.call(call), session, breakouts).await {
            Err(error) if self.flaw == Flaw::TakesAnySession && error.kind() == ErrorKind::ProviderBadResponse => {
                Ok(Session::of_room(RoomId::new("another").unwrap(), SessionStatus::Live))
            }
            answer => answer.map_err(|error| self.error(error)),
        }
    }

    async fn list_session_participants(&self, call: &CallContext, session: &SessionId) -> Result<ParticipantList> {
        self.inner.list_session_participants(&self.call(call), session).await.map_err(|error| self.error(error))
    }

    async fn list_sessions(&self, call: &CallContext, query: &SessionQuery) -> Result<SessionPage> {
        let query = match self.flaw {
            Flaw::StartsAgain => SessionQuery { passed: None, ..query.clone() },
            Flaw::IgnoresFilters => {
                SessionQuery { filter: SessionFilter { room: None, ..SessionFilter::default() }, ..query.clone() }
            }
            _ => query.clone(),
        };
        let page = self.inner.list_sessions(&self.call(call), &query).await.map_err(|error| self.error(error));
        match (self.flaw, page) {
            (Flaw::EmptyForFailed, Err(_)) => Ok(SessionPage::default()),
            (Flaw::HidesDropped, Ok(page)) => Ok(SessionPage { dropped: 0, ..page }),
            (Flaw::FirstPageOnly, Ok(page)) => Ok(SessionPage { more: false, ..page }),
            (Flaw::OldestFirst, Ok(mut page)) => {
                page.rows.reverse();
                Ok(page)
            }
            (Flaw::ReadsAll, Ok(page)) => {
                while self.inner.list_sessions(&self.call(call), &query).await.is_err() {}
                self.inner.list_live_sessions(&self.call(call)).await?;
                Ok(page)
            }
            (_, page) => page,
        }
    }

    async fn list_room_sessions(&self, call: &CallContext, room: &RoomId) -> Result<SessionList> {
        let list = self.inner.list_room_sessions(&self.call(call), room).await.map_err(|error| self.error(error));
        match (self.flaw, list) {
            (Flaw::EmptyForFailed, Err(_)) => Ok(SessionList::default()),
            (Flaw::HidesDropped, Ok(list)) => Ok(SessionList { dropped: 0, ..list }),
            (Flaw::FirstPageOnly, Ok(mut list)) => {
                list.sessions.truncate(20);
                Ok(list)
            }
            (_, list) => list,
        }
    }

    async fn find_live_session_id(&self, call: &CallContext, room: &RoomId) -> Result<Option<SessionId>> {
        if self.flaw == Flaw::AsksForTheUnsupported {
            self.inner.get_live_session(call, room).await?;
        }
        self.inner.find_live_session_id(call, room).await
    }

    async fn count_live_media(&self, call: &CallContext) -> Result<LiveMedia> {
        self.inner.count_live_media(&self.call(call)).await.map_err(|error| self.error(error))
    }
}

macro_rules! with {
    ($flaw:ident) => {
        Wrapping(|inner| Arc::new(Flawed { inner, flaw: Flaw::$flaw, busy: AtomicBool::new(false) }))
    };
}

#[tokio::test]
async fn each_flaw_is_found_by_its_check() {
    for (wrapping, name) in [
        (with!(EmptyForFailed), "misbehaviour::html_success"),
        (with!(EmptyForFailed), "misbehaviour::rows_without_ids"),
        (with!(EmptyForFailed), "exchanges::a_failure_of_any_later_exchange_fails_the_operation"),
        (with!(ShowsWhoLeft), "participants::only_who_is_present_is_listed"),
        (with!(ShowsWhatEnded), "live_sessions::the_list_holds_what_is_live_and_nothing_else"),
        (with!(ShowsWhatEnded), "live_sessions::an_empty_account_has_an_empty_list"),
        (with!(FirstPageOnly), "paging::all_live_sessions_of_all_pages_come"),
        (with!(RepeatsMutations), "misbehaviour::server_error"),
        (with!(RepeatsMutations), "exchanges::a_mutation_on_a_connection_in_use_is_sent_once"),
        (with!(IsSureOfMutations), "misbehaviour::reset"),
        (with!(IgnoresDeadlines), "deadlines::after_the_deadline_nothing_is_sent"),
        (with!(ForgetsContext), "misbehaviour::forbidden"),
        (with!(QuotesUpstream), "misbehaviour::bad_gateway"),
        (with!(ClaimsTooMuch), "capabilities::offered_operations_are_carried_out"),
        (with!(AsksForTheUnsupported), "capabilities::others_are_refused_without_a_call"),
        (with!(StaysBusyWhenDropped), "cancellation::every_operation_can_be_dropped_at_every_await"),
        (with!(StaysBusyWhenDropped), "cancellation::dropped_operations_hold_nothing"),
        (with!(KicksByIdOnly), "moderation::a_kick_by_custom_ids_takes_every_connection"),
        (with!(MistakesIdleForUnknown), "moderation::kicking_all_ends_the_session"),
        (with!(MistakesIdleForUnknown), "live_sessions::an_idle_room_is_not_live"),
        (with!(IgnoresBreakoutFlag), "sessions::breakout_rooms_are_told_when_asked_for"),
        (with!(HidesDropped), "rows::a_row_without_an_id_is_left_out_and_counted"),
        (with!(EmptyForFailed), "rows::a_list_of_one_row_without_an_id_is_no_empty_list"),
        (with!(AddsVotes), "polls::a_poll_is_made_as_asked"),
        (with!(DropsOddIds), "oddities::an_odd_connection_id_costs_nobody_the_row"),
        (with!(DropsBrokenNames), "oddities::broken_text_costs_a_character"),
        (with!(TakesAnySession), "oddities::another_session_is_no_answer"),
        (with!(StartsAgain), "history::a_walk_gives_each_session_once_newest_first"),
        (with!(FirstPageOnly), "history::a_walk_gives_each_session_once_newest_first"),
        (with!(OldestFirst), "history::a_walk_gives_each_session_once_newest_first"),
        (with!(StartsAgain), "history::a_walk_loses_nothing_while_sessions_begin_end_and_vanish"),
        (with!(IgnoresFilters), "history::what_is_not_asked_for_is_left_out"),
        (with!(ReadsAll), "history::a_page_costs_a_call_or_two"),
        (with!(FirstPageOnly), "history::the_sessions_of_a_room_come_whole"),
        (with!(EmptyForFailed), "history::too_long_a_history_of_a_room_is_no_shortened_one"),
        (with!(WantsWholeAnswers), "oddities::an_accepted_change_is_no_error"),
    ] {
        let check = CHECKS.iter().find(|check| check.name() == name).unwrap();
        assert!(check.run(&RealtimeKitHarness::documented(wrapping)).await.is_err(), "{name} finds nothing");
    }
}

/// Offers nothing, does nothing.
#[derive(Debug)]
struct Nothing(ProviderId);

impl SessionProvider for Nothing {
    fn id(&self) -> &ProviderId {
        &self.0
    }

    fn kind(&self) -> ProviderKind {
        ProviderKind::new("mutant")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::none()
    }
}

#[tokio::test]
async fn a_provider_that_offers_nothing_conforms() {
    let nothing = Wrapping(|_| Arc::new(Nothing(ProviderId::new("nothing").unwrap())));
    let report = run_all(&RealtimeKitHarness::documented(nothing)).await;
    assert_eq!((report.passed.len(), report.failed.len()), (CHECKS.len(), 0), "{report}");
}
