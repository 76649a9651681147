//! One trace across services: W3C trace context (`traceparent`, `tracestate`) in requests and records.
//!
//! A span that has a remote parent carries on its trace, any other begins one. What a service sends carries the context of
//! the span that sent it.
//!
//! Spans are OpenTelemetry's if somebody collects them, and else have ids and nothing more (`trace/ids.rs`). What is in here
//! works with both.

mod ids;

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use rdkafka::message::{Header, OwnedHeaders};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::kafka::readable;

pub(crate) use ids::Ids;

/// The headers that carry the context of a trace.
pub const CONTEXT: [&str; 2] = ["traceparent", "tracestate"];

static ARE_EXPORTED: AtomicBool = AtomicBool::new(false);

/// Does anybody collect spans? Where thousands are handled in a second, they are not made for nobody.
pub fn are_exported() -> bool {
    ARE_EXPORTED.load(Relaxed)
}

/// Spans are collected from now on.
#[cfg(feature = "otlp")]
pub(crate) fn export() {
    ARE_EXPORTED.store(true, Relaxed);
}

/// Makes a span part of the trace that a request belongs to.
pub fn follow_request(span: &Span, headers: &HeaderMap) {
    follow(span, &Request(headers));
}

/// Makes a span part of the trace that a record belongs to.
pub fn follow_record(span: &Span, headers: Option<&impl rdkafka::message::Headers>) {
    if let Some(headers) = headers {
        follow(span, &Record(headers));
    }
}

/// Headers of a record that a span sends.
pub fn headers_of(span: &Span) -> OwnedHeaders {
    let headers = OwnedHeaders::new_with_capacity(2);
    let Some(context) = context_of(span) else { return headers };
    let (trace, span, flags) = (context.trace_id(), context.span_id(), context.trace_flags());
    let parent = format!("00-{trace}-{span}-{flags:02x}");
    let headers = headers.insert(Header { key: CONTEXT[0], value: Some(&parent) });
    match context.trace_state().header() {
        // An empty `tracestate` says nothing.
        state if state.is_empty() => headers,
        state => headers.insert(Header { key: CONTEXT[1], value: Some(&state) }),
    }
}

/// The trace that a span belongs to, in hexadecimal.
pub fn trace_id(span: &Span) -> Option<String> {
    context_of(span).map(|context| context.trace_id().to_string())
}

/// Nothing where no traces are made at all.
fn context_of(span: &Span) -> Option<SpanContext> {
    let known = || span.context().span().span_context().clone();
    Some(ids::of(span).unwrap_or_else(known)).filter(SpanContext::is_valid)
}

fn follow(span: &Span, carrier: &dyn Extractor) {
    if carrier.get(CONTEXT[0]).is_none() {
        return;
    }
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), carrier);
    // What is no trace context is passed over, as the specification asks for: a new trace begins.
    let is_valid = context.span().span_context().is_valid();
    if is_valid && !ids::follow(span, context.span().span_context()) {
        // It fails where no traces are made at all, or the span was entered before.
        let _ = span.set_parent(context);
    }
}

struct Request<'h>(&'h HeaderMap);

impl Extractor for Request<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

struct Record<'h, H>(&'h H);

impl<H: rdkafka::message::Headers> Extractor for Record<'_, H> {
    fn get(&self, key: &str) -> Option<&str> {
        let header = readable(self.0).flatten().find(|header| header.key.eq_ignore_ascii_case(key))?;
        std::str::from_utf8(header.value?).ok()
    }

    fn keys(&self) -> Vec<&str> {
        readable(self.0).flatten().map(|header| header.key).collect()
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use rdkafka::message::Headers as _;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    /// Whether somebody collects spans or not, the ids are the same.
    fn with_traces(test: impl Fn()) {
        let tracer = SdkTracerProvider::builder().build().tracer("test");
        let traces = tracing_opentelemetry::layer().with_tracer(tracer);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(traces), &test);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(Ids), &test);
    }

    fn text(headers: &OwnedHeaders, key: &str) -> Option<String> {
        let header = headers.iter().find(|header| header.key == key)?;
        Some(String::from_utf8_lossy(header.value?).into_owned())
    }

    #[test]
    fn a_trace_goes_on_from_a_request_to_a_record_to_its_reader() {
        with_traces(|| {
            let request = tracing::info_span!("request");
            let headers = [("traceparent", PARENT), ("tracestate", "vendor=1")];
            let headers = headers.map(|(name, value)| {
                (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
            });
            follow_request(&request, &HeaderMap::from_iter(headers));
            assert_eq!(trace_id(&request).as_deref(), Some("4bf92f3577b34da6a3ce929d0e0e4736"));

            let publish = tracing::info_span!(parent: &request, "publish");
            let record = headers_of(&publish);
            let parent = text(&record, "traceparent").expect("a parent");
            assert!(
                parent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && parent.ends_with("-01"),
                "{parent}"
            );
            assert!(!parent.contains("00f067aa0ba902b7"), "the span has an id of its own");
            assert_eq!(text(&record, "tracestate").as_deref(), Some("vendor=1"));

            let consume = tracing::info_span!("consume");
            follow_record(&consume, Some(&record));
            assert_eq!(trace_id(&consume), trace_id(&request));
        });
    }

    #[test]
    fn without_a_parent_or_with_a_wrong_one_a_trace_begins() {
        with_traces(|| {
            for value in ["", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "nonsense"] {
                let span = tracing::info_span!("request");
                let value = http::HeaderValue::from_static(value);
                follow_request(
                    &span,
                    &HeaderMap::from_iter([(http::HeaderName::from_static("traceparent"), value)]),
                );
                let id = trace_id(&span).expect("a trace");
                assert_eq!(id.len(), 32);
                assert!(text(&headers_of(&span), "traceparent").expect("a parent").contains(&id));
            }
        });
    }

    #[test]
    fn without_traces_there_is_nothing_to_send() {
        assert_eq!(headers_of(&Span::none()).count(), 0);
        assert_eq!(trace_id(&Span::none()), None);
    }
}
