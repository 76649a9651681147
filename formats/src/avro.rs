//! Apache Avro: the model of a schema and everything that is computed from it.

mod canonical;
mod default;
mod equivalence;
pub mod fingerprint;
pub mod name;
mod normalize;
pub mod parse;
mod print;
pub mod resolve;
pub mod schema;
mod seen;
mod slot;
pub mod tags;
mod walk;
mod weight;

pub use default::DefaultError;
pub use name::Name;
pub use parse::{Mode, ParseError, parse, parse_with};
pub use resolve::{
    Incompatibility, IncompatibilityKind, Plan, PlanError, Reader, Resolution, Writer, resolve, resolve_types,
};
pub use schema::{Attributes, Enum, Field, Fixed, Kind, Order, Record, Schema, Type, TypeId};
pub use slot::Slot;
