//! `timestamp-*` and `local-timestamp-*`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::SystemTime;

use super::newtype::number;
use super::timestamp::{from_system, read, to_system, write};
use super::{OutOfRange, ParseError};

macro_rules! instant {
    ($name:ident, $decimals:literal, $logical:literal, $section:literal, $unit:literal, $range:literal, $example:literal) => {
        #[doc = concat!("An instant, as ", $unit, " since 1970-01-01T00:00:00Z, without leap seconds; earlier ones are negative")]
        #[doc = concat!("(Avro specification, \"", $section, "\": logical type `", $logical, "` on a long).")]
        ///
        #[doc = concat!("Every number of 64 bits is an instant: ", $range, ".")]
        #[doc = concat!("Text is that of ISO 8601, `", $example, "`. When it is read, decimals may be left out, those beyond the unit")]
        /// must be zeros, and an offset such as `+02:00` may stand for the `Z`.
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(
            #[doc = concat!($unit, " since 1970-01-01T00:00:00Z.")]
            pub i64,
        );

        timestamp!($name, $decimals, true, "Z");

        impl $name {
            /// The instant that the system's clock shows; the nearest that the type holds, should that be beyond it.
            pub fn now() -> Self {
                let now = SystemTime::now();
                let limit = if now < SystemTime::UNIX_EPOCH { i64::MIN } else { i64::MAX };
                Self(from_system(now, $decimals).unwrap_or(limit))
            }
        }

        /// To the unit that the instant lies in: what is more precise is rounded down, towards the past.
        impl TryFrom<SystemTime> for $name {
            type Error = OutOfRange;

            fn try_from(instant: SystemTime) -> Result<Self, OutOfRange> {
                from_system(instant, $decimals).map(Self).ok_or(OutOfRange($logical))
            }
        }

        /// Exact where the system's clock is as precise. An error if it does not reach the instant (that of Linux reaches all).
        impl TryFrom<$name> for SystemTime {
            type Error = OutOfRange;

            fn try_from(instant: $name) -> Result<Self, OutOfRange> {
                to_system(instant.0, $decimals).ok_or(OutOfRange("the system's clock"))
            }
        }
    };
}

macro_rules! local {
    ($name:ident, $decimals:literal, $logical:literal, $section:literal, $unit:literal, $range:literal, $example:literal) => {
        #[doc = concat!("A date and time of day wherever one is, as ", $unit, " since 1970-01-01T00:00:00 on the local clock;")]
        #[doc = concat!("earlier ones are negative (Avro specification, \"", $section, "\": logical type")]
        #[doc = concat!("`", $logical, "` on a long).")]
        ///
        /// It is no instant: which one it means depends on a zone that is not part of it.
        #[doc = concat!("Every number of 64 bits is such a time: ", $range, ".")]
        #[doc = concat!("Text is that of ISO 8601, `", $example, "`. When it is read, decimals may be left out, those beyond the unit")]
        /// must be zeros, and nothing follows.
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(
            #[doc = concat!($unit, " since 1970-01-01T00:00:00 on the local clock.")]
            pub i64,
        );

        timestamp!($name, $decimals, false, "");
    };
}

macro_rules! timestamp {
    ($name:ident, $decimals:literal, $is_instant:literal, $end:literal) => {
        number!($name, i64);

        impl Display for $name {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                write(f, self.0, $decimals)?;
                f.write_str($end)
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                let what = if $is_instant { "timestamp" } else { "local timestamp" };
                read(text, $decimals, $is_instant)
                    .map(Self)
                    .map_err(|reason| ParseError::new(what, text, reason))
            }
        }
    };
}

macro_rules! precisions {
    ($millis:ident, $micros:ident, $nanos:ident) => {
        impl $millis {
            /// The same time in microseconds; `None` if 64 bits do not reach it.
            pub const fn to_micros(self) -> Option<$micros> {
                finer!($micros, self.0, 1_000)
            }

            /// The same time in nanoseconds; `None` if 64 bits do not reach it (they reach the years 1677 to 2262).
            pub const fn to_nanos(self) -> Option<$nanos> {
                finer!($nanos, self.0, 1_000_000)
            }
        }

        impl $micros {
            /// The millisecond that it lies in: what is more precise is rounded down, towards the past.
            pub const fn to_millis(self) -> $millis {
                $millis(self.0.div_euclid(1_000))
            }

            /// The same time in nanoseconds; `None` if 64 bits do not reach it (they reach the years 1677 to 2262).
            pub const fn to_nanos(self) -> Option<$nanos> {
                finer!($nanos, self.0, 1_000)
            }
        }

        impl $nanos {
            /// The millisecond that it lies in: what is more precise is rounded down, towards the past.
            pub const fn to_millis(self) -> $millis {
                $millis(self.0.div_euclid(1_000_000))
            }

            /// The microsecond that it lies in: what is more precise is rounded down, towards the past.
            pub const fn to_micros(self) -> $micros {
                $micros(self.0.div_euclid(1_000))
            }
        }
    };
}

macro_rules! finer {
    ($name:ident, $value:expr, $factor:literal) => {
        match i64::checked_mul($value, $factor) {
            Some(value) => Some($name(value)),
            None => None,
        }
    };
}

instant!(
    TimestampMillis,
    3,
    "timestamp-millis",
    "Timestamps (millisecond precision)",
    "milliseconds",
    "292 million years either way",
    "2024-02-29T23:59:59.999Z"
);
instant!(
    TimestampMicros,
    6,
    "timestamp-micros",
    "Timestamps (microsecond precision)",
    "microseconds",
    "292 thousand years either way",
    "2024-02-29T23:59:59.999999Z"
);
instant!(
    TimestampNanos,
    9,
    "timestamp-nanos",
    "Timestamps (nanosecond precision)",
    "nanoseconds",
    "from 1677-09-21 to 2262-04-11",
    "2024-02-29T23:59:59.999999999Z"
);
precisions!(TimestampMillis, TimestampMicros, TimestampNanos);

local!(
    LocalTimestampMillis,
    3,
    "local-timestamp-millis",
    "Local Timestamps (millisecond precision)",
    "milliseconds",
    "292 million years either way",
    "2024-02-29T23:59:59.999"
);
local!(
    LocalTimestampMicros,
    6,
    "local-timestamp-micros",
    "Local Timestamps (microsecond precision)",
    "microseconds",
    "292 thousand years either way",
    "2024-02-29T23:59:59.999999"
);
local!(
    LocalTimestampNanos,
    9,
    "local-timestamp-nanos",
    "Local Timestamps (nanosecond precision)",
    "nanoseconds",
    "from 1677-09-21 to 2262-04-11",
    "2024-02-29T23:59:59.999999999"
);
precisions!(LocalTimestampMillis, LocalTimestampMicros, LocalTimestampNanos);
