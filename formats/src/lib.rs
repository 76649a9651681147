//! Schema formats: parse, print, fingerprint, resolve, compare.
//!
//! No IO, no async, no clock: every function is a function of its arguments. Nothing that strangers send makes one
//! panic, overflow a stack of 64 KiB, or take more work and memory than the limits allow, which are constants with
//! `MAX` and `LIMIT` in their names.
//!
//! ```text
//! format.rs          the seam between the registry and the formats: Format, ParsedSchema
//! guid.rs            the content hash of a schema, and how it is computed
//! utf16.rs           the order of texts in Java
//! json.rs            JSON as Apache Avro Java reads and prints it: input order, comments, Java's number texts
//! avro/schema.rs     the model: an arena of types, every attribute kept
//! avro/name.rs       full names, namespaces, aliases
//! avro/parse.rs      JSON text -> model; every error has a JSON pointer, line and column, and says what was expected
//! avro/default.rs    the walk of a default value along its type; is it one?
//! avro/walk.rs       the walk over the types of a schema, in the order of its texts
//! avro/print.rs      the text that registry clients get back
//! avro/normalize.rs  the text with sorted attributes
//! avro/canonical.rs  Parsing Canonical Form
//! avro/fingerprint.rs CRC-64-AVRO, MD5, SHA-256
//! avro/equivalence.rs the same but for the order of attributes and aliases
//! avro/tags.rs       tags that stand in a schema's text
//! avro/weight.rs     how much memory a schema takes
//! avro/resolve.rs    writer + reader -> incompatibilities and plan
//! compatibility.rs   levels, and what of a history a candidate breaks
//! ```

pub mod avro;
pub mod compatibility;
pub mod format;
pub mod guid;
pub mod json;
mod utf16;

pub use format::{Format, ParsedSchema, SchemaRef};
pub use guid::Guid;
pub use utf16::utf16_order;
