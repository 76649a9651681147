//! Structured logs on standard error, and where traces go.

use std::io::IsTerminal as _;

use clap::{Args, ValueEnum};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry};

use crate::trace;

/// Flags for logs.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Options {
    /// What is logged: error, warn, info, debug or trace, or directives such as info,order_service=debug
    #[arg(long, value_name = "LEVEL", default_value = "info", value_parser = filter, help_heading = "Logs")]
    log_level: String,
    /// How it is logged, on standard error
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Logs")]
    log_format: Format,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, in colours on a terminal
    Text,
    /// For programs: one JSON object a line
    Json,
}

/// Keep it until the end of the process: what it still has of traces is sent when it goes.
#[derive(Debug)]
#[must_use = "traces are lost without it"]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = &self.0 {
            // Nothing can be done about it, and the collector being away was logged already.
            let _ = provider.shutdown();
        }
    }
}

/// Starts logs and traces, for the rest of the process.
///
/// Spans have the ids of W3C trace context whether traces are exported or not, so that logs of several services can be put
/// together by their trace id.
///
/// # Errors
/// If traces are to be exported, and the exporter cannot be made.
pub fn start(options: &Options, service: &'static str) -> Result<Telemetry, StartError> {
    let provider = provider(service)?;
    let traces = match &provider {
        Some(provider) => collected(provider.tracer(service)),
        None => trace::Ids.boxed(),
    };
    let logs = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        // A line that cannot be written, as on a full disk, is lost: telling so would fail just the same, and panic.
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    let filter = EnvFilter::new(&options.log_level);
    let logs = match options.log_format {
        Format::Text => logs.with_filter(filter).boxed(),
        Format::Json => logs.json().flatten_event(true).with_span_list(false).with_filter(filter).boxed(),
    };
    tracing_subscriber::registry().with(traces.with_filter(LevelFilter::INFO)).with(logs).init();
    Ok(Telemetry(provider))
}

fn collected(tracer: SdkTracer) -> Box<dyn tracing_subscriber::Layer<Registry> + Send + Sync> {
    let traces = tracing_opentelemetry::layer().with_tracer(tracer);
    // Where a span is in the source, and which thread ran it, is of little use, and costs much.
    traces.with_location(false).with_threads(false).with_tracked_inactivity(false).boxed()
}

/// Why telemetry does not start.
#[derive(Debug, thiserror::Error)]
#[error("traces cannot be exported: {0}")]
pub struct StartError(String);

/// Exports to the collector that the environment names, as OpenTelemetry has it. Nothing, if it names none.
#[cfg(feature = "otlp")]
fn provider(service: &'static str) -> Result<Option<SdkTracerProvider>, StartError> {
    let names = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    if names.iter().all(|name| std::env::var_os(name).is_none()) {
        return Ok(None);
    }
    // The exporter's HTTP client has none of its own. If another one was chosen before, that is it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().build();
    let exporter = exporter.map_err(|error| StartError(error.to_string()))?;
    trace::export();
    let resource = opentelemetry_sdk::Resource::builder().with_service_name(service).build();
    let builder = SdkTracerProvider::builder().with_resource(resource);
    Ok(Some(builder.with_batch_exporter(exporter).build()))
}

#[cfg(not(feature = "otlp"))]
fn provider(_: &'static str) -> Result<Option<SdkTracerProvider>, StartError> {
    Ok(None)
}

/// Is it a filter? Levels and directives.
fn filter(text: &str) -> Result<String, String> {
    let filter = EnvFilter::builder().parse(text).map_err(|e| e.to_string())?;
    // A word that is no level would otherwise pass as the name of a module.
    let lets_all_pass = filter.max_level_hint().is_none_or(|level| level == LevelFilter::TRACE);
    if lets_all_pass && !text.to_ascii_lowercase().contains("trace") {
        return Err("expected error, warn, info, debug or trace".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn filters() {
        for text in ["error", "info", "TRACE", "warn,chassis::kafka=debug", "off"] {
            assert!(filter(text).is_ok(), "{text}");
        }
        for text in ["loud", "info,x=loud", "="] {
            assert!(filter(text).is_err(), "{text}");
        }
    }
}
