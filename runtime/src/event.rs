//! What every event type can do, and what it knows of its schema.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use ottla_formats::avro::fingerprint::crc64;
use ottla_formats::avro::{self, Mode, ParseError, Schema};

use crate::codec::{
    At, Decode, DecodeError, Encode, EncodeError, Encoder, Fault, Limits, Reader, locate, name,
};
use crate::derive::SchemaBuilder;
use crate::plan::{Plan, PlanError};

/// A type with an Avro schema and a codec for it.
///
/// Generated code implements it for every named type, and for every type that is the outermost of a schema file;
/// `#[derive(Event)]` does for structs and enums that are written by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event",
    note = "an event is generated from a schema, or has `#[derive(ottla::Event)]`"
)]
pub trait Event: Encode + for<'a> Decode<'a> + 'static {
    /// The full name of the schema (`com.example.OrderCreated`); of a schema without a name, the word for its kind
    /// (`string`, `array`), as in Java.
    const FULL_NAME: &'static str;

    /// The schema and what belongs to it.
    fn descriptor() -> &'static Descriptor;

    /// Writes the schema within another. Types that put theirs together at run time do so here.
    #[doc(hidden)]
    fn define_schema(schema: &mut SchemaBuilder) {
        schema.generated(Self::descriptor());
    }

    /// Appends the value to a buffer, which can be used again and again. If it cannot be written the buffer is as before.
    ///
    /// That can only be where types of other libraries stand for logical types: a `chrono` time beyond the range of
    /// nanoseconds, a decimal with more digits than the schema has; and unknown symbols of open enums.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        Encoder::append(out, |out| self.write(out))
    }

    /// Reads a value that was written with this type's own schema. Bytes that are left after it are an error.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::decode_within(bytes, Limits::default())
    }

    /// The same within other [`Limits`].
    fn decode_within(bytes: &[u8], limits: Limits) -> Result<Self, DecodeError> {
        read(bytes, limits, Self::descriptor)
    }

    /// Reads a value that was written with another schema.
    fn decode_resolved(bytes: &[u8], plan: &Plan<Self>) -> Result<Self, DecodeError> {
        Self::decode_resolved_within(bytes, plan, Limits::default())
    }

    /// The same within other [`Limits`].
    fn decode_resolved_within(bytes: &[u8], plan: &Plan<Self>, limits: Limits) -> Result<Self, DecodeError> {
        read_planned(bytes, plan, limits)
    }

    /// How to read what was written with another schema.
    fn plan(writer: impl Into<Arc<Schema>>) -> Result<Plan<Self>, PlanError> {
        Plan::new(writer)
    }
}

/// Like the type itself.
impl<T: Event> Event for Box<T> {
    const FULL_NAME: &'static str = T::FULL_NAME;

    fn descriptor() -> &'static Descriptor {
        T::descriptor()
    }

    fn define_schema(schema: &mut SchemaBuilder) {
        T::define_schema(schema);
    }
}

/// A type whose text and bytes are parts of the message that it was read from.
pub trait BorrowedEvent<'a>: Encode + Decode<'a> {
    /// The type that owns its text and bytes.
    type Owned: Event;

    /// Copies text and bytes.
    fn into_owned(self) -> Self::Owned;

    /// Reads a value that was written with this type's own schema. Bytes that are left after it are an error.
    fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        Self::decode_within(bytes, Limits::default())
    }

    /// The same within other [`Limits`].
    fn decode_within(bytes: &'a [u8], limits: Limits) -> Result<Self, DecodeError> {
        read(bytes, limits, Self::Owned::descriptor)
    }

    /// Reads a value that was written with another schema. Defaults are parts of the plan. Where the writer has `bytes`
    /// and the reader a `string`, they have to be UTF-8.
    fn decode_resolved(bytes: &'a [u8], plan: &'a Plan<Self::Owned>) -> Result<Self, DecodeError> {
        Self::decode_resolved_within(bytes, plan, Limits::default())
    }

    /// The same within other [`Limits`].
    fn decode_resolved_within(
        bytes: &'a [u8],
        plan: &'a Plan<Self::Owned>,
        limits: Limits,
    ) -> Result<Self, DecodeError> {
        read_planned(bytes, plan, limits)
    }

    /// Appends the value to a buffer, as [`Event::encode`] does.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        Encoder::append(out, |out| self.write(out))
    }
}

/// The value is made in the place of the result, so what reads it has to have the same result.
#[inline]
fn read<'a, T: Decode<'a>>(
    bytes: &'a [u8],
    limits: Limits,
    descriptor: fn() -> &'static Descriptor,
) -> Result<T, DecodeError> {
    let mut reader = Reader::with_limits(bytes, limits);
    let mut outcome = T::read(&mut reader, At::DIRECT);
    if outcome.is_err() || !reader.rest().is_empty() {
        outcome = Err(explain(bytes, &reader, outcome.err(), descriptor));
    }
    outcome
}

#[inline]
fn read_planned<'a, T: Decode<'a>, P: Event>(
    bytes: &'a [u8],
    plan: &'a Plan<P>,
    limits: Limits,
) -> Result<T, DecodeError> {
    let mut reader = Reader::with_program(bytes, limits, plan.program());
    let mut outcome = T::read(&mut reader, plan.program().root());
    if outcome.is_err() || !reader.rest().is_empty() {
        outcome = Err(explain_of(bytes, &reader, outcome.err(), plan.writer()));
    }
    outcome
}

