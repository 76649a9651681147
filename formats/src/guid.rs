//! The content hash of a schema: the same in every registry, for the same text and what belongs to it.

mod hash;

pub use hash::{Hasher, RuleParts};

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A content hash: MD5 over everything that makes a schema this schema (see [`Hasher`]). Printed as a UUID, whose version
/// and variant bits are not adjusted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid(pub [u8; 16]);

/// The text is neither a UUID nor 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a GUID")]
pub struct NotAGuid;

impl Guid {
    /// Reads a UUID text, or its 32 hexadecimal digits alone.
    pub fn parse(text: &str) -> Option<Self> {
        let dashed = text.len() == 36 && [8, 13, 18, 23].iter().all(|&i| text.as_bytes()[i] == b'-');
        if !dashed && text.len() != 32 {
            return None;
        }
        let digits: Vec<u8> = text.bytes().filter(|&b| b != b'-').collect();
        let mut guid = [0; 16];
        if digits.len() != 32 {
            return None;
        }
        for (byte, pair) in guid.iter_mut().zip(digits.chunks(2)) {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            *byte = (high * 16 + low) as u8;
        }
        Some(Self(guid))
    }
}

impl FromStr for Guid {
    type Err = NotAGuid;

    fn from_str(text: &str) -> Result<Self, NotAGuid> {
        Self::parse(text).ok_or(NotAGuid)
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 36];
        let mut at = 0;
        for (i, byte) in self.0.iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                at += 1;
            }
            text[at] = HEX[usize::from(byte >> 4)];
            text[at + 1] = HEX[usize::from(byte & 15)];
            at += 2;
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::Guid;

    #[test]
    fn texts() {
        let text = "0123abcd-ef45-6789-0000-fedcba987654";
        let guid: Guid = text.parse().unwrap();
        assert_eq!(guid.0[..4], [0x01, 0x23, 0xab, 0xcd]);
        assert_eq!(guid.to_string(), text);
        assert_eq!(Guid::parse(&text.replace('-', "").to_uppercase()), Some(guid));
        for wrong in ["", "0123abcd", &text[1..], &text.replace('a', "g"), &text.replace("-e", "e-")] {
            assert_eq!(Guid::parse(wrong), None, "{wrong}");
        }
    }
}
