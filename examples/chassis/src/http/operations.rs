//! `/health/live`, `/health/ready`, `/metrics`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::json;

use crate::Problem;
use crate::health::Health;
use crate::metrics::{self, Metrics};

pub(super) fn router(health: Health, metrics: Metrics) -> Router {
    Router::new()
        .route("/health/live", get(|| async { Json(json!({"status": "live"})) }))
        .route("/health/ready", get(ready).with_state(health))
        .route("/metrics", get(scrape).with_state(metrics))
}

/// Everything can be done, or why not.
async fn ready(State(health): State<Health>) -> Response {
    let troubles = health.troubles();
    if troubles.is_empty() {
        return Json(json!({"status": "ready"})).into_response();
    }
    let body = Json(json!({"status": "not ready", "reasons": troubles}));
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")], body).into_response()
}

async fn scrape(State(metrics): State<Metrics>) -> Response {
    match metrics.render() {
        Ok(text) => ([(CONTENT_TYPE, metrics::MEDIA)], text).into_response(),
        Err(_) => Problem::bare(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}
