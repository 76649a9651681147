//! Bad input and hostile use: each gets the answer that the API gives, or a 4xx in its shape, and costs bounded memory.
//!
//! ```text
//! targets.rs names.rs bodies.rs media.rs   what a request can get wrong, as tables
//! framing.rs    bytes that are no request, or that two servers might read as different ones
//! slow.rs       clients that take their time, or leave
//! limits.rs     each limit, its answer and its counter;  queue.rs  the one that needs a database that waits
//! idle.rs       ten thousand connections that ask nothing
//! schemas.rs references.rs   texts that are deep, wide or long, and schemas that refer to many
//! random.rs random/          any request at all: no 5xx, no panic
//! registry.rs socket.rs shape.rs   a server, raw bytes to it, and what an error looks like
//! ```
#![allow(clippy::unwrap_used, reason = "a failing unwrap fails the test")]

mod bodies;
mod framing;
mod idle;
mod limits;
mod media;
mod names;
mod queue;
mod random;
mod references;
mod registry;
mod schemas;
mod shape;
mod slow;
mod socket;
#[path = "../support/mod.rs"]
mod support;
mod targets;
