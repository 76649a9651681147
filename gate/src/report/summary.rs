//! What came out, in numbers and in one line.

use std::collections::BTreeSet;
use std::fmt;

use crate::finding::Severity;
use crate::verdict::{Outcome, Verdict};

/// How much there is of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The files that were looked at. Removed ones are none.
    pub files: usize,
    /// The baselines.
    pub baselines: usize,
    /// The files, subjects and baselines that were to be compared: what the outcomes count.
    pub checks: usize,
    /// How often each outcome came out, in the order of [`Outcome::ALL`].
    pub outcomes: [usize; Outcome::ALL.len()],
    /// The errors, waived ones aside.
    pub errors: usize,
    /// The warnings, waived ones aside.
    pub warnings: usize,
    /// The notes, waived ones aside.
    pub notes: usize,
    /// The findings that somebody answers for.
    pub waived: usize,
}

impl Summary {
    /// Counts.
    pub fn of(verdict: &Verdict) -> Self {
        let of_file = verdict.checks.iter().filter(|check| check.outcome != Outcome::Removed);
        let files: BTreeSet<&str> = of_file.filter_map(|check| check.file.as_deref()).collect();
        let baselines: BTreeSet<&str> = verdict.checks.iter().map(|check| check.baseline.as_str()).collect();
        let outcomes = Outcome::ALL
            .map(|outcome| verdict.checks.iter().filter(|check| check.outcome == outcome).count());
        let weighing = |severity| verdict.counted().filter(|finding| finding.severity == severity).count();
        Self {
            files: files.len(),
            baselines: baselines.len(),
            checks: verdict.checks.len(),
            outcomes,
            errors: weighing(Severity::Error),
            warnings: weighing(Severity::Warning),
            notes: weighing(Severity::Note),
            waived: verdict.findings.len() - verdict.counted().count(),
        }
    }

    /// The outcomes that came out, with their number.
    pub fn outcomes(&self) -> impl Iterator<Item = (Outcome, usize)> {
        Outcome::ALL.into_iter().zip(self.outcomes).filter(|(_, number)| *number > 0)
    }

    /// `9 unchanged, 1 not compared`
    pub(super) fn outcomes_text(&self) -> String {
        let outcomes = self.outcomes().map(|(outcome, number)| format!("{number} {}", words(outcome)));
        or_else(outcomes.collect(), "nothing was compared")
    }

    /// `2 errors, 1 waived`
    pub(super) fn findings_text(&self) -> String {
        let counts = [
            (self.errors, "error", "errors"),
            (self.warnings, "warning", "warnings"),
            (self.notes, "note", "notes"),
            (self.waived, "waived", "waived"),
        ];
        let counts = counts.into_iter().filter(|(number, ..)| *number > 0);
        or_else(counts.map(|(number, one, many)| count(number, one, many)).collect(), "no findings")
    }
}

/// `12 files against 2 baselines: 9 unchanged, 1 compatible, 2 incompatible: 2 errors`
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = count(self.files, "file", "files");
        let baselines = count(self.baselines, "baseline", "baselines");
        write!(f, "{files} against {baselines}: {}: {}", self.outcomes_text(), self.findings_text())
    }
}

/// An outcome in words.
pub(super) fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotCompared => "not compared",
        other => other.name(),
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn or_else(parts: Vec<String>, none: &str) -> String {
    if parts.is_empty() { none.to_owned() } else { parts.join(", ") }
}
