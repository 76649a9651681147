//! Where in the topic of dead letters one is.

use std::fmt;
use std::str::FromStr;

/// A place, which is written `PARTITION:OFFSET`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub partition: i32,
    pub offset: i64,
}

impl Place {
    /// Where a record is.
    pub fn of(record: &impl rdkafka::Message) -> Self {
        Self { partition: record.partition(), offset: record.offset() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.partition, self.offset)
    }
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "expected PARTITION:OFFSET, such as 0:42";
        let (partition, offset) = text.split_once(':').ok_or(wrong)?;
        let place = Self {
            partition: partition.parse().map_err(|_| wrong)?,
            offset: offset.parse().map_err(|_| wrong)?,
        };
        // The next offset has to be a number, too.
        match place.partition >= 0 && (0..i64::MAX).contains(&place.offset) {
            true => Ok(place),
            false => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn places_are_two_numbers() {
        assert_eq!("3:42".parse(), Ok(Place { partition: 3, offset: 42 }));
        assert_eq!(Place { partition: 0, offset: 7 }.to_string(), "0:7");
        for text in ["", "3", ":", "3:", ":4", "-1:4", "3:-4", "3:4:5", "a:b", "0:9223372036854775807"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
