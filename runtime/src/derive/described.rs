//! The types that say what their schema is.

use super::builder::SchemaBuilder;
use crate::codec::{At, Decode, DecodeError, Encode, Encoder, Reader};
use crate::event::Event;
use crate::logical::{
    BigDecimal, Date, Decimal, Duration, LargeDecimal, LocalTimestampMicros, LocalTimestampMillis,
    LocalTimestampNanos, TimeMicros, TimeMillis, TimestampMicros, TimestampMillis, TimestampNanos, Uuid,
};

/// A type that says what its schema is, so that it can be that of a field in a type with `#[derive(Event)]`.
///
/// Derived and generated types are. A type of your own, with a codec that is written by hand, becomes one like this:
///
/// ```
/// use ottla::codec::{At, Decode, DecodeError, Encode, Encoder, Reader};
/// use ottla::derive::{Described, SchemaBuilder};
///
/// struct Percent(i32);
///
/// impl Described for Percent {
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
///     fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
///         i32::read(from, at).map(Self)
///     }
/// }
///
/// #[derive(ottla::Event)]
/// struct Progress {
///     done: Percent,
/// }
/// ```
pub trait Described: Encode + for<'a> Decode<'a> {
    /// What tells its schema from other branches of a union: the full name, or the word for its kind.
    const NAME: &'static str;

    /// Writes its schema.
    fn define(schema: &mut SchemaBuilder);
}

impl<T: Event> Described for T {
    const NAME: &'static str = T::FULL_NAME;

    fn define(schema: &mut SchemaBuilder) {
        T::define_schema(schema);
    }
}

/// Types whose schemas are always the same.
macro_rules! plain {
    ($($ty:ty: $name:literal, $text:expr;)*) => {$(
        impl Described for $ty {
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

impl<const PRECISION: u32, const SCALE: u32> Described for Decimal<PRECISION, SCALE> {
    const NAME: &'static str = "bytes";

    fn define(schema: &mut SchemaBuilder) {
        schema.text(&decimal(PRECISION, SCALE));
    }
}

impl<const PRECISION: u32, const SCALE: u32> Described for LargeDecimal<PRECISION, SCALE> {
    const NAME: &'static str = "bytes";

    fn define(schema: &mut SchemaBuilder) {
        schema.text(&decimal(PRECISION, SCALE));
    }
}

fn decimal(precision: u32, scale: u32) -> String {
    format!(r#"{{"type":"bytes","logicalType":"decimal","precision":{precision},"scale":{scale}}}"#)
}

impl Described for Duration {
    const NAME: &'static str = "fixed";

    fn define(schema: &mut SchemaBuilder) {
        schema.fixed(12, Some("Duration"), r#","logicalType":"duration""#);
    }
}

/// Stands for `[u8; N]` in the schema of a field with a name for it.
#[derive(Debug)]
pub struct FixedBytes<const N: usize>([u8; N]);

impl<const N: usize> Encode for FixedBytes<N> {
    fn write(&self, out: &mut Encoder) {
        self.0.write(out);
    }
}

impl<'a, const N: usize> Decode<'a> for FixedBytes<N> {
    const MIN_BYTES: usize = N;

    fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
        Ok(Self(from.fixed_at(at)?))
    }
}

impl<const N: usize> Described for FixedBytes<N> {
    const NAME: &'static str = "fixed";

    fn define(schema: &mut SchemaBuilder) {
        schema.fixed(N, None, "");
    }
}
