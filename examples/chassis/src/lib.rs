//! What the example services have in common around their business.
//!
//! ```text
//! cli.rs        flags, each of which is also a variable;  values.rs  times and sizes;  secret.rs  what must not be shown
//! logs.rs       structured logs
//! trace.rs      one trace across services: W3C trace context in requests and records;  trace/  spans that nobody collects
//! metrics.rs    Prometheus
//! health.rs     is the service alive, is it ready, and if not, why
//! server.rs     HTTP: connections with limits, and their end;  http/  what all routes share
//! problem.rs    errors as RFC 9457 has them
//! kafka.rs      settings of Kafka clients;  kafka/  topics, logs, is the broker there?
//! registry.rs   the schema registry, which may be away when a service starts
//! signals.rs    being asked to end
//! ```
//!
//! Nothing in here knows what an order is.

pub mod cli;
pub mod health;
pub mod http;
pub mod kafka;
pub mod logs;
pub mod metrics;
pub mod problem;
pub mod registry;
pub mod secret;
pub mod server;
pub mod signals;
pub mod trace;
pub mod values;

pub use health::{Check, Health};
pub use problem::Problem;
