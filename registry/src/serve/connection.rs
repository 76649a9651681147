//! One connection: HTTP/1.1, with limits, answered in the registry's shape.

use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower_service::Service as _;

use super::wire::Wire;
use crate::http::{ApiError, Limit, MEDIA_TYPE, Observe as _};
use crate::metrics::Metrics;

/// The head of a request, at most.
const MAX_HEAD: usize = 64 << 10;

/// How long the last words of a connection may take to be written.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves a connection until it ends, or is idle while the server ends.
pub(super) async fn serve(
    stream: TcpStream,
    router: Router,
    header_timeout: Duration,
    metrics: Arc<Metrics>,
    mut draining: watch::Receiver<bool>,
) {
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        Box::pin(async move { router.call(request).await })
            as std::pin::Pin<Box<dyn Future<Output = Result<_, Infallible>> + Send>>
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_header_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Wire::new(stream, metrics.clone())), answer);
    let mut asked_to_end = false;
    let ended = loop {
        tokio::select! {
            ended = poll_fn(|cx| connection.poll_without_shutdown(cx)) => break ended,
            _ = draining.wait_for(|draining| *draining), if !asked_to_end => {
                asked_to_end = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
        }
    };
    let wire = connection.into_parts().io.into_inner();
    let timed_out = ended.is_err_and(|error| error.is_timeout());
    // An idle connection asked nothing and is told nothing.
    let words = (timed_out && wire.is_owed_an_answer()).then(|| {
        metrics.limited(Limit::HeaderTime);
        last_words(&ApiError::header_timeout())
    });
    let mut stream = wire.into_inner();
    let end = async {
        if let Some(words) = words {
            stream.write_all(&words).await?;
        }
        stream.shutdown().await
    };
    // Whoever does not listen any more needs no farewell.
    let _ = tokio::time::timeout(LAST_WORDS, end).await;
}

/// A whole answer, after which the connection ends: for what is no request.
pub(super) fn last_words(error: &ApiError) -> Vec<u8> {
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
