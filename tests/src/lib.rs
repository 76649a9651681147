//! What the tests of several crates need.
//!
//! It depends on none of the project's crates, so that all of them can use it in their tests.
//!
//! ```text
//! postgres.rs   a private PostgreSQL, which can be killed, paused and restarted
//! kafka.rs      a private Kafka, likewise; with the feature `kafka`
//! server.rs     `ottla serve` as a process, which can be killed and paused
//! http.rs       a client that sends any bytes and tells a lost request from one that never took place
//! history.rs    is what clients were told possible? A linearizability checker
//! random.rs     numbers that follow from a seed
//! ```

pub mod history;
pub mod http;
#[cfg(feature = "kafka")]
pub mod kafka;
pub mod postgres;
pub mod random;
pub mod server;
