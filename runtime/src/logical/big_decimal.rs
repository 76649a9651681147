//! `big-decimal`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::ParseError;
use super::magnitude::{MAX_DIGITS, digits, from_digits, is_negative, write_hexadecimal};
use super::minimal::{MinimalBytes, to_i128, trim};
use super::newtype::debug;
use super::number::{Number, write_scientific};

/// A decimal number of any size that brings its own scale: the value is the unscaled number / 10^`scale`
/// (Avro specification, "Big Decimal": logical type `big-decimal` on bytes, which hold the big-endian two's complement
/// bytes of the unscaled number, encoded as Avro bytes, and the scale, encoded as an Avro int).
///
/// Two are equal if both parts are, so `1.0` and `1.00` are not, as with Java's `BigDecimal`; there is no order.
/// The scale may be negative: `1E+3` is 1 with the scale -3.
///
/// Text is that of Java's `BigDecimal.toString`: plain where up to six zeros follow the point, else with an
/// exponent, so that no scale makes a long text. Each has its own text, and texts of up to 10,000 digits are read
/// back to the same parts. Longer numbers, which only bytes can make, are shown in hexadecimal, as `0x1f…*10^-2`,
/// since the time for decimal digits grows with the square of their number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BigDecimal {
    unscaled: Box<[u8]>,
    scale: i32,
}

debug!(BigDecimal);

impl BigDecimal {
    /// The number `unscaled` / 10^`scale`.
    pub fn new(unscaled: i128, scale: i32) -> Self {
        Self::from_be_bytes(&MinimalBytes::of(unscaled), scale)
    }

    /// From the big-endian two's complement bytes of the unscaled number, in any length; no bytes at all are zero.
    pub fn from_be_bytes(unscaled: &[u8], scale: i32) -> Self {
        Self { unscaled: trim(unscaled).into(), scale }
    }

    /// The shortest big-endian two's complement bytes of the unscaled number, one at least.
    pub fn as_be_bytes_minimal(&self) -> &[u8] {
        &self.unscaled
    }

    /// The unscaled number; `None` if it needs more than 128 bits.
    pub fn unscaled(&self) -> Option<i128> {
        to_i128(&self.unscaled)
    }

    /// How many digits of the unscaled number are after the decimal point; negative for zeros before it.
    pub const fn scale(&self) -> i32 {
        self.scale
    }
}

/// Zero, without digits after the point.
impl Default for BigDecimal {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

impl From<i128> for BigDecimal {
    fn from(number: i128) -> Self {
        Self::new(number, 0)
    }
}

impl Display for BigDecimal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match digits(&self.unscaled) {
            Some(digits) => write_scientific(f, is_negative(&self.unscaled), &digits, i64::from(self.scale)),
            None => write_hexadecimal(f, &self.unscaled, i64::from(self.scale)),
        }
    }
}

/// Digits with a sign, a point and an exponent if need be. The scale is the number of digits after the point, less
/// the exponent.
impl FromStr for BigDecimal {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason| ParseError::new("big-decimal", text, reason);
        let number = Number::scientific(text).map_err(refuse)?;
        let scale = i32::try_from(number.scale()).map_err(|_| refuse("32 bits do not hold its scale"))?;
        let digits: Vec<u8> = number.digits().take(MAX_DIGITS + 1).collect();
        if digits.len() > MAX_DIGITS {
            return Err(refuse("it has more than 10000 digits"));
        }
        Ok(Self { unscaled: from_digits(number.is_negative, &digits), scale })
    }
}
