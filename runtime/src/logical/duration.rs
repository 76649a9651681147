//! `duration`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::ParseError;
use super::newtype::debug;
use super::scan::{Reason, Scan};

/// A length of time in three parts that do not turn into each other, because months and days are not all equally
/// long (Avro specification, "Duration": logical type `duration` on a fixed of 12 bytes, the three numbers one after
/// the other with the lowest byte first).
///
/// There is no order: a month is longer than 28 days, and shorter than 32. Equality is that of the parts. Text is
/// that of ISO 8601, `P14M3DT0.250S`; years, weeks, hours and minutes are taken too when it is read.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Duration {
    /// Months.
    pub months: u32,
    /// Days.
    pub days: u32,
    /// Milliseconds, up to 49 days of them.
    pub millis: u32,
}

debug!(Duration);

impl Duration {
    /// The 12 bytes of the wire.
    pub const fn to_bytes(self) -> [u8; 12] {
        let (m, d, t) = (self.months.to_le_bytes(), self.days.to_le_bytes(), self.millis.to_le_bytes());
        [m[0], m[1], m[2], m[3], d[0], d[1], d[2], d[3], t[0], t[1], t[2], t[3]]
    }

    /// From the 12 bytes of the wire; every 12 bytes are a duration.
    pub const fn from_bytes(bytes: [u8; 12]) -> Self {
        let [m0, m1, m2, m3, d0, d1, d2, d3, t0, t1, t2, t3] = bytes;
        Self {
            months: u32::from_le_bytes([m0, m1, m2, m3]),
            days: u32::from_le_bytes([d0, d1, d2, d3]),
            millis: u32::from_le_bytes([t0, t1, t2, t3]),
        }
    }
}

impl From<[u8; 12]> for Duration {
    fn from(bytes: [u8; 12]) -> Self {
        Self::from_bytes(bytes)
    }
}

impl From<Duration> for [u8; 12] {
    fn from(duration: Duration) -> Self {
        duration.to_bytes()
    }
}

impl Display for Duration {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { months, days, millis } = *self;
        f.write_str("P")?;
        if months > 0 {
            write!(f, "{months}M")?;
        }
        if days > 0 {
            write!(f, "{days}D")?;
        }
        match (millis / 1000, millis % 1000) {
            (0, 0) if months > 0 || days > 0 => Ok(()),
            (seconds, 0) => write!(f, "T{seconds}S"),
            (seconds, fraction) => write!(f, "T{seconds}.{fraction:03}S"),
        }
    }
}

impl FromStr for Duration {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read(text).map_err(|reason| ParseError::new("duration", text, reason))
    }
}

const FORM: Reason = "a duration is written PnYnMnWnDTnHnMnS, without the parts that are zero";

/// The letters, in the order that they must have: before the `T`, and after it.
const DATE_PARTS: &[(u8, u64)] = &[(b'Y', 12), (b'M', 1), (b'W', 7), (b'D', 1)];
const TIME_PARTS: &[(u8, u64)] = &[(b'H', 3_600_000), (b'M', 60_000), (b'S', 1000)];

fn read(text: &str) -> Result<Duration, Reason> {
    let mut scan = Scan::new(text);
    scan.expect(b'P', FORM)?;
    let mut months = 0;
    let mut days = 0;
    let mut millis = 0;
    let mut is_empty = true;
    let mut left = DATE_PARTS;
    while scan.end().is_err() && !scan.take(b'T') {
        let (letter, amount) = part(&mut scan, &mut left)?;
        let sum = if matches!(letter, b'Y' | b'M') { &mut months } else { &mut days };
        *sum += amount;
        is_empty = false;
    }
    left = TIME_PARTS;
    while scan.end().is_err() {
        millis += part(&mut scan, &mut left)?.1;
        is_empty = false;
    }
    if is_empty || text.ends_with('T') {
        return Err(FORM);
    }
    let fit = |sum: u64| u32::try_from(sum).map_err(|_| "months, days and milliseconds have 32 bits each");
    Ok(Duration { months: fit(months)?, days: fit(days)?, millis: fit(millis)? })
}

/// One number and its letter, which must be one of those that are left.
fn part(scan: &mut Scan<'_>, left: &mut &[(u8, u64)]) -> Result<(u8, u64), Reason> {
    let digits = scan.digits();
    if digits.is_empty() {
        return Err(FORM);
    }
    if digits.len() > 10 {
        return Err("months, days and milliseconds have 32 bits each");
    }
    let number = digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
    let has_point = scan.peek() == Some(b'.');
    let fraction = scan.fraction(3)?.unsigned_abs();
    let place = left.iter().position(|&(letter, _)| scan.take(letter)).ok_or(FORM)?;
    let (letter, factor) = left[place];
    if has_point && letter != b'S' {
        return Err("only seconds have decimals");
    }
    *left = &left[place + 1..];
    Ok((letter, number * factor + fraction))
}
