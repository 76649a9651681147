//! A schema and the versions before it -> findings.

use ottla_formats::ParsedSchema;
use ottla_formats::compatibility::Level;

use crate::finding::{Finding, Rollout};
use crate::source::Source;

/// A version that was released.
#[derive(Debug, Clone)]
pub struct Released {
    /// What it is called: `version 3`, `1a2b3c4`.
    pub label: String,
    /// The schema, with all types that it refers to.
    pub schema: ParsedSchema,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The subject that the schema is to follow.
    pub subject: &'a str,
    /// The baseline that the versions are of, as in `git:origin/main`.
    pub baseline: &'a str,
    /// The level.
    pub level: Level,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// All that breaks, of all versions that the level asks for.
    pub findings: Vec<Finding>,
    /// The labels of the versions that it was compared with, the newest first.
    pub versions: Vec<String>,
    /// Is the newest version the same schema?
    pub is_unchanged: bool,
    /// The order of going over from the newest version, if it is another schema.
    pub rollout: Option<Rollout>,
}

/// Compares the schema of a source with versions before it, the newest first. More versions than the level asks for do no
/// harm. `sources`: all that it may refer to.
pub fn compare(sources: &[Source], at: usize, history: &[Released], question: Question<'_>) -> Compared {
    let _ = (sources, at, history, question);
    Compared { findings: Vec::new(), versions: Vec::new(), is_unchanged: false, rollout: None }
}
