//! JSON of our own types.

use serde::Serialize;

/// Appends the JSON of a value.
#[expect(clippy::expect_used, reason = "writing our own types, whose keys are strings, to memory cannot fail")]
pub(crate) fn write_json<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("the model renders");
}

/// The JSON of a value.
pub(crate) fn render<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    write_json(value, &mut out);
    out
}
