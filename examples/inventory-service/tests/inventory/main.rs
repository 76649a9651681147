//! The service as a process, with everything it needs.
//!
//! ```text
//! flow.rs      orders, their effects, their outcomes    poison.rs     records that nothing can be done about
//! ending.rs    asked to end, killed, started again      evolution.rs  both versions of the event
//! starting.rs  what it does not start with
//! ```

mod ending;
mod evolution;
mod flow;
mod poison;
#[path = "../dlq/raw.rs"]
mod raw;
#[path = "../stage/mod.rs"]
mod stage;
mod starting;
