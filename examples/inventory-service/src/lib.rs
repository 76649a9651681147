//! Reserves inventory for orders: from Kafka to a database and back to Kafka, each order exactly once.
//!
//! ```text
//! options.rs      flags                             service.rs      from start to end
//! worker.rs       the thread that does it all, in cycles
//!   gather.rs       records, until there are enough    read.rs      records to orders
//!   outcomes.rs     what is sent                       waits.rs     partitions that have to wait
//! consumer.rs     partitions that come and go       producer.rs     transactions
//! store.rs        what is in stock, what is reserved for whom: SQLite or PostgreSQL
//! dead_letter.rs  records that nothing can be done about;  dlq.rs   to list them, and to try them again
//! events.rs       the events, made from schemas/ when the crate is built
//! metrics.rs      what is counted;  lag.rs  how far behind the service is
//! ```

pub mod consumer;
pub mod dead_letter;
pub mod dlq;
pub mod events;
pub mod lag;
pub mod metrics;
pub mod options;
pub mod producer;
pub mod service;
pub mod store;
pub mod worker;

pub use options::Options;
