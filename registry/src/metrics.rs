//! What happens, counted, and told in Prometheus' text format.
//!
//! ```text
//! requests.rs   counts and durations by route, method and status
//! text.rs       the text format
//! process.rs    what the system knows of this process
//! ```

mod process;
mod requests;
mod text;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use http::{Method, StatusCode};

use crate::engine::Engine;
use crate::http::{App, Limit, Observe};
use requests::Requests;
use text::{Kind, Text};

/// Microseconds in a second: the engine counts in the former, Prometheus in the latter.
const MICROS: f64 = 1e6;

/// Counters of the HTTP layer; those of the engine are its own.
#[derive(Debug)]
pub struct Metrics {
    requests: Requests,
    connections: AtomicU64,
    compatible: AtomicU64,
    incompatible: AtomicU64,
    limited: [AtomicU64; Limit::ALL.len()],
}

/// A connection that is open as long as this lives.
#[derive(Debug)]
pub struct OpenConnection(Arc<Metrics>);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Relaxed);
    }
}

impl Metrics {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self {
            requests: Requests::new(),
            connections: AtomicU64::new(0),
            compatible: AtomicU64::new(0),
            incompatible: AtomicU64::new(0),
            limited: [const { AtomicU64::new(0) }; Limit::ALL.len()],
        }
    }

    /// Counts a connection until what is returned is dropped.
    pub fn connection_opened(self: Arc<Self>) -> OpenConnection {
        self.connections.fetch_add(1, Relaxed);
        OpenConnection(self)
    }

    /// Everything, as a scraper reads it.
    pub fn render(&self, app: &App) -> String {
        let mut text = Text::default();
        text.family("ottla_build_info", Kind::Gauge, "Always 1; the version is a label.");
        text.sample("ottla_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
        self.http(&mut text, app);
        contents(&mut text, app.engine());
        log(&mut text, app.engine());
        process::write(&mut text);
        text.finish()
    }

    fn http(&self, text: &mut Text, app: &App) {
        self.requests.write(text);
        let under_way = app.requests_under_way() as f64;
        text.single("ottla_http_requests_in_flight", Kind::Gauge, "Requests under way.", under_way);
        let held = app.body_memory() as f64;
        let help = "Bytes of request bodies and large answers that are held.";
        text.single("ottla_http_body_memory_bytes", Kind::Gauge, help, held);
        let connections = self.connections.load(Relaxed) as f64;
        text.single("ottla_http_connections", Kind::Gauge, "Open connections.", connections);
        let name = "ottla_http_limited_total";
        text.family(name, Kind::Counter, "Requests and connections that ran into a limit.");
        for (limit, count) in Limit::ALL.iter().zip(&self.limited) {
            text.sample(name, &[("limit", limit.name())], count.load(Relaxed) as f64);
        }
        let name = "ottla_compatibility_verdicts_total";
        text.family(name, Kind::Counter, "Schemas that were compared with earlier versions.");
        for (verdict, count) in [("compatible", &self.compatible), ("incompatible", &self.incompatible)] {
            text.sample(name, &[("verdict", verdict)], count.load(Relaxed) as f64);
        }
    }
}

/// What the registry holds.
fn contents(text: &mut Text, engine: &Engine) {
    let counts = engine.snapshot().counts();
    for (name, help, count) in [
        ("ottla_subjects", "Subjects with a version, soft-deleted ones included.", counts.subjects),
        ("ottla_versions", "Versions, soft-deleted ones included.", counts.versions),
        ("ottla_schemas", "Schema ids that were ever given.", counts.schemas),
    ] {
        text.single(name, Kind::Gauge, help, count as f64);
    }
}

/// What the engine does with its log.
fn log(text: &mut Text, engine: &Engine) {
    let (statistics, status) = (engine.statistics(), engine.status());
    let depth = engine.queue_depth() as u64;
    for (name, kind, help, value) in [
        ("ottla_ready", Kind::Gauge, "1 if everything can be answered.", u64::from(status.ready)),
        (
            "ottla_trouble",
            Kind::Gauge,
            "1 if the database fails, for reads or for writes.",
            u64::from(status.trouble.is_some()),
        ),
        ("ottla_log_head", Kind::Gauge, "The greatest log position that was heard of.", statistics.head()),
        (
            "ottla_log_applied",
            Kind::Gauge,
            "The log position that answers are computed at.",
            statistics.position(),
        ),
        ("ottla_write_queue_depth", Kind::Gauge, "Writes that wait.", depth),
        (
            "ottla_log_failed_appends_total",
            Kind::Counter,
            "Appends that failed.",
            statistics.failed_appends(),
        ),
        (
            "ottla_log_conflicts_total",
            Kind::Counter,
            "Appends that came second to another replica's, and were decided again.",
            statistics.conflicts(),
        ),
        (
            "ottla_log_head_queries_total",
            Kind::Counter,
            "Questions to the database for the head of the log.",
            statistics.head_queries(),
        ),
        (
            "ottla_log_rebuilds_total",
            Kind::Counter,
            "How often the log had lost entries and was read anew.",
            statistics.rebuilds(),
        ),
        (
            "ottla_log_reconnects_total",
            Kind::Counter,
            "Connections to the database that were made anew.",
            engine.reconnects(),
        ),
    ] {
        text.single(name, kind, help, value as f64);
    }
    for (name, help, histogram, unit) in [
        ("ottla_log_append_duration_seconds", "How long appends took.", &statistics.append_latency, MICROS),
        (
            "ottla_log_batch_commands",
            "Writes that were answered by one append.",
            &statistics.batch_commands,
            1.0,
        ),
        ("ottla_log_batch_records", "Log records that one append wrote.", &statistics.batch_records, 1.0),
    ] {
        text.family(name, Kind::Histogram, help);
        text.histogram(name, &[], histogram, unit);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Observe for Metrics {
    fn request(&self, route: Option<usize>, method: &Method, status: StatusCode, elapsed: Duration) {
        self.requests.record(route, method, status, elapsed);
    }

    fn verdict(&self, compatible: bool) {
        let counter = if compatible { &self.compatible } else { &self.incompatible };
        counter.fetch_add(1, Relaxed);
    }

    fn limited(&self, limit: Limit) {
        if let Some(at) = Limit::ALL.iter().position(|l| *l == limit) {
            self.limited[at].fetch_add(1, Relaxed);
        }
    }
}
