//! Reading texts of dates and times from left to right.

use super::calendar;

/// Why a text is refused.
pub(super) type Reason = &'static str;

/// What is left of a text.
pub(super) struct Scan<'a>(&'a [u8]);

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text.as_bytes())
    }

    /// Takes the byte if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let taken = self.0.first() == Some(&byte);
        if taken {
            self.0 = &self.0[1..];
        }
        taken
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// As many digits as there are.
    pub(super) fn digits(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits
    }

    pub(super) fn end(&self) -> Result<(), Reason> {
        if self.0.is_empty() { Ok(()) } else { Err("more follows after its end") }
    }

    /// `2024-02-29`, or `-0001-02-03` or `+12345-06-07` outside of the years 0000 to 9999: as days since 1970-01-01.
    pub(super) fn date(&mut self) -> Result<i64, Reason> {
        const FORM: Reason = "a date is written YYYY-MM-DD";
        let year = self.year()?;
        self.expect(b'-', FORM)?;
        let month = self.two(FORM)?;
        self.expect(b'-', FORM)?;
        let day = self.two(FORM)?;
        if !(1..=12).contains(&month) {
            return Err("there is no such month");
        }
        if day == 0 || day > calendar::length(year, month) {
            return Err("the month has no such day");
        }
        Ok(calendar::days(year, month, day))
    }

    /// Each year has one form only: a sign and more digits are for those that four digits cannot say.
    fn year(&mut self) -> Result<i64, Reason> {
        let negative = self.take(b'-');
        let positive = !negative && self.take(b'+');
        let digits = self.digits();
        if digits.len() > 9 {
            return Err("the year is out of range");
        }
        let year = value(digits);
        let wide = digits.len() > 4 && digits[0] != b'0';
        match (negative, positive) {
            (false, false) if digits.len() == 4 => Ok(year),
            (false, false) if wide => Err("years beyond 9999 have a sign"),
            (false, true) if wide => Ok(year),
            (true, _) if year > 0 && (digits.len() == 4 || wide) => Ok(-year),
            _ => Err("a year has four digits, or a sign where four digits are not enough"),
        }
    }

    /// `23:59:59`, as seconds since midnight.
    pub(super) fn clock(&mut self) -> Result<i64, Reason> {
        const FORM: Reason = "a time is written hh:mm:ss, with decimals after the seconds if need be";
        let hour = self.two(FORM)?;
        self.expect(b':', FORM)?;
        let minute = self.two(FORM)?;
        self.expect(b':', FORM)?;
        let second = self.two(FORM)?;
        if hour > 23 || minute > 59 || second > 59 {
            return Err("there is no such time of day");
        }
        Ok(i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second))
    }

    /// What follows the seconds, in units of so many decimals; nothing is zero.
    pub(super) fn fraction(&mut self, decimals: usize) -> Result<i64, Reason> {
        if !self.take(b'.') {
            return Ok(0);
        }
        let digits = self.digits();
        if digits.is_empty() {
            return Err("digits follow the decimal point");
        }
        let (kept, lost) = digits.split_at(digits.len().min(decimals));
        if lost.iter().any(|&digit| digit != b'0') {
            return Err("it is more precise than the type");
        }
        Ok((kept.len()..decimals).fold(value(kept), |value, _| value * 10))
    }

    /// `Z`, `+02:00` or `-02:00`, as seconds that the clock is ahead of UTC.
    pub(super) fn offset(&mut self) -> Result<i64, Reason> {
        const FORM: Reason = "it ends in Z or in an offset of the form +hh:mm";
        if self.take(b'Z') {
            return Ok(0);
        }
        let sign = if self.take(b'-') { -1 } else { 1 };
        if sign == 1 {
            self.expect(b'+', FORM)?;
        }
        let hours = self.two(FORM)?;
        self.expect(b':', FORM)?;
        let minutes = self.two(FORM)?;
        if hours > 23 || minutes > 59 {
            return Err("there is no such offset");
        }
        Ok(sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
    }

    pub(super) fn expect(&mut self, byte: u8, otherwise: Reason) -> Result<(), Reason> {
        if self.take(byte) { Ok(()) } else { Err(otherwise) }
    }

    fn two(&mut self, otherwise: Reason) -> Result<u8, Reason> {
        match self.0 {
            &[tens @ b'0'..=b'9', ones @ b'0'..=b'9', ref rest @ ..] => {
                self.0 = rest;
                Ok((tens - b'0') * 10 + ones - b'0')
            }
            _ => Err(otherwise),
        }
    }
}

/// The number of at most 18 digits.
fn value(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'))
}
