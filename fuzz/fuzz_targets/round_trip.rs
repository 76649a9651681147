//! What is read is written, and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ottla_event_tests::fuzz::round_trip;

fuzz_target!(|data: &[u8]| round_trip(data));
