//! A verdict as people and tools read it.
//!
//! ```text
//! report/text.rs         for terminals and logs, as compilers write
//! report/json.rs         for programs; its schema is gate/docs/report.schema.json
//! report/junit.rs        for CI servers: a test case for each file and baseline
//! report/sarif.rs        for code scanning, SARIF 2.1.0
//! report/github.rs       for annotations: workflow commands
//! report/gitlab.rs       for merge requests: Code Quality
//! report/markdown.rs     for job summaries and comments
//! report/summary.rs      what came out, in numbers and in one line
//! report/words.rs        what several formats say in the same words
//! report/located.rs      where a finding is shown: files from the root of the repository on, URIs
//! report/printable.rs    control characters are shown, not sent
//! report/identity.rs     what makes a finding the same as an earlier one
//! report/tree.rs         JSON whose members keep their order
//! ```
//!
//! A report depends on nothing but the verdict and the context. Names and texts come from schemas that anybody may have
//! written: each format escapes what would mean something to whoever reads it.

mod github;
mod gitlab;
mod identity;
mod json;
mod junit;
mod located;
mod markdown;
mod printable;
mod sarif;
mod summary;
mod text;
mod tree;
mod words;

use std::fmt;
use std::str::FromStr;

use crate::finding::Severity;
use crate::verdict::{Exit, Verdict};
pub use printable::printable;
pub use summary::Summary;

/// How a verdict is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For terminals and logs.
    Text,
    /// For programs.
    Json,
    /// For CI servers.
    Junit,
    /// For code scanning.
    Sarif,
    /// Workflow commands of GitHub.
    Github,
    /// Code Quality of GitLab.
    Gitlab,
    /// For job summaries and comments.
    Markdown,
}

/// What a report says beside the verdict.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// May the text be coloured? Other formats never are.
    pub colour: bool,
    /// Which findings count.
    pub fail_on: Severity,
    /// How the program is going to end.
    pub exit: Exit,
    /// The version of the program.
    pub version: &'a str,
}

/// The text names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such format: expected text, json, junit, sarif, github, gitlab or markdown")]
pub struct UnknownFormat;

/// Writes a verdict that is sorted. The text ends with a line end, unless it is empty.
pub fn render(format: Format, verdict: &Verdict, context: &Context<'_>) -> String {
    match format {
        Format::Text => text::render(verdict, context),
        Format::Json => json::render(verdict, context),
        Format::Junit => junit::render(verdict, context),
        Format::Sarif => sarif::render(verdict, context),
        Format::Github => github::render(verdict),
        Format::Gitlab => gitlab::render(verdict),
        Format::Markdown => markdown::render(verdict, context),
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Json, Self::Junit, Self::Sarif, Self::Github, Self::Gitlab, Self::Markdown];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Markdown => "markdown",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or(UnknownFormat)
    }
}
