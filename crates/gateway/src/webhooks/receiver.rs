//! The way of a webhook, step by step.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use coordination::Name;
use http::{HeaderMap, HeaderValue};
use session_provider::{Clock, DeliveryId, Notice, ProviderId, WebhookVerifier};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::changes::{Changes, Hint};
use crate::sharing::Sharing;
use crate::webhooks::Refused;
use crate::webhooks::metric::{self, Effect};
use crate::webhooks::seen::{REMEMBERED_FOR, Seen};

/// The largest body that is taken, in bytes.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// How many may be under way at once: their bodies take 8 MiB at most.
pub(super) const MOST_AT_ONCE: usize = 32;

/// Takes the webhooks of every provider that has them turned on. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Webhooks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    receivers: BTreeMap<ProviderId, Receiver>,
    has_own_listener: bool,
}

/// Takes the webhooks of one provider.
#[derive(Debug)]
pub(crate) struct Receiver {
    verifier: Arc<dyn WebhookVerifier>,
    seen: Seen,
    places: Arc<Semaphore>,
    /// One is checked at a time: however many forged ones come, they keep no more than one core busy.
    turn: Arc<Semaphore>,
    changes: Changes,
    clock: Clock,
    sharing: OnceLock<Sharing>,
}

/// A header that may be a signature, and a place among those under way.
#[derive(Debug)]
pub(crate) struct Signature {
    value: HeaderValue,
    _place: OwnedSemaphorePermit,
}

impl Webhooks {
    /// For the providers of these verifiers; what they say becomes hints of `changes`. `has_own_listener`: the public one
    /// does not take them.
    #[must_use]
    pub fn new(
        verifiers: impl IntoIterator<Item = Arc<dyn WebhookVerifier>>,
        changes: &Changes,
        clock: Clock,
        has_own_listener: bool,
    ) -> Self {
        let (places, turn) = (Arc::new(Semaphore::new(MOST_AT_ONCE)), Arc::new(Semaphore::new(1)));
        let receiver = |verifier: Arc<dyn WebhookVerifier>| {
            let (places, turn) = (Arc::clone(&places), Arc::clone(&turn));
            let provider = verifier.provider().clone();
            let changes = changes.clone();
            (
                provider,
                Receiver { verifier, seen: Seen::default(), places, turn, changes, clock, sharing: OnceLock::new() },
            )
        };
        let receivers = verifiers.into_iter().map(receiver).collect();
        Self(Arc::new(Inner { receivers, has_own_listener }))
    }

    /// Beside other replicas, with which is shared what has come.
    #[must_use]
    pub fn among_replicas(self, sharing: Sharing) -> Self {
        for receiver in self.0.receivers.values() {
            // Set once, before the first webhook.
            let _ = receiver.sharing.set(sharing.clone());
        }
        self
    }

    /// Of the provider of that name, if its webhooks are taken.
    pub(crate) fn of(&self, provider: &str) -> Option<&Receiver> {
        self.0.receivers.get(provider)
    }

    /// Whether another listener than the public one takes them.
    pub(crate) fn has_own_listener(&self) -> bool {
        self.0.has_own_listener
    }
}

impl Receiver {
    /// What is done before the body is read: the signature's header is there once and can be one, and there is a place.
    ///
    /// # Errors
    /// Why the webhook is not taken.
    pub(crate) fn begin(&self, headers: &HeaderMap) -> Result<Signature, Refused> {
        self.counted(self.look_at(headers))
    }

    fn look_at(&self, headers: &HeaderMap) -> Result<Signature, Refused> {
        let present = |name: &&str| headers.contains_key(*name);
        let name = self.verifier.signature_headers().iter().find(|name| present(name)).ok_or(Refused::Forged)?;
        let mut values = headers.get_all(*name).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return Err(Refused::Forged) };
        self.verifier.look_at(value.as_bytes(), self.clock.now())?;
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Refused::Overloaded)?;
        Ok(Signature { value: value.clone(), _place: place })
    }

    /// Checks the body, and hints at what it says unless it has come before. Asks no provider.
    ///
    /// # Errors
    /// Why the webhook is not taken.
    pub(crate) async fn take(&self, signature: &Signature, body: &[u8]) -> Result<(), Refused> {
        let notice = self.counted(self.verified(signature, body).await)?;
        let event = notice.event;
        let effect = if !self.seen.is_new(notice.delivery) || !self.is_new_to_all(notice.delivery).await {
            Effect::Repeated
        } else if notice.concerns_what_is_live() {
            let provider = self.verifier.provider().clone();
            self.changes.hint(Hint { provider, rooms: notice.rooms, session: notice.session });
            Effect::Hinted
        } else {
            Effect::Ignored
        };
        metric::taken(self.verifier.provider(), event, effect);
        Ok(())
    }

    /// Whether no other replica has had it. While the store is away each replica remembers its own.
    async fn is_new_to_all(&self, delivery: DeliveryId) -> bool {
        let Some(sharing) = self.sharing.get() else { return true };
        let Some(scope) = sharing.scope(self.verifier.provider()) else { return true };
        sharing.cluster().remember(scope, Name::of([&delivery.0[..]]), REMEMBERED_FOR).await.unwrap_or(true)
    }

    /// Counts a webhook whose body cannot be had.
    pub(crate) fn unread(&self) {
        metric::unread(self.verifier.provider());
    }

    async fn verified(&self, signature: &Signature, body: &[u8]) -> Result<Notice, Refused> {
        match self.check(signature, body).await {
            // The key may have changed.
            Err(_) if self.verifier.renew_key().await => self.check(signature, body).await,
            checked => checked,
        }
    }

    async fn check(&self, signature: &Signature, body: &[u8]) -> Result<Notice, Refused> {
        // Never closed.
        let _turn = self.turn.acquire().await.map_err(|_| Refused::Overloaded)?;
        Ok(self.verifier.check(signature.value.as_bytes(), body, self.clock.now())?)
    }

    fn counted<T>(&self, result: Result<T, Refused>) -> Result<T, Refused> {
        result.inspect_err(|refused| metric::refused(self.verifier.provider(), *refused))
    }
}
