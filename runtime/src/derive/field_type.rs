//! The types that fields can have.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::builder::SchemaBuilder;
use super::names::option_of;
use crate::event::Event;
use crate::logical::{
    BigDecimal, Date, Decimal, Duration, LargeDecimal, LocalTimestampMicros, LocalTimestampMillis,
    LocalTimestampNanos, TimeMicros, TimeMillis, TimestampMicros, TimestampMillis, TimestampNanos, Uuid,
};

/// A type that a field of a type with `#[derive(Event)]` can have.
///
/// Derived and generated types are. A type of your own, with a codec that is written by hand, becomes one like this:
///
/// ```
/// use ottla::codec::{At, Decode, Encode, Encoder, Fault, Reader};
/// use ottla::derive::{FieldType, SchemaBuilder};
///
/// struct Percent(i32);
///
/// impl FieldType for Percent {
///     const NAME: &'static str = "int";
///
///     fn define(schema: &mut SchemaBuilder) {
///         schema.text(r#"{"type": "int", "logicalType": "percent"}"#);
///     }
/// }
///
/// impl Encode for Percent {
///     fn write(&self, out: &mut Encoder) {
///         self.0.write(out);
///     }
/// }
///
/// impl<'a> Decode<'a> for Percent {
///     const MIN_BYTES: usize = 1;
///
///     fn read(from: &mut Reader<'a>) -> Result<Self, Fault> {
///         i32::read(from).map(Self)
///     }
///
///     fn resolve(from: &mut Reader<'a>, at: At<'a>) -> Result<Self, Fault> {
///         i32::resolve(from, at).map(Self)
///     }
/// }
///
/// #[derive(ottla::Event)]
/// struct Progress {
///     done: Percent,
/// }
/// ```
pub trait FieldType {
    /// What tells its schema from other branches of a union: the full name, or the word for its kind.
    const NAME: &'static str;

    /// Writes its schema.
    fn define(schema: &mut SchemaBuilder);
}

impl<T: Event> FieldType for T {
    const NAME: &'static str = T::FULL_NAME;

    fn define(schema: &mut SchemaBuilder) {
        T::define_schema(schema);
    }
}

/// Types whose schemas are always the same.
macro_rules! plain {
    ($($ty:ty: $name:literal, $text:expr;)*) => {$(
        impl FieldType for $ty {
            const NAME: &'static str = $name;

            fn define(schema: &mut SchemaBuilder) {
                schema.text($text);
            }
        }
    )*};
}

/// Types of a name in Avro and a logical type.
macro_rules! logical {
    ($($name:literal: $($ty:ty, $logical:literal;)*)*) => {$($(
        plain! { $ty: $name, concat!(r#"{"type":""#, $name, r#"","logicalType":""#, $logical, r#""}"#); }
    )*)*};
}

plain! {
    (): "null", r#""null""#;
    bool: "boolean", r#""boolean""#;
    i32: "int", r#""int""#;
    i64: "long", r#""long""#;
    f32: "float", r#""float""#;
    f64: "double", r#""double""#;
    String: "string", r#""string""#;
    Vec<u8>: "bytes", r#""bytes""#;
}

logical! {
    "int":
        Date, "date";
        TimeMillis, "time-millis";
    "long":
        TimeMicros, "time-micros";
        TimestampMillis, "timestamp-millis";
        TimestampMicros, "timestamp-micros";
        TimestampNanos, "timestamp-nanos";
        LocalTimestampMillis, "local-timestamp-millis";
        LocalTimestampMicros, "local-timestamp-micros";
        LocalTimestampNanos, "local-timestamp-nanos";
    "string":
        Uuid, "uuid";
    "bytes":
        BigDecimal, "big-decimal";
}

impl<const PRECISION: u32, const SCALE: u32> FieldType for Decimal<PRECISION, SCALE> {
    const NAME: &'static str = "bytes";

    fn define(schema: &mut SchemaBuilder) {
        schema.text(&decimal(PRECISION, SCALE));
    }
}

impl<const PRECISION: u32, const SCALE: u32> FieldType for LargeDecimal<PRECISION, SCALE> {
    const NAME: &'static str = "bytes";

    fn define(schema: &mut SchemaBuilder) {
        schema.text(&decimal(PRECISION, SCALE));
    }
}

fn decimal(precision: u32, scale: u32) -> String {
    format!(r#"{{"type":"bytes","logicalType":"decimal","precision":{precision},"scale":{scale}}}"#)
}

impl FieldType for Duration {
    const NAME: &'static str = "fixed";

    fn define(schema: &mut SchemaBuilder) {
        schema.fixed(12, Some("Duration"), r#","logicalType":"duration""#);
    }
}

/// Stands for `[u8; N]` in the schema of a field with a name for it.
#[derive(Debug)]
pub struct FixedBytes<const N: usize>;

impl<const N: usize> FieldType for FixedBytes<N> {
    const NAME: &'static str = "fixed";

    fn define(schema: &mut SchemaBuilder) {
        schema.fixed(N, None, "");
    }
}

impl<T: FieldType> FieldType for Option<T> {
    const NAME: &'static str = option_of(T::NAME);

    fn define(schema: &mut SchemaBuilder) {
        schema.text(r#"["null","#);
        T::define(schema);
        schema.text("]");
    }
}

impl<T: FieldType> FieldType for Vec<T> {
    const NAME: &'static str = both(T::NAME, "array");

    fn define(schema: &mut SchemaBuilder) {
        schema.text(r#"{"type":"array","items":"#);
        T::define(schema);
        schema.text("}");
    }
}

impl<T: FieldType, S: BuildHasher + Default + 'static> FieldType for HashMap<String, T, S> {
    const NAME: &'static str = both(T::NAME, "map");

    fn define(schema: &mut SchemaBuilder) {
        map_of::<T>(schema);
    }
}

impl<T: FieldType> FieldType for BTreeMap<String, T> {
    const NAME: &'static str = both(T::NAME, "map");

    fn define(schema: &mut SchemaBuilder) {
        map_of::<T>(schema);
    }
}

fn map_of<T: FieldType>(schema: &mut SchemaBuilder) {
    schema.text(r#"{"type":"map","values":"#);
    T::define(schema);
    schema.text("}");
}

/// The name of the outer type. That of the inner one is looked at all the same: so what is wrong inside is found, and so
/// is a type without a name that holds itself, of which there is no schema.
const fn both(_inner: &str, outer: &'static str) -> &'static str {
    outer
}
