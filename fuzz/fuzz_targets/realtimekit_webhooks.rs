//! Arbitrary webhooks for RealtimeKit: none that a stranger made is taken.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| provider_realtimekit::fuzzing::webhook(input));
