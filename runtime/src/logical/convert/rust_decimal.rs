//! `rust_decimal::Decimal`, which has 96 bits and at most 28 digits after the point.

use super::{Convert, ConvertError};
use crate::logical::{BigDecimal, Decimal};

/// Exact both ways, with `SCALE` digits after the point where they fit, else as many as are not zeros.
impl<const PRECISION: u32, const SCALE: u32> Convert<Decimal<PRECISION, SCALE>> for ::rust_decimal::Decimal {
    fn from_avro(base: Decimal<PRECISION, SCALE>) -> Result<Self, ConvertError> {
        from_parts(base.unscaled(), i64::from(SCALE))
    }

    fn to_avro(&self) -> Result<Decimal<PRECISION, SCALE>, ConvertError> {
        Decimal::rescaled(self.mantissa(), self.scale()).map_err(ConvertError::of)
    }
}

/// Exact both ways, with the same scale where that is 0 to 28 and the number fits, else the nearest.
impl Convert<BigDecimal> for ::rust_decimal::Decimal {
    fn from_avro(base: BigDecimal) -> Result<Self, ConvertError> {
        from_parts(base.unscaled().ok_or(TOO_LONG)?, i64::from(base.scale()))
    }

    fn to_avro(&self) -> Result<BigDecimal, ConvertError> {
        // At most 28.
        Ok(BigDecimal::new(self.mantissa(), self.scale() as i32))
    }
}

const TOO_LONG: &str = "the number has more digits than a rust_decimal::Decimal can hold";
const MAX_SCALE: i64 = ::rust_decimal::Decimal::MAX_SCALE as i64;

/// The value `unscaled` / 10^`scale`; its scale is changed only if it has to be.
fn from_parts(mut unscaled: i128, mut scale: i64) -> Result<::rust_decimal::Decimal, ConvertError> {
    if unscaled == 0 {
        scale = scale.clamp(0, MAX_SCALE);
    }
    if scale < 0 {
        let power = u32::try_from(-scale).ok().and_then(|zeros| 10i128.checked_pow(zeros));
        unscaled = power.and_then(|power| unscaled.checked_mul(power)).ok_or(TOO_LONG)?;
        scale = 0;
    }
    loop {
        // The range is checked here, since a scale that does not fit in 32 bits must not become one that does.
        if scale <= MAX_SCALE
            && let Ok(decimal) = ::rust_decimal::Decimal::try_from_i128_with_scale(unscaled, scale as u32)
        {
            return Ok(decimal);
        }
        // At most 38 times: then the number has no zeros left.
        if scale == 0 || unscaled % 10 != 0 {
            return Err(TOO_LONG.into());
        }
        unscaled /= 10;
        scale -= 1;
    }
}
