//! What carries requests to a registry and answers back: HTTP, or a registry within the process.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use thiserror::Error;

/// A future that can be sent, of whatever type.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Carries requests to one registry. It tries once; what may be repeated, and where, the client decides.
pub trait Transport: Send + Sync + fmt::Debug + 'static {
    /// Where requests go, for people to read: a URL without any credentials.
    fn name(&self) -> &str;

    /// What `Authorization` says in requests to this place, unless the client has credentials of its own.
    fn authorization(&self) -> Option<&str> {
        None
    }

    /// Sends one request and takes the whole answer. A dropped future ends the request.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// A request. What `Debug` shows of it holds no values of headers, which may be secret.
#[derive(Clone)]
pub struct Request {
    /// What is done.
    pub method: Method,
    /// Path and query, percent-encoded, beginning with `/`.
    pub target: String,
    /// Names in any case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, if there is any.
    pub body: Option<Bytes>,
    /// The longest body of an answer that is wanted, in bytes.
    pub body_limit: usize,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransportError {
    /// No connection came about: the request did not take place.
    #[error("no connection: {0}")]
    Connect(String),
    /// The connection failed: the request may have taken place.
    #[error("no answer: {0}")]
    Lost(String),
    /// The answer is longer than was wanted.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The longest body that was wanted.
        limit: usize,
    },
    /// This can never be sent: sending it again is of no use.
    #[error("not a request: {0}")]
    Invalid(String),
}

impl Method {
    /// The name, upper case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Request {
    /// The value of a header; its name may be in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

impl Response {
    /// The value of a header; its name may be in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("headers", &names)
            .field("body", &self.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}
