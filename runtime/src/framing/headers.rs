//! Record headers, whatever client they come from.

/// Finds record headers by their names.
///
/// Implemented for closures, for references to slices of pairs, and for `()`, which has none. With rdkafka:
///
/// ```text
/// let headers = |name: &str| message.headers()?.iter().filter(|h| h.key == name).last()?.value;
/// ```
pub trait Headers<'h> {
    /// The value of the last header with this name; nothing for one without a value.
    fn find_last(&self, name: &str) -> Option<&'h [u8]>;
}

impl<'h> Headers<'h> for () {
    #[inline]
    fn find_last(&self, _: &str) -> Option<&'h [u8]> {
        None
    }
}

impl<'h, F: Fn(&str) -> Option<&'h [u8]>> Headers<'h> for F {
    #[inline]
    fn find_last(&self, name: &str) -> Option<&'h [u8]> {
        self(name)
    }
}

impl<'h, N: AsRef<str>, V: AsRef<[u8]>> Headers<'h> for &'h [(N, V)] {
    fn find_last(&self, name: &str) -> Option<&'h [u8]> {
        self.iter().rev().find(|(n, _)| n.as_ref() == name).map(|(_, value)| value.as_ref())
    }
}

impl<'h, N: AsRef<str>, V: AsRef<[u8]>, const COUNT: usize> Headers<'h> for &'h [(N, V); COUNT] {
    fn find_last(&self, name: &str) -> Option<&'h [u8]> {
        self.as_slice().find_last(name)
    }
}

impl<'h, N: AsRef<str>, V: AsRef<[u8]>> Headers<'h> for &'h Vec<(N, V)> {
    fn find_last(&self, name: &str) -> Option<&'h [u8]> {
        self.as_slice().find_last(name)
    }
}
