//! Rust code for Avro schemas: structs with codecs of their own.
//!
//! A build script uses a [`Builder`]; without one, `ottla::include_schema!` makes the same code, and `ottla generate` prints
//! it. [`generate`] is what all of them call, with [`Options`]; [`Errors`] are all that is wrong with all files, each with
//! its place and what to do about it.
//!
//! What the types are called:
//! * Namespaces are modules, types and symbols are written like `OrderCreated`, fields like `order_id`. A keyword is
//!   written like `r#type`, or `self_` where that is not possible.
//! * Where two names have become one, who is written so in Avro keeps it, and the others have a number.
//! * A union of `null` and another type is an `Option`. Any other is an enum with the name of its record and field, whose
//!   variants have the names of the branches.
//! * A type without a name that is the outermost of a file has the name of the file.
//!
//! Logical types are those of the runtime, or what [`Options`] choose for them. One that does not suit is ignored, as Avro
//! says: on another type than its own, without a valid precision, or if a default in any of the files is no value of it, so
//! that `uuid` with the default `""` is a `String`.
//!
//! ```text
//! generated.rs  paths -> code: what all front ends call
//! //! lower.rs    schemas -> model: names, modules, logical types, cycles
//! model.rs    the Rust items, as data
//! emit.rs     model -> tokens
//! builder.rs  the front end for build scripts;  expand.rs  that of the macro
//! derive.rs   the way from Rust to schemas: #[derive(Event)]
//! options.rs  what may be chosen;  glob.rs  patterns for names
//! names.rs    names in Rust for names in Avro
//! print.rs    tokens -> text that nobody reads
//! ```
//!
//! The code depends on the schemas and options only: no clock, no environment, no order of folders.

mod builder;
#[doc(hidden)]
pub mod derive;
mod emit;
#[doc(hidden)]
pub mod expand;
mod generated;
mod glob;
mod lower;
pub mod model;
mod names;
mod options;
mod print;

pub use builder::{BuildError, Builder};
pub use generated::{Generated, generate, model_of};
pub use options::Options;
pub use ottla_gate::error::{Error, Errors};
use ottla_gate::{error, source};
