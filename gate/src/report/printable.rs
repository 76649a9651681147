//! Control characters are shown, not sent: a schema must not move the cursor of whoever reads about it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A text on one line, in which what is not visible stands as JSON would escape it: line ends and tabs, the characters that
/// terminals obey, those that turn the direction of the text, and those that are nothing to see.
pub fn printable(text: &str) -> Cow<'_, str> {
    escape_where(text, is_hidden)
}

/// The same, but tabs stay: they are part of what a snippet looks like.
pub(super) fn printable_line(line: &str) -> Cow<'_, str> {
    escape_where(line, |c| c != '\t' && is_hidden(c))
}

fn escape_where(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) { escape(c, &mut out) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Is it a character that is obeyed, or passed over, rather than seen?
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Soft hyphen, marks and overrides of the direction of text, separators of lines and paragraphs.
        | '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        // Joiners and operators without a shape, isolates, annotations, the byte order mark, tags.
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        // Never characters, and not allowed in XML.
        | '\u{fffe}' | '\u{ffff}')
}

/// Appends the escape that JSON has for a character.
pub(super) fn escape(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_is_hidden() {
        assert_eq!(printable("plain, größer, 日本, 👩‍👩‍👧"), "plain, größer, 日本, 👩‍👩‍👧");
        assert_eq!(printable("\u{1b}[31mred\u{9b}0m"), "\\u001b[31mred\\u009b0m");
        assert_eq!(printable("a\r\nb\tc\u{7f}"), "a\\r\\nb\\tc\\u007f");
        assert_eq!(
            printable("\u{202e}cba\u{2066}\u{feff}\u{e0041}"),
            "\\u202ecba\\u2066\\ufeff\\udb40\\udc41"
        );
        assert_eq!(printable_line("\ta\n"), "\ta\\n");
    }
}
