//! What to tell people whose call has failed.

use rollcall_client::types::{KnownProblemCode, Problem};
use rollcall_client::{ConnectError, Error, Failure as CallFailure};

use crate::cli::Failure;
use crate::cli::live::table::complaints;
use crate::cli::live::text::plain;

/// What to do where nothing says what answers.
const IS_IT_ROLLCALL: &str = "Is it Rollcall that answers there? --url or ROLLCALL_URL says where it is.";

/// A call to the API at `url` failed: what happened, and what to do next.
pub(super) fn call(url: &str, error: Error<Problem>) -> Failure {
    let (next, providers) = match &error {
        Error::ErrorResponse(problem) => (next_step(problem), complaints_of(problem)),
        Error::CommunicationError(_) => {
            (Some("Is Rollcall running there? --url or ROLLCALL_URL says where it is."), Vec::new())
        }
        _ => (Some(IS_IT_ROLLCALL), Vec::new()),
    };
    failure(url, &CallFailure(error).to_string(), &providers, next)
}

/// Following the API at `url` is over.
pub(super) fn following(url: &str, error: &rollcall_client::events::FollowError) -> Failure {
    let (next, providers) = match &error.problem {
        Some(problem) => (next_step(problem), complaints_of(problem)),
        None => (Some(IS_IT_ROLLCALL), Vec::new()),
    };
    failure(url, &error.why, &providers, next)
}

/// There is no way to call it.
pub(super) fn connecting(error: &ConnectError) -> Failure {
    Failure::usage(plain(&error.to_string()))
}

/// Which providers failed, and why each.
fn complaints_of(problem: &Problem) -> Vec<String> {
    complaints(problem.providers.iter().flatten())
}

fn failure(url: &str, why: &str, providers: &[String], next: Option<&str>) -> Failure {
    let more = providers.iter().map(String::as_str).chain(next);
    let more: String = more.map(|line| format!("\n{line}")).collect();
    Failure::running(format!("{}: {}{more}", plain(url), plain(why)))
}

fn next_step(problem: &Problem) -> Option<&'static str> {
    let code = rollcall_client::code(problem).parse().ok()?;
    Some(match code {
        KnownProblemCode::Unauthenticated => {
            "The token is not one that is accepted there, or it has expired. Put a new one into ROLLCALL_TOKEN or --token-file."
        }
        KnownProblemCode::InsufficientScope => "The token needs the scope sessions:read.",
        KnownProblemCode::ProviderNotFound => "Without --provider you see all that the token may see.",
        _ if problem.retryable => "It may work if you try again.",
        _ => return None,
    })
}
