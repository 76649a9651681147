//! `uuid`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::ParseError;
use super::newtype::debug;

/// A UUID, as its 16 bytes in the order of RFC 9562 (Avro specification, "UUID": logical type `uuid` on a string, there in
/// its text of 36 characters, or on a fixed of 16 bytes).
///
/// Text is written in lower case and read in any case, in the form with four hyphens only. No version or variant is
/// asked for.
///
/// ```
/// use ottla::logical::Uuid;
/// let id: Uuid = "0191E8A5-7C3B-7000-8000-00000000002A".parse()?;
/// assert_eq!(id.to_string(), "0191e8a5-7c3b-7000-8000-00000000002a");
/// # Ok::<(), ottla::logical::ParseError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uuid(
    /// The bytes, the first of the text first.
    pub [u8; 16],
);

debug!(Uuid);

/// Where in the text the two digits of each byte are.
const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// What a digit in any case stands for; more than 15 for what is no digit.
const NIBBLES: [u8; 256] = nibbles();

const fn nibbles() -> [u8; 256] {
    let mut nibbles = [0xff; 256];
    let mut value = 0;
    while value < 16 {
        nibbles[b"0123456789abcdef"[value] as usize] = value as u8;
        nibbles[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    nibbles
}

impl Uuid {
    /// All zeros.
    pub const NIL: Self = Self([0; 16]);

    /// The text, without allocating.
    pub fn encode(&self) -> [u8; 36] {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        let mut text = [b'-'; 36];
        for (byte, place) in self.0.iter().zip(PLACES) {
            text[place] = DIGITS[usize::from(byte >> 4)];
            text[place + 1] = DIGITS[usize::from(byte & 15)];
        }
        text
    }

    /// Reads the text of 36 characters in any case; `None` for any other.
    pub fn parse_bytes(text: &[u8]) -> Option<Self> {
        let text: &[u8; 36] = text.try_into().ok()?;
        // What is wrong anywhere is kept in `wrong`, so that good texts pass without a branch for each character.
        let mut wrong = 0;
        let mut bytes = [0; 16];
        for (byte, place) in bytes.iter_mut().zip(PLACES) {
            let (high, low) = (NIBBLES[usize::from(text[place])], NIBBLES[usize::from(text[place + 1])]);
            wrong |= (high | low) & 0xf0;
            *byte = (high << 4) | (low & 15);
        }
        for place in HYPHENS {
            wrong |= text[place] ^ b'-';
        }
        (wrong == 0).then_some(Self(bytes))
    }
}

impl From<[u8; 16]> for Uuid {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl From<Uuid> for [u8; 16] {
    fn from(uuid: Uuid) -> Self {
        uuid.0
    }
}

impl Display for Uuid {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.encode()).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Uuid {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        const FORM: &str = "it is written as 8, 4, 4, 4 and 12 hexadecimal digits with hyphens between";
        Self::parse_bytes(text.as_bytes()).ok_or_else(|| ParseError::new("UUID", text, FORM))
    }
}
