//! Errors as RFC 9457 has them: `application/problem+json`.

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde_json::{Map, Value};

/// What is wrong, for programs (type, status, further members) and for people (title, detail).
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    status: StatusCode,
    retry_after: Option<u32>,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem of a status. `kind` is a URI that names the kind of problem, `title` says the same in words.
    pub fn new(status: StatusCode, kind: &str, title: &str) -> Self {
        let mut members = Map::new();
        members.insert("type".to_owned(), kind.into());
        members.insert("title".to_owned(), title.into());
        members.insert("status".to_owned(), status.as_u16().into());
        Self { status, retry_after: None, members }
    }

    /// A problem that its status says everything about.
    pub fn bare(status: StatusCode) -> Self {
        Self::new(status, "about:blank", status.canonical_reason().unwrap_or("Error"))
    }

    /// What is wrong this time.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        self.with("detail", detail.into())
    }

    /// A further member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// After how many seconds the request may be repeated.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Value::Object(self.members).to_string();
        let media = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(CONTENT_TYPE, media)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
