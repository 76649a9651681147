//! Payloads and headers to what they say of their schemas.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ottla_event_tests::fuzz::framing;

fuzz_target!(|data: &[u8]| framing(data));
