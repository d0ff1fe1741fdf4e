//! Arbitrary bytes as a cursor: accepted only when it names the list.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| gateway::fuzzing::cursor(input));
