//! `time-millis` and `time-micros`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::ParseError;
use super::newtype::number;
use super::scan::{Reason, Scan};

/// A time of day without a date or zone, as milliseconds since midnight (Avro specification, "Time (millisecond
/// precision)": logical type `time-millis` on an int).
///
/// A time of day is 0 to 86,399,999. Other numbers are kept as they were read; their text goes on counting hours
/// (`25:00:00.000`, `-00:00:00.001`), and is not read back. Text is that of ISO 8601, `23:59:59.999`; decimals may
/// be left out when it is read, and more than three must be zeros.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeMillis(
    /// Milliseconds since midnight.
    pub i32,
);

/// A time of day without a date or zone, as microseconds since midnight (Avro specification, "Time (microsecond
/// precision)": logical type `time-micros` on a long).
///
/// A time of day is 0 to 86,399,999,999. Other numbers are kept as they were read; their text goes on counting
/// hours (`25:00:00.000000`, `-00:00:00.000001`), and is not read back. Text is that of ISO 8601, `23:59:59.999999`;
/// decimals may be left out when it is read, and more than six must be zeros.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeMicros(
    /// Microseconds since midnight.
    pub i64,
);

number!(TimeMillis, i32);
number!(TimeMicros, i64);

impl TimeMillis {
    /// Whether this is a time of day: from midnight up to, not including, the next.
    pub const fn is_in_day(self) -> bool {
        0 <= self.0 && self.0 < 86_400_000
    }

    /// The same time in microseconds; every one fits.
    pub const fn to_micros(self) -> TimeMicros {
        TimeMicros(self.0 as i64 * 1_000)
    }
}

impl TimeMicros {
    /// Whether this is a time of day: from midnight up to, not including, the next.
    pub const fn is_in_day(self) -> bool {
        0 <= self.0 && self.0 < 86_400_000_000
    }

    /// The millisecond that it lies in; `None` if 32 bits do not reach it.
    pub const fn to_millis(self) -> Option<TimeMillis> {
        let millis = self.0.div_euclid(1_000);
        if millis < i32::MIN as i64 || millis > i32::MAX as i64 {
            None
        } else {
            Some(TimeMillis(millis as i32))
        }
    }
}

impl From<TimeMillis> for TimeMicros {
    fn from(time: TimeMillis) -> Self {
        time.to_micros()
    }
}

impl Display for TimeMillis {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(f, i64::from(self.0), 3)
    }
}

impl Display for TimeMicros {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(f, self.0, 6)
    }
}

impl FromStr for TimeMillis {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // A day has 86.4 million milliseconds, so the cast loses nothing.
        let millis = read(text, 3).map_err(|reason| ParseError::new("time of day", text, reason))?;
        Ok(Self(millis as i32))
    }
}

impl FromStr for TimeMicros {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read(text, 6).map(Self).map_err(|reason| ParseError::new("time of day", text, reason))
    }
}

fn read(text: &str, decimals: usize) -> Result<i64, Reason> {
    let mut scan = Scan::new(text);
    let seconds = scan.clock()?;
    let fraction = scan.fraction(decimals)?;
    scan.end()?;
    Ok(seconds * 10i64.pow(decimals as u32) + fraction)
}

/// Any number of units of so many decimals of a second, as hours, minutes and seconds.
pub(super) fn write(f: &mut Formatter<'_>, value: i64, decimals: usize) -> fmt::Result {
    let per_second = 10u64.pow(decimals as u32);
    let (seconds, fraction) = (value.unsigned_abs() / per_second, value.unsigned_abs() % per_second);
    let (minutes, hours) = (seconds / 60 % 60, seconds / 3600);
    let sign = if value < 0 { "-" } else { "" };
    write!(f, "{sign}{hours:02}:{minutes:02}:{:02}.{fraction:0decimals$}", seconds % 60)
}
