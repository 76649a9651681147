//! Bytes that are written as text: hexadecimal digits and Base64, as logs and tools show them.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// With padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Hex,
    Base64,
}

impl Notation {
    /// What the text of a message is written in, told by its beginning: messages begin with the bytes 00, 01 or c3.
    pub(super) fn of(text: &str) -> Option<Self> {
        match unquoted(text).as_bytes() {
            [b'0', b'0' | b'1' | b'x' | b'X', ..] | [b'\\', b'x', ..] | [b'c' | b'C', b'3', ..] => {
                Some(Self::Hex)
            }
            [b'A' | b'w', _, ..] => Some(Self::Base64),
            _ => None,
        }
    }

    /// The bytes.
    pub(super) fn read(self, text: &str) -> Result<Vec<u8>, String> {
        match self {
            Self::Hex => hex(text),
            Self::Base64 => base64(text),
        }
    }
}

/// Digits of any case. Bytes may have `0x` or `\x` before them and space, `:`, `-`, `,` or `_` between them.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    let mut rest = unquoted(text);
    while let Some(c) = rest.chars().next() {
        if high.is_none() && ["0x", "0X", "\\x"].iter().any(|prefix| rest.starts_with(prefix)) {
            rest = &rest[2..];
            continue;
        }
        match (c.to_digit(16), high) {
            (Some(digit), None) => high = Some(digit),
            (Some(digit), Some(before)) => {
                // Two digits are a byte.
                bytes.extend(u8::try_from(before * 16 + digit));
                high = None;
            }
            (None, None) if c.is_whitespace() || matches!(c, ':' | '-' | ',' | '_') => {}
            (None, _) => return Err(format!("{c:?} is no hexadecimal digit of byte {}", bytes.len())),
        }
        rest = &rest[c.len_utf8()..];
    }
    match high {
        None => Ok(bytes),
        Some(_) => Err("the number of hexadecimal digits is odd".to_owned()),
    }
}

/// With the characters of either alphabet.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, String> {
    let standard = |c| match c {
        '-' => '+',
        '_' => '/',
        other => other,
    };
    let text: String = unquoted(text).chars().filter(|c| !c.is_whitespace()).map(standard).collect();
    BASE64.decode(text).map_err(|error| format!("this is not Base64: {error}"))
}

/// Without the quotes that JSON and shells put around.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let within = |quote| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    within('"').or_else(|| within('\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits() {
        for text in [
            "00010aff",
            " 00 01 0A FF\n",
            "00:01:0a:ff",
            "0x00010aff",
            "0x00 0x01 0x0a 0xff",
            "0x00, 0x01, 0x0a, 0xff",
            r"\x00\x01\x0a\xff",
            r#""00010AFF""#,
            "0001-0aff",
        ] {
            assert_eq!(hex(text), Ok(vec![0, 1, 10, 255]), "{text}");
        }
        assert_eq!(hex(""), Ok(vec![]));
        for (text, why) in [
            ("0", "the number of hexadecimal digits is odd"),
            ("0 0", "' ' is no hexadecimal digit of byte 0"),
            ("00g", "'g' is no hexadecimal digit of byte 1"),
            ("00ж", "'ж' is no hexadecimal digit of byte 1"),
        ] {
            assert_eq!(hex(text), Err(why.to_owned()), "{text}");
        }
    }

    #[test]
    fn both_alphabets_of_base64() {
        for text in ["AP/+", "AP_-", " AP\n/+ ", "\"AP/+\""] {
            assert_eq!(base64(text), Ok(vec![0, 255, 254]), "{text}");
        }
        assert_eq!(base64("AAE="), Ok(vec![0, 1]));
        assert_eq!(base64("AAE"), Ok(vec![0, 1]));
        assert!(base64("A").is_err() && base64("A*==").is_err());
    }

    #[test]
    fn notations_are_told_apart() {
        for (text, notation) in [
            ("0000000001", Some(Notation::Hex)),
            ("01aa", Some(Notation::Hex)),
            ("C301", Some(Notation::Hex)),
            (r"\x00\x00", Some(Notation::Hex)),
            ("0x00", Some(Notation::Hex)),
            // Of hexadecimal digits only, and yet none.
            ("AAAAAAEC", Some(Notation::Base64)),
            ("wwE=", Some(Notation::Base64)),
            ("{}", None),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(Notation::of(text), notation, "{text}");
        }
    }
}
