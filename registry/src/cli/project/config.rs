//! `ottla.toml`: what a project says about its schemas. Everything in it may be left out.

mod values;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ottla_formats::compatibility::{Direction, Level};
use ottla_formats::json::Position;
use serde::Deserialize;
use toml::Spanned;

pub use values::{LintLevel, Naming};
use values::{day, direction, level, one_or_more};

use crate::cli::Usage;

/// What the file is called.
pub const FILE_NAME: &str = "ottla.toml";

/// Longer files are none that people write.
const MAX_TEXT: u64 = 1 << 20;

/// What a project says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Files, folders and globs; None for all files below the project's folder.
    #[serde(default, deserialize_with = "one_or_more")]
    pub schemas: Option<Vec<Spanned<String>>>,
    /// Globs of files that are none of it.
    #[serde(default, deserialize_with = "one_or_more")]
    pub exclude: Option<Vec<Spanned<String>>>,
    /// The baselines where no `--against` is given.
    #[serde(default, deserialize_with = "one_or_more")]
    pub against: Option<Vec<Spanned<String>>>,
    /// How subjects are called where nothing else is said.
    #[serde(default)]
    pub naming: Option<Naming>,
    /// The level of all subjects that have none of their own.
    #[serde(default, deserialize_with = "level")]
    pub level: Option<Level>,
    /// The lock file.
    #[serde(default)]
    pub lock: Option<String>,
    /// The registry.
    #[serde(default)]
    pub registry: Registry,
    /// What is said about some of the files.
    #[serde(default)]
    pub subjects: Vec<Spanned<Entry>>,
    /// The weights of lint rules, by their names.
    #[serde(default)]
    pub lint: BTreeMap<Spanned<String>, LintLevel>,
    /// What may break, for a time.
    #[serde(default)]
    pub waivers: Vec<Spanned<Waiver>>,
}

/// The registry of a project.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Registry {
    /// Its addresses: several of one registry.
    #[serde(default, deserialize_with = "one_or_more")]
    pub url: Option<Vec<Spanned<String>>>,
}

/// What is said about some of the files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Entry {
    /// Globs of the files.
    #[serde(deserialize_with = "one_or_more")]
    pub files: Option<Vec<Spanned<String>>>,
    /// The subject.
    #[serde(default)]
    pub subject: Option<String>,
    /// The topic, from which the subject follows.
    #[serde(default)]
    pub topic: Option<String>,
    /// Are they the keys of the topic's messages?
    #[serde(default)]
    pub key: Option<bool>,
    /// How their subjects are called.
    #[serde(default)]
    pub naming: Option<Naming>,
    /// The level of their subjects.
    #[serde(default, deserialize_with = "level")]
    pub level: Option<Level>,
}

/// What may break, who answers for it, why, and until when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Waiver {
    /// The rule's identifier.
    pub rule: Spanned<String>,
    /// The subject that it is for.
    #[serde(default)]
    pub subject: Option<String>,
    /// A glob of the files that it is for.
    #[serde(default)]
    pub file: Option<Spanned<String>>,
    /// The JSON pointer that it is for.
    #[serde(default)]
    pub pointer: Option<String>,
    /// The version that it is for, as in `version 3`.
    #[serde(default)]
    pub version: Option<String>,
    /// The direction that it is for.
    #[serde(default, deserialize_with = "direction")]
    pub direction: Option<Direction>,
    /// Who answers for it.
    pub owner: Spanned<String>,
    /// Why.
    pub reason: Spanned<String>,
    /// The last day on which it counts, as in `2026-12-31`.
    #[serde(deserialize_with = "day")]
    pub expires: String,
}

/// A text, and what it says.
#[derive(Debug, Default)]
pub struct Read {
    /// The text.
    pub text: String,
    /// What it says.
    pub config: Config,
}

/// Reads a file. `shown`: what people know it as.
pub fn read(path: &Path, shown: &str) -> Result<Read, Usage> {
    let unreadable = |e: std::io::Error| Usage(format!("{shown}: cannot be read: {e}"));
    if fs::metadata(path).map_err(unreadable)?.len() > MAX_TEXT {
        return Err(Usage(format!("{shown}: the file is longer than {MAX_TEXT} bytes")));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| Usage(format!("{shown}: the file is no UTF-8")))?;
    // Editors may put one there; TOML has none.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let config: Config = toml::from_str(&text).map_err(|error| {
        let message = error.message().replace('\n', ", ");
        match error.span() {
            Some(span) => wrong(&text, shown, span.start, &message),
            None => Usage(format!("{shown}: {message}")),
        }
    })?;
    let read = Read { text, config };
    read.validate(shown)?;
    Ok(read)
}

impl Read {
    /// Where a byte of the text stands.
    pub fn position(&self, offset: usize) -> Position {
        Position::of(&self.text, offset)
    }

    /// What types alone do not say.
    fn validate(&self, shown: &str) -> Result<(), Usage> {
        let wrong = |at: usize, message: &str| Err(wrong(&self.text, shown, at, message));
        for entry in &self.config.subjects {
            let at = entry.span().start;
            let entry = entry.get_ref();
            if entry.files.as_ref().is_none_or(Vec::is_empty) {
                return wrong(at, "these subjects are of no files: say files = \"...\"");
            }
            if entry.subject.is_some() && entry.topic.is_some() {
                return wrong(at, "either a subject or a topic: the subject follows from the topic");
            }
            if entry.key.is_some() && entry.topic.is_none() {
                return wrong(at, "key is about a topic: say topic = \"...\"");
            }
            if [&entry.subject, &entry.topic].into_iter().flatten().any(|name| name.trim().is_empty()) {
                return wrong(at, "the name is empty");
            }
        }
        for waiver in &self.config.waivers {
            let waiver = waiver.get_ref();
            for text in [&waiver.owner, &waiver.reason] {
                if text.get_ref().trim().is_empty() {
                    return wrong(text.span().start, "a waiver says who answers for it, and why");
                }
            }
        }
        Ok(())
    }
}

/// Something wrong at a place of the file.
pub fn wrong(text: &str, shown: &str, offset: usize, message: &str) -> Usage {
    let Position { line, column } = Position::of(text, offset);
    Usage(format!("{shown}:{line}:{column}: {message}"))
}
