//! Times and sizes as people write them.

use std::time::Duration;

/// `250ms`, `5s`, `10m` or `1h`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let number: u64 = number.parse().map_err(|_| "expected a time such as 250ms, 5s or 10m".to_owned())?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("a time ends with ms, s, m or h".to_owned()),
    };
    let total = number.checked_mul(milliseconds).filter(|total| *total <= 24 * 3_600_000);
    total.map(Duration::from_millis).ok_or_else(|| "it is longer than a day".to_owned())
}

/// The same, but not nothing.
pub fn some_time(text: &str) -> Result<Duration, String> {
    duration(text)
        .and_then(|time| if time.is_zero() { Err("it has to be more than 0".to_owned()) } else { Ok(time) })
}

/// `16KiB`, `1MiB`, or bytes.
pub fn size(text: &str) -> Result<usize, String> {
    let (number, unit) = split(text);
    let number: usize = number.parse().map_err(|_| "expected a size such as 16KiB or 1MiB".to_owned())?;
    let bytes = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err("a size ends with KiB, MiB or GiB".to_owned()),
    };
    number
        .checked_mul(bytes)
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "it has to be more than 0, and not too much".to_owned())
}

/// A number that is not 0.
pub fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("expected a number greater than 0".to_owned()),
        Ok(count) => Ok(count),
    }
}

fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, milliseconds) in
            [("250ms", 250), ("5s", 5_000), ("10m", 600_000), ("24h", 86_400_000), ("0s", 0)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "5", "s", "-1s", "5 s", "1d", "25h", "99999999999999999999s"] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(some_time("0ms").is_err());
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [("1", 1), ("16KiB", 16_384), ("1MiB", 1 << 20), ("2B", 2)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "0", "KiB", "1KB", "99999999999GiB"] {
            assert!(size(text).is_err(), "{text}");
        }
        assert_eq!((count("3"), count("0").is_err(), count("x").is_err()), (Ok(3), true, true));
    }
}
