//! Values of logical types that the types of other crates cannot hold. Their ranges are known here, as the generator does not
//! link these crates; the runtime's tests hold them against each other.

use super::encoded::Encoded;
use crate::model::Logical;
use crate::options::Options;

/// The days from 1970-01-01 that `chrono` has: those of the years -262143 to 262142.
const DAYS: std::ops::RangeInclusive<i64> = -96_465_292..=95_026_236;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// `rust_decimal` has so many bits, and a sign.
const BITS: u32 = 96;

/// The crate whose type stands for a logical type, by the options, and has no value for these bytes; of `bytes` and `string`
/// they are without the length.
pub(super) fn refusing(logical: Logical, bytes: &[u8], options: &Options) -> Option<&'static str> {
    super::logical::path(logical, options)?;
    let number = || Encoded(bytes).long();
    let (holder, is_held) = match logical {
        Logical::Date => ("chrono", DAYS.contains(&number()?)),
        Logical::TimeMillis => ("chrono", (0..DAY).contains(&number()?)),
        Logical::TimeMicros => ("chrono", (0..DAY * 1000).contains(&number()?)),
        Logical::TimestampMillis | Logical::LocalTimestampMillis => {
            ("chrono", DAYS.contains(&number()?.div_euclid(DAY)))
        }
        Logical::TimestampMicros | Logical::LocalTimestampMicros => {
            ("chrono", DAYS.contains(&number()?.div_euclid(DAY * 1000)))
        }
        Logical::Decimal { scale, .. } => ("rust_decimal", is_decimal(signed(bytes), scale)),
        // All that 64 bits of nanoseconds reach, and every UUID.
        Logical::TimestampNanos
        | Logical::LocalTimestampNanos
        | Logical::Uuid { .. }
        | Logical::Duration
        | Logical::BigDecimal => return None,
    };
    (!is_held).then_some(holder)
}

/// A number in two's complement. Of decimals with so few digits, what does not fit into 128 bits was told of before.
fn signed(bytes: &[u8]) -> i128 {
    let sign = if bytes.first().is_some_and(|first| *first >= 0x80) { -1 } else { 0 };
    bytes.iter().fold(sign, |n, byte| (n << 8) | i128::from(*byte))
}

/// Zeros behind the point are no digits that have to be kept.
fn is_decimal(mut unscaled: i128, mut scale: u32) -> bool {
    while unscaled.unsigned_abs() >> BITS != 0 {
        if scale == 0 || unscaled % 10 != 0 {
            return false;
        }
        (unscaled, scale) = (unscaled / 10, scale - 1);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{is_decimal, signed};

    #[test]
    fn decimals() {
        let most = (1_i128 << 96) - 1;
        assert!(is_decimal(most, 0) && is_decimal(-most, 28));
        assert!(!is_decimal(most + 1, 0) && !is_decimal(-most - 1, 28));
        assert!(is_decimal(most * 100, 2) && !is_decimal(most * 100, 1));
        assert_eq!(signed(&[0xff; 20]), -1);
        assert_eq!((signed(&[]), signed(&[1, 0]), signed(&[0xfe, 0])), (0, 256, -512));
    }
}
