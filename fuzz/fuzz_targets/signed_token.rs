//! An arbitrary header and payload under a good signature: accepted only when every rule is kept.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| caller_auth::fuzzing::signed_token(input));
