//! A span and metrics for every request.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use tower_layer::Layer;
use tower_service::Service;
use tracing::{Instrument as _, Span, field};

use crate::metrics::{self, Metrics};
use crate::trace;

/// Counts requests, and how long they take: a layer for routes.
#[derive(Debug, Clone)]
pub struct Observe(Arc<Counted>);

#[derive(Debug)]
struct Counted {
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
type MatchedRoute = Arc<str>;

impl Observe {
    /// Registers `http_requests_total` and `http_request_duration_seconds`.
    pub fn new(metrics: &Metrics) -> Self {
        let counted = Counted {
            requests: Family::default(),
            durations: Family::new_with_constructor(metrics::seconds),
        };
        metrics.register(|registry| {
            let help = "Requests that were answered, by route and status";
            registry.register("http_requests", help, counted.requests.clone());
            let help = "From the head of a request to its answer";
            registry.register("http_request_duration_seconds", help, counted.durations.clone());
        });
        Self(Arc::new(counted))
    }
}

impl<S> Layer<S> for Observe {
    type Service = Observed<S>;

    fn layer(&self, inner: S) -> Observed<S> {
        Observed { inner, counted: self.0.clone() }
    }
}

/// A route that is observed. It is written out as `middleware::from_fn` boxes twice what is boxed once here.
#[derive(Debug, Clone)]
pub struct Observed<S> {
    inner: S,
    counted: Arc<Counted>,
}

impl<S> Service<Request> for Observed<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let started = Instant::now();
        let route = match request.extensions().get::<MatchedPath>() {
            Some(path) => path.as_str().into(),
            None => MatchedRoute::from("unmatched"),
        };
        let span = span(&request, &route);
        let answering = self.inner.call(request);
        let counted = self.counted.clone();
        let observed = async move {
            let response = answering.await?;
            let status = response.status().as_u16();
            if trace::are_exported() {
                Span::current().record("http.response.status_code", status);
            }
            counted.requests.get_or_create(&Answered { route: route.clone(), status }).inc();
            counted.durations.get_or_create(&Route { route }).observe(started.elapsed().as_secs_f64());
            Ok(response)
        };
        Box::pin(observed.instrument(span))
    }
}

/// What only those who collect spans look at is not put together for nobody.
fn span(request: &Request, route: &str) -> Span {
    let is_exported = trace::are_exported();
    let span = tracing::info_span!(
        "request",
        otel.name = is_exported.then(|| format!("{} {route}", request.method())),
        otel.kind = is_exported.then_some("server"),
        http.request.method = request.method().as_str(),
        http.route = route,
        http.response.status_code = field::Empty,
        trace_id = field::Empty,
    );
    trace::follow_request(&span, request.headers());
    if let Some(id) = trace::trace_id(&span) {
        span.record("trace_id", id);
    }
    span
}
