//! The codecs of logical types: those of what they are on the wire.

use super::fault::DecodeError;
use super::reader::Reader;
use super::{At, Decode, Encode, Encoder};
use crate::logical::{
    BigDecimal, Convert, Date, Decimal, Duration, LargeDecimal, LocalTimestampMicros, LocalTimestampMillis,
    LocalTimestampNanos, TimeMicros, TimeMillis, TimestampMicros, TimestampMillis, TimestampNanos, Uuid,
};

macro_rules! numbers {
    ($($write:ident, $at:ident: $($name:ident)*;)*) => {$($(
        impl Encode for $name {
            #[inline]
            fn write(&self, out: &mut Encoder) {
                out.$write(self.0);
            }
        }
        impl<'a> Decode<'a> for $name {
            const MIN_BYTES: usize = 1;

            #[inline]
            fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
                Ok(Self(from.$at(at)?))
            }
        }
    )*)*};
}

numbers! {
    int, int_at: Date TimeMillis;
    long, long_at: TimeMicros TimestampMillis TimestampMicros TimestampNanos
        LocalTimestampMillis LocalTimestampMicros LocalTimestampNanos;
}

/// Types that are `bytes` or `string` on the wire.
trait Prefixed: Sized {
    /// What is wrong with bytes that are none.
    const WRONG: &'static str;

    fn of(bytes: &[u8]) -> Option<Self>;
}

fn prefixed<T: Prefixed>(from: &mut Reader<'_>, at: At) -> Result<T, DecodeError> {
    let before = from.rest;
    match T::of(from.text_or_bytes_at(at)?) {
        Some(value) => Ok(value),
        None => {
            from.rest = before;
            Err(from.unsuitable(T::WRONG))
        }
    }
}

macro_rules! prefixed {
    ($([$($generics:tt)*] $name:ty;)*) => {$(
        impl<'a, $($generics)*> Decode<'a> for $name {
            const MIN_BYTES: usize = 1;

            fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
                prefixed(from, at)
            }
        }
    )*};
}

prefixed! {
    [] Uuid;
    [const PRECISION: u32, const SCALE: u32] Decimal<PRECISION, SCALE>;
    [const PRECISION: u32, const SCALE: u32] LargeDecimal<PRECISION, SCALE>;
    [] BigDecimal;
}

impl Prefixed for Uuid {
    const WRONG: &'static str = "no UUID of 36 characters";

    fn of(bytes: &[u8]) -> Option<Self> {
        Self::parse_bytes(bytes)
    }
}

impl<const PRECISION: u32, const SCALE: u32> Prefixed for Decimal<PRECISION, SCALE> {
    const WRONG: &'static str = "a decimal has more than 128 bits";

    fn of(bytes: &[u8]) -> Option<Self> {
        Self::from_be_bytes(bytes)
    }
}

impl<const PRECISION: u32, const SCALE: u32> Prefixed for LargeDecimal<PRECISION, SCALE> {
    const WRONG: &'static str = "no decimal";

    fn of(bytes: &[u8]) -> Option<Self> {
        Some(Self::from_be_bytes(bytes))
    }
}

impl Prefixed for BigDecimal {
    const WRONG: &'static str = "a big-decimal is bytes and an int";

    fn of(bytes: &[u8]) -> Option<Self> {
        let mut inner = Reader::new(bytes);
        let unscaled = inner.bytes().ok()?;
        // What follows is ignored, as in Java.
        let scale = inner.int().ok()?;
        Some(Self::from_be_bytes(unscaled, scale))
    }
}

impl Encode for Uuid {
    fn write(&self, out: &mut Encoder) {
        out.bytes(&self.encode());
    }
}

impl<const PRECISION: u32, const SCALE: u32> Encode for Decimal<PRECISION, SCALE> {
    fn write(&self, out: &mut Encoder) {
        match self.check() {
            Ok(()) => out.bytes(&self.to_be_bytes_minimal()),
            Err(why) => out.fail(why),
        }
    }
}

impl<const PRECISION: u32, const SCALE: u32> Encode for LargeDecimal<PRECISION, SCALE> {
    fn write(&self, out: &mut Encoder) {
        match self.check() {
            Ok(()) => out.bytes(self.as_be_bytes_minimal()),
            Err(why) => out.fail(why),
        }
    }
}

