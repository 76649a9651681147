//! What the tests of the registry share.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test uses its part; a failing unwrap fails it"
)]

pub mod commands;
pub mod faulty;
pub mod store;
