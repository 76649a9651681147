//! The service while its Kafka or its registry is away.
//!
//! ```text
//! broker.rs     a broker that is away at first, stopped, or killed
//! registry.rs   a registry that is away at first, and later
//! ```

mod broker;
mod registry;
#[path = "../orders/stage.rs"]
mod stage;
