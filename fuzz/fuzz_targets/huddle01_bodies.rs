//! Arbitrary answers of Huddle01: never read as empty when they are not.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| provider_huddle01::fuzzing::answer(input));
