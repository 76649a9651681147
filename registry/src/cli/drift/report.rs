//! What is printed: line by line for people, at the end for programs.

use ottla_gate::diff::Change;
use ottla_gate::report::printable;
use serde_json::{Value, json};

use super::compare::{Drift, State};
use crate::cli::register::{Format, Step, complain, say};

/// More differences than that are a number.
const SHOWN: usize = 20;

/// What was found.
#[derive(Debug)]
pub(super) struct Report {
    format: Format,
    registry: String,
    files: Vec<Value>,
    strangers: Vec<String>,
    /// Does something differ?
    pub(super) differs: bool,
    /// Could something not be compared?
    pub(super) is_incomplete: bool,
}

impl Report {
    pub(super) fn new(format: Format, registry: String) -> Self {
        let (files, strangers) = (Vec::new(), Vec::new());
        Self { format, registry, files, strangers, differs: false, is_incomplete: false }
    }

    /// What became of a file.
    pub(super) fn file(&mut self, step: &Step<'_>, drift: &Drift) {
        self.is_incomplete |= drift.state.is_err();
        self.differs |= drift.level.is_some() || !matches!(drift.state, Ok(State::Same { .. }) | Err(_));
        let (file, subject) = (step.file, step.subject);
        match self.format {
            Format::Text => {
                self.state(file, subject, &drift.state);
                if let Some((said, holds)) = drift.level {
                    self.line("level differs", &format!("{file}: {subject} is to be {said}, and is {holds}"));
                }
            }
            Format::Json => {
                let mut value = state(&drift.state);
                value["file"] = file.into();
                value["subject"] = subject.into();
                value["level"] = drift.level.map_or(
                    Value::Null,
                    |(said, holds)| json!({"expected": said.name(), "actual": holds.name()}),
                );
                self.files.push(value);
            }
        }
    }

    /// A subject that no file stands for.
    pub(super) fn stranger(&mut self, subject: &str) {
        self.differs = true;
        if self.format == Format::Text {
            self.line("no file", subject);
        }
        self.strangers.push(subject.to_owned());
    }

    /// It could not be told which subjects there are.
    pub(super) fn not_listed(&mut self, words: &str) {
        self.is_incomplete = true;
        complain(&format!("ottla: the subjects of the registry: {}", printable(words)));
    }

    /// Says the rest.
    pub(super) fn end(&self) {
        if self.format == Format::Json {
            let all = json!({
                "registry": self.registry,
                "differs": self.differs,
                "complete": !self.is_incomplete,
                "files": self.files,
                "subjectsWithoutFile": self.strangers,
            });
            say(&format!("{all:#}"));
        }
    }

    fn state(&self, file: &str, subject: &str, state: &Result<State, String>) {
        let about = format!("{file}: {subject}");
        match state {
            Ok(State::Same { version }) => self.line("same", &format!("{about} version {version}")),
            Ok(State::Older { version, latest }) => {
                self.line("older", &format!("{about} version {version}; the latest is version {latest}"));
            }
            Ok(State::Differs { latest, changes }) => {
                self.line("differs", &format!("{about}, from version {latest}:"));
                self.changes(changes);
            }
            Ok(State::OtherFormat { latest, format }) => {
                self.line("differs", &format!("{about}: version {latest} is {format}, not AVRO"));
            }
            Ok(State::NotRegistered) => self.line("not registered", &about),
            Err(words) => self.line("NOT COMPARED", &format!("{about}: {words}")),
        }
    }

    fn changes(&self, changes: &[Change]) {
        for change in changes.iter().take(SHOWN) {
            say(&printable(&format!("  {change}")));
        }
        if changes.len() > SHOWN {
            say(&format!("  and {} more", changes.len() - SHOWN));
        }
    }

    fn line(&self, word: &str, rest: &str) {
        say(&printable(&format!("{word:<14} {rest}")));
    }
}

fn state(state: &Result<State, String>) -> Value {
    match state {
        Ok(State::Same { version }) => json!({"state": "same", "version": version, "latest": version}),
        Ok(State::Older { version, latest }) => {
            json!({"state": "older", "version": version, "latest": latest})
        }
        Ok(State::Differs { latest, changes }) => {
            let changes = changes.iter().map(|change| {
                json!({"kind": change.kind.name(), "path": change.path, "words": change.words,
                    "registry": change.old, "file": change.new})
            });
            let changes: Vec<Value> = changes.collect();
            json!({"state": "differs", "latest": latest, "changes": changes})
        }
        Ok(State::OtherFormat { latest, format }) => {
            json!({"state": "other-format", "latest": latest, "format": format})
        }
        Ok(State::NotRegistered) => json!({"state": "not-registered"}),
        Err(words) => json!({"state": "not-compared", "reason": words}),
    }
}
