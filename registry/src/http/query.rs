//! Query parameters, read as Java reads them.

use std::borrow::Cow;

use super::error::ApiError;

/// The query of a target. Parameters are decoded when they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// The text after `?`.
    pub fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The values of a parameter, in order.
    pub fn all(self, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
        self.0
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .filter(move |(key, _)| *key == name || key.contains(['%', '+']) && decoded(key) == name)
            .map(|(_, value)| decoded(value))
    }

    /// The first value of a parameter.
    pub fn first(self, name: &str) -> Option<Cow<'a, str>> {
        if self.0.is_empty() { None } else { self.all(name).next() }
    }

    /// Is the parameter `true`, in any case? Anything else is false.
    pub fn flag(self, name: &str) -> bool {
        self.first(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A 32-bit number; 404 if it is none. An empty one counts as absent.
    pub fn number(self, name: &str) -> Result<Option<i32>, ApiError> {
        match self.first(name) {
            None => Ok(None),
            Some(text) if text.is_empty() => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| ApiError::not_found()),
        }
    }

    /// The part of a listing that is asked for, by `offset` and `limit`.
    pub fn page(self, bounds: Bounds) -> Result<Page, ApiError> {
        let offset = self.number("offset")?.unwrap_or(0);
        let limit = self.number("limit")?.and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.filter(|limit| (1..=bounds.max).contains(limit)).unwrap_or(bounds.default);
        Ok(Page { offset, limit })
    }
}

/// How long a page is, if nothing is said, and at most. A limit beyond the maximum counts as not said.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    default: usize,
    max: usize,
}

impl Bounds {
    /// For lists of names and numbers.
    pub const ALL: Self = Self { default: i32::MAX as usize, max: i32::MAX as usize };
    /// For lists of schemas and references.
    pub const THOUSAND: Self = Self { default: 1000, max: 1000 };
}

/// A part of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    offset: i32,
    limit: usize,
}

impl Page {
    /// Cuts the page out of the whole. Only here a negative offset is refused: what is listed has to exist first.
    pub fn of<I: Iterator>(self, all: I) -> Result<impl Iterator<Item = I::Item>, ApiError> {
        let offset =
            usize::try_from(self.offset).map_err(|_| ApiError::bad_request("offset must not be negative"))?;
        Ok(all.skip(offset).take(self.limit))
    }
}

/// Decodes a name or value. Escapes are known to be well-formed; what is no UTF-8 is replaced, as in Java.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    Cow::Owned(percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query<'_> {
        Query::new(text)
    }

    #[test]
    fn values_are_decoded_and_the_first_counts() {
        let q = query("a=1&a=2&&=&b=x+y%2Bz&%63=d&e");
        assert_eq!(q.first("a").as_deref(), Some("1"));
        assert_eq!(q.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(q.first("b").as_deref(), Some("x y+z"));
        assert_eq!(q.first("c").as_deref(), Some("d"));
        assert_eq!(q.first("e").as_deref(), Some(""));
        assert_eq!(q.first("none"), None);
        assert_eq!(query("a=%FF").first("a").as_deref(), Some("\u{FFFD}"));
    }

    #[test]
    fn only_true_is_true() {
        for (text, expected) in [
            ("d=true", true),
            ("d=TRUE", true),
            ("d=%74rue", true),
            ("d=1", false),
            ("d=yes", false),
            ("d=", false),
            ("d", false),
            ("", false),
            ("d=false&d=true", false),
        ] {
            assert_eq!(query(text).flag("d"), expected, "{text}");
        }
    }

    #[test]
    fn numbers_have_32_bits() {
        assert_eq!(query("n=%2B1").number("n"), Ok(Some(1)));
        assert_eq!(query("n=-1").number("n"), Ok(Some(-1)));
        assert_eq!(query("n=").number("n"), Ok(None));
        for text in ["n=x", "n=1.5", "n=+1", "n=2147483648"] {
            assert_eq!(query(text).number("n"), Err(ApiError::not_found()), "{text}");
        }
    }

    #[test]
    fn pages() {
        let page = |text, bounds| -> Vec<usize> {
            query(text).page(bounds).expect("a page").of(0..3000).expect("in range").collect()
        };
        assert_eq!(page("offset=1&limit=2", Bounds::ALL), [1, 2]);
        assert_eq!(page("limit=1001", Bounds::THOUSAND).len(), 1000);
        assert_eq!(page("limit=0", Bounds::THOUSAND).len(), 1000);
        assert_eq!(page("limit=-5", Bounds::ALL).len(), 3000);
        assert_eq!(page("offset=5000", Bounds::ALL).len(), 0);
        let negative = query("offset=-1").page(Bounds::ALL).expect("a page");
        assert_eq!(negative.of(0..3).err().map(|e| e.status.as_u16()), Some(400));
    }
}
