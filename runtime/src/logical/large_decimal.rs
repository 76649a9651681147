//! `decimal` of more than 38 digits.

use std::cmp::Ordering;
use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use super::magnitude::{MAX_DIGITS, digits, from_digits, has_at_most, is_negative, write_hexadecimal};
use super::minimal::{MinimalBytes, to_fixed, to_i128, trim};
use super::number::{Number, write_plain, write_scientific};
use super::{DecimalError, ParseError};

/// A number of up to `PRECISION` digits, `SCALE` of them after the decimal point, for precisions beyond the 38 of
/// [`Decimal`](super::Decimal): the value is the unscaled number / 10^`SCALE` (Avro specification, "Decimal": logical
/// type `decimal` on bytes or fixed, there the unscaled number in big-endian two's complement).
///
/// `PRECISION` is at least 1, and `SCALE` at most `PRECISION`; others do not compile. The unscaled number is held as
/// its shortest bytes, so equal numbers are equal however they were written.
///
/// As with `Decimal`, what is read from bytes may break the precision and is kept; [`check`](Self::check) tells.
///
/// Numbers of up to 10,000 digits can be read from and written as text. Longer ones, which only bytes can make, are
/// shown in hexadecimal, as `0x1f…*10^-2`, since the time for decimal digits grows with the square of their number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LargeDecimal<const PRECISION: u32, const SCALE: u32>(Box<[u8]>);

impl<const PRECISION: u32, const SCALE: u32> LargeDecimal<PRECISION, SCALE> {
    const VALID: () = {
        assert!(PRECISION >= 1, "a LargeDecimal has at least one digit");
        assert!(SCALE <= PRECISION, "the scale of a LargeDecimal is at most its precision");
    };

    /// The digits that it can have, before and after the decimal point together.
    pub const PRECISION: u32 = PRECISION;

    /// How many of them are after the decimal point.
    pub const SCALE: u32 = SCALE;

    /// The number whose unscaled number is `unscaled`, in big-endian two's complement.
    ///
    /// # Errors
    ///
    /// If it has more digits than `PRECISION`.
    pub fn new(unscaled: &[u8]) -> Result<Self, DecimalError> {
        let decimal = Self::from_be_bytes(unscaled);
        decimal.check().map(|()| decimal)
    }

    /// The number `unscaled` / 10^`SCALE`.
    ///
    /// # Errors
    ///
    /// If it has more digits than `PRECISION`.
    pub fn from_i128(unscaled: i128) -> Result<Self, DecimalError> {
        Self::new(&MinimalBytes::of(unscaled))
    }

    /// From the big-endian two's complement bytes of the unscaled number, in any length, those of a fixed also; no
    /// bytes at all are zero. The precision is not checked: what was read is kept.
    pub fn from_be_bytes(unscaled: &[u8]) -> Self {
        const { Self::VALID };
        Self(trim(unscaled).into())
    }

    /// Whether the number keeps to the precision, and can be written. Exact up to 10,000 digits; for greater
    /// precisions, a number of as many bits as the least that is too long passes.
    ///
    /// # Errors
    ///
    /// If it has more digits than `PRECISION`.
    pub fn check(&self) -> Result<(), DecimalError> {
        if has_at_most(&self.0, PRECISION) {
            Ok(())
        } else {
            Err(DecimalError::Precision { precision: PRECISION })
        }
    }

    /// The shortest big-endian two's complement bytes of the unscaled number, one at least: the content of the bytes
    /// on the wire.
    pub fn as_be_bytes_minimal(&self) -> &[u8] {
        &self.0
    }

    /// The unscaled number in exactly `N` bytes of big-endian two's complement: a fixed on the wire. `None` if it
    /// needs more.
    pub fn to_fixed<const N: usize>(&self) -> Option<[u8; N]> {
        to_fixed(&self.0)
    }

    /// The whole number that the value is 10^`SCALE` times smaller than; `None` if it needs more than 128 bits.
    pub fn unscaled(&self) -> Option<i128> {
        to_i128(&self.0)
    }
}

/// Zero.
impl<const PRECISION: u32, const SCALE: u32> Default for LargeDecimal<PRECISION, SCALE> {
    fn default() -> Self {
        Self::from_be_bytes(&[0])
    }
}

/// By value.
impl<const PRECISION: u32, const SCALE: u32> Ord for LargeDecimal<PRECISION, SCALE> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mine, others) = (is_negative(&self.0), is_negative(&other.0));
        // Of the same sign and length, bytes of two's complement are in the order of the numbers.
        let same_sign = || match (mine, self.0.len().cmp(&other.0.len())) {
            (_, Ordering::Equal) => self.0.cmp(&other.0),
            (true, by_length) => by_length.reverse(),
            (false, by_length) => by_length,
        };
        others.cmp(&mine).then_with(same_sign)
    }
}

impl<const PRECISION: u32, const SCALE: u32> PartialOrd for LargeDecimal<PRECISION, SCALE> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<const PRECISION: u32, const SCALE: u32> Debug for LargeDecimal<PRECISION, SCALE> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "LargeDecimal({self})")
    }
}

/// With exactly `SCALE` digits after the point; scales beyond 10,000 are shown with an exponent.
impl<const PRECISION: u32, const SCALE: u32> Display for LargeDecimal<PRECISION, SCALE> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match digits(&self.0) {
            Some(digits) if SCALE as usize <= MAX_DIGITS => {
                write_plain(f, is_negative(&self.0), &digits, SCALE as usize)
            }
            Some(digits) => write_scientific(f, is_negative(&self.0), &digits, i64::from(SCALE)),
            None => write_hexadecimal(f, &self.0, i64::from(SCALE)),
        }
    }
}

/// Digits with a sign and a point if need be, no exponent. Digits after the point beyond `SCALE` must be zeros, and
/// there must not be more than 10,000 without those.
impl<const PRECISION: u32, const SCALE: u32> FromStr for LargeDecimal<PRECISION, SCALE> {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: String| ParseError::new("decimal", text, reason);
        let number = Number::plain(text).map_err(|reason| refuse(reason.into()))?;
        let digits = number
            .digits_at(SCALE as usize)
            .ok_or_else(|| refuse(DecimalError::Scale { scale: SCALE }.to_string()))?;
        let most = MAX_DIGITS.min(PRECISION as usize);
        let digits: Vec<u8> = digits.take(most + 1).collect();
        if digits.len() > most {
            return Err(refuse(format!("the number has more than {most} digits")));
        }
        const { Self::VALID };
        Ok(Self(from_digits(number.is_negative, &digits)))
    }
}