impl Encode for BigDecimal {
    fn write(&self, out: &mut Encoder) {
        let unscaled = self.as_be_bytes_minimal();
        let mut bytes = Vec::with_capacity(unscaled.len() + 20);
        let mut inner = Encoder::new(&mut bytes);
        inner.bytes(unscaled);
        inner.int(self.scale());
        out.bytes(&bytes);
    }
}

impl Encode for Duration {
    #[inline]
    fn write(&self, out: &mut Encoder) {
        out.fixed(&self.to_bytes());
    }
}

impl<'a> Decode<'a> for Duration {
    const MIN_BYTES: usize = 12;

    fn read(from: &mut Reader<'a>, at: At) -> Result<Self, DecodeError> {
        Ok(Self::from_bytes(from.fixed_at(at)?))
    }
}

/// A logical type as a `fixed` of `N` bytes, where it can also be `bytes` or `string`.
pub trait AsFixed<const N: usize>: Sized {
    /// Writes the bytes, without a length.
    fn write_fixed(&self, out: &mut Encoder);

    /// The value of the bytes; the sentence says what is wrong with them.
    fn of_fixed(bytes: [u8; N]) -> Result<Self, &'static str>;

    /// Reads it at a place of the reader's plan.
    fn read_fixed(from: &mut Reader<'_>, at: At) -> Result<Self, DecodeError> {
        from.unpromoted_at(at)?;
        let before = from.rest;
        match Self::of_fixed(from.fixed()?) {
            Ok(value) => Ok(value),
            Err(why) => {
                from.rest = before;
                Err(from.unsuitable(why))
            }
        }
    }
}

impl AsFixed<16> for Uuid {
    fn write_fixed(&self, out: &mut Encoder) {
        out.fixed(&self.0);
    }

    fn of_fixed(bytes: [u8; 16]) -> Result<Self, &'static str> {
        Ok(Self(bytes))
    }
}

impl<const N: usize, const PRECISION: u32, const SCALE: u32> AsFixed<N> for Decimal<PRECISION, SCALE> {
    fn write_fixed(&self, out: &mut Encoder) {
        match (self.check(), self.to_fixed::<N>()) {
            (Err(why), _) => out.fail(why),
            (Ok(()), Some(bytes)) => out.fixed(&bytes),
            (Ok(()), None) => out.fail(format_args!("the decimal {self} does not fit into {N} bytes")),
        }
    }

    fn of_fixed(bytes: [u8; N]) -> Result<Self, &'static str> {
        Self::from_be_bytes(&bytes).ok_or("a decimal has more than 128 bits")
    }
}

impl<const N: usize, const PRECISION: u32, const SCALE: u32> AsFixed<N> for LargeDecimal<PRECISION, SCALE> {
    fn write_fixed(&self, out: &mut Encoder) {
        match (self.check(), self.to_fixed::<N>()) {
            (Err(why), _) => out.fail(why),
            (Ok(()), Some(bytes)) => out.fixed(&bytes),
            (Ok(()), None) => out.fail(format_args!("the decimal {self} does not fit into {N} bytes")),
        }
    }

    fn of_fixed(bytes: [u8; N]) -> Result<Self, &'static str> {
        Ok(Self::from_be_bytes(&bytes))
    }
}

/// Reads a type of the user's by way of another.
#[doc(hidden)]
pub fn converted<'a, T: Convert<B>, B, E: Into<DecodeError>>(
    from: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<B, E>,
) -> Result<T, DecodeError> {
    let before = from.rest;
    match T::from_avro(read(from).map_err(Into::into)?) {
        Ok(value) => Ok(value),
        Err(why) => {
            from.rest = before;
            Err(from.unsuitable(why))
        }
    }
}

/// The default of a field that is not written out in code. The generator has encoded it for this type.
///
/// # Panics
///
/// If it has not.
#[doc(hidden)]
pub fn default_value<T, E: Into<DecodeError>>(
    bytes: &'static [u8],
    read: impl FnOnce(&mut Reader<'static>, At) -> Result<T, E>,
) -> T {
    match read(&mut Reader::new(bytes), At::DIRECT) {
        Ok(value) => value,
        Err(error) => panic!("a default is no value of its type: {}", error.into()),
    }
}

/// A symbol of an open enum cannot be written: the schema has no position for it.
#[doc(hidden)]
#[cold]
pub fn unknown_symbol(name: &str, symbol: &str, out: &mut Encoder) {
    out.fail(format_args!("the enum {name} has no symbol {symbol:?}"));
}
