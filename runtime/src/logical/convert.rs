//! Types of others that stand for a logical type.

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
mod system_time;
#[cfg(feature = "uuid")]
mod uuid;

use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// A type that stands for a logical type in generated code, and how it is made from `Base`, the type of this module
/// that is on the wire, and turned into it.
///
/// | type | stands for | feature |
/// |---|---|---|
/// | `std::time::SystemTime` | the three timestamps | |
/// | `chrono::NaiveDate` | `date` | `chrono` |
/// | `chrono::NaiveTime` | `time-millis`, `time-micros` | `chrono` |
/// | `chrono::DateTime<Utc>` | the three timestamps | `chrono` |
/// | `chrono::NaiveDateTime` | the three local timestamps | `chrono` |
/// | `uuid::Uuid` | `uuid` | `uuid` |
/// | `rust_decimal::Decimal` | `decimal` up to 38 digits, `big-decimal` | `rust_decimal` |
///
/// Times that are more precise than the logical type are rounded down to its unit, towards the past, as Java does;
/// what either side has no value for is an error. Decimals are exact or an error.
///
/// Implement it for a type of your own to have it take the place of a logical type:
///
/// ```
/// use ottla::logical::{Convert, ConvertError, TimestampMillis};
///
/// struct Seconds(i64);
///
/// impl Convert<TimestampMillis> for Seconds {
///     fn from_avro(base: TimestampMillis) -> Result<Self, ConvertError> {
///         Ok(Self(base.0.div_euclid(1000)))
///     }
///
///     fn to_avro(&self) -> Result<TimestampMillis, ConvertError> {
///         let millis = self.0.checked_mul(1000).ok_or("the time is out of range")?;
///         Ok(TimestampMillis(millis))
///     }
/// }
/// ```
pub trait Convert<Base>: Sized {
    /// From what was read.
    ///
    /// # Errors
    ///
    /// If this type has no such value.
    fn from_avro(base: Base) -> Result<Self, ConvertError>;

    /// To what is written.
    ///
    /// # Errors
    ///
    /// If the logical type has no such value.
    fn to_avro(&self) -> Result<Base, ConvertError>;
}

/// Why a value has no counterpart: a message, which reads best in lower case and without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvertError(Box<str>);

impl ConvertError {
    /// With the message of another error.
    pub fn of(error: impl Error) -> Self {
        Self::from(error.to_string())
    }
}

impl Display for ConvertError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ConvertError {}

impl From<&str> for ConvertError {
    fn from(message: &str) -> Self {
        Self(message.into())
    }
}

impl From<String> for ConvertError {
    fn from(message: String) -> Self {
        Self(message.into())
    }
}
