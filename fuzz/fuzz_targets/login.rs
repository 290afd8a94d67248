#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pregon_fuzz::login(data));
