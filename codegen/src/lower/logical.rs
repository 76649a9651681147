//! Logical types (Avro specification, "Logical Types"). One that does not suit its type is as if it were not there.

use ottla_formats::avro::{Kind, Type};
use ottla_formats::json::{Number, Value};

use super::encoded::Encoded;
use crate::model::Logical;
use crate::options::Options;

/// The digits that `rust_decimal` holds.
const RUST_DECIMAL: u32 = 28;

/// The digits up to which the runtime keeps a decimal in 128 bits.
const SMALL: u32 = 38;

/// The logical type, if it is a known one that suits its type.
pub(super) fn of(ty: &Type) -> Option<Logical> {
    let word = ty.attribute("logicalType")?.as_str()?;
    Some(match (word, &ty.kind) {
        ("date", Kind::Int) => Logical::Date,
        ("time-millis", Kind::Int) => Logical::TimeMillis,
        ("time-micros", Kind::Long) => Logical::TimeMicros,
        ("timestamp-millis", Kind::Long) => Logical::TimestampMillis,
        ("timestamp-micros", Kind::Long) => Logical::TimestampMicros,
        ("timestamp-nanos", Kind::Long) => Logical::TimestampNanos,
        ("local-timestamp-millis", Kind::Long) => Logical::LocalTimestampMillis,
        ("local-timestamp-micros", Kind::Long) => Logical::LocalTimestampMicros,
        ("local-timestamp-nanos", Kind::Long) => Logical::LocalTimestampNanos,
        ("uuid", Kind::String) => Logical::Uuid { fixed: false },
        ("uuid", Kind::Fixed(fixed)) if fixed.size == 16 => Logical::Uuid { fixed: true },
        ("duration", Kind::Fixed(fixed)) if fixed.size == 12 => Logical::Duration,
        ("decimal", Kind::Bytes) => decimal(ty, None)?,
        ("decimal", Kind::Fixed(fixed)) => decimal(ty, Some(fixed.size))?,
        ("big-decimal", Kind::Bytes) => Logical::BigDecimal,
        _ => return None,
    })
}

/// Is it a value of a logical type? Of `bytes` and `string` without the length.
pub(super) fn takes(logical: Logical, bytes: &[u8]) -> bool {
    match logical {
        Logical::Uuid { fixed: false } => is_uuid(bytes),
        Logical::BigDecimal => {
            let mut inner = Encoded(bytes);
            inner.prefixed().and_then(|_| inner.int()).is_some()
        }
        Logical::Decimal { precision, .. } if precision <= SMALL => fits_128_bits(bytes),
        _ => true,
    }
}

fn is_uuid(text: &[u8]) -> bool {
    let suits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(suits)
}

/// Does a number in two's complement have no more than that, but for bytes that repeat its sign?
fn fits_128_bits(bytes: &[u8]) -> bool {
    let (sign, number) = bytes.split_at(bytes.len().saturating_sub(16));
    let negative = number.first().is_some_and(|first| *first >= 0x80);
    sign.iter().all(|byte| *byte == if negative { 0xff } else { 0 })
}

/// Is it one that Avro knows?
pub(super) fn is_known(word: &str) -> bool {
    matches!(
        word,
        "date"
            | "time-millis"
            | "time-micros"
            | "timestamp-millis"
            | "timestamp-micros"
            | "timestamp-nanos"
            | "local-timestamp-millis"
            | "local-timestamp-micros"
            | "local-timestamp-nanos"
            | "uuid"
            | "duration"
            | "decimal"
            | "big-decimal"
    )
}

fn decimal(ty: &Type, fixed: Option<usize>) -> Option<Logical> {
    let digits = |key: &str| match ty.attribute(key) {
        Some(Value::Number(Number::Int(n))) => Some(u32::try_from(*n).ok()),
        Some(_) => Some(None),
        None => None,
    };
    let precision = digits("precision")??;
    let scale = digits("scale").unwrap_or(Some(0))?;
    let fits = fixed.is_none_or(|size| f64::from(precision) <= max_digits(size));
    (precision > 0 && scale <= precision && fits).then_some(Logical::Decimal { precision, scale, fixed })
}

