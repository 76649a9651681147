//! What bytes look like that are no message of a serializer.

/// How many bytes are looked at.
const SEEN: usize = 256;

/// What bytes look like. It is a guess, to help people find the producer that is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Looks {
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// A message of a serializer, written as hexadecimal digits.
    Hex,
    /// A message of a serializer, in Base64.
    Base64,
    /// Some other text.
    Text,
    /// An Avro object container file.
    ContainerFile,
    /// Compressed by gzip.
    Gzip,
    /// Compressed by Zstandard.
    Zstandard,
    /// Nothing that is known.
    Unknown,
}

impl Looks {
    pub(super) fn of(bytes: &[u8]) -> Self {
        match bytes {
            [b'O', b'b', b'j', 1, ..] => Self::ContainerFile,
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstandard,
            _ => beginning(bytes).map_or(Self::Unknown, Self::of_text),
        }
    }

    fn of_text(text: &str) -> Self {
        let is_hex = text.len() >= 10 && text.bytes().all(|b| b.is_ascii_hexdigit());
        match text.as_bytes() {
            [b'{' | b'[' | b'"', ..] => Self::Json,
            [b'<', ..] => Self::Xml,
            [b'0', b'0' | b'1', ..] if is_hex => Self::Hex,
            // Those are the first bytes of an id below 2^18.
            [b'A', b'A', b'A', b'A' | b'B' | b'C' | b'D', ..] => Self::Base64,
            _ => Self::Text,
        }
    }

    /// With its article, for sentences; nothing if it looks like nothing.
    pub(super) fn words(self) -> Option<&'static str> {
        Some(match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Hex => "a message in hexadecimal digits",
            Self::Base64 => "a message in Base64",
            Self::Text => "text",
            Self::ContainerFile => "an Avro object container file",
            Self::Gzip => "gzip",
            Self::Zstandard => "Zstandard",
            Self::Unknown => return None,
        })
    }
}

/// The beginning without leading space, if it is text: UTF-8 without control characters.
fn beginning(bytes: &[u8]) -> Option<&str> {
    let seen = &bytes[..bytes.len().min(SEEN)];
    let text = match std::str::from_utf8(seen) {
        Ok(text) => text,
        // Only the end of what is seen may cut a character in two.
        Err(e) if e.error_len().is_none() && bytes.len() > SEEN => {
            std::str::from_utf8(&seen[..e.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\r' | '\n');
    let text = text.trim_start();
    (!text.is_empty() && text.chars().all(is_text)).then_some(text)
}
