//! Avro binary encoding.
