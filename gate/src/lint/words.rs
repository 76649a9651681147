//! The words of a name, and names in other styles.

/// The words of a name in small letters: `orderTotal`, `order_total` and `ORDER_TOTAL` have the same.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in name.split('_') {
        let chars: Vec<char> = part.chars().collect();
        let mut from = 0;
        for at in 1..=chars.len() {
            let ends = match (chars.get(at), chars.get(at + 1)) {
                (None, _) => true,
                (Some(next), after) if next.is_uppercase() => {
                    // In `HTTPServer` the last capital begins the next word.
                    !chars[at - 1].is_uppercase() || after.is_some_and(|c| c.is_lowercase())
                }
                _ => false,
            };
            if ends && from < at {
                words.push(chars[from..at].iter().flat_map(|c| c.to_lowercase()).collect());
                from = at;
            }
        }
    }
    words
}

/// `OrderTotal`
pub(super) fn upper_camel(name: &str) -> String {
    words(name).iter().map(|word| capital(word)).collect()
}

/// `orderTotal`
pub(super) fn lower_camel(name: &str) -> String {
    let words = words(name);
    words.iter().enumerate().map(|(at, word)| if at == 0 { word.clone() } else { capital(word) }).collect()
}

/// `order_total`
pub(super) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// `ORDER_TOTAL`
pub(super) fn upper_snake(name: &str) -> String {
    snake(name).to_uppercase()
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_words() {
        for (name, expected) in [
            ("orderTotal", "order total"),
            ("order_total", "order total"),
            ("ORDER_TOTAL", "order total"),
            ("OrderTotal", "order total"),
            ("HTTPServer", "http server"),
            ("parseHTTP", "parse http"),
            ("createdAtMs", "created at ms"),
            ("_id", "id"),
            ("a__b_", "a b"),
            ("x2Y", "x2 y"),
            ("line1", "line1"),
            ("Größe", "größe"),
            ("", ""),
            ("_", ""),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name:?}");
        }
    }

    #[test]
    fn names_in_other_styles() {
        for (name, expected) in [
            ("order_total", ["OrderTotal", "orderTotal", "order_total", "ORDER_TOTAL"]),
            ("HTTPServer", ["HttpServer", "httpServer", "http_server", "HTTP_SERVER"]),
        ] {
            let found = [upper_camel(name), lower_camel(name), snake(name), upper_snake(name)];
            assert_eq!(found, expected);
        }
    }
}
