//! What becomes of a file and a baseline.

use std::collections::HashMap;

use ottla_formats::ParsedSchema;
use ottla_formats::compatibility::Level;
use ottla_gate::compare::{Compared, Question, compare};
use ottla_gate::finding::{Finding, Severity, Waived};
use ottla_gate::rule;
use ottla_gate::verdict::{Check, Outcome, Verdict};

use super::broken::is_waiting;
use super::columns::Columns;
use super::disagreement::disagreement;
use super::newness::is_new;
use crate::cli::baseline::lock::{self, Accepted};
use crate::cli::baseline::{Against, Answer, Column, Gone, Looked, Past};
use crate::cli::project::{Member, Project};

/// Why a file that is left out of the work tree is not compared.
const LEFT_OUT: &str = "the file is outside of the sparse checkout: `git sparse-checkout add` its folder, or name the files \
                        that are to be checked";

/// All files and all baselines.
pub struct Table<'a> {
    project: &'a Project,
    columns: &'a Columns<'a>,
    allow_new: bool,
    require_existing: bool,
    /// What was found so far.
    pub findings: Vec<Finding>,
}

/// A field of the table.
struct Cell<'a> {
    column: &'a Column,
    number: usize,
    member: &'a Member,
    /// The index among the members that the baseline was asked about.
    at: usize,
}

impl<'a> Table<'a> {
    /// Nothing is found yet.
    pub fn new(
        project: &'a Project,
        columns: &'a Columns<'a>,
        allow_new: bool,
        require_existing: bool,
    ) -> Self {
        Self { project, columns, allow_new, require_existing, findings: Vec::new() }
    }

    /// What becomes of all of them: one check for each file and baseline, or one for a baseline that could not be had.
    pub fn checks(&mut self) -> Vec<Check> {
        let mut checks = Vec::new();
        let selected: Vec<&Member> = self.project.selected().collect();
        for (number, column) in self.columns.all.iter().enumerate() {
            match &column.looked {
                Err(why) => checks.push(away(column, why)),
                Ok(looked) => {
                    let mut asked = self.columns.members.iter().copied().enumerate();
                    for member in &selected {
                        // Those that are schemas are asked about, in this order.
                        let check = match member.source {
                            Err(_) => self.broken(column, member),
                            Ok(_) => match asked.next().filter(|(_, other)| std::ptr::eq(*other, *member)) {
                                Some((at, member)) => self.cell(&Cell { column, number, member, at }, looked),
                                None => not_compared(column, member, "it was not asked about"),
                            },
                        };
                        checks.push(check);
                    }
                    checks.extend(looked.gone.iter().map(|gone| self.gone(column, gone)));
                }
            }
        }
        checks
    }

    fn broken(&self, column: &Column, member: &Member) -> Check {
        let why = member.source.as_ref().err().map(|error| error.message().to_owned());
        let outcome = if is_waiting(self.project, member) { Outcome::NotCompared } else { Outcome::Invalid };
        Check { reason: why, ..check(column, member, outcome) }
    }

    fn cell(&mut self, cell: &Cell<'_>, looked: &Looked) -> Check {
        let Cell { column, number, member, at } = *cell;
        match looked.answers.get(at) {
            Some(Answer::Known(past)) => self.known(cell, past),
            Some(Answer::Unknown) => {
                match is_new(self.columns, number, at, member, self.allow_new, self.require_existing) {
                    Ok(()) => check(column, member, Outcome::New),
                    Err(why) => not_compared(column, member, &why),
                }
            }
            Some(Answer::NotCompared(why)) if member.level == Some(Level::None) => {
                Check { reason: Some(why.clone()), ..check(column, member, Outcome::Unchecked) }
            }
            Some(Answer::NotCompared(why)) => not_compared(column, member, why),
            None => not_compared(column, member, "there is no answer"),
        }
    }

    fn known(&mut self, cell: &Cell<'_>, past: &Past) -> Check {
        let Cell { column, member, .. } = *cell;
        let (Some(subject), Ok(source)) = (member.subject.as_deref(), &member.source) else {
            return not_compared(column, member, "it has no subject");
        };
        let question = Question { subject, baseline: &column.label, level: past.level };
        let mut compared = compare(&self.project.loaded.sources, *source, &past.versions, question);
        if compared.is_unchanged {
            // What it breaks was broken when it was released, and releasing it again changes nothing.
            compared.findings.iter_mut().for_each(|finding| finding.severity = Severity::Note);
        }
        let accepted = self.accepted(cell, subject, *source);
        if let Some((accepted, lock)) = &accepted {
            waive(&mut compared, past, accepted, lock);
        }
        let names = (subject, column.label.as_str());
        let sources = &self.project.loaded.sources;
        let disagreement =
            past.verdict.as_ref().and_then(|own| disagreement(sources, *source, names, past, own));
        let waived = compared.findings.iter().any(|finding| finding.waived.is_some());
        let outcome = match () {
            () if past.versions.is_empty() && past.level != Level::None => {
                return not_compared(column, member, "no version of it is left to compare with");
            }
            () if past.level == Level::None => Outcome::Unchecked,
            () if compared.is_unchanged => Outcome::Unchanged,
            () if !compared.findings.is_empty() => Outcome::Incompatible,
            () => Outcome::Compatible,
        };
        let notes = [
            past.renamed_from.as_ref().map(|file| format!("it was {file}")),
            past.note.clone(),
            accepted.filter(|_| waived).map(|(_, lock)| format!("{lock} accepts the break")),
        ];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        self.findings.extend(compared.findings);
        self.findings.extend(disagreement);
        Check {
            level: Some(past.level),
            compared: compared.versions,
            rollout: compared.rollout,
            reason: (!notes.is_empty()).then(|| notes.join("; ")),
            ..check(column, member, outcome)
        }
    }

