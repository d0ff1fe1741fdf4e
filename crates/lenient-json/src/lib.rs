//! Reading what video services really send.
//!
//! A value of an unexpected type reads as `None`; nothing is guessed. Values are slices of the body until they are needed:
//! no tree is built of a body, what a row does not use costs nothing, and a field that cannot be used (half a surrogate, a
//! number out of range, 10,000 levels of nesting) costs that field and no other. Nothing here recurses.
#![forbid(unsafe_code)]

mod array;
mod body;
mod known_rows;
mod members;
mod moment;
mod object;
mod row;
mod scalar;
mod shape;
mod surrogates;
mod verbatim;
mod walk;

pub use array::{Unread, elements};
pub use body::body;
pub use known_rows::{KnownRows, RowRead, SharedKnownRows};
pub use members::members;
pub use moment::{Moment, is_ahead, moment};
pub use object::{Fields, fields, fields_around, fields_or_null, member, object_fields};
pub use row::{Broken, row};
pub use scalar::{amount, code, count, flag, id, nonempty, text};
pub use shape::Shape;
pub use verbatim::{MAX_DEPTH, unwrapped, verbatim};
pub use walk::Walk;

use serde_json::value::RawValue;

/// A JSON value not yet looked at; `None` when the key is absent or `null`.
pub type Raw<'a> = Option<&'a RawValue>;
