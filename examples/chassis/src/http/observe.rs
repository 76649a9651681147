//! A span and metrics for every request.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use tracing::{Instrument as _, field};

use crate::metrics::{self, Metrics};
use crate::trace;

/// Counts requests, and how long they take.
#[derive(Debug, Clone)]
pub struct Observe {
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: MatchedRoute,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: MatchedRoute,
}

/// The template of a route, never a path: nobody is to make labels up.
type MatchedRoute = std::sync::Arc<str>;

impl Observe {
    /// Registers `http_requests_total` and `http_request_duration_seconds`.
    pub fn new(metrics: &Metrics) -> Self {
        let observe =
            Self { requests: Family::default(), durations: Family::new_with_constructor(metrics::seconds) };
        metrics.register(|registry| {
            let help = "Requests that were answered, by route and status";
            registry.register("http_requests", help, observe.requests.clone());
            let help = "From the head of a request to its answer";
            registry.register("http_request_duration_seconds", help, observe.durations.clone());
        });
        observe
    }
}

/// The layer: `axum::middleware::from_fn_with_state(Observe::new(..), observe::request)`.
pub async fn request(State(observe): State<Observe>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().into(),
        None => MatchedRoute::from("unmatched"),
    };
    let span = tracing::info_span!(
        "request",
        otel.name = %format_args!("{} {route}", request.method()),
        otel.kind = "server",
        http.request.method = %request.method(),
        http.route = &*route,
        http.response.status_code = field::Empty,
        trace_id = field::Empty,
    );
    trace::follow_request(&span, request.headers());
    if let Some(id) = trace::trace_id(&span) {
        span.record("trace_id", id);
    }
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    observe.requests.get_or_create(&Answered { route: route.clone(), status }).inc();
    observe.durations.get_or_create(&Route { route }).observe(started.elapsed().as_secs_f64());
    response
}
