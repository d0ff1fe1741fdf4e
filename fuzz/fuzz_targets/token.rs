//! Arbitrary bytes as a bearer token: never accepted.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| gateway::fuzzing::token(input));
