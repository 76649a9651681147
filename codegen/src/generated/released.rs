//! May the schemas follow what was released? What the lock file says decides; nothing is asked over a network.

use std::path::{Path, PathBuf};

use ottla_gate::compare::{Question, compare};
use ottla_gate::finding::{Finding, Place, merge};
use ottla_gate::lock::{Lock, Subject};

use crate::error::{Error, Errors};
use crate::source::Source;

/// What was released, or what is wrong with the file that should tell it.
#[derive(Debug)]
pub(super) struct Released {
    /// What people call the file.
    shown: String,
    path: PathBuf,
    lock: Result<Lock, Errors>,
}

impl Released {
    /// Reads a lock file; its path starts at `base`, if there is one.
    pub(super) fn read(given: &Path, base: Option<&Path>) -> Self {
        let path = base.map_or_else(|| given.to_owned(), |base| base.join(given));
        let parts: Vec<_> =
            given.iter().map(|part| part.to_string_lossy()).filter(|part| part != ".").collect();
        let shown = parts.join("/").replacen("//", "/", 1);
        let lock = Lock::read_as(&path, &shown);
        Self { shown, path, lock }
    }

    /// The files that were read: the lock, and those of texts.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let mut files = vec![self.path.clone()];
        files.extend(self.lock.iter().flat_map(Lock::files).map(|(path, _)| path));
        files
    }

    /// All that breaks what was released, and what could not be compared.
    pub(super) fn broken_by(&self, sources: &[Source]) -> Vec<Error> {
        match &self.lock {
            Ok(lock) => (0..sources.len()).flat_map(|at| self.broken_by_one(lock, sources, at)).collect(),
            Err(errors) => errors.iter().cloned().collect(),
        }
    }

    fn broken_by_one(&self, lock: &Lock, sources: &[Source], at: usize) -> Vec<Error> {
        let source = &sources[at];
        let subjects = lock.subjects_for(source);
        if subjects.is_empty() {
            let message = format!("{} knows no such subject: this was compared with nothing", self.shown);
            return vec![Error::new(message).in_file(&source.file.found.shown).help("run `ottla lock`")];
        }
        let findings = subjects.into_iter().flat_map(|subject| self.findings(lock, subject, sources, at));
        findings.map(|finding| error(&finding)).collect()
    }

    fn findings(&self, lock: &Lock, subject: &Subject, sources: &[Source], at: usize) -> Vec<Finding> {
        let baseline = format!("lock:{}", self.shown);
        let question = Question { subject: &subject.name, baseline: &baseline, level: subject.level };
        let compared = compare(sources, at, &lock.history(&subject.name), question);
        if compared.is_unchanged {
            // What it breaks was broken when it was released.
            return Vec::new();
        }
        merge(compared.findings, |_| &compared.versions)
    }
}

/// A finding, as an error of a build: what `ottla check` says of it.
fn error(finding: &Finding) -> Error {
    let mut error = Error::new(format!("{}: {}", finding.rule.id, finding.message));
    if let Some(Place { file, position, pointer, .. }) = &finding.place {
        error = error.in_file(file).at(*position, pointer);
    }
    let against = finding.baseline.iter().map(|baseline| format!("against {baseline}"));
    let level = finding.level.map(|level| level.name().to_owned());
    let what = against.chain(finding.version.clone()).chain(level).collect::<Vec<_>>().join(", ");
    error = error.note(format!("{} {what}", finding.subject.as_deref().unwrap_or_default()));
    for note in finding.consequence.iter() {
        error = error.note(note);
    }
    if let Some(old) = &finding.old {
        error = error.note(format!("- ({})  {old}", finding.version.as_deref().unwrap_or("before")));
    }
    if let Some(new) = &finding.new {
        error = error.note(format!("+ (this file)  {new}"));
    }
    if let Some(rollout) = finding.rollout {
        error = error.note(format!("rollout: {}", rollout.advice()));
    }
    match (&finding.fix, &finding.subject) {
        (Some(fix), _) => error.help(fix),
        (None, Some(subject)) => {
            error.help(format!("if it is wanted: ottla lock --accept-breaking {subject} --reason \"...\""))
        }
        (None, None) => error,
    }
}
