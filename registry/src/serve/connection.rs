//! One connection: HTTP/1.1, with limits, answered in the registry's shape.

use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use http::Request;
use http::header::{CONNECTION, CONTENT_TYPE};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower_service::Service as _;

use super::incoming::{Body, Unread};
use super::wire::Wire;
use super::{Limits, farewell, strict};
use crate::http::{ApiError, Limit, MEDIA_TYPE, Observe as _};
use crate::metrics::Metrics;

/// The head of a request, at most: twice what the registry that this one replaces reads. It is also what is read ahead
/// of a body, which every connection may hold at the same time.
const MAX_HEAD: usize = 16 << 10;

/// Serves a connection until it ends, or is idle while the server ends.
pub(super) async fn serve(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    mut draining: watch::Receiver<bool>,
) {
    let unread = Unread::default();
    let answer = service_fn({
        let unread = unread.clone();
        move |request| Box::pin(answer(router.clone(), request, unread.clone()))
    });
    let wire = Wire::new(stream, limits.answer_timeout, metrics.clone());
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // Whoever says that nothing more will come may still want the answer.
        .half_close(true)
        .header_read_timeout(limits.header_timeout)
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(wire), answer);
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
    let words =
        ended.err().filter(|_| wire.is_owed_an_answer()).and_then(|error| last_words(&error, &metrics));
    let more_may_come = words.is_some() || wire.was_replaced() || unread.is_some();
    farewell::part(wire.into_inner(), words.as_ref(), more_may_come, draining).await;
}

/// Answers a request, unless it is one that another server would read in another way.
async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    unread: Unread,
) -> Result<Response, Infallible> {
    if let Err(error) = strict::check(&request) {
        let headers = [(CONTENT_TYPE, MEDIA_TYPE), (CONNECTION, "close")];
        return Ok((error.status, headers, error.body()).into_response());
    }
    router.call(request.map(|body| Body::new(body, unread))).await
}

/// What is said at last to whoever began a request that never became one. An idle connection asked nothing and is told
/// nothing.
fn last_words(error: &hyper::Error, metrics: &Metrics) -> Option<ApiError> {
    if error.is_timeout() {
        metrics.limited(Limit::HeaderTime);
        Some(ApiError::header_timeout())
    } else if error.is_parse() || error.is_incomplete_message() {
        Some(ApiError::bad_request("Bad Request"))
    } else {
        None
    }
}
