//! Spans that nobody collects have ids all the same, so that logs of several services can be put together, and a service that
//! comes later in the trace may collect.
//!
//! That is all they have: what else OpenTelemetry knows of a span costs more than to serve a request.

use opentelemetry::trace::{SpanContext, TraceFlags, TraceState};
use opentelemetry_sdk::trace::{IdGenerator as _, RandomIdGenerator};
use tracing::span::{Attributes, Id};
use tracing::{Span, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// The layer that gives ids to spans.
#[derive(Debug, Clone, Copy)]
pub struct Ids;

/// What a span is known by, in its extensions.
struct Known(SpanContext);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Ids {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let parent = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            extensions.get().map(|Known(parent)| parent.clone())
        });
        let known = match parent {
            Some(parent) => child_of(&parent),
            None => root(),
        };
        span.extensions_mut().insert(Known(known));
    }
}

/// What a span is known by, where this layer is.
pub(super) fn of(span: &Span) -> Option<SpanContext> {
    with_known(span, |Known(context)| context.clone())
}

/// Makes a span part of another trace. False where this layer is not.
pub(super) fn follow(span: &Span, parent: &SpanContext) -> bool {
    with_known(span, |known| *known = Known(child_of(parent))).is_some()
}

fn with_known<T>(span: &Span, then: impl FnOnce(&mut Known) -> T) -> Option<T> {
    let found = span.with_subscriber(|(id, subscriber)| {
        let span = subscriber.downcast_ref::<Registry>()?.span(id)?;
        span.extensions_mut().get_mut().map(then)
    });
    found.flatten()
}

/// Whether it is collected is up to whoever comes after.
fn root() -> SpanContext {
    let ids = RandomIdGenerator::default();
    let (trace, span) = (ids.new_trace_id(), ids.new_span_id());
    SpanContext::new(trace, span, TraceFlags::SAMPLED, false, TraceState::NONE)
}

fn child_of(parent: &SpanContext) -> SpanContext {
    let span = RandomIdGenerator::default().new_span_id();
    let state = parent.trace_state().clone();
    SpanContext::new(parent.trace_id(), span, parent.trace_flags(), false, state)
}
