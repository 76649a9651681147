//! A schema and the versions before it -> findings.
//!
//! What breaks is decided in [`ottla_formats::compatibility`], as it is in the registry. Here it gets a place in the files,
//! words for people, and a way out.
//!
//! ```text
//! compare/case.rs      a version and a direction: the two sides of an incompatibility
//! compare/unfold.rs    why a branch of a union does not read what it is for
//! compare/tell.rs      an incompatibility -> place, message, snippets, fix
//! compare/backward.rs  the same where the schema of the file reads
//! compare/forward.rs   the same where the schema of the file writes
//! compare/suggest.rs   JSON that would mend it
//! compare/renamed.rs   fields that are perhaps there under another name
//! compare/words.rs     types and lists as people read them
//! compare/snippet.rs   JSON of a bounded length on one line
//! ```

mod backward;
mod case;
mod forward;
mod renamed;
mod snippet;
mod suggest;
mod tell;
mod unfold;
mod words;

use std::cell::Cell;
use std::collections::HashSet;

use ottla_formats::compatibility::{Breach, Direction, Level, check_borrowed, incompatibilities};
use ottla_formats::{ParsedSchema, SchemaRef};

use crate::finding::{Finding, Rollout, Severity};
use crate::located::Located;
use crate::rule;
use crate::source::Source;
use case::Case;

/// So many findings are told at most, not counting those that are others of other versions only; a last one says that there
/// are more.
pub const MAX_FINDINGS: usize = 1_000;

/// The same, each version counted.
const MAX_TOLD: usize = 20 * MAX_FINDINGS;

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
    /// All that breaks, of all versions that the level asks for, in the order of [`Finding::order`].
    pub findings: Vec<Finding>,
    /// The labels of the versions that it was compared with, the newest first.
    pub versions: Vec<String>,
    /// Is the newest version the same schema? What registries call the same: docs count, blanks do not.
    pub is_unchanged: bool,
    /// The order of going over from the newest version, if it is another schema.
    pub rollout: Option<Rollout>,
}

/// Compares the schema of a source with versions before it, the newest first. More versions than the level asks for do no
/// harm. `sources`: all that it may refer to.
///
/// # Panics
/// There is no source at that index.
pub fn compare(sources: &[Source], at: usize, history: &[Released], question: Question<'_>) -> Compared {
    let candidate = SchemaRef::from(&sources[at].schema);
    let reached = &history[..history.len().min(question.level.reach())];
    let versions = reached.iter().map(|released| (released, &released.schema));
    let breaches: Vec<Breach<&Released>> = check_borrowed(question.level, candidate, versions).collect();
    let newest = history.first();
    let is_unchanged = newest.is_some_and(|newest| candidate.equivalent((&newest.schema).into()));
    let rollout = newest.filter(|_| !is_unchanged).map(|newest| {
        let breach = breaches.first().filter(|breach| std::ptr::eq(breach.version, newest));
        let is_compared = !reached.is_empty();
        let known = |direction| is_compared && question.level.directions().contains(&direction);
        rollout(candidate, newest, known, breach)
    });
    Compared {
        findings: findings(sources, at, &breaches, question),
        versions: reached.iter().map(|released| released.label.clone()).collect(),
        is_unchanged,
        rollout,
    }
}

/// The order of going over from a version. The directions that are known need no second comparison.
fn rollout(
    candidate: SchemaRef<'_>,
    released: &Released,
    known: impl Fn(Direction) -> bool,
    breach: Option<&Breach<&Released>>,
) -> Rollout {
    let old = SchemaRef::from(&released.schema);
    let backward = match known(Direction::Backward) {
        true => breach.is_none_or(|breach| breach.backward.is_empty()),
        false => incompatibilities(old, candidate).is_empty(),
    };
    let forward = match known(Direction::Forward) {
        true => breach.is_none_or(|breach| breach.forward.is_empty()),
        false => incompatibilities(candidate, old).is_empty(),
    };
    Rollout::of(backward, forward)
}

/// The findings of all breaches.
fn findings(
    sources: &[Source],
    at: usize,
    breaches: &[Breach<&Released>],
    question: Question<'_>,
) -> Vec<Finding> {
    if breaches.is_empty() {
        return Vec::new();
    }
    let located = Located::new(sources, at);
    let mut told =
        Told { question, met: HashSet::new(), kinds: HashSet::new(), findings: Vec::new(), is_cut: false };
    for breach in breaches {
        let known = |direction| question.level.directions().contains(&direction);
        let rollout = rollout(located.schema().into(), breach.version, known, Some(breach));
        told.breach(&located, breach, rollout);
    }
    if told.is_cut {
        let message = format!("there are more than {MAX_FINDINGS} findings: the others are not shown");
        let mut finding = Finding::new(&rule::LIMIT, Severity::Error, message);
        finding.place = Some(located.place(located.root()));
        finding.subject = Some(question.subject.to_owned());
        finding.baseline = Some(question.baseline.to_owned());
        finding.level = Some(question.level);
        told.findings.push(finding);
    }
    told.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    told.findings
}

/// The rule, the place, the message without the version, and whether the schema of the file reads.
type Kind = (&'static str, String, String, bool);

/// What has been told.
struct Told<'q> {
    question: Question<'q>,
    /// Rules, places and messages: what is reached in several ways is told once.
    met: HashSet<(Kind, Option<String>)>,
    kinds: HashSet<Kind>,
    findings: Vec<Finding>,
    is_cut: bool,
}

impl Told<'_> {
    fn breach(&mut self, located: &Located<'_>, breach: &Breach<&Released>, rollout: Rollout) {
        let Released { label, schema } = breach.version;
        let Some(old) = schema.as_avro() else { return };
        let looks = Cell::new(renamed::LOOKS);
        for (direction, found) in
            [(Direction::Forward, &breach.forward), (Direction::Backward, &breach.backward)]
        {
            let case = Case { located, old, label, level: self.question.level, direction, looks: &looks };
            let (found, are_all) = unfold::unfold(&case, found);
            self.is_cut |= !are_all;
            for incompatibility in found {
                let mut finding = tell::tell(&case, &incompatibility);
                finding.rollout = Some(rollout);
                if !self.add(finding) {
                    self.is_cut = true;
                    return;
                }
            }
        }
    }

    /// Adds what was not told yet. The answer says whether there was room for it.
    fn add(&mut self, mut finding: Finding) -> bool {
        finding.subject = Some(self.question.subject.to_owned());
        finding.baseline = Some(self.question.baseline.to_owned());
        finding.level = Some(self.question.level);
        let place = finding.place.as_ref();
        let pointer = place.map(|place| format!("{}#{}", place.file, place.pointer)).unwrap_or_default();
        let is_backward = finding.direction == Some(Direction::Backward);
        let message = match finding.version.as_deref() {
            Some(label) if !label.is_empty() => finding.message.replace(label, "\0"),
            _ => finding.message.clone(),
        };
        let kind = (finding.rule.id, pointer, message, is_backward);
        let key = (kind, finding.version.clone());
        if self.met.contains(&key) {
            return true;
        }
        let is_full = self.kinds.len() >= MAX_FINDINGS && !self.kinds.contains(&key.0);
        if is_full || self.findings.len() >= MAX_TOLD {
            return false;
        }
        self.kinds.insert(key.0.clone());
        self.met.insert(key);
        self.findings.push(finding);
        true
    }
}
