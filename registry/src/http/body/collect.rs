//! Bytes from the network, within limits of size, time and memory.

use bytes::{Buf, Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::http::error::ApiError;
use crate::http::limits::Share;
use crate::http::observe::Limit;
use crate::http::settings::Settings;

/// Why a body was not read.
#[derive(Debug)]
pub enum Unread {
    /// It ran into a limit.
    Limited(Limit, ApiError),
    /// The connection ended before the body did, or the chunks make no sense.
    Broken,
}

/// Reads a body to its end. What it takes of the memory for bodies is counted in `share` as it arrives.
pub async fn collect<B>(body: B, settings: &Settings, share: &mut Share) -> Result<Bytes, Unread>
where
    B: http_body::Body,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > settings.max_body as u64 {
        return Err(too_large(settings));
    }
    match tokio::time::timeout(settings.body_timeout, gather(body, settings, share)).await {
        Ok(read) => read,
        Err(_) => Err(Unread::Limited(Limit::BodyTime, ApiError::body_timeout())),
    }
}

async fn gather<B>(body: B, settings: &Settings, share: &mut Share) -> Result<Bytes, Unread>
where
    B: http_body::Body,
{
    let mut body = std::pin::pin!(body);
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(mut data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
        let length = data.remaining();
        if first.len().max(whole.len()) + length > settings.max_body {
            return Err(too_large(settings));
        }
        if !share.grow(length) {
            return Err(Unread::Limited(Limit::BodyMemory, ApiError::overloaded()));
        }
        // Most bodies come in one piece, which is used as it is.
        if first.is_empty() && whole.is_empty() {
            first = data.copy_to_bytes(length);
        } else {
            whole.extend_from_slice(&std::mem::take(&mut first));
            whole.extend_from_slice(&data.copy_to_bytes(length));
        }
    }
    Ok(if first.is_empty() { whole.freeze() } else { first })
}

fn too_large(settings: &Settings) -> Unread {
    Unread::Limited(Limit::BodySize, ApiError::body_too_large(settings.max_body))
}
