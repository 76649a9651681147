//! How a connection ends.
//!
//! Whoever closes a connection on which bytes arrive has the system reset it, and a reset may overtake the answer. So
//! when an answer comes before the request has arrived whole, what still comes is read for a while and thrown away.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::http::{ApiError, MEDIA_TYPE};

/// How long the last words of a connection may take to be written.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How long bytes are thrown away, at most, and how long the next may take to come.
const LINGER: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(1);

/// Ends a connection. `more_may_come`: the other side may not have sent all yet.
pub(super) async fn part(
    mut stream: TcpStream,
    words: Option<&ApiError>,
    more_may_come: bool,
    mut draining: watch::Receiver<bool>,
) {
    let end = async {
        if let Some(words) = words {
            stream.write_all(&written(words)).await?;
        }
        stream.shutdown().await
    };
    // Whoever does not listen any more needs no farewell.
    if !matches!(tokio::time::timeout(LAST_WORDS, end).await, Ok(Ok(()))) || !more_may_come {
        return;
    }
    tokio::select! {
        _ = tokio::time::timeout(LINGER, discard(&mut stream)) => {}
        _ = draining.wait_for(|draining| *draining) => {}
    }
}

async fn discard(stream: &mut TcpStream) {
    let mut buffer = vec![0; 16 << 10];
    while let Ok(Ok(1..)) = tokio::time::timeout(PAUSE, stream.read(&mut buffer)).await {}
}

/// A whole answer, after which the connection ends: for what is no request.
pub(super) fn written(error: &ApiError) -> Vec<u8> {
    let body = error.body();
    let status = error.status;
    let retry_after = error.retry_after.map(|s| format!("Retry-After: {s}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {} {}\r\nContent-Type: {MEDIA_TYPE}\r\n{retry_after}Content-Length: {}\r\nConnection: close\r\n\r\n",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default(),
        body.len()
    );
    [head.as_bytes(), &body].concat()
}
