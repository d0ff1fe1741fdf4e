//! Arbitrary webhooks for Huddle01: none that a stranger made is taken.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| provider_huddle01::fuzzing::webhook(input));
