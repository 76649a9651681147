//! A request as it is put together.

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::error::Asked;
use super::transport::Method;
use super::{Guid, SchemaId};

/// Everything but RFC 3986's unreserved characters: contexts have colons, subjects may have anything.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request that is not addressed yet.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) asked: Asked,
    pub(super) body: Option<Bytes>,
    /// May it be sent again when nobody knows whether it took place?
    pub(super) repeatable: bool,
    has_query: bool,
}

impl Call {
    /// Reads: may be repeated.
    pub(super) fn get(path: &str) -> Self {
        Self::new(Method::Get, path, true)
    }

    /// Sends a body. What is written here is written once, however often it is sent.
    pub(super) fn post(path: &str, body: &impl Serialize) -> Self {
        Self::new(Method::Post, path, true).with_body(body)
    }

    /// Sends a body; settings are the same when they are set twice.
    pub(super) fn put(path: &str, body: &impl Serialize) -> Self {
        Self::new(Method::Put, path, true).with_body(body)
    }

    /// Deletes. A second time would be answered with "not found", or delete what was made meanwhile: it is not repeated.
    pub(super) fn delete(path: &str) -> Self {
        Self::new(Method::Delete, path, false)
    }

    fn new(method: Method, path: &str, repeatable: bool) -> Self {
        let asked = Asked { method, path: path.to_owned(), subject: None, id: None, guid: None };
        Self { asked, body: None, repeatable, has_query: false }
    }

    fn with_body(mut self, body: &impl Serialize) -> Self {
        // Maps with keys of text and plain data: there is nothing that could not be written.
        self.body = Some(serde_json::to_vec(body).unwrap_or_default().into());
        self
    }

    /// It does something else when it is sent twice.
    pub(super) fn not_repeatable(mut self) -> Self {
        self.repeatable = false;
        self
    }

    /// It does the same when it is sent twice.
    pub(super) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Is about a subject, for errors.
    pub(super) fn about(mut self, subject: &str) -> Self {
        self.asked.subject = Some(subject.to_owned());
        self
    }

    /// Is about a schema id, for errors.
    pub(super) fn about_id(mut self, id: SchemaId) -> Self {
        self.asked.id = Some(id);
        self
    }

    /// Is about a content hash, for errors.
    pub(super) fn about_guid(mut self, guid: Guid) -> Self {
        self.asked.guid = Some(guid);
        self
    }

    /// Adds to the query.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        self.asked.path.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.asked.path.push_str(name);
        self.asked.path.push('=');
        self.asked.path.extend(utf8_percent_encode(value, ESCAPED));
        self
    }

    /// Adds to the query what is not the default.
    pub(super) fn flag(self, name: &str, value: bool) -> Self {
        if value { self.query(name, "true") } else { self }
    }

    /// Adds to the query what is given.
    pub(super) fn maybe(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }
}

/// A name as a segment of a path.
pub(super) fn segment(name: &str) -> String {
    utf8_percent_encode(name, ESCAPED).to_string()
}

/// A subject as a segment of a path. Segments that are empty or dots mean something else in URLs, even escaped ones; with
/// the default context before them they do not.
pub(super) fn subject_segment(subject: &str) -> String {
    if matches!(subject, "" | "." | "..") { segment(&format!(":.:{subject}")) } else { segment(subject) }
}

#[cfg(test)]
mod tests {
    use super::{Call, subject_segment};

    #[test]
    fn names_are_escaped() {
        let cases = [
            ("orders-value", "orders-value"),
            (":.stage:orders/v?1#x;y", "%3A.stage%3Aorders%2Fv%3F1%23x%3By"),
            ("50%", "50%25"),
            ("\u{fc}\u{1F600}", "%C3%BC%F0%9F%98%80"),
            ("", "%3A.%3A"),
            ("..", "%3A.%3A.."),
            ("...", "..."),
        ];
        for (name, expected) in cases {
            assert_eq!(subject_segment(name), expected);
        }
    }

    #[test]
    fn queries() {
        let call =
            Call::get("/subjects").maybe("subjectPrefix", Some(":*:")).flag("deleted", true).flag("x", false);
        assert_eq!(
            call.query("a", "b&c").asked.path,
            "/subjects?subjectPrefix=%3A%2A%3A&deleted=true&a=b%26c"
        );
    }
}
