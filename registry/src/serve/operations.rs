//! `/health/live`, `/health/ready`, `/metrics`, and the API behind them.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use serde::Serialize;

use crate::http::{ApiError, App, MEDIA_TYPE, Service};
use crate::metrics::Metrics;

#[derive(Clone)]
struct Operations {
    app: Arc<App>,
    metrics: Arc<Metrics>,
}

/// What probes are told.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Arc<str>>,
}

/// All routes: those for whoever operates the server, and everything else as the API answers it.
pub(super) fn router(app: Arc<App>, api: Service, metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(scrape))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Operations { app, metrics })
        .fallback_service(api)
}

/// The process answers.
async fn live() -> Response {
    health(StatusCode::OK, Health { status: "live", reason: None })
}

/// Everything can be answered. If not, or not for long, a reason is given.
async fn ready(State(operations): State<Operations>) -> Response {
    let status = operations.app.engine().status();
    if status.ready {
        return health(StatusCode::OK, Health { status: "ready", reason: status.trouble });
    }
    let mut response =
        health(StatusCode::SERVICE_UNAVAILABLE, Health { status: "not ready", reason: status.trouble });
    response.headers_mut().insert(RETRY_AFTER, 1.into());
    response
}

fn health(status: StatusCode, health: Health) -> Response {
    let body = serde_json::to_vec(&health).unwrap_or_default();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

async fn scrape(State(operations): State<Operations>) -> Response {
    let text = operations.metrics.render(&operations.app);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

async fn method_not_allowed() -> Response {
    let error = ApiError::method_not_allowed();
    (error.status, [(CONTENT_TYPE, MEDIA_TYPE)], error.body()).into_response()
}
