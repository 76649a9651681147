//! The events of orders, in the three ways to get one.

use ottla::logical::TimestampMillis;

/// A build script: `build.rs` generates what is included here.
pub mod v2 {
    ottla::include_events!();
    pub use com::example::events::{OrderCreated, OrderCreatedRef};
}

/// No build script: a macro reads the schema.
pub mod v1 {
    ottla::include_schema!("schemas/v1/order_created.avsc");
    pub use com::example::events::OrderCreated;
}

/// Rust first: the schema follows from the type.
#[derive(ottla::Event, Debug, Clone, PartialEq)]
#[event(namespace = "com.example.events", rename_all = "camelCase")]
pub struct OrderShipped {
    /// The order, as in `OrderCreated`.
    pub order_id: ottla::logical::Uuid,
    /// When the parcel left.
    pub shipped_at: TimestampMillis,
    /// Who carries it.
    #[event(default = "null")]
    pub carrier: Option<String>,
}

/// What the topic of orders carries.
#[derive(ottla::Events, Debug, Clone, PartialEq)]
pub enum OrderEvents {
    /// An order was placed.
    Created(v2::OrderCreated),
    /// Its parcel has left.
    Shipped(OrderShipped),
}
