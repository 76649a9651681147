//! What all routes of a service share.
//!
//! ```text
//! observe.rs      a span and metrics for every request
//! operations.rs   /health/live, /health/ready, /metrics
//! ```

pub mod observe;
pub mod operations;

use axum::Router;
use http::StatusCode;

use crate::Problem;
use crate::health::Health;
use crate::metrics::Metrics;

/// The routes of a service with those for whoever operates it. What has no route, or no such method, is answered as a problem,
/// too.
pub fn router(service: Router, health: &Health, metrics: &Metrics) -> Router {
    service
        .fallback(|| async { Problem::bare(StatusCode::NOT_FOUND) })
        .method_not_allowed_fallback(|| async { Problem::bare(StatusCode::METHOD_NOT_ALLOWED) })
        .layer(observe::Observe::new(metrics))
        .merge(operations::router(health.clone(), metrics.clone()))
}
