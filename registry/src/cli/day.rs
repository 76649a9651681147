//! Days of the calendar, as in `2026-12-31`: their texts are in the order of the days.

use std::time::{SystemTime, UNIX_EPOCH};

/// Is it a day?
pub(super) fn is_day(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut part = |length: usize| {
        let part = parts.next().filter(|p| p.len() == length && p.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse::<u32>().ok()
    };
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else { return false };
    parts.next().is_none() && (1..=12).contains(&month) && (1..=days(year, month)).contains(&day)
}

/// Today, in UTC: the same everywhere.
pub(super) fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    text(since.as_secs() / 86_400)
}

/// The day that comes so many days after 1970-01-01.
fn text(mut days_since: u64) -> String {
    let mut year = 1970;
    // A year at a time: the clock is never so far off that this takes long.
    while days_since >= days_of_year(year) && year < 9999 {
        days_since -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days_since >= u64::from(days(year, month)) {
        days_since -= u64::from(days(year, month));
        month += 1;
    }
    let day = days_since.min(u64::from(days(year, month)) - 1) + 1;
    format!("{year:04}-{month:02}-{day:02}")
}

fn days_of_year(year: u32) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_day, text, today};

    #[test]
    fn days_are_told_from_other_texts() {
        for day in ["2026-12-31", "2024-02-29", "2000-02-29", "0001-01-01"] {
            assert!(is_day(day), "{day}");
        }
        let wrong = ["", "2026-13-01", "2026-00-01", "2026-02-29", "1900-02-29", "2026-04-31", "2026-1-1"];
        for day in
            wrong.into_iter().chain(["2026-12-31T00:00:00Z", "2026-12-31-", "+026-12-31", "31.12.2026"])
        {
            assert!(!is_day(day), "{day}");
        }
    }

    #[test]
    fn days_are_counted() {
        for (since, expected) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (364, "1970-12-31"),
            (365, "1971-01-01"),
            (11_016, "2000-02-29"),
            (20_453, "2025-12-31"),
            (20_454, "2026-01-01"),
            (u64::MAX, "9999-12-31"),
        ] {
            assert_eq!(text(since), expected);
        }
        assert!(is_day(&today()));
    }
}
