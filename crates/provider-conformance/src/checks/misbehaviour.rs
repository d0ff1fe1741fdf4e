//! Every misbehaviour, met by every operation that is offered.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::join_all;
use session_provider::{Effect, Error, Operation, SessionProvider};

use crate::asking::{AMPLE, ask, mutates, offered, within};
use crate::checks::is_in_context;
use crate::stage::busy_room;
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Misbehaviour, SeenRequest, Service, Verdict, Violation};

/// Long enough for a request to be sent on a calm machine; what depends on it is judged by what was seen.
const SHORT_EXCHANGE: Duration = Duration::from_millis(300);

macro_rules! misbehaviours {
    ($($check:ident => $misbehaviour:ident),* $(,)?) => {
        $(
            #[doc = concat!("[`Misbehaviour::", stringify!($misbehaviour), "`] is met as its sentence says.")]
            ///
            /// # Errors
            /// The operations that make something else of it.
            pub async fn $check(harness: &dyn Harness) -> Verdict {
                every_operation(harness, Misbehaviour::$misbehaviour).await
            }
        )*

        #[cfg(test)]
        const CHECKED: &[Misbehaviour] = &[$(Misbehaviour::$misbehaviour),*];
    };
}

misbehaviours! {
    html_success => HtmlSuccess,
    success_false => SuccessFalse,
    missing_array => MissingArray,
    empty_object => EmptyObject,
    truncated_json => TruncatedJson,
    redirect => Redirect,
    huge_body => HugeBody,
    gzip_bomb => GzipBomb,
    deep_json => DeepJson,
    plain_text_not_found => PlainTextNotFound,
    html_not_found => HtmlNotFound,
    unauthorized => Unauthorized,
    forbidden => Forbidden,
    too_many_requests => TooManyRequests,
    server_error => ServerError,
    bad_gateway => BadGateway,
    edge_error => EdgeError,
    reset => Reset,
    reset_mid_body => ResetMidBody,
    short_body => ShortBody,
    hang => Hang,
    drip => Drip,
    rows_without_ids => RowsWithoutIds,
}

async fn every_operation(harness: &dyn Harness, misbehaviour: Misbehaviour) -> Verdict {
    let provider = harness.start().await.provider(Bounds::default());
    let spoilt: Vec<Operation> = offered(&*provider).filter(|operation| misbehaviour.spoils(*operation)).collect();
    Violation::all(join_all(spoilt.into_iter().map(|operation| one_operation(harness, misbehaviour, operation))).await)
}

async fn one_operation(harness: &dyn Harness, misbehaviour: Misbehaviour, operation: Operation) -> Verdict {
    let service = harness.start().await;
    let exchange_timeout = if misbehaviour.stalls() { SHORT_EXCHANGE } else { Bounds::default().exchange_timeout };
    let provider = service.provider(Bounds { exchange_timeout, ..Bounds::default() });
    let targets = busy_room(&*service)?.targets()?;
    service.misbehave(misbehaviour, 0);
    let verdict = match ask(&*provider, operation, &within(operation, AMPLE), &targets).await {
        Ok(answer) => Err(Violation::new(format!("answered {answer:?}"))),
        Err(error) => is_judged(&*service, &*provider, misbehaviour, operation, &error),
    };
    verdict.map_err(|violation| violation.when(format_args!("{operation} met {misbehaviour:?}")))
}

/// The error is what the misbehaviour deserves, in every respect.
pub(super) fn is_judged(
    service: &dyn Service,
    provider: &dyn SessionProvider,
    misbehaviour: Misbehaviour,
    operation: Operation,
    error: &Error,
) -> Verdict {
    let sentence = misbehaviour.sentence();
    let requests = service.requests();
    ensure_eq!(error.kind(), sentence.kind, "kind of {error:?}");
    ensure!(
        sentence.statuses.contains(&error.upstream_status()),
        "upstream status {:?}, not one of {:?}",
        error.upstream_status(),
        sentence.statuses
    );
    is_in_context(provider, operation, error)?;
    if misbehaviour == Misbehaviour::TooManyRequests {
        let wait = Duration::from_secs(Misbehaviour::RETRY_AFTER_SECONDS);
        ensure_eq!(error.retry_after(), Some(wait), "Retry-After");
    }
    has_the_effect(misbehaviour, operation, error, &requests)?;
    shows_nothing(service, error)?;
    is_sent_sparingly(operation, &requests, misbehaviour.stalls())
}

fn has_the_effect(
    misbehaviour: Misbehaviour,
    operation: Operation,
    error: &Error,
    requests: &[SeenRequest],
) -> Verdict {
    let reached = requests.iter().any(|request| request.mutates);
    let effect = match misbehaviour.sentence().effect {
        // Nothing is unknown about what never arrived, nor certain about it on our side.
        Effect::Unknown if !reached => error.effect(),
        effect => effect,
    };
    let effect = if mutates(operation) { effect } else { Effect::None };
    ensure_eq!(error.effect(), effect, "effect of {error:?}");
    let retryable = effect == Effect::None && error.kind().is_transient();
    ensure_eq!(error.is_retryable(), retryable, "whether {error:?} is worth repeating");
    ensure_eq!(error.detail().contains("unknown"), effect == Effect::Unknown, "\"unknown\" in {:?}", error.detail());
    Ok(())
}

/// Nothing that came from upstream, and no secret, is in what callers or logs see.
fn shows_nothing(service: &dyn Service, error: &Error) -> Verdict {
    let shown = format!("{error} {} {error:?}", error.detail());
    for text in service.secrets().iter().map(String::as_str).chain(["Sign in", "DOCTYPE", "http://", "/redirected"]) {
        ensure!(!shown.contains(text), "{text:?} is shown in {shown}");
    }
    Ok(())
}

/// A mutation is sent exactly once, a read at most twice; a redirect is followed by neither. Of a list of several pages
/// one page may be wanted twice.
pub(super) fn is_sent_sparingly(operation: Operation, requests: &[SeenRequest], perhaps_not: bool) -> Verdict {
    let mut sent: HashMap<&SeenRequest, u32> = HashMap::new();
    requests.iter().for_each(|request| *sent.entry(request).or_default() += 1);
    let read = if sent.len() > 1 { 3 } else { 2 };
    for (request, times) in sent {
        ensure!(!request.target.contains(Misbehaviour::REDIRECTED), "a redirect was followed: {request:?}");
        let most = if request.mutates { 1 } else { read };
        ensure!(times <= most, "{request:?} was sent {times} times");
    }
    let mutations = requests.iter().filter(|request| request.mutates).count();
    if mutates(operation) {
        ensure!(mutations == 1 || (mutations == 0 && perhaps_not), "{mutations} mutations were sent: {requests:?}");
    } else {
        ensure_eq!(mutations, 0, "mutations sent by a read");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_misbehaviour_is_checked() {
        assert_eq!(CHECKED, Misbehaviour::ALL);
    }
}
