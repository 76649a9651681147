//! What a connection brings back.

use std::fmt::Display;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

/// A registration whose result is read back after the load.
#[derive(Debug, Clone)]
pub(crate) struct Registered {
    pub(crate) id: u64,
    pub(crate) subject: String,
    /// Of a subject that was new, whose only version it is.
    pub(crate) first: bool,
    pub(crate) schema: String,
}

/// What a connection brings back; those of all are merged.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Microseconds of answers that came in the measured time.
    pub(crate) latency: Histogram<u64>,
    /// Of register-evolve, the first fifth of the depth.
    pub(crate) shallow: Histogram<u64>,
    /// Of register-evolve, the last fifth of the depth.
    pub(crate) deep: Histogram<u64>,
    /// Requests without an answer.
    pub(crate) errors: u64,
    /// Answers that were not right.
    pub(crate) wrong: u64,
    /// The first of either, in words.
    pub(crate) first_failure: Option<String>,
    /// Every id that a registration of a new schema gave.
    pub(crate) ids: Vec<u64>,
    /// Some of the registrations.
    pub(crate) sample: Vec<Registered>,
    /// Of register-evolve.
    pub(crate) generations: u64,
    /// When the last answer came.
    pub(crate) finished: Option<Instant>,
}

/// One registration of so many is kept to be read back.
const SAMPLED: usize = 64;

impl Default for Tally {
    fn default() -> Self {
        // From a microsecond to two minutes, to three digits: bounds that are allowed.
        let histogram =
            || Histogram::new_with_bounds(1, 120_000_000, 3).unwrap_or_else(|e| panic!("no histogram: {e}"));
        Self {
            latency: histogram(),
            shallow: histogram(),
            deep: histogram(),
            errors: 0,
            wrong: 0,
            first_failure: None,
            ids: Vec::new(),
            sample: Vec::new(),
            generations: 0,
            finished: None,
        }
    }
}

impl Tally {
    pub(super) fn error(&mut self, why: impl Display) {
        self.errors += 1;
        self.first_failure.get_or_insert_with(|| why.to_string());
    }

    pub(super) fn wrong(&mut self, why: impl Display) {
        self.wrong += 1;
        self.first_failure.get_or_insert_with(|| why.to_string());
    }

    pub(super) fn registered(&mut self, id: u64, result: impl FnOnce() -> Registered) {
        if self.ids.len().is_multiple_of(SAMPLED) {
            self.sample.push(result());
        }
        self.ids.push(id);
    }

    pub(super) fn merge(&mut self, other: Self) {
        // Histograms of the same bounds take each other.
        let _ = self.latency.add(&other.latency);
        let _ = self.shallow.add(&other.shallow);
        let _ = self.deep.add(&other.deep);
        self.errors += other.errors;
        self.wrong += other.wrong;
        self.first_failure = self.first_failure.take().or(other.first_failure);
        self.ids.extend(other.ids);
        self.sample.extend(other.sample);
        self.generations = self.generations.max(other.generations);
        self.finished = self.finished.max(other.finished);
    }
}

/// Whole microseconds, rounded up.
pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1000)).unwrap_or(u64::MAX)
}
