//! `decimal` of up to 38 digits.

use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use super::minimal::{MinimalBytes, to_fixed, to_i128};
use super::number::{Number, write_plain};
use super::{DecimalError, ParseError};

/// A number of up to `PRECISION` digits, `SCALE` of them after the decimal point, as the whole number `unscaled`:
/// the value is `unscaled` / 10^`SCALE` (Avro specification, "Decimal": logical type `decimal` on bytes or fixed, there the
/// unscaled number in big-endian two's complement).
///
/// `PRECISION` is 1 to 38, and `SCALE` at most `PRECISION`; others do not compile. More digits take
/// [`LargeDecimal`](super::LargeDecimal).
///
/// [`new`](Self::new) and text make numbers that keep to the precision. What is read from bytes may break it: a
/// writer that does not keep to its own schema must not stop whoever reads after it. Such a number is kept as it is,
/// [`check`](Self::check) tells, and writing it again is refused.
///
/// ```
/// use ottla::logical::Decimal;
/// let price: Decimal<9, 2> = "12.34".parse()?;
/// assert_eq!(price.unscaled(), 1234);
/// assert_eq!(price.to_string(), "12.34");
/// assert!("12.345".parse::<Decimal<9, 2>>().is_err());
/// # Ok::<(), ottla::logical::ParseError>(())
/// ```
///
/// ```compile_fail
/// # use ottla::logical::Decimal;
/// let too_many_digits = Decimal::<39, 0>::from_unscaled(1);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decimal<const PRECISION: u32, const SCALE: u32>(i128);

impl<const PRECISION: u32, const SCALE: u32> Decimal<PRECISION, SCALE> {
    /// The least positive number with too many digits.
    const LIMIT: i128 = {
        assert!(PRECISION >= 1 && PRECISION <= 38, "a Decimal has 1 to 38 digits; LargeDecimal takes more");
        assert!(SCALE <= PRECISION, "the scale of a Decimal is at most its precision");
        10i128.pow(PRECISION)
    };

    /// The digits that it can have, before and after the decimal point together.
    pub const PRECISION: u32 = PRECISION;

    /// How many of them are after the decimal point.
    pub const SCALE: u32 = SCALE;

    /// The number `unscaled` / 10^`SCALE`.
    ///
    /// # Errors
    ///
    /// If it has more digits than `PRECISION`.
    pub const fn new(unscaled: i128) -> Result<Self, DecimalError> {
        let decimal = Self::from_unscaled(unscaled);
        match decimal.check() {
            Ok(()) => Ok(decimal),
            Err(error) => Err(error),
        }
    }

    /// The number `unscaled` / 10^`SCALE`, also if it has more digits than `PRECISION`: what was read is kept. Use
    /// [`new`](Self::new) for numbers of your own, as one that is too long cannot be written.
    pub const fn from_unscaled(unscaled: i128) -> Self {
        const { assert!(Self::LIMIT > 0) };
        Self(unscaled)
    }

    /// The number `unscaled` / 10^`scale`, exactly.
    ///
    /// # Errors
    ///
    /// If digits after the decimal point would be lost, or if it has more digits than `PRECISION`.
    pub const fn rescaled(unscaled: i128, scale: u32) -> Result<Self, DecimalError> {
        if scale <= SCALE {
            // At most 10^38, which fits.
            return match unscaled.checked_mul(10i128.pow(SCALE - scale)) {
                Some(unscaled) => Self::new(unscaled),
                None => Err(DecimalError::Precision { precision: PRECISION }),
            };
        }
        match 10i128.checked_pow(scale - SCALE) {
            Some(power) if unscaled % power == 0 => Self::new(unscaled / power),
            // No number but zero can be divided by more than it is.
            None if unscaled == 0 => Self::new(0),
            _ => Err(DecimalError::Scale { scale: SCALE }),
        }
    }

    /// The whole number that the value is 10^`SCALE` times smaller than.
    pub const fn unscaled(self) -> i128 {
        self.0
    }

    /// Whether the number keeps to the precision, and can be written.
    ///
    /// # Errors
    ///
    /// If it has more digits than `PRECISION`.
    pub const fn check(self) -> Result<(), DecimalError> {
        if -Self::LIMIT < self.0 && self.0 < Self::LIMIT {
            Ok(())
        } else {
            Err(DecimalError::Precision { precision: PRECISION })
        }
    }

    /// The shortest big-endian two's complement bytes of the unscaled number, one at least: the content of the bytes
    /// on the wire.
    pub const fn to_be_bytes_minimal(self) -> MinimalBytes {
        MinimalBytes::of(self.0)
    }

    /// The unscaled number in exactly `N` bytes of big-endian two's complement: a fixed on the wire. `None` if it
    /// needs more.
    pub fn to_fixed<const N: usize>(self) -> Option<[u8; N]> {
        to_fixed(&self.to_be_bytes_minimal())
    }

    /// From the big-endian two's complement bytes of the unscaled number, in any length, those of a fixed also; no
    /// bytes at all are zero. `None` if it needs more than 128 bits. The precision is not checked.
    pub fn from_be_bytes(bytes: &[u8]) -> Option<Self> {
        to_i128(bytes).map(Self::from_unscaled)
    }
}

impl<const PRECISION: u32, const SCALE: u32> TryFrom<i128> for Decimal<PRECISION, SCALE> {
    type Error = DecimalError;

    /// From the unscaled number.
    fn try_from(unscaled: i128) -> Result<Self, DecimalError> {
        Self::new(unscaled)
    }
}

impl<const PRECISION: u32, const SCALE: u32> From<Decimal<PRECISION, SCALE>> for i128 {
    /// The unscaled number.
    fn from(decimal: Decimal<PRECISION, SCALE>) -> Self {
        decimal.0
    }
}

impl<const PRECISION: u32, const SCALE: u32> Debug for Decimal<PRECISION, SCALE> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

/// With exactly `SCALE` digits after the point.
impl<const PRECISION: u32, const SCALE: u32> Display for Decimal<PRECISION, SCALE> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_plain(f, self.0 < 0, &self.0.unsigned_abs().to_string(), SCALE as usize)
    }
}

/// Digits with a sign and a point if need be, no exponent. Digits after the point beyond `SCALE` must be zeros.
impl<const PRECISION: u32, const SCALE: u32> FromStr for Decimal<PRECISION, SCALE> {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let number = Number::plain(text).map_err(|reason| ParseError::new("decimal", text, reason))?;
        read(&number).map_err(|error| ParseError::new("decimal", text, error.to_string()))
    }
}

fn read<const PRECISION: u32, const SCALE: u32>(
    number: &Number<'_>,
) -> Result<Decimal<PRECISION, SCALE>, DecimalError> {
    let mut digits = number.digits_at(SCALE as usize).ok_or(DecimalError::Scale { scale: SCALE })?;
    let sign = if number.is_negative { -1 } else { 1 };
    let unscaled = digits.try_fold(0i128, |unscaled, digit| {
        unscaled.checked_mul(10)?.checked_add(sign * i128::from(digit - b'0'))
    });
    unscaled.ok_or(DecimalError::Precision { precision: PRECISION }).and_then(Decimal::new)
}