#[cold]
#[inline(never)]
fn explain(
    bytes: &[u8],
    reader: &Reader<'_>,
    error: Option<DecodeError>,
    descriptor: fn() -> &'static Descriptor,
) -> DecodeError {
    let descriptor = descriptor();
    match descriptor.schema() {
        Ok(schema) => explain_of(bytes, reader, error, schema),
        Err(_) => {
            let error = error.unwrap_or_else(|| Fault::Trailing.into());
            error.placed(descriptor.name.to_owned(), offset(bytes, reader))
        }
    }
}

/// Tells the place of what is wrong with a value: if nothing else, that bytes are left behind it.
#[cold]
#[inline(never)]
fn explain_of(bytes: &[u8], reader: &Reader<'_>, error: Option<DecodeError>, schema: &Schema) -> DecodeError {
    let offset = offset(bytes, reader);
    match error {
        Some(error) => error.placed(locate(schema, bytes, offset), offset),
        None => DecodeError::from(Fault::Trailing).placed(name(schema).to_owned(), offset),
    }
}

fn offset(bytes: &[u8], reader: &Reader<'_>) -> usize {
    bytes.len() - reader.rest_of_message().len()
}

/// A schema, and what belongs to it.
#[derive(Debug)]
pub struct Descriptor {
    name: &'static str,
    text: Text,
    references: &'static [Reference],
    open_enums: &'static [&'static str],
    schema: OnceLock<Result<Arc<Schema>, ParseError>>,
}

/// The text of a schema, and the fingerprint that goes with it.
#[derive(Debug)]
enum Text {
    Whole(Cow<'static, str>, u64),
    /// It is taken from another schema when it is asked for.
    Part {
        outer: fn() -> &'static Descriptor,
        made: OnceLock<(String, u64)>,
    },
}

/// A schema that another refers to.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// The full name by which it is referred to.
    pub name: &'static str,
    /// The schema that defines it.
    pub descriptor: fn() -> &'static Descriptor,
}

impl Descriptor {
    /// Puts together what generated code knows. `fingerprint` is that of the schema with those that it refers to.
    pub const fn new(
        name: &'static str,
        text: &'static str,
        fingerprint: u64,
        references: &'static [Reference],
    ) -> Self {
        Self {
            name,
            text: Text::Whole(Cow::Borrowed(text), fingerprint),
            references,
            open_enums: &[],
            schema: OnceLock::new(),
        }
    }

    /// The same of a type that is defined within the schema of another.
    pub const fn within(outer: fn() -> &'static Self, name: &'static str) -> Self {
        Self {
            name,
            text: Text::Part { outer, made: OnceLock::new() },
            references: &[],
            open_enums: &[],
            schema: OnceLock::new(),
        }
    }

    /// The same, where some enums keep symbols that they have not: by their full names.
    #[must_use]
    pub const fn opening(mut self, enums: &'static [&'static str]) -> Self {
        self.open_enums = enums;
        self
    }

    pub(crate) fn open_enums(&self) -> &'static [&'static str] {
        self.open_enums
    }

    /// The same of a schema that was put together at run time, and refers to no other. If that went wrong it has no
    /// fingerprint, but 0.
    pub(crate) fn made(name: &'static str, text: String, schema: Result<Schema, ParseError>) -> Self {
        Self {
            name,
            text: Text::Whole(Cow::Owned(text), schema.as_ref().map_or(0, Schema::fingerprint)),
            references: &[],
            open_enums: &[],
            schema: OnceLock::from(schema.map(Arc::new)),
        }
    }

    /// The full name, or the word for the kind of a schema without one.
    pub fn name(&self) -> &str {
        self.name
    }

    /// The schema as its file has it, to the byte; of a derived type, or one that is defined within another, as a registry
    /// prints it.
    pub fn text(&self) -> &str {
        self.text_and_fingerprint().0
    }

    /// CRC-64-AVRO of the Parsing Canonical Form (Avro specification, "Schema Fingerprints"), the same as Java's.
    pub fn fingerprint(&self) -> u64 {
        self.text_and_fingerprint().1
    }

    fn text_and_fingerprint(&self) -> (&str, u64) {
        match &self.text {
            Text::Whole(text, fingerprint) => (text, *fingerprint),
            Text::Part { outer, made } => {
                let (text, fingerprint) = made.get_or_init(|| part(outer(), self.name));
                (text, *fingerprint)
            }
        }
    }

    /// The schemas that it refers to. A registry has to know them first.
    pub fn references(&self) -> &[Reference] {
        self.references
    }

    /// What the text means. It is read once.
    pub fn schema(&self) -> Result<&Arc<Schema>, &ParseError> {
        self.schema.get_or_init(|| self.parse().map(Arc::new)).as_ref()
    }

    fn parse(&self) -> Result<Schema, ParseError> {
        let references = self
            .references
            .iter()
            .map(|r| (r.descriptor)().schema().map_err(Clone::clone))
            .collect::<Result<Vec<_>, _>>()?;
        let references: Vec<&Schema> = references.iter().map(|schema| &***schema).collect();
        avro::parse_with(self.text(), Mode::Lookup, &references)
    }
}

/// The text and fingerprint of a type within a schema. It stands alone: what it refers to is in it.
fn part(outer: &Descriptor, name: &str) -> (String, u64) {
    let Ok(schema) = outer.schema() else { return Default::default() };
    let Some(ty) = schema.named(name) else { return Default::default() };
    (schema.type_to_text(ty), crc64(schema.parsing_canonical_form_of(ty).as_bytes()))
}