    /// The break that the lock file accepts: of git's versions, as its own are not compared, and a registry does not know.
    fn accepted(&self, cell: &Cell<'_>, subject: &str, source: usize) -> Option<(Accepted, String)> {
        let is_git = matches!(self.columns.baselines.get(cell.number), Some(Against::Git(_)));
        let lock = self.columns.lock.as_ref().filter(|_| is_git)?;
        let schema = &self.project.loaded.sources[source].schema;
        Some((lock::accepted(lock, subject, schema)?, lock.shown().to_owned()))
    }

    fn gone(&mut self, column: &Column, gone: &Gone) -> Check {
        let Gone { file, subject, level, is_left_out } = gone;
        let outcome = match (level, is_left_out) {
            (Level::None, _) => Outcome::Unchecked,
            (_, true) => Outcome::NotCompared,
            (_, false) => Outcome::Removed,
        };
        if outcome == Outcome::Removed {
            let what = file.as_deref().unwrap_or(subject);
            let message = format!("{what} is gone, and no other file is subject {subject}");
            self.findings.push(Finding {
                subject: Some(subject.clone()),
                baseline: Some(column.label.clone()),
                level: Some(*level),
                fix: Some(
                    "bring the file back; if nobody writes or reads these messages any more, waive the finding".to_owned(),
                ),
                ..Finding::new(&rule::REMOVED, Severity::Error, message)
            });
        }
        Check {
            file: file.clone(),
            subject: Some(subject.clone()),
            baseline: column.label.clone(),
            level: Some(*level),
            outcome,
            compared: Vec::new(),
            reason: match outcome {
                Outcome::Removed => None,
                _ if *is_left_out => Some(LEFT_OUT.to_owned()),
                _ => Some("the file is gone".to_owned()),
            },
            rollout: None,
        }
    }
}

/// Marks what a lock file accepts.
fn waive(compared: &mut Compared, past: &Past, accepted: &Accepted, lock: &str) {
    let versions: HashMap<&str, &ParsedSchema> =
        past.versions.iter().map(|version| (version.label.as_str(), &version.schema)).collect();
    for finding in &mut compared.findings {
        let version = finding.version.as_deref().and_then(|label| versions.get(label));
        if version.is_some_and(|version| accepted.covers(version)) {
            let (owner, reason) = (lock.to_owned(), accepted.reason.clone());
            finding.waived = Some(Waived { owner, reason, expires: None });
        }
    }
}

/// What breaks and what is gone is waived if somebody answers for all of it.
pub fn settle(verdict: &mut Verdict) {
    let mut all: HashMap<(Option<&str>, Option<&str>), bool> = HashMap::new();
    let is_about =
        |f: &&Finding| f.direction.is_some() || f.rule.id == rule::REMOVED.id || f.rule.id == rule::LIMIT.id;
    for finding in verdict.findings.iter().filter(is_about) {
        let key = (finding.subject.as_deref(), finding.baseline.as_deref());
        *all.entry(key).or_insert(true) &= finding.waived.is_some();
    }
    for check in &mut verdict.checks {
        let key = (check.subject.as_deref(), Some(check.baseline.as_str()));
        let can_be = matches!(check.outcome, Outcome::Incompatible | Outcome::Removed);
        if can_be && all.get(&key) == Some(&true) {
            check.outcome = Outcome::Waived;
        }
    }
}

fn check(column: &Column, member: &Member, outcome: Outcome) -> Check {
    Check {
        file: Some(member.file.clone()),
        subject: member.subject.clone(),
        baseline: column.label.clone(),
        level: member.level,
        outcome,
        compared: Vec::new(),
        reason: None,
        rollout: None,
    }
}

fn not_compared(column: &Column, member: &Member, why: &str) -> Check {
    Check { reason: Some(why.to_owned()), ..check(column, member, Outcome::NotCompared) }
}

/// A baseline that could not be had.
fn away(column: &Column, why: &str) -> Check {
    Check {
        file: None,
        subject: None,
        baseline: column.label.clone(),
        level: None,
        outcome: Outcome::NotCompared,
        compared: Vec::new(),
        reason: Some(why.to_owned()),
        rollout: None,
    }
}
