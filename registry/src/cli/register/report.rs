//! What is printed: line by line for people, at the end for programs.

use ottla::client::{Guid, Level, Reference};
use ottla_gate::finding::Finding;
use ottla_gate::report::printable;
use ottla_gate::verdict::Exit;
use serde_json::{Value, json};

use super::plan::Step;
use super::{Failure, Format, Options, complain, say, show};
use crate::cli::baseline::registry::Registry;

/// What became of a file, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    New,
    Unchanged,
    WouldBeNew,
    WouldBeRefused,
}

/// A file under a subject, and what became of it.
#[derive(Debug)]
pub(super) struct Row<'p> {
    pub(super) file: &'p str,
    pub(super) subject: &'p str,
    pub(super) status: Status,
    pub(super) version: Option<i32>,
    pub(super) id: Option<ottla::client::SchemaId>,
    pub(super) guid: Option<Guid>,
    pub(super) references: Vec<Reference>,
    /// The latest version, if it is another one.
    pub(super) latest: Option<i32>,
    /// Why it would be refused.
    reasons: Vec<String>,
    findings: Vec<Finding>,
}

/// What was done.
#[derive(Debug)]
pub(super) struct Report<'p> {
    format: Format,
    dry_run: bool,
    registry: String,
    levels: Vec<Value>,
    rows: Vec<Row<'p>>,
    failure: Value,
}

impl<'p> Row<'p> {
    pub(super) fn new(step: &Step<'p>, status: Status) -> Self {
        Self {
            file: step.file,
            subject: step.subject,
            status,
            version: None,
            id: None,
            guid: None,
            references: Vec::new(),
            latest: None,
            reasons: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// It would be refused, and why.
    pub(super) fn refuse(&mut self, reasons: Vec<String>, findings: Vec<Finding>) {
        (self.status, self.version) = (Status::WouldBeRefused, None);
        (self.reasons, self.findings) = (reasons, findings);
    }

    fn line(&self) -> String {
        let mut line = format!("{:<16} {}: {}", self.status.words(), self.file, self.subject);
        let mut more: Vec<String> = Vec::new();
        more.extend(self.version.map(|version| format!(" version {version}")));
        more.extend(self.id.map(|id| format!(" id {id}")));
        more.extend(self.guid.map(|guid| format!(" guid {guid}")));
        line.push_str(&more.join(","));
        if let Some(latest) = self.latest {
            line.push_str(&format!(" (version {latest} is the latest)"));
        }
        printable(&line).into_owned()
    }

    fn json(&self) -> Value {
        let references = self
            .references
            .iter()
            .map(|r| json!({"name": r.name, "subject": r.subject, "version": r.version}));
        json!({
            "file": self.file,
            "subject": self.subject,
            "status": self.status.name(),
            "version": self.version,
            "id": self.id,
            "guid": self.guid.map(|guid| guid.to_string()),
            "latest": self.latest.or(self.version.filter(|_| self.status != Status::WouldBeNew)),
            "references": references.collect::<Vec<_>>(),
            "reasons": self.reasons,
            "findings": findings(&self.findings),
        })
    }
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::WouldBeNew => "would-be-new",
            Self::WouldBeRefused => "would-be-refused",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::WouldBeNew => "would be new",
            Self::WouldBeRefused => "would be refused",
        }
    }
}

impl<'p> Report<'p> {
    pub(super) fn new(options: &Options, registry: &Registry) -> Self {
        Self {
            format: options.format,
            dry_run: options.dry_run,
            registry: registry.url(),
            levels: Vec::new(),
            rows: Vec::new(),
            failure: Value::Null,
        }
    }

    /// A level was set, or would be.
    pub(super) fn level(&mut self, subject: &str, from: Level, to: Level) {
        if self.format == Format::Text {
            let verb = if self.dry_run { "would set level" } else { "set level" };
            say(&printable(&format!("{verb:<16} {subject}: {from} -> {to}")));
        }
        self.levels.push(json!({"subject": subject, "from": from.name(), "to": to.name()}));
    }

    /// Something became of a file, or would.
    pub(super) fn schema(&mut self, row: Row<'p>) {
        if self.format == Format::Text {
            say(&row.line());
            for reason in &row.reasons {
                say(&printable(&format!("  {reason}")));
            }
        }
        self.rows.push(row);
    }

    /// It ended before its end.
    pub(super) fn failed(&mut self, step: Option<Step<'p>>, failure: &Failure, exit: Exit) {
        let (words, found) = match failure {
            Failure::Refused { words, findings } => (words, findings.as_slice()),
            Failure::Stopped(words) => (words, [].as_slice()),
        };
        let (file, subject) = step.map_or((None, None), |step| (Some(step.file), Some(step.subject)));
        if !found.is_empty() {
            complain(&show(found));
        }
        let about =
            file.zip(subject).map(|(file, subject)| format!("{file} ({subject}): ")).unwrap_or_default();
        complain(&format!("ottla: {}", printable(&format!("{about}{words}"))));
        complain("ottla: what comes after it was not looked at");
        self.failure = json!({
            "file": file,
            "subject": subject,
            "message": words,
            "findings": findings(found),
            "exit": exit as u8,
        });
    }

    /// Would something be refused?
    pub(super) fn would_be_refused(&self) -> bool {
        self.rows.iter().any(|row| row.status == Status::WouldBeRefused)
    }

    /// Says the rest.
    pub(super) fn end(&self) {
        match self.format {
            Format::Text => {
                let found: Vec<Finding> =
                    self.rows.iter().flat_map(|row| row.findings.iter().cloned()).collect();
                if !found.is_empty() {
                    complain(&show(&found));
                }
            }
            Format::Json => {
                let all = json!({
                    "registry": self.registry,
                    "dryRun": self.dry_run,
                    "levels": self.levels,
                    "schemas": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
                    "failure": self.failure,
                });
                say(&format!("{all:#}"));
            }
        }
    }
}

fn findings(findings: &[Finding]) -> Vec<Value> {
    let one = |finding: &Finding| {
        let place = finding.place.as_ref();
        json!({
            "rule": finding.rule.id,
            "file": place.map(|place| &place.file),
            "line": place.map(|place| place.position.line),
            "column": place.map(|place| place.position.column),
            "pointer": place.map(|place| &place.pointer),
            "version": finding.version,
            "message": finding.message,
            "fix": finding.fix,
        })
    };
    findings.iter().map(one).collect()
}
