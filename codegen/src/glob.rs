//! Patterns for dotted names: `*` stands for any part of one segment, `**` for any segments.

/// A pattern for full names of types, and for those of fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    text: String,
}

impl Glob {
    /// What is wrong with a pattern is said in the words of an error.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let segment = |s: &str| s == "**" || (!s.is_empty() && !s.contains("**"));
        let valid = text.split('.').all(segment) && !text.contains(|c: char| c.is_whitespace() || c == '/');
        if valid {
            Ok(Self { text: text.to_owned() })
        } else {
            Err(format!("{text:?} is no pattern: segments joined by dots, with * within one or ** for one"))
        }
    }

    /// As it was given.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Is the name one of those that are meant?
    pub(crate) fn matches(&self, name: &str) -> bool {
        let pattern: Vec<&str> = self.text.split('.').collect();
        let name: Vec<&str> = name.split('.').collect();
        matches(&pattern, &name, |p| *p == "**", |p, n| segment_matches(p, n))
    }
}

fn segment_matches(pattern: &str, segment: &str) -> bool {
    if !pattern.contains('*') {
        return pattern == segment;
    }
    matches(pattern.as_bytes(), segment.as_bytes(), |p| *p == b'*', |p, s| p == s)
}

/// Goes back to the last star only, so it takes no more than quadratic time.
fn matches<P, T>(pattern: &[P], text: &[T], star: fn(&P) -> bool, same: impl Fn(&P, &T) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(part) if star(part) => {
                last = Some((p, t));
                p += 1;
            }
            Some(part) if same(part, &text[t]) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, taken)) = last else { return false };
                last = Some((at, taken + 1));
                (p, t) = (at + 1, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(star)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let glob = Glob::new(pattern).expect("a pattern");
        for name in yes {
            assert!(glob.matches(name), "{pattern} and {name}");
        }
        for name in no {
            assert!(!glob.matches(name), "{pattern} and {name}");
        }
    }

    #[test]
    fn stars_stand_for_segments() {
        check("com.example.Order", &["com.example.Order"], &["com.example.Orders", "com.example", "Order"]);
        check("com.*.Order", &["com.example.Order"], &["com.a.b.Order", "com.Order"]);
        check("com.example.Order*", &["com.example.Order", "com.example.OrderPaid"], &["com.example.Paid"]);
        check("*.*Id", &["a.orderId", "a.Id"], &["a.b.orderId", "orderId", "a.orderIds"]);
        check("com.**", &["com.a", "com.a.b.C", "com"], &["org.a", "command"]);
        check("**.Order", &["Order", "a.Order", "a.b.Order"], &["a.Order.b", "a.Orders"]);
        check("**.a.**.b", &["a.b", "x.a.y.a.z.b"], &["a", "b.a"]);
        check("**", &["", "a", "a.b.c"], &[]);
        check("*", &["a"], &["a.b"]);
    }

    #[test]
    fn what_is_no_pattern() {
        for text in ["", ".", "a.", ".a", "a..b", "a.b**", "***", "a b", "a/b"] {
            assert!(Glob::new(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn many_stars_take_no_long_time() {
        let pattern = format!("{}b", "*a".repeat(500));
        assert!(!Glob::new(&pattern).expect("a pattern").matches(&"a".repeat(5_000)));
    }
}
