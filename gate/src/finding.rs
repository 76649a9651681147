//! What is found.
//!
//! ```text
//! finding/merge.rs  one break against many versions is one finding
//! ```

mod merge;

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use ottla_formats::compatibility::{Direction, Level};
use ottla_formats::json::Position;

use crate::rule::Rule;
pub use merge::merge;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// To be mended some day.
    Warning,
    /// To be mended now.
    Error,
}

/// A value in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, with `/`, as it was given or found.
    pub file: String,
    /// Where the value begins.
    pub position: Position,
    /// Where it ends: behind its last character.
    pub end: Position,
    /// The JSON pointer (RFC 6901) of the value in its file; empty for the whole text.
    pub pointer: String,
}

/// In which order producers and consumers may go over to a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rollout {
    /// In any order: each reads what the other writes.
    Any,
    /// Consumers first: they read what old producers write, but old consumers do not read what new producers write.
    ConsumersFirst,
    /// Producers first: old consumers read what they write, but new consumers do not read what was written before.
    ProducersFirst,
    /// In none: it takes a new subject and topic.
    Never,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it counts, as in `2026-12-31`. None for a break that was accepted for good, in the lock file.
    pub expires: Option<String>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// Where, if it is about something in a file.
    pub place: Option<Place>,
    /// The subject that it is about, if it is about one.
    pub subject: Option<String>,
    /// The baseline, if something was compared: `git:origin/main`, `lock:schemas/ottla.lock`, `registry:http://...`.
    pub baseline: Option<String>,
    /// The version that cannot be followed, as in `version 3` or `1a2b3c4`; of merged findings all, as in `versions 1 to 3`.
    pub version: Option<String>,
    /// The level that was asked for.
    pub level: Option<Level>,
    /// Who is the reader, for incompatibilities.
    pub direction: Option<Direction>,
    /// What is wrong, in one sentence without a full stop: what stands there, not who suffers from it.
    pub message: String,
    /// Who cannot read what, as in "a consumer still on version 3 cannot read what this producer writes".
    pub consequence: Option<String>,
    /// What the version has, as JSON.
    pub old: Option<String>,
    /// What the file has, as JSON.
    pub new: Option<String>,
    /// How to mend it.
    pub fix: Option<String>,
    /// The order of going over that would be safe nevertheless.
    pub rollout: Option<Rollout>,
    /// Why it does not count, if it does not.
    pub waived: Option<Waived>,
}

/// The text names no severity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such severity: expected error, warning or note")]
pub struct UnknownSeverity;

impl Finding {
    /// A finding with nothing but a rule, a weight and a message.
    pub fn new(rule: &'static Rule, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            place: None,
            subject: None,
            baseline: None,
            version: None,
            level: None,
            direction: None,
            message: message.into(),
            consequence: None,
            old: None,
            new: None,
            fix: None,
            rollout: None,
            waived: None,
        }
    }

    /// By file and place, then by what is said, of newer versions first: the order of all reports. What has no place comes
    /// last.
    pub fn order(&self) -> impl Ord + '_ {
        let place = self.place.as_ref();
        (
            place.is_none(),
            place.map(|p| (p.file.as_str(), p.position.line, p.position.column)),
            (self.subject.as_deref(), self.baseline.as_deref(), self.rule.id),
            Reverse(self.version.as_deref().and_then(version_number)),
            (self.version.as_deref(), self.direction == Some(Direction::Backward), self.message.as_str()),
        )
    }
}

/// The number at the end of what a version is called: 10 of `version 10`. A commit has none.
fn version_number(label: &str) -> Option<u64> {
    let (_, number) = label.rsplit_once(' ')?;
    number.parse().ok()
}

impl Severity {
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(name: &str) -> Result<Self, UnknownSeverity> {
        [Self::Error, Self::Warning, Self::Note].into_iter().find(|s| s.name() == name).ok_or(UnknownSeverity)
    }
}

impl Rollout {
    /// The order if the new schema reads what the old one wrote (backward), and the old one what the new one writes.
    pub fn of(backward: bool, forward: bool) -> Self {
        match (backward, forward) {
            (true, true) => Self::Any,
            (true, false) => Self::ConsumersFirst,
            (false, true) => Self::ProducersFirst,
            (false, false) => Self::Never,
        }
    }

    /// The order that is safe if both are.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, order) | (order, Self::Any) => order,
            (one, other) if one == other => one,
            _ => Self::Never,
        }
    }

    /// The name for tools.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::ConsumersFirst => "consumers-first",
            Self::ProducersFirst => "producers-first",
            Self::Never => "never",
        }
    }

    /// What to do, in words.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Any => "producers and consumers may go over in any order",
            Self::ConsumersFirst => {
                "consumers first: once all of them have this schema, producers may begin to write with it"
            }
            Self::ProducersFirst => {
                "producers first: once all of them write with this schema and older messages are gone, consumers may go over"
            }
            Self::Never => {
                "no order is safe: release it under a new subject and topic, and move producers and consumers there"
            }
        }
    }
}
