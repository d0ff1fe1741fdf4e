//! How a simulated service is set: whom it lets in and which of the shapes seen in the wild it answers in.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// Which credential is good.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Any that is not empty.
    #[default]
    AnyNonEmpty,
    /// Only this one.
    Exactly(String),
}

impl Credentials {
    pub(crate) fn accepts(&self, given: &str) -> bool {
        match self {
            Self::AnyNonEmpty => !given.is_empty(),
            Self::Exactly(right) => given == right,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AnyNonEmpty => "AnyNonEmpty",
            Self::Exactly(_) => "Exactly(..)",
        })
    }
}

/// A limit on requests, counted per simulator in fixed windows of tokio's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests per window.
    pub requests: u64,
    /// The window.
    pub window: Duration,
}

/// How Huddle01 gives one live session (`docs/upstream/huddle01.md` §7 quirk 1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SingleSession {
    /// An object under `liveSessions`, as types of 2.5.5 and later say.
    #[default]
    Object,
    /// An array of one.
    Array,
    /// An array of one with `roomid` and `starttime`.
    LowercaseArray,
}

/// How Huddle01 gives the counts of a live session (`docs/upstream/huddle01.md` §7 quirk 3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Counts {
    /// Numbers.
    #[default]
    Numbers,
    /// `null`.
    Null,
    /// Numbers as text, times too.
    Text,
}

/// How Huddle01 gives metadata of people (`docs/upstream/huddle01.md` §7 quirk 5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Metadata {
    /// As it is.
    #[default]
    Plain,
    /// JSON in a text.
    Text,
}

/// How a service gives a time that is not set: when who is present left, when what runs ended
/// (`docs/upstream/realtimekit.md` quirk 3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UnsetTime {
    /// Not at all; Huddle01's `endTime` is `null`.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// The text `"null"`.
    NullText,
    /// 0.
    Zero,
    /// The text `"Invalid date"`, as a well-known JavaScript library writes it.
    InvalidDate,
    /// The beginning of the year 1, as Go writes it.
    YearOne,
}

impl UnsetTime {
    /// `None` where nothing is written.
    pub(crate) fn wire(self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Null => Some(Value::Null),
            Self::NullText => Some(json!("null")),
            Self::Zero => Some(json!(0)),
            Self::InvalidDate => Some(json!("Invalid date")),
            Self::YearOne => Some(json!("0001-01-01T00:00:00Z")),
        }
    }
}

/// A simulated Huddle01 project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Huddle01Options {
    /// Which API key is good.
    pub credentials: Credentials,
    /// The shape of one live session.
    pub single_session: SingleSession,
    /// Whether the rows of the live list have all keys in lower case.
    pub lowercase_keys: bool,
    /// How counts are given.
    pub counts: Counts,
    /// How metadata of people is given.
    pub metadata: Metadata,
    /// How `endTime` of what runs and `exitTime` of who is present are given.
    pub unset_time: UnsetTime,
    /// Rows on a page that says no `limit`.
    pub default_limit: usize,
    /// The most rows on a page; a larger `limit` is refused with 400.
    pub max_limit: usize,
    /// Refuses what exceeds it; `None`: never.
    pub rate_limit: Option<RateLimit>,
    /// `whitelistedDomains`.
    pub whitelisted_domains: Vec<String>,
}

impl Default for Huddle01Options {
    fn default() -> Self {
        Self {
            credentials: Credentials::default(),
            single_session: SingleSession::default(),
            lowercase_keys: false,
            counts: Counts::default(),
            metadata: Metadata::default(),
            unset_time: UnsetTime::default(),
            default_limit: 10,
            max_limit: 20,
            rate_limit: None,
            whitelisted_domains: vec!["example.com".to_owned()],
        }
    }
}

/// Where RealtimeKit puts `paging` (`docs/upstream/realtimekit.md` §4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Paging {
    /// Inside `data` for the participants of a session, beside `data` elsewhere.
    #[default]
    AsDocumented,
    /// Beside `data` everywhere.
    Beside,
    /// Inside `data` wherever that is an object.
    Inside,
    /// Nowhere.
    Absent,
}

/// How RealtimeKit gives the details of a session (`docs/upstream/realtimekit.md` quirk 1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SessionDetails {
    /// The session is `data`.
    #[default]
    Flat,
    /// The session is `data.session`.
    Wrapped,
}

/// A simulated RealtimeKit app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealtimeKitOptions {
    /// Which API token is good.
    pub credentials: Credentials,
    /// The only account there is; `None`: every account id is this one.
    pub account_id: Option<String>,
    /// The only app there is; `None`: every app id is this one.
    pub app_id: Option<String>,
    /// Where paging goes.
    pub paging: Paging,
    /// The shape of session details.
    pub session_details: SessionDetails,
    /// How `ended_at` of what runs and `left_at` of who is present are given.
    pub unset_time: UnsetTime,
    /// Rows on a page that says no `per_page`.
    pub default_per_page: usize,
    /// The most rows on a page; a larger `per_page` gives that many (the real maximum is not published).
    pub max_per_page: usize,
    /// Whether a meeting or session id that is no UUID is refused with 400 `"id" must be a valid GUID`. Off by default:
    /// V1 rooms have names, and the refusal is documented for webhook routes only.
    pub validate_ids: bool,
    /// Refuses what exceeds it; `None`: never, and `Ratelimit` tells a full quota.
    pub rate_limit: Option<RateLimit>,
}

impl Default for RealtimeKitOptions {
    fn default() -> Self {
        Self {
            credentials: Credentials::default(),
            account_id: None,
            app_id: None,
            paging: Paging::default(),
            session_details: SessionDetails::default(),
            unset_time: UnsetTime::default(),
            default_per_page: 20,
            max_per_page: 100,
            validate_ids: false,
            rate_limit: None,
        }
    }
}
