//! What strangers wrote, so that it can be shown: nothing of it commands the terminal, and it is not too long.

use std::fmt::{self, Write as _};

/// The longest text of a stranger in a line, in characters or bytes.
const LONGEST: usize = 300;

/// A text, with all that is not to be seen written as escapes.
pub(super) struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(LONGEST) {
            match is_visible(c) {
                true => f.write_char(c)?,
                false => c.escape_debug().try_for_each(|c| f.write_char(c))?,
            }
        }
        f.write_str(if self.0.chars().nth(LONGEST).is_some() { "..." } else { "" })
    }
}

/// Bytes, as a Rust program has them: `"text"`, `b"\xff"`, or `null`.
pub(super) struct Quoted<'a>(pub Option<&'a [u8]>);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(bytes) = self.0 else { return f.write_str("null") };
        let is_cut = bytes.len() > LONGEST;
        match std::str::from_utf8(bytes) {
            Ok(text) => write!(f, "{:?}", &text[..text.floor_char_boundary(LONGEST)])?,
            Err(_) => write!(f, "b\"{}\"", bytes[..bytes.len().min(LONGEST)].escape_ascii())?,
        }
        f.write_str(if is_cut { "..." } else { "" })
    }
}

/// The same JSON, with all that is not to be seen written as escapes.
pub(super) fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_visible(c) {
            shown.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        }
    }
    shown
}

/// Not control characters, and not those that turn the direction of the text around or hide.
fn is_visible(c: char) -> bool {
    matches!(c, ' '..='~') || c.escape_debug().len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\u{1b}]0;owned\u{7}\r\n\u{9b}2J\u{202e}\u{feff}\u{7f}";

    #[test]
    fn nothing_commands_the_terminal() {
        let bytes = [HOSTILE.as_bytes(), b"\xff"].concat();
        let quoted = serde_json::to_string(HOSTILE).expect("JSON");
        for shown in [
            Plain(HOSTILE).to_string(),
            Quoted(Some(HOSTILE.as_bytes())).to_string(),
            Quoted(Some(&bytes)).to_string(),
            json(&quoted),
        ] {
            assert!(shown.chars().all(|c| (' '..='~').contains(&c)), "{shown:?}");
        }
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(Plain(r#"it's "ä" \ 東京"#).to_string(), r#"it's "ä" \ 東京"#);
        assert_eq!(Quoted(Some("東京".as_bytes())).to_string(), "\"東京\"");
        assert_eq!(Quoted(Some(b"\x00\xffa")).to_string(), r#"b"\x00\xffa""#);
        assert_eq!((Quoted(None).to_string(), Quoted(Some(b"")).to_string()), ("null".into(), "\"\"".into()));
    }

    #[test]
    fn json_stays_the_same_value() {
        for text in [HOSTILE, "a\u{e0041}b", r#"it's "ä" \ 東京"#, "\0"] {
            let shown = json(&serde_json::to_string(text).expect("JSON"));
            assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), text);
        }
    }

    #[test]
    fn what_is_long_is_cut() {
        let long = "ä".repeat(1_000);
        assert_eq!(Plain(&long).to_string().chars().count(), LONGEST + 3);
        assert_eq!(Quoted(Some(long.as_bytes())).to_string().chars().count(), LONGEST / 2 + 5);
        assert_eq!(Quoted(Some(&[0xff; 1_000])).to_string().len(), 4 * LONGEST + 6);
    }
}
