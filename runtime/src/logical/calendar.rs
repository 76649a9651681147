//! Days and their dates in the proleptic Gregorian calendar.
//!
//! Years are counted from March, so that a leap day is the last day of its year, and everything before it has a
//! fixed place. All is done in 64 bits, where no number of days that a logical type holds overflows.

/// From 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;
const DAYS_OF_400_YEARS: i64 = 146_097;
const DAYS_OF_CENTURY: i64 = 36_524;
const DAYS_OF_4_YEARS: i64 = 1_461;

/// Days since 1970-01-01 of a date that exists.
pub(super) const fn days(year: i64, month: u8, day: u8) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let month = (month as i64 + 9) % 12;
    year * 365 + leap_days + before(month) + day as i64 - 1 - EPOCH
}

/// Year, month and day; year 0 is the one before year 1.
pub(super) const fn date(days: i64) -> (i64, u8, u8) {
    let days = days + EPOCH;
    let eras = days.div_euclid(DAYS_OF_400_YEARS);
    let rest = days.rem_euclid(DAYS_OF_400_YEARS);
    let centuries = at_most_3(rest / DAYS_OF_CENTURY);
    let rest = rest - centuries * DAYS_OF_CENTURY;
    let fours = rest / DAYS_OF_4_YEARS;
    let rest = rest % DAYS_OF_4_YEARS;
    let years = at_most_3(rest / 365);
    let rest = rest - years * 365;
    let month = (5 * rest + 2) / 153;
    let day = rest - before(month) + 1;
    let year = 400 * eras + 100 * centuries + 4 * fours + years;
    if month < 10 { (year, month as u8 + 3, day as u8) } else { (year + 1, month as u8 - 9, day as u8) }
}

/// How many days a month has; none for a month that there is not.
pub(super) const fn length(year: i64, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// Days of a year before a month, counted from March: five months have 153 days, wherever one begins.
const fn before(month: i64) -> i64 {
    (153 * month + 2) / 5
}

/// The last century of 400 years, and the last year of four, are a day longer than the others.
const fn at_most_3(quotient: i64) -> i64 {
    if quotient > 3 { 3 } else { quotient }
}
