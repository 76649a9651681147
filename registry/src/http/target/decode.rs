//! Percent-decoding, once.

use super::Refusal;

/// Appends a path segment, decoded.
pub(super) fn push_segment(text: &mut String, segment: &str) -> Result<(), Refusal> {
    if !segment.bytes().any(|b| matches!(b, b'%' | b'\\' | ..0x20 | 0x7F)) {
        text.push_str(segment);
        return Ok(());
    }
    let mut bytes = Vec::with_capacity(segment.len());
    decode(segment.as_bytes(), &mut bytes).ok_or(Refusal::BadEscape)?;
    if bytes.iter().any(|b| matches!(b, b'\\' | ..0x20 | 0x7F)) {
        return Err(Refusal::IllegalCharacter);
    }
    let decoded = String::from_utf8(bytes).map_err(|_| Refusal::BadUtf8)?;
    if decoded != segment && matches!(decoded.as_str(), "." | "..") {
        return Err(Refusal::EncodedDots);
    }
    text.push_str(&decoded);
    Ok(())
}

/// Does every `%` have its two digits?
pub(super) fn escapes_are_well_formed(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|&b| b == b'%') {
        if rest.get(at + 1..at + 3).is_none_or(|digits| !digits.iter().all(u8::is_ascii_hexdigit)) {
            return false;
        }
        rest = &rest[at + 3..];
    }
    true
}

fn decode(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || bytes.next().and_then(|&b| char::from(b).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    Some(())
}
