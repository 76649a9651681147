//! The events, made from `schemas/` when the crate is built, and what the service takes from them.

use std::fmt;

use ottla::Events;

mod v1 {
    ottla::include_events!();
}

mod v2 {
    ottla::include_events!("v2.rs");
}

pub use v1::com::example::events::{InventoryRejected, InventoryReserved, OrderCreated};

/// `OrderCreated` with a currency: what the next build of the services reads and writes.
pub use v2::com::example::events::OrderCreated as OrderCreatedV2;

/// What becomes of an order, as the outcome topic carries it.
#[derive(ottla::Events, Debug, Clone, PartialEq)]
pub enum Outcome {
    /// One unit of its item is kept for it.
    Reserved(InventoryReserved),
    /// There is none left.
    Rejected(InventoryRejected),
}

/// An order as the service knows it, whichever version of the event it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What it is known by everywhere.
    pub order_id: String,
    /// What it is worth.
    pub total_amount: f64,
    /// In what, where the event says so.
    pub currency: Option<String>,
    /// When it was placed, in milliseconds since 1970.
    pub created_at: i64,
}

/// An event that is an order: the service is built for one version of it, and reads all that can be resolved with it.
pub trait OrderEvent: Events + Into<Order> + fmt::Debug + Send + Sync + 'static {}

impl OrderEvent for OrderCreated {}
impl OrderEvent for OrderCreatedV2 {}

impl From<OrderCreated> for Order {
    fn from(event: OrderCreated) -> Self {
        let OrderCreated { order_id, total_amount, created_at, .. } = event;
        Self { order_id, total_amount, currency: None, created_at }
    }
}

impl From<OrderCreatedV2> for Order {
    fn from(event: OrderCreatedV2) -> Self {
        let OrderCreatedV2 { order_id, total_amount, currency, created_at, .. } = event;
        Self { order_id, total_amount, currency, created_at }
    }
}

/// The longest order id, in bytes.
const LONGEST_ID: usize = 100;

impl Order {
    /// Can anything be reserved for it?
    ///
    /// # Errors
    /// If not, however often it is tried.
    pub fn check(&self) -> Result<(), String> {
        let id = &self.order_id;
        if id.is_empty() || id.len() > LONGEST_ID || id.chars().any(char::is_control) {
            return Err(format!("orderId has to be 1 to {LONGEST_ID} bytes without control characters"));
        }
        if !(self.total_amount.is_finite() && self.total_amount >= 0.0) {
            return Err(format!("totalAmount is {}", self.total_amount));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_that_cannot_be() {
        let order = |id: &str, total_amount| Order {
            order_id: id.to_owned(),
            total_amount,
            currency: None,
            created_at: 0,
        };
        assert_eq!(order("o-1", 0.0).check(), Ok(()));
        for (id, amount) in
            [("", 1.0), ("a\0b", 1.0), ("o-1", -0.01), ("o-1", f64::NAN), ("o-1", f64::INFINITY)]
        {
            assert!(order(id, amount).check().is_err(), "{id:?} {amount}");
        }
        assert!(order(&"x".repeat(101), 1.0).check().is_err());
    }
}
