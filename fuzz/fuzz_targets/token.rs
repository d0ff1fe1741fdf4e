//! Arbitrary bytes as a bearer token: never accepted.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| caller_auth::fuzzing::token(input));
