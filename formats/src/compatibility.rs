//! May this schema follow these?
//!
//! The one home of that question: the registry, its command line and the build script ask here, so they agree. A registry
//! takes the first version that breaks, a gate takes all.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::avro::{self, Incompatibility, Reader, Writer};
use crate::format::{ParsedSchema, SchemaRef};

/// How much of an earlier schema's text a report shows, in characters.
const SHOWN_TEXT: usize = 10_240;

/// Which versions a new schema is compared with, and which of the two has to read the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Level {
    /// Anything goes.
    None,
    /// The new schema reads what the latest version wrote.
    #[default]
    Backward,
    /// The new schema reads what any version wrote.
    BackwardTransitive,
    /// The latest version reads what the new schema writes.
    Forward,
    /// Every version reads what the new schema writes.
    ForwardTransitive,
    /// Both, with the latest version.
    Full,
    /// Both, with every version.
    FullTransitive,
}

/// Which of two schemas is the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The new schema reads what the old one wrote.
    Backward,
    /// The old schema reads what the new one writes.
    Forward,
}

/// The text names no compatibility level.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no such compatibility level")]
pub struct UnknownLevel;

/// A version that a candidate is not compatible with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach<V> {
    /// The version, as the history names it.
    pub version: V,
    /// Why the old schema cannot read what the new one writes, if the level asks for that.
    pub forward: Vec<Incompatibility>,
    /// Why the new schema cannot read what the old one wrote, if the level asks for that.
    pub backward: Vec<Incompatibility>,
}

/// Compares a candidate with the versions before it, the newest first.
///
/// Lazily: a version is taken from the history when the one after it has been compared, so the caller decides how much
/// work is done. Levels that are not transitive take the first version only.
pub fn check<V, S: Borrow<ParsedSchema>>(
    level: Level,
    candidate: &ParsedSchema,
    history: impl IntoIterator<Item = (V, S)>,
) -> impl Iterator<Item = Breach<V>> {
    check_borrowed(level, candidate.into(), history)
}

/// Compares a candidate that is not owned as a schema of any format.
pub fn check_borrowed<V, S: Borrow<ParsedSchema>>(
    level: Level,
    candidate: SchemaRef<'_>,
    history: impl IntoIterator<Item = (V, S)>,
) -> impl Iterator<Item = Breach<V>> {
    history
        .into_iter()
        .take(level.reach())
        .filter_map(move |(version, old)| breach(level, candidate, version, old.borrow().into()))
}

/// Compares a candidate with versions that may fail to come, as when their texts are parsed on the way.
pub fn try_check<V, S: Borrow<ParsedSchema>, E>(
    level: Level,
    candidate: &ParsedSchema,
    history: impl IntoIterator<Item = Result<(V, S), E>>,
) -> impl Iterator<Item = Result<Breach<V>, E>> {
    history.into_iter().take(level.reach()).filter_map(move |entry| match entry {
        Ok((version, old)) => check_version(level, candidate, version, old.borrow()).map(Ok),
        Err(e) => Some(Err(e)),
    })
}

/// Compares a candidate with one version, in the directions of the level.
pub fn check_version<V>(
    level: Level,
    candidate: &ParsedSchema,
    version: V,
    old: &ParsedSchema,
) -> Option<Breach<V>> {
    breach(level, candidate.into(), version, old.into())
}

fn breach<V>(level: Level, candidate: SchemaRef<'_>, version: V, old: SchemaRef<'_>) -> Option<Breach<V>> {
    let mut breach = Breach { version, forward: Vec::new(), backward: Vec::new() };
    for direction in level.directions() {
        match direction {
            Direction::Forward => breach.forward = incompatibilities(candidate, old),
            Direction::Backward => breach.backward = incompatibilities(old, candidate),
        }
    }
    (!breach.forward.is_empty() || !breach.backward.is_empty()).then_some(breach)
}

/// Why a reader cannot read what a writer wrote.
pub fn incompatibilities(writer: SchemaRef<'_>, reader: SchemaRef<'_>) -> Vec<Incompatibility> {
    match (writer, reader) {
        (SchemaRef::Avro(writer), SchemaRef::Avro(reader)) => {
            avro::resolve(Writer(writer), Reader(reader)).into_incompatibilities()
        }
    }
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Backward,
        Self::BackwardTransitive,
        Self::Forward,
        Self::ForwardTransitive,
        Self::Full,
        Self::FullTransitive,
    ];

    /// The name that the registry's clients know.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Backward => "BACKWARD",
            Self::BackwardTransitive => "BACKWARD_TRANSITIVE",
            Self::Forward => "FORWARD",
            Self::ForwardTransitive => "FORWARD_TRANSITIVE",
            Self::Full => "FULL",
            Self::FullTransitive => "FULL_TRANSITIVE",
        }
    }

    /// Does it compare with every version, not with the latest only?
    pub fn is_transitive(self) -> bool {
        matches!(self, Self::BackwardTransitive | Self::ForwardTransitive | Self::FullTransitive)
    }

    /// Who has to read whom, in the order in which it is compared and reported.
    pub fn directions(self) -> &'static [Direction] {
        match self {
            Self::None => &[],
            Self::Backward | Self::BackwardTransitive => &[Direction::Backward],
            Self::Forward | Self::ForwardTransitive => &[Direction::Forward],
            Self::Full | Self::FullTransitive => &[Direction::Forward, Direction::Backward],
        }
    }

    /// With how many versions it compares at most.
    pub fn reach(self) -> usize {
        match self {
            Self::None => 0,
            _ if self.is_transitive() => usize::MAX,
            _ => 1,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    /// Takes the name in any case.
    fn from_str(name: &str) -> Result<Self, UnknownLevel> {
        Self::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(name)).ok_or(UnknownLevel)
    }
}

impl Direction {
    /// What the registry's clients read for the reader's schema.
    pub fn reader_word(self) -> &'static str {
        match self {
            Self::Backward => "new",
            Self::Forward => "old",
        }
    }

    /// What the registry's clients read for the writer's schema.
    pub fn writer_word(self) -> &'static str {
        match self {
            Self::Backward => "old",
            Self::Forward => "new",
        }
    }
}

impl<V> Breach<V> {
    /// Everything that breaks: first why the old schema cannot read what the new one writes, then the reverse.
    pub fn incompatibilities(&self) -> impl Iterator<Item = (Direction, &Incompatibility)> {
        let forward = self.forward.iter().map(|i| (Direction::Forward, i));
        forward.chain(self.backward.iter().map(|i| (Direction::Backward, i)))
    }

    /// The same, and behind it the version that breaks: what registries tell their clients.
    ///
    /// When FULL fails in one direction only, and that is "old reads new", the old schema is not shown.
    pub fn report(&self, level: Level, version: i32, text: &str) -> Vec<String> {
        let mut messages: Vec<String> = self.messages().collect();
        if !self.backward.is_empty() || !matches!(level, Level::Full | Level::FullTransitive) {
            messages.push(format!("{{oldSchemaVersion: {version}}}"));
            messages.push(match text.char_indices().nth(SHOWN_TEXT) {
                None => format!("{{oldSchema: '{text}'}}"),
                Some((end, _)) => format!("{{oldSchema: <truncated> '{}...'}}", &text[..end]),
            });
        }
        messages
    }

    /// The same as the texts that the registry's clients see.
    pub fn messages(&self) -> impl Iterator<Item = String> {
        self.incompatibilities()
            .map(|(direction, i)| i.describe(direction.reader_word(), direction.writer_word()))
    }
}
