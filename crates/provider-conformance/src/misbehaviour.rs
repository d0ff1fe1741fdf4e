//! How a service can misbehave, and what a provider must make of it.

use session_provider::{Effect, ErrorKind, Operation};

/// One way to misbehave, towards every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Misbehaviour {
    /// 200 with an HTML page.
    HtmlSuccess,
    /// 200 with `{"success": false}`.
    SuccessFalse,
    /// The real answer without any of its arrays.
    MissingArray,
    /// 200 with `{}`.
    EmptyObject,
    /// The first half of the real answer as a whole body.
    TruncatedJson,
    /// 302 to a path that ends in [`REDIRECTED`](Self::REDIRECTED) on the same service.
    Redirect,
    /// The real answer behind 300 MB of white space.
    HugeBody,
    /// The same, compressed.
    GzipBomb,
    /// 200 with an object nested 10,000 deep.
    DeepJson,
    /// 404 with plain text.
    PlainTextNotFound,
    /// 404 with an HTML page.
    HtmlNotFound,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 429 with `Retry-After` of [`RETRY_AFTER_SECONDS`](Self::RETRY_AFTER_SECONDS).
    TooManyRequests,
    /// 500.
    ServerError,
    /// 502 with an HTML page.
    BadGateway,
    /// 520.
    EdgeError,
    /// The connection is reset before a byte of an answer.
    Reset,
    /// The connection is reset in the middle of the body.
    ResetMidBody,
    /// The body is shorter than announced, and the connection ends in order.
    ShortBody,
    /// No answer at all.
    Hang,
    /// The answer comes a byte at a time and never ends.
    Drip,
    /// The real answer, whose lists have rows without any id.
    RowsWithoutIds,
}

/// What the suite expects of an operation that met a misbehaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// The kind of the error.
    pub kind: ErrorKind,
    /// The statuses that the error may name; `None` stands for no status.
    pub statuses: &'static [Option<u16>],
    /// What a mutation has to be said to have done.
    pub effect: Effect,
}

impl Misbehaviour {
    /// Every one.
    pub const ALL: [Self; 23] = [
        Self::HtmlSuccess,
        Self::SuccessFalse,
        Self::MissingArray,
        Self::EmptyObject,
        Self::TruncatedJson,
        Self::Redirect,
        Self::HugeBody,
        Self::GzipBomb,
        Self::DeepJson,
        Self::PlainTextNotFound,
        Self::HtmlNotFound,
        Self::Unauthorized,
        Self::Forbidden,
        Self::TooManyRequests,
        Self::ServerError,
        Self::BadGateway,
        Self::EdgeError,
        Self::Reset,
        Self::ResetMidBody,
        Self::ShortBody,
        Self::Hang,
        Self::Drip,
        Self::RowsWithoutIds,
    ];

    /// The end of the path that [`Redirect`](Self::Redirect) points to. It must never be asked for.
    pub const REDIRECTED: &'static str = "/redirected";

    /// The `Retry-After` of [`TooManyRequests`](Self::TooManyRequests).
    pub const RETRY_AFTER_SECONDS: u64 = 7;

    /// Whether the answer to the operation is spoilt by it: what takes lists or ids away does no harm where none are
    /// promised, and to nothing that was changed: an accepted change is no error.
    #[must_use]
    pub fn spoils(self, operation: Operation) -> bool {
        let lists = matches!(
            operation,
            Operation::ListLiveSessions
                | Operation::ListLiveParticipants
                | Operation::ListSessionParticipants
                | Operation::FindLiveSessionId
                | Operation::CountLiveMedia
        );
        match self {
            Self::MissingArray | Self::RowsWithoutIds => lists,
            _ => true,
        }
    }

    /// Whether it keeps the provider waiting until a timeout.
    #[must_use]
    pub fn stalls(self) -> bool {
        matches!(self, Self::Hang | Self::Drip)
    }

    /// What a provider must make of it.
    #[must_use]
    pub fn sentence(self) -> Sentence {
        const SUCCESS: &[Option<u16>] = &[Some(200), Some(201)];
        // A reset can overtake the head of the answer; a list is judged as a whole, over many answers.
        const PERHAPS: &[Option<u16>] = &[None, Some(200), Some(201)];
        type Statuses = &'static [Option<u16>];
        let bad = |statuses: Statuses| (ErrorKind::ProviderBadResponse, statuses, Effect::Unknown);
        let failed = |statuses: Statuses| (ErrorKind::ProviderError, statuses, Effect::Unknown);
        let (kind, statuses, effect): (_, Statuses, _) = match self {
            Self::HtmlSuccess | Self::SuccessFalse | Self::EmptyObject | Self::DeepJson => bad(&[Some(200)]),
            Self::MissingArray | Self::TruncatedJson | Self::HugeBody | Self::GzipBomb => bad(SUCCESS),
            Self::Redirect => bad(&[Some(302)]),
            Self::RowsWithoutIds => bad(PERHAPS),
            Self::PlainTextNotFound | Self::HtmlNotFound => {
                (ErrorKind::ProviderBadResponse, &[Some(404)], Effect::None)
            }
            Self::Unauthorized => (ErrorKind::ProviderAuthFailed, &[Some(401)], Effect::None),
            Self::Forbidden => (ErrorKind::ProviderAuthFailed, &[Some(403)], Effect::None),
            Self::TooManyRequests => (ErrorKind::ProviderRateLimited, &[Some(429)], Effect::None),
            Self::ServerError => failed(&[Some(500)]),
            Self::BadGateway => failed(&[Some(502)]),
            Self::EdgeError => failed(&[Some(520)]),
            Self::Reset => failed(&[None]),
            Self::ResetMidBody => failed(PERHAPS),
            Self::ShortBody => failed(SUCCESS),
            Self::Hang => (ErrorKind::ProviderTimeout, &[None], Effect::Unknown),
            Self::Drip => (ErrorKind::ProviderTimeout, PERHAPS, Effect::Unknown),
        };
        Sentence { kind, statuses, effect }
    }
}
