//! `date`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::newtype::number;
use super::scan::{Reason, Scan};
use super::{ParseError, calendar};

/// A day of the calendar, as days since 1970-01-01 in the proleptic Gregorian calendar; earlier days are negative
/// (Avro specification, "Date": logical type `date` on an int).
///
/// Every number of 32 bits is a date: from -5877641-06-23 to +5881580-07-11. Text is that of ISO 8601,
/// `2024-02-29`; years outside of 0000 to 9999 carry a sign, as in `-0001-12-31` and `+10000-01-01`. Year 0000 is
/// the one before 0001.
///
/// ```
/// use ottla::logical::Date;
/// let day: Date = "2024-02-29".parse()?;
/// assert_eq!(day, Date(19_782));
/// assert_eq!(day.to_ymd(), (2024, 2, 29));
/// assert_eq!(Date::from_ymd(2023, 2, 29), None);
/// # Ok::<(), ottla::logical::ParseError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(
    /// Days since 1970-01-01.
    pub i32,
);

number!(Date, i32);

impl Date {
    /// The day of a year, month (1 to 12) and day of the month (from 1); `None` if there is no such day, or if 32
    /// bits of days do not reach it.
    pub const fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        if day == 0 || day > calendar::length(year as i64, month) {
            return None;
        }
        let days = calendar::days(year as i64, month, day);
        if days < i32::MIN as i64 || days > i32::MAX as i64 { None } else { Some(Self(days as i32)) }
    }

    /// Year, month (1 to 12) and day of the month (from 1).
    pub const fn to_ymd(self) -> (i32, u8, u8) {
        let (year, month, day) = calendar::date(self.0 as i64);
        (year as i32, month, day)
    }
}

impl Display for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(f, i64::from(self.0))
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read(text).map_err(|reason| ParseError::new("date", text, reason))
    }
}

fn read(text: &str) -> Result<Date, Reason> {
    let mut scan = Scan::new(text);
    let days = scan.date()?;
    scan.end()?;
    i32::try_from(days).map(Date).map_err(|_| "the year is out of range")
}

/// The text of any number of days since 1970-01-01.
pub(super) fn write(f: &mut Formatter<'_>, days: i64) -> fmt::Result {
    let (year, month, day) = calendar::date(days);
    let sign = match year {
        ..0 => "-",
        0..=9999 => "",
        10_000.. => "+",
    };
    write!(f, "{sign}{:04}-{month:02}-{day:02}", year.unsigned_abs())
}