/// How many digits every number of so many can have that is written in two's complement in so many bytes.
#[allow(clippy::cast_precision_loss, reason = "a count of bytes, and digits beyond what can be asked for")]
fn max_digits(size: usize) -> f64 {
    (std::f64::consts::LOG10_2 * (size as f64).mul_add(8.0, -1.0)).floor()
}

/// The type of another crate that the options choose for it.
pub(super) fn path(logical: Logical, options: &Options) -> Option<String> {
    let at = |path: &str| format!("{}::__private::{path}", options.runtime);
    let chrono = |ty: &str| options.chrono.then(|| at(&format!("chrono::{ty}")));
    match logical {
        Logical::Date => chrono("NaiveDate"),
        Logical::TimeMillis | Logical::TimeMicros => chrono("NaiveTime"),
        Logical::TimestampMillis | Logical::TimestampMicros | Logical::TimestampNanos => {
            chrono(&format!("DateTime<{}>", at("chrono::Utc")))
        }
        Logical::LocalTimestampMillis | Logical::LocalTimestampMicros | Logical::LocalTimestampNanos => {
            chrono("NaiveDateTime")
        }
        Logical::Uuid { .. } => options.uuid.then(|| at("uuid::Uuid")),
        Logical::Decimal { precision, .. } if precision <= RUST_DECIMAL => {
            options.rust_decimal.then(|| at("rust_decimal::Decimal"))
        }
        Logical::Decimal { .. } | Logical::BigDecimal | Logical::Duration => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let uuid = Logical::Uuid { fixed: false };
        let decimal = |precision| Logical::Decimal { precision, scale: 0, fixed: None };
        let (wide, negative) = ([&[0; 9], &[0x7f; 16][..]].concat(), [0xff; 20]);
        let cases: [(Logical, &[u8], bool); 21] = [
            (uuid, b"", false),
            (uuid, b"f81d4fae-7dec-11d0-a765-00A0C91E6BF6", true),
            (uuid, b"f81d4fae-7dec-11d0-a765-00A0C91E6BF", false),
            (uuid, b"f81d4fae-7dec-11d0-a765-00A0C91E6BF6a", false),
            (uuid, b"f81d4fae-7dec-11d0-a76500-A0C91E6BF6", false),
            (uuid, b"f81d4fae-7dec-11d0-a765-00A0C91E6BFg", false),
            (Logical::Uuid { fixed: true }, b"0123456789abcdef", true),
            (Logical::BigDecimal, b"", false),
            (Logical::BigDecimal, &[1], false),
            (Logical::BigDecimal, &[0], false),
            (Logical::BigDecimal, &[0, 0], true),
            (Logical::BigDecimal, &[2, 7, 3, 9], true),
            (Logical::BigDecimal, &[0, 0xfe, 0xff, 0xff, 0xff, 0x0f], true),
            (Logical::BigDecimal, &[0, 0xfe, 0xff, 0xff, 0xff, 0x1f], false),
            (Logical::BigDecimal, &[0, 0x80, 0x80, 0x80, 0x80, 0x80, 0], false),
            (decimal(38), b"", true),
            (decimal(38), &[0x80; 16], true),
            (decimal(38), &[0x80; 17], false),
            (decimal(39), &[0x80; 17], true),
            (decimal(38), &wide, true),
            (decimal(38), &negative, true),
        ];
        for (logical, bytes, taken) in cases {
            assert_eq!(takes(logical, bytes), taken, "{logical:?} {bytes:02x?}");
        }
    }

    #[test]
    fn digits_of_bytes() {
        for (size, digits) in
            [(0, -1.0), (1, 2.0), (2, 4.0), (4, 9.0), (8, 18.0), (12, 28.0), (16, 38.0), (32, 76.0)]
        {
            assert!((max_digits(size) - digits).abs() < 0.5, "{size}: {}", max_digits(size));
        }
    }
}
