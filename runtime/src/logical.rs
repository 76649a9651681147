//! Logical types: what the numbers, texts and bytes of a schema stand for (Avro specification, "Logical Types").
//!
//! Each type here is a thin wrapper around what is on the wire, needs no other crate, and keeps every value that
//! can be read, also one that makes no sense for its logical type (a time of day of 25 hours): data of others is
//! kept and shown, not refused. Text goes in and out by [`Display`](std::fmt::Display) and
//! [`FromStr`](std::str::FromStr), in the forms of ISO 8601 where there is one. Types of other crates take part by
//! [`Convert`]; those of `chrono`, `uuid` and `rust_decimal` do under the features of these names.
//!
//! | logical type | on the wire | type |
//! |---|---|---|
//! | `date` | int | [`Date`] |
//! | `time-millis`, `time-micros` | int, long | [`TimeMillis`], [`TimeMicros`] |
//! | `timestamp-millis`, `-micros`, `-nanos` | long | [`TimestampMillis`], [`TimestampMicros`], [`TimestampNanos`] |
//! | `local-timestamp-millis`, `-micros`, `-nanos` | long | [`LocalTimestampMillis`], [`LocalTimestampMicros`], [`LocalTimestampNanos`] |
//! | `duration` | fixed of 12 bytes | [`Duration`] |
//! | `uuid` | string, or fixed of 16 bytes | [`Uuid`] |
//! | `decimal` | bytes or fixed | [`Decimal`] up to 38 digits, else [`LargeDecimal`] |
//! | `big-decimal` | bytes | [`BigDecimal`] |

mod big_decimal;
mod calendar;
mod convert;
mod date;
mod decimal;
mod duration;
mod error;
mod large_decimal;
mod magnitude;
mod minimal;
mod newtype;
mod number;
mod scan;
mod time;
mod timestamp;
mod timestamps;
mod uuid;

pub use big_decimal::BigDecimal;
pub use convert::{Convert, ConvertError};
pub use date::Date;
pub use decimal::Decimal;
pub use duration::Duration;
pub use error::{DecimalError, OutOfRange, ParseError};
pub use large_decimal::LargeDecimal;
pub use minimal::MinimalBytes;
pub use time::{TimeMicros, TimeMillis};
pub use timestamps::{
    LocalTimestampMicros, LocalTimestampMillis, LocalTimestampNanos, TimestampMicros, TimestampMillis,
    TimestampNanos,
};
pub use uuid::Uuid;
