//! Takes orders over HTTP and answers once they are in Kafka.
//!
//! ```text
//! options.rs    flags                          service.rs    from start to end
//! routes.rs     POST /orders                   refusal.rs    what else it answers
//! order.rs      what an order has to be        identity.rs   the same order for the same Idempotency-Key
//! publisher.rs  events to records, to answers  delivery.rs   what became of a record
//! window.rs     keys that were used lately     metrics.rs    what is counted
//! events.rs     the event, made from schemas/ when the crate is built, in two versions
//! ```
//!
//! The same code is built for both versions of the event: `main.rs` is the service of today, `bin/v2.rs` the next one, which
//! takes orders with a `currency`. Both may run at the same time, on the same topic.
//!
//! # What an answer means
//!
//! * `202`: the order is in the topic. Every replica that the cluster asks for has it (`acks=all`).
//! * `503` with `"outcome": "not-placed"`: it is not, and will not be.
//! * `503` with `"outcome": "unknown"`: the record was on its way when its time was up. It will not be sent any more, but it
//!   may have arrived. The answer names an `Idempotency-Key`: the same request with that key is the same order, wherever and
//!   whenever it is sent, so to repeat it until it is answered `202` is safe.
//! * anything else: the request was wrong, and nothing has happened.
//!
//! The id of an order follows from its key (UUIDv5), so no instance has to know what another one did. A repeated request may
//! put a second record with the same id and the same key in the topic: consumers keep the first.

pub mod delivery;
pub mod events;
pub mod identity;
pub mod metrics;
pub mod options;
pub mod order;
pub mod publisher;
pub mod refusal;
pub mod routes;
pub mod service;
pub mod window;

pub use options::Options;
