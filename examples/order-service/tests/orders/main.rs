//! The service as a process, with a registry and a Kafka that are well.
//!
//! ```text
//! stage.rs         what the tests play on          placing.rs    orders that are placed
//! idempotency.rs   the same order again            refusals.rs   what is no order
//! ending.rs        SIGTERM and SIGKILL under load  starting.rs   what it does not start with
//! evolution.rs     the next version of the event
//! ```

mod ending;
mod evolution;
mod idempotency;
mod placing;
mod refusals;
mod stage;
mod starting;
