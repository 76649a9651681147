//! Rust first: the schemas of types with `#[derive(Event)]`.
//!
//! A macro sees one type at a time, and of the types of its fields no more than their names. So a derived type puts its
//! schema together when it is asked for it first, out of what the types of its fields say of themselves: they are
//! [`Described`].
//!
//! ```
//! use std::collections::HashMap;
//!
//! /// An order that left the house.
//! #[derive(ottla::Event)]
//! #[event(namespace = "com.example.events", rename_all = "camelCase")]
//! struct OrderShipped {
//!     order_id: String,
//!     /// Who carries it.
//!     #[event(default = "null")]
//!     carrier: Option<String>,
//!     #[event(default = "{}")]
//!     labels: HashMap<String, String>,
//! }
//!
//! use ottla::Event as _;
//! assert_eq!(OrderShipped::FULL_NAME, "com.example.events.OrderShipped");
//! assert_eq!(
//!     OrderShipped::descriptor().text(),
//!     concat!(
//!         r#"{"type":"record","name":"OrderShipped","namespace":"com.example.events","#,
//!         r#""doc":"An order that left the house.","fields":[{"name":"orderId","type":"string"},"#,
//!         r#"{"name":"carrier","type":["null","string"],"doc":"Who carries it.","default":null},"#,
//!         r#"{"name":"labels","type":{"type":"map","values":"string"},"default":{}}]}"#,
//!     ),
//! );
//! ```
//!
//! # What becomes what
//!
//! | Rust | Avro |
//! |---|---|
//! | struct with named fields, or with none | record |
//! | enum without values | enum |
//! | enum whose variants have one value each; `Null` has none | union, with the variants as branches, in their order |
//! | `struct Digest([u8; 32])` | fixed |
//! | struct around one other value | the schema of that value |
//! | `bool`, `i32`, `i64`, `f32`, `f64`, `String`, `Vec<u8>`, `()` | boolean, int, long, float, double, string, bytes, null |
//! | `Vec<T>` | array |
//! | `HashMap<String, T>`, `BTreeMap<String, T>` | map |
//! | `Option<T>` | union of null and `T`, which is no union itself: an enum has its own `Null` |
//! | `Box<T>`, where `T` is a derived or generated type | `T` |
//! | `[u8; N]`, with `fixed = "Name"` | fixed |
//! | types of [`logical`](crate::logical) | their logical types; [`Duration`](crate::logical::Duration) is a fixed called `Duration` |
//! | generated types, other derived types | their schemas |
//!
//! Under the features of these names, types of other libraries have the logical type that keeps most of them:
//! `chrono::NaiveDate` is a `date`, `NaiveTime` a `time-micros`, `DateTime<Utc>` a `timestamp-micros`, `NaiveDateTime` a
//! `local-timestamp-micros`, `uuid::Uuid` a `uuid`, and `rust_decimal::Decimal` a `big-decimal`. `logical` asks for another.
//!
//! A type may hold others of its kind in an `Option<Box<Self>>`, a list or a map, if it has a name in Avro.
//! Types with parameters or lifetimes are refused: each of them would need a name of its own.
//!
//! # Attributes
//!
//! | on a type | |
//! |---|---|
//! | `namespace = "com.example"` | the namespace; without it there is none, and then types that have one can use it only once |
//! | `name = "Order"` | another name than that in Rust |
//! | `alias = "OldName"` | a name that writers may have used; can be repeated |
//! | `rename_all = "camelCase"` | the names of fields, or symbols, in another case: `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE` |
//! | `crate = "path"` | where this crate is, if not at `::ottla` |
//!
//! | on a field | |
//! |---|---|
//! | `rename = "orderId"` | another name than that in Rust |
//! | `alias = "old_name"` | a name that writers may have used; can be repeated |
//! | `default = "JSON"` | what is read if the writer has no such field |
//! | `fixed = "Digest"` | the name of the `[u8; N]` or [`Duration`](crate::logical::Duration) in it, in the namespace of the type |
//! | `logical = "timestamp-millis"` | the logical type of a field that [`Convert`](crate::logical::Convert)s to it, or of an `Option` of such; `decimal(9, 2)` for decimals |
//!
//! The default of an `Option` may be any value of its type, as since Avro 1.12; older implementations take nothing but `null`,
//! the first branch of the union.
//!
//! A symbol takes `rename`, and one of them `default`: it is what symbols are read as that this type has not. A branch of a
//! union takes `fixed` and `logical`.
//!
//! Docs of types and fields become those of the schema.
//!
//! # What is checked when
//!
//! Names, the JSON of defaults, and branches that cannot be told apart are checked by the compiler. Whether a default suits its
//! type it can only tell of types that it knows by name. The rest is checked when the schema is made, and
//! [`Descriptor::schema`](crate::Descriptor::schema) returns it: call it in a test.
//!
//! This does not compile, since both branches are strings:
//!
//! ```compile_fail,E0080
//! #[derive(ottla::Event)]
//! struct Mail(String);
//!
//! #[derive(ottla::Event)]
//! enum Contact {
//!     Name(String),
//!     Mail(Mail),
//! }
//! ```

mod builder;
mod convert;
mod described;
mod field_type;
mod names;

pub use builder::SchemaBuilder;
pub use described::Described;
pub use field_type::FieldType;

#[doc(hidden)]
pub use builder::{FieldOf, describe};
#[doc(hidden)]
pub use described::FixedBytes;
#[doc(hidden)]
pub use names::{option_of, union_of};
