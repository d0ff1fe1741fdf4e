//! Arbitrary pages of RealtimeKit's history: never read as empty when they are not.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| provider_realtimekit::fuzzing::history(input));
