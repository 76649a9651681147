//! The service while something that it needs is away.
//!
//! ```text
//! away.rs   database, registry and broker, one after the other, while orders come in
//! slow.rs   a database that is slower than orders come in: memory is bounded
//! ```

mod away;
mod slow;
#[path = "../stage/mod.rs"]
mod stage;
