//! Types of others that stand for a logical type.

use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// A type that stands for a logical type in generated code, and how it is made from `Base`, the type of this module
/// that is on the wire, and turned into it.
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
