//! What the six timestamps have in common: their text, and the clock of the system.

use std::fmt::{self, Formatter};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::scan::{Reason, Scan};
use super::{date, time};

const SECONDS_OF_DAY: i64 = 86_400;
const NANOS_OF_SECOND: i128 = 1_000_000_000;

/// `2024-02-29T23:59:59.999`, for a number of units of so many decimals of a second since 1970-01-01T00:00:00.
pub(super) fn write(f: &mut Formatter<'_>, value: i64, decimals: usize) -> fmt::Result {
    let day = SECONDS_OF_DAY * 10i64.pow(decimals as u32);
    date::write(f, value.div_euclid(day))?;
    f.write_str("T")?;
    time::write(f, value.rem_euclid(day), decimals)
}

/// The other way round; an instant ends in `Z` or an offset, a local time in neither.
pub(super) fn read(text: &str, decimals: usize, is_instant: bool) -> Result<i64, Reason> {
    let mut scan = Scan::new(text);
    let days = scan.date()?;
    scan.expect(b'T', "a T stands between date and time")?;
    let clock = scan.clock()?;
    let fraction = scan.fraction(decimals)?;
    let offset = if is_instant { scan.offset()? } else { 0 };
    scan.end()?;
    let seconds = i128::from(days * SECONDS_OF_DAY + clock - offset);
    let value = seconds * 10i128.pow(decimals as u32) + i128::from(fraction);
    i64::try_from(value).map_err(|_| "64 bits of its unit do not reach it")
}

/// The unit that the instant lies in; `None` if 64 bits do not reach it.
pub(super) fn from_system(instant: SystemTime, decimals: u32) -> Option<i64> {
    let nanos = match instant.duration_since(UNIX_EPOCH) {
        Ok(after) => nanos(after),
        Err(before) => -nanos(before.duration()),
    };
    i64::try_from(nanos.div_euclid(10i128.pow(9 - decimals))).ok()
}

/// `None` if the system's clock does not reach it.
pub(super) fn to_system(value: i64, decimals: u32) -> Option<SystemTime> {
    let nanos = i128::from(value) * 10i128.pow(9 - decimals);
    // At most 2^63 seconds and less than a second: both casts are exact.
    let size = nanos.unsigned_abs();
    let one_second = NANOS_OF_SECOND.unsigned_abs();
    let distance = Duration::new((size / one_second) as u64, (size % one_second) as u32);
    if nanos < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}

fn nanos(duration: Duration) -> i128 {
    i128::from(duration.as_secs()) * NANOS_OF_SECOND + i128::from(duration.subsec_nanos())
}
