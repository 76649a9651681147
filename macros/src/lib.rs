//! Procedural macros of the `ottla` crate.

use proc_macro::TokenStream;

/// Makes an event of a struct or enum that is written by hand: its schema, its codec, and how it reads what older and newer
/// versions of it wrote. `ottla::derive` says what becomes what, and which attributes there are.
#[proc_macro_derive(Event, attributes(event))]
pub fn event(input: TokenStream) -> TokenStream {
    ottla_codegen::derive::event(input.into()).into()
}

/// Makes one of an enum over several types of events: what a topic carries. Each variant has an event, boxed or not; at most
/// one has `#[events(other)]` and an `ottla::UnknownEvent`. `ottla::events` says which variant a message becomes. If `ottla` has
/// another name in the crate, `#[events(crate = "that")]` tells it.
#[proc_macro_derive(Events, attributes(events))]
pub fn events(input: TokenStream) -> TokenStream {
    ottla_codegen::derive::events(input.into()).into()
}

/// Types for Avro schemas, without a build script. Paths start at the folder of the crate.
///
/// ```ignore
/// ottla::include_schema!("schemas/order_created.avsc");
/// ```
///
/// Files may refer to types of each other, and may stand in any order; a folder cannot be given, because the compiler would
/// not see another file in it. All schemas of a namespace belong into one call, as each makes the modules that it needs.
/// Options follow, with the meaning that they have in `ottla_codegen::Options`:
///
/// ```ignore
/// ottla::include_schema!(
///     "schemas/money.avsc",
///     "schemas/order.avsc",
///     strip = "com.example",
///     borrowed = "**",
///     open_enums = "com.example.events.*",
///     sorted_maps = "com.example.events.Order.labels",
///     derive("com.example.**", serde::Serialize, serde::Deserialize),
///     type_attribute("com.example.events.Order", #[non_exhaustive]),
///     field_attribute("**.password", #[serde(skip)]),
///     map_type("timestamp-millis", crate::time::Moment),
///     extern_path("com.example.shared", ::shared_events),
///     compatible_with = "schemas/ottla.lock",
///     runtime = "::ottla",
///     chrono,
///     uuid,
///     rust_decimal,
/// );
/// ```
///
/// What is wrong with a schema is an error of the compiler, with the file, line and column.
///
/// # What was released
///
/// With a lock file that `ottla lock` has written, a schema that breaks what was released is an error as well:
///
/// ```ignore
/// ottla::include_schema!("schemas/order_created.avsc", compatible_with = "schemas/ottla.lock");
/// ```
///
/// ```text
/// error: schemas/order_created.avsc:9:5: AVRO-READER-FIELD-NO-DEFAULT: field "currency" has no default, and version 3 does not write it (at /fields/4)
///          orders-value against lock:schemas/ottla.lock, version 3, BACKWARD_TRANSITIVE
///          a consumer with this schema cannot read what a producer still on version 3 writes
///          ...
///          help: make it optional: "type": ["null", "string"], "default": null, or give it another default
/// ```
///
/// Each schema is held to the level that its subject has in the lock; all that breaks is told at once. Nothing is asked over a
/// network. A schema is found in the lock by its file, else by its full name; one that the lock does not know is an error, as it
/// was compared with nothing. The compiler looks at everything again when the lock changes.
#[proc_macro]
pub fn include_schema(input: TokenStream) -> TokenStream {
    ottla_codegen::expand::include_schema(input.into()).into()
}

/// The types that `ottla_codegen::Builder` has generated in the build script: those in `events.rs`, or in the file of that
/// name.
///
/// ```ignore
/// ottla::include_events!();
/// mod more {
///     ottla::include_events!("more.rs");
/// }
/// ```
#[proc_macro]
pub fn include_events(input: TokenStream) -> TokenStream {
    ottla_codegen::expand::include_events(input.into()).into()
}
