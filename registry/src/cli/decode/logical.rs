//! Logical types as people write them (Avro specification, "Logical Types").

use std::iter;

use ottla::logical::{
    BigDecimal, Date, Duration, LocalTimestampMicros, LocalTimestampMillis, LocalTimestampNanos, TimeMicros,
    TimeMillis, TimestampMicros, TimestampMillis, TimestampNanos, Uuid,
};
use ottla_formats::avro::{Kind, Type};
use ottla_formats::json::{Number, Value};

/// More zeros than these are not written out.
const MOST_ZEROS: usize = 10_000;

/// A logical type that changes how a value is shown. UUIDs in texts are shown as they are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Logical {
    /// A number that stands for a date or time.
    Time(fn(i64) -> String),
    /// Bytes or a fixed that is a number, with so many digits after the point.
    Decimal(usize),
    /// Bytes that are a number with its scale.
    BigDecimal,
    /// A fixed of 16 bytes.
    Uuid,
    /// A fixed of 12 bytes.
    Duration,
}

macro_rules! time {
    ($name:ident) => {
        // What is beyond an int is no int of a message.
        Self::Time(|number| number.try_into().map_or_else(|_| number.to_string(), |n| $name(n).to_string()))
    };
}

impl Logical {
    /// The logical type. One that does not suit its type is as if it were not there.
    pub(super) fn of(ty: &Type) -> Option<Self> {
        let word = ty.attribute("logicalType")?.as_str()?;
        Some(match (word, &ty.kind) {
            ("date", Kind::Int) => time!(Date),
            ("time-millis", Kind::Int) => time!(TimeMillis),
            ("time-micros", Kind::Long) => time!(TimeMicros),
            ("timestamp-millis", Kind::Long) => time!(TimestampMillis),
            ("timestamp-micros", Kind::Long) => time!(TimestampMicros),
            ("timestamp-nanos", Kind::Long) => time!(TimestampNanos),
            ("local-timestamp-millis", Kind::Long) => time!(LocalTimestampMillis),
            ("local-timestamp-micros", Kind::Long) => time!(LocalTimestampMicros),
            ("local-timestamp-nanos", Kind::Long) => time!(LocalTimestampNanos),
            ("uuid", Kind::Fixed(fixed)) if fixed.size == 16 => Self::Uuid,
            ("duration", Kind::Fixed(fixed)) if fixed.size == 12 => Self::Duration,
            ("decimal", Kind::Bytes) => Self::Decimal(scale(ty, None)?),
            ("decimal", Kind::Fixed(fixed)) => Self::Decimal(scale(ty, Some(fixed.size))?),
            ("big-decimal", Kind::Bytes) => Self::BigDecimal,
            _ => return None,
        })
    }

    /// The text of a value that is bytes or a fixed; nothing if they are none.
    pub(super) fn of_bytes(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Time(_) => None,
            Self::Decimal(scale) => Some(decimal(bytes, scale)),
            Self::BigDecimal => big_decimal(bytes),
            Self::Uuid => Some(Uuid(bytes.try_into().ok()?).to_string()),
            Self::Duration => Some(Duration::from_bytes(bytes.try_into().ok()?).to_string()),
        }
    }
}

/// The scale of a decimal, if it is one.
#[allow(clippy::cast_precision_loss, reason = "counts of digits and bytes that are far less than 2^52")]
fn scale(ty: &Type, fixed: Option<usize>) -> Option<usize> {
    let digits = |key: &str| match ty.attribute(key) {
        Some(Value::Number(Number::Int(n))) => Some(usize::try_from(*n).ok()),
        Some(_) => Some(None),
        None => None,
    };
    let precision = digits("precision")??;
    let scale = digits("scale").unwrap_or(Some(0))?;
    // Every number of so many digits has to fit.
    let fits =
        |size: usize| precision as f64 <= (std::f64::consts::LOG10_2 * (size as f64 * 8.0 - 1.0)).floor();
    (precision > 0 && scale <= precision && fixed.is_none_or(fits)).then_some(scale)
}

/// A whole number in two's complement as a decimal with so many digits after the point.
fn decimal(unscaled: &[u8], scale: usize) -> String {
    let whole = BigDecimal::from_be_bytes(unscaled, 0).to_string();
    let (sign, digits) = whole.strip_prefix('-').map_or(("", &*whole), |digits| ("-", digits));
    // Numbers of very many digits are written another way.
    if scale > MOST_ZEROS || digits.starts_with("0x") {
        let scale = i32::try_from(scale).unwrap_or(i32::MAX);
        return BigDecimal::from_be_bytes(unscaled, scale).to_string();
    }
    if scale == 0 {
        return whole;
    }
    let zeros: String = iter::repeat_n('0', (scale + 1).saturating_sub(digits.len())).collect();
    let digits = zeros + digits;
    let (integer, fraction) = digits.split_at(digits.len() - scale);
    format!("{sign}{integer}.{fraction}")
}

fn big_decimal(bytes: &[u8]) -> Option<String> {
    let mut inner = ottla::codec::Reader::new(bytes);
    let unscaled = inner.bytes().ok()?;
    // What follows is ignored, as in Java.
    let scale = inner.int().ok()?;
    Some(BigDecimal::from_be_bytes(unscaled, scale).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        let cases: [(&[u8], usize, &str); 9] = [
            (&[], 0, "0"),
            (&[], 2, "0.00"),
            (&[0x04, 0xd2], 2, "12.34"),
            (&[0xfb, 0x2e], 2, "-12.34"),
            (&[0xff], 3, "-0.001"),
            (&[0x00, 0x00, 0x7b], 3, "0.123"),
            (&[0x7b], 0, "123"),
            (&[0x01], 10_001, "1E-10001"),
            (&[0x80; 20], 5, "-7278851291804889043602665637449723274364840.50816"),
        ];
        for (bytes, scale, text) in cases {
            assert_eq!(decimal(bytes, scale), text, "{bytes:?} {scale}");
        }
        let many = decimal(&[1; 5000], 2);
        assert!(many.starts_with("0x0101") && many.ends_with("01*10^-2"), "{many}");
    }
}
