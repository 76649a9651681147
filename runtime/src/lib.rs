//! Typed events for Kafka.

pub mod codec;
pub mod logical;
