//! What to tell people whose call has failed.

use rollcall_client::types::{KnownProblemCode, Problem};
use rollcall_client::{ConnectError, Error, Failure as CallFailure};

use crate::cli::Failure;
use crate::cli::live::text::plain;

/// A call to the API at `url` failed: what happened, and what to do next.
pub(super) fn call(url: &str, error: Error<Problem>) -> Failure {
    let next = match &error {
        Error::ErrorResponse(problem) => next_step(problem),
        Error::CommunicationError(_) => Some("Is Rollcall running there? --url or ROLLCALL_URL says where it is."),
        _ => Some("Is it Rollcall that answers there? --url or ROLLCALL_URL says where it is."),
    };
    failure(url, &CallFailure(error).to_string(), next)
}

/// Following the API at `url` is over.
pub(super) fn following(url: &str, error: &rollcall_client::events::FollowError) -> Failure {
    failure(url, &error.why, error.problem.as_deref().and_then(next_step))
}

/// There is no way to call it.
pub(super) fn connecting(error: &ConnectError) -> Failure {
    Failure::usage(plain(&error.to_string()))
}

fn failure(url: &str, why: &str, next: Option<&str>) -> Failure {
    let next = next.map(|next| format!("\n{next}")).unwrap_or_default();
    Failure::running(format!("{}: {}{next}", plain(url), plain(why)))
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
