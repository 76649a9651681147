//! Logical types (Avro specification, "Logical Types"). One that does not suit its type is as if it were not there.

use ottla_formats::avro::{Kind, Type};
use ottla_formats::json::{Number, Value};

use crate::model::Logical;
use crate::options::Options;

/// The digits that `rust_decimal` holds.
const RUST_DECIMAL: u32 = 28;

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
    fn digits_of_bytes() {
        for (size, digits) in
            [(0, -1.0), (1, 2.0), (2, 4.0), (4, 9.0), (8, 18.0), (12, 28.0), (16, 38.0), (32, 76.0)]
        {
            assert!((max_digits(size) - digits).abs() < 0.5, "{size}: {}", max_digits(size));
        }
    }
}
