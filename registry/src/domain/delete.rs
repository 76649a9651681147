//! Deleting versions, subjects and contexts: softly first, then permanently.

use super::command::{Command, Decision};
use super::find::{Deleted, Selector};
use super::history::Version;
use super::record::{Record, SchemaValue};
use super::rejection::Rejection;
use super::state::State;
use super::subject::{Context, Subject};

/// Deletes all versions of a subject; tells their numbers.
#[derive(Debug, Clone)]
pub struct DeleteSubject {
    /// Which.
    pub subject: Subject,
    /// For good? Only what is soft-deleted can be.
    pub permanent: bool,
}

/// Deletes one version of a subject; tells its number.
#[derive(Debug, Clone)]
pub struct DeleteVersion {
    /// Of which subject.
    pub subject: Subject,
    /// Which.
    pub selector: Selector,
    /// For good? Only what is soft-deleted can be.
    pub permanent: bool,
}

/// Removes an empty context from the list of contexts.
#[derive(Debug, Clone)]
pub struct DeleteContext {
    /// Which.
    pub context: Context,
}

impl Command for DeleteSubject {
    type Outcome = Vec<i32>;

    fn decide(&self, state: &State, _now: i64) -> Result<Decision<Vec<i32>>, Rejection> {
        let Self { subject, permanent } = self;
        if !state.has_versions(subject, true) {
            return Err(Rejection::SubjectNotFound(subject.clone()));
        }
        if !permanent && !state.has_versions(subject, false) {
            return Err(Rejection::SubjectSoftDeleted(subject.clone()));
        }
        refuse_read_only(state, subject)?;
        let wanted = Deleted::included_if(*permanent);
        let history = state.history(subject);
        let versions: Vec<&Version> =
            history.into_iter().flat_map(|h| h.all()).filter(|v| wanted.admits(v)).collect();
        let referenced =
            versions.iter().find(|v| state.is_referenced(subject, v.version, !permanent, Some(subject)));
        if let Some(version) = referenced {
            return Err(Rejection::Referenced(subject.clone(), version.version));
        }
        if *permanent && versions.iter().any(|v| !v.deleted) {
            return Err(Rejection::SubjectNotSoftDeleted(subject.clone()));
        }
        let numbers: Vec<i32> = versions.iter().map(|v| v.version).collect();
        let records = match numbers.last() {
            None => Vec::new(),
            Some(&up_to) if !permanent => vec![Record::DeleteSubject { subject: subject.clone(), up_to }],
            Some(_) => {
                let mut records: Vec<Record> = numbers.iter().rev().map(|&n| gone(subject, n)).collect();
                records.extend(forget_settings(state, subject));
                records
            }
        };
        Ok(Decision { records, outcome: numbers })
    }
}

impl Command for DeleteVersion {
    type Outcome = i32;

    fn decide(&self, state: &State, _now: i64) -> Result<Decision<i32>, Rejection> {
        let Self { subject, selector, permanent } = self;
        let Some(version) = state.version(subject, *selector, true) else {
            if !state.has_versions(subject, true) {
                return Err(Rejection::SubjectNotFound(subject.clone()));
            }
            return Err(Rejection::VersionNotFound(selector.number()));
        };
        let number = version.version;
        if !permanent && version.deleted {
            return Err(Rejection::VersionSoftDeleted(subject.clone(), number));
        }
        refuse_read_only(state, subject)?;
        if state.is_referenced(subject, number, !permanent, None) {
            return Err(Rejection::Referenced(subject.clone(), number));
        }
        if *permanent && !version.deleted {
            return Err(Rejection::VersionNotSoftDeleted(subject.clone(), number));
        }
        let mut records = Vec::new();
        if *permanent {
            records.push(gone(subject, number));
            if state.history(subject).is_some_and(|h| h.len() == 1) {
                records.extend(forget_settings(state, subject));
            }
        } else {
            let value = SchemaValue { id: version.id, deleted: true, content: version.content.clone() };
            records.push(Record::Schema { subject: subject.clone(), version: number, value: Some(value) });
        }
        Ok(Decision { records, outcome: number })
    }
}

impl Command for DeleteContext {
    type Outcome = ();

    fn decide(&self, state: &State, _now: i64) -> Result<Decision<()>, Rejection> {
        if state.holdings(&self.context).is_some_and(|h| !h.is_empty()) {
            return Err(Rejection::ContextNotEmpty(self.context.clone()));
        }
        let mut decision = Decision::unchanged(());
        if state.known_contexts.contains(&self.context) {
            decision.records.push(Record::Context { context: self.context.clone(), present: false });
        }
        Ok(decision)
    }
}

/// Refuses what would be written where nothing may be.
pub(super) fn refuse_read_only(state: &State, scope: &Subject) -> Result<(), Rejection> {
    if state.effective_mode(scope).is_read_only() {
        return Err(Rejection::ReadOnly(scope.clone()));
    }
    Ok(())
}

/// The record that removes a version for good.
pub(super) fn gone(subject: &Subject, version: i32) -> Record {
    Record::Schema { subject: subject.clone(), version, value: None }
}

/// What is set for a subject goes with its last version.
fn forget_settings(state: &State, subject: &Subject) -> Vec<Record> {
    let mut records = Vec::new();
    if state.mode(subject).is_some() {
        records.push(Record::Mode { scope: subject.clone(), value: None });
    }
    if state.config(subject).is_some() {
        records.push(Record::Config { scope: subject.clone(), value: None });
    }
    records
}
