//! Bytes to a value and to a borrowed value, of any type.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ottla_event_tests::fuzz::decode;

fuzz_target!(|data: &[u8]| decode(data));
