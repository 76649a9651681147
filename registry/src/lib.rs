//! The registry: a view over a log.
//!
//! The log is a table to which records are appended, with the keys and values of a `_schemas` topic. What the
//! registry knows is what the log amounts to: an immutable [`domain::State`] in memory, from which every request is
//! answered, and which one writer task replaces after each append.
//!
//! ```text
//! domain/   the rules. Pure functions over State: apply(record), queries, decide(command)
//! log/      trait Log: append, read, head, changed; SQLite and PostgreSQL
//! engine    the writer task, the published state, catching up with other replicas
//! http/     one routing table; requests, answers, and the only file with status and error codes
//! serve     taking connections, health, and the way out;  metrics, telemetry  what operators see
//! cli/      the command line
//! ```
//!
//! # Invariants
//!
//! 1. The domain never waits, and never fails for reasons outside its arguments.
//! 2. Only `http/` knows status codes, error codes and JSON bodies; every rejection has an arm of its own there.
//! 3. Only `log/` knows SQL. There is one write: `append`.
//! 4. Replaying the log from nothing gives the same `State`.
//! 5. A schema is compatible if and only if resolution lists no incompatibility.
//! 6. A schema id is never given twice; a version number only after a permanent delete.

pub mod auth;
pub mod cli;
pub mod domain;
pub mod engine;
pub mod http;
pub mod log;
pub mod metrics;
pub mod serve;
pub mod telemetry;
