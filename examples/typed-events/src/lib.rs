//! Typed events in three ways, and what happens when a schema evolves.
//!
//! ```text
//! schemas/v1, schemas/v2   OrderCreated as it was, and with a currency
//! build.rs                 generates the type for v2
//! src/events.rs            the types, in the three ways
//! src/story.rs             written with v1, read with v2, and the other way round
//! ```

pub mod events;
pub mod story;
