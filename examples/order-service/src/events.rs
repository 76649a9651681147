//! The event, made from `schemas/` when the crate is built, in both versions.

use ottla::Events;

use crate::order::NewOrder;

mod v1 {
    ottla::include_events!();
}

mod v2 {
    ottla::include_events!("v2.rs");
}

pub use v1::com::example::events::OrderCreated;

/// `OrderCreated` with a currency: what the next build of the services reads and writes.
pub use v2::com::example::events::OrderCreated as OrderCreatedV2;

/// An event that says that an order was created: the service is built for one version of it.
pub trait OrderEvent: Events {
    /// Can it say in which currency the amount is? If not, orders that name one are refused, as it would get lost.
    const HAS_CURRENCY: bool;

    /// The event of an order.
    fn of(order_id: &str, order: NewOrder, created_at: i64) -> Self;
}

impl OrderEvent for OrderCreated {
    const HAS_CURRENCY: bool = false;

    fn of(order_id: &str, order: NewOrder, created_at: i64) -> Self {
        Self::new(order_id, order.customer_id, order.total_amount, created_at)
    }
}

impl OrderEvent for OrderCreatedV2 {
    const HAS_CURRENCY: bool = true;

    fn of(order_id: &str, order: NewOrder, created_at: i64) -> Self {
        let NewOrder { customer_id, total_amount, currency } = order;
        let mut event = Self::new(order_id, customer_id, total_amount, created_at);
        event.currency = currency;
        event
    }
}
