//! The dates and times of `chrono`.

use ::chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::{Convert, ConvertError};
use crate::logical::{
    Date, LocalTimestampMicros, LocalTimestampMillis, LocalTimestampNanos, TimeMicros, TimeMillis,
    TimestampMicros, TimestampMillis, TimestampNanos,
};

/// The number that `chrono` gives to 1970-01-01, counted from the first day of year 1.
const EPOCH: i32 = 719_163;

/// `chrono` reaches the years -262143 to 262142; dates beyond are an error.
impl Convert<Date> for NaiveDate {
    fn from_avro(base: Date) -> Result<Self, ConvertError> {
        let date = base.0.checked_add(EPOCH).and_then(Self::from_num_days_from_ce_opt);
        date.ok_or_else(|| beyond(base))
    }

    fn to_avro(&self) -> Result<Date, ConvertError> {
        Ok(Date(self.num_days_from_ce() - EPOCH))
    }
}

/// Numbers that are no time of day are an error. A leap second is the second that follows it; at the end of a day
/// it is an error.
impl Convert<TimeMillis> for NaiveTime {
    fn from_avro(base: TimeMillis) -> Result<Self, ConvertError> {
        Self::from_avro(base.to_micros()).map_err(|_| no_time(base))
    }

    fn to_avro(&self) -> Result<TimeMillis, ConvertError> {
        let micros: TimeMicros = self.to_avro()?;
        micros.to_millis().ok_or_else(|| no_time(micros))
    }
}

/// Numbers that are no time of day are an error. A leap second is the second that follows it; at the end of a day
/// it is an error.
impl Convert<TimeMicros> for NaiveTime {
    fn from_avro(base: TimeMicros) -> Result<Self, ConvertError> {
        if !base.is_in_day() {
            return Err(no_time(base));
        }
        // Of a day there are less than 2^17 seconds, and less than 10^6 microseconds of a second.
        let (seconds, micros) = ((base.0 / 1_000_000) as u32, (base.0 % 1_000_000) as u32);
        Self::from_num_seconds_from_midnight_opt(seconds, micros * 1000).ok_or_else(|| no_time(base))
    }

    fn to_avro(&self) -> Result<TimeMicros, ConvertError> {
        let seconds = i64::from(self.num_seconds_from_midnight());
        let time = TimeMicros(seconds * 1_000_000 + i64::from(self.nanosecond() / 1000));
        if time.is_in_day() { Ok(time) } else { Err(no_time(time)) }
    }
}

macro_rules! timestamps {
    ($instant:ident, $local:ident, $from:expr, $to:expr) => {
        /// `chrono` reaches the years -262143 to 262142; instants beyond are an error, as are those that 64 bits of the
        /// unit do not reach. A leap second is the second that follows it.
        impl Convert<$instant> for DateTime<Utc> {
            fn from_avro(base: $instant) -> Result<Self, ConvertError> {
                $from(base.0).ok_or_else(|| beyond(base))
            }

            fn to_avro(&self) -> Result<$instant, ConvertError> {
                $to(self).map($instant).ok_or_else(|| beyond(self))
            }
        }

        /// `chrono` reaches the years -262143 to 262142; times beyond are an error, as are those that 64 bits of the
        /// unit do not reach. A leap second is the second that follows it.
        impl Convert<$local> for NaiveDateTime {
            fn from_avro(base: $local) -> Result<Self, ConvertError> {
                let same_clock: Option<DateTime<Utc>> = $from(base.0);
                same_clock.map(|utc| utc.naive_utc()).ok_or_else(|| beyond(base))
            }

            fn to_avro(&self) -> Result<$local, ConvertError> {
                $to(&self.and_utc()).map($local).ok_or_else(|| beyond(self))
            }
        }
    };
}

timestamps!(TimestampMillis, LocalTimestampMillis, DateTime::from_timestamp_millis, |time: &DateTime<
    Utc,
>| {
    Some(time.timestamp_millis())
});
timestamps!(TimestampMicros, LocalTimestampMicros, DateTime::from_timestamp_micros, |time: &DateTime<
    Utc,
>| {
    Some(time.timestamp_micros())
});
timestamps!(
    TimestampNanos,
    LocalTimestampNanos,
    |nanos| Some(DateTime::from_timestamp_nanos(nanos)),
    |time: &DateTime<Utc>| time.timestamp_nanos_opt()
);

fn beyond(value: impl std::fmt::Display) -> ConvertError {
    format!("{value} is out of range").into()
}

fn no_time(value: impl std::fmt::Display) -> ConvertError {
    format!("{value} is no time of day").into()
}
