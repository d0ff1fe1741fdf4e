//! Refuses at once what would be one exchange too many at the same time.

use std::time::Duration;

use session_provider::{Error, ErrorKind};
use tower::limit::ConcurrencyLimit;
use tower::load_shed::LoadShed;
use tower::util::MapErr;
use tower::{BoxError, Service, ServiceExt, load_shed};

use crate::Response;
use crate::exchange::Exchange;

/// When to come back: exchanges end within seconds.
const RETRY_AFTER: Duration = Duration::from_secs(1);

pub(crate) type Limited<S> = MapErr<LoadShed<ConcurrencyLimit<S>>, fn(BoxError) -> Error>;

/// `inner` under at most `max` exchanges at once: tower's concurrency limit, with load-shed above it so that nobody queues.
pub(crate) fn limited<S>(inner: S, max: usize) -> Limited<S>
where
    S: Service<Exchange, Response = Response, Error = Error>,
{
    LoadShed::new(ConcurrencyLimit::new(inner, max)).map_err(into_error as fn(BoxError) -> Error)
}

fn into_error(error: BoxError) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(error) if error.is::<load_shed::error::Overloaded>() => {
            Error::new(ErrorKind::Overloaded).with_retry_after(RETRY_AFTER)
        }
        Err(error) => Error::new(ErrorKind::Internal).with_source(error),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tower::ServiceExt;

    use super::*;
    use crate::testing::{Inner, read};

    #[tokio::test(start_paused = true)]
    async fn one_too_many_is_refused_at_once_and_never_reaches_the_network() {
        let inner = Inner::answering_after(Duration::from_secs(1), [Ok(200)]);
        let service = limited(inner.clone(), 3);
        let answers = join_all((0..5).map(|_| service.clone().oneshot(read()))).await;
        let (good, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!((good.len(), refused.len(), inner.calls()), (3, 2, 3));
        for error in refused.into_iter().map(Result::unwrap_err) {
            assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Overloaded, Some(RETRY_AFTER)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_is_free_again_after_an_answer_a_failure_or_a_dropped_call() {
        let inner = Inner::answering_after(Duration::from_secs(1), [Ok(200), Err(ErrorKind::ProviderError.into())]);
        let service = limited(inner.clone(), 1);
        assert!(service.clone().oneshot(read()).await.is_ok());
        assert_eq!(service.clone().oneshot(read()).await.unwrap_err().kind(), ErrorKind::ProviderError);
        let cut = tokio::time::timeout(Duration::from_millis(1), service.clone().oneshot(read())).await;
        assert!(cut.is_err());
        assert_eq!(service.oneshot(read()).await.unwrap_err().kind(), ErrorKind::ProviderError);
        assert_eq!(inner.calls(), 4);
    }
}
