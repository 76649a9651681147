//! Prometheus' text format, version 0.0.4.

use std::fmt::Write as _;

use crate::engine::Histogram;

/// What a family of samples is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// A text in the making.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// Begins a family; its samples have to follow.
    pub(super) fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        self.0.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    /// A family of one sample.
    pub(super) fn single(&mut self, name: &str, kind: Kind, help: &str, value: f64) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }

    pub(super) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            self.0.push(if at == 0 { '{' } else { ',' });
            // No label of ours needs escaping: they are names from the source.
            let _ = write!(self.0, "{label}=\"{text}\"");
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        let _ = writeln!(self.0, " {value}");
    }

    /// The samples of a histogram, whose values are divided by `unit`.
    pub(super) fn histogram(&mut self, name: &str, labels: &[(&str, &str)], of: &Histogram, unit: f64) {
        let bucket = format!("{name}_bucket");
        let mut count = 0;
        for (bound, cumulative) in of.cumulative() {
            let bound = bound.map_or("+Inf".to_owned(), |bound| (bound as f64 / unit).to_string());
            self.sample(&bucket, &[labels, &[("le", &bound)]].concat(), cumulative as f64);
            count = cumulative;
        }
        self.sample(&format!("{name}_sum"), labels, of.sum() as f64 / unit);
        self.sample(&format!("{name}_count"), labels, count as f64);
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_and_samples() {
        let histogram = Histogram::new(&[500, 1_000_000]);
        for micros in [100, 700_000, 3_000_000] {
            histogram.record(micros);
        }
        let mut text = Text::default();
        text.single("a", Kind::Gauge, "How much.", 2.0);
        text.family("b_seconds", Kind::Histogram, "How long.");
        text.histogram("b_seconds", &[("x", "y")], &histogram, 1e6);
        let expected = "\
# HELP a How much.
# TYPE a gauge
a 2
# HELP b_seconds How long.
# TYPE b_seconds histogram
b_seconds_bucket{x=\"y\",le=\"0.0005\"} 1
b_seconds_bucket{x=\"y\",le=\"1\"} 2
b_seconds_bucket{x=\"y\",le=\"+Inf\"} 3
b_seconds_sum{x=\"y\"} 3.7001
b_seconds_count{x=\"y\"} 3
";
        assert_eq!(text.finish(), expected);
    }
}
