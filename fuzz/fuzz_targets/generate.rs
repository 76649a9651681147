//! Schema texts to code.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ottla_event_tests::fuzz::generate_code;

fuzz_target!(|data: &[u8]| generate_code(data));
