//! Rust code for Avro schemas.

mod emit;
pub mod model;
