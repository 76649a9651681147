//! Events that others write, and that they read: Python's `confluent-kafka` and `fastavro`, and Rust's
//! `schema_registry_converter`, beside the types, serializers and deserializers of `ottla`, with a registry between them.
//!
//! ```text
//! world.rs       a registry, our client and Python's;  python.rs  a Python program that reads and writes on request
//! values.rs      every kind of type, and every logical type
//! shapes.rs      recursion, references, keys, types that are no records
//! evolution.rs   a schema that changes
//! topics.rs      several types of events on one topic
//! framing.rs     GUIDs, and Avro's single objects
//! converter.rs   schema_registry_converter
//! ```
#![allow(clippy::unwrap_used, reason = "a failing unwrap fails the test")]

mod converter;
mod evolution;
mod framing;
mod python;
mod shapes;
mod topics;
mod values;
mod world;

/// A version of a type has a module of its own.
mod v1 {
    ottla::include_schema!("schemas/order_created_v1.avsc", strip = "com.example.orders");
}
mod v2 {
    ottla::include_schema!("schemas/order_created_v2.avsc", strip = "com.example.orders");
}
mod v3 {
    ottla::include_schema!("schemas/order_created_v3.avsc", strip = "com.example.orders");
}

// Maps are sorted, so that each side writes the same bytes.
ottla::include_schema!(
    "schemas/barcode.avsc",
    "schemas/category.avsc",
    "schemas/currency.avsc",
    "schemas/depot.avsc",
    "schemas/invoice.avsc",
    "schemas/money.avsc",
    "schemas/parcel_event.avsc",
    "schemas/parcel_key.avsc",
    "schemas/parcel_lost.avsc",
    "schemas/parcel_sent.avsc",
    "schemas/shipment.avsc",
    strip = "com.example",
    sorted_maps = "**",
);
