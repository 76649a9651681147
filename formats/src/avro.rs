//! Apache Avro: the model of a schema and everything that is computed from it.

pub mod name;
pub mod schema;

pub use name::Name;
pub use schema::{Attributes, Enum, Field, Fixed, Kind, Order, Record, Schema, Type, TypeId};
