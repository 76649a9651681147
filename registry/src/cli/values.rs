//! Times, sizes and numbers as people write them: `250ms`, `5s`, `2m`, `16MiB`.

use std::time::Duration;

/// A time: a number and `ms`, `s` or `m`; `0` needs no unit. At most a day.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let factor = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "" if number == "0" => 1,
        _ => return Err("expected a number with ms, s or m, as in 250ms".to_owned()),
    };
    let millis = number.parse::<u64>().ok().and_then(|n| n.checked_mul(factor));
    let millis = millis.filter(|m| *m <= 86_400_000);
    millis.map(Duration::from_millis).ok_or_else(|| "expected a time from 0 to a day".to_owned())
}

/// A time that is not nothing.
pub(super) fn some_time(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if time.is_zero() { Err("expected more than 0".to_owned()) } else { Ok(time) }
}

/// A number of bytes: `KiB`, `MiB` or `GiB` may follow. From 1 KiB to 4 GiB.
pub(super) fn bytes(text: &str) -> Result<usize, String> {
    let (number, unit) = split(text);
    let shift = match unit {
        "" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return Err("expected a number of bytes, as in 1048576 or 1MiB".to_owned()),
    };
    let bytes = number.parse::<usize>().ok().and_then(|n| n.checked_mul(1 << shift));
    bytes.filter(|b| (1 << 10..=4 << 30).contains(b)).ok_or_else(|| "expected 1KiB to 4GiB".to_owned())
}

/// A number of things, from 1 to a million.
pub(super) fn count(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| (1..=1_000_000).contains(n));
    number.ok_or_else(|| "expected a number from 1 to 1000000".to_owned())
}

/// A host and a port. Whether there is such a host, only its use shows.
pub(super) fn host_and_port(text: &str) -> Result<String, String> {
    let port =
        text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port.parse::<u16>());
    if matches!(port, Some(Ok(_))) {
        Ok(text.to_owned())
    } else {
        Err("expected HOST:PORT, as in 127.0.0.1:8081".to_owned())
    }
}

fn split(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, expected) in [
            ("0", Some(0)),
            ("250ms", Some(250)),
            ("5s", Some(5000)),
            ("5 s", Some(5000)),
            ("2m", Some(120_000)),
            ("1440m", Some(86_400_000)),
            ("1441m", None),
            ("5", None),
            ("-5s", None),
            ("1.5s", None),
            ("s", None),
            ("", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(duration(text).ok(), expected.map(Duration::from_millis), "{text:?}");
        }
        assert!(some_time("0s").is_err() && some_time("1ms").is_ok());
    }

    #[test]
    fn numbers() {
        assert_eq!(count("1"), Ok(1));
        assert_eq!(count("1000000"), Ok(1_000_000));
        for text in ["0", "1000001", "-1", "1e3", ""] {
            assert!(count(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn hosts_and_ports() {
        for text in ["127.0.0.1:0", "localhost:8081", "[::1]:65535"] {
            assert_eq!(host_and_port(text).as_deref(), Ok(text));
        }
        for text in ["", ":", ":8081", "localhost", "localhost:", "localhost:65536", "localhost:http"] {
            assert!(host_and_port(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("1024", Some(1024)),
            ("1KiB", Some(1024)),
            ("16 MiB", Some(16 << 20)),
            ("4GiB", Some(4 << 30)),
            ("1023", None),
            ("5GiB", None),
            ("16MB", None),
            ("KiB", None),
        ] {
            assert_eq!(bytes(text).ok(), expected, "{text:?}");
        }
    }
}
