//! The event, made from `schemas/order_created.avsc` when the crate is built.

ottla::include_events!();

pub use com::example::events::OrderCreated;
