//! The order of texts in Java.

use std::cmp::Ordering;

/// Compares texts by UTF-16 code units, the order in which registries list names and hash sets of texts.
///
/// UTF-8 orders by code point, which differs only where a character beyond U+FFFF meets one of U+E000 to U+FFFF.
pub fn utf16_order(a: &str, b: &str) -> Ordering {
    let differ = a.bytes().zip(b.bytes()).find(|(x, y)| x != y);
    match differ {
        Some((x, y)) if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) => y.cmp(&x),
        Some((x, y)) => x.cmp(&y),
        None => a.len().cmp(&b.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::utf16_order;

    #[test]
    fn code_units_not_code_points() {
        let mut texts = ["\u{1F600}", "\u{FF5E}", "\u{E000}", "\u{D7FF}", "ab", "a", ""];
        texts.sort_by(|a, b| utf16_order(a, b));
        assert_eq!(texts, ["", "a", "ab", "\u{D7FF}", "\u{1F600}", "\u{E000}", "\u{FF5E}"]);
        let mut expected = texts;
        expected.sort_by_key(|text| text.encode_utf16().collect::<Vec<_>>());
        assert_eq!(texts, expected);
    }
}
