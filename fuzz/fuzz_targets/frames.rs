#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| rockpick_fuzz::frames(input));
