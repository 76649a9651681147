//! Answers that went well.

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

use super::error::ApiError;

/// The body of every answer: whole, so that its length is known.
pub type Body = http_body_util::Full<Bytes>;

/// Most answers are no longer than this.
const USUAL: usize = 1024;

/// An answer. Its media type is the one that was negotiated.
#[derive(Debug)]
pub struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

impl Reply {
    /// 200 with a value as JSON.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Self, ApiError> {
        let mut json = Vec::with_capacity(USUAL);
        serde_json::to_writer(&mut json, value).map_err(ApiError::internal)?;
        Ok(Self::text(json))
    }

    /// 200 with a text as it stands.
    pub fn text(text: impl Into<Bytes>) -> Self {
        Self { status: StatusCode::OK, body: text.into() }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Bytes::new() }
    }
}
