//! What became of each file against each baseline, and what that means for all.

use ottla_formats::compatibility::Level;

use crate::finding::{Finding, Rollout, Severity};

/// What became of a file against a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The baseline has no such subject.
    New,
    /// It is what the baseline has.
    Unchanged,
    /// It may follow what the baseline has.
    Compatible,
    /// The level of its subject is NONE: nothing is asked of it.
    Unchecked,
    /// It breaks what the baseline has, and somebody answers for that.
    Waived,
    /// It breaks what the baseline has.
    Incompatible,
    /// It is no schema.
    Invalid,
    /// The baseline has it, and it is gone.
    Removed,
    /// Nothing could be compared.
    NotCompared,
}

/// A file and a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The file, with `/`; for what is removed the file that it was. None if a baseline as a whole could not be had.
    pub file: Option<String>,
    /// The subject, where it is known.
    pub subject: Option<String>,
    /// The baseline, as in `git:origin/main`.
    pub baseline: String,
    /// The level that was asked for, where it is known.
    pub level: Option<Level>,
    /// What became of it.
    pub outcome: Outcome,
    /// The versions that it was compared with, the newest first.
    pub compared: Vec<String>,
    /// Why nothing could be compared, or what else is to be said.
    pub reason: Option<String>,
    /// The order of going over from the latest version, if it differs from it.
    pub rollout: Option<Rollout>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// By file, subject and baseline.
    pub checks: Vec<Check>,
    /// In the order of [`Finding::order`].
    pub findings: Vec<Finding>,
}

/// What the exit code says. The order is that of their weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Every file was compared and is fine.
    Fine = 0,
    /// There are findings.
    Findings = 1,
    /// The command line or the configuration is wrong, or no file matches.
    Usage = 2,
    /// Something could not be compared.
    NotCompared = 3,
}

impl Verdict {
    /// Puts everything into its order, and what is said twice once.
    pub fn sort(&mut self) {
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.findings.dedup();
        let key = |c: &Check| (c.file.is_none(), c.file.clone(), c.subject.clone(), c.baseline.clone());
        self.checks.sort_by_cached_key(key);
        self.checks.dedup();
    }

    /// What the exit code says, if findings of that weight count. A finding counts more than what could not be compared:
    /// a script that lets the latter pass must not let the former pass.
    pub fn exit(&self, fail_on: Severity) -> Exit {
        if self.counted().any(|finding| finding.severity >= fail_on) {
            Exit::Findings
        } else if self.checks.iter().any(|check| check.outcome == Outcome::NotCompared) {
            Exit::NotCompared
        } else {
            Exit::Fine
        }
    }

    /// The findings that nobody answers for.
    pub fn counted(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.waived.is_none())
    }
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 9] = [
        Self::New,
        Self::Unchanged,
        Self::Compatible,
        Self::Unchecked,
        Self::Waived,
        Self::Incompatible,
        Self::Invalid,
        Self::Removed,
        Self::NotCompared,
    ];

    /// The name for tools.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Compatible => "compatible",
            Self::Unchecked => "unchecked",
            Self::Waived => "waived",
            Self::Incompatible => "incompatible",
            Self::Invalid => "invalid",
            Self::Removed => "removed",
            Self::NotCompared => "not-compared",
        }
    }
}
