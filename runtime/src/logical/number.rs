//! Decimal numbers as text.

use std::fmt::{self, Formatter};

use super::scan::{Reason, Scan};

/// The parts of `-12.340E-5`.
pub(super) struct Number<'a> {
    pub(super) is_negative: bool,
    integer: &'a [u8],
    fraction: &'a [u8],
    exponent: i64,
}

impl<'a> Number<'a> {
    /// A sign or none, digits, and a point and digits or none.
    pub(super) fn plain(text: &'a str) -> Result<Self, Reason> {
        let mut scan = Scan::new(text);
        let number = Self::mantissa(&mut scan)?;
        scan.end()?;
        Ok(number)
    }

    /// The same, and an `E` (in any case) with an exponent or none.
    pub(super) fn scientific(text: &'a str) -> Result<Self, Reason> {
        let mut scan = Scan::new(text);
        let mut number = Self::mantissa(&mut scan)?;
        if scan.take(b'E') || scan.take(b'e') {
            number.exponent = exponent(&mut scan)?;
        }
        scan.end()?;
        Ok(number)
    }

    fn mantissa(scan: &mut Scan<'a>) -> Result<Self, Reason> {
        const FORM: Reason =
            "a number is written as digits, with a sign before and a point between if need be";
        let is_negative = scan.take(b'-');
        if !is_negative {
            scan.take(b'+');
        }
        let integer = scan.digits();
        let has_fraction = scan.take(b'.');
        let fraction = scan.digits();
        if integer.is_empty() || has_fraction == fraction.is_empty() {
            return Err(FORM);
        }
        Ok(Self { is_negative, integer, fraction, exponent: 0 })
    }

    /// The digits after the point, less the exponent.
    pub(super) fn scale(&self) -> i64 {
        self.fraction.len() as i64 - self.exponent
    }

    /// The digits from the first that is not zero, as bytes `0` to `9`.
    pub(super) fn digits(&self) -> impl Iterator<Item = u8> {
        self.integer.iter().chain(self.fraction).copied().skip_while(|&digit| digit == b'0')
    }

    /// The digits with exactly so many after the point; `None` if others than zeros would be lost. Call with plain
    /// numbers only.
    pub(super) fn digits_at(&self, scale: usize) -> Option<impl Iterator<Item = u8>> {
        let (kept, lost) = self.fraction.split_at(self.fraction.len().min(scale));
        // Zero stays short, whatever the scale.
        let zeros = if self.digits().next().is_none() { 0 } else { scale - kept.len() };
        let zeros = std::iter::repeat_n(b'0', zeros);
        let all = self.integer.iter().chain(kept).copied().chain(zeros);
        lost.iter().all(|&digit| digit == b'0').then(|| all.skip_while(|&digit| digit == b'0'))
    }
}

/// Far beyond what any scale can be, so that sums do not overflow.
fn exponent(scan: &mut Scan<'_>) -> Result<i64, Reason> {
    let is_negative = scan.take(b'-');
    if !is_negative {
        scan.take(b'+');
    }
    let digits = scan.digits();
    if digits.is_empty() || digits.len() > 12 {
        return Err("an exponent is a number of up to 12 digits");
    }
    let size = digits.iter().fold(0, |size, digit| size * 10 + i64::from(digit - b'0'));
    Ok(if is_negative { -size } else { size })
}

/// Digits with a point before the last `scale` of them, and as many zeros as that needs.
pub(super) fn write_plain(
    f: &mut Formatter<'_>,
    is_negative: bool,
    digits: &str,
    scale: usize,
) -> fmt::Result {
    if scale == 0 {
        return f.pad_integral(!is_negative, "", digits);
    }
    let width = scale + 1;
    let padded = format!("{digits:0>width$}");
    let (integer, fraction) = padded.split_at(padded.len() - scale);
    f.pad_integral(!is_negative, "", &format!("{integer}.{fraction}"))
}

/// As Java's `BigDecimal.toString` does: plain with up to six zeros after the point, else `1.23E+45`. Numbers that
/// differ in their digits or their scale have different texts.
pub(super) fn write_scientific(
    f: &mut Formatter<'_>,
    is_negative: bool,
    digits: &str,
    scale: i64,
) -> fmt::Result {
    let exponent = digits.len() as i64 - 1 - scale;
    if scale >= 0 && exponent >= -6 {
        return write_plain(f, is_negative, digits, scale as usize);
    }
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    f.pad_integral(!is_negative, "", &format!("{first}{point}{rest}E{exponent:+}"))
}
