//! The pure functions that a read goes through, each alone.
//!
//! `just bench-functions`. What a whole answer costs is measured from outside, by `just bench`.
#![allow(missing_docs, reason = "criterion's macros make public items")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has nothing better to do")]

#[path = "../../src/upstream/bodies.rs"]
mod bodies;
mod maps;
mod tokens;

criterion::criterion_group!(
    functions,
    maps::huddle01,
    maps::realtimekit,
    maps::rows,
    tokens::verified,
    tokens::remembered
);
criterion::criterion_main!(functions);
