//! Bytes of one schema to a value of another.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ottla_event_tests::fuzz::decode_resolved;

fuzz_target!(|data: &[u8]| decode_resolved(data));
