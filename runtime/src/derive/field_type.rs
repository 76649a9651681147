//! The types that fields can have.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::builder::SchemaBuilder;
use super::described::Described;
use super::names::option_of;
use crate::codec::{At, Decode, DecodeError, Encoder, Reader, nested};

/// A type that a field of a type with `#[derive(Event)]` can have: one that is [`Described`], or an `Option`, list or map
/// of such.
///
/// Derived code asks for nothing else, so that there is one error for a type that has neither schema nor codec.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of an event",
    label = "has no schema",
    note = "a type of your own can if it has `#[derive(ottla::Event)]`, or is generated from a schema, or implements `ottla::derive::Described`",
    note = "numbers are `i32`, `i64`, `f32` and `f64`, as Avro has no others"
)]
pub trait FieldType: Sized {
    /// [`Described::NAME`]
    const NAME: &'static str;

    /// [`Decode::MIN_BYTES`]
    const MIN_BYTES: usize;

    /// [`Described::define`]
    fn define(schema: &mut SchemaBuilder);

    /// [`Encode::write`](crate::codec::Encode::write)
    fn write_field(&self, out: &mut Encoder);

    /// [`Decode::read`]
    fn read_field(from: &mut Reader<'_>, at: At) -> Result<Self, DecodeError>;
}

impl<T: Described> FieldType for T {
    const NAME: &'static str = <T as Described>::NAME;
    const MIN_BYTES: usize = <T as Decode<'_>>::MIN_BYTES;

    fn define(schema: &mut SchemaBuilder) {
        <T as Described>::define(schema);
    }

    #[inline]
    fn write_field(&self, out: &mut Encoder) {
        self.write(out);
    }

    #[inline]
    fn read_field(from: &mut Reader<'_>, at: At) -> Result<Self, DecodeError> {
        Self::read(from, at)
    }
}

impl FieldType for Vec<u8> {
    const NAME: &'static str = "bytes";
    const MIN_BYTES: usize = 1;

    fn define(schema: &mut SchemaBuilder) {
        schema.text(r#""bytes""#);
    }

    #[inline]
    fn write_field(&self, out: &mut Encoder) {
        out.bytes(self);
    }

    #[inline]
    fn read_field(from: &mut Reader<'_>, at: At) -> Result<Self, DecodeError> {
        Ok(from.byte_vec_at(at)?)
    }
}

impl<T: FieldType> FieldType for Option<T> {
    const NAME: &'static str = option_of(T::NAME);
    const MIN_BYTES: usize = 1;

    fn define(schema: &mut SchemaBuilder) {
        schema.text(r#"["null","#);
        T::define(schema);
        schema.text("]");
    }

    #[inline]
    fn write_field(&self, out: &mut Encoder) {
        match self {
            None => out.position(0),
            Some(value) => {
                out.position(1);
                value.write_field(out);
            }
        }
    }

    #[inline]
    fn read_field(from: &mut Reader<'_>, at: At) -> Result<Self, DecodeError> {
        from.option_at(at, 0, T::read_field)
    }
}

impl<T: FieldType> FieldType for Vec<T> {
    const NAME: &'static str = both(T::NAME, "array");
    const MIN_BYTES: usize = 1;

    fn define(schema: &mut SchemaBuilder) {
        schema.text(r#"{"type":"array","items":"#);
        T::define(schema);
        schema.text("}");
    }

    #[inline]
    fn write_field(&self, out: &mut Encoder) {
        out.array(self, T::write_field);
    }

    #[inline]
    fn read_field(from: &mut Reader<'_>, at: At) -> Result<Self, DecodeError> {
        nested(from, |from| from.array_at(at, T::MIN_BYTES, T::read_field))
    }
}

macro_rules! maps {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        impl<T: FieldType $($generics)*> FieldType for $ty {
            const NAME: &'static str = both(T::NAME, "map");
            const MIN_BYTES: usize = 1;

            fn define(schema: &mut SchemaBuilder) {
                schema.text(r#"{"type":"map","values":"#);
                T::define(schema);
                schema.text("}");
            }

            #[inline]
            fn write_field(&self, out: &mut Encoder) {
                out.map(self.iter(), T::write_field);
            }

            #[inline]
            fn read_field(from: &mut Reader<'_>, at: At) -> Result<Self, DecodeError> {
                nested(from, |from| from.map_at(at, T::MIN_BYTES, T::read_field))
            }
        }
    )*};
}

maps! {
    [, S: BuildHasher + Default] HashMap<String, T, S>;
    [] BTreeMap<String, T>;
}

/// The name of the outer type. That of the inner one is looked at all the same: so what is wrong inside is found, and so
/// is a type without a name that holds itself, of which there is no schema.
const fn both(_inner: &str, outer: &'static str) -> &'static str {
    outer
}
