//! The codecs of Rust's own types.
//!
//! Every type that holds one of its own kind does so within a `Box`, list or map: these count how deeply values
//! nest, so that types which are made of them need not know whether they are recursive.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::fault::{DecodeError, Fault};
use super::reader::Reader;
use super::{At, Decode, Encode, Encoder};

macro_rules! values {
    ($($ty:ty, $write:ident, $at:ident, $min:expr;)*) => {$(
        impl Encode for $ty {
            #[inline]
            fn write(&self, out: &mut Encoder) {
                out.$write(*self);
            }
        }

        impl<'a> Decode<'a> for $ty {
            const MIN_BYTES: usize = $min;

            #[inline]
            fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
                Ok(from.$at(at)?)
            }
        }
    )*};
}

values! {
    bool, boolean, boolean_at, 1;
    i32, int, int_at, 1;
    i64, long, long_at, 1;
    f32, float, float_at, 4;
    f64, double, double_at, 8;
}

macro_rules! texts {
    ($($owned:ty, $borrowed:ty, $write:ident, $at:ident, $part_at:ident;)*) => {$(
        impl Encode for $borrowed {
            #[inline]
            fn write(&self, out: &mut Encoder) {
                out.$write(self);
            }
        }

        impl Encode for $owned {
            #[inline]
            fn write(&self, out: &mut Encoder) {
                out.$write(self);
            }
        }

        impl<'a> Decode<'a> for $owned {
            const MIN_BYTES: usize = 1;

            #[inline]
            fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
                Ok(from.$at(at)?)
            }
        }

        /// A part of the message.
        impl<'a> Decode<'a> for &'a $borrowed {
            const MIN_BYTES: usize = 1;

            #[inline]
            fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
                Ok(from.$part_at(at)?)
            }
        }
    )*};
}

texts! {
    String, str, string, string_at, str_at;
    Vec<u8>, [u8], bytes, byte_vec_at, bytes_at;
}

impl<T: Encode + ?Sized> Encode for &T {
    #[inline]
    fn write(&self, out: &mut Encoder) {
        T::write(self, out);
    }
}

/// `null`
impl Encode for () {
    #[inline]
    fn write(&self, _out: &mut Encoder) {}
}

impl<'a> Decode<'a> for () {
    const MIN_BYTES: usize = 0;

    #[inline]
    fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
        Ok(from.null_at(at)?)
    }
}

/// A `fixed`.
impl<const N: usize> Encode for [u8; N] {
    #[inline]
    fn write(&self, out: &mut Encoder) {
        out.fixed(self);
    }
}

impl<'a, const N: usize> Decode<'a> for [u8; N] {
    const MIN_BYTES: usize = N;

    #[inline]
    fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
        Ok(from.fixed_at(at)?)
    }
}

/// A union of `null`, the first branch, and one other. That one cannot be a union itself.
impl<T: Encode> Encode for Option<T> {
    #[inline]
    fn write(&self, out: &mut Encoder) {
        match self {
            None => out.position(0),
            Some(value) => {
                out.position(1);
                value.write(out);
            }
        }
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Option<T> {
    const MIN_BYTES: usize = 1;

    #[inline]
    fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
        from.option_at(at, 0, T::read)
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Box<T> {
    /// Those of the value are not counted: it may hold this box.
    const MIN_BYTES: usize = 0;

    fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
        nested(from, |from| super::boxed(T::read(from, at), from))
    }
}

/// An `array`. A `Vec<u8>` is `bytes`.
impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn write(&self, out: &mut Encoder) {
        out.array(self, T::write);
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Vec<T> {
    const MIN_BYTES: usize = 1;

    #[inline]
    fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
        nested(from, |from| from.array_at(at, T::MIN_BYTES, T::read))
    }
}

macro_rules! maps {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        impl<V: Encode $($generics)*> Encode for $ty {
            #[inline]
            fn write(&self, out: &mut Encoder) {
                out.map(self.iter(), V::write);
            }
        }

        impl<'a, V: Decode<'a> $($generics)*> Decode<'a> for $ty {
            const MIN_BYTES: usize = 1;

            #[inline]
            fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
                nested(from, |from| from.map_at(at, V::MIN_BYTES, V::read))
            }
        }
    )*};
}

maps! {
    [, S: BuildHasher + Default] HashMap<String, V, S>;
    [] BTreeMap<String, V>;
}

/// Reads a value that may hold others of its kind, one level deeper.
#[inline]
pub(crate) fn nested<'a, T, E: From<Fault>>(
    from: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, E>,
) -> Result<T, E> {
    from.enter()?;
    let value = read(from)?;
    from.leave();
    Ok(value)
}
