//! What became of a request, and the answer that says so.

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, Response, StatusCode};

use crate::http::App;
use crate::http::error::ApiError;
use crate::http::limits::Share;
use crate::http::media::Media;
use crate::http::observe::Limit;
use crate::http::reply::{Body, Reply};

/// Smaller answers are not counted as held memory: the system's buffers take them at once.
const SMALL: usize = 64 << 10;

/// What became of a request, before it is an answer on the wire.
pub(super) struct Outcome {
    pub(super) route: Option<usize>,
    pub(super) media: Media,
    pub(super) result: Result<Reply, ApiError>,
    /// The log position that the answer was computed at.
    pub(super) position: Option<u64>,
    /// OPTIONS: the methods.
    pub(super) allow: Option<String>,
    /// Was the body given up before its end? Then no other request can follow on the connection.
    pub(super) unread: bool,
}

impl Outcome {
    /// No such route; nothing else is known yet.
    pub(super) fn not_found() -> Self {
        Self {
            route: None,
            media: Media::default(),
            result: Err(ApiError::not_found()),
            position: None,
            allow: None,
            unread: false,
        }
    }

    /// The answer.
    pub(super) fn respond(&mut self, app: &App, method: &Method) -> Response<Body> {
        let body = self.body(app, method);
        let (status, retry_after) = match &self.result {
            Ok(reply) => (reply.status, None),
            Err(error) => (error.status, error.retry_after),
        };
        let has_body = status != StatusCode::NO_CONTENT;
        let mut response = Response::new(Body::new(if has_body { body } else { Bytes::new() }));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        if has_body {
            let plain = HeaderValue::from_static("text/plain");
            headers.insert(CONTENT_TYPE, if self.allow.is_some() { plain } else { self.media.header() });
        }
        if let Some(allow) = self.allow.as_deref().and_then(|a| HeaderValue::from_str(a).ok()) {
            headers.insert(ALLOW, allow);
        }
        if self.unread {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    /// The body. A large one counts as held memory until it is sent; what only reads is refused where too much is held
    /// already, while a change that was made is told in any case.
    fn body(&mut self, app: &App, method: &Method) -> Bytes {
        let body = match &self.result {
            Ok(reply) => reply.body.clone(),
            Err(error) => error.body(),
        };
        if body.len() <= SMALL {
            return body;
        }
        let (share, fits) = app.body_memory.take_or_all(body.len());
        if fits || !method.is_safe() {
            return Bytes::from_owner(Held { body, _share: share });
        }
        app.observe.limited(Limit::BodyMemory);
        let error = ApiError::overloaded();
        let body = error.body();
        self.result = Err(error);
        body
    }
}

/// An answer in memory, counted until it is sent.
struct Held {
    body: Bytes,
    _share: Share,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}
