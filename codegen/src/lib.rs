//! Rust code for Avro schemas.
